"""Stars, the classes to tell apart, and which of them each star may be."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from goodricke.errors import DataError
from goodricke.labels import LEAVES, VIEWS
from goodricke.models.predictor import log_softmax
from goodricke.train.examples import Examples

__all__ = ["SURE_ENOUGH", "Task"]

Floats = NDArray[np.float64]

SURE_ENOUGH = 0.1
"""A class that a model gives less to is not worth a row of an ambiguous star."""


@dataclass(frozen=True, eq=False)
class Task:
    """N stars and C classes.

    Parameters
    ----------
    examples : Examples
        N stars.
    classes : C names
        Those with enough certain stars.
    allowed : (N, C) bool
        One class for a certain star, several for an ambiguous one.
    """

    examples: Examples
    classes: tuple[str, ...]
    allowed: NDArray[np.bool_]

    @classmethod
    def of(cls, examples: Examples, fewest: int, view: str = "leaves") -> Task:
        """Keep the classes of a view that have `fewest` certain stars, and the stars that are one of them."""
        groups = VIEWS[view]
        member = np.array([[leaf in leaves for leaf in LEAVES] for leaves in groups.values()])
        allowed = (examples.allowed[:, None, :] & member).any(axis=2)
        certain = (allowed.sum(axis=1) == 1) & np.isin(examples.kind, ("whole", "constant"))
        kept = np.flatnonzero(allowed[certain].sum(axis=0) >= fewest)
        if len(kept) < 2:
            raise DataError(f"only {len(kept)} classes have {fewest} stars; give more stars, or a smaller `fewest`")
        inside = allowed[:, kept].any(axis=1)
        names = list(groups)
        return cls(examples.some(inside), tuple(names[k] for k in kept), allowed[inside][:, kept])

    def some(self, rows: NDArray[np.bool_] | NDArray[np.int64]) -> Task:
        """The chosen stars."""
        return Task(self.examples.some(rows), self.classes, self.allowed[rows])

    @property
    def certain(self) -> NDArray[np.bool_]:
        """Stars of one class (N,)."""
        return np.asarray(self.allowed.sum(axis=1) == 1)

    def weighted(self, logits: Floats) -> tuple[NDArray[np.int64], NDArray[np.int64], Floats]:
        """Rows, classes and weights: a certain star once, an ambiguous one with every class that it may be.

        Its weights are those that the logits (N, C) of a model give, among the classes that are allowed. Without these
        stars a calibration would learn that surveys whose stars are ambiguous have none of the kind.
        """
        share = np.exp(log_softmax(logits)) + 1e-4
        share = np.where(self.allowed, share, 0.0)
        share /= share.sum(axis=1, keepdims=True)
        row, column = np.nonzero(share > SURE_ENOUGH)
        return row, column, share[row, column]

    def likeliest(self, logits: Floats) -> NDArray[np.int64]:
        """The class of the certain stars, and of the ambiguous the likeliest that they may be (N,)."""
        return np.asarray(np.argmax(np.where(self.allowed, logits, -np.inf), axis=1))

    @property
    def target(self) -> NDArray[np.int64]:
        """The class of the certain stars (N,)."""
        return np.asarray(np.argmax(self.allowed, axis=1))
