"""Error clip: drop points whose uncertainty is far from the star's others.

This is the clip of the ASAS-SN recurrent-network classifier of eclipsing binaries: "rejecting photometric points with
flux uncertainties that are more than 3 sigma from the mean uncertainty in each record, and iteratively repeat this
clipping 5 times".
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from goodricke import ragged
from goodricke.clean.series import Series
from goodricke.errors import OptionError
from goodricke.lightcurves import LightCurves

__all__ = ["error_clip"]

Floats = NDArray[np.floating[Any]]

_SAME = 1e-6  # errors closer than this (relative) are equal: float32 does not resolve more


def error_clip(
    lcs: LightCurves,
    sigma: float = 3.0,
    iterations: int = 5,
    *,
    factor: float = 1.0,
    spare_variation: bool = False,
    per_band: bool = True,
) -> LightCurves:
    """Drop points whose error is more than `sigma` standard deviations from the mean error, again and again.

    A point may have a small or a large flux error only because the star is faint or bright then: with a constant error
    in magnitudes, the flux error in an eclipse one magnitude deep is 0.4 of that outside. The published clip takes such
    points away. With `spare_variation` a point goes only if its error stands out, to the same side, both in flux and
    relative to its flux.

    Where the errors are nearly equal, as in space photometry, 3 standard deviations may be a few per cent of the error,
    and an orbit with some stray light goes as a whole. With `factor` an error that is not that many times larger or
    smaller than the mean stays.

    Parameters
    ----------
    lcs : LightCurves
        N stars with M points.
    sigma : float
        How many (population) standard deviations are allowed.
    iterations : int
        How often to repeat; a series where nothing changes is left earlier.
    factor : float
        Errors within this factor of the mean error are kept; 1 is the published clip.
    spare_variation : bool
        Keep points whose error differs because their flux does. False is the published clip.
    per_band : bool
        Clip every band of a star for itself, or all together.

    Returns
    -------
    LightCurves
        The same stars; lost points are counted as ``error_clip``.

    Examples
    --------
    >>> err = [0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.9]
    >>> lcs = LightCurves.from_arrays(range(11), flux=[1.0] * 11, err=err)
    >>> error_clip(lcs)[0].dropped
    {'error_clip': 1}
    """
    if not (sigma > 0 and iterations >= 0 and factor >= 1):
        raise OptionError(
            f"error clip with sigma {sigma}, {iterations} iterations and factor {factor}; "
            "give sigma above 0, iterations of 0 or more, a factor of 1 or more"
        )
    series = Series.of_bands(lcs) if per_band else Series.of_stars(lcs)
    err = series.gather(lcs.flux_err)
    low, high = _outside(err, series, sigma, iterations, factor)
    if spare_variation and (low.any() or high.any()):
        relative = err / np.maximum(np.abs(series.gather(lcs.flux)), err)
        also_low, also_high = _outside(relative, series, sigma, iterations, factor)
        low, high = low & also_low, high & also_high
    out = low | high
    return lcs.keep_points(series.scatter(~out), "error_clip")


def _outside(
    values: Floats, series: Series, sigma: float, iterations: int, factor: float
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """True for the points that the clip of `values` (M,) takes away because they are low, and because they are high."""
    limits = np.empty((len(series.star), 2), dtype=values.dtype)
    for rows, cells in ragged.sorted_blocks(values, series.offsets):
        limits[rows] = _limits(cells, series.lengths[rows], sigma, iterations, factor)
    return values < series.spread(limits[:, 0]), values > series.spread(limits[:, 1])


def _limits(cells: Floats, lengths: NDArray[np.int64], sigma: float, iterations: int, factor: float) -> Floats:
    """Smallest and largest value left by the clip (n, 2) in rows of sorted values (n, width).

    What is left is always a stretch of the sorted row, from `low` up to `high`.
    """
    line, column = np.arange(len(cells)), np.arange(cells.shape[1])
    # Counted from the median, the sums lose no digits to a large mean or to outliers.
    centre = cells[line, lengths // 2].astype(np.float64)
    shifted = cells - centre[:, None]
    low, high = np.zeros(len(cells), dtype=np.int64), lengths
    for _ in range(iterations):
        tail = int(high.min())
        shifted[:, tail:][column[tail:] >= high[:, None]] = 0.0
        head = int(low.max())
        shifted[:, :head][column[:head] < low[:, None]] = 0.0
        n = np.maximum(high - low, 1)
        mean = shifted.sum(axis=1) / n
        variance = np.einsum("ij,ij->i", shifted, shifted) / n - mean * mean
        mean += centre
        limit = sigma * np.sqrt(np.maximum(variance, 0.0)) + _SAME * mean
        new_low = _first(cells, low, high, np.minimum(mean - limit, mean / factor), np.greater_equal)
        new_high = _first(cells, new_low, high, np.maximum(mean + limit, mean * factor), np.greater)
        if np.array_equal(new_low, low) and np.array_equal(new_high, high):
            break
        low, high = new_low, new_high
    # A sigma below 1 can leave nothing.
    smallest = np.where(high > low, cells[line, np.minimum(low, lengths - 1)], np.inf)
    return np.stack([smallest, np.where(high > low, cells[line, high - 1], -np.inf)], axis=1)


def _first(
    cells: Floats, low: NDArray[np.int64], high: NDArray[np.int64], bound: NDArray[np.float64], reaches: np.ufunc
) -> NDArray[np.int64]:
    """Place of the first value of every sorted row, between `low` and `high`, that reaches its bound (bisection)."""
    result = np.where(reaches(cells[np.arange(len(cells)), np.minimum(low, cells.shape[1] - 1)], bound), low, high)
    # Few rows hold a value on either side of their bound.
    line = np.flatnonzero((low < high) & (result == high))
    line = line[reaches(cells[line, high[line] - 1], bound[line])]
    left, right, bound = low[line], high[line] - 1, bound[line]
    while (left < right).any():
        middle = (left + right) // 2
        found = reaches(cells[line, middle], bound)
        left, right = np.where(found, left, middle + 1), np.where(found, middle, right)
    result[line] = left
    return result
