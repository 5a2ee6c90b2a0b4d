"""A batch of light curves with what several groups need, computed once and when asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from goodricke import ragged
from goodricke.lightcurves import LightCurves
from goodricke.period.periods import levelled

if TYPE_CHECKING:
    from goodricke.period import Periods
    from goodricke.represent.features.fold import Fold
    from goodricke.represent.features.series import FourierSeries

__all__ = ["LEVELS", "Curves", "floored", "signed_log"]

Floats = NDArray[np.float64]

LEVELS = (0.0, 0.05, 0.1, 0.175, 0.25, 0.325, 0.4, 0.5, 0.6, 0.675, 0.75, 0.825, 0.9, 0.95, 1.0)
"""Quantiles that are known of every star."""
_TAIL = 0.1
_MAD_TO_SIGMA = 1.482602218505602


@dataclass(frozen=True, eq=False)
class Curves:
    """N light curves, each in the band where it has most points.

    Every property is a flat array over points (M,), in float64, or an array over stars (N,). Call it inside
    ``np.errstate(all="ignore")``: what is undefined is NaN or infinite.
    """

    lcs: LightCurves
    """Cleaned light curves."""
    periods: Periods | None = None
    """Their periods, row by row."""

    # Points of the main band -------------------------------------------------------------------------------------

    @cached_property
    def _kept(self) -> NDArray[np.bool_] | None:
        """Which of all points are in the main band of their star; None for all."""
        if len(self.lcs.bands) < 2:
            return None
        # Ties go to the first name: the number of a band depends on the other stars of the batch.
        by_name = np.argsort(np.array(self.lcs.bands))
        most = by_name[np.argmax(self.band_counts[:, by_name], axis=1)]
        kept = self.lcs.band == np.repeat(most, self.lcs.lengths)
        return None if kept.all() else kept

    @cached_property
    def band_counts(self) -> NDArray[np.int64]:
        """Points of every star in every band (N, B)."""
        n, b = len(self.lcs), len(self.lcs.bands)
        cell = self.star * b + self.lcs.band
        return np.bincount(cell, minlength=n * b).reshape(n, b)

    @cached_property
    def offsets(self) -> NDArray[np.int64]:
        """Bounds of the stars (N + 1,) in the arrays below."""
        return self.lcs.offsets if self._kept is None else ragged.compressed_offsets(self._kept, self.lcs.offsets)

    def _points(self, values: NDArray[Any]) -> NDArray[Any]:
        return values if self._kept is None else values[self._kept]

    @cached_property
    def lengths(self) -> NDArray[np.int64]:
        """Number of points (N,)."""
        return np.diff(self.offsets)

    @cached_property
    def n(self) -> Floats:
        """Number of points (N,), as float."""
        return self.lengths.astype(np.float64)

    @cached_property
    def time(self) -> Floats:
        """Days (M,)."""
        return self._points(self.lcs.time)

    @cached_property
    def single(self) -> NDArray[np.float32]:
        """Flux (M,) as it came, in single precision: sorting it is twice as fast."""
        return self._points(self.lcs.flux)

    @cached_property
    def flux(self) -> Floats:
        """Relative flux (M,)."""
        return self.single.astype(np.float64)

    @cached_property
    def err(self) -> Floats:
        """Error of the flux (M,), at least half the star's median error: one tiny error must not own the curve."""
        return floored(self._points(self.lcs.flux_err), self.offsets, self.median_err)

    @cached_property
    def weight(self) -> Floats:
        """One over error squared (M,)."""
        return np.asarray(1.0 / self.err**2)

    @cached_property
    def is_last(self) -> NDArray[np.int64]:
        """Positions of the last point of every star that has any."""
        return self.offsets[1:][self.lengths > 0] - 1

    @cached_property
    def flux_step(self) -> Floats:
        """Flux of the next point less that of this one (M,); 0 at the end of a star."""
        return self._steps(self.flux)

    @cached_property
    def time_step(self) -> Floats:
        """Days to the next point (M,); 0 at the end of a star."""
        return self._steps(self.time)

    def _steps(self, values: Floats) -> Floats:
        steps = np.zeros_like(values)
        np.subtract(values[1:], values[:-1], out=steps[:-1])
        steps[self.is_last] = 0.0
        return steps

    # Numbers per star -------------------------------------------------------------------------------------------

    def sum(self, values: NDArray[Any]) -> Floats:
        """Sum over the points (M,) of every star (N,)."""
        return ragged.sums(values, self.offsets)

    def spread(self, values: NDArray[Any]) -> NDArray[Any]:
        """A value per star (N,) repeated for each of its points (M,)."""
        return np.repeat(values, self.lengths)

    @cached_property
    def _blocks(self) -> list[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]]:
        """Rectangles of stars of similar length, cut once for all sorts."""
        return list(ragged.blocks(self.offsets))

    def _sorted(self, values: NDArray[Any]) -> Iterator[tuple[NDArray[np.int64], NDArray[Any]]]:
        """Stars (n,) and their sorted values (n, width), NaN behind the last."""
        if len(self.lengths) and (self.lengths == self.lengths[0]).all():
            yield from ragged.sorted_blocks(values, self.offsets)
            return
        for rows, index, real in self._blocks:
            cells = values[index]
            cells[~real] = np.nan
            cells.sort(axis=1)
            yield rows, cells

    def middle(self, values: NDArray[np.float32], without: int = 0) -> Floats:
        """Median over the points (M,) of every star (N,), without so many of the lowest; NaN when none is left."""
        result = np.full(len(self.lengths), np.nan)
        for rows, cells in self._sorted(values):
            count, line = self.lengths[rows] - without, np.arange(len(rows))
            low, high = (without + np.maximum(count - k, 0) // 2 for k in (1, 0))
            high = np.minimum(high, cells.shape[1] - 1)
            both = 0.5 * (cells[line, np.minimum(low, high)].astype(np.float64) + cells[line, high])
            result[rows] = np.where(count > 0, both, np.nan)
        return result

    @cached_property
    def median_err(self) -> Floats:
        """Median error (N,)."""
        return self.middle(self._points(self.lcs.flux_err))

    @cached_property
    def median_gap(self) -> Floats:
        """Median of the days between neighbours (N,); NaN for a single point."""
        # The 0 at the end of the star is the lowest of its steps.
        return self.middle(self.time_step.astype(np.float32), without=1)

    @cached_property
    def _ranked(self) -> tuple[Floats, Floats]:
        """Quantiles at LEVELS (N, K), and means of the lowest and highest tenth (N, 2), from one sort."""
        quantiles = np.full((len(self.lcs), len(LEVELS)), np.nan)
        tails = np.full((len(self.lcs), 2), np.nan)
        levels = np.array(LEVELS)
        for rows, cells in self._sorted(self.single):
            length = self.lengths[rows]
            line = np.arange(len(rows))[:, None]
            place = levels * (length - 1)[:, None]
            low = place.astype(np.int64)
            high = np.minimum(low + 1, (length - 1)[:, None])
            below = cells[line, low].astype(np.float64)
            quantiles[rows] = below + (place - low) * (cells[line, high] - below)
            size = np.maximum((_TAIL * length).astype(np.int64), 1)
            count = np.arange(int(size.max()))
            inside = count < size[:, None]
            tails[rows, 0] = (
                np.sum(np.where(inside, cells[line, np.minimum(count, (length - 1)[:, None])], 0), 1) / size
            )
            back = np.maximum((length - 1)[:, None] - count, 0)
            tails[rows, 1] = np.sum(np.where(inside, cells[line, back], 0), 1) / size
        return quantiles, tails

    def quantile(self, level: float) -> Floats:
        """One of the quantiles in LEVELS (N,)."""
        return self._ranked[0][:, LEVELS.index(level)]

    @property
    def tails(self) -> Floats:
        """Mean of the lowest and of the highest tenth of the fluxes (N, 2)."""
        return self._ranked[1]

    @cached_property
    def median(self) -> Floats:
        """Median flux (N,)."""
        return self.quantile(0.5)

    @cached_property
    def varies(self) -> NDArray[np.bool_]:
        """Whether not all fluxes of the star are equal (N,)."""
        return np.asarray(self.quantile(1.0) > self.quantile(0.0))

    @cached_property
    def amplitude(self) -> Floats:
        """From the 5th to the 95th percentile (N,); NaN when it is 0."""
        width = self.quantile(0.95) - self.quantile(0.05)
        return np.where(width > 0, width, np.nan)

    @cached_property
    def sigma(self) -> Floats:
        """Robust standard deviation (N,), from the median absolute deviation."""
        away = np.abs(self.single - self.spread(self.median.astype(np.float32)))
        return _MAD_TO_SIGMA * self.middle(away)

    @cached_property
    def mean(self) -> Floats:
        """Mean flux (N,)."""
        return self.sum(self.flux) / self.n

    @cached_property
    def residual(self) -> Floats:
        """Flux less its mean (M,)."""
        return np.asarray(self.flux - self.spread(self.mean))

    @cached_property
    def variance(self) -> Floats:
        """Variance with n - 1 below (N,); NaN when all fluxes are equal."""
        return np.where(self.varies, self.sum(self.residual**2) / (self.n - 1.0), np.nan)

    @cached_property
    def weighted_mean(self) -> Floats:
        """Mean with weights 1 / error^2 (N,)."""
        return self.sum(self.weight * self.flux) / self.sum(self.weight)

    @cached_property
    def delta(self) -> Floats:
        """Distance from the weighted mean in errors (M,)."""
        return np.asarray((self.flux - self.spread(self.weighted_mean)) / self.err)

    @cached_property
    def chi2(self) -> Floats:
        """Sum of delta squared (N,); NaN when all fluxes are equal."""
        return np.where(self.varies, self.sum(self.delta**2), np.nan)

    # Points of all bands, for folds -----------------------------------------------------------------------------

    @cached_property
    def star(self) -> NDArray[np.int64]:
        """Number of the star of every point of every band (all,)."""
        return ragged.segment_ids(self.lcs.offsets)

    @cached_property
    def level(self) -> Floats:
        """Flux less the weighted mean of its star and band (all,)."""
        return levelled(self.lcs)

    @cached_property
    def relative_weight(self) -> Floats:
        """One over error squared (all,), in units of its mean over the star."""
        return np.asarray(self._all_weight / self.mean_weight[self.star])

    @cached_property
    def mean_weight(self) -> Floats:
        """That mean (N,)."""
        return ragged.means(self._all_weight, self.lcs.offsets)

    @cached_property
    def _all_weight(self) -> Floats:
        if self._kept is None:
            return self.weight
        err, offsets = self.lcs.flux_err, self.lcs.offsets
        return np.asarray(1.0 / floored(err, offsets, ragged.medians(err, offsets)) ** 2)

    # Folded ---------------------------------------------------------------------------------------------------

    @cached_property
    def fold(self) -> Fold:
        """The points of all bands folded at the period."""
        from goodricke.represent.features.fold import fold_at

        return fold_at(self)

    @cached_property
    def double_fold(self) -> Fold:
        """Folded at twice the period, in twice as many bins."""
        from goodricke.represent.features.fold import BINS, fold_at

        return fold_at(self, 2.0, 2 * BINS)

    @cached_property
    def series(self) -> FourierSeries:
        """Fourier series of the fold."""
        from goodricke.represent.features.series import fourier_series

        return fourier_series(self.fold)


def floored(err: NDArray[Any], offsets: NDArray[np.int64], median: Floats) -> Floats:
    """Errors (M,) in double precision, none below half the median of its star (N,)."""
    return np.maximum(err.astype(np.float64), np.repeat(0.5 * median, np.diff(offsets)))


def signed_log(values: Floats) -> Floats:
    """Sign times log10(1 + size): large numbers of either sign come close together."""
    return np.asarray(np.sign(values) * np.log10(1.0 + np.abs(values)))
