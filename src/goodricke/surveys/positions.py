"""Positions: which rows of a cone search belong to the same star, and names made of coordinates."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["mean_coordinate", "middle", "position_name", "same_place"]


def same_place(ra: ArrayLike, dec: ArrayLike, radius_arcsec: float) -> NDArray[np.int64]:
    """Number the groups (n,) of positions that hang together by steps of at most `radius_arcsec`.

    Groups are numbered in the order in which they appear. Steps are taken between means over cells of a quarter of
    the radius, so a million measurements of one star cost one cell; links may therefore be short or long by that much.
    Positions that are not finite form one group of their own.

    Parameters
    ----------
    ra, dec : (n,)
        ICRS degrees.
    radius_arcsec : float
        Longest step.

    Examples
    --------
    >>> same_place([10.0, 10.0001, 359.99999, 0.00001], [0.0, 0.0, 5.0, 5.0], 1.5)
    array([0, 0, 1, 1])
    """
    a, d = np.radians(np.asarray(ra, dtype=np.float64)), np.radians(np.asarray(dec, dtype=np.float64))
    known = np.isfinite(a) & np.isfinite(d)
    group = np.full(len(a), -1, dtype=np.int64)
    if known.any():
        a, d = a[known], d[known]
        unit = np.stack([np.cos(d) * np.cos(a), np.cos(d) * np.sin(a), np.sin(d)], axis=1)
        group[known] = _linked(unit, math.radians(radius_arcsec / 3600.0))
    _, first, code = np.unique(group, return_index=True, return_inverse=True)
    rank = np.empty(len(first), dtype=np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    return rank[code]


def _linked(unit: NDArray[np.float64], radius: float) -> NDArray[np.int64]:
    if (np.linalg.norm(unit - unit.mean(axis=0), axis=1) <= radius / 2).all():
        return np.zeros(len(unit), dtype=np.int64)  # the usual file: one star
    cell = np.floor(unit / (radius / 4)).astype(np.int64)
    order = np.lexsort(cell.T)
    fresh = np.ones(len(cell), dtype=bool)
    fresh[1:] = (np.diff(cell[order], axis=0) != 0).any(axis=1)
    code = np.empty(len(cell), dtype=np.int64)
    code[order] = np.cumsum(fresh) - 1
    n = int(code.max()) + 1
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components
    from scipy.spatial import cKDTree

    count = np.bincount(code)
    mean = np.stack([np.bincount(code, weights=axis) / count for axis in unit.T], axis=1)
    pairs: NDArray[Any] = cKDTree(mean).query_pairs(radius, output_type="ndarray")
    links = coo_matrix((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(n, n))
    return np.asarray(connected_components(links, directed=False)[1], dtype=np.int64)[code]


def mean_coordinate(degrees: NDArray[np.float64], group: NDArray[np.int64], n: int) -> NDArray[np.float64]:
    """Mean right ascension or declination of every group (n,): that of its first row plus the mean step from it.

    Taken so, 359.9 and 0.1 degrees make 0 and not 180.

    >>> mean_coordinate(np.array([359.75, 0.25, 10.0]), np.array([0, 0, 1]), 2)
    array([360.,  10.])
    """
    start = degrees[np.unique(group, return_index=True)[1]]
    with np.errstate(over="ignore", invalid="ignore"):
        step = (degrees - start[group] + 180.0) % 360.0 - 180.0
    good = np.isfinite(step)
    count = np.bincount(group[good], minlength=n)
    return np.asarray(start + np.bincount(group[good], weights=step[good], minlength=n) / np.where(count > 0, count, 1))


def middle(values: NDArray[np.float64]) -> float:
    """Median of what is finite; NaN when nothing is."""
    good = values[np.isfinite(values)]
    return float(np.median(good)) if len(good) else float("nan")


def position_name(ra: float, dec: float) -> str:
    """Sexagesimal name in the IAU way: cut, not rounded, to 0.01 s and 0.1 arcsec.

    >>> position_name(36.351611, 60.841893)
    'J022524.38+605030.8'
    """
    # A ten-thousandth of the last digit makes up for decimals that binary numbers cannot hold.
    hundredths = math.floor((ra % 360.0) * 24000.0 + 1e-4) % 8_640_000
    tenths = math.floor(abs(dec) * 36000.0 + 1e-4)
    seconds, arcsec = hundredths / 100, tenths / 10
    hms = f"{int(seconds // 3600):02d}{int(seconds % 3600 // 60):02d}{hundredths % 6000 / 100:05.2f}"
    dms = f"{int(arcsec // 3600):02d}{int(arcsec % 3600 // 60):02d}{tenths % 600 / 10:04.1f}"
    return f"J{hms}{'-' if dec < 0 else '+'}{dms}"
