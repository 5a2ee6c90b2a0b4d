"""Scores against a property of the stars (number of points, time span, magnitude), in bins of equal counts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from goodricke.evaluate.answers import Answers
from goodricke.evaluate.confusion import confusion_scores
from goodricke.evaluate.resampling import Scorer, Scores, Weights, bootstrap, estimate, summed_by

__all__ = ["BROKEN_DOWN", "FEWEST", "break_down", "breakdown_scorer", "quantile_bins"]

FEWEST = 30
BROKEN_DOWN = ("accuracy", "balanced_accuracy", "macro_f1")


def quantile_bins(values: NDArray[np.float64], most: int = 6, fewest: int = FEWEST) -> NDArray[np.int64]:
    """Bin (N,) of every value: at most `most` bins of about equal counts, none with less than `fewest` values.

    Equal values stay together, so fewer bins come out where many values are equal. NaN is in no bin: -1.

    >>> quantile_bins(np.array([5.0, 1.0, 1.0, np.nan, 9.0]), most=2, fewest=2)
    array([ 1,  0,  0, -1,  1])
    """
    code = np.full(len(values), -1, dtype=np.int64)
    known = np.isfinite(values)
    seen, counts = np.unique(values[known], return_counts=True)
    total = int(counts.sum())
    wanted = max(fewest, total / max(min(most, total // fewest), 1)) if fewest else total / most
    edges, held, passed = [], 0, 0
    for k, n in enumerate(counts.tolist()):
        held, passed = held + n, passed + n
        # A bin closes when it is full, or when the next value would make it overflow, and enough is left for another.
        following = counts[k + 1] if k + 1 < len(counts) else 0
        if held >= fewest and held + following / 2 > wanted and total - passed >= fewest:
            edges.append(seen[k])
            held = 0
    code[known] = np.searchsorted(np.array(edges), values[known], "left")
    return code


def breakdown_scorer(answers: Answers, code: NDArray[np.int64]) -> Scorer:
    """Scores (B, n_bins) as a function of weights over all rows."""
    g, n_bins = len(answers.groups), int(code.max(initial=-1)) + 1
    cell = answers.truth * (g + 1) + np.where(answers.label < 0, g, answers.label)
    size = g * (g + 1)
    # Stars without a value are summed into a bin of their own, which is then cut off.
    counted = summed_by(np.where(code < 0, n_bins, code) * size + cell, (n_bins + 1) * size)

    def score(weights: Weights) -> Scores:
        matrices = counted(weights)[:, : n_bins * size].reshape(len(weights), n_bins, g, g + 1)
        found = confusion_scores(matrices)
        return {name: found[name] for name in BROKEN_DOWN}

    return score


def break_down(
    models: Mapping[str, Answers], columns: Mapping[str, NDArray[np.float64]], n_resamples: int, seed: int
) -> dict[str, dict[str, Any]]:
    """Scores of every model in bins of every property.

    Parameters
    ----------
    models : mapping of str to Answers
        About the same N stars.
    columns : mapping of str to (N,)
        Properties, NaN where unknown.
    n_resamples, seed : int
        Of the bootstrap.

    Returns
    -------
    dict
        Model -> property -> ``bins`` (range, median, count, share decided, scores with intervals) and the
        count ``unknown``.
    """
    codes = {name: quantile_bins(values) for name, values in columns.items() if np.isfinite(values).any()}
    scorers = {(model, name): breakdown_scorer(answers, code)
               for model, answers in models.items() for name, code in codes.items()}  # fmt: skip
    star = next(iter(models.values())).star
    values, samples = bootstrap(scorers, star, n_resamples, seed)
    return {
        model: {
            name: _bins(answers, columns[name], code, values[model, name], samples[model, name])
            for name, code in codes.items()
        }
        for model, answers in models.items()
    }


def _bins(
    answers: Answers, values: NDArray[np.float64], code: NDArray[np.int64], scores: Scores, samples: Scores
) -> dict[str, Any]:
    decided = answers.within("decided")
    rows = []
    for k in range(int(code.max()) + 1):
        here = code == k
        row: dict[str, Any] = {
            "low": float(values[here].min()),
            "high": float(values[here].max()),
            "median": float(np.median(values[here])),
            "n": int(here.sum()),
            "decided": float(decided[here].mean()),
        }
        rows.append(row | {name: estimate(float(scores[name][k]), samples[name][:, k]) for name in BROKEN_DOWN})
    return {"bins": rows, "unknown": int((code < 0).sum())}
