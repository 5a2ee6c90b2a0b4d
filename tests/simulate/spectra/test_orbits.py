"""Orbits against closed formulas."""

from __future__ import annotations

import numpy as np

from goodricke.simulate.spectra.orbits import kepler, orbital_dv, random_dv


def test_keplers_equation_holds():
    mean = np.linspace(0.0, 2.0 * np.pi, 400)
    for e in (0.0, 0.3, 0.9):
        anomaly = kepler(mean, e)
        np.testing.assert_allclose(anomaly - e * np.sin(anomaly), mean, atol=1e-12)


def test_the_size_is_that_of_third_law():
    # (2 pi G M / P)^(1/3) with G M_sun = 1.32712e11 km^3 / s^2 is the fastest that a round orbit of 0.35 days can be,
    # and with eccentricity only wide orbits go beyond.
    fastest = (2.0 * np.pi * 1.32712e11 * 2.0 / (0.35 * 86400.0)) ** (1.0 / 3.0)
    dv = orbital_dv(np.full(200_000, 2.0), np.random.default_rng(1))
    assert np.abs(dv).max() < fastest
    assert np.abs(dv).max() > 0.5 * fastest


def test_heavier_pairs_are_faster_and_signs_are_even():
    light, heavy = (orbital_dv(np.full(50_000, m), np.random.default_rng(2)) for m in (0.8, 6.4))
    np.testing.assert_allclose(np.median(np.abs(heavy)) / np.median(np.abs(light)), 2.0, rtol=0.1)
    assert abs((light > 0).mean() - 0.5) < 0.01


def test_share_that_is_even():
    dv = random_dv(np.full(50_000, 1.6), np.random.default_rng(3), flat=0.3)
    assert np.abs(dv).max() <= 400.0
    # Of the flat part a quarter is beyond 300 km/s; hardly any orbit is.
    assert abs((np.abs(dv) > 300).mean() - 0.075) < 0.01
