"""Who is taken for whom: confusion matrices of many resamples, and what follows from them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from goodricke.evaluate.answers import Answers
from goodricke.evaluate.resampling import Scorer, Scores, Weights, summed_by

__all__ = ["confusion_matrix", "confusion_scorer", "confusion_scores"]


def confusion_matrix(answers: Answers) -> NDArray[np.int64]:
    """Counts (G, G + 1): true group down, predicted group across, no answer in the last column.

    >>> confusion_matrix(Answers.of(("EA", "EW"), [0, 1, 1], [[0.9, 0.1], [0.6, 0.4], [0.2, 0.8]]))
    array([[1, 0, 0],
           [1, 1, 0]])
    """
    g = len(answers.groups)
    return np.bincount(_cells(answers), minlength=g * (g + 1)).reshape(g, g + 1)


def confusion_scorer(answers: Answers) -> Scorer:
    """The scores of `confusion_scores` as a function of weights."""
    g = len(answers.groups)
    counted = summed_by(_cells(answers), g * (g + 1))

    def score(weights: Weights) -> Scores:
        return confusion_scores(counted(weights).reshape(len(weights), g, g + 1))

    return score


def confusion_scores(matrix: NDArray[np.float64]) -> Scores:
    """Scores of confusion matrices.

    Parameters
    ----------
    matrix : (B, G, G + 1)
        See `confusion_matrix`.

    Returns
    -------
    dict
        (B,): ``accuracy``, ``balanced_accuracy`` (mean recall), ``macro_precision``, ``macro_f1``, ``weighted_f1``;
        (B, G): ``precision`` (0 where nothing is predicted), ``recall``, ``f1``. Means run over the groups that have a
        true star; recall and F1 of the others are NaN.
    """
    g = matrix.shape[-2]
    support, predicted = matrix.sum(axis=-1), matrix[..., :g].sum(axis=-2)
    hits = np.diagonal(matrix[..., :g], axis1=-2, axis2=-1)
    total = support.sum(axis=-1)
    there = support > 0
    recall = np.where(there, hits / np.where(there, support, 1), np.nan)
    precision = hits / np.where(predicted > 0, predicted, 1)
    f1 = np.where(there, 2 * hits / np.where(there, support + predicted, 1), np.nan)
    whole = np.where(total > 0, total, np.nan)
    return {
        "accuracy": hits.sum(axis=-1) / whole,
        "balanced_accuracy": _mean(recall, there),
        "macro_precision": _mean(precision, there),
        "macro_f1": _mean(f1, there),
        "weighted_f1": np.where(there, support * f1, 0).sum(axis=-1) / whole,
        "precision": precision,
        "recall": recall,
        "f1": f1,
    }


def _mean(values: NDArray[np.float64], there: NDArray[np.bool_]) -> NDArray[np.float64]:
    n = there.sum(axis=-1)
    return np.asarray(np.where(there, values, 0).sum(axis=-1) / np.where(n > 0, n, np.nan))


def _cells(answers: Answers) -> NDArray[np.int64]:
    g = len(answers.groups)
    return np.asarray(answers.truth * (g + 1) + np.where(answers.label < 0, g, answers.label), dtype=np.int64)
