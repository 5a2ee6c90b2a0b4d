"""Flux clip: drop lone points far above the rest of the star, never an eclipse.

Cosmic rays, satellites and bad subtractions make single bright points; eclipses, which a symmetric clip would cut, go
the other way. What else goes up is recognised by two things.

* It is frequent: pulsation, spots, reflection. Heights are counted in units of the star's own scatter above its median,
  with enough weight on the brightest 10% that the sharp maxima of an RR Lyrae star stay low.
* It lasts: outbursts, long flares, microlensing, Miras. A high point with a high neighbour in time is spared, and so
  are the lone high points of a star whose high points mostly come in company.

A brightening that is seen in one point only, and rarer than about one point in ten, cannot be told from an artefact
and is cut: short flares in sparse data, the one night of an outburst that a monthly survey caught.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from goodricke import ragged
from goodricke.clean.series import Series
from goodricke.errors import OptionError
from goodricke.lightcurves import LightCurves

__all__ = ["flux_clip"]

_ONE_SIGMA = 0.841345  # quantile of a normal distribution one standard deviation above its median
_HIGH, _HIGH_NORMAL = 0.9, 1.281552  # a quantile, and its distance from the median in standard deviations
_FEWEST = 10  # points in a series; of fewer, none is an outlier
_COMPANY = 0.6  # of the limit: 3 sigma when the limit is 5, so that noise seldom keeps an outlier company


def flux_clip(
    lcs: LightCurves, upper: float = 5.0, lower: float | None = None, *, lower_within_days: float = 0.05
) -> LightCurves:
    """Drop lone points more than `upper` sigma above the median of their star and band.

    Sigma is the largest of: the distance from the median to the 84% quantile, the distance to the 90% quantile in units
    of that of a normal distribution, and the point's own error. A series of fewer than 10 points is left alone.

    Parameters
    ----------
    lcs : LightCurves
        N stars with M points, sorted by time.
    upper : float
        How many sigma are allowed upwards. A neighbour in time (any band) above 0.6 of it spares a point.
    lower : float, optional
        The same downwards; None, the default, keeps every faint point. Safe for dense data only: an eclipse that has
        one point is kept only while `lower_within_days` is shorter than the cadence.
    lower_within_days : float
        A faint point is cut only if both its neighbours lie within this time, so that no eclipse fits between them.

    Returns
    -------
    LightCurves
        The same stars; lost points are counted as ``flux_clip``.

    Examples
    --------
    >>> flux = [1.0, 1.1, 0.9, 1.0, 1.1, 5.0, 1.0, 0.9, 1.1, 1.0, 0.1, 0.9]
    >>> lcs = LightCurves.from_arrays(range(12), flux=flux, err=[0.1] * 12)
    >>> flux_clip(lcs)[0].dropped
    {'flux_clip': 1}
    """
    for name, value in (("upper", upper), ("lower", lower)):
        if value is not None and not value > 0:
            raise OptionError(f"flux clip with {name} = {value}; give a number of sigma above 0")
    if not lcs.n_points:
        return lcs
    cut = _Heights.above(lcs).lone(upper)
    if lower is not None:
        heights = _Heights.below(lcs)
        deep = heights.lone(lower)
        cut = np.concatenate([cut, deep[heights.hemmed_in(deep, lower_within_days)]])
    if not len(cut):
        return lcs
    keep = np.ones(lcs.n_points, dtype=bool)
    keep[cut] = False
    return lcs.keep_points(keep, "flux_clip")


@dataclass(frozen=True, eq=False)
class _Heights:
    """How far points stand out on one side of the median of their star and band.

    Heights are worked out only for the few points that ask for one.
    """

    lcs: LightCurves
    series: Series
    sign: float  # 1 above the median, -1 below
    centre: NDArray[np.float64]  # (S,) median; NaN in series that are too short
    scatter: NDArray[np.float64]  # (S,) one sigma on this side

    @classmethod
    def above(cls, lcs: LightCurves) -> _Heights:
        return cls._of(lcs, 1.0, (0.5, _ONE_SIGMA, _HIGH))

    @classmethod
    def below(cls, lcs: LightCurves) -> _Heights:
        return cls._of(lcs, -1.0, (0.5, 1.0 - _ONE_SIGMA, 1.0 - _HIGH))

    @classmethod
    def _of(cls, lcs: LightCurves, sign: float, levels: tuple[float, float, float]) -> _Heights:
        series = Series.of_bands(lcs)
        centre, near, far = ragged.quantiles(series.gather(lcs.flux), series.offsets, levels).T
        scatter = np.maximum(sign * (near - centre), sign * (far - centre) / _HIGH_NORMAL)
        return cls(lcs, series, sign, np.where(series.lengths < _FEWEST, np.nan, centre), scatter)

    def lone(self, limit: float) -> NDArray[np.int64]:
        """Points (index into the batch) beyond `limit` sigma without a neighbour in time that is on its way there."""
        bound = self.series.spread((self.centre + self.sign * limit * self.scatter).astype(np.float32))
        flux = self.series.gather(self.lcs.flux)
        far = np.flatnonzero(flux > bound if self.sign > 0 else flux < bound)
        if self.series.order is not None:
            far = self.series.order[far]
        far = far[self._of_points(far) > limit]
        star = self._star(far)
        company = np.zeros(len(far), dtype=bool)
        for step in (-1, 1):
            beside, own = self._neighbour(far, star, step)
            company |= own & (self._of_points(beside) > _COMPANY * limit)
        if self.sign < 0:
            return far[~company]  # company below is an eclipse, which says nothing of the lone points
        n = len(self.lcs)
        brightens = 2 * np.bincount(star[company], minlength=n) >= np.bincount(star, minlength=n)
        return far[~company & ~brightens[star]]

    def hemmed_in(self, index: NDArray[np.int64], within_days: float) -> NDArray[np.bool_]:
        """True for points with a neighbour on both sides no further away than `within_days`."""
        near = np.ones(len(index), dtype=bool)
        for step in (-1, 1):
            beside, own = self._neighbour(index, self._star(index), step)
            near &= own & (np.abs(self.lcs.time[beside] - self.lcs.time[index]) <= within_days)
        return near

    def _of_points(self, index: NDArray[np.int64]) -> NDArray[np.float64]:
        lcs = self.lcs
        series = lcs.band[index] * np.int64(len(lcs)) + self._star(index)
        sigma = np.maximum(self.scatter[series], lcs.flux_err[index])
        return np.asarray(self.sign * (lcs.flux[index] - self.centre[series]) / sigma)

    def _star(self, index: NDArray[np.int64]) -> NDArray[np.int64]:
        return np.asarray(np.searchsorted(self.lcs.offsets, index, side="right") - 1)

    def _neighbour(
        self, index: NDArray[np.int64], star: NDArray[np.int64], step: int
    ) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Index of the points `step` further, and whether they belong to the same star."""
        beside = np.clip(index + step, 0, self.lcs.n_points - 1)
        return beside, (beside != index) & (self._star(beside) == star)
