"""Folded curves of many trial frequencies at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["binned", "scatter"]

Floats = NDArray[np.float64]


def binned(time: Floats, value: Floats, weight: Floats, frequencies: Floats, n_bins: int) -> tuple[Floats, Floats]:
    """Weighted mean and weight in every phase bin, for every frequency.

    Parameters
    ----------
    time, value, weight : (n,)
        Days, any quantity, and 1 / error^2.
    frequencies : (f,)
        Cycles per day.
    n_bins : int
        Bins of equal width over the cycle; phase 0 is at time 0.

    Returns
    -------
    mean, total : (f, n_bins)
        NaN and 0 in an empty bin.
    """
    f = len(frequencies)
    cell = np.outer(frequencies, time)
    cell -= np.floor(cell)
    cell *= n_bins
    index = np.minimum(cell.astype(np.int64), n_bins - 1)
    index += n_bins * np.arange(f)[:, None]
    flat = index.ravel()
    total = np.bincount(flat, np.broadcast_to(weight, (f, len(time))).ravel(), f * n_bins)
    summed = np.bincount(flat, np.broadcast_to(weight * value, (f, len(time))).ravel(), f * n_bins)
    with np.errstate(invalid="ignore"):
        return (summed / total).reshape(f, n_bins), np.asarray(total.reshape(f, n_bins), dtype=np.float64)


def scatter(time: Floats, value: Floats, weight: Floats, frequencies: Floats, n_bins: int) -> tuple[Floats, Floats]:
    """Weighted sum of squares about the bin means (f,), and how many bins are filled (f,).

    The value must have weighted mean 0 or so; the sum is the chi square of a step-wise curve.
    """
    mean, total = binned(time, value, weight, frequencies, n_bins)
    explained = np.nansum(np.where(total > 0, mean, 0.0) ** 2 * total, axis=1)
    whole = float(np.sum(weight * value * value))
    return np.maximum(whole - explained, 1e-12 * whole), np.count_nonzero(total, axis=1).astype(np.float64)
