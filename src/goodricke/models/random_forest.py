"""Random forest: the mean of the class shares in the leaves of many trees (Breiman 2001, Machine Learning 45, 5)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from goodricke.models.boosted_trees import ensemble
from goodricke.models.predictor import Inputs, Signature
from goodricke.models.weights import Arrays
from goodricke.trees import Ensemble

__all__ = ["FLOOR", "RandomForest"]

FLOOR = 1e-4
"""Least probability of a class: a forest of some hundred trees cannot tell less from nothing."""


@dataclass(frozen=True)
class RandomForest:
    """Logarithms of mean shares.

    Examples
    --------
    >>> from goodricke.models.predictor import Tensor
    >>> arrays = {"feature": np.array([0, -1, -1]), "threshold": np.array([0.5, 0, 0]), "left": np.array([1, 0, 0]),
    ...           "right": np.array([2, 0, 0]), "missing_left": np.zeros(3, bool), "root": np.array([0]),
    ...           "value": np.array([[0.0, 0.0], [0.5, 0.5], [0.0, 1.0]]), "baseline": np.zeros(2)}
    >>> model = RandomForest.from_arrays(arrays, Signature(2, {"features": Tensor((None, 1))}))
    >>> np.exp(model.logits({"features": np.array([[0.2], [0.9]])})).round(4)
    array([[5.e-01, 5.e-01],
           [1.e-04, 1.e+00]], dtype=float32)
    """

    TOLERANCE: ClassVar[float] = 1e-6

    trees: Ensemble

    @classmethod
    def from_arrays(cls, arrays: Arrays, signature: Signature) -> Self:
        """From the arrays of ``goodricke.trees.Ensemble`` with `value` (n, C): shares over the number of trees."""
        return cls(ensemble(arrays, signature, shared=True))

    def logits(self, inputs: Inputs) -> NDArray[np.float32]:
        """Logarithms of the probabilities (N, C) for rows ``features`` (N, K)."""
        return np.log(np.maximum(self.trees.raw(inputs["features"]), FLOOR)).astype(np.float32)
