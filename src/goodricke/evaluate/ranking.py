"""How well stars are put in order: average precision, ROC area, and the risk when only the surest are kept.

All rest on cumulative weights down a list that was sorted once. Stars of equal score stand on one rung and enter
together.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from goodricke.evaluate.answers import Answers
from goodricke.evaluate.resampling import Scorer, Scores, Weights

__all__ = ["precision_recall", "ranking_scorer", "risk_coverage", "risk_scorer"]

_RUNGS = 60


@dataclass(frozen=True, eq=False)
class _Ladder:
    """Order of the stars from the highest score down, and where the rung of each begins and ends (counts)."""

    order: NDArray[np.int64]
    start: NDArray[np.int64]
    end: NDArray[np.int64]

    @classmethod
    def of(cls, score: NDArray[np.float64]) -> _Ladder:
        order = np.argsort(-score, kind="stable")
        ordered = -score[order]
        return cls(order, np.searchsorted(ordered, ordered, "left"), np.searchsorted(ordered, ordered, "right"))


def _cumulative(weights: Weights) -> Weights:
    """Sums (B, N + 1) of the first 0 ... N weights."""
    total = np.zeros((len(weights), weights.shape[1] + 1))
    np.cumsum(weights, axis=1, out=total[:, 1:])
    return total


def _ratio(a: Weights, b: Weights) -> Weights:
    return np.divide(a, b, out=np.zeros_like(a), where=b > 0)


def ranking_scorer(answers: Answers) -> Scorer:
    """``average_precision`` and ``roc_auc`` (B, G), each group against the rest, and their means over groups (B,).

    Average precision is a sum of steps, not of trapezoids, which are too kind (Davis & Goadrich 2006). NaN
    for a group without a true star, or with no other.
    """
    assert answers.probability is not None
    each = [_one_group(answers.probability[:, g], answers.truth == g) for g in range(len(answers.groups))]

    def score(weights: Weights) -> Scores:
        found = [f(weights) for f in each]
        columns = {key: np.stack([one[key] for one in found], axis=1) for key in ("average_precision", "roc_auc")}
        means = {f"macro_{key}": _nan_mean(column) for key, column in columns.items()}
        return columns | means

    return score


def _nan_mean(values: NDArray[np.float64]) -> NDArray[np.float64]:
    known = np.isfinite(values)
    n = known.sum(axis=1)
    return np.asarray(np.where(known, values, 0).sum(axis=1) / np.where(n > 0, n, np.nan))


def _one_group(probability: NDArray[np.float64], positive: NDArray[np.bool_]) -> Scorer:
    ladder = _Ladder.of(probability)
    mine = positive[ladder.order]
    stars = ladder.order[mine]
    start, end = ladder.start[mine], ladder.end[mine]
    counted = np.concatenate([[0], np.cumsum(mine)])
    my_start, my_end = counted[start], counted[end]

    def score(weights: Weights) -> Scores:
        everyone, own = _cumulative(weights[:, ladder.order]), _cumulative(weights[:, stars])
        weight, hits = weights[:, stars], own[:, my_end]
        total, rest = own[:, -1], everyone[:, -1] - own[:, -1]
        before = everyone[:, start] - own[:, my_start]
        through = everyone[:, end] - hits
        beaten = rest[:, None] - (before + through) / 2
        some = np.where((total > 0) & (rest > 0), total, np.nan)
        return {
            "average_precision": (weight * _ratio(hits, everyone[:, end])).sum(axis=1) / some,
            "roc_auc": (weight * beaten).sum(axis=1) / (some * np.where(rest > 0, rest, np.nan)),
        }

    return score


def _sureness(answers: Answers) -> NDArray[np.float64]:
    """Confidence, with abstaining stars behind all decided ones and failed stars last."""
    last = np.where(answers.failed, 2.0, np.where(answers.status == "abstained", 1.0, 0.0))
    return np.asarray(answers.confidence - 2 * last)


def risk_scorer(answers: Answers) -> Scorer:
    """``aurc``: the share of errors among the surest stars, averaged over every share of stars that may be kept (B,).

    Geifman & El-Yaniv 2017. ``risk`` (B, R) is the curve itself at the rungs of `risk_coverage`.
    """
    ladder = _Ladder.of(_sureness(answers))
    wrong = (~answers.right)[ladder.order].astype(np.float64)
    rungs = ladder.end[_rungs(len(answers))]

    def score(weights: Weights) -> Scores:
        ordered = weights[:, ladder.order]
        kept, errors = _cumulative(ordered), _cumulative(ordered * wrong)
        risk = _ratio(errors, kept)
        whole = np.where(kept[:, -1] > 0, kept[:, -1], np.nan)
        return {"aurc": (ordered * risk[:, ladder.end]).sum(axis=1) / whole, "risk": risk[:, rungs]}

    return score


def _rungs(n: int) -> NDArray[np.int64]:
    return np.unique(np.linspace(n // _RUNGS, max(n - 1, 0), min(_RUNGS, n)).round().astype(np.int64))


def risk_coverage(answers: Answers) -> dict[str, NDArray[np.float64]]:
    """The curve at some 60 rungs: ``coverage`` kept, ``risk`` (share of errors), ``confidence`` of the last star kept.

    ``decided`` is the share of stars that the model decides. Abstaining stars come behind all others and
    failed ones last, as errors.

    >>> curve = risk_coverage(Answers.of(("EA", "EW"), [0, 1, 1], [[0.9, 0.1], [0.6, 0.4], [0.2, 0.8]]))
    >>> curve["coverage"].round(2), curve["risk"].round(2)
    (array([0.33, 0.67, 1.  ]), array([0.  , 0.  , 0.33]))
    """
    ladder = _Ladder.of(_sureness(answers))
    rungs = ladder.end[_rungs(len(answers))]
    errors = np.concatenate([[0], np.cumsum(~answers.right[ladder.order])])
    return {
        "coverage": rungs / max(len(answers), 1),
        "risk": errors[rungs] / rungs,
        "confidence": answers.confidence[ladder.order][rungs - 1],
        "decided": np.array([answers.within("decided").mean()]),
    }


def precision_recall(answers: Answers, group: int, most: int = 300) -> dict[str, NDArray[np.float64]]:
    """``precision``, ``recall`` and ``threshold`` of one group against the rest, from the highest threshold down.

    At most `most` points are kept, evenly along the recall.
    """
    assert answers.probability is not None
    score = answers.probability[:, group]
    ladder = _Ladder.of(score)
    ends = np.unique(ladder.end)
    hits = np.concatenate([[0], np.cumsum((answers.truth == group)[ladder.order])])[ends]
    precision, recall = hits / ends, hits / max(int(hits[-1]), 1)
    if len(ends) > most:
        kept = np.unique(np.searchsorted(recall, np.linspace(recall[0], 1.0, most), "left"))
    else:
        kept = np.arange(len(ends))
    return {"precision": precision[kept], "recall": recall[kept], "threshold": score[ladder.order][ends[kept] - 1]}
