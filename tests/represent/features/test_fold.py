from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from goodricke.represent.features.curves import Curves
from goodricke.represent.features.fold import BINS, fold_at, kernel
from represent import made

PHASE = np.arange(1000) / 1000
DIP = -0.5 * np.exp(-0.5 * ((PHASE - 0.37) / 0.03) ** 2)


@pytest.mark.parametrize("where", [0.0, 0.37, 0.9])
def test_the_minimum_is_at_phase_zero(where: float) -> None:
    lcs = made.phased(np.roll(DIP, int(1000 * (where - 0.37))), n=4000)
    fold = fold_at(Curves(lcs, made.periods_of(lcs, 1.7)))
    true = (lcs.time / 1.7 - where) % 1.0
    away = (fold.phase - true + 0.5) % 1.0 - 0.5
    assert np.ptp(away) < 1e-9
    assert abs(away[0]) < 0.2 / BINS


def test_bins_are_weighted_means_about_their_centres() -> None:
    lcs = made.phased(DIP, noise=0.05, n=500)
    lcs = replace(lcs, flux_err=np.random.default_rng(0).uniform(0.03, 0.05, 500).astype(np.float32))
    fold = fold_at(Curves(lcs, made.periods_of(lcs, 1.7)))
    nearest = np.round(fold.phase * BINS).astype(int) % BINS
    for k in range(BINS):
        here = nearest == k
        assert fold.total[0, k] == pytest.approx(fold.weight[here].sum())
        if here.any():
            assert fold.mean[0, k] == pytest.approx(np.average(fold.value[here], weights=fold.weight[here]))
    assert fold.filled[0] == len(np.unique(nearest))
    left = np.sum(fold.weight * (fold.value - fold.mean[0, nearest]) ** 2)
    assert fold.scatter[0] == pytest.approx(left / (500 - fold.filled[0]))


def test_gaps_are_bridged_and_filled_bins_hardly_changed() -> None:
    lcs = made.phased(0.2 * np.cos(2 * np.pi * PHASE), n=3000)
    phase = lcs.time / 1.7 % 1.0
    lcs = lcs.keep_points((phase < 0.1) | (phase > 0.3))
    fold = fold_at(Curves(lcs, made.periods_of(lcs, 1.7)))
    assert fold.filled[0] < BINS
    centre = -0.2 * np.cos(2 * np.pi * np.arange(BINS) / BINS)
    found = fold.profile[0] - np.average(fold.profile[0], weights=fold.total[0] > 0)
    centre -= np.average(centre, weights=fold.total[0] > 0)
    full = fold.total[0] > 5
    # smoothing by 0.7 bins takes (0.07)^2 / 2 of a cosine; bins beside the gap lean on one side
    assert np.abs(found - centre)[full].max() < 0.02
    assert np.abs(found - centre).max() < 0.12


def test_the_error_of_the_profile_is_its_scatter() -> None:
    rng = np.random.default_rng(1)
    found = []
    for _ in range(200):
        lcs = made.phased(DIP, n=600)
        lcs = replace(lcs, flux=(lcs.flux + rng.normal(0, 0.05, 600)).astype(np.float32))
        fold = fold_at(Curves(lcs, made.periods_of(lcs, 1.7)))
        found.append((fold.profile[0, 20] - fold.profile[0, 40], np.hypot(fold.error[0, 20], fold.error[0, 40])))
    difference, error = np.array(found).T
    # 200 trials tell a standard deviation to 5%
    assert difference.std() == pytest.approx(error.mean(), rel=0.2)


def test_the_kernel_is_circular_and_positive() -> None:
    matrix = kernel(64, 0.7)
    np.testing.assert_array_equal(matrix[0], np.roll(matrix[10], -10))
    assert (matrix > 1e-9).all()
