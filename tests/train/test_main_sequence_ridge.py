from __future__ import annotations

import numpy as np
import pytest

from goodricke.train.main_sequence_ridge import fit_ridge


def test_errors_of_the_ridge_are_those_of_many_draws() -> None:
    colour = np.linspace(1.6, 2.5, 5)
    ridges, told = [], []
    for seed in range(60):
        rng = np.random.default_rng(seed)
        c, feh = rng.uniform(1.5, 2.6, 600), rng.normal(0, 0.2, 600)
        m = 1.5 + 2.1 * c - 0.2 * (c - 2) ** 2 - 0.8 * feh + rng.normal(0, 0.08, 600)
        m[:180] -= rng.uniform(0, 0.75, 180)
        ridge = fit_ridge(c, m, feh, np.full(600, 0.04))
        at, error = ridge.at(colour, np.zeros(5))
        ridges.append(at)
        told.append(error)
    spread = np.std(ridges, axis=0)
    ratio = np.mean(told, axis=0) / spread
    # What the mixture's own uncertainty adds is not in the covariance: the error may be told too small by a third.
    assert np.all((ratio > 0.6) & (ratio < 1.4)), ratio
    assert np.abs(np.mean(ridges, axis=0) - (1.5 + 2.1 * colour - 0.2 * (colour - 2) ** 2)).max() < 0.02


def test_scatter_is_what_is_left_beyond_the_errors() -> None:
    rng = np.random.default_rng(5)
    c, feh, error = rng.uniform(1.5, 2.6, 5000), rng.normal(0, 0.2, 5000), rng.uniform(0.02, 0.2, 5000)
    m = 1.5 + 2 * c - 0.5 * feh + rng.normal(0, np.hypot(0.09, error))
    assert fit_ridge(c, m, feh, error).scatter == pytest.approx(0.09, rel=0.05)
    assert fit_ridge(c, 1.5 + 2 * c, feh, error).scatter <= 0.02
