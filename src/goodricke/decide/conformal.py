"""Prediction sets that hold the true class as often as promised (Vovk et al. 2005; Angelopoulos & Bates 2023)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from goodricke.decide.simplex import checked_probabilities, checked_target
from goodricke.errors import DataError, OptionError

__all__ = ["Conformal", "Score", "fit_conformal", "scores", "set_names"]

Score = Literal["lac", "aps", "raps"]
Floats = NDArray[np.float64]

_RAPS_WEIGHT, _RAPS_FREE = 0.02, 2  # a judgement: what a class beyond the second costs


@dataclass(frozen=True)
class Conformal:
    """A score and the limits under which a class belongs to the set of a star.

    Parameters
    ----------
    score : {"lac", "aps", "raps"}
        What is compared with the limit; see `scores`.
    alpha : float
        Share of stars whose set may miss the truth.
    limits : tuple of float
        One limit for all classes, or one per class. 1e9 stands for no limit: too few stars to exclude the class.
    n_classes : int
        C.

    Examples
    --------
    >>> Conformal("lac", 0.1, (0.7,), 3).apply([[0.6, 0.35, 0.05]])
    array([[ True,  True, False]])
    """

    score: Score
    alpha: float
    limits: tuple[float, ...]
    n_classes: int

    def apply(self, probabilities: ArrayLike, may_be_empty: bool = False) -> NDArray[np.bool_]:
        """Which classes are in the set of every star (N, C).

        Parameters
        ----------
        probabilities : (N, C)
            Made as those of the fit were: calibrated, before any shift of priors. A row with NaN gets every class.
        may_be_empty : bool
            Leave a set empty when no class passes; otherwise the likeliest is always in, which only adds coverage.
        """
        p = checked_probabilities(probabilities)
        if p.shape[1] != self.n_classes:
            raise DataError(f"probabilities of {self.n_classes} classes are wanted; there are {p.shape[1]}")
        inside = ~(scores(p, self.score) > np.array(self.limits))
        if not may_be_empty:
            inside[np.arange(len(p)), p.argmax(axis=1)] = True
        return inside

    def to_dict(self) -> dict[str, Any]:
        """What JSON can hold."""
        return asdict(self)

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Conformal:
        """The sets that `to_dict` wrote, before or after JSON."""
        return cls(stored["score"], stored["alpha"], tuple(stored["limits"]), stored["n_classes"])


def scores(probabilities: Floats, score: Score) -> Floats:
    """How little every class fits (N, C); larger is worse.

    "lac" is 1 - p and gives the smallest sets on average (Sadinle et al. 2019); "aps" is the sum of the probabilities
    from the likeliest down to this class, not randomised, and gives larger sets to harder stars (Romano et al. 2020);
    "raps" adds 0.02 per rank beyond the second, which keeps sets short (Angelopoulos et al. 2021).

    >>> scores(np.array([[0.2, 0.5, 0.3]]), "aps").round(6)
    array([[1. , 0.5, 0.8]])
    """
    if score == "lac":
        return np.asarray(1.0 - probabilities)
    order = np.argsort(-probabilities, axis=1, kind="stable")
    summed = np.cumsum(np.take_along_axis(probabilities, order, axis=1), axis=1)
    if score == "raps":
        summed += _RAPS_WEIGHT * np.maximum(np.arange(1, probabilities.shape[1] + 1) - _RAPS_FREE, 0)
    result = np.empty_like(summed)
    np.put_along_axis(result, order, summed, axis=1)
    return result


def fit_conformal(
    probabilities: ArrayLike, target: ArrayLike, alpha: float = 0.1, score: Score = "lac", by_class: bool = False
) -> Conformal:
    """Learn the limits from held-out stars.

    A new star that comes from the same sample has the truth in its set with probability 1 - alpha or more.

    Parameters
    ----------
    probabilities : (N, C)
        Calibrated, before any shift of priors, of stars that neither model nor calibration learned from.
    target : (N,) int
        Column of the true class.
    alpha : float
        Share that may be missed, above 0 and below 1.
    score : {"lac", "aps", "raps"}
        See `scores`.
    by_class : bool
        Keep the promise within every class (Mondrian sets), and so under any priors. A class with fewer than
        1 / alpha - 1 stars can then never be excluded, and is in every set.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> p = rng.dirichlet([1, 1, 1], 2000)
    >>> truth = (rng.random((2000, 1)) > p.cumsum(axis=1)).sum(axis=1)
    >>> sets = fit_conformal(p[:1000], truth[:1000], alpha=0.1).apply(p[1000:])
    >>> float(sets[np.arange(1000), truth[1000:]].mean())
    0.899
    """
    if score not in get_args(Score):
        raise OptionError(f"score {score!r} is not known; there are {', '.join(get_args(Score))}")
    if not 0.0 < alpha < 1.0:
        raise OptionError(f"alpha lies between 0 and 1; it is {alpha}")
    p = checked_probabilities(probabilities, target)
    n, c = p.shape
    t = checked_target(target, n, c)
    own = scores(p, score)[np.arange(n), t]
    groups = [own[t == k] for k in range(c)] if by_class else [own]
    return Conformal(score, alpha, tuple(_limit(group, alpha) for group in groups), c)


def _limit(own: Floats, alpha: float) -> float:
    # A hair less than the product, so that 0.9 x 10 = 9.000000000000002 does not ask for the tenth.
    rank = int(np.ceil((len(own) + 1) * (1 - alpha) - 1e-9))
    return float(np.sort(own)[rank - 1]) if rank <= len(own) else 1e9


def set_names(inside: NDArray[np.bool_], classes: Sequence[str]) -> NDArray[Any]:
    """Sets as text (N,), such as "EA EB".

    >>> set_names(np.array([[True, True, False], [False, False, False]]), ("EA", "EB", "EW")).tolist()
    ['EA EB', '']
    """
    kinds, code = np.unique(np.packbits(inside, axis=1), axis=0, return_inverse=True)
    bits = np.unpackbits(kinds, axis=1, count=len(classes)).astype(bool)
    words = [" ".join(name for name, here in zip(classes, row, strict=True) if here) for row in bits]
    return np.array(words, dtype=object)[code.ravel()] if words else np.empty(0, dtype=object)
