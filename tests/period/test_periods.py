from __future__ import annotations

import numpy as np
import pytest

import goodricke as gr
from goodricke.examples import path as example
from goodricke.period import find_periods
from goodricke.period.candidates import FEATURES
from goodricke.period.choice import chooser
from goodricke.period.periods import given_periods, levelled, unsearched
from goodricke.period.search import MOST_TRIED, candidates
from period import made


@pytest.mark.parametrize(
    ("kind", "period"), [("EA", 2.7183), ("EA", 5.4461), ("EB", 1.3571), ("EW", 0.38712), ("RRAB", 0.56731)]
)
def test_made_stars_get_their_true_periods(kind: str, period: float) -> None:
    right = [find_periods(made.star(kind, period, seed)).period[0, 0] for seed in range(5)]
    # One of five may go to a relative: these are crude stars, unlike those that the chooser learned from.
    assert np.sum(np.abs(np.array(right) / period - 1) < 1e-3) >= 4


def test_epochs_are_those_of_minimum_and_maximum() -> None:
    lcs = made.star("EA", 2.7183)
    found = find_periods(lcs)
    assert found.period[0, 0] == pytest.approx(2.7183, rel=1e-4)
    # Primary minimum is at time 0; half a bin of 60 is 0.008 in phase.
    phase = (found.epoch[0] / 2.7183 + 0.5) % 1.0 - 0.5
    assert abs(phase) < 0.01
    assert lcs.time[0] < found.epoch[0] < lcs.time[-1]
    rr = find_periods(made.star("RRAB", 0.56731))
    assert abs((rr.epoch_max[0] / 0.56731 + 0.5) % 1.0 - 0.5) < 0.05


def test_a_few_cycles_of_space_photometry_give_a_sharp_period() -> None:
    lcs = gr.read(example("tess*.fits"))
    # Made with a period of 5.60871 d, seen over ten cycles; a tenth of the exposure over that span is 4e-5.
    assert find_periods(lcs).period[0, 0] == pytest.approx(5.60871, rel=2e-4)


def test_bands_are_searched_together() -> None:
    one = made.star("EW", 0.38712)
    half = np.arange(one.n_points) % 2 == 0
    two = gr.LightCurves.from_arrays(
        one.time, flux=np.where(half, one.flux, 7.0 * one.flux), err=np.where(half, one.flux_err, 7.0 * one.flux_err),
        band=np.where(half, "g", "r"),
    )  # fmt: skip
    assert find_periods(two).period[0, 0] == pytest.approx(find_periods(one).period[0, 0], rel=1e-4)


def test_stars_without_a_period_are_rows_with_a_reason() -> None:
    few = gr.LightCurves.from_arrays([1.0, 2.0, 3.0], flux=[1.0, 2.0, 1.0], err=[0.1] * 3, object_id="few")
    same = gr.LightCurves.from_arrays(np.ones(30), flux=np.arange(30.0), err=np.ones(30), object_id="same")
    flat = gr.LightCurves.from_arrays(np.arange(30.0), flux=np.ones(30), err=np.ones(30), object_id="flat")
    found = find_periods(gr.concatenate([few, same, flat, made.star("EW", 0.38712)]))
    assert found.status.tolist() == ["failed", "failed", "failed", "ok"]
    assert "3 points are too few" in found.reason[0]
    assert "same time" in found.reason[1]
    assert "same flux" in found.reason[2]
    assert np.isnan(found.period[:3]).all()
    table = found.to_arrow()
    assert table.column("period_days").null_count == 3
    assert table.num_rows == 4


def test_noise_has_a_high_false_alarm_and_a_star_a_low_one() -> None:
    assert find_periods(made.star("CONST", 1.0)).false_alarm[0] > 1e-3
    assert find_periods(made.star("EW", 0.38712)).false_alarm[0] < 1e-10


# What models look at besides the period ------------------------------------------------------------------------------


def test_candidates_stand_beside_the_periods_likeliest_first() -> None:
    lcs = gr.concatenate([made.star("EA", 2.7183), made.star("EW", 0.38712, n=40), made.star("RRAB", 0.56731)])
    found = find_periods(lcs)
    assert found.tried.shape == (3, MOST_TRIED)
    assert found.strengths.shape == (3, MOST_TRIED, 1 + len(FEATURES))
    known = np.isfinite(found.tried)
    assert known.all(axis=0)[:2].all()
    # The alternatives of the table are the first of them.
    n = found.period.shape[1]
    both = np.isfinite(found.period) & known[:, :n]
    np.testing.assert_allclose((1.0 / found.period)[both], found.tried[:, :n][both], rtol=1e-12)
    assert both.sum() == np.isfinite(found.period).sum()
    odds = found.strengths[:, :, 0]
    assert (np.diff(odds, axis=1)[known[:, 1:]] <= 0).all()
    assert np.isnan(found.strengths[~known]).all()
    assert np.isfinite(odds[known]).all()  # of others something may be unknown


def test_strengths_are_the_numbers_of_the_candidate() -> None:
    lcs = made.star("EB", 1.3571)
    found = find_periods(lcs)
    looked = candidates(lcs.time, levelled(lcs), lcs.flux_err.astype(float)).candidates
    odds = chooser().log_odds(looked.features)
    for k in range(1, MOST_TRIED):  # the first is sharpened
        (row,) = np.flatnonzero(looked.frequency == found.tried[0, k])
        np.testing.assert_allclose(found.strengths[0, k, 0], odds[row], rtol=1e-6)
        np.testing.assert_allclose(found.strengths[0, k, 1:], looked.features[row], rtol=1e-6)
    log_period = found.strengths[0, 0, 1 + FEATURES.index("log_period")]
    assert log_period == pytest.approx(np.log10(found.period[0, 0]), abs=1e-3)


def test_a_given_period_is_the_only_candidate_and_nothing_is_known_of_it() -> None:
    found = given_periods(gr.concatenate([made.star("EA", 2.7183)] * 2), np.array([2.7183, np.nan]))
    assert found.tried[0, 0] == 1.0 / 2.7183
    assert np.isnan(found.tried[0, 1:]).all()
    assert np.isnan(found.tried[1]).all()
    assert np.isnan(found.strengths).all()


def test_some_of_the_stars() -> None:
    found = find_periods(gr.concatenate([made.star("EA", 2.7183), made.star("EW", 0.38712)]))
    np.testing.assert_array_equal(found[1:].tried, found.tried[1:])
    np.testing.assert_array_equal(found[1:].strengths, found.strengths[1:])
    assert "tried" not in found.to_arrow().column_names


def test_stars_that_nobody_searched() -> None:
    few = gr.LightCurves.from_arrays([1.0, 2.0, 3.0], flux=[1.0, 2.0, 1.0], err=[0.1] * 3, object_id="few")
    flat = gr.LightCurves.from_arrays(np.arange(30.0), flux=np.ones(30), err=np.ones(30), object_id="flat")
    lcs = gr.concatenate([few, made.star("EA", 2.7183), flat])
    found, searched = unsearched(lcs), find_periods(lcs)
    assert found.status.tolist() == searched.status.tolist() == ["failed", "ok", "failed"]
    assert found.reason.tolist() == searched.reason.tolist()
    for column in (found.period, found.probability, found.epoch, found.power, found.false_alarm, found.tried):
        assert np.isnan(column).all()
    assert np.isnan(found.strengths).all()
    assert found.to_arrow().column("period_days").null_count == 3
