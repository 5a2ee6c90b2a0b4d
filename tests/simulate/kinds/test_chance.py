"""Looked-up chance against the distributions it claims and against a SplitMix64 in plain integers."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from goodricke.simulate.kinds.chance import new_seeds, normals, uniforms

MASK = 2**64 - 1


def mixed(x: int) -> int:
    x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) & MASK
    return x ^ (x >> 31)


@pytest.mark.parametrize(("seed", "place"), [(0, 0), (5, -3), (2**61, 12345678901)])
def test_numbers_are_those_of_whole_number_arithmetic(seed: int, place: int) -> None:
    step = 0x9E3779B97F4A7C15
    x = mixed((seed + step) & MASK)
    x = mixed(((x ^ mixed(((place & MASK) * step + 0xBF58476D1CE4E5B9) & MASK)) + step) & MASK)
    assert float(uniforms(seed, place)) == ((x >> 11) + 0.5) / 2**53


@pytest.mark.parametrize("which", ["seed", "place"])
def test_uniforms_are_even_and_normals_normal(which: str) -> None:
    many = np.arange(20_000)
    args = (many, 3) if which == "seed" else (3, many)
    assert stats.kstest(uniforms(*args), "uniform").pvalue > 1e-3
    assert stats.kstest(normals(*args), "norm").pvalue > 1e-3


def test_neighbours_know_nothing_of_each_other() -> None:
    grid = uniforms(np.arange(200)[:, None], 1, np.arange(200))
    for moved in (grid[1:, :], grid[:, 1:].T):
        left = grid[:-1, :] if moved.shape == (199, 200) and moved is not grid[:, 1:].T else grid[:, :-1].T
        # 39,800 pairs: a correlation of 0.02 would be four sigma.
        assert abs(np.corrcoef(left.ravel(), moved.ravel())[0, 1]) < 0.02


def test_shapes_broadcast_and_stay() -> None:
    assert uniforms(1).shape == ()
    assert uniforms(np.arange(3)[:, None], np.arange(4)).shape == (3, 4)
    assert normals(np.arange(3), 1).shape == (3,)


def test_seeds_are_of_the_generator() -> None:
    made = new_seeds(1000, np.random.default_rng(1))
    assert made.dtype == np.int64
    assert len(set(made.tolist())) == 1000
    assert (made == new_seeds(1000, np.random.default_rng(1))).all()
