from __future__ import annotations

import numpy as np
import pytest
from astropy.timeseries import LombScargle

from goodricke.period.grid import FrequencyGrid, grid_for
from goodricke.period.spectrum import exact_peaks, exact_power, harmonic_sum, peaks, plain_power, power
from period import made


@pytest.mark.parametrize("kind", ["EA", "EW", "RRAB"])
def test_power_is_astropys(kind: str) -> None:
    lcs = made.star(kind, 0.6123, n=120)
    time, flux = lcs.time - lcs.time[0], lcs.flux.astype(float)
    err = np.random.default_rng(1).uniform(0.005, 0.02, len(time))
    grid = FrequencyGrid(0.01, 0.0005, 6000)
    exact = LombScargle(time, flux, err).power(grid.frequencies, method="cython")
    # nifty-ls asks its transform for 1e-9 of the largest term.
    np.testing.assert_allclose(power(time, flux, err, grid), exact, atol=1e-7)


def test_exact_power_is_the_floating_mean_periodogram() -> None:
    lcs = made.star("EB", 1.3571, n=90)
    time, flux = lcs.time - lcs.time[0], lcs.flux.astype(float)
    err = np.random.default_rng(1).uniform(0.005, 0.02, len(time))
    frequency, offsets = np.array([0.05, 0.7369, 1.0027, 3.3]), np.array([-1e-3, 0.0, 2e-3])
    slow = LombScargle(time, flux, err).power((frequency[:, None] + offsets).ravel(), method="cython")
    np.testing.assert_allclose(exact_power(time, flux, err, frequency, offsets).ravel(), slow, atol=1e-9)


def test_plain_power_is_astropys_with_the_mean_held_where_the_window_is_flat() -> None:
    rng = np.random.default_rng(5)
    time = np.sort(rng.uniform(0, 300, 2000))
    time -= time[0]
    flux, err = np.sin(2 * np.pi * 1.7 * time) + rng.normal(size=2000), rng.uniform(0.5, 2.0, 2000)
    grid = FrequencyGrid(0.5, 1e-3, 3000)
    slow = LombScargle(time, flux, err, fit_mean=False).power(grid.frequencies, method="cython")
    # What is neglected is the window's own transform: 1/sqrt(n) of the power, three standard deviations of it here.
    np.testing.assert_allclose(plain_power(time, flux, err, grid), slow, atol=0.07 * slow.max())
    assert abs(np.argmax(plain_power(time, flux, err, grid)) - np.argmax(slow)) <= 1


@pytest.mark.parametrize("kind", ["EA", "EW", "RRAB"])
def test_exact_peaks_are_those_of_the_whole_periodogram(kind: str) -> None:
    lcs = made.star(kind, 0.6123, n=300)
    time, flux, err = lcs.time - lcs.time[0], lcs.flux.astype(float), lcs.flux_err.astype(float)
    grid = grid_for(time)
    fine = FrequencyGrid(grid.first, grid.step / 8, 8 * grid.size)
    found, height = exact_peaks(time, flux, err, plain_power(time, flux, err, grid), grid, 8)
    slow = power(time, flux, err, fine)
    best, highest = peaks(slow, fine, time[-1], 3)
    # A parabola through points a twelfth of the width apart; the height is that of the nearest, 0.6% below at most.
    assert abs(found[0] - best[0]) < 0.05 / time[-1]
    assert height[0] == pytest.approx(highest[0], rel=7e-3)


def test_peaks_are_local_maxima_apart_from_each_other() -> None:
    rng = np.random.default_rng(0)
    grid = FrequencyGrid(0.1, 0.01, 500)
    spectrum = rng.random(500)
    frequency, height = peaks(spectrum, grid, 20.0, 6)
    assert (np.diff(height) <= 0).all()
    assert np.abs(np.subtract.outer(frequency, frequency))[~np.eye(6, dtype=bool)].min() > 1.5 / 20.0
    assert height[0] == spectrum.max()
    for f, h in zip(frequency, height, strict=True):
        assert spectrum[round((f - 0.1) / 0.01)] == h


def test_harmonic_sum_is_the_mean_over_multiples() -> None:
    grid = FrequencyGrid(0.02, 0.01, 400)
    # A spectrum that is straight tells which frequencies were looked up: their mean is 2.5 times the fundamental.
    total, fine = harmonic_sum(grid.frequencies, grid, 4)
    # A multiple is looked up at the nearest frequency, so none is off by more than half a step.
    np.testing.assert_allclose(total, 2.5 * fine.frequencies, atol=0.5 * grid.step + 1e-12)
    assert 4 * fine.frequencies[-1] == pytest.approx(grid.frequencies[-1], abs=grid.step)


def test_harmonic_sum_finds_narrow_eclipses_where_the_sine_does_not() -> None:
    lcs = made.star("EA", 4.8271, n=400)
    time = lcs.time - lcs.time[0]
    grid = grid_for(time)
    spectrum = power(time, lcs.flux.astype(float), lcs.flux_err.astype(float), grid)
    found, _ = peaks(*harmonic_sum(spectrum, grid, 10), 2 * time[-1], 3)
    assert np.abs(found * 4.8271 - 1.0).min() < 2e-3


@pytest.mark.parametrize(
    ("time", "shortest"),
    [
        (np.arange(0, 27, 2 / 1440), 4 / 1440),  # TESS: two points a cycle, but not below 0.003 d
        (
            np.sort(np.concatenate([np.arange(0, 900, 9.0) + k * 0.007 for k in range(4)])),
            0.05,
        ),  # four exposures a night
        (np.arange(0, 1000, 2.0), 0.05),
    ],
)
def test_shortest_period_follows_the_cadence(time: np.ndarray, shortest: float) -> None:
    grid = grid_for(time)
    assert 1 / grid.frequencies[-1] == pytest.approx(max(shortest, 0.003), rel=0.01)
    assert 1 / grid.first == pytest.approx(time[-1] - time[0])
