"""When the star was observed, and in how many bands."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from goodricke import ragged
from goodricke.represent.features.curves import Curves
from goodricke.represent.features.feature import Feature

__all__ = ["FEATURES", "compute"]

FEATURES = (
    Feature("log_n", "", 0, 8, "Number of points in all bands."),
    Feature("log_span", "d", -5, 5, "Time from the first point to the last."),
    Feature("n_bands", "", 1, 127, "Bands with at least one point."),
    Feature("main_band_share", "", 0, 1, "Share of the points that are in the main band."),
    Feature("log_median_gap", "d", -6, 5, "Median time between neighbouring points."),
    Feature("longest_gap", "", 0, 1, "Longest time without a point, as a fraction of the span."),
    Feature("within_night", "", 0, 1, "Share of the points that are followed by another within half a day."),
    Feature("time_evenness", "", 0, 2, "Standard deviation of the times over that of an even cover of the span."),
)


def compute(curves: Curves) -> dict[str, NDArray[np.float64]]:
    """Every feature of the group (N,)."""
    everything = curves.lcs.lengths.astype(np.float64)
    filled = np.where(curves.n > 0, curves.n, np.nan)
    first, last = ragged.minima(curves.time, curves.offsets), ragged.maxima(curves.time, curves.offsets)
    span, pairs = last - first, curves.n - 1.0
    step = curves.time_step
    since = curves.time - curves.spread(first)
    spread = np.sqrt(curves.sum(since**2) / curves.n - (curves.sum(since) / curves.n) ** 2)
    return {
        "log_n": np.log10(everything),
        "log_span": np.log10(_whole_span(curves)),
        "n_bands": np.where(everything > 0, np.count_nonzero(curves.band_counts, axis=1), np.nan),
        "main_band_share": filled / everything,
        "log_median_gap": np.log10(curves.median_gap),
        "longest_gap": np.maximum(ragged.maxima(step, curves.offsets), 0.0) / np.where(span > 0, span, np.nan),
        "within_night": (ragged.counts(step < 0.5, curves.offsets) - 1.0) / np.where(pairs > 0, pairs, np.nan),
        "time_evenness": np.sqrt(12.0) * spread / span,
    }


def _whole_span(curves: Curves) -> NDArray[np.float64]:
    time, offsets = curves.lcs.time, curves.lcs.offsets
    return np.asarray(ragged.maxima(time, offsets) - ragged.minima(time, offsets))
