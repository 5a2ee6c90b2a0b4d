from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from goodricke.errors import DataError, ModelError
from goodricke.lightcurves import LightCurves, concatenate
from goodricke.line import Model, batches, classify
from goodricke.line import seen as steps
from goodricke.output import write_table
from goodricke.output.reading_tables import read_table
from goodricke.predictions import Predictions
from line.made import bad_stars, good_stars, soft_model
from train.made import small_bundle

pytest.importorskip("sklearn", reason="the small bundle is trained here")

NAMES = [f"good {k}" for k in range(5)]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Model:
    return soft_model(small_bundle(tmp_path_factory))


@pytest.fixture(scope="module")
def stars() -> LightCurves:
    return good_stars()


@pytest.fixture(scope="module")
def found(model: Model, stars: LightCurves) -> Predictions:
    return classify(stars, model)


def assert_same_rows(one: Predictions, two: Predictions) -> None:
    assert one.table.schema.equals(two.table.schema)
    assert len(one) == len(two)
    for name in one.table.column_names:
        a, b = one.column(name), two.column(name)
        if a.dtype.kind == "f":
            np.testing.assert_allclose(a, b, rtol=1e-6, atol=1e-6, err_msg=name)  # the promise of the issue
        else:
            assert a.tolist() == b.tolist(), name


def some(found: Predictions, rows: list[int]) -> Predictions:
    return Predictions(found.table.take(np.array(rows, dtype=int)), found.classes)


def breaking(*names: str, error: type[Exception] = ValueError, calls: list[int] | None = None) -> Any:
    """A step that cannot digest some stars."""
    real = steps.clean

    def clean(lcs: LightCurves, *rest: Any) -> Any:
        if calls is not None:
            calls.append(len(lcs))
        if set(names) & set(lcs.object_id.tolist()):
            raise error("boom")
        return real(lcs, *rest)

    return clean


def test_the_classes_are_right_and_so_are_the_periods(found: Predictions) -> None:
    assert [row["object_id"] for row in found] == NAMES
    assert found.label[:4].tolist() == ["EA", "EW", "RRAB", "CONST"]
    assert (found.column("status")[:3] == "ok").all()
    # The small bundle's stars were searched with the chooser that ships: P, or half or twice of it.
    ratio = found.column("period_days")[:3] / np.array([2.1, 0.5, 0.6])
    assert np.abs(ratio[:, None] / np.array([0.5, 1.0, 2.0]) - 1).min(axis=1).max() < 1e-3
    np.testing.assert_allclose(found.probabilities.sum(axis=1), 1.0)
    np.testing.assert_allclose(found.column("probability"), found.probabilities.max(axis=1))


def test_rows_keep_the_order_of_the_stars(found: Predictions, model: Model, stars: LightCurves) -> None:
    order = [3, 0, 4, 2, 1]
    assert_same_rows(classify(stars[np.array(order)], model), some(found, order))


@pytest.mark.parametrize("k", range(5))
def test_a_star_is_the_same_alone_and_among_others(
    k: int, found: Predictions, model: Model, stars: LightCurves
) -> None:
    assert_same_rows(classify(stars[k : k + 1], model), some(found, [k]))


def test_no_star_gives_no_row_but_every_column(found: Predictions, model: Model, stars: LightCurves) -> None:
    for none in (stars[:0], LightCurves.empty()):
        empty = classify(none, model)
        assert len(empty) == 0
        assert empty.table.schema.equals(found.table.schema)
        assert empty.probabilities.shape == (0, 4)
    assert len(classify(stars[:0], model, period_days=np.empty(0), priors="estimate", purity=0.9)) == 0


@pytest.mark.parametrize("name", bad_stars())
def test_a_star_without_use_is_a_row_with_the_reason(
    name: str, found: Predictions, model: Model, stars: LightCurves
) -> None:
    bad, why = bad_stars()[name]
    mixed = classify(concatenate([stars[:1], bad, stars[1:2]]), model)
    assert_same_rows(some(mixed, [0, 2]), some(found, [0, 1]))
    row = mixed[1]
    assert (row["object_id"], row["status"], row["reason"]) == (name, "failed", why)
    assert row["label"] is row["probability"] is row["prediction_set"] is row["period_days"] is None
    assert all(row[column] is None for column in mixed.probability_columns)
    assert mixed.table.schema.equals(found.table.schema)
    alone = classify(bad, model)
    assert alone.table.schema.equals(found.table.schema)
    assert alone[0]["reason"] == why


@pytest.mark.parametrize("bad", [[0], [2], [4], [1, 3], [0, 1, 2, 3, 4]])
def test_a_star_that_breaks_a_step_fails_alone(
    bad: list[int], found: Predictions, model: Model, stars: LightCurves, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steps, "clean", breaking(*[NAMES[k] for k in bad]))
    broken = classify(stars, model)
    fine = [k for k in range(5) if k not in bad]
    assert_same_rows(some(broken, fine), some(found, fine))
    for k in bad:
        assert broken[k]["object_id"] == NAMES[k]
        assert (broken[k]["status"], broken[k]["label"], broken[k]["n_points"]) == ("failed", None, 90)
        assert broken[k]["reason"] == "ValueError: boom; please report this star"
    assert np.isnan(broken.probabilities[bad]).all()
    assert broken.table.schema.equals(found.table.schema)


def test_a_broken_batch_is_halved_until_the_star_stands_alone(
    model: Model, stars: LightCurves, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[int] = []
    monkeypatch.setattr(steps, "clean", breaking("good 4", calls=calls))
    classify(stars, model)
    assert calls == [0, 5, 2, 3, 1, 2, 1, 1]  # 0: the columns; then halves, the first half first


def test_a_mistake_of_ours_is_not_swallowed(model: Model, stars: LightCurves, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "clean", breaking("good 1", error=TypeError))
    with pytest.raises(TypeError, match="boom"):
        classify(stars, model)


@pytest.mark.parametrize("suffix", [".parquet", ".csv", ".ecsv", ".fits", ".xml"])
def test_a_table_of_failures_alone_can_be_written(
    suffix: str, model: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steps, "clean", breaking("few"))
    table = classify(bad_stars()["few"][0], model).table
    write_table(table, tmp_path / f"t{suffix}")
    row = read_table(tmp_path / f"t{suffix}").to_pylist()[0]
    assert (row["object_id"], row["status"]) == ("few", "failed")
    assert row["reason"] == "ValueError: boom; please report this star"


def test_batches_do_not_show(
    found: Predictions, model: Model, stars: LightCurves, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "_BATCH", 2)
    done: list[int] = []
    parts = classify(stars, model, on_stars=done.append)
    assert done == [2, 2, 1]
    assert_same_rows(parts, found)
    known = np.array([2.1, 0.5, np.nan, 1.0, 1.3])
    with_periods = classify(stars, model, period_days=known)
    monkeypatch.setattr(batches, "_BATCH", 250)
    assert_same_rows(with_periods, classify(stars, model, period_days=known))


@pytest.mark.slow
def test_several_processes_say_the_same(
    found: Predictions, model: Model, stars: LightCurves, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "_BATCH", 3)
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    done: list[int] = []
    assert_same_rows(classify(stars, model, jobs=2, on_stars=done.append), found)
    assert done == [3, 2]
    assert os.environ["OMP_NUM_THREADS"] == "3"


def test_periods_that_are_known_are_taken(found: Predictions, model: Model, stars: LightCurves) -> None:
    known = np.array([2.1, 0.5, 0.6, 1.0, 1.3])
    given = classify(stars, model, period_days=known)
    np.testing.assert_array_equal(given.column("period_days"), known)
    assert given.label[:3].tolist() == ["EA", "EW", "RRAB"]
    assert np.isnan(given.column("period_days_2")).all()  # nothing was searched
    assert np.isfinite(found.column("period_days_2")).any()
    one = classify(stars[:2], model, period_days=0.5)
    np.testing.assert_array_equal(one.column("period_days"), [0.5, 0.5])
    assert_same_rows(some(one, [1]), some(given, [1]))


@pytest.mark.parametrize(("days", "said"), [(np.nan, "nan"), (-1.0, "-1.0"), (0.0, "0.0"), (np.inf, "inf")])
def test_a_period_that_is_none_fails_its_star_only(days: float, said: str, model: Model, stars: LightCurves) -> None:
    rows = classify(stars[:2], model, period_days=[days, 0.5])
    assert rows[0]["status"] == "failed"
    assert rows[0]["reason"] == f"the period that was given is {said}; give a positive number of days"
    assert rows[1]["label"] == "EW"


@pytest.mark.parametrize("days", [[1.0, 2.0], [[1.0] * 5]])
def test_periods_of_other_stars_are_refused(days: Any, model: Model, stars: LightCurves) -> None:
    with pytest.raises(DataError, match=r"give one number, or one for each of the 5 stars"):
        classify(stars, model, period_days=days)


def test_models_by_name_and_folder(
    found: Predictions, stars: LightCurves, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle = small_bundle(tmp_path_factory)
    labels = found.label.tolist()
    assert classify(stars, str(bundle)).label.tolist()[:3] == labels[:3]
    monkeypatch.setenv("GOODRICKE_MODELS", str(bundle.parent))
    assert classify(stars, "small").label.tolist()[:3] == labels[:3]
    with pytest.raises(ModelError, match="no model is called 'smal'; did you mean small"):
        classify(stars, "smal")


def test_two_stars_of_one_name_are_two_rows(model: Model, stars: LightCurves) -> None:
    twins = replace(stars[:2], object_id=np.array(["twin", "twin"]))
    rows = classify(twins, model)
    assert rows.column("object_id").tolist() == ["twin", "twin"]
    assert rows.label.tolist() == ["EA", "EW"]


def test_the_model_that_ships_is_the_default(stars: LightCurves) -> None:
    rows = classify(stars)
    assert rows[0]["model"].startswith("variables-")
    # Stars drawn with a ruler: what is certain of them is the narrow eclipse, the noise, and that one is a pulsator.
    assert (rows[0]["label"], rows[3]["label"]) == ("EA", "CONST")
    assert min(rows[0]["probability"], rows[3]["probability"]) > 0.9
    assert "RRAB" in rows[2]["prediction_set"].split()
    assert rows[4]["prob_EA"] + rows[4]["prob_EB"] + rows[4]["prob_EW"] > 0.8
