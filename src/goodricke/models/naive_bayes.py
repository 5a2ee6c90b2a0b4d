"""Gaussian naive Bayes: features as independent normal numbers in every class; what is unknown is left out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from goodricke.errors import ModelError
from goodricke.models.predictor import Inputs, Signature, log_softmax
from goodricke.models.scaling import Scaling
from goodricke.models.weights import Arrays, wanted

__all__ = ["NaiveBayes"]

_FLOOR = -30.0  # log probability; the independence that is assumed makes hundreds of it out of nothing


@dataclass(frozen=True, eq=False)
class NaiveBayes:
    """A normal distribution per class and feature.

    Parameters
    ----------
    scaling : Scaling
        What the distributions are of.
    mean, variance : (C, K) float64
        Of every class.
    prior : (C,) float64
        Share of every class; 0 when it had no star.
    """

    TOLERANCE: ClassVar[float] = 1e-6

    scaling: Scaling
    mean: NDArray[np.float64]
    variance: NDArray[np.float64]
    prior: NDArray[np.float64]

    @classmethod
    def from_arrays(cls, arrays: Arrays, signature: Signature) -> Self:
        """From the arrays ``mean``, ``variance``, ``prior`` and those of ``Scaling``."""
        scaling = Scaling.from_arrays(arrays, signature.n_features)
        shape = (signature.n_classes, scaling.n_columns)
        mean, variance = wanted(arrays, "mean", "f", *shape), wanted(arrays, "variance", "f", *shape)
        prior = wanted(arrays, "prior", "f", signature.n_classes)
        if (variance <= 0).any() or (prior < 0).any() or not (prior > 0).any():
            raise ModelError("variances must be positive, and the shares of the classes not negative")
        return cls(scaling, mean.astype(np.float64), variance.astype(np.float64), prior.astype(np.float64))

    def logits(self, inputs: Inputs) -> NDArray[np.float32]:
        """Log probabilities (N, C), at least -30, for rows ``features`` (N, K)."""
        seen = self.scaling.apply(inputs["features"], impute=False)
        known = np.isfinite(seen)
        joint = np.empty((len(seen), len(self.prior)))
        for k, (mean, variance) in enumerate(zip(self.mean, self.variance, strict=True)):
            terms = np.log(2 * np.pi * variance) + (seen - mean) ** 2 / variance
            joint[:, k] = -0.5 * np.where(known, terms, 0.0).sum(axis=1)
        with np.errstate(divide="ignore"):
            joint += np.log(self.prior)
        return np.maximum(log_softmax(joint), _FLOOR).astype(np.float32)
