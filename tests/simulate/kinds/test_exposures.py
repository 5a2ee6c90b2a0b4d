"""Averages over exposures against integrals."""

from __future__ import annotations

import numpy as np

from goodricke.simulate.kinds.exposures import averaged
from goodricke.simulate.stars import Moments


def test_long_exposures_average() -> None:
    time = np.linspace(0, 3, 10)
    seen = Moments(time, np.array([0, 10]), exposure=0.6)
    exact = np.sin(time) * np.sin(0.3) / 0.3
    # The rule of the middle with 15 steps of 0.04: error (0.04)^2 / 24.
    np.testing.assert_allclose(averaged(np.sin, seen, 0.2), exact, atol=1e-4)


def test_short_exposures_are_one_look() -> None:
    looks = []

    def light(time: np.ndarray) -> np.ndarray:
        looks.append(time)
        return time

    seen = Moments(np.array([1.0, 2.0]), np.array([0, 2]), exposure=0.001)
    np.testing.assert_array_equal(averaged(light, seen, 0.1), [1.0, 2.0])
    assert len(looks) == 1
