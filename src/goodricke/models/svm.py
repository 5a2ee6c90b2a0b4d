"""Support vector machine with a Gaussian kernel, one against one (Cortes & Vapnik 1995; Chang & Lin 2011)."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from goodricke.errors import ModelError
from goodricke.models.predictor import Inputs, Signature
from goodricke.models.scaling import Scaling
from goodricke.models.weights import Arrays, wanted

__all__ = ["SupportVectors"]

_CELLS = 1 << 21  # kernel values held at once: 16 MB
_ABSENT = -30.0


@dataclass(frozen=True, eq=False)
class SupportVectors:
    """Votes of machines that each tell two classes apart.

    Parameters
    ----------
    scaling : Scaling
        What the kernel sees.
    support : (n, K) float64
        Support vectors, those of the first class first.
    dual : (c - 1, n) float64
        Their coefficients in the machines against the other classes.
    intercept : (c (c - 1) / 2,) float64
        Of every machine.
    n_support : (c,) int
        Vectors of every class.
    gamma : float
        Of the kernel, exp(-gamma d^2).
    present : (c,) int
        Classes that had stars.
    n_classes : int
        All classes.
    """

    TOLERANCE: ClassVar[float] = 1e-6

    scaling: Scaling
    support: NDArray[np.float64]
    dual: NDArray[np.float64]
    intercept: NDArray[np.float64]
    n_support: NDArray[np.int64]
    gamma: float
    present: NDArray[np.int64]
    n_classes: int

    @classmethod
    def from_arrays(cls, arrays: Arrays, signature: Signature) -> Self:
        """From the arrays named as the parameters, and those of ``Scaling``."""
        scaling = Scaling.from_arrays(arrays, signature.n_features)
        present = wanted(arrays, "present", "i", None).astype(np.int64)
        c = len(present)
        support = wanted(arrays, "support", "f", None, scaling.n_columns).astype(np.float64)
        n_support = wanted(arrays, "n_support", "i", c).astype(np.int64)
        gamma = float(wanted(arrays, "gamma", "f"))
        if c < 2 or len(np.unique(present)) != c or present.min() < 0 or present.max() >= signature.n_classes:
            raise ModelError(
                f"the machine tells classes {present[:20].tolist()} apart; there are {signature.n_classes}"
            )
        if (n_support < 0).any() or n_support.sum() != len(support) or gamma < 0:
            raise ModelError("the support vectors do not belong to the classes as counted; install the bundle again")
        return cls(
            scaling, support, wanted(arrays, "dual", "f", c - 1, len(support)).astype(np.float64),
            wanted(arrays, "intercept", "f", c * (c - 1) // 2).astype(np.float64), n_support, gamma, present,
            signature.n_classes,
        )  # fmt: skip

    def logits(self, inputs: Inputs) -> NDArray[np.float32]:
        """Votes won and confidence (N, C) for rows ``features`` (N, K); the margin, for two classes."""
        seen = self.scaling.apply(inputs["features"])
        result = np.full((len(seen), self.n_classes), _ABSENT, dtype=np.float32)
        step = max(1, _CELLS // max(len(self.support), 1))
        for first in range(0, len(seen), step):
            margins = self._margins(seen[first : first + step])
            result[first : first + step, self.present] = self._votes(margins)
        return result

    def _margins(self, seen: NDArray[np.float64]) -> dict[tuple[int, int], NDArray[np.float64]]:
        """Of every pair of classes (n,): positive for the first one; for the second one where there are but two."""
        squares = (seen**2).sum(axis=1)[:, None] + (self.support**2).sum(axis=1) - 2.0 * seen @ self.support.T
        kernel = np.exp(-self.gamma * np.maximum(squares, 0.0))
        bounds = np.concatenate([[0], np.cumsum(self.n_support)])
        part = [
            kernel[:, bounds[k] : bounds[k + 1]] @ self.dual[:, bounds[k] : bounds[k + 1]].T
            for k in range(len(self.present))
        ]
        pairs = combinations(range(len(self.present)), 2)
        return {(i, j): part[i][:, j - 1] + part[j][:, i] + b for (i, j), b in zip(pairs, self.intercept, strict=True)}

    def _votes(self, margins: dict[tuple[int, int], NDArray[np.float64]]) -> NDArray[np.float64]:
        if len(self.present) == 2:
            return np.stack([np.zeros_like(margins[0, 1]), margins[0, 1]], axis=1)
        votes = np.zeros((len(margins[0, 1]), len(self.present)))
        confidence = np.zeros_like(votes)
        for (i, j), margin in margins.items():
            votes[:, i] += margin >= 0
            votes[:, j] += margin < 0
            confidence[:, i] += margin
            confidence[:, j] -= margin
        # Less than a third of a vote, so that confidence decides between classes of equal votes only.
        return np.asarray(votes + confidence / (3.0 * (np.abs(confidence) + 1.0)))
