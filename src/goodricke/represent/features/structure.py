"""Structure function and autocorrelation: on which times the star changes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from goodricke.represent.features.curves import Curves
from goodricke.represent.features.feature import Feature

__all__ = ["FEATURES", "compute"]

Floats = NDArray[np.float64]

_LAGS = (1, 3, 9, 27, 81)
_SCALES = {
    "3h": "shorter than an eighth of a day",
    "1d": "of 1/8 to 1 d",
    "8d": "of 1 to 8 d",
    "64d": "of 8 to 64 d",
    "512d": "of 64 to 512 d",
    "long": "longer than 512 d",
}
_RANGE_OF_EXPONENT = np.clip((np.arange(2048) - 1023 + 6) // 3, 0, len(_SCALES) - 1)
_FEWEST_PAIRS = 5
_FALL = 1.0 / np.e

FEATURES = (
    *(Feature(f"log_structure_{key}", "", -6, 2, f"Half the mean square difference of points at lags {words}, over the "
              "variance; 0 for noise.") for key, words in _SCALES.items()),
    Feature("structure_slope", "", -2, 2, "Slope of the logarithm of the structure function over that of the lag."),
    Feature("log_correlation_time", "d", -6, 5, "Lag where the autocorrelation falls below 1/e."),
    Feature("correlation_1", "", -1, 1, "Autocorrelation of neighbours."),
    Feature("correlation_9", "", -1, 1, "Autocorrelation of points nine places apart."),
)  # fmt: skip


def compute(curves: Curves) -> dict[str, Floats]:
    """Every feature of the group (N,).

    Notes
    -----
    Pairs are points 1, 3, 9, 27 and 81 places apart, not all pairs: the cost is 5 n instead of n^2 / 2, and every lag
    is still met by many pairs. They are sorted into times that differ by a factor of eight.
    """
    n, b = len(curves.lcs), len(_SCALES)
    square, pairs = np.zeros(n * b), np.zeros(n * b)
    correlation, lag = np.full((n, len(_LAGS)), np.nan), np.full((n, len(_LAGS)), np.nan)
    star = np.repeat(np.arange(n), curves.lengths)
    cell = b * star
    value, time = curves.residual, curves.time
    mean_square = curves.sum(value**2) / curves.n
    padded = np.zeros((2, len(value)))
    for column, k in enumerate(_LAGS):
        if not (curves.lengths > k).any():
            break
        # Pairs that reach into the next star are kept, with weight 0: cheaper than to gather the others.
        same = (star[k:] == star[:-k]).astype(np.float64)
        days = time[k:] - time[:-k]
        where = _scale_of(days) + cell[:-k]
        square += np.bincount(where, same * (value[k:] - value[:-k]) ** 2, n * b)
        pairs += np.bincount(where, same, n * b)
        padded[:, -k:] = 0.0
        np.multiply(same, days, out=padded[0, :-k])
        np.multiply(same, value[k:] * value[:-k], out=padded[1, :-k])
        both = np.maximum(curves.n - k, 0.0)
        lag[:, column] = curves.sum(padded[0]) / both
        correlation[:, column] = curves.sum(padded[1]) / both / mean_square
    variance = mean_square[:, None]
    count = np.where(pairs >= _FEWEST_PAIRS, pairs, np.nan).reshape(n, b)
    log_structure = np.log10(0.5 * square.reshape(n, b) / count / variance)
    log_structure[~(np.isfinite(log_structure) & curves.varies[:, None])] = np.nan
    correlation[~curves.varies] = np.nan
    found = {f"log_structure_{key}": log_structure[:, k] for k, key in enumerate(_SCALES)}
    found["structure_slope"] = _slope(log_structure)
    found["log_correlation_time"] = _fall(correlation, np.log10(lag))
    found["correlation_1"], found["correlation_9"] = correlation[:, 0], correlation[:, _LAGS.index(9)]
    return found


def _scale_of(days: Floats) -> NDArray[np.int64]:
    """Which of the six ranges a time is in: they are three powers of two wide."""
    # The exponent of a float is its binary logarithm, rounded down: reading it and looking the range up is ten times
    # cheaper than log2. The sign is cut off; times between two stars, which do not count, may be negative.
    return np.asarray(_RANGE_OF_EXPONENT.take((days.view(np.int64) >> 52) & 2047))


def _slope(log_structure: Floats) -> Floats:
    """Least squares over the ranges that are known (N,); a range is 0.9 wide in the decimal logarithm."""
    known = np.isfinite(log_structure)
    count = known.sum(axis=1)
    place = 3.0 * np.log10(2.0) * np.arange(log_structure.shape[1])
    y = np.where(known, log_structure, 0.0)
    x = np.where(known, place, 0.0)
    mean_x = x.sum(axis=1) / count
    away = np.where(known, place - mean_x[:, None], 0.0)
    return np.asarray(np.where(count > 1, (away * y).sum(axis=1) / (away**2).sum(axis=1), np.nan))


def _fall(correlation: Floats, log_lag: Floats) -> Floats:
    """Logarithm of the lag where the correlation passes 1/e (N,); the shortest or longest lag if it does not."""
    known = np.isfinite(correlation) & np.isfinite(log_lag)
    line = np.arange(len(correlation))
    below = known & (correlation < _FALL)
    last = np.maximum(known.sum(axis=1) - 1, 0)
    first = np.where(below.any(axis=1), np.argmax(below, axis=1), last)
    before = np.maximum(first - 1, 0)
    c0, c1 = correlation[line, before], correlation[line, first]
    x0, x1 = log_lag[line, before], log_lag[line, first]
    crosses = (first > 0) & (c1 < _FALL)
    return np.asarray(np.where(crosses, x0 + (x1 - x0) * (c0 - _FALL) / np.where(crosses, c0 - c1, 1.0), x1))
