"""Knots: a slow curve through segments of a light curve, kept up where eclipses pull it down.

A segment is cut into bins of a quarter of a window, with a knot between every two bins, and a bin into cells. The
median of every cell stands for its points from there on, so that a dense light curve costs no more than a coarse one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from goodricke import ragged

__all__ = ["slow_curve"]

_BINS = 4  # bins per window
_CELLS = 16  # cells per bin
_STEPS = np.arange(1 - _BINS // 2, 1 + _BINS // 2)  # knots around a bin, seen from its start
_ITERATIONS = 4
_BELOW, _ABOVE = 3.0, 5.0
_ONE_SIGMA = 0.841345  # quantile of a normal distribution one standard deviation above its median
_LONGEST = _BINS * _CELLS // 2  # cells that may be masked in a row: longer is no eclipse but a failure of the curve

Floats = NDArray[np.float64]
Index = NDArray[np.int64]


def slow_curve(time: Floats, flux: NDArray[np.floating], offsets: Index, window: Floats) -> Floats:
    """The slow curve under `flux` at every point (M,).

    Parameters
    ----------
    time, flux : (M,)
        Points of S segments, sorted by time inside each.
    offsets : (S + 1,)
        Their bounds; every segment is at least one window long.
    window : (S,)
        Windows in the unit of `time`.
    """
    start, end = time[offsets[:-1]], time[offsets[1:] - 1]
    n_bins = np.maximum(np.floor((end - start) / window * _BINS), _BINS).astype(np.int64)
    lengths = np.diff(offsets)
    place = (time - np.repeat(start, lengths)) * np.repeat(n_bins / (end - start), lengths)
    cells = _Cells.of_points(place, flux, offsets, n_bins)
    return _between(cells.knots(), place, ragged.segment_ids(offsets), n_bins)


@dataclass(frozen=True, eq=False)
class _Cells:
    """Medians of the points of C cells. Knot j of a segment stands between its bins j and j + 1, at place j + 1."""

    n_bins: Index  # (S,) bins of every segment
    segment: Index  # (C,)
    place: Floats  # (C,) time since the start of the segment, in bins
    flux: Floats  # (C,)
    points: Floats  # (C,) number of points

    @classmethod
    def of_points(cls, place: Floats, flux: NDArray[np.floating], offsets: Index, n_bins: Index) -> _Cells:
        cells = ragged.offsets_from_lengths(n_bins * _CELLS)
        lengths = np.diff(offsets)
        # The last point of a segment stands at the very end of its last cell.
        local = np.minimum((place * _CELLS).astype(np.int64), np.repeat(n_bins * _CELLS - 1, lengths))
        points = np.bincount(np.repeat(cells[:-1], lengths) + local, minlength=int(cells[-1]))
        filled = points > 0
        bounds = ragged.offsets_from_lengths(points[filled])
        return cls(
            n_bins=n_bins,
            segment=ragged.segment_ids(cells)[filled],
            place=ragged.means(place, bounds),
            flux=ragged.medians(flux, bounds),
            points=np.diff(bounds).astype(np.float64),
        )

    def knots(self) -> Floats:
        """Height of the curve at the knots of all segments, one segment after the other."""
        knots = _filled(self._medians(self.flux))
        knots = knots + np.nan_to_num(self._medians(self._above(knots)))
        taper = self._taper()
        # The medians beat with a fast variation; only their mask is used.
        knots = self._means(self.flux, taper * self._usual(self._above(knots)), knots)
        for _ in range(_ITERATIONS):
            # A mean cuts the corners of a bent curve, and leans where a mask is lopsided. The mean of what it missed
            # gives that back.
            above = self._above(knots)
            knots = knots + self._means(above, taper * self._usual(above), np.zeros_like(knots))
        return knots

    def _above(self, knots: Floats) -> Floats:
        return self.flux - _between(knots, self.place, self.segment, self.n_bins)

    def _medians(self, flux: Floats) -> Floats:
        """Median of the window of every knot, half a window at the ends of a segment; NaN where it is empty."""
        first_bin = ragged.offsets_from_lengths(self.n_bins)
        bins = first_bin[self.segment] + np.minimum(self.place.astype(np.int64), self.n_bins[self.segment] - 1)
        bounds = ragged.offsets_from_ids(bins, int(first_bin[-1]))
        local, segment = _knot_places(self.n_bins)
        half = np.minimum(np.minimum(local, self.n_bins[segment] - local), _BINS // 2)
        middle = first_bin[segment] + local
        low, high = bounds[middle - half], bounds[middle + half]
        windows = ragged.offsets_from_lengths(high - low)
        index = np.arange(windows[-1]) + np.repeat(low - windows[:-1], high - low)
        return ragged.medians(flux[index], windows)

    def _taper(self) -> Floats:
        """Weight of every cell at the knots around it (4, C): a Hann taper, half as wide at the ends of a segment."""
        n_bins = self.n_bins[self.segment]
        knot = np.floor(self.place) + _STEPS[:, None]
        half = np.minimum(np.minimum(knot, n_bins - knot), _BINS // 2)
        far = (self.place - knot) / np.maximum(half, 1)
        return np.where((half > 0) & (np.abs(far) < 1.0), (1.0 + np.cos(np.pi * far)) * self.points, 0.0)

    def _means(self, flux: Floats, weights: Floats, otherwise: Floats) -> Floats:
        """Weighted mean around every knot; `otherwise` where nothing has weight."""
        column = (ragged.offsets_from_lengths(self.n_bins - 1)[:-1])[self.segment] + self.place.astype(np.int64) - 1
        # Cells beyond the last knot of a segment have weight 0 in the columns of the next one.
        columns = np.clip(column + _STEPS[:, None], 0, len(otherwise) - 1).reshape(-1)
        weight = np.bincount(columns, weights.reshape(-1), len(otherwise))
        total = np.bincount(columns, (weights * flux).reshape(-1), len(otherwise))
        return np.where(weight > 0, total / np.where(weight > 0, weight, 1.0), otherwise)

    def _usual(self, above: Floats) -> NDArray[np.bool_]:
        """False for cells outside of the usual scatter about the curve, and for their neighbours."""
        offsets = ragged.offsets_from_ids(self.segment, len(self.n_bins))
        # The scatter is that above the curve, so that eclipses do not hide themselves.
        centre, high = ragged.quantiles(above, offsets, (0.5, _ONE_SIGMA)).T
        above = above - centre[self.segment]
        sigma = (high - centre)[self.segment]
        calm = (above >= -_BELOW * sigma) & (above <= _ABOVE * sigma)
        usual = calm.copy()
        new = self.segment[1:] != self.segment[:-1]
        usual[1:] &= calm[:-1] | new  # the shoulders of an eclipse
        usual[:-1] &= calm[1:] | new
        starts = np.flatnonzero(np.append(True, (usual[1:] != usual[:-1]) | new))
        run = np.diff(np.append(starts, len(usual)))
        return np.asarray(usual | np.repeat(run > _LONGEST, run))


def _knot_places(n_bins: Index) -> tuple[Index, Index]:
    """Place of every knot in its segment, counted in bins from 1, and its segment."""
    offsets = ragged.offsets_from_lengths(n_bins - 1)
    segment = ragged.segment_ids(offsets)
    return np.arange(offsets[-1]) - offsets[segment] + 1, segment


def _between(knots: Floats, place: Floats, segment: Index, n_bins: Index) -> Floats:
    """Linear between the knots of a segment and beyond the outer ones."""
    first = ragged.offsets_from_lengths(n_bins - 1)
    left = np.clip(place.astype(np.int64), 1, (n_bins - 2)[segment])
    knot = first[segment] + left - 1
    low = knots[knot]
    return np.asarray(low + (place - left) * (knots[knot + 1] - low))


def _filled(knots: Floats) -> Floats:
    """Knots without points take the value of the one before (at the start, of the one after)."""
    good = np.flatnonzero(~np.isnan(knots))
    if len(good) == len(knots):
        return knots
    return knots[good[np.maximum(np.searchsorted(good, np.arange(len(knots)), side="right") - 1, 0)]]
