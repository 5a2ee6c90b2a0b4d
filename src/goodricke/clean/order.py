"""Order: finite points in time order, one point per star, band and time."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from goodricke import ragged
from goodricke.clean.series import Series
from goodricke.errors import OptionError
from goodricke.lightcurves import LightCurves

__all__ = ["sort_and_merge"]


def sort_and_merge(lcs: LightCurves, tolerance_days: float = 0.0) -> LightCurves:
    """Drop what is not finite, sort by time, and merge points of one star and band at the same time.

    Points at the same time become one, the mean weighted by 1 / flux_err**2, with the error of that mean. A row that
    stands twice in the input (same time, flux and error) is one measurement and counts once.

    Parameters
    ----------
    lcs : LightCurves
        N stars with M points.
    tolerance_days : float
        Times that differ by no more than this are the same. Points are linked one to the next, so keep it well below
        the cadence.

    Returns
    -------
    LightCurves
        The same stars. Lost points are counted as ``not_finite``, ``error`` (not positive) and ``duplicate``.

    Examples
    --------
    >>> lcs = LightCurves.from_arrays([2.0, 1.0, 2.0], flux=[1.0, 1.0, 1.5], err=[0.1, 0.1, 0.1])
    >>> merged = sort_and_merge(lcs)
    >>> merged.time, merged.flux, merged[0].dropped
    (array([1., 2.]), array([1.  , 1.25], dtype=float32), {'duplicate': 1})
    """
    if not 0 <= tolerance_days < np.inf:
        raise OptionError(f"the tolerance for equal times is {tolerance_days}; give days, 0 or more")
    return _merged(_sorted(_finite(lcs)), tolerance_days)


def _finite(lcs: LightCurves) -> LightCurves:
    # Assembled batches are finite: two sums show it without a mask (an infinity or a NaN survives summation).
    if np.isfinite(lcs.time.sum()) and np.isfinite(lcs.flux.sum(dtype=np.float64)):
        finite = lcs
    else:
        finite = lcs.keep_points(np.isfinite(lcs.time) & np.isfinite(lcs.flux), "not_finite")
    with np.errstate(invalid="ignore"):
        return finite.keep_points((finite.flux_err > 0) & (finite.flux_err < np.inf), "error")


def _sorted(lcs: LightCurves) -> LightCurves:
    order = ragged.order(lcs.time, lcs.offsets)
    if order is None:
        return lcs
    columns = {name: getattr(lcs, name)[order] for name in ("time", "flux", "flux_err", "band")}
    return replace(lcs, **columns)


def _merged(lcs: LightCurves, tolerance_days: float) -> LightCurves:
    if not _same_time(lcs.time, lcs.offsets, tolerance_days).any():
        return lcs
    series = Series.of_bands(lcs)
    time = series.gather(lcs.time)
    same = _same_time(time, series.offsets, tolerance_days)
    if not same.any():
        return lcs  # only different bands meet at one time
    place = np.arange(lcs.n_points) if series.order is None else series.order
    # Only points that have company are touched: `member` marks them, `run` numbers their runs.
    member = same | np.append(same[1:], False)
    index, first = place[member], ~same[member]
    run = np.cumsum(first) - 1
    flux, err = lcs.flux[index].astype(np.float64), lcs.flux_err[index].astype(np.float64)
    weight = np.where(_copies(run, lcs.time[index], flux, err), 0.0, err**-2.0)
    total = np.bincount(run, weight)
    merged = index[first]
    columns = {name: getattr(lcs, name).copy() for name in ("time", "flux", "flux_err")}
    columns["flux"][merged] = np.bincount(run, weight * flux) / total
    columns["flux_err"][merged] = total**-0.5
    if tolerance_days:
        begin = columns["time"][merged]
        columns["time"][merged] = begin + np.bincount(run, weight * (lcs.time[index] - begin[run])) / total
    keep = np.ones(lcs.n_points, dtype=bool)
    keep[index[~first]] = False
    # A mean time can pass a point of another band.
    return _sorted(replace(lcs, **columns).keep_points(keep, "duplicate"))


def _same_time(time: NDArray[np.float64], offsets: NDArray[np.int64], tolerance_days: float) -> NDArray[np.bool_]:
    """True where a point is at the time of the one before it in its segment (M,)."""
    same = np.zeros(len(time), dtype=bool)
    np.less_equal(time[1:] - time[:-1], tolerance_days, out=same[1:])
    same[offsets[:-1][offsets[:-1] < len(time)]] = False
    return same


def _copies(run: NDArray[np.int64], *columns: NDArray[np.float64]) -> NDArray[np.bool_]:
    """True for a point that repeats another one of its run in every column."""
    order = np.lexsort((*columns, run))
    equal = np.ones(max(len(run) - 1, 0), dtype=bool)
    for column in (run, *columns):
        equal &= column[order][1:] == column[order][:-1]
    copies = np.zeros(len(run), dtype=bool)
    copies[order[1:]] = equal
    return copies
