from __future__ import annotations

import numpy as np
import pytest

from goodricke.period.aliases import SIDEREAL, is_suspicious, marks, window_power
from goodricke.period.grid import grid_for
from goodricke.period.spectrum import peaks, power
from period import made


@pytest.fixture(scope="module")
def nights() -> made.Floats:
    return made.nights(np.random.default_rng(0), 400, 2700.0)


def test_window_power_is_the_sum(nights: made.Floats) -> None:
    weight = np.random.default_rng(1).uniform(1, 3, len(nights))
    frequency = np.random.default_rng(2).uniform(0, 20, 30)
    expected = [
        abs(sum(w * np.exp(2j * np.pi * f * t) for w, t in zip(weight, nights, strict=True))) for f in frequency
    ]
    np.testing.assert_allclose(window_power(nights, frequency, weight), np.array(expected) / weight.sum(), atol=1e-9)
    assert window_power(nights, np.empty(0)).shape == (0,)


@pytest.mark.parametrize(
    ("frequency", "code"),
    [
        (0.7, ""),
        (0.35, "2P"),
        (1.4, "P/2"),
        (2.1, "P/3"),
        (0.7 * 2 / 3, "3P/2"),
        (1.7, "1d"),
        (0.3, "1d"),
        (2.7, "2d"),
        (0.7 + SIDEREAL, "1sd"),
        (0.7 + 1 / 365.25, "1y"),
        (0.7 - 1 / 29.53, "1m"),
        (1.7 + 2 / 365.25, "1d+2y"),
        (1.7 - 1 / 365.25, "1d-1y"),
        (0.3 - 1 / 365.25, "1d-1y"),  # mirrored about zero: 1 - 1/365.25 - 0.7
        (2.4, "P/2+1d"),
        (0.43217, ""),
        (1.0, "window"),
    ],
)
def test_marks(nights: made.Floats, frequency: float, code: str) -> None:
    assert marks(nights, np.array([frequency]), 0.7) == [code]


def test_a_short_span_cannot_tell_a_year_from_the_peak() -> None:
    time = np.linspace(0.0, 90.0, 400)
    assert marks(time, np.array([0.7 + 1 / 365.25, 1.7 + 1 / 365.25, 0.7 + 1 / 29.53]), 0.7) == ["", "1d", "1m"]


def test_the_peaks_of_a_sine_seen_nightly_are_its_aliases() -> None:
    time = made.nights(np.random.default_rng(3), 400, 2700.0)
    flux = np.cos(2 * np.pi * 0.631 * time) + np.random.default_rng(4).normal(0, 0.05, 400)
    grid = grid_for(time, shortest_days=0.25)
    frequency, _ = peaks(power(time, flux, np.ones(400), grid), grid, time[-1] - time[0], 8)
    found = marks(time, frequency, frequency[0])
    assert found[0] == ""
    # Nothing but the sampling makes the seven highest other peaks.
    assert all(any(unit in code for unit in "dy") for code in found[1:]), found
    assert {"1d", "1y"} <= set(found)


def test_suspicious_periods(nights: made.Floats) -> None:
    period = np.array([1.0, 0.9973, 0.5, 0.333, 29.4, 365.0, 1400.0, 0.6, 2.0, 100.0, np.nan])
    assert is_suspicious(nights, period).tolist() == [True] * 7 + [False] * 4
