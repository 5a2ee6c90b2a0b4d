"""Gaps: where a light curve was interrupted, and the segments between."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from goodricke import ragged
from goodricke.errors import OptionError
from goodricke.lightcurves import LightCurves

__all__ = ["Segments", "cut_at_gaps", "median_cadence", "segments", "split_at_gaps"]


@dataclass(frozen=True, eq=False)
class Segments:
    """Stretches without a long gap; every star has at least one, which is empty if the star is.

    Parameters
    ----------
    offsets : (S + 1,) int64
        Segment ``s`` owns the points from ``offsets[s]`` up to ``offsets[s + 1]``.
    star : (S,) int64
        Its star.
    """

    offsets: NDArray[np.int64]
    star: NDArray[np.int64]

    @property
    def ids(self) -> NDArray[np.int64]:
        """Segment number of every point (M,)."""
        return ragged.segment_ids(self.offsets)


def median_cadence(lcs: LightCurves) -> NDArray[np.float64]:
    """Median step between different times of every star, in days (N,); NaN for a star with a single time."""
    steps, offsets = _steps(lcs.time, lcs.offsets)
    moved = steps > 0  # bands taken together have one time
    return ragged.medians(steps[moved], ragged.compressed_offsets(moved, offsets))


def segments(lcs: LightCurves, gap_days: float = 0.0, gap_cadences: float = 0.0) -> Segments:
    """Cut every star where two points in a row are more than `gap_days` and `gap_cadences` median steps apart.

    Parameters
    ----------
    lcs : LightCurves
        N stars with M points, sorted by time.
    gap_days : float
        Length of the shortest gap in days.
    gap_cadences : float
        The same in units of the star's median cadence. When both are given, a gap is longer than either.

    Examples
    --------
    >>> lcs = LightCurves.from_arrays([0.0, 1.0, 9.0, 10.0], flux=[1.0, 1.0, 1.0, 1.0])
    >>> segments(lcs, gap_days=5.0).offsets
    array([0, 2, 4])
    """
    if not (gap_days > 0 or gap_cadences > 0):
        raise OptionError("no gap length was given; set gap_days or gap_cadences above 0")
    limit = np.full(len(lcs), gap_days, dtype=np.float64)
    if gap_cadences > 0:
        limit = np.fmax(limit, gap_cadences * median_cadence(lcs))
    return cut_at_gaps(lcs.time, lcs.offsets, limit)


def cut_at_gaps(time: NDArray[np.float64], offsets: NDArray[np.int64], gap_days: NDArray[np.float64]) -> Segments:
    """Cut ragged times (M,) with bounds `offsets` (N + 1,) at gaps longer than `gap_days` (N,)."""
    steps, bounds = _steps(time, offsets)
    row, wide = ragged.segment_ids(bounds), steps > np.repeat(gap_days, np.diff(bounds))
    row = row[wide]
    # Step j of a row lies between its points j and j + 1.
    starts = np.flatnonzero(wide) - bounds[row] + offsets[row] + 1
    place = np.concatenate([offsets[:-1], starts])
    by_place = np.argsort(place, kind="stable")
    star = np.concatenate([np.arange(len(offsets) - 1, dtype=np.int64), row])[by_place]
    return Segments(np.append(place[by_place], offsets[-1]), star)


def split_at_gaps(lcs: LightCurves, gap_days: float = 0.0, gap_cadences: float = 0.0) -> LightCurves:
    """Make a star of every segment: same ``object_id``, numbered from 0 in the meta column ``segment``.

    The points are not copied. Levels stay those of the whole star, so that the median of a segment need not be 1; the
    counts of dropped points stay with its first segment. See ``segments`` for the arguments.

    Examples
    --------
    >>> lcs = LightCurves.from_arrays([0.0, 1.0, 9.0, 10.0], flux=[1.0, 1.0, 1.0, 1.0], object_id="Algol")
    >>> parts = split_at_gaps(lcs, gap_days=5.0)
    >>> parts.object_id.tolist(), parts.meta["segment"].tolist()
    (['Algol', 'Algol'], [0, 1])
    """
    cut = segments(lcs, gap_days, gap_cadences)
    star = cut.star
    number = np.arange(len(star)) - np.searchsorted(star, star)
    return replace(
        lcs,
        offsets=cut.offsets,
        object_id=lcs.object_id[star],
        survey=lcs.survey[star],
        frame=lcs.frame[star],
        ra=lcs.ra[star],
        dec=lcs.dec[star],
        ref_mag=lcs.ref_mag[star],
        ref_flux=lcs.ref_flux[star],
        difference=lcs.difference[star],
        dropped=np.where(number[:, None] == 0, lcs.dropped[star], 0),
        meta={**{name: values[star] for name, values in lcs.meta.items()}, "segment": number},
    )


def _steps(time: NDArray[np.float64], offsets: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Steps between neighbours inside every segment, and their offsets (N + 1,)."""
    inside = np.ones(max(len(time) - 1, 0), dtype=bool)
    inner = offsets[1:-1]
    inside[inner[(inner > 0) & (inner < len(time))] - 1] = False
    return np.diff(time)[inside], ragged.offsets_from_lengths(np.maximum(np.diff(offsets) - 1, 0))
