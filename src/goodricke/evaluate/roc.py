"""Receiver operating characteristic of one class against the rest, and the area below it with an interval."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from goodricke.errors import DataError
from goodricke.evaluate.answers import Answers
from goodricke.evaluate.ranking import ranking_scorer
from goodricke.evaluate.resampling import bootstrap, estimate

__all__ = ["Roc", "roc"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Roc:
    """The curve from nothing flagged to everything flagged.

    Parameters
    ----------
    threshold : (K,)
        What has at least this probability is flagged, falling from infinity.
    false_rate, true_rate : (K,)
        Share of the others, and of the class, that is flagged.
    auc, low, high : float
        Area, with its 95% percentile interval of a bootstrap over stars.
    """

    threshold: Floats
    false_rate: Floats
    true_rate: Floats
    auc: float
    low: float
    high: float


def roc(
    probability: ArrayLike, target: ArrayLike, stars: ArrayLike | None = None, n_draws: int = 200, seed: int = 0
) -> Roc:
    """The curve, at every probability that occurs.

    Parameters
    ----------
    probability : (N,)
        Of the class.
    target : (N,) bool
        Whether it is of the class.
    stars : (N,), optional
        Star of every row: rows of one star (template) are drawn together, without which intervals are too short.
    n_draws : int
        Bootstrap samples.
    seed : int
        Of the bootstrap.

    Examples
    --------
    >>> found = roc([0.9, 0.8, 0.3, 0.1], [True, False, True, False])
    >>> found.auc, found.true_rate, found.false_rate
    (0.75, array([0. , 0.5, 0.5, 1. , 1. ]), array([0. , 0. , 0.5, 0.5, 1. ]))
    """
    p, truth = np.asarray(probability, dtype=np.float64), np.asarray(target).astype(bool)
    if p.shape != truth.shape or p.ndim != 1 or not np.isfinite(p).all():
        raise DataError(f"finite probabilities and as many targets are wanted; shapes: {p.shape}, {truth.shape}")
    if truth.all() or not truth.any():
        raise DataError("a ROC curve needs rows of the class and rows that are not")
    order = np.argsort(-p, kind="stable")
    ends = np.flatnonzero(np.diff(p[order], append=-np.inf))
    hits = np.cumsum(truth[order])[ends]
    false = ends + 1 - hits
    group = np.arange(len(p)) if stars is None else np.unique(np.asarray(stars), return_inverse=True)[1]
    answers = replace(
        Answers.of(("rest", "class"), truth, np.stack([1 - p, p], axis=1)), star=np.asarray(group, dtype=np.int64)
    )
    value, samples = bootstrap({"": ranking_scorer(answers)}, answers.star, n_draws, seed)
    auc = float(value[""]["roc_auc"][1])
    found = estimate(auc, samples[""]["roc_auc"][:, 1]) if n_draws else {"low": None, "high": None}
    return Roc(
        np.concatenate([[np.inf], p[order][ends]]),
        np.concatenate([[0.0], false / (~truth).sum()]),
        np.concatenate([[0.0], hits / truth.sum()]),
        auc,
        *(np.nan if end is None else end for end in (found["low"], found["high"])),
    )
