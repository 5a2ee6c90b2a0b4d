"""Nearest neighbours among stored stars, each with a vote that falls with its distance (Dudani 1976)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from goodricke.errors import ModelError
from goodricke.models.predictor import Inputs, Signature
from goodricke.models.scaling import Scaling
from goodricke.models.weights import Arrays, wanted

__all__ = ["FLOOR", "NearestNeighbours"]

FLOOR = 1e-4
"""Least probability of a class."""

_CELLS = 1 << 21  # distances held at once: 16 MB
_SPARE = 16  # neighbours looked at beyond those that count: fast distances are not exact to the last digits


@dataclass(frozen=True, eq=False)
class NearestNeighbours:
    """Stars that vote.

    Parameters
    ----------
    scaling : Scaling
        What distances are measured in.
    rows : (n, K) float32
        Scaled features of the stored stars.
    label : (n,) int
        Their classes.
    weight : (n,) float
        What their votes are multiplied with.
    neighbours : int
        How many vote.
    n_classes : int
        Classes.
    """

    TOLERANCE: ClassVar[float] = 1e-6

    scaling: Scaling
    rows: NDArray[np.float64]
    label: NDArray[np.int64]
    weight: NDArray[np.float64]
    neighbours: int
    n_classes: int

    @classmethod
    def from_arrays(cls, arrays: Arrays, signature: Signature) -> Self:
        """From the arrays ``rows``, ``label``, ``weight``, ``neighbours`` and those of ``Scaling``."""
        scaling = Scaling.from_arrays(arrays, signature.n_features)
        rows = wanted(arrays, "rows", "f", None, scaling.n_columns).astype(np.float64)
        label = wanted(arrays, "label", "i", len(rows)).astype(np.int64)
        weight = wanted(arrays, "weight", "f", len(rows)).astype(np.float64)
        neighbours = int(wanted(arrays, "neighbours", "i"))
        if not 1 <= neighbours <= len(rows):
            raise ModelError(f"{neighbours} neighbours are to vote among {len(rows)} stored stars")
        if ((label < 0) | (label >= signature.n_classes)).any() or (weight <= 0).any():
            raise ModelError("a stored star has a class that is not there, or no weight; install the bundle again")
        return cls(scaling, rows, label, weight, neighbours, signature.n_classes)

    def logits(self, inputs: Inputs) -> NDArray[np.float32]:
        """Log probabilities (N, C), at least log 1e-4, for rows ``features`` (N, K)."""
        seen = self.scaling.apply(inputs["features"])
        step = max(1, _CELLS // len(self.rows))
        parts = [self._votes(seen[first : first + step]) for first in range(0, len(seen), step)]
        return np.log(np.maximum(np.concatenate(parts), FLOOR)).astype(np.float32)

    def _votes(self, seen: NDArray[np.float64]) -> NDArray[np.float64]:
        """Shares of the votes (n, C)."""
        near, distance = self._nearest(seen)
        same = distance == 0
        with np.errstate(divide="ignore"):
            # A stored star at the very place outvotes all that are elsewhere.
            vote = np.where(same.any(axis=1, keepdims=True), same, 1.0 / distance) * self.weight[near]
        cell = np.arange(len(seen))[:, None] * self.n_classes + self.label[near]
        votes = np.bincount(cell.ravel(), vote.ravel(), len(seen) * self.n_classes).reshape(len(seen), -1)
        return np.asarray(votes / votes.sum(axis=1, keepdims=True))

    def _nearest(self, seen: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """The stored stars that vote (n, neighbours), and how far they are."""
        fast = (self.rows**2).sum(axis=1) - 2.0 * seen @ self.rows.T
        some = min(self.neighbours + _SPARE, len(self.rows))
        near = np.sort(np.argpartition(fast, some - 1, axis=1)[:, :some], axis=1)
        distance = np.sqrt(((seen[:, None, :] - self.rows[near]) ** 2).sum(axis=2))
        first = np.argsort(distance, axis=1, kind="stable")[:, : self.neighbours]
        return np.take_along_axis(near, first, axis=1), np.take_along_axis(distance, first, axis=1)
