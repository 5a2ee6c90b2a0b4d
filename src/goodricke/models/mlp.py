"""Multilayer perceptrons with rectified hidden layers, several of them averaged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from goodricke.errors import ModelError
from goodricke.models.predictor import Inputs, Signature, log_softmax
from goodricke.models.scaling import Scaling
from goodricke.models.weights import Arrays, wanted

__all__ = ["Perceptrons"]

_ROWS = 1024
_MOST_LAYERS = 16


@dataclass(frozen=True, eq=False)
class Perceptrons:
    """The mean of the log probabilities of M perceptrons of one shape.

    Parameters
    ----------
    scaling : Scaling
        What they see.
    layers : tuple of ((M, n, m), (M, m))
        Weights and biases; a rectifier stands between two layers.
    """

    TOLERANCE: ClassVar[float] = 1e-6

    scaling: Scaling
    layers: tuple[tuple[NDArray[np.float64], NDArray[np.float64]], ...]

    @classmethod
    def from_arrays(cls, arrays: Arrays, signature: Signature) -> Self:
        """From the arrays ``weight0``, ``bias0``, ``weight1``, ... and those of ``Scaling``."""
        scaling = Scaling.from_arrays(arrays, signature.n_features)
        layers: list[tuple[NDArray[np.float64], NDArray[np.float64]]] = []
        width = scaling.n_columns
        while f"weight{len(layers)}" in arrays and len(layers) < _MOST_LAYERS:
            k = len(layers)
            members = len(layers[0][0]) if layers else None
            weight = wanted(arrays, f"weight{k}", "f", members, width, None)
            bias = wanted(arrays, f"bias{k}", "f", len(weight), weight.shape[2])
            layers.append((weight.astype(np.float64), bias.astype(np.float64)))
            width = weight.shape[2]
        if not layers or not len(layers[0][0]) or width != signature.n_classes:
            raise ModelError(
                f"the perceptrons of the weights end in {width if layers else 'no'} outputs for {signature.n_classes}"
                " classes; install the bundle again"
            )
        return cls(scaling, tuple(layers))

    def logits(self, inputs: Inputs) -> NDArray[np.float32]:
        """Mean log probabilities (N, C) for rows ``features`` (N, K)."""
        features = inputs["features"]
        result = np.empty((len(features), self.layers[-1][1].shape[1]), dtype=np.float32)
        for first in range(0, len(features), _ROWS):
            seen = self.scaling.apply(features[first : first + _ROWS])
            result[first : first + _ROWS] = np.mean(
                [log_softmax(self._outputs(seen, k)) for k in self._members], axis=0
            )
        return result

    @property
    def _members(self) -> range:
        return range(len(self.layers[0][0]))

    def _outputs(self, seen: NDArray[np.float64], member: int) -> NDArray[np.float64]:
        for k, (weight, bias) in enumerate(self.layers):
            seen = seen @ weight[member] + bias[member]
            if k < len(self.layers) - 1:
                np.maximum(seen, 0.0, out=seen)
        return seen
