"""One star with pieces of its light curve levelled: what it would look like had nothing happened there.

The points of a piece are brought to the median level of the star. None is taken away, for models know gaps too. In
phase they keep their scatter about the fold, and the level goes over smoothly where a piece begins, since a step would
look like an eclipse. In time there is no fold that says what is scatter: they get noise as large as their errors.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from goodricke.lightcurves import LightCurves
from goodricke.represent.features.fold import kernel

__all__ = ["Cut", "cut_phase", "cut_time"]

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]

_FINE, _FINER = 2, 8  # bins of the fold in half a window
_DENSE = 2000  # points from which bins are finer: space photometry shows narrower eclipses
_SMOOTH = 1.0  # bins
_EASE = 1.0  # half windows within which the level goes over
_PRIOR = 0.05  # weight of the median level beside the neighbours'
_CLIP = 2.5  # robust standard deviations: what of an eclipse the bins do not resolve is not kept as scatter
_MAD_TO_SIGMA = 1.4826
_LEAST_FREE = 0.1  # of a point's scatter that is left when the curve goes nearly through it


@dataclass(frozen=True, eq=False)
class Cut:
    """A star of n points, cut into H half windows of phase or of time."""

    half: Codes
    """Half window of every point (n,)."""
    edges: Floats
    """Bounds of the half windows (H + 1,), cycles or days."""
    around: bool
    """Whether the last is the neighbour of the first."""
    flux: Floats
    """Relative flux (n,)."""
    calm: Floats
    """The same where nothing happens (n,)."""
    neighbours: Codes
    """Points in the order of the axis, one band behind the other (n,)."""
    band: NDArray[np.int8]
    """Band of every point (n,)."""
    bands: tuple[_Fold, ...] = ()
    """How each band goes over from what is kept; none for time."""

    @property
    def change(self) -> Floats:
        """How far each point is from its level (n,)."""
        return np.abs(self.flux - self.calm)

    @property
    def change_of_half(self) -> Floats:
        """The same for half windows (H,): mean of the points."""
        count = len(self.edges) - 1
        return np.asarray(
            np.bincount(self.half, self.change, count) / np.maximum(np.bincount(self.half, minlength=count), 1)
        )

    def kept(self, keep: NDArray[np.bool_]) -> NDArray[np.float32]:
        """Flux (K, n) with only some of the half windows (K, H) as they are, the others levelled."""
        found = np.tile(self.calm, (len(keep), 1))
        for band in self.bands:
            found[:, band.points] += band.easing(keep)
        return np.where(keep[:, self.half], self.flux, found).astype(np.float32)

    def by_chance(self, copies: int, share: float) -> NDArray[np.float32]:
        """Flux (2 copies, n) of the star, then of the levelled star, with other scatter in one stretch of the axis.

        It means nothing: what the model makes of it is noise. The stretch is this share of the axis.
        """
        # The same for every star, so that it has the same answer alone as among others.
        rng = np.random.default_rng(0)
        count = len(self.edges) - 1
        found = np.concatenate([np.tile(self.flux, (copies, 1)), np.tile(self.calm, (copies, 1))])
        for k in range(copies):
            inside = (self.half - k * count // copies) % count < share * count
            points = self.neighbours[inside[self.neighbours]]
            mixed = points.copy()
            for band in np.unique(self.band[points]):
                here = self.band[points] == band
                mixed[here] = rng.permutation(points[here])
            found[copies + k, points] = self.calm[mixed]
            if self.around:
                found[k, points] += self.calm[mixed] - self.calm[points]
            else:  # what of the light is scatter is not known, but that of neighbours in time is alike
                pairs = points[: len(points) // 2 * 2].reshape(-1, 2)
                pairs = pairs[self.band[pairs[:, 0]] == self.band[pairs[:, 1]]]
                found[k, pairs] = self.flux[pairs[:, ::-1]]
        return found.astype(np.float32)


@dataclass(frozen=True, eq=False)
class _Fold:
    """A band of the star, folded."""

    points: Codes
    """Which points are in the band (m,)."""
    place: Floats
    """Phase of each in bins (m,)."""
    above: Floats
    """The smoothed fold less the median level (bins,)."""
    half_of_bin: Codes
    """Half window of every bin (bins,)."""

    def easing(self, keep: NDArray[np.bool_]) -> Floats:
        """Level above the median that points take from kept neighbours (K, m)."""
        bins = len(self.above)
        away = np.abs(np.arange(bins) - np.arange(bins)[:, None])
        near = np.exp(-0.5 * (np.minimum(away, bins - away) / (_EASE * bins / keep.shape[1])) ** 2)
        there = keep[:, self.half_of_bin].astype(np.float64)
        level = (there * self.above) @ near / (there @ near + _PRIOR * near[0].sum())
        return _at(self.place, level)


def cut_phase(star: LightCurves, period_days: float, epoch: float, windows: int) -> Cut:
    """Half windows of phase; phase 0 is the bound between the first two.

    Parameters
    ----------
    star : LightCurves
        One, cleaned, with n points.
    period_days, epoch : float
        Of the fold.
    windows : int
        H / 2.

    Examples
    --------
    >>> lcs = LightCurves.from_arrays(np.arange(96) / 96, flux=np.r_[np.full(8, 0.5), np.ones(88)], err=np.ones(96))
    >>> cut = cut_phase(lcs, 1.0, 0.0, 24)
    >>> nothing, all_but_one = np.zeros((1, 48), dtype=bool), np.arange(48)[None] != 2
    >>> cut.kept(nothing).min().round(2), (cut.kept(all_but_one) > 0.7).sum()
    (np.float32(1.0), np.int64(88))
    """
    bins = (_FINER if star.n_points > _DENSE else _FINE) * 2 * windows
    half_of_bin = (np.arange(bins) * 2 * windows // bins + 1) % (2 * windows)
    phase = (star.time - epoch) / period_days
    place = (phase - np.floor(phase)) * bins
    flux = star.flux.astype(np.float64)
    calm, bands = np.empty_like(flux), []
    for code in np.unique(star.band):
        here = np.flatnonzero(star.band == code)
        err = star.flux_err[here].astype(np.float64)
        weight = 1.0 / np.maximum(err, 0.5 * np.median(err)) ** 2
        cell, matrix = _bin(place[here], bins), kernel(bins, _SMOOTH)
        around = np.bincount(cell, weight, bins) @ matrix
        curve = (np.bincount(cell, weight * flux[here], bins) @ matrix) / around
        rest = flux[here] - _at(place[here], curve[None])[0]
        # The curve follows the points, the more so the fewer they are: what that took from the scatter is given back.
        rest /= np.sqrt(np.maximum(1.0 - weight * matrix[0, 0] / around[cell], _LEAST_FREE))
        most = _CLIP * _MAD_TO_SIGMA * float(np.median(np.abs(rest - np.median(rest))))
        middle = float(np.median(flux[here]))
        calm[here] = middle + np.clip(rest, -most, most)
        bands.append(_Fold(here, place[here], curve - middle, half_of_bin))
    edges = (np.arange(2 * windows + 1) - 1.0) / (2 * windows)
    neighbours = np.lexsort((place, star.band))
    return Cut(half_of_bin[_bin(place, bins)], edges, True, flux, calm, neighbours, star.band, tuple(bands))


def cut_time(star: LightCurves, windows: int) -> Cut:
    """Half windows of time with a like number of points each.

    Parameters
    ----------
    star : LightCurves
        One, cleaned, with n > 1 points; it gets fewer windows when it has fewer than two for each.
    windows : int
        H / 2.

    Examples
    --------
    >>> lcs = LightCurves.from_arrays(np.arange(10.0), flux=np.r_[np.ones(8), 9, 9], err=np.full(10, 0.01))
    >>> cut = cut_time(lcs, 2)
    >>> cut.edges.tolist(), cut.kept(np.array([[True, True, True, False]])).round(0).tolist()
    ([0.0, 2.5, 4.5, 7.5, 9.0], [[1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0]])
    """
    n = star.n_points
    count = 2 * max(min(windows, n // 2), 1)
    half = np.arange(n) * count // max(n, 1)
    first = np.searchsorted(half, np.arange(1, count))
    edges = np.concatenate([star.time[:1], 0.5 * (star.time[first - 1] + star.time[first]), star.time[-1:]])
    flux = star.flux.astype(np.float64)
    middle = np.empty_like(flux)
    for code in np.unique(star.band):
        middle[star.band == code] = np.median(flux[star.band == code])
    # The same numbers for every star, so that it has the same answer alone as among others.
    noise = np.random.default_rng(0).normal(size=n) * star.flux_err
    return Cut(half, edges, False, flux, middle + noise, np.lexsort((star.time, star.band)), star.band)


def _bin(place: Floats, bins: int) -> Codes:
    return np.minimum(place.astype(np.int64), bins - 1)


def _at(place: Floats, curve: Floats) -> Floats:
    """Curves (K, bins) at places (m,) in bins around the circle: (K, m)."""
    bins = curve.shape[1]
    low = np.floor(place - 0.5).astype(np.int64)
    part = place - 0.5 - low
    return np.asarray(curve[:, low % bins] * (1.0 - part) + curve[:, (low + 1) % bins] * part)
