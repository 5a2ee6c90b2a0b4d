from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from numpy.typing import NDArray

from goodricke.clean import clean
from goodricke.errors import ModelError
from goodricke.lightcurves import LightCurves, concatenate
from goodricke.line import Model, batches, classify, load_model
from goodricke.line import seen as steps
from goodricke.line.embed import embed
from goodricke.models import Bundle
from goodricke.models.onnx_graph import OnnxGraph
from goodricke.output import write_table
from goodricke.period import find_periods
from goodricke.represent.features import features
from line import seer
from line.made import bad_stars, good_stars


@pytest.fixture(scope="module", params=["a graph", "beside trees"])
def model(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Model:
    return seer.model(tmp_path_factory.mktemp("models"), beside_trees=request.param == "beside trees")


@pytest.fixture(scope="module")
def stars() -> LightCurves:
    return good_stars()


@pytest.fixture(scope="module")
def found(model: Model, stars: LightCurves) -> pa.Table:
    return embed(stars, model)


def vectors(table: pa.Table) -> NDArray[np.float32]:
    whole = table["embedding"].combine_chunks()
    return np.asarray(whole.values.to_numpy(zero_copy_only=False).reshape(-1, whole.type.list_size))


def test_the_embedding_is_what_the_graph_gives_of_the_features(found: pa.Table, stars: LightCurves) -> None:
    cleaned = clean(stars)
    rows = features(cleaned, find_periods(cleaned), seer.NAMES).values
    np.testing.assert_allclose(vectors(found), seer.expected(rows), atol=1e-6)
    assert found["embedding"].type == pa.list_(pa.float32(), seer.WIDTH)


def test_all_else_is_as_classified(found: pa.Table, model: Model, stars: LightCurves) -> None:
    theirs = classify(stars, model).table
    assert found.column_names == [
        "object_id", "survey", "ra", "dec", "label", "probability", "period_days", "epoch", "epoch_max", "status",
        "reason", "embedding",
    ]  # fmt: skip
    assert found.drop_columns(["embedding"]).equals(theirs.select(found.column_names[:-1]))
    assert found.schema.metadata == theirs.schema.metadata
    assert found.schema.metadata[b"model"].decode() == model.name
    assert found.schema.metadata[b"model_sha256"].decode() == model.bundle.manifest["weights"]["sha256"]


@pytest.mark.parametrize("k", range(5))
def test_a_star_is_in_the_same_place_alone_and_among_others(
    k: int, found: pa.Table, model: Model, stars: LightCurves
) -> None:
    alone = embed(stars[k : k + 1], model)
    np.testing.assert_allclose(vectors(alone)[0], vectors(found)[k], atol=1e-5)
    assert alone.drop_columns(["embedding"]).equals(found.drop_columns(["embedding"]).slice(k, 1))


def test_the_same_in_any_order_and_in_any_batches(
    found: pa.Table, model: Model, stars: LightCurves, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = np.array([3, 0, 4, 2, 1])
    monkeypatch.setattr(batches, "_BATCH", 2)
    done: list[int] = []
    turned = embed(stars[order], model, on_stars=done.append)
    np.testing.assert_allclose(vectors(turned), vectors(found)[order], atol=1e-5)
    assert turned["object_id"].to_pylist() == [f"good {k}" for k in order]
    assert done == [2, 2, 1]


@pytest.mark.slow
def test_several_processes_give_the_same(
    found: pa.Table, model: Model, stars: LightCurves, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "_BATCH", 3)
    np.testing.assert_allclose(vectors(embed(stars, model, jobs=2)), vectors(found), atol=1e-5)


def test_the_line_is_walked_once(model: Model, stars: LightCurves, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[int] = []

    def counted(self: Model, lcs: LightCurves, periods: Any) -> Any:
        calls.append(len(lcs))
        return self.representation.make(lcs, periods, self.bundle.manifest["representation"])

    monkeypatch.setattr(Model, "inputs", counted)
    searched: list[int] = []
    real = steps.find_periods
    monkeypatch.setattr(steps, "find_periods", lambda lcs: searched.append(len(lcs)) or real(lcs))
    runs: list[int] = []
    run = OnnxGraph._run

    def counted_run(self: OnnxGraph, inputs: Any, names: Any) -> Any:
        runs.append(len(inputs["features"]))
        return run(self, inputs, names)

    monkeypatch.setattr(OnnxGraph, "_run", counted_run)
    embed(stars, model)
    assert calls == [5]
    assert searched == [0, 5]  # 0: the columns
    assert runs == [5]


@pytest.mark.parametrize("name", bad_stars())
def test_a_star_without_use_has_no_place(name: str, found: pa.Table, model: Model, stars: LightCurves) -> None:
    bad, why = bad_stars()[name]
    mixed = embed(concatenate([stars[:1], bad, stars[1:2]]), model)
    np.testing.assert_allclose(vectors(mixed)[[0, 2]], vectors(found)[:2], atol=1e-5)
    row = mixed.slice(1, 1).to_pylist()[0]
    assert (row["object_id"], row["status"], row["reason"], row["label"]) == (name, "failed", why, None)
    assert np.isnan(row["embedding"]).all()
    alone = embed(bad, model)
    assert alone.schema.equals(found.schema)
    assert vectors(alone).shape == (1, seer.WIDTH)
    assert np.isnan(vectors(alone)).all()


def test_a_star_that_breaks_a_step_fails_alone(
    found: pa.Table, model: Model, stars: LightCurves, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Bundle.outputs

    def outputs(self: Bundle, inputs: Any, names: Any) -> Any:
        if (np.abs(inputs["features"][:, 0] - odd) < 1e-6).any():
            raise ValueError("boom")
        return real(self, inputs, names)

    changed = replace(stars[2:3].keep_points(np.arange(90) < 80), object_id=np.array(["odd"]))
    odd = float(features(clean(changed), None, ("log_n",)).values[0, 0])
    monkeypatch.setattr(Bundle, "outputs", outputs)
    broken = embed(concatenate([stars[:2], changed, stars[3:]]), model)
    assert broken["reason"].to_pylist()[2] == "ValueError: boom; please report this star"
    assert np.isnan(vectors(broken)[2]).all()
    fine = [0, 1, 3, 4]
    np.testing.assert_allclose(vectors(broken)[fine], vectors(found)[fine], atol=1e-5)


def test_no_star_gives_no_row_but_the_same_columns(found: pa.Table, model: Model) -> None:
    none = embed(LightCurves.empty(), model)
    assert none.num_rows == 0
    assert none.schema.equals(found.schema)


def test_periods_that_are_known_are_taken(found: pa.Table, model: Model, stars: LightCurves) -> None:
    given = embed(stars, model, period_days=found["period_days"].to_numpy() * 2)
    np.testing.assert_allclose(given["period_days"].to_numpy(), 2 * found["period_days"].to_numpy())
    cleaned = clean(stars)
    rows = features(cleaned, find_periods(cleaned), seer.NAMES).values
    rows[:, 3] += np.float32(np.log10(2.0))  # nothing else depends on the period
    np.testing.assert_allclose(vectors(given), seer.expected(rows), atol=1e-5)


def test_through_a_file(found: pa.Table, tmp_path: Path) -> None:
    write_table(found, tmp_path / "stars.parquet")
    back = pq.read_table(tmp_path / "stars.parquet")
    assert back.equals(found)
    assert back.schema.metadata == found.schema.metadata
    assert back.schema.field("embedding").type == pa.list_(pa.float32(), seer.WIDTH)


def test_a_model_without_embedding_names_those_that_have(
    stars: LightCurves, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from models.made import saved

    folder = saved(
        tmp_path, "boosted_trees", calibration={"kind": "temperature", "n_classes": 2, "slope": [1.0]}
    ).folder
    monkeypatch.setattr("goodricke.models.shelf._shelves", lambda: [tmp_path])
    with pytest.raises(ModelError, match=r"the model small-1 gives no embedding; nor does any other .* train one"):
        embed(stars, str(folder))
    seer.bundle(tmp_path)
    (tmp_path / "torn-1").mkdir()
    (tmp_path / "torn-1" / "manifest.json").write_text("{")
    with pytest.raises(ModelError, match=r"the model small-1 gives no embedding; seer-1 does$"):
        embed(stars, str(folder))
    seer.bundle(tmp_path, "another")
    with pytest.raises(ModelError, match=r"another-1, seer-1 do$"):
        embed(stars, str(folder))


@pytest.mark.slow
def test_a_network_that_looks_at_folds(stars: LightCurves, tmp_path: Path) -> None:
    """The golden rule with all that a network of record sees of a star; its weights are random, and large."""
    torch = pytest.importorskip("torch")
    pytest.importorskip("onnx")
    from goodricke.networks.folds import Folds, FoldsSettings
    from goodricke.represent.table import representation
    from goodricke.train.export import save_bundle
    from goodricke.train.onnx_export import exported

    about = {"name": "folds", "names": list(seer.NAMES), "steps": 128}
    cleaned = clean(stars)
    inputs = representation("folds").make(cleaned, find_periods(cleaned), about)
    torch.manual_seed(0)
    network = Folds(3, FoldsSettings(features=len(seer.NAMES), hidden=24, embedding=16)).eval()
    network.strength_scores.learn(np.tile(inputs["strengths"].reshape(-1, 46), (2, 1)))
    network.feature_scores.learn(np.tile(inputs["features"], (10, 1)))
    for weight in network.parameters():
        weight.data *= 1.5
    manifest = {
        "name": "born", "version": "1", "family": "onnx", "classes": list(seer.CLASSES), "settings": {},
        "inputs": {name: {"shape": [None, *one.shape[1:]], "dtype": str(one.dtype)} for name, one in inputs.items()},
        "representation": about, "priors": dict.fromkeys(seer.CLASSES, 1 / 3),
        "calibration": {"kind": "temperature", "n_classes": 3, "slope": [1.0]},
    }  # fmt: skip
    folder = tmp_path / "born-1"
    save_bundle(folder, manifest, {"onnx": exported(network, inputs)}, "# card\n", inputs)
    model = load_model(folder)
    together = vectors(embed(stars, model))
    assert together.shape == (5, 24)
    assert np.ptp(together, axis=0).max() > 0.05  # the stars are told apart
    for k in range(5):
        np.testing.assert_allclose(vectors(embed(stars[k : k + 1], model))[0], together[k], atol=1e-5)


def test_the_model_that_ships(stars: LightCurves) -> None:
    """The golden rule for the network of record, where it ships."""
    model = load_model("variables")
    if "embedding" not in model.bundle.extras:
        pytest.skip(f"{model.name} has no network")
    together = vectors(embed(stars, model))
    assert np.isfinite(together).all()
    for k in range(len(stars)):
        np.testing.assert_allclose(vectors(embed(stars[k : k + 1], model))[0], together[k], atol=1e-5)
