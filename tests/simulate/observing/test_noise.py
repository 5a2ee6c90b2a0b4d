"""The faults of magnitudes against formulas: variances, autocorrelation, rates, the logistic curve."""

from __future__ import annotations

import numpy as np
import pytest

from goodricke.simulate.observing.noise import (
    POGSON,
    ErrorLaw,
    detected,
    noisy,
    outliers,
    red_noise,
    rounded,
)


def test_an_error_law_has_its_three_regimes() -> None:
    law = ErrorLaw(floor=0.01, photon=0.01, sky=0.0, reference=15.0)
    assert law(np.array([5.0]))[0] == pytest.approx(0.01, rel=1e-3)
    assert law(np.array([25.0]))[0] == pytest.approx(1.0, rel=1e-3)  # ten magnitudes: a hundred times the photon noise
    sky = ErrorLaw(floor=0.0, photon=0.0, sky=0.01, reference=15.0)
    assert sky(np.array([20.0]))[0] == pytest.approx(1.0)  # five magnitudes: a hundred times less flux above the sky


def test_noise_is_normal_in_flux() -> None:
    deviation = np.array([0.0, 0.001, -0.2, 0.5, 1.2])
    flux = 10 ** (-0.4 * (noisy(np.full(5, 12.0), deviation) - 12.0))
    assert flux[:4] == pytest.approx(1.0 - deviation[:4] * 0.4 * np.log(10.0))
    assert np.isnan(flux[4])  # more than all the flux is gone: 1.2 > 1.0857


def test_red_noise_has_the_autocorrelation_of_a_damped_random_walk_on_uneven_times() -> None:
    rng = np.random.default_rng(3)
    n, tau = 4000, 5.0
    time = np.tile([0.0, 0.01, 2.0, 9.0], (n, 1)) + rng.random((n, 1))
    noise = red_noise(time.ravel(), np.repeat(np.arange(n), 4), np.full(n, tau), rng).reshape(n, 4)
    found = noise.T @ noise / n
    wanted = np.exp(-np.abs(time[0][:, None] - time[0]) / tau)
    assert np.abs(found - wanted).max() < 4.0 * np.sqrt(2.0 / n)  # four standard errors of a variance


def test_each_band_and_each_star_has_red_noise_of_its_own() -> None:
    rng = np.random.default_rng(4)
    n = 4000
    time = np.tile([0.0, 1e-4, 2e-4, 3e-4], n)
    band = np.tile(np.array([0, 1, 0, 1], dtype=np.int8), n)
    noise = red_noise(time, np.repeat(np.arange(n), 4), np.full(n, 10.0), rng, band).reshape(n, 4)
    assert np.corrcoef(noise[:, 0], noise[:, 2])[0, 1] > 0.999
    assert abs(np.corrcoef(noise[:, 0], noise[:, 1])[0, 1]) < 0.07  # 4 / sqrt(4000)
    assert abs(np.corrcoef(noise[:-1, 3], noise[1:, 0])[0, 1]) < 0.07


def test_outliers_come_at_their_rate_with_their_sizes() -> None:
    off = outliers(400_000, np.random.default_rng(5), rate=0.01, size=0.4, spread=0.5, fainter=0.9)
    bad = off[off != 0.0]
    assert len(bad) == pytest.approx(4000, abs=250)  # 4 standard deviations
    assert np.median(np.abs(bad)) == pytest.approx(0.4, rel=0.05)
    assert np.log(np.abs(bad)).std() == pytest.approx(0.5, rel=0.05)
    assert (bad > 0).mean() == pytest.approx(0.9, abs=0.02)


def test_half_of_the_points_are_detected_at_the_limit() -> None:
    rng = np.random.default_rng(6)
    for beyond, share in ((0.0, 0.5), (0.2, 1 / (1 + np.e)), (-0.4, 1 / (1 + np.exp(-2)))):
        seen = detected(np.full(40_000, 17.0 + beyond), 17.0, 0.2, rng)
        assert seen.mean() == pytest.approx(share, abs=0.01)  # 4 standard deviations
    assert not detected(np.array([np.nan]), 17.0, 0.2, rng).any()


def test_values_are_multiples_of_the_step() -> None:
    values = np.random.default_rng(7).uniform(10.0, 20.0, 100)
    assert [float(f"{v:.2f}") for v in values] == rounded(values, 0.01).tolist()
    assert pytest.approx(1.0857, abs=1e-4) == POGSON
