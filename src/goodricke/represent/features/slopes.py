"""Trends, and how fast the star rises and falls."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from goodricke import ragged
from goodricke.represent.features.curves import Curves, signed_log
from goodricke.represent.features.feature import Feature

__all__ = ["FEATURES", "compute"]

FEATURES = (
    Feature("trend", "", -10, 10, "Change of a weighted straight line over the span, in standard deviations."),
    Feature("trend_significance", "", -6, 6, "Slope of that line over its error; sign and logarithm of 1 + size."),
    Feature("trend_share", "", 0, 1, "Share of the chi square that the line explains."),
    Feature("log_max_slope", "flux/d", -6, 8, "Steepest change between neighbours.", scale="log"),
    Feature("log_typical_slope", "1/d", -6, 6, "Mean size of the change between neighbours over the mean time, in "
            "standard deviations."),
    Feature("rising", "", 0, 1, "Share of neighbours where the flux rises."),
    Feature("rise_excess", "", -1, 1, "Mean rise less mean fall between neighbours, over their sum."),
)  # fmt: skip


def compute(curves: Curves) -> dict[str, NDArray[np.float64]]:
    """Every feature of the group (N,)."""
    step, days = curves.flux_step, curves.time_step
    slope, error, explained = _line(curves)
    sigma, span, pairs = np.sqrt(curves.variance), curves.sum(days), curves.n - 1.0
    up, down = np.maximum(step, 0.0), np.maximum(-step, 0.0)
    n_up, n_down = ragged.counts(step > 0, curves.offsets), ragged.counts(step < 0, curves.offsets)
    rise, fall = curves.sum(up), curves.sum(down)
    mean_rise, mean_fall = rise / np.maximum(n_up, 1), fall / np.maximum(n_down, 1)
    steepest = ragged.maxima(np.where(days > 0, np.abs(step) / days, 0.0), curves.offsets)
    return {
        "trend": slope * span / sigma,
        "trend_significance": signed_log(np.where(curves.varies, slope / error, np.nan)),
        "trend_share": explained / curves.chi2,
        "log_max_slope": np.log10(steepest),
        "log_typical_slope": np.log10((rise + fall) / span / sigma),
        "rising": n_up / np.where(pairs > 0, pairs, np.nan),
        "rise_excess": (mean_rise - mean_fall) / (mean_rise + mean_fall),
    }


def _line(curves: Curves) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Slope, its error, and the chi square that the weighted line explains (N,)."""
    weight = curves.weight
    total = curves.sum(weight)
    since = curves.time - curves.spread(ragged.minima(curves.time, curves.offsets))
    since = since - curves.spread(curves.sum(weight * since) / total)
    weighed = weight * since
    square = curves.sum(weighed * since)
    square = np.where(square > 0, square, np.nan)
    cross = curves.sum(weighed * (curves.flux - curves.spread(curves.weighted_mean)))
    return cross / square, 1.0 / np.sqrt(square), cross**2 / square
