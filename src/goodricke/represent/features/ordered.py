"""Neighbours in phase at the period, its half and its double: which fold is smoothest."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from goodricke import ragged
from goodricke.represent.features.curves import Curves
from goodricke.represent.features.feature import Feature
from goodricke.represent.features.fold import Fold

__all__ = ["FEATURES", "compute"]

Floats = NDArray[np.float64]

FEATURES = (
    Feature("log_theta", "", -6, 2, "Half the mean square difference of neighbours in phase over the variance: 0 for "
            "noise."),
    Feature("log_theta_half", "", -4, 6, "The same at half the period, over that at the period: near 0 if the half "
            "would do."),
    Feature("log_theta_double", "", -4, 6, "The same at twice the period, over that at the period: below 0 if the "
            "double is better."),
    Feature("log_residual", "", -8, 2, "Variance about the means of 64 phase bins over the variance."),
    Feature("folded_cusum", "", 0, 1, "Range of the running sum of the flux in order of phase, over n standard "
            "deviations."),
)  # fmt: skip


def compute(curves: Curves) -> dict[str, Floats]:
    """Every feature of the group (N,).

    Notes
    -----
    Lafler & Kinman (1965, ApJS 11, 216) with weights: a pair weighs w1 w2 / (w1 + w2), so that in pure noise of the
    stated errors the mean is that of the points. The last point of the cycle is a neighbour of the first.
    """
    fold = curves.fold
    theta, by_phase = _theta(fold, fold.phase)
    twice, _ = _theta(fold, curves.double_fold.phase)
    half, _ = _theta(fold, 2.0 * fold.phase % 1.0)
    sigma = np.sqrt(fold.square / fold.n)
    mean = ragged.means(fold.value, fold.offsets)
    running = np.cumsum(((fold.value - mean[fold.star]) / (sigma * fold.n)[fold.star])[by_phase])
    return fold.masked(
        {
            "log_theta": np.log10(theta),
            "log_theta_half": np.log10(half / theta),
            "log_theta_double": np.log10(twice / theta),
            "log_residual": np.log10(fold.scatter * fold.n / fold.square),
            "folded_cusum": ragged.maxima(running, fold.offsets) - ragged.minima(running, fold.offsets),
        }
    )


def _theta(fold: Fold, phase: Floats) -> tuple[Floats, NDArray[np.int64]]:
    """Mean weighted square difference of neighbours in phase over the variance (N,), and the order by phase (M,)."""
    by_phase = np.argsort(fold.star + np.minimum(phase, 1.0 - 1e-9), kind="stable")
    following = np.arange(1, len(by_phase) + 1)
    filled = fold.offsets[1:] > fold.offsets[:-1]
    following[fold.offsets[1:][filled] - 1] = fold.offsets[:-1][filled]
    value, weight = fold.value[by_phase], fold.weight[by_phase]
    other = weight[following]
    square = weight * other / (weight + other) * (value[following] - value) ** 2
    return ragged.sums(square, fold.offsets) / fold.square, by_phase
