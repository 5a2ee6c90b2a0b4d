"""Potentials of lobes, stars and envelopes against formulas, brute force and scipy."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("numba")

from goodricke.simulate.roche.lobes import (
    contact_bodies,
    contact_level,
    eggleton_radius,
    lobe_level,
    lobe_radius,
    set_star,
)
from goodricke.simulate.roche.potential import outer_point
from goodricke.simulate.roche.surface import BODY, END, LEVEL, RIM_Y, RIM_Z, fejer, volume
from simulate.rays import roche


@pytest.mark.parametrize("q", [0.02, 0.1, 0.5, 1.0, 3.0, 20.0])
def test_lobes_agree_with_eggleton_to_his_one_percent(q: float) -> None:
    assert lobe_radius(q) == pytest.approx(eggleton_radius(q), rel=0.01)


def test_the_lobe_s_volume_agrees_with_counting_points() -> None:
    q = 0.4
    x1, level = lobe_level(q, 1.0, 1.0)
    rng = np.random.default_rng(1)
    low, high = np.array([-0.6, -0.55, -0.5]), np.array([x1, 0.55, 0.5])
    p = rng.uniform(low, high, (1_000_000, 3))
    inside = (roche(*p.T, q) > level) & (np.hypot(p[:, 1], p[:, 2]) < 0.55)
    counted = inside.mean() * np.prod(high - low)
    # One million points: the share is known to 0.1%, the radius to a third of it; four sigma.
    assert lobe_radius(q) == pytest.approx((counted * 3 / (4 * np.pi)) ** (1 / 3), rel=0.0015)


@pytest.mark.parametrize("q", [0.15, 1.0, 4.0])
def test_critical_points_are_zeros_of_the_derivative(q: float) -> None:
    step = 1e-5
    for x in (lobe_level(q, 1.0, 1.0)[0], outer_point(q)):
        slope = (roche(x + step, 0, 0, q) - roche(x - step, 0, 0, q)) / (2 * step)
        assert abs(slope) < 1e-7 * (1 + q)


def test_the_outer_point_is_behind_the_lighter_star() -> None:
    assert outer_point(0.5) > 1
    assert outer_point(2.0) < 0


def test_a_star_of_given_volume_has_it() -> None:
    body = np.zeros(BODY)
    cosines, weights = fejer(24)
    assert set_star(body, 0.7, 1.0, 0.9, 0.21, cosines, weights, 24) == 0
    held, _ = volume(body, *fejer(80), 80)
    assert held == pytest.approx(4 / 3 * np.pi * 0.21**3, rel=1e-8)


def test_a_star_larger_than_its_lobe_is_refused() -> None:
    assert set_star(np.zeros(BODY), 0.7, 1.0, 1.0, 0.5, *fejer(16), 16) == 1


@pytest.mark.parametrize(("q", "fillout"), [(0.3, 0.0), (0.3, 0.4), (0.08, 1.0), (1.0, 0.1), (5.0, 0.5)])
def test_the_neck_is_the_thinnest_place_of_the_envelope(q: float, fillout: float) -> None:
    from scipy.optimize import brentq

    one, two = np.zeros(BODY), np.zeros(BODY)
    contact_bodies(one, two, q, fillout)
    level = contact_level(q, fillout)
    assert one[END] + two[END] == pytest.approx(1.0)
    if fillout == 0.0:
        assert one[RIM_Z] == 0.0
        return

    def half_height(x: float) -> float:
        return brentq(lambda z: roche(x, 0.0, z, q) - level, 1e-9, 0.5)

    assert one[RIM_Z] == pytest.approx(half_height(one[END]), rel=1e-6)
    assert one[RIM_Z] < min(half_height(one[END] - 0.02), half_height(one[END] + 0.02))
    assert roche(one[END], one[RIM_Y], 0.0, q) == pytest.approx(level, rel=1e-9)
    # The same surface in star 2's frame.
    assert roche(two[END], 0.0, two[RIM_Z], 1 / q) == pytest.approx(two[LEVEL], rel=1e-6)
