from __future__ import annotations

import numpy as np
import pytest

from goodricke.period.landmarks import crossings, mirror_axis, polynomials, wrapped
from goodricke.period.template import BINS, templates
from period import made


def test_crossings_of_a_cosine() -> None:
    # -cos rises above 0 a quarter of a cycle from its minimum, and never above 1.
    x = (np.arange(BINS) - BINS // 2) / BINS
    left, right = crossings(np.tile(-np.cos(2 * np.pi * x), (3, 1)), np.array([0.0, -0.5, 1.1]))
    np.testing.assert_allclose(left, [0.25, 1 / 6, 0.5], atol=1e-4)
    np.testing.assert_allclose(right, [0.25, 1 / 6, 0.5], atol=1e-4)


def test_crossings_of_a_lopsided_dip() -> None:
    x = (np.arange(BINS) - BINS // 2) / BINS
    left, right = crossings(np.where(x < 0, -4 * x, 2 * x)[None], np.array([0.3]))
    assert (left[0], right[0]) == pytest.approx((0.075, 0.15))


def test_polynomials_are_numpys() -> None:
    rng = np.random.default_rng(0)
    x, flux, weight = rng.uniform(-0.1, 0.2, 60), rng.normal(size=60), rng.uniform(1, 4, 60)
    fit = polynomials(x, flux, weight, np.repeat([0, 2], 30), 3, (0, 1, 2, 3))
    for star, part in ((0, slice(0, 30)), (2, slice(30, 60))):
        expected, covariance = np.polyfit(x[part], flux[part], 3, w=np.sqrt(weight[part]), cov="unscaled")
        np.testing.assert_allclose(fit.coefficients[star], expected[::-1], rtol=1e-6, atol=1e-6)
        value, error = fit.value(np.full(3, 0.05))
        powers = 0.05 ** np.arange(3, -1, -1)
        assert value[star] == pytest.approx(powers @ expected)
        assert error[star] == pytest.approx(np.sqrt(powers @ covariance @ powers))
    assert np.isnan(fit.coefficients[1]).all()


def test_the_vertex_of_a_parabola_and_its_error() -> None:
    rng = np.random.default_rng(1)
    x = np.tile(np.linspace(-0.1, 0.1, 41), 500)
    star = np.repeat(np.arange(500), 41)
    flux = 1.0 - 5.0 * (x - 0.02) ** 2 + rng.normal(0, 0.01, len(x))
    fit = polynomials(x, flux, np.full(len(x), 1e4), star, 500, (0, 1, 2))
    place, error, bend = fit.vertex(np.full(500, 0.1))
    # Five percent of scatter is what 500 trials leave of a standard deviation, twice over.
    assert ((place - 0.02) / error).std() == pytest.approx(1.0, abs=0.1)
    assert (bend < 0).all()


def test_a_mirror_axis_is_found_as_well_as_theory_allows() -> None:
    rng = np.random.default_rng(2)
    n, length = 300, 400
    phase = rng.random(n * length)
    flux = 1.0 - made.eclipse(phase, 0.31, 0.4, 0.16) + rng.normal(0, 0.02, n * length)
    weight, star = np.full(n * length, 2500.0), np.repeat(np.arange(n), length)
    template = templates(phase, flux, weight, star, n)
    centre, error = mirror_axis(template, phase, flux, weight, star, np.full(n, 0.32), np.full(n, 0.1))
    # Cramer and Rao, for points that are spread evenly over the cycle and the true curve.
    fine = np.linspace(0.0, 1.0, 20_001)
    slope = np.gradient(made.eclipse(fine, 0.31, 0.4, 0.16), fine)
    bound = 0.02 / np.sqrt(length * np.mean(slope**2))
    assert (centre - 0.31).std() < 1.6 * bound
    assert ((centre - 0.31) / error).std() == pytest.approx(1.1, abs=0.3)
    assert abs(np.median(centre - 0.31)) < 3 * bound / np.sqrt(n)


def test_wrapped_is_the_nearest_way_around() -> None:
    np.testing.assert_allclose(wrapped(np.array([0.9, -0.9, 0.2, 3.1])), [-0.1, 0.1, 0.2, 0.1])
