"""Every star folded at its period, with phase 0 at the minimum of light."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
from numpy.typing import NDArray

from goodricke import ragged
from goodricke.represent.features.curves import Curves

__all__ = ["BINS", "FEWEST_POINTS", "Fold", "fold_at", "kernel"]

Floats = NDArray[np.float64]

BINS = 64
FEWEST_POINTS = 20
_MINIMUM_WIDTH = 1.5
_SMOOTH_WIDTH = 0.7


@dataclass(frozen=True, eq=False)
class Fold:
    """N folded curves with M points in all, every band at its own weighted mean.

    Stars without a period, with fewer than 20 points or with equal fluxes are not `usable`; what is said of them has no
    meaning and no NaN.
    """

    offsets: NDArray[np.int64]
    """Bounds of the stars (N + 1,)."""
    usable: NDArray[np.bool_]
    """Whether the star can be folded (N,)."""
    phase: Floats
    """Cycles since the deepest minimum (M,), from 0 to 1."""
    value: Floats
    """Flux less the weighted mean of its band (M,)."""
    weight: Floats
    """1 / error^2 (M,), in units of its mean over the star."""
    star: NDArray[np.int64]
    """Whose point it is (M,)."""
    mean_weight: Floats
    """That mean (N,)."""
    bins: int = BINS
    """How many bins a cycle has."""

    @cached_property
    def n(self) -> Floats:
        """Number of points (N,); 1 for a star that has none."""
        return np.maximum(np.diff(self.offsets), 1).astype(np.float64)

    @cached_property
    def _binned(self) -> tuple[Floats, Floats]:
        return _bin(self.phase * self.bins + 0.5, self.star, self.value, self.weight, len(self.usable), self.bins)

    @property
    def total(self) -> Floats:
        """Weight in every bin (N, bins); bin k is centred at phase k / bins."""
        return self._binned[0]

    @cached_property
    def mean(self) -> Floats:
        """Weighted mean in every bin (N, bins); 0 where it is empty."""
        return np.asarray(self._binned[1] / np.where(self.total > 0, self.total, 1.0))

    @cached_property
    def filled(self) -> Floats:
        """How many bins have points (N,)."""
        return np.asarray(np.count_nonzero(self.total, axis=1), dtype=np.float64)

    @cached_property
    def profile(self) -> Floats:
        """The curve in every bin (N, bins), smoothed by less than a bin and without gaps."""
        return self.smoothed(_SMOOTH_WIDTH)

    def smoothed(self, width: float) -> Floats:
        """The curve in every bin (N, bins), smoothed by a Gaussian of this many bins and without gaps."""
        return _smooth(self.total, self._binned[1], width)

    @cached_property
    def square(self) -> Floats:
        """Weighted sum of squares about the weighted mean (N,)."""
        return np.asarray(np.where(self.usable, ragged.sums(self.weight * self.value**2, self.offsets), 1.0))

    @cached_property
    def scatter(self) -> Floats:
        """Variance of a point of mean weight about the mean of its bin (N,)."""
        explained = np.sum(self.total * self.mean**2, axis=1)
        left = np.maximum(self.square - explained, 1e-9 * self.square)
        return np.asarray(left / np.maximum(self.n - self.filled, 1.0))

    @cached_property
    def error(self) -> Floats:
        """Standard deviation of the profile in every bin (N, bins), from the scatter of the points."""
        matrix = kernel(self.bins, _SMOOTH_WIDTH)
        weight = np.where(self.usable[:, None], self.total @ matrix, 1.0)
        return np.asarray(np.sqrt(self.scatter[:, None] * (self.total @ matrix**2)) / weight)

    def masked(self, found: dict[str, Floats]) -> dict[str, Floats]:
        """The same features, NaN for stars that cannot be folded."""
        return {name: np.where(self.usable, values, np.nan) for name, values in found.items()}


def fold_at(curves: Curves, factor: float = 1.0, bins: int = BINS) -> Fold:
    """Fold every star at `factor` times its period.

    The minimum is that of the curve smoothed by 1.5 bins, to a fraction of a bin; the epoch of the periods is not used,
    so that an epoch of maximum light, or a poor one, does no harm.
    """
    lcs = curves.lcs
    n, offsets, star = len(lcs), lcs.offsets, curves.star
    value, weight = curves.level, curves.relative_weight
    period = np.full(n, np.nan) if curves.periods is None else factor * curves.periods.period[:, 0]
    # Rounding in taking off the level is not variation.
    wide = ragged.maxima(np.abs(value), offsets) > 1e-7 * ragged.maxima(np.abs(lcs.flux), offsets)
    usable = (period > 0) & np.isfinite(period) & (lcs.lengths >= FEWEST_POINTS) & wide
    safe = np.where(usable, period, np.inf)
    first = ragged.minima(lcs.time, offsets)
    phase = (lcs.time - first[star]) / safe[star]
    phase -= np.floor(phase)
    rough = _bin(phase * bins, star, value, weight, n, bins)
    lowest = (_vertex(-_smooth(*rough, _MINIMUM_WIDTH)) + 0.5) / bins
    phase -= np.where(usable, lowest, 0.0)[star]
    phase -= np.floor(phase)
    return Fold(offsets, usable, phase, value, weight, star, curves.mean_weight, bins)


def _bin(
    place: Floats, star: NDArray[np.int64], value: Floats, weight: Floats, n: int, bins: int
) -> tuple[Floats, Floats]:
    """Weight, and weight times value, in every bin (n, bins), of points at places from 0 to less than bins + 1."""
    cell = place.astype(np.int64)
    cell[cell == bins] = 0
    cell += bins * star
    total, product = (np.bincount(cell, one, n * bins) for one in (weight, weight * value))
    return total.reshape(n, bins).astype(np.float64), product.reshape(n, bins).astype(np.float64)


def _smooth(total: Floats, product: Floats, width: float) -> Floats:
    matrix = kernel(total.shape[1], width)
    weight = total @ matrix
    return np.asarray((product @ matrix) / np.where(weight > 0, weight, 1.0))


@cache
def kernel(bins: int, width: float) -> Floats:
    """Circular Gaussian weights (bins, bins) of this width in bins.

    Far wider Gaussians with 1/1000 and a millionth of the weight are added: they count only where there are no points
    near, and fill the gaps.
    """
    away = np.abs(np.arange(bins) - np.arange(bins)[:, None])
    away = np.minimum(away, bins - away)
    wide = bins / 16.0
    parts = ((1.0, width), (1e-3, max(wide, 2 * width)), (1e-6, 3.0 * wide))
    return np.asarray(sum(share * np.exp(-0.5 * (away / sigma) ** 2) for share, sigma in parts))


def _vertex(curve: Floats) -> Floats:
    """Place of the highest bin (n,), moved to the top of the parabola through it and its neighbours."""
    line, top = np.arange(len(curve)), np.argmax(curve, axis=1)
    before, here, after = (curve[line, (top + k) % curve.shape[1]] for k in (-1, 0, 1))
    bend = before - 2.0 * here + after
    return np.asarray(top + np.where(bend < 0, 0.5 * (before - after) / np.where(bend < 0, bend, 1.0), 0.0))
