from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest

from goodricke.clean import clean
from goodricke.errors import OptionError
from goodricke.lightcurves import LightCurves, concatenate
from goodricke.line import Model, batches, classify, load_model
from goodricke.line import seen as steps
from goodricke.line.batches import classify_keeping_periods
from goodricke.line.explain import explain
from goodricke.line.searched import columns_of, rows_of
from goodricke.period import Periods, find_periods, given_periods, periods
from line.made import bad_stars, good_stars


@pytest.fixture(scope="module")
def model() -> Model:
    return load_model("variables")


@pytest.fixture(scope="module")
def stars() -> LightCurves:
    return concatenate([good_stars()[:2], bad_stars()["few"][0], good_stars()[2:3]])


def assert_same(one: Periods, two: Periods) -> None:
    theirs = columns_of(two)
    assert len(theirs) == len(fields(Periods)) - 1 + len(fields(type(two.minima)))
    for name, column in columns_of(one).items():
        np.testing.assert_array_equal(column, theirs[name], err_msg=name)
        assert column.dtype.kind == theirs[name].dtype.kind, name


@pytest.mark.parametrize("batch", [250, 2])
def test_they_are_those_that_were_found(
    batch: int, model: Model, stars: LightCurves, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "_BATCH", batch)
    found, kept = classify_keeping_periods(stars, model)
    assert_same(kept, find_periods(clean(stars)))
    assert found.table.equals(classify(stars, model).table)


def test_and_those_that_were_given(model: Model, stars: LightCurves) -> None:
    days = np.array([2.1, np.nan, 1.0, 0.6])
    assert_same(
        classify_keeping_periods(stars, model, period_days=days)[1], given_periods(clean(stars), days)
    )  # fmt: skip


@pytest.mark.parametrize("breaks", [["good 1"], ["good 0", "good 1", "few", "good 2"]])
def test_a_star_that_breaks_a_step_has_none(
    breaks: list[str], model: Model, stars: LightCurves, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = steps.clean

    def broken(lcs: LightCurves, *rest: Any) -> LightCurves:
        if set(breaks) & set(lcs.object_id.tolist()):
            raise ValueError("boom")
        return real(lcs, *rest)

    monkeypatch.setattr(steps, "clean", broken)
    kept = classify_keeping_periods(stars, model)[1]
    assert kept.object_id.tolist() == stars.object_id.tolist()
    for k, name in enumerate(stars.object_id):
        if name in breaks:
            assert (kept.status[k], kept.reason[k]) == ("failed", "ValueError: boom; please report this star")
            assert np.isnan(kept.period[k]).all()
            assert np.isnan(kept.strengths[k]).all()
    fine = np.flatnonzero(~np.isin(stars.object_id, breaks))
    assert_same(rows_of(kept, fine), rows_of(find_periods(clean(stars)), fine))


def test_rows_are_chosen_some_of_them_twice(stars: LightCurves) -> None:
    whole = find_periods(clean(stars))
    assert_same(rows_of(whole, np.array([3, 0, 3])), find_periods(clean(stars[np.array([3, 0, 3])])))


def test_with_them_nothing_is_searched_to_explain(
    model: Model, stars: LightCurves, monkeypatch: pytest.MonkeyPatch
) -> None:
    apart = explain(stars, model)
    found, kept = classify_keeping_periods(stars, model)

    def refused(*_: object) -> object:
        raise AssertionError("the periods are searched again")

    monkeypatch.setattr(periods, "search", refused)
    for given in (kept, replace(kept, status=np.where(kept.object_id == "good 0", "failed", kept.status))):
        told = explain(stars, model, periods=given, label=found.label.tolist())
        for k, (one, other) in enumerate(zip(told, apart, strict=True)):
            if given.status[k] == "ok":
                np.testing.assert_array_equal(one.share, other.share)
                assert one.sentence == other.sentence != ""
            else:
                assert (one.label, one.reason) == ("", given.reason[k])


def test_periods_of_other_stars_are_refused(model: Model, stars: LightCurves) -> None:
    kept = find_periods(clean(stars))
    for other in (kept[:2], rows_of(kept, np.array([1, 0, 2, 3]))):
        with pytest.raises(OptionError, match=rf"periods of {len(other)} stars for 4 others, or in another order"):
            explain(stars, model, periods=other)
