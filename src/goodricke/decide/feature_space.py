"""Where the training stars are among the features, and how far from there a star is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from goodricke.decide.covariance import shrunk_whitening
from goodricke.errors import DataError

__all__ = ["FeatureSpace", "fit_space"]

Floats32 = NDArray[np.float32]

_BLOCK = 8192  # stars at once: the tables of a block stay in the cache
_LEVELS = (0.005, 0.25, 0.5, 0.75, 0.995)
_SIGMA = 1.349  # quartile range of a normal distribution


@dataclass(frozen=True, eq=False)
class FeatureSpace:
    """Numbers of K features and of the classes in them; all float32.

    Parameters
    ----------
    center, scale : (K,)
        Median, and quartile range / 1.349.
    clip_low, clip_high : (K,)
        Values beyond these count as these in distances: twice as far from the median as the 0.5% and 99.5% quantiles.
    range_low, range_high : (K,)
        Least and greatest value in training.
    whitening : (K, K)
        Turns scaled features into coordinates in which the covariance that all classes share is the unit matrix.
    means : (C, K)
        Classes in these coordinates.
    background : (K + 1, K)
        Whitening of all stars together, and their mean in its last row; with no rows when the distance is not relative.
    """

    center: Floats32
    scale: Floats32
    clip_low: Floats32
    clip_high: Floats32
    range_low: Floats32
    range_high: Floats32
    whitening: Floats32
    means: Floats32
    background: Floats32

    def oddness(self, features: NDArray[np.floating[Any]]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Distance and share of features out of range, both (N,).

        The distance is the square of Mahalanobis' to the nearest class (Lee et al. 2018), less that to all stars
        together when it is relative (Ren et al. 2021). A feature that is not finite counts as the median, in range.
        """
        x = np.asarray(features, dtype=np.float32)
        if x.ndim != 2 or x.shape[1] != len(self.center):
            raise DataError(f"{len(self.center)} features per star are wanted; the shape is {x.shape}")
        distance, outside = np.empty(len(x)), np.empty(len(x))
        for start in range(0, len(x), _BLOCK):
            here = slice(start, start + _BLOCK)
            distance[here], outside[here] = self._block(x[here])
        return distance, outside

    def _block(self, x: Floats32) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        known = np.isfinite(x)
        beyond = ((x < self.range_low) | (x > self.range_high)) & known
        z = scaled_features(x, self.center, self.scale, self.clip_low, self.clip_high)
        distance = _nearest(z @ self.whitening, self.means)
        if len(self.background):
            distance -= _nearest(z @ self.background[:-1], self.background[-1:])
        return distance, beyond.sum(axis=1) / max(x.shape[1], 1)


def fit_space(features: NDArray[np.floating[Any]], target: NDArray[np.int64], relative: bool) -> FeatureSpace:
    """Learn a space from training stars: features (N, K), with NaN where unknown, and the class of every star (N,)."""
    x = np.asarray(features, dtype=np.float32)
    columns = [column[np.isfinite(column)] for column in x.T]
    levels = np.array([np.quantile(column, _LEVELS) if len(column) else np.zeros(5) for column in columns])
    levels = levels.reshape(-1, 5).astype(np.float32)
    center = levels[:, 2]
    clip_low, clip_high = 2 * levels[:, 0] - center, 2 * levels[:, 4] - center
    spread = (levels[:, 3] - levels[:, 1]) / np.float32(_SIGMA)
    width = (clip_high - clip_low) / np.float32(10.0)  # of a feature that is the same for half of the stars
    scale = np.where(spread > 0, spread, np.where(width > 0, width, 1.0)).astype(np.float32)
    z = scaled_features(x, center, scale, clip_low, clip_high).astype(np.float64)
    present, code = np.unique(target, return_inverse=True)
    means = np.stack([z[code == k].mean(axis=0) for k in range(len(present))])
    own = shrunk_whitening(z - means[code]).astype(np.float32)
    background = np.zeros((0, x.shape[1]), dtype=np.float32)
    if relative:
        whole = shrunk_whitening(z - z.mean(axis=0))
        background = np.vstack([whole, z.mean(axis=0) @ whole]).astype(np.float32)
    limit = np.finfo(np.float32).max  # a feature that no training star has is nowhere out of range
    return FeatureSpace(
        center, scale, clip_low, clip_high,
        np.array([column.min(initial=limit) if len(column) else -limit for column in columns], dtype=np.float32),
        np.array([column.max(initial=-limit) if len(column) else limit for column in columns], dtype=np.float32),
        own, (means @ own).astype(np.float32), background,
    )  # fmt: skip


def scaled_features(x: Floats32, center: Floats32, scale: Floats32, low: Floats32, high: Floats32) -> Floats32:
    """Features clipped, with median 0 and spread 1; 0 where unknown."""
    z = np.where(np.isfinite(x), np.clip(x, low, high), center)
    z -= center
    z /= scale
    return z


def _nearest(place: Floats32, means: Floats32) -> NDArray[np.float64]:
    """Square of the distance (N,) to the nearest of the means (C, K)."""
    # |a - b|^2 = |a|^2 - 2 a.b + |b|^2, in float64 since the parts cancel.
    a, b = place.astype(np.float64), means.astype(np.float64)
    cross = (b**2).sum(axis=1) - 2 * (a @ b.T)
    return np.asarray(np.maximum(cross.min(axis=1) + np.einsum("nk,nk->n", a, a), 0.0))
