"""How odd a star is beside those of training, as a share: of 0.01, one training-like star in a hundred is as odd."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from goodricke.decide.feature_space import FeatureSpace, fit_space
from goodricke.decide.tails import Tail, fit_tail
from goodricke.errors import DataError

__all__ = ["Novelty", "fit_novelty"]

_PREFIX = "novelty."


@dataclass(frozen=True, eq=False)
class Novelty:
    """Where training stars are, and how far from there held-out ones fall; made by `fit_novelty`.

    Parameters
    ----------
    space : FeatureSpace
        Gives the distance to the nearest class and the share of features out of range.
    distance, outside : Tail
        What held-out stars have of them.
    smaller : Tail
        What held-out stars have of the smaller of the two shares (with its sign turned).
    """

    space: FeatureSpace
    distance: Tail
    outside: Tail
    smaller: Tail

    def of(self, features: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
        """Share (N,) of training-like stars that look at least as odd, from 1 / (held-out stars + 1) to 1.

        Parameters
        ----------
        features : (N, K)
            In the order of the fit; NaN where unknown. Unknown features are taken at the median of training.
        """
        distance, outside = self.space.oddness(features)
        return self.smaller.of(-np.minimum(self.distance.of(distance), self.outside.of(outside)))

    def to_arrays(self) -> dict[str, NDArray[np.float32]]:
        """Arrays for a file of weights; their names begin with ``novelty.``."""
        arrays = {f"{_PREFIX}{field.name}": getattr(self.space, field.name) for field in fields(FeatureSpace)}
        for name in ("distance", "outside", "smaller"):
            tail: Tail = getattr(self, name)
            arrays |= {f"{_PREFIX}{name}_levels": tail.levels, f"{_PREFIX}{name}_shares": tail.shares}
        return arrays

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Novelty:
        """What `to_arrays` gave; other arrays may stand beside them.

        Raises
        ------
        DataError
            If an array is missing or their shapes do not fit.
        """

        def array(name: str) -> NDArray[np.float32]:
            if _PREFIX + name not in arrays:
                raise DataError(f"the weights have no array {_PREFIX + name}")
            return np.asarray(arrays[_PREFIX + name], dtype=np.float32)

        space = FeatureSpace(*(array(field.name) for field in fields(FeatureSpace)))
        k = len(space.center)
        rows = {len(getattr(space, field.name)) for field in fields(FeatureSpace)[:6]}
        tables = (space.whitening, space.means, space.background)
        if rows != {k} or space.whitening.shape != (k, k) or any(table.shape[1:] != (k,) for table in tables):
            raise DataError(f"the arrays {_PREFIX}* do not belong together: {k} features in one, not in another")
        tails = (Tail(array(f"{name}_levels"), array(f"{name}_shares")) for name in ("distance", "outside", "smaller"))
        return cls(space, *tails)


def fit_novelty(
    features: NDArray[np.floating[Any]], target: ArrayLike, folds: ArrayLike, relative: bool = False
) -> Novelty:
    """Learn what training-like means.

    Parameters
    ----------
    features : (N, K)
        Of training stars; NaN where unknown.
    target : (N,) int
        Their classes.
    folds : (N,) int
        Fold of every star, at least two; all rows of a star have the same. The scores of each fold are taken in a
        space learned from the others, so that they are those of new stars.
    relative : bool
        Subtract the distance to all stars together (Ren et al. 2021). That finds stars between and beside the classes
        that many unimportant features hide, and misses those that are odd in what no class has to do with.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> x = rng.normal(size=(2000, 4))
    >>> novelty = fit_novelty(x, np.arange(2000) % 2, np.arange(2000) // 400)
    >>> novelty.of(np.array([[0.0, 0.0, 0.0, 0.0], [9.0, 0.0, 0.0, 0.0]])).round(2).tolist()
    [1.0, 0.0]
    """
    x, t, fold = np.asarray(features, dtype=np.float32), np.asarray(target), np.asarray(folds)
    if x.ndim != 2 or t.shape != (len(x),) or fold.shape != t.shape:
        raise DataError(f"features {x.shape}, target {t.shape} and folds {fold.shape} do not belong together")
    if len(np.unique(fold)) < 2:
        raise DataError("novelty is measured on stars that were left out: at least two folds are needed")
    distance, outside = np.empty(len(x)), np.empty(len(x))
    for number in np.unique(fold):
        out = fold == number
        distance[out], outside[out] = fit_space(x[~out], t[~out], relative).oddness(x[out])
    by_distance, by_outside = fit_tail(distance), fit_tail(outside)
    both = fit_tail(-np.minimum(by_distance.of(distance), by_outside.of(outside)))
    return Novelty(fit_space(x, t, relative), by_distance, by_outside, both)
