from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from goodricke.represent.features import features
from represent import made

PHASE = np.arange(2000) / 2000


def brute(time: np.ndarray, flux: np.ndarray, err: np.ndarray, period: float) -> float:
    by_phase = np.argsort(time / period % 1.0)
    value, weight = flux[by_phase], err[by_phase] ** -2.0
    pairs = weight * np.roll(weight, -1) / (weight + np.roll(weight, -1))
    mean = np.average(value, weights=weight)
    return float(np.sum(pairs * (np.roll(value, -1) - value) ** 2) / np.sum(weight * (value - mean) ** 2))


def test_brute_force() -> None:
    lcs = made.uneven()
    table = features(lcs, made.periods_of(lcs, 37.0), ["ordered"])
    for k, (time, flux, err) in enumerate(made.each(lcs)):
        row = dict(zip(table.names, table.values[k], strict=True))
        theta, half, double = (brute(time, flux, err, period) for period in (37.0, 18.5, 74.0))
        assert row["log_theta"] == pytest.approx(np.log10(theta), abs=1e-5)
        assert row["log_theta_half"] == pytest.approx(np.log10(half / theta), abs=1e-5)
        assert row["log_theta_double"] == pytest.approx(np.log10(double / theta), abs=1e-5)


def test_noise_is_zero_and_a_clean_fold_far_below() -> None:
    rng = np.random.default_rng(9)
    noise = made.star("a", np.sort(rng.uniform(0, 500, 3000)), rng.normal(1, 0.1, 3000), rng.uniform(0.08, 0.12, 3000))
    assert made.value(noise, "log_theta", 1.7) == pytest.approx(0.0, abs=0.04)
    assert made.value(noise, "log_residual", 1.7) == pytest.approx(0.0, abs=0.03)
    clean = made.phased(0.2 * np.cos(2 * np.pi * PHASE), noise=0.01)
    # the variance of the wave is 0.02, of the noise 0.0001
    assert made.value(clean, "log_theta", 1.7) == pytest.approx(np.log10(0.0001 / 0.0201), abs=0.1)
    assert made.value(clean, "log_theta_half", 1.7) > 1.5
    assert made.value(clean, "log_theta_double", 1.7) == pytest.approx(0.0, abs=0.1)


def test_cusum_of_a_cosine() -> None:
    lcs = made.phased(0.2 * np.cos(2 * np.pi * PHASE), n=20000)
    lcs = replace(lcs, flux_err=np.full(20000, 0.1, np.float32))
    # the integral of cos over half a cycle is 1/pi; over sigma = 1/sqrt(2)
    assert made.value(lcs, "folded_cusum", 1.7) == pytest.approx(np.sqrt(2) / np.pi, rel=0.02)
