"""How smooth the curve is from one point to the next."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from goodricke import ragged
from goodricke.represent.features.curves import Curves
from goodricke.represent.features.feature import Feature

__all__ = ["FEATURES", "compute"]

FEATURES = (
    Feature("eta", "", 0, 10, "Von Neumann's ratio: mean square difference of neighbours over the variance; 2 for "
            "noise, near 0 for a smooth curve."),
    Feature("log_eta_e", "", -4, 12, "The same with differences divided by the time between the points."),
    Feature("eta_sigma", "", 0, 10, "The same with points and differences in errors."),
    Feature("log_neighbour_chi2", "", -4, 8, "Mean square difference of neighbours in errors of the difference; 0 when "
            "errors explain it."),
    Feature("cusum", "", 0, 1, "Range of the running sum of the distances from the mean, over n standard deviations."),
)  # fmt: skip


def compute(curves: Curves) -> dict[str, NDArray[np.float64]]:
    """Every feature of the group (N,).

    Notes
    -----
    Von Neumann (1941, Ann. Math. Stat. 12, 367); eta_e and cusum: Kim et al. (2014, A&A 566, A43). Pairs of points at
    the same time are left out of eta_e.
    """
    n, variance = curves.n, curves.variance
    step, days = curves.flux_step, curves.time_step
    square = step**2
    slope2 = np.where(days > 0, square / days**2, 0.0)
    span = curves.sum(days)
    noise = np.ones_like(square)
    noise[:-1] = curves.err[:-1] ** 2 + curves.err[1:] ** 2
    delta = np.zeros_like(square)
    delta[:-1] = (curves.delta[1:] - curves.delta[:-1]) ** 2
    delta[curves.is_last] = 0.0
    pairs = np.where(n > 1, n - 1.0, np.nan)
    return {
        "eta": curves.sum(square) / pairs / variance,
        "log_eta_e": np.log10(span**2 / pairs**3 * curves.sum(slope2) / variance),
        "eta_sigma": curves.sum(delta) / curves.chi2,
        "log_neighbour_chi2": np.log10(curves.sum(square / noise) / pairs),
        "cusum": _cusum(curves),
    }


def _cusum(curves: Curves) -> NDArray[np.float64]:
    # Divided by n sigma first: the sums of all stars then have one size, and no star costs another its digits.
    scaled = curves.residual / curves.spread(curves.n * np.where(curves.varies, np.sqrt(curves.variance), np.inf))
    running = np.cumsum(scaled)
    # Each star's sums begin where those before it end, which is 0 but for rounding; a range does not mind.
    width = ragged.maxima(running, curves.offsets) - ragged.minima(running, curves.offsets)
    return np.where(curves.varies, width, np.nan)
