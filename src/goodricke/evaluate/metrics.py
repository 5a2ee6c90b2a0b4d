"""The table of metrics, and all of them of one model as one function of weights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from goodricke.evaluate.answers import Answers, Scope
from goodricke.evaluate.confusion import confusion_scorer
from goodricke.evaluate.ranking import ranking_scorer, risk_scorer
from goodricke.evaluate.reliability import probability_scorer
from goodricke.evaluate.resampling import Scorer, Scores, Weights, estimate

__all__ = ["CLASS_METRICS", "METRICS", "Metric", "model_scorer", "told"]


@dataclass(frozen=True)
class Metric:
    """Its title, whether more is better, and one sentence."""

    title: str
    more_is_better: bool
    says: str


METRICS: dict[str, Metric] = {
    "accuracy": Metric("accuracy", True, "Share of stars with the right class."),
    "balanced_accuracy": Metric("balanced accuracy", True, "Mean recall over the classes that have a true star."),
    "macro_precision": Metric("macro precision", True, "Mean precision over the classes that have a true star."),
    "macro_f1": Metric("macro F1", True, "Mean F1 over the classes that have a true star."),
    "weighted_f1": Metric("weighted F1", True, "Mean F1, weighted by the true counts of the classes."),
    "macro_average_precision": Metric("mean average precision", True, "Mean over classes of the average precision."),
    "macro_roc_auc": Metric("mean ROC AUC", True, "Area under the ROC curve, one class against the rest, mean."),
    "top2": Metric("top-2 accuracy", True, "Share of stars whose true class is among the two likeliest."),
    "brier": Metric("Brier score", False, "Squared distance of probabilities from the truth, summed: 0 to 2."),
    "log_loss": Metric("log loss", False, "Mean of -ln of the probability given to the true class."),
    "ece": Metric("ECE", False, "Expected calibration error of the confidence, 15 bins of equal counts."),
    "ece_classwise": Metric("classwise ECE", False, "The same of every class's probability, mean over classes."),
    "aurc": Metric("AURC", False, "Share of errors among the surest stars, mean over all shares that may be kept."),
    "set_coverage": Metric("set coverage", True, "Share of stars whose prediction set holds the truth."),
    "set_size": Metric("set size", False, "Mean number of classes in the prediction set."),
}  # fmt: skip
"""Metrics of a model: one number each."""

CLASS_METRICS: dict[str, Metric] = {
    "precision": Metric("precision", True, "Share of the stars called so that are so (purity)."),
    "recall": Metric("recall", True, "Share of the true ones that are called so (completeness)."),
    "f1": Metric("F1", True, "Harmonic mean of precision and recall."),
    "average_precision": Metric("average precision", True, "Precision averaged down the list by probability."),
    "roc_auc": Metric("ROC AUC", True, "Chance that a true one has a higher probability than another star."),
}
"""Metrics of a model and a class."""


def model_scorer(answers: Answers, scope: Scope) -> Scorer:
    """All scores of a model over a scope, as a function of weights over all its rows.

    Average precision and ROC are taken over all stars only: they cost most, and cuts change what they mean.
    """
    inside = np.flatnonzero(answers.within(scope))
    mine = answers.take(answers.within(scope))
    scorers = [confusion_scorer(mine), risk_scorer(mine)]
    if mine.probability is not None:
        scorers.append(probability_scorer(mine))
        if scope == "all":
            scorers.append(ranking_scorer(mine))

    def score(weights: Weights) -> Scores:
        own = weights if len(inside) == weights.shape[1] else weights[:, inside]
        return {key: found for scorer in scorers for key, found in scorer(own).items()}

    return score


def told(values: Scores, samples: Scores, groups: tuple[str, ...]) -> dict[str, Any]:
    """Scores with intervals as plain dicts: metric -> estimate, and under ``classes`` group -> metric -> estimate."""
    found: dict[str, Any] = {name: estimate(float(values[name]), samples[name]) for name in METRICS if name in values}
    found["classes"] = {
        group: {name: estimate(float(values[name][g]), samples[name][:, g]) for name in CLASS_METRICS if name in values}
        for g, group in enumerate(groups)
    }
    return found
