"""Graphs written byte by byte: the answer, and what does not fit the manifest."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from goodricke.errors import DataError, ModelError
from goodricke.models import load_bundle, onnx_graph
from goodricke.models.onnx_graph import OnnxGraph
from goodricke.models.predictor import Signature
from goodricke.train.export import save_bundle
from models.made import LONG, SIGNATURE, features, graph, long_graph, manifest, saved, sequences

WEIGHT = np.random.default_rng(0).normal(size=(3, 2)).astype(np.float32)


def test_a_product_of_matrices() -> None:
    rows = features(50)
    found = OnnxGraph.from_arrays({"onnx": graph(WEIGHT)}, SIGNATURE).logits({"features": rows})
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, np.nan_to_num(rows) @ WEIGHT, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"given": "x"}, "takes the inputs x; the manifest names features"),
        ({"gives": "y"}, "gives y; one output 'logits' is wanted"),
        ({"stars": 1}, r"of shape \[1, 3\]; the manifest wants tensor\(float\) of shape \[None, 3\], any number"),
        ({"operator": "Nothing"}, "refused by ONNX Runtime"),
        ({"kind": 11}, "refused by ONNX Runtime"),
        ({"n_in": 5}, "refused by ONNX Runtime"),
    ],
)
def test_a_graph_that_does_not_fit(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(ModelError, match=words):
        OnnxGraph.from_arrays({"onnx": graph(WEIGHT, **changes)}, SIGNATURE)


def test_another_number_of_classes() -> None:
    with pytest.raises(ModelError, match=r"output 'logits' of the graph .* wants tensor\(float\) of shape \[None, 3\]"):
        OnnxGraph.from_arrays({"onnx": graph(WEIGHT)}, Signature(3, SIGNATURE.inputs))


def test_a_graph_that_fails_while_it_runs() -> None:
    model = OnnxGraph.from_arrays({"onnx": graph(WEIGHT, n_in="K")}, SIGNATURE)
    with pytest.raises(ModelError, match="cannot be run"):
        model.logits({"features": np.zeros((2, 4), np.float32)})


def test_files_outside_the_bundle_are_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    WEIGHT.tofile("outside.bin")
    for place in ("outside.bin", str(tmp_path / "outside.bin"), "../outside.bin"):
        with pytest.raises(ModelError, match="lies in another file"):
            OnnxGraph.from_arrays({"onnx": graph(WEIGHT, outside=place)}, SIGNATURE)


@pytest.mark.parametrize("threads", [0, "two", True, 2000])
def test_threads(threads: object) -> None:
    with pytest.raises(ModelError, match="threads"):
        OnnxGraph.from_arrays({"onnx": graph(WEIGHT)}, Signature(2, SIGNATURE.inputs, {"threads": threads}))


@pytest.mark.parametrize("content", [b"", b"abc", bytes(1000)])
def test_bytes_that_are_no_graph(content: bytes, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ModelError, match=r"refused by ONNX Runtime|not an ONNX file"):
        OnnxGraph.from_arrays({"onnx": np.frombuffer(content, np.uint8)}, SIGNATURE)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("place", [b"features", b"logits", b"N"])
def test_a_name_that_is_no_text(place: bytes, capfd: pytest.CaptureFixture[str]) -> None:
    content = graph(WEIGHT).tobytes().replace(place, b"\xee" * len(place))
    with pytest.raises(ModelError):
        OnnxGraph.from_arrays({"onnx": np.frombuffer(content, np.uint8)}, SIGNATURE)
    assert capfd.readouterr() == ("", "")


# Sequences, pieces, and what is given besides logits ------------------------------------------------------------------


@pytest.fixture
def piece(monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(onnx_graph, "_PIECE", 16)
    return 16


def long(*more: str) -> OnnxGraph:
    return OnnxGraph.from_arrays({"onnx": long_graph(*more)}, Signature(2, LONG))


def test_stars_come_back_in_their_order(piece: int) -> None:
    given = sequences(100)
    total = given["sequence"].sum(axis=1)
    wanted = np.stack([total[:, 0] + total[:, 2], total[:, 1] - total[:, 2]], axis=1)
    np.testing.assert_allclose(long().logits(given), wanted, atol=1e-4)


def test_a_short_star_does_not_pay_for_a_long_one(piece: int) -> None:
    given = sequences(100)
    steps = long("embedding").outputs(given, ("embedding",))["embedding"][:, 0]
    rank = np.argsort(np.argsort(given["lengths"], kind="stable"))
    for k in range(-(-100 // piece)):
        here = rank // piece == k
        # Every piece has as many steps as its longest star.
        assert set(steps[here].tolist()) == {float(given["lengths"][here].max())}
    assert steps.sum() < 0.65 * 100 * given["sequence"].shape[1]


def test_stars_of_one_size_are_run_in_pieces_too(piece: int) -> None:
    rows = features(50)
    found = OnnxGraph.from_arrays({"onnx": graph(WEIGHT)}, SIGNATURE).logits({"features": rows})
    np.testing.assert_allclose(found, np.nan_to_num(rows) @ WEIGHT, rtol=1e-5, atol=1e-6)


def test_no_star_has_a_step() -> None:
    given = {"sequence": np.zeros((3, 5, 3), dtype=np.float32), "lengths": np.zeros(3, dtype=np.int64)}
    assert not long().logits(given).any()


def test_extras_are_told_and_given() -> None:
    assert long().extras == ()
    model = long("attention", "embedding")
    assert model.extras == ("embedding", "attention")
    given = sequences(20)
    found = model.outputs(given, ("attention",))
    assert set(found) == {"attention"}
    np.testing.assert_allclose(found["attention"], given["sequence"][:, 0], atol=1e-6)
    both = model.outputs(given, ("attention", "logits"))
    np.testing.assert_array_equal(both["logits"], model.logits(given))
    np.testing.assert_array_equal(both["attention"], found["attention"])


def test_of_no_star_every_output_has_its_columns() -> None:
    none = {name: array[:0] for name, array in sequences(3).items()}
    found = long("attention", "embedding").outputs(none, ("logits", "attention", "embedding"))
    assert {name: array.shape for name, array in found.items()} == {
        "logits": (0, 2), "attention": (0, 3), "embedding": (0, 2),
    }  # fmt: skip
    assert {array.dtype for array in found.values()} == {np.dtype(np.float32)}
    unknown = replace(long("embedding"), widths={}).outputs(none, ("embedding",))
    assert unknown["embedding"].shape == (0, 0)


def test_extras_that_no_bundle_may_have() -> None:
    with pytest.raises(ModelError, match="gives logits, strange; one output 'logits' is wanted"):
        long("strange")
    with pytest.raises(ModelError, match=r"output 'morphology' of the graph .* of shape \[None, None\]"):
        long("morphology")


def test_a_bundle_gives_extras_by_name(tmp_path: Path) -> None:
    about = manifest("onnx", inputs={n: {"shape": list(t.shape), "dtype": t.dtype} for n, t in LONG.items()})
    given = sequences(20)
    arrays = {"onnx": long_graph("embedding")}
    bundle = save_bundle(tmp_path / "small-1", about, arrays, "# card\n", sequences(4))
    assert bundle.extras == ("embedding",)
    assert bundle.outputs(given, ["embedding"])["embedding"].shape == (20, 2)
    np.testing.assert_array_equal(bundle.outputs(given, ["logits", "embedding"])["logits"], bundle.logits(given))
    none = bundle.outputs({name: array[:0] for name, array in given.items()}, ["logits", "embedding"])
    assert {name: array.shape for name, array in none.items()} == {"logits": (0, 2), "embedding": (0, 2)}
    with pytest.raises(DataError, match="the model small gives no attention; it gives embedding"):
        bundle.outputs(given, ["embedding", "attention"])
    with pytest.raises(DataError, match="takes the inputs lengths, sequence; given: sequence"):
        bundle.outputs({"sequence": given["sequence"]}, ["embedding"])
    with pytest.raises(DataError, match="the model small gives no embedding; it gives logits alone"):
        saved(tmp_path / "trees", "boosted_trees").outputs({"features": features(3)}, ["embedding"])
    trees = load_bundle(tmp_path / "trees" / "small-1")
    for n in (3, 0):
        found = trees.outputs({"features": features(n)}, ["logits"])["logits"]
        np.testing.assert_array_equal(found, trees.logits({"features": features(n)}))
