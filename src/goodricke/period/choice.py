"""The choice among candidates: trees that ship with the package, and probabilities fitted to what they got right."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from goodricke.period.candidates import FEATURES
from goodricke.period.trees import Trees, load_trees

__all__ = ["MOST_ALTERNATIVES", "chooser", "different", "probabilities"]

Floats = NDArray[np.float64]

MOST_ALTERNATIVES = 5


@cache
def chooser() -> Trees:
    """The trees that ship with the package."""
    return load_trees(Path(str(files("goodricke"))) / "models" / "bundles" / "period-chooser-1", FEATURES)


def different(frequency: Floats, odds: Floats, span: float) -> NDArray[np.int64]:
    """Index of the candidates that are not the same period, likeliest first.

    >>> different(np.array([1.0, 2.0, 1.001]), np.array([0.5, 0.1, 0.7]), 100.0)
    array([2, 1])
    """
    order = np.argsort(-odds, kind="stable")
    same = np.abs(np.subtract.outer(frequency[order], frequency[order])) <= 0.5 / span
    chosen: list[int] = []
    for k in range(len(order)):
        if not same[k, chosen].any():
            chosen.append(k)
    return np.asarray(order[chosen])


def probabilities(odds: Floats, scale: float, none: float) -> Floats:
    """Chance that each of the candidates is the right period; what is missing to one is that none is.

    Parameters
    ----------
    odds : (c,)
        Log odds of the trees, one per different period.
    scale, none : float
        Fitted on stars that the trees had not seen: how far to trust the odds, and the weight of "none of them".

    Examples
    --------
    >>> probabilities(np.array([2.0, 0.0]), 1.0, 0.0).round(2)
    array([0.79, 0.11])
    """
    weight = scale * odds
    top = max(float(weight.max()), none)
    share = np.exp(weight - top)
    return np.asarray(share / (share.sum() + np.exp(none - top)))
