"""Transits against the formulas of Seager & Mallen-Ornelas, and against batman where it is installed."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("numba")

from goodricke.labels import LEAVES
from goodricke.simulate.kinds.brightness import limb_coefficients
from goodricke.simulate.kinds.planets import Planet
from goodricke.simulate.stars import Columns, Moments

SPAN = (2459000.0, 2459100.0)


def one(**changes: float) -> Columns:
    made: dict[str, float] = {
        "period_days": 4.0, "epoch": 2459000.0, "temperature": 5772.0, "radius_ratio": 0.1, "scaled_axis": 10.0,
        "impact": 0.3,
    }  # fmt: skip
    return {k: np.array([v]) for k, v in {**made, **changes}.items()}


def seen(time: np.ndarray, exposure: float = 0.0) -> Moments:
    return Moments(time, np.array([0, len(time)]), exposure)


@pytest.mark.parametrize(("size", "impact"), [(0.1, 0.0), (0.05, 0.6), (0.15, 0.8)])
def test_transits_last_as_long_as_the_formula_says(size: float, impact: float) -> None:
    made = one(radius_ratio=size, impact=impact)
    time = 2459000.0 + np.linspace(-0.3, 0.3, 200_001)
    flux = Planet().light(made, seen(time), "V")
    inside = time[flux < 1.0 - 1e-9]
    # Seager & Mallen-Ornelas 2003, eq. 3, with the inclination of the impact.
    tilt = np.arccos(impact / 10.0)
    total = 4.0 / np.pi * np.arcsin(np.sqrt((1 + size) ** 2 - impact**2) / (10.0 * np.sin(tilt)))
    assert np.ptp(inside) == pytest.approx(total, abs=2e-5)


def test_depth_is_the_area_times_the_darkened_light_behind() -> None:
    made = one(radius_ratio=0.02, impact=0.0)
    flux = Planet().light(made, seen(np.array([2459000.0, 2459002.0])), "R")
    (a,), (b,) = limb_coefficients(np.array([5772.0]), "R")
    # Centre over mean for a small planet; the disc behind it varies by some 1e-4.
    assert 1 - flux[0] == pytest.approx(0.02**2 / (1 - a / 3 - b / 6), rel=1e-3)
    assert flux[1] == 1.0


def test_batman_sees_the_same() -> None:
    batman = pytest.importorskip("batman")
    time = np.linspace(-0.15, 0.15, 301)
    p = batman.TransitParams()
    p.t0, p.per, p.rp, p.a, p.ecc, p.w = 0.0, 4.0, 0.1, 10.0, 0.0, 90.0
    p.inc, p.limb_dark = np.rad2deg(np.arccos(0.03)), "quadratic"
    p.u = [float(c[0]) for c in limb_coefficients(np.array([5772.0]), "I")]
    expected = batman.TransitModel(p, time).light_curve(p)
    np.testing.assert_allclose(Planet().light(one(), seen(2459000.0 + time), "I"), expected, atol=1e-5)


def test_exposures_smear_the_edges_and_keep_the_loss() -> None:
    time = 2459000.0 + np.linspace(-0.3, 0.3, 6001)
    sharp, soft = (Planet().light(one(), seen(time, e), "V") for e in (0.0, 1.0 / 48.0))
    assert (1 - soft).sum() == pytest.approx((1 - sharp).sum(), rel=1e-3)
    assert (soft < 1).sum() > (sharp < 1).sum() + 100


def test_stars_drawn_are_what_the_columns_say() -> None:
    made = Planet().draw(2000, np.random.default_rng(1), SPAN)
    middle = Moments(made["epoch"], np.arange(2001))
    np.testing.assert_allclose(1 - Planet().light(made, middle, "V"), made["depth"], atol=1e-9)
    # Even in the logarithm from 0.5 to 50 days: its median is 5 days, with a spread of 6% for 2,000.
    assert np.median(made["period_days"]) == pytest.approx(5.0, rel=0.2)
    assert (made["scaled_axis"] >= 1.5).all()
    assert Planet.label in LEAVES


def test_the_sun_and_the_earth() -> None:
    made = Planet().draw(5000, np.random.default_rng(1), SPAN)
    at = np.argmin(np.abs(made["temperature"] - 5772.0))
    # Kepler's third law for the Sun: 215.03 radii in 365.25 days.
    assert made["scaled_axis"][at] == pytest.approx(215.03 * (made["period_days"][at] / 365.25) ** (2 / 3), rel=2e-3)
