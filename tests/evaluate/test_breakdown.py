from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from evaluate.made import answers
from goodricke.evaluate.breakdown import FEWEST, break_down, quantile_bins
from goodricke.evaluate.confusion import confusion_scorer


@pytest.mark.parametrize(("n", "bins"), [(6000, 6), (185, 6), (100, 3), (59, 1), (5, 1)])
def test_bins_are_even_and_never_too_small(n: int, bins: int) -> None:
    code = quantile_bins(np.random.default_rng(0).random(n))
    counts = np.bincount(code)
    assert len(counts) == bins
    assert counts.min() >= min(FEWEST, n)
    assert counts.max() - counts.min() <= max(0.1 * n, 1)


def test_bins_are_ordered_and_equal_values_stay_together() -> None:
    values = np.r_[np.full(500, 1.0), np.arange(2, 102), np.full(7, np.nan)]
    code = quantile_bins(values)
    assert (code[-7:] == -1).all()
    assert len(set(code[:500].tolist())) == 1
    order = np.argsort(values[:600])
    assert (np.diff(code[:600][order]) >= 0).all()
    assert np.bincount(code[:600]).min() >= FEWEST


def test_a_bin_is_scored_as_its_stars_alone() -> None:
    said = answers(1000)
    said = replace(said, status=np.where(np.arange(1000) < 100, "abstained", "ok"))
    values = np.random.default_rng(1).normal(size=1000)
    values[:50] = np.nan
    found = break_down({"m": said}, {"mag": values}, 200, 0)["m"]["mag"]
    assert found["unknown"] == 50
    assert sum(row["n"] for row in found["bins"]) == 950
    for row in found["bins"]:
        here = (values >= row["low"]) & (values <= row["high"])
        assert row["n"] == here.sum()
        alone = confusion_scorer(said.take(here))(np.ones((1, row["n"])))
        for name in ("accuracy", "balanced_accuracy", "macro_f1"):
            assert row[name]["value"] == pytest.approx(alone[name][0])
        assert row["decided"] == pytest.approx((said.status[here] == "ok").mean())
        assert row["median"] == pytest.approx(np.median(values[here]))
        # 1.96 standard errors of a share; 200 draws know the ends of an interval to some 10%.
        half = (row["accuracy"]["high"] - row["accuracy"]["low"]) / 2
        p = row["accuracy"]["value"]
        assert half == pytest.approx(1.96 * np.sqrt(p * (1 - p) / row["n"]), rel=0.35)


def test_a_property_that_no_star_has_is_left_out() -> None:
    assert break_down({"m": answers(50)}, {"snr": np.full(50, np.nan)}, 10, 0) == {"m": {}}
