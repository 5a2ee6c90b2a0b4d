from __future__ import annotations

import numpy as np
import pytest

from goodricke.represent.features import features
from goodricke.represent.features.structure import _scale_of
from represent import made

EDGES = np.array([0, 1 / 8, 1, 8, 64, 512, np.inf])
KEYS = ("3h", "1d", "8d", "64d", "512d", "long")
LAGS = (1, 3, 9, 27, 81)


def test_brute_force() -> None:
    lcs = made.uneven()
    table = features(lcs, names=["structure"])
    for k, (time, flux, _) in enumerate(made.each(lcs)):
        row = dict(zip(table.names, table.values[k], strict=True))
        pairs = [(time[i + lag] - time[i], (flux[i + lag] - flux[i]) ** 2)
                 for lag in LAGS for i in range(len(time) - lag)]  # fmt: skip
        days, square = np.array(pairs).T
        known = []
        for j, key in enumerate(KEYS):
            inside = (days >= EDGES[j]) & (days < EDGES[j + 1])
            if inside.sum() >= 5:
                expected = np.log10(0.5 * square[inside].mean() / flux.var())
                known.append((j * np.log10(8), expected))
                np.testing.assert_allclose(row[f"log_structure_{key}"], expected, rtol=2e-5, atol=2e-6)
            else:
                assert np.isnan(row[f"log_structure_{key}"])
        np.testing.assert_allclose(row["structure_slope"], np.polyfit(*np.array(known).T, 1)[0], rtol=1e-4)
        residual = flux - flux.mean()
        for lag in (1, 9):
            expected = np.mean(residual[lag:] * residual[:-lag]) / flux.var()
            np.testing.assert_allclose(row[f"correlation_{lag}"], expected, rtol=2e-5, atol=2e-6)


def test_scales_are_powers_of_eight() -> None:
    days = np.array([0.0, 1e-9, 0.1249, 0.125, 0.999, 1.0, 7.999, 8.0, 63.9, 64.0, 511.0, 512.0, 1e9])
    np.testing.assert_array_equal(_scale_of(days), [0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5])


@pytest.mark.parametrize("tau", [5.0, 20.0])
def test_the_correlation_time_of_a_damped_walk(tau: float) -> None:
    rng = np.random.default_rng(3)
    n, keep = 20000, np.exp(-1 / tau)
    flux = np.zeros(n)
    kick = rng.normal(0, np.sqrt(1 - keep**2), n)
    for i in range(1, n):
        flux[i] = keep * flux[i - 1] + kick[i]
    # exp(-t / tau) is known at lags that differ by 3, and drawn as straight between them: 15% at worst
    found = 10 ** made.value(made.star("a", np.arange(n) * 1.0, flux, 0.1), "log_correlation_time")
    assert found == pytest.approx(tau, rel=0.2)


def test_noise_is_uncorrelated_from_the_first_lag() -> None:
    rng = np.random.default_rng(4)
    lcs = made.star("a", np.arange(1000) * 2.0, rng.normal(1, 0.1, 1000), 0.1)
    assert made.value(lcs, "log_correlation_time") == pytest.approx(np.log10(2.0))
    assert abs(made.value(lcs, "log_structure_8d")) < 0.05
