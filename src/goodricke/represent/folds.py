"""Candidate folds: every star folded at several periods, as images of one line that a circular network reads.

| stage | object | shape and type |
|---|---|---|
| `magnitudes` | `Points` | `time`, `mag`, `weight` (M,) float64, `offsets` (N + 1,) int64 |
| `folded` | folds | (N, C, 3, B) float32; a missing candidate is all 0 |
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from goodricke import ragged
from goodricke.lightcurves import LightCurves
from goodricke.represent.features.fold import kernel

__all__ = ["BINS", "CHANNELS", "Points", "folded", "magnitudes"]

Floats = NDArray[np.float64]

BINS = 64
CHANNELS = ("level", "error", "scatter")
"""Mean magnitude in the bin; log10 of its error; scatter of the points about it. All in units of the amplitude."""
_LN = 2.5 / np.log(10.0)
_FAINTEST = 0.01  # of the median flux: 5 mag, below which negative and zero flux would have none
_SMOOTH = 0.6  # bins; wide wings of no weight fill the gaps
_MINIMUM = 1.5  # bins over which the minimum is looked for
_RANGE = (0.01, 0.99)  # quantiles that are the amplitude: one wild point in a hundred does not set the scale
_CLIP = 2.5
_LOG_ERROR = (-3.0, 1.0)


@dataclass(frozen=True)
class Points:
    """Points of N stars, one star behind the other."""

    time: Floats
    """Days since the star's first point (M,)."""
    mag: Floats
    """Magnitude from the median of the star and band, larger is fainter (M,)."""
    weight: Floats
    """1 / error^2 (M,); errors are no less than half the star's median error."""
    offsets: NDArray[np.int64]
    """Bounds of the stars (N + 1,)."""

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def some(self, stars: NDArray[np.int64]) -> Points:
        """The chosen stars."""
        index, offsets = ragged.take(self.offsets, stars)
        return Points(self.time[index], self.mag[index], self.weight[index], offsets)

    def keep(self, points: NDArray[np.bool_]) -> Points:
        """The chosen points (M,) of all stars."""
        offsets = ragged.compressed_offsets(points, self.offsets)
        return Points(self.time[points], self.mag[points], self.weight[points], offsets)


def magnitudes(lcs: LightCurves) -> Points:
    """The points of cleaned light curves as magnitudes from the median of their star and band.

    >>> lcs = LightCurves.from_arrays([5.0, 6.0, 8.0], mag=[10.0, 10.5, 11.0], err=[0.1, 0.1, 0.2], object_id="a")
    >>> np.abs(magnitudes(lcs).mag).round(3).tolist()
    [0.5, 0.0, 0.5]
    """
    star = ragged.segment_ids(lcs.offsets)
    flux = np.maximum(lcs.flux.astype(np.float64), _FAINTEST)
    error = _LN * lcs.flux_err.astype(np.float64) / flux
    error = np.maximum(error, 0.5 * ragged.medians(error, lcs.offsets)[star])
    time = lcs.time - ragged.minima(lcs.time, lcs.offsets)[star]
    return Points(time, -_LN * np.log(flux), 1.0 / error**2, lcs.offsets)


def folded(points: Points, frequency: Floats, bins: int = BINS) -> NDArray[np.float32]:
    """Every star folded at every candidate, the faintest phase in bin 0.

    Parameters
    ----------
    points : Points
        N stars.
    frequency : (N, C)
        Cycles per day; NaN for a missing candidate.
    bins : int
        B, of equal width over the cycle.

    Returns
    -------
    (N, C, 3, B) float32
        The `CHANNELS`. The level is 0 at the star's median magnitude and about 1 its range from the 1st to the 99th
        percentile, larger is fainter; a gap takes the level around it, and shows in the error.

    Notes
    -----
    Some 13 ns per point and candidate, and 9 us per fold of 64 bins: 0.12 ms for 8 candidates of 450 points.
    """
    n, c = frequency.shape
    star = ragged.segment_ids(points.offsets)
    low, high = ragged.quantiles(points.mag, points.offsets, _RANGE).T
    amplitude = np.maximum(high - low, 1e-4)
    value = np.clip(points.mag / amplitude[star], -_CLIP, _CLIP)
    moments = (points.weight, points.weight * value, points.weight * value**2)
    first = star * bins
    sums = np.zeros((3, c, n * bins))
    for k in range(c):
        phase = np.nan_to_num(frequency[:, k])[star] * points.time
        phase -= np.floor(phase)
        cell = np.minimum((phase * bins).astype(np.int64), bins - 1) + first
        for moment, out in zip(moments, sums, strict=True):
            out[k] = np.bincount(cell, moment, n * bins)
    total, product, square = (one.reshape(c, n, bins) for one in sums)
    lowest = np.argmax(_mean(total, product, _MINIMUM), axis=2)
    turned = (lowest[:, :, None] + np.arange(bins)) % bins
    total, product, square = (np.take_along_axis(one, turned, axis=2) for one in (total, product, square))
    matrix = kernel(bins, _SMOOTH)
    weight = np.maximum(total @ matrix, 1e-30)
    level = product @ matrix / weight
    # Of the points near by alone, so that a gap has a large error: exact where neighbouring bins weigh alike.
    near = np.exp(-0.5 * (np.minimum(np.arange(bins), bins - np.arange(bins)) / _SMOOTH) ** 2)
    around = near[(np.arange(bins) - np.arange(bins)[:, None]) % bins]
    error = np.sqrt((near @ near) / near.sum() / np.maximum(total @ around, 1e-30)) / amplitude[:, None]
    scatter = np.sqrt(np.maximum(square @ matrix / weight - level**2, 0.0))
    log_error = np.log10(np.clip(error, 10 ** _LOG_ERROR[0], 10 ** _LOG_ERROR[1]))
    found = np.stack([level, log_error, scatter], axis=2).swapaxes(0, 1)
    there = np.isfinite(frequency) & (np.diff(points.offsets) > 0)[:, None]
    return np.where(there[:, :, None, None], found, 0.0).astype(np.float32)


def _mean(total: Floats, product: Floats, width: float) -> Floats:
    matrix = kernel(total.shape[-1], width)
    return np.asarray((product @ matrix) / np.maximum(total @ matrix, 1e-30))
