"""Whether probabilities mean what they say: Brier score, log loss, calibration error, reliability diagram."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from goodricke.evaluate.answers import Answers
from goodricke.evaluate.resampling import Scorer, Scores, Weights, summed_by, wilson

__all__ = ["N_BINS", "adaptive_bins", "calibration_error", "ece_of_perfect", "probability_scorer", "reliability"]

N_BINS = 15


def adaptive_bins(values: NDArray[np.float64], n_bins: int = N_BINS) -> NDArray[np.int64]:
    """Bin (N,) of every value, with as even counts as equal values allow: those stay in one bin.

    >>> adaptive_bins(np.array([0.1, 0.9, 0.5, 0.5]), 2)
    array([0, 1, 0, 0])
    """
    if not len(values):
        return np.zeros(0, dtype=np.int64)
    edges = np.quantile(values, np.linspace(0, 1, n_bins + 1)[1:-1], method="inverted_cdf")
    _, code = np.unique(np.searchsorted(edges, values, "left"), return_inverse=True)
    return np.asarray(code, dtype=np.int64)


def calibration_error(claimed: NDArray[np.float64], happened: NDArray[np.float64], n_bins: int = N_BINS) -> float:
    """Mean distance over stars between claimed probability and what happened, taken in adaptive bins.

    Expected calibration error of Naeini et al. 2015, with bins of equal counts (Nixon et al. 2019).

    >>> calibration_error(np.array([0.5, 0.5, 1.0, 1.0]), np.array([1.0, 0.0, 1.0, 1.0]))
    0.0
    """
    return float(_error_scorer(claimed, happened, n_bins)(np.ones((1, len(claimed))))[0])


def _error_scorer(
    claimed: NDArray[np.float64], happened: NDArray[np.float64], n_bins: int = N_BINS
) -> Callable[[Weights], NDArray[np.float64]]:
    code = adaptive_bins(claimed, n_bins)
    gap = summed_by(code, n_bins, claimed - happened)

    def score(weights: Weights) -> NDArray[np.float64]:
        total = weights.sum(axis=1)
        return np.asarray(np.abs(gap(weights)).sum(axis=1) / np.where(total > 0, total, np.nan))

    return score


def probability_scorer(answers: Answers) -> Scorer:
    """Scores of probabilities as a function of weights, all (B,).

    ``brier`` (sum over groups, 0 to 2; Brier 1950), ``log_loss``, ``ece`` of the confidence in the label,
    ``ece_classwise`` (mean over groups with a true star; Kull et al. 2019), ``top2``: the truth is among the two
    likeliest groups. The calibration errors leave out failed rows, which claim nothing.
    """
    assert answers.probability is not None
    p, truth, answered = answers.probability, answers.truth, ~answers.failed
    star_scores = _star_scores(answers)
    hit = np.eye(len(answers.groups))[truth]
    said = answered.astype(np.float64)
    confident = _error_scorer(answers.confidence[answered], answers.right[answered].astype(np.float64))
    there = np.flatnonzero(np.bincount(truth, minlength=len(answers.groups)))
    each = [_error_scorer(p[answered, g], hit[answered, g]) for g in there]

    def score(weights: Weights) -> Scores:
        total = weights.sum(axis=1)
        whole = np.where(total > 0, total, np.nan)
        means = {name: weights @ values / whole for name, values in star_scores.items()}
        inside = weights[:, answered] if not said.all() else weights
        return means | {"ece": confident(inside), "ece_classwise": np.mean([f(inside) for f in each], axis=0)}

    return score


def _star_scores(answers: Answers) -> dict[str, NDArray[np.float64]]:
    assert answers.probability is not None
    p, rows = answers.probability, np.arange(len(answers))
    own = p[rows, answers.truth]
    ahead = (p > own[:, None]).sum(axis=1)
    scores = {
        "brier": (p**2).sum(axis=1) - 2 * own + 1,
        "log_loss": -np.log(np.clip(own, np.finfo(np.float64).eps, 1.0)),
        "top2": ((ahead < 2) & ~answers.failed).astype(np.float64),
    }
    if answers.sets is not None:
        scores["set_coverage"] = answers.sets[rows, answers.truth].astype(np.float64)
        scores["set_size"] = answers.sets.sum(axis=1).astype(np.float64)
    return scores


def ece_of_perfect(answers: Answers, n_draws: int = 200, seed: int = 0) -> dict[str, float]:
    """What ``ece`` a perfectly calibrated model with these confidences would show on as many stars: mean and 95% limit.

    An estimated calibration error is never 0, since counts scatter (Broecker & Smith 2007 draw outcomes in this way).
    """
    said = answers.confidence[~answers.failed]
    rng = np.random.default_rng(seed)
    code = adaptive_bins(said)
    claimed = np.bincount(code, said, N_BINS)
    drawn = [
        np.abs(claimed - np.bincount(code, rng.random(len(said)) < said, N_BINS)).sum() / max(len(said), 1)
        for _ in range(n_draws)
    ]
    return {"mean": float(np.mean(drawn)), "limit": float(np.quantile(drawn, 0.95))}


def reliability(answers: Answers, n_bins: int = N_BINS) -> dict[str, NDArray[np.float64]]:
    """The reliability diagram in adaptive bins of confidence.

    Returns
    -------
    dict
        ``confidence`` (mean), ``accuracy`` with ``low`` and ``high`` (Wilson, 95%), ``n`` per bin; ``histogram``
        counts stars in 20 even bins of confidence.
    """
    answered = ~answers.failed
    said, right = answers.confidence[answered], answers.right[answered]
    code = adaptive_bins(said, n_bins)
    n = np.bincount(code)
    hits = np.bincount(code, right)
    low, high = wilson(hits, n)
    return {
        "confidence": np.bincount(code, said) / n,
        "accuracy": hits / n,
        "low": low,
        "high": high,
        "n": n.astype(np.float64),
        "histogram": np.histogram(said, bins=20, range=(0.0, 1.0))[0].astype(np.float64),
    }
