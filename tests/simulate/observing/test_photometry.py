"""Deviations of magnitudes drawn directly: their size, memory, outliers, and which points burn out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from goodricke.simulate.observing.noise import ErrorLaw
from goodricke.simulate.observing.observatory import Visits
from goodricke.simulate.observing.photometry import Faults, Photometry, by_band, deviations

HONEST = Faults(
    by_star=0.0, frames=0.0, follows=0.0, uneven=0.0, memory=(), outliers=0.0, outliers_by_star=0.0, outlier_size=0.0,
    outlier_spread=0.0, outlier_fainter=0.5,
)  # fmt: skip
FINE, COARSE = ErrorLaw(0.01, 0.0, 0.0, 15.0), ErrorLaw(0.0, 0.0, 0.1, 15.0)
BANDS = (
    Photometry(FINE, FINE, limit=99.0, saturation=10.0),
    Photometry(COARSE, COARSE, limit=99.0, saturation=10.0),
)
N, LONG = 200, 300
VISITS = Visits(
    time=2450000.0 + np.tile(np.arange(LONG) * 0.5, N),
    band=np.tile(np.arange(LONG) % 2, N).astype(np.int8),
    offsets=np.arange(N + 1) * LONG,
    ra=np.zeros(N),
    dec=np.zeros(N),
)


def _off(faults: Faults, magnitude: float = 15.0, depth: float = 0.0):
    rng = np.random.default_rng(0)
    return deviations(BANDS, faults, VISITS, np.full(N * LONG, magnitude), np.full(N, depth), rng)


def test_each_band_has_the_noise_of_its_law() -> None:
    off = _off(HONEST).off
    assert off[VISITS.band == 0].std() == pytest.approx(0.01, rel=0.02)
    assert off[VISITS.band == 1].std() == pytest.approx(0.1, rel=0.02)
    deep = _off(HONEST, depth=1.0).off
    assert deep[VISITS.band == 1].std() == pytest.approx(0.1 * 10**0.4, rel=0.02)  # sky noise, one magnitude less deep
    laws = by_band([FINE, COARSE], VISITS.band[:2], np.full(2, 15.0))
    assert laws == pytest.approx([0.01, 0.1])


def test_stars_and_points_differ_in_noise_as_told() -> None:
    stars = _off(replace(HONEST, by_star=0.4)).off.reshape(N, LONG)[:, ::2].std(axis=1)
    assert np.log(stars).std() == pytest.approx(np.hypot(0.4, 1 / np.sqrt(LONG)), rel=0.15)
    z = _off(replace(HONEST, uneven=0.4)).off[VISITS.band == 0] / 0.01
    # Fourth moment of a normal deviate times a lognormal one: 3 exp(8 s^2); second: exp(2 s^2).
    assert np.mean(z**2) == pytest.approx(np.exp(2 * 0.16), rel=0.05)
    assert np.mean(z**4) == pytest.approx(3 * np.exp(8 * 0.16), rel=0.25)


def test_memory_is_of_each_band_alone() -> None:
    off = _off(replace(HONEST, memory=((0.5, 1e4),))).off.reshape(N, LONG)
    fine, coarse = off[:, ::2] / 0.01, off[:, 1::2] / 0.1
    assert np.mean(fine[:, :-1] * fine[:, 1:]) == pytest.approx(0.5, abs=0.2)  # 200 stars, each with one slow value
    assert abs(np.mean(fine * coarse)) < 0.2


def test_outliers_are_as_many_as_told_and_some_stars_have_more() -> None:
    faults = replace(HONEST, outliers=0.02, outliers_by_star=1.0, outlier_size=2.0, outlier_fainter=1.0)
    bad = (_off(faults).off > 1.0).reshape(N, LONG).mean(axis=1)
    assert bad.mean() == pytest.approx(0.02, rel=0.35)  # the mean of a lognormal of 200 stars
    assert bad.std() > 0.01
    sized = _off(replace(faults, outlier_size=0.0, outlier_sigmas=50.0)).off[VISITS.band == 0]
    assert np.median(sized[sized > 0.25]) == pytest.approx(0.5, rel=0.05)  # fifty times 0.01


def test_two_magnitudes_above_saturation_nothing_is_left() -> None:
    assert _off(HONEST, 7.9).lost.all()
    assert not _off(HONEST, 8.1).lost.any()
    bleeding = _off(replace(HONEST, bleeding=0.2), 9.0).off[VISITS.band == 0]
    assert bleeding.std() == pytest.approx(0.21, rel=0.03)
