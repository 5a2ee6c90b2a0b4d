"""The fast sums against the slow ones, over every way the large transform falls apart."""

from __future__ import annotations

import numpy as np
import pytest

from goodricke.period.transform import trigonometric_sums


@pytest.mark.parametrize("cycles", [0.3, 0.7, 1.0, 2.0, 3.0, 4.0, 5.0, 9.0])
@pytest.mark.parametrize("size", [1, 7, 1000, 20011])
def test_sums_are_those_of_the_definition(cycles: float, size: int) -> None:
    rng = np.random.default_rng(size)
    time = np.sort(rng.uniform(0.0, 1000.0, 150))
    time -= time[0]
    values = rng.normal(size=150)
    step = 1.0 / (cycles * time[-1])
    found = trigonometric_sums(time, values, step, size)
    k = np.unique(np.concatenate([[0, size // 2, size - 1], rng.integers(0, size, 40)]))
    exact = np.exp(2j * np.pi * np.outer(k * step, time)) @ values
    assert found.shape == (size,)
    # The kernel's error is 5e-5 of the sum of the sizes; single precision adds 1e-6.
    np.testing.assert_allclose(found[k], exact, atol=1e-4 * np.abs(values).sum())


def test_one_point_and_points_at_one_time() -> None:
    np.testing.assert_allclose(trigonometric_sums(np.zeros(3), np.ones(3), 0.1, 5), np.full(5, 3.0), rtol=3e-4)
