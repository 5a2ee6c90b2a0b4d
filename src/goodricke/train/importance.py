"""What a model loses when it may no longer look at a group of features."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from goodricke.models.predictor import Predictor, log_softmax

__all__ = ["Importance", "permutation_importance"]


@dataclass(frozen=True)
class Importance:
    """What a group of features is worth to a model."""

    group: str
    loss: float
    """Rise of the mean negative log likelihood, in nats, when the group is shuffled among the stars."""
    accuracy: float
    """Fall of the share of right labels."""


def permutation_importance(
    predictor: Predictor,
    features: NDArray[np.floating[Any]],
    target: NDArray[np.integer[Any]],
    groups: Mapping[str, Sequence[int]],
    seed: int = 0,
    repeats: int = 3,
) -> list[Importance]:
    """How much worse a model becomes without what a group of features says of a star (Breiman 2001).

    Parameters
    ----------
    predictor : Predictor
        Fitted to other stars.
    features, target : (N, K), (N,) int
        Stars that it has not seen.
    groups : mapping
        Name -> columns that are shuffled together.
    seed : int
        Of the shuffles.
    repeats : int
        Shuffles that are averaged.

    Returns
    -------
    list of Importance
        The most important first.
    """
    rng = np.random.default_rng(seed)
    loss, accuracy = _merits(predictor, features, target)
    found = []
    for group, columns in groups.items():
        worse = []
        for _ in range(repeats):
            shuffled = np.array(features)
            shuffled[:, list(columns)] = shuffled[rng.permutation(len(features))][:, list(columns)]
            worse.append(_merits(predictor, shuffled, target))
        mean = np.mean(worse, axis=0)
        found.append(Importance(group, float(mean[0] - loss), float(accuracy - mean[1])))
    return sorted(found, key=lambda one: -one.loss)


def _merits(predictor: Predictor, features: NDArray[Any], target: NDArray[Any]) -> tuple[float, float]:
    logits = predictor.logits({"features": features})
    loss = -log_softmax(logits)[np.arange(len(target)), target].mean()
    return float(loss), float(np.mean(logits.argmax(axis=1) == target))
