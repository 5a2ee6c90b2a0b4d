"""The walk against the process that it claims to be."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("numba")

from goodricke.simulate.kinds.damped_walk import damped_walk
from goodricke.simulate.stars import Moments


def walks(times: np.ndarray, n: int, place: int = 0, nodes: int = 100) -> np.ndarray:
    moments = Moments(np.tile(times, n), np.arange(n + 1) * len(times))
    return damped_walk(np.arange(n), np.full(n, 50.0), np.full(n, 10.0), moments, place, nodes).reshape(n, -1)


def test_variance_and_correlation_are_those_of_the_process() -> None:
    made = walks(np.array([-100.0, 45.0, 50.0, 55.0, 65.0, 300.0]), 4000, nodes=10)
    # 4,000 walks: variance to 2.2%, correlation to 1.6%, four sigma here.
    np.testing.assert_allclose(made.var(axis=0), 1.0, atol=0.09)
    np.testing.assert_allclose(made.mean(axis=0), 0.0, atol=0.065)
    for i, j, apart in ((1, 2, 5.0), (2, 3, 5.0), (1, 3, 10.0), (3, 4, 10.0), (1, 4, 20.0), (0, 5, 400.0)):
        assert np.corrcoef(made[:, i], made[:, j])[0, 1] == pytest.approx(np.exp(-apart / 10.0), abs=0.065)


def test_the_path_does_not_depend_on_where_one_looks() -> None:
    times = np.linspace(0, 100, 301)
    full = walks(times, 3)
    np.testing.assert_array_equal(full[:, 10:20], walks(times[10:20], 3))
    assert not np.allclose(full, walks(times, 3, place=1))


def test_a_star_without_moments_does_no_harm() -> None:
    moments = Moments(np.array([1.0, 2.0]), np.array([0, 1, 1, 2]))
    made = damped_walk(np.array([1, 2, 3]), np.zeros(3), np.ones(3), moments)
    assert made.shape == (2,)
    assert np.isfinite(made).all()
