from __future__ import annotations

import numpy as np
import pytest
from astropy.timeseries import LombScargle

from goodricke.period.grid import FrequencyGrid, grid_for
from goodricke.period.spectrum import false_alarm, harmonic_sum, peaks, power
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


def test_false_alarm_bounds_what_shuffled_noise_does() -> None:
    rng = np.random.default_rng(3)
    time = made.nights(rng, 150)
    time -= time[0]
    grid = grid_for(time, shortest_days=0.5)
    highest = [power(time, rng.normal(size=150), np.ones(150), grid).max() for _ in range(200)]
    for level in (0.5, 0.1):
        threshold = np.quantile(highest, 1 - level)
        # Of 200 trials 20 exceed the 10% level, give or take 4.2; the bound may be generous but not the other way.
        assert level * 0.6 < false_alarm(threshold, time, grid) < level * 3


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
