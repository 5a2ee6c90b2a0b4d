"""The bytes of a bundle, what goes into its manifest, and its card."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from goodricke.errors import DataError, ModelError, OptionError, WriteError
from goodricke.models import FAMILIES, load_bundle
from goodricke.train.export import card_text, save_bundle
from models.made import features, made, manifest, saved


@pytest.mark.parametrize("family", FAMILIES)
def test_same_model_same_bytes_whatever_the_order_of_the_arrays(tmp_path: Path, family: str) -> None:
    saved(tmp_path / "a", family)
    arrays = dict(reversed(made(family)[0].items()))
    place = tmp_path / "b" / "small-1"
    save_bundle(place, manifest(family), arrays, "# card\n", {"features": features(4)})
    files = sorted(path.name for path in place.iterdir())
    assert files == sorted(["manifest.json", "card.md", "model.onnx" if family == "onnx" else "arrays.npz"])
    for name in files:
        assert (place / name).read_bytes() == (tmp_path / "a" / "small-1" / name).read_bytes()


def test_numpy_reads_the_arrays(tmp_path: Path) -> None:
    saved(tmp_path, "knn")
    with np.load(tmp_path / "small-1" / "arrays.npz", allow_pickle=False) as found:
        for name, array in made("knn")[0].items():
            np.testing.assert_array_equal(found[name], array)
            assert found[name].dtype == array.dtype


def test_big_endian_and_fortran_arrays_are_written_plainly(tmp_path: Path) -> None:
    arrays = made("mlp")[0]
    arrays["weight0"] = np.asfortranarray(arrays["weight0"].astype(">f8"))
    bundle = save_bundle(tmp_path / "small-1", manifest("mlp"), arrays, "card", {"features": features(4)})
    assert bundle.arrays["weight0"].dtype == np.dtype("<f8")
    np.testing.assert_array_equal(bundle.arrays["weight0"], arrays["weight0"])


def test_what_is_filled_in(tmp_path: Path) -> None:
    bundle = saved(tmp_path, "naive_bayes", metrics={"f1": np.float64(0.5), "counts": np.array([1, 2])})
    content = (bundle.folder / "arrays.npz").read_bytes()
    found = bundle.manifest
    assert found["format"] == 1
    assert found["weights"] == {
        "file": "arrays.npz", "sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)
    }  # fmt: skip
    assert None in np.array(found["golden"]["inputs"]["features"], dtype=object).ravel()
    assert found["metrics"] == {"f1": 0.5, "counts": [1, 2]}
    lines = (bundle.folder / "manifest.json").read_text().splitlines()
    assert '    "f1": 0.5,' in lines


def test_arrays_beside_the_model_are_kept(tmp_path: Path) -> None:
    arrays = {**made("boosted_trees")[0], "novelty.mean": np.arange(3.0)}
    bundle = save_bundle(tmp_path / "small-1", manifest("boosted_trees"), arrays, "card", {"features": features(2)})
    assert bundle.arrays["novelty.mean"].tolist() == [0, 1, 2]


def test_a_network_with_arrays_beside_it_goes_into_one_file(tmp_path: Path) -> None:
    arrays = {**made("onnx")[0], "novelty.mean": np.arange(3.0)}
    bundle = save_bundle(tmp_path / "small-1", manifest("onnx"), arrays, "card", {"features": features(2)})
    assert bundle.manifest["weights"]["file"] == "arrays.npz"
    again = load_bundle(bundle.folder).logits({"features": features(2)})
    np.testing.assert_allclose(again, bundle.manifest["golden"]["logits"], rtol=1e-5)


@pytest.mark.parametrize(
    ("changes", "kind", "words"),
    [
        ({"name": "other"}, OptionError, "folder 'small-1' must be called other-1"),
        ({"classes": ["EA"]}, ModelError, "manifest key 'classes'"),
        ({"family": "mlp"}, ModelError, "no array 'scaling.knots'"),
        ({"metrics": {"f1": float("nan")}}, DataError, "manifest key 'metrics' cannot be written as JSON .*use null"),
        ({"metrics": {"f1": {1, 2}}}, DataError, "set has no JSON"),
    ],
)
def test_refused(tmp_path: Path, changes: dict[str, Any], kind: type[Exception], words: str) -> None:
    about, arrays = {**manifest("boosted_trees"), **changes}, made("boosted_trees")[0]
    with pytest.raises(kind, match=words):
        save_bundle(tmp_path / "small-1", about, arrays, "card", {"features": features(4)})
    assert not (tmp_path / "small-1").exists(), "nothing is written before all is checked"


def test_arrays_of_text_and_folders_that_cannot_be_made(tmp_path: Path) -> None:
    arrays = made("boosted_trees")[0]
    with pytest.raises(DataError, match="array 'names' is <U1; only numbers"):
        save_bundle(
            tmp_path / "small-1", manifest("boosted_trees"), {**arrays, "names": np.array(["a"])}, "card",
            {"features": features(4)},
        )  # fmt: skip
    (tmp_path / "file").write_text("")
    with pytest.raises(WriteError, match="cannot be made"):
        save_bundle(
            tmp_path / "file" / "small-1", manifest("boosted_trees"), arrays, "card", {"features": features(4)}
        )  # fmt: skip


def test_card() -> None:
    about = manifest(
        "mlp", description="What it is for.", command="goodricke train small.toml", split="by star, 5 folds",
        data=[{"name": "asas", "sha256": "abc", "stars": {"EA": 10, "EW": 20}}, {"name": "crts", "note": None}],
        metrics={"accuracy": {"value": 0.9, "low": 0.85, "high": 0.95}, "stars": 12345,
                 "EA": {"f1": {"value": 0.5, "low": 0.4, "high": 0.6}, "recall": 0.25}, "EW": {"f1": 0.75},
                 },
        calibration={"before": {"ece": {"value": 0.0412}}, "after": {"deep": {"er": {"x": 1e-7}}}},
        importance=[{"group": "a|b", "loss": 1.5}, {"group": "c", "loss": -0.25}],
        limits=["Few points.", "Blends."], thresholds={"levels": [0.5, 0.9], "long": list(range(9))},
    )  # fmt: skip
    text = card_text(about)
    for line in (
        "# small 1", "What it is for.", "It sees 3 features: a, b, c.", "- EA: 0.250", "by star, 5 folds",
        "| name | sha256 | stars | note |", "|---|---|---|---|", "| asas | abc | EA 10, EW 20 |  |",
        "| crts |  |  | unknown |", "- accuracy: 0.900 (0.850 to 0.950)", "- stars: 12345", "| | f1 | recall |",
        "| EA | 0.500 (0.400 to 0.600) | 0.250 |", "| EW | 0.750 |  |", "| a\\|b | 1.500 |", "- Few points.",
        "goodricke train small.toml", "### after", "#### deep", "| er | 1e-07 |", "- levels: 0.500, 0.900", "### long",
        "- 8",
    ):  # fmt: skip
        assert line in text.splitlines(), line
