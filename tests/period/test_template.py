from __future__ import annotations

import numpy as np
import pytest

from goodricke.period.template import BINS, at, templates
from period import made

CENTRES = (np.arange(BINS) + 0.5) / BINS


def one(phase: made.Floats, flux: made.Floats, err: float) -> tuple[made.Floats, ...]:
    found = templates(phase, flux, np.full(len(phase), err**-2), np.zeros(len(phase), dtype=np.int64), 1)
    return (
        found.curve[0],
        found.slope[0],
        np.sqrt(found.curve_variance[0]),
        np.sqrt(found.slope_variance[0]),
        found.excess,
    )


def test_at_is_linear_interpolation_around_the_circle() -> None:
    rows = np.random.default_rng(0).normal(size=(2, BINS))
    phase = np.random.default_rng(1).uniform(-2.0, 2.0, 50)
    star = np.repeat([0, 1], 25)
    (found,) = at(phase, star, rows)
    expected = [np.interp(p, CENTRES, rows[s], period=1.0) for p, s in zip(phase, star, strict=True)]
    np.testing.assert_allclose(found, expected, atol=1e-12)


def test_a_parabola_without_noise_comes_back_exactly() -> None:
    # A parabola is in the space that every window fits; away from its kink at phase 0 nothing else is seen.
    phase = np.repeat(CENTRES, 2)
    curve, slope, *_ = one(phase, 1.0 - 2.0 * (phase - 0.5) ** 2, 0.01)
    inside = np.abs(CENTRES - 0.5) < 0.25
    np.testing.assert_allclose(curve[inside], 1.0 - 2.0 * (CENTRES[inside] - 0.5) ** 2, atol=1e-9)
    np.testing.assert_allclose(slope[inside], -4.0 * (CENTRES[inside] - 0.5), atol=1e-8)


@pytest.mark.parametrize("depth", [0.0, 0.3])
def test_errors_are_those_of_many_trials(depth: float) -> None:
    rng = np.random.default_rng(3)
    n, length = 400, 400
    phase = rng.random(n * length)
    truth = 1.0 - made.eclipse(phase, 0.3, depth, 0.2)
    star = np.repeat(np.arange(n), length)
    found = templates(phase, truth + rng.normal(0, 0.02, n * length), np.full(n * length, 2500.0), star, n)
    quiet = np.abs(CENTRES - 0.8) < 0.1
    z = (found.curve[:, quiet] - 1.0) / np.sqrt(found.curve_variance[:, quiet])
    steep = found.slope[:, quiet] / np.sqrt(found.slope_variance[:, quiet])
    # The choice of the window takes the largest departures for real: some 10% more scatter than the formula says.
    assert 0.8 < z.std() < 1.3
    assert 0.8 < steep.std() < 1.3
    assert np.median(found.excess) == pytest.approx(1.0, abs=0.06)


def test_a_narrow_eclipse_keeps_its_depth_and_the_rest_is_smooth() -> None:
    rng = np.random.default_rng(4)
    phase = rng.random(2000)
    curve, _, error, _, _ = one(phase, 1.0 - made.eclipse(phase, 0.3, 0.4, 0.06) + rng.normal(0, 0.01, 2000), 0.01)
    assert curve.min() == pytest.approx(0.6, abs=0.02)
    outside = np.abs(CENTRES - 0.3) > 0.15
    # The widest window holds some 0.4 * 2000 points; a fixed narrow one would leave 0.0017 of scatter.
    assert curve[outside].std() < 0.0012
    assert error[outside].max() < error[np.argmin(curve)]


def test_a_gap_is_the_mean_and_knows_it() -> None:
    phase = np.random.default_rng(5).uniform(0.0, 0.4, 300)
    curve, slope, error, steep, _ = one(phase, np.sin(2 * np.pi * phase), 0.01)
    gap = np.abs(CENTRES - 0.7) < 0.08
    assert np.isinf(error[gap]).all()
    assert not slope[gap].any()
    assert not steep[gap].any()
    np.testing.assert_allclose(curve[gap], np.sin(2 * np.pi * phase).mean())


def test_scale_and_batch_do_not_matter() -> None:
    rng = np.random.default_rng(6)
    phase, flux, weight = rng.random(900), rng.normal(size=900), rng.uniform(1, 3, 900)
    star = np.repeat([0, 1, 2], 300)
    whole = templates(phase, flux, weight, star, 3)
    single = templates(phase[300:600], 10 * flux[300:600], weight[300:600] / 7, star[:300], 1)
    np.testing.assert_allclose(single.curve[0], 10 * whole.curve[1], atol=1e-9)
    np.testing.assert_allclose(single.slope_variance[0], 100 * whole.slope_variance[1], rtol=1e-9)
    np.testing.assert_allclose(single.n_free[0], whole.n_free[1], rtol=1e-9)


def test_a_star_without_points_has_none() -> None:
    found = templates(np.array([0.1]), np.ones(1), np.ones(1), np.array([1]), 2)
    assert np.isnan(found.excess).all()
    assert templates(np.empty(0), np.empty(0), np.empty(0), np.empty(0, dtype=np.int64), 0).curve.shape == (0, BINS)
