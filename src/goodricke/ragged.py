"""Ragged arrays: many segments in one flat array plus offsets, reduced without a Python loop over segments.

Segment ``i`` of ``values`` is ``values[offsets[i]:offsets[i + 1]]``, as in an Arrow list column. Every function takes
flat arrays of shape (M,) and offsets of shape (N + 1,) and costs O(M); the sorting ones O(M log L) for segments of
length L. Empty segments are allowed everywhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "blocks",
    "compressed_offsets",
    "counts",
    "maxima",
    "means",
    "medians",
    "minima",
    "offsets_from_ids",
    "offsets_from_lengths",
    "order",
    "quantiles",
    "segment_ids",
    "sorted_blocks",
    "sums",
    "take",
]

Offsets = NDArray[np.int64]
Floats = NDArray[np.floating[Any]]
T = TypeVar("T", bound=np.generic)

_BLOCK = 1 << 19  # elements gathered at once: 4 MB of float64 stay in the cache of one core


def offsets_from_lengths(lengths: NDArray[np.integer[Any]]) -> Offsets:
    """Offsets (N + 1,) of segments with these lengths (N,)."""
    offsets = np.zeros(len(lengths) + 1, dtype=np.int64)
    np.cumsum(lengths, out=offsets[1:])
    return offsets


def offsets_from_ids(ids: NDArray[np.integer[Any]], n: int) -> Offsets:
    """Offsets (n + 1,) of segments 0..n-1 from the sorted segment number of every element (M,)."""
    return offsets_from_lengths(np.bincount(ids, minlength=n))


def segment_ids(offsets: Offsets) -> NDArray[np.int64]:
    """Segment number of every element (M,).

    >>> segment_ids(np.array([0, 2, 2, 3]))
    array([0, 0, 2])
    """
    return np.repeat(np.arange(len(offsets) - 1, dtype=np.int64), np.diff(offsets))


def _reduce(ufunc: np.ufunc, values: NDArray[Any], offsets: Offsets, empty: float) -> NDArray[Any]:
    filled = offsets[1:] > offsets[:-1]
    result = np.full(len(filled), empty, dtype=values.dtype)
    if filled.any():
        result[filled] = ufunc.reduceat(values[: offsets[-1]], offsets[:-1][filled])
    return result


def sums(values: NDArray[Any], offsets: Offsets) -> NDArray[np.float64]:
    """Sum of every segment in float64 (N,); 0 for an empty one."""
    return _reduce(np.add, np.asarray(values, dtype=np.float64), offsets, 0.0)


def means(values: NDArray[Any], offsets: Offsets) -> NDArray[np.float64]:
    """Mean of every segment (N,); NaN for an empty one."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return sums(values, offsets) / np.diff(offsets)


def counts(mask: NDArray[np.bool_], offsets: Offsets) -> NDArray[np.int64]:
    """How many elements of `mask` are true in every segment (N,)."""
    total = np.zeros(len(mask) + 1, dtype=np.int64)
    np.cumsum(mask, out=total[1:])
    return np.asarray(total[offsets[1:]] - total[offsets[:-1]])


def minima(values: Floats, offsets: Offsets) -> Floats:
    """Smallest value of every segment (N,); NaN for an empty one."""
    return _reduce(np.minimum, values, offsets, np.nan)


def maxima(values: Floats, offsets: Offsets) -> Floats:
    """Largest value of every segment (N,); NaN for an empty one."""
    return _reduce(np.maximum, values, offsets, np.nan)


def compressed_offsets(keep: NDArray[np.bool_], offsets: Offsets) -> Offsets:
    """Offsets after ``values[keep]``: the same segments, shorter."""
    return offsets_from_lengths(counts(keep, offsets))


def take(offsets: Offsets, segments: NDArray[np.integer[Any]]) -> tuple[NDArray[np.int64], Offsets]:
    """Flat index and offsets of the chosen segments, in the order given.

    >>> index, offsets = take(np.array([0, 2, 5]), np.array([1, 0]))
    >>> index, offsets
    (array([2, 3, 4, 0, 1]), array([0, 3, 5]))
    """
    starts = offsets[:-1][segments]
    new = offsets_from_lengths(np.diff(offsets)[segments])
    index = np.arange(new[-1], dtype=np.int64) + np.repeat(starts - new[:-1], np.diff(new))
    return index, new


def order(values: NDArray[Any], offsets: Offsets) -> NDArray[np.int64] | None:
    """Stable order (M,) that sorts every segment by `values`, or None when all are sorted already."""
    if len(values) < 2:
        return None
    backwards = values[1:] < values[:-1]
    inner = offsets[1:-1]
    backwards[inner[(inner > 0) & (inner < len(values))] - 1] = False
    if not backwards.any():
        return None
    ids = segment_ids(offsets)
    # Sort only the segments that need it: files with one star out of order are common, whole batches are not.
    broken = np.unique(ids[1:][backwards])
    index, new = take(offsets, broken)
    result = np.arange(len(values), dtype=np.int64)
    result[index] = index[np.lexsort((values[index], segment_ids(new)))]
    return result


def blocks(offsets: Offsets, pad: int = 0) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]]:
    """Cut the segments into rectangles of similar length, so that NumPy can work along an axis.

    Yields
    ------
    rows : (n,)
        Segment numbers in the rectangle; empty segments never appear.
    index : (n, width)
        Flat index of every cell; padded cells repeat `pad`, an index that is always valid when M > 0.
    real : (n, width)
        False in padded cells. In rows longer than a few values, at most a fifth of the cells are padding.
    """
    lengths = np.diff(offsets)
    ranked = np.argsort(lengths, kind="stable")
    ranked = ranked[lengths[ranked] > 0]
    start = 0
    while start < len(ranked):
        shortest = int(lengths[ranked[start]])
        stop = int(np.searchsorted(lengths[ranked], shortest + shortest // 4 + 1, side="right"))
        width = int(lengths[ranked[stop - 1]])
        step = max(1, _BLOCK // width)
        for first in range(start, stop, step):
            rows = ranked[first : min(first + step, stop)]
            width = int(lengths[rows[-1]])
            columns = np.arange(width, dtype=np.int64)
            real = columns < lengths[rows, None]
            yield rows, np.where(real, offsets[:-1][rows, None] + columns, pad), real
        start = stop


def quantiles(values: Floats, offsets: Offsets, levels: tuple[float, ...]) -> NDArray[np.float64]:
    """Quantiles of every segment (N, K), linear between the neighbouring values; NaN for an empty one.

    Parameters
    ----------
    values : (M,)
        Finite numbers; a segment with a NaN gets NaN.
    offsets : (N + 1,)
        Bounds of the segments.
    levels : K numbers in [0, 1]
        Which quantiles.
    """
    result = np.full((len(offsets) - 1, len(levels)), np.nan)
    lengths = np.diff(offsets)
    for rows, cells in sorted_blocks(values, offsets):
        last = lengths[rows] - 1
        line = np.arange(len(rows))
        for k, level in enumerate(levels):
            position = level * last
            low = np.floor(position).astype(np.int64)
            high = np.minimum(low + 1, last)
            below = cells[line, low].astype(np.float64)
            result[rows, k] = below + (position - low) * (cells[line, high] - below)
        bad = np.isnan(cells[line, last])
        result[rows[bad]] = np.nan
    return result


def medians(values: Floats, offsets: Offsets) -> NDArray[np.float64]:
    """Median of every segment (N,); NaN for an empty one.

    >>> medians(np.array([3.0, 1.0, 2.0, 7.0]), np.array([0, 3, 3, 4]))
    array([ 2., nan,  7.])
    """
    return quantiles(values, offsets, (0.5,))[:, 0]


def sorted_blocks(values: Floats, offsets: Offsets) -> Iterator[tuple[NDArray[np.int64], Floats]]:
    """Rectangles of values sorted along axis 1, every row a segment; padding sorts to the end as NaN.

    Yields
    ------
    rows : (n,)
        Segment numbers in the rectangle; empty segments never appear.
    cells : (n, width)
        Their sorted values, a copy.
    """
    lengths = np.diff(offsets)
    if len(lengths) and lengths[0] > 0 and (lengths == lengths[0]).all():
        # One length for all (one star, or a fixed cadence): no gather is needed.
        width = int(lengths[0])
        cells = values[offsets[0] : offsets[-1]].reshape(-1, width)
        step = max(1, _BLOCK // width)
        for first in range(0, len(cells), step):
            part = np.sort(cells[first : first + step], axis=1)
            yield np.arange(first, first + len(part)), part
        return
    for rows, index, real in blocks(offsets):
        cells = values[index]
        cells[~real] = np.nan  # NaN sorts last, so a true NaN is seen in the last real cell
        cells.sort(axis=1)
        yield rows, cells
