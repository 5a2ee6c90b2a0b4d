"""Features as numbers of like size: what networks, distances and kernels need, and trees do not."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from goodricke.errors import ModelError
from goodricke.models.weights import Arrays, wanted

__all__ = ["Scaling"]

_SCORES = np.arange(-3.0, 3.01, 0.25)  # standard deviations of a normal distribution; 0.13% to 99.87%
_LEVELS = np.array([NormalDist().cdf(score) for score in _SCORES])


@dataclass(frozen=True, eq=False)
class Scaling:
    """Every feature by its rank among the training stars, as the score that a normal distribution has there.

    Features such as amplitudes and periods span decades and have far outliers; their ranks do not. Beyond the outermost
    knots the score stays what it is there: -3 or 3.

    Parameters
    ----------
    knots : (Q, K) float32
        Quantiles of every feature.
    scores : (Q, K) float32
        What each of them becomes; equal quantiles share a score.
    indicated : (J,) int
        Features that get a second column: 1 where they are unknown, 0 elsewhere.

    Examples
    --------
    >>> scaling = Scaling.fitted(np.array([[1.0], [2.0], [np.nan], [4.0], [1000.0]]))
    >>> scaling.apply(np.array([[3.0], [1e9], [np.nan]]))
    array([[0., 0.],
           [3., 0.],
           [0., 1.]])
    """

    knots: NDArray[np.float32]
    scores: NDArray[np.float32]
    indicated: NDArray[np.int64]

    @classmethod
    def fitted(cls, features: NDArray[np.floating[Any]], indicate: bool = True) -> Self:
        """To training stars (N, K); what is not finite is unknown.

        Parameters
        ----------
        features : (N, K)
            At least one star.
        indicate : bool
            Whether to add the columns that say what is unknown, for features that some star lacks.
        """
        known = np.isfinite(features)
        knots = np.zeros((len(_LEVELS), features.shape[1]), dtype=np.float32)
        scores = np.zeros_like(knots)
        for k in np.flatnonzero(known.any(axis=0)):
            knots[:, k] = np.quantile(features[known[:, k], k], _LEVELS)
            _, same, count = np.unique(knots[:, k], return_inverse=True, return_counts=True)
            scores[:, k] = (np.bincount(same, _SCORES) / count)[same]
        some = known.any(axis=0) & ~known.all(axis=0) & indicate
        return cls(knots, scores, np.flatnonzero(some))

    @classmethod
    def from_arrays(cls, arrays: Arrays, n_features: int) -> Self:
        """From the arrays ``scaling.knots``, ``scaling.scores`` and ``scaling.indicated``, or ModelError."""
        knots = wanted(arrays, "scaling.knots", "f", None, n_features)
        scores = wanted(arrays, "scaling.scores", "f", *knots.shape)
        indicated = wanted(arrays, "scaling.indicated", "i", None)
        if not len(knots) or (np.diff(knots, axis=0) < 0).any():
            raise ModelError("the knots of the scaling must not fall; install the bundle again")
        if ((indicated < 0) | (indicated >= n_features)).any():
            raise ModelError(
                f"the scaling marks features that are not among the {n_features}; install the bundle again"
            )
        return cls(knots, scores, indicated.astype(np.int64))

    @property
    def n_columns(self) -> int:
        """Columns of what ``apply`` returns."""
        return int(self.knots.shape[1]) + len(self.indicated)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """What ``from_arrays`` reads."""
        indicated = self.indicated.astype(np.int32)
        return {"scaling.knots": self.knots, "scaling.scores": self.scores, "scaling.indicated": indicated}

    def apply(self, features: NDArray[np.floating[Any]], impute: bool = True) -> NDArray[np.float64]:
        """Scores (N, K + J) of stars (N, K), each the nearest float32.

        Parameters
        ----------
        features : (N, K)
            What is not finite is unknown.
        impute : bool
            Whether an unknown feature gets the score 0 of the median star; NaN otherwise.
        """
        features = np.asarray(features, dtype=np.float64)
        known = np.isfinite(features)
        result = np.zeros((len(features), self.n_columns), dtype=np.float32)
        for k in range(features.shape[1]):
            result[:, k] = np.interp(features[:, k], self.knots[:, k], self.scores[:, k])
        result[:, : features.shape[1]][~known] = 0.0 if impute else np.nan
        result[:, features.shape[1] :] = ~known[:, self.indicated]
        return result.astype(np.float64)
