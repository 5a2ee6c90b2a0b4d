from __future__ import annotations

import numpy as np
import pytest

import goodricke as gr
from goodricke.examples import path as example
from goodricke.period import find_periods
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
