"""Detrending of space photometry: divide by a slow trend that eclipses do not pull down.

The trend is worked out between gaps, in windows that overlap by three quarters. It starts from the median of every
window and is refined with means under a Hann taper, over the points that are not masked. Masked are points, and
stretches of a 32nd of a window, that lie below the trend by more than 3 standard deviations (above it: 5). The
deviation is that of the points above the median, so that eclipses do not hide themselves.

Domain, with W for the window:

* Eclipses shorter than W / 3 keep their depth.
* Continuous variation with a period below W / 3 keeps its amplitude: the taper lets less than 1% of it into the trend
  (3% up to W / 2). That is why a taper and not a running median does the last step.
* Trends slower than 5 W are removed to a few per cent; what lies between, such as the rotation or ellipsoidal variation
  of a 3-d binary under the default window, is partly removed. Leave these stars as they are, or give a longer window.
* A segment shorter than W, a series with fewer than 20 points per window and difference fluxes are not touched.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from goodricke import ragged
from goodricke.clean.gaps import cut_at_gaps
from goodricke.clean.series import Series
from goodricke.errors import OptionError
from goodricke.lightcurves import LightCurves

__all__ = ["default_window", "detrend", "trend"]

_GAP_DAYS = 0.5
_BINS = 4  # bins per window; a knot in the middle of every four of them
_FINE = 8  # stretches per bin
_ITERATIONS = 4
_BELOW, _ABOVE = 3.0, 5.0
_ONE_SIGMA = 0.841345  # quantile of a normal distribution one standard deviation above its median
_FEWEST = 20  # points per window
_AT_ONCE = 1 << 20  # points worked on together: bounds the memory

Floats = NDArray[np.float64]
Index = NDArray[np.int64]


def detrend(lcs: LightCurves, window_days: float | None = None, gap_days: float = _GAP_DAYS) -> LightCurves:
    """Divide flux and error by the trend (see ``trend`` for the arguments).

    Examples
    --------
    >>> time = np.arange(0.0, 27.0, 0.02)
    >>> lcs = LightCurves.from_arrays(time, flux=1.0 + 0.01 * time, err=np.full(time.size, 1e-3))
    >>> float(np.ptp(lcs.flux)) > 0.2, float(np.ptp(detrend(lcs).flux)) < 1e-3
    (True, True)
    """
    slow = trend(lcs, window_days, gap_days)
    return replace(
        lcs, flux=(lcs.flux / slow).astype(np.float32), flux_err=(lcs.flux_err / slow).astype(np.float32)
    )


def default_window(lcs: LightCurves, gap_days: float = _GAP_DAYS) -> Floats:
    """Window in days for every star (N,): a quarter of its longest segment, but 1 d at least and 3 d at most."""
    cut = cut_at_gaps(lcs.time, lcs.offsets, np.full(len(lcs), gap_days))
    span = np.nan_to_num(ragged.maxima(lcs.time, cut.offsets) - ragged.minima(lcs.time, cut.offsets))
    longest = np.zeros(len(lcs))
    np.maximum.at(longest, cut.star, span)
    return np.clip(longest / 4.0, 1.0, 3.0)


def trend(lcs: LightCurves, window_days: float | None = None, gap_days: float = _GAP_DAYS) -> Floats:
    """Slow variation of every star and band, relative to its median (M,).

    Parameters
    ----------
    lcs : LightCurves
        N stars with M points, sorted by time.
    window_days : float, optional
        Length of the window; what varies faster is kept. The default is ``default_window``.
    gap_days : float
        The trend may jump over gaps longer than this.
    """
    if window_days is not None and not 0 < window_days < np.inf:
        raise OptionError(f"a detrending window of {window_days} d; give days above 0, or nothing")
    if not gap_days > 0:
        raise OptionError(f"gaps of {gap_days} d; give days above 0")
    window = default_window(lcs, gap_days) if window_days is None else np.full(len(lcs), float(window_days))
    series = Series.of_bands(lcs)
    time, flux = series.gather(lcs.time), series.gather(lcs.flux)
    cut = cut_at_gaps(time, series.offsets, np.full(len(series.star), gap_days))
    star = series.star[cut.star]
    result = np.ones(lcs.n_points)
    for chosen in _portions(_worth_it(time, cut.offsets, window[star], lcs.difference[star]), cut.offsets):
        index, offsets = ragged.take(cut.offsets, chosen)
        result[index] = _Windows.over(time[index], offsets, window[star[chosen]]).trend(flux[index].astype(np.float64))
    return series.scatter(result)


def _worth_it(time: Floats, offsets: Index, window: Floats, difference: NDArray[np.bool_]) -> Index:
    """Segments that are long and dense enough."""
    span = ragged.maxima(time, offsets) - ragged.minima(time, offsets)
    dense = np.diff(offsets) >= _FEWEST * span / window
    return np.flatnonzero((span >= window) & dense & ~difference)


def _portions(segments: Index, offsets: Index) -> Iterator[Index]:
    """Cut a list of segments into parts of about ``_AT_ONCE`` points."""
    portion = np.cumsum(np.diff(offsets)[segments]) // _AT_ONCE
    for part in np.split(segments, np.flatnonzero(np.diff(portion)) + 1):
        if len(part):
            yield part


@dataclass(frozen=True, eq=False)
class _Windows:
    """Bins and knots of segments that are at least a window long. Bin k of a segment is followed by its bin k + 1.

    A window is four bins in a row; its knot lies in the middle. A segment of B bins has B - 3 knots.
    """

    offsets: Index  # (S + 1,) bounds of the segments
    bin_offsets: Index  # (S + 1,) bounds of the bins of the segments
    place: Floats  # (M,) time since the start of the segment, in bins
    bins: Index  # (M,) bin of every point, counted through all segments
    segment: Index  # (M,) segment of every point

    @classmethod
    def over(cls, time: Floats, offsets: Index, window: Floats) -> _Windows:
        start, end = time[offsets[:-1]], time[offsets[1:] - 1]
        n = np.maximum(np.floor((end - start) / window * _BINS), _BINS).astype(np.int64)
        segment = ragged.segment_ids(offsets)
        place = (time - start[segment]) * (n / (end - start))[segment]
        bin_offsets = ragged.offsets_from_lengths(n)
        bins = bin_offsets[segment] + np.minimum(place.astype(np.int64), n[segment] - 1)
        return cls(offsets, bin_offsets, place, bins, segment)

    def trend(self, flux: Floats) -> Floats:
        """The trend under `flux` (M,), at every point."""
        knots = self._medians(flux)
        for _ in range(_ITERATIONS):
            slow = self._between(knots)
            mask = self._usual(flux / slow)
            knots = self._tapered(flux, mask, knots)
        slow = self._between(knots)
        return np.where(slow > 0, slow, 1.0)

    def _medians(self, flux: Floats) -> Floats:
        """Median of the window of every knot, NaN where it is empty."""
        bounds = ragged.offsets_from_ids(self.bins, int(self.bin_offsets[-1]))
        first = self._first_bins()
        low, high = bounds[first], bounds[first + _BINS]
        windows = ragged.offsets_from_lengths(high - low)
        index = np.arange(windows[-1]) + np.repeat(low - windows[:-1], high - low)
        return ragged.medians(flux[index], windows)

    def _tapered(self, flux: Floats, mask: NDArray[np.bool_], before: Floats) -> Floats:
        """Mean of the window of every knot under a Hann taper; where all is masked, the value from before."""
        place, segment = self.place[mask], self.segment[mask]
        flux, bins = flux[mask], self.bins[mask]
        shift = self._knot_offsets() - self.bin_offsets
        total, weights = np.zeros(len(before)), np.zeros(len(before))
        for back in range(_BINS):
            # The window that starts `back` bins before the bin of the point, if the segment has it.
            local = bins - self.bin_offsets[segment] - back
            inside = (local >= 0) & (local <= np.diff(self.bin_offsets)[segment] - _BINS)
            knot = (bins + shift[segment] - back)[inside]
            weight = 1.0 - np.cos(2.0 * np.pi / _BINS * (place - local)[inside])
            weights += np.bincount(knot, weight, len(before))
            total += np.bincount(knot, weight * flux[inside], len(before))
        # A few left-over points at the hem of the taper say less than the estimate before.
        enough = weights > 1.0
        return np.where(enough, total / np.where(enough, weights, 1.0), before)

    def _usual(self, ratio: Floats) -> NDArray[np.bool_]:
        """False for points outside of the usual scatter about the trend, by themselves or with their stretch."""
        usual = _within(ratio, self.offsets)
        fine = self.bins * _FINE + ((self.place % 1.0) * _FINE).astype(np.int64)
        # The last point of a segment stands at the very end of its last bin.
        fine = np.maximum.accumulate(fine)
        new = np.append(True, fine[1:] > fine[:-1])
        stretch = np.cumsum(new) - 1
        means = np.bincount(stretch, ratio) / np.bincount(stretch)
        calm = _within(means, ragged.offsets_from_ids(self.segment[new], len(self.offsets) - 1))
        # The stretches on both sides hold the shoulders of an eclipse.
        wide = calm.copy()
        wide[1:] &= calm[:-1]
        wide[:-1] &= calm[1:]
        return np.asarray(usual & wide[stretch])

    def _between(self, knots: Floats) -> Floats:
        """Linear between the knots of a segment and beyond the outer ones."""
        per_segment = np.diff(self._knot_offsets())
        first = self._knot_offsets()[:-1][self.segment]
        last = np.maximum(per_segment - 2, 0)[self.segment]
        position = self.place - _BINS / 2
        left = np.clip(np.floor(position).astype(np.int64), 0, last)
        right = np.minimum(left + 1, per_segment[self.segment] - 1)
        knots = _filled(knots)
        low, high = knots[first + left], knots[first + right]
        return np.asarray(low + (position - left) * (high - low))

    def _knot_offsets(self) -> Index:
        return ragged.offsets_from_lengths(np.diff(self.bin_offsets) - _BINS + 1)

    def _first_bins(self) -> Index:
        """First bin of the window of every knot."""
        knots = self._knot_offsets()
        return np.arange(knots[-1]) + np.repeat(self.bin_offsets[:-1] - knots[:-1], np.diff(knots))


def _within(values: Floats, offsets: Index) -> NDArray[np.bool_]:
    """True where values lie within the usual scatter of their segment."""
    centre, high = ragged.quantiles(values, offsets, (0.5, _ONE_SIGMA)).T
    lengths = np.diff(offsets)
    deviation = values - np.repeat(centre, lengths)
    sigma = np.repeat(high - centre, lengths)
    return np.asarray((deviation >= -_BELOW * sigma) & (deviation <= _ABOVE * sigma))


def _filled(knots: NDArray[Any]) -> Floats:
    """Knots without points take the value of the knot before (at the start, of the one after)."""
    bad = np.isnan(knots)
    if not bad.any():
        return knots
    good = np.flatnonzero(~bad)
    return knots[good[np.clip(np.searchsorted(good, np.arange(len(knots)), side="right") - 1, 0, None)]]
