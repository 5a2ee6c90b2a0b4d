"""What anyone could say without looking at a star: the figures that a model must beat."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from goodricke.evaluate.answers import Answers

__all__ = ["BASELINES", "majority", "random_by_share"]


def majority(answers: Answers) -> Answers:
    """Always the most frequent true class; probabilities are the shares of the classes.

    >>> majority(Answers.of(("EA", "EW"), [0, 1, 1], np.full((3, 2), 0.5))).label
    array([1, 1, 1])
    """
    p = _shares(answers)
    return replace(answers, probability=p, label=p.argmax(axis=1), status=np.full(len(answers), "ok"), sets=None)


def random_by_share(answers: Answers, seed: int = 0) -> Answers:
    """A class drawn with the shares of the true classes; probabilities are these shares."""
    p = _shares(answers)
    label = np.random.default_rng(seed).choice(len(answers.groups), size=len(answers), p=p[0] / p[0].sum())
    return replace(answers, probability=p, label=label, status=np.full(len(answers), "ok"), sets=None)


def _shares(answers: Answers) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    shares = np.bincount(answers.truth, minlength=len(answers.groups)) / max(len(answers), 1)
    return np.tile(shares, (len(answers), 1))


BASELINES = ("majority", "random by share")
"""Names that the baselines have in reports."""
