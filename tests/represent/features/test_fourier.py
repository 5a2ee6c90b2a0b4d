from __future__ import annotations

import numpy as np
import pytest

from goodricke.represent.features import features
from represent import made

PHASE = np.arange(2000) / 2000
SIZE = {1: 0.2, 2: 0.1, 3: 0.05, 4: 0.025, 5: 0.01, 6: 0.004}
TURN = {1: 0.3, 2: 1.1, 3: 2.5, 4: 4.0, 5: 0.0, 6: 1.0}


def wave(moved: float = 0.0) -> np.ndarray:
    return sum(SIZE[k] * np.cos(2 * np.pi * k * (PHASE - moved) + TURN[k]) for k in SIZE)  # type: ignore[return-value]


@pytest.mark.parametrize("moved", [0.0, 0.28])
def test_a_known_series_comes_back_wherever_it_starts(moved: float) -> None:
    lcs = made.phased(wave(moved))
    table = features(lcs, made.periods_of(lcs, 1.7), ["fourier"])
    row = dict(zip(table.names, table.values[0].tolist(), strict=True))
    expected = {"log_a1": np.log10(SIZE[1])}
    for k in range(2, 7):
        expected[f"log_r{k}1"] = np.log10(SIZE[k] / SIZE[1])
    for k in (2, 3, 4):
        expected[f"phi{k}1_cos"] = np.cos(TURN[k] - k * TURN[1])
        expected[f"phi{k}1_sin"] = np.sin(TURN[k] - k * TURN[1])
    expected["log_r42"] = np.log10(SIZE[4] / SIZE[2])
    expected["phi42_cos"], expected["phi42_sin"] = np.cos(TURN[4] - 2 * TURN[2]), np.sin(TURN[4] - 2 * TURN[2])
    power = np.array([SIZE[k] ** 2 for k in SIZE])
    expected["even_share"] = power[1::2].sum() / power.sum()
    # Interpolation in the table of 2000 phases and the ridge cost a few 1e-4 each.
    for name, one in expected.items():
        assert row[name] == pytest.approx(one, abs=3e-3), name
    for k in (1, 2, 4, 6):
        assert row[f"explained_{k}"] == pytest.approx(power[:k].sum() / power.sum(), abs=0.03)
    assert row["explained_6"] > 0.9999


def test_the_chi_square_of_noise_about_a_series_is_one() -> None:
    lcs = made.phased(wave(), noise=0.05, n=3000)
    # reduced chi square of 3000 points is known to 2.6%
    assert made.value(lcs, "log_fourier_chi2", 1.7) == pytest.approx(0.0, abs=0.04)


def test_sharp_minima_and_sharp_maxima() -> None:
    lcs = made.phased(-np.abs(np.cos(2 * np.pi * PHASE)))
    up = made.phased(np.abs(np.cos(2 * np.pi * PHASE)))
    assert made.value(lcs, "phi42_cos", 1.7) > 0.99 or made.value(up, "phi42_cos", 1.7) < -0.99
    assert made.value(lcs, "phi42_cos", 1.7) * made.value(up, "phi42_cos", 1.7) < -0.9
