"""Spotted stars: rotation, colour, life and drift of their groups."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("numba")

from goodricke.simulate.kinds.brightness import surface_ratio
from goodricke.simulate.kinds.spot_groups import covered_light, spotted_light
from goodricke.simulate.stars import Columns, Moments


def star(**changes: float) -> Columns:
    made: dict[str, float] = {
        "epoch": 100.0, "period_days": 3.0, "temperature": 5000.0, "spot_temperature": 3800.0, "inclination_deg": 70.0,
        "spot_radius_deg": 30.0, "spot_cover": 0.5, "spot_life_days": np.inf, "shear": 0.0,
    }  # fmt: skip
    return {"seed": np.array([11]), **{k: np.array([v]) for k, v in {**made, **changes}.items()}}


def at(*times: float) -> Moments:
    return Moments(np.array(times), np.array([0, len(times)]))


def test_spots_that_stay_repeat_with_the_period() -> None:
    phases = np.linspace(0, 1, 30, endpoint=False) * 3.0
    first = spotted_light(star(), at(*(100.0 + phases)), "V")
    later = spotted_light(star(), at(*(100.0 + 900.0 + phases)), "V")
    np.testing.assert_allclose(first, later, atol=1e-12)
    assert np.ptp(first) > 0.01


def test_the_first_group_is_in_front_at_the_epoch() -> None:
    steps = np.linspace(-1.5, 1.5, 301)
    for seed in range(20):
        made = {**star(), "seed": np.array([seed])}
        # Only the first group: others would draw the minimum to themselves.
        alone = covered_light({**made, "inclination_deg": np.array([90.0])}, at(*(100.0 + steps)), "V")
        rest = alone - alone[::-1]
        assert alone[150] >= 0.6 * alone.max()
        assert np.isfinite(rest).all()


def test_the_loss_in_two_bands_goes_as_their_contrast() -> None:
    times = at(*np.linspace(100, 103, 40))
    lost = {b: 1.0 - spotted_light(star(temperature=5000.0), times, b) for b in ("V", "I")}
    expected = (1 - float(surface_ratio(3800.0, 5000.0, "V"))) / (1 - float(surface_ratio(3800.0, 5000.0, "I")))
    # Limb darkening differs between the bands: within 10%.
    assert lost["V"].sum() / lost["I"].sum() == pytest.approx(expected, rel=0.1)
    assert lost["V"].sum() > lost["I"].sum()


def test_hot_spots_brighten() -> None:
    assert (spotted_light(star(spot_temperature=5500.0), at(*np.linspace(100, 103, 20)), "V") >= 1.0).all()


def test_groups_fade_and_come_back_elsewhere() -> None:
    made = star(spot_life_days=200.0)
    turns = np.linspace(0, 3, 30, endpoint=False)
    swing = [np.ptp(spotted_light(made, at(*(100.0 + t + turns)), "V")) for t in np.arange(0, 4000, 50)]
    assert max(swing) > 3 * min(swing)
    folded = [spotted_light(made, at(*(100.0 + t + turns)), "V") for t in (0.0, 600.0, 1200.0)]
    assert np.abs(folded[0] - folded[1]).max() > 0.005


def test_a_group_of_half_a_life_is_gone() -> None:
    # Group 0 alone (the seed's others cannot be switched off): at the end of its life its share is nothing.
    made = star(spot_life_days=400.0)
    middle = covered_light(made, at(100.0), "V")[0]
    end = covered_light(made, at(100.0 + 199.99), "V")[0]
    # The other two groups are at most 0.6 of the first each.
    assert end <= middle * 0.6 * 2 + 1e-3


def test_shear_lets_the_phase_slip() -> None:
    turns = np.linspace(0, 3, 60, endpoint=False)

    def slip(shear: float) -> float:
        made = star(spot_life_days=1e5, shear=shear)
        first, later = (covered_light(made, at(*(100.0 + t + turns)), "V") for t in (0.0, 3.0 * 200))
        return float(np.abs(first - later).max() / first.max())

    assert slip(0.0) < 0.02
    assert slip(0.05) > 0.05


def test_flux_stays_positive_for_spots_that_overlap() -> None:
    made = star(spot_radius_deg=85.0, spot_cover=1.0, spot_temperature=1000.0)
    assert spotted_light(made, at(*np.linspace(100, 103, 50)), "B").min() >= 0.05


def test_no_moments_no_light() -> None:
    assert spotted_light(star(), Moments(np.zeros(0), np.array([0, 0])), "V").shape == (0,)
