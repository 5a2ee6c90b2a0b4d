"""What a family of models must provide: a predictor made from plain arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, Self, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from goodricke.errors import ModelError
from goodricke.models.weights import Arrays

__all__ = ["GivesMore", "Inputs", "Predictor", "Signature", "Tensor", "log_softmax", "told"]

Inputs = Mapping[str, NDArray[Any]]


@dataclass(frozen=True)
class Tensor:
    """Shape and type of one input; the first side is the stars."""

    shape: tuple[int | None, ...]
    """None: any length."""
    dtype: str = "float32"
    """As NumPy calls it."""


@dataclass(frozen=True)
class Signature:
    """What goes into a predictor, and how many classes come out."""

    n_classes: int
    inputs: Mapping[str, Tensor]
    settings: Mapping[str, Any] = field(default_factory=dict)
    """What the manifest says of how the model was made; few families need any of it."""

    @property
    def n_features(self) -> int:
        """Columns of the input ``features``.

        >>> Signature(2, {"features": Tensor((None, 7))}).n_features
        7
        """
        tensor = self.inputs.get("features")
        if tensor is None or len(tensor.shape) != 2 or tensor.shape[1] is None:
            raise ModelError(
                f"this family needs one input 'features' of shape [null, K]; the manifest names {dict(self.inputs)}"
            )
        return tensor.shape[1]


class Predictor(Protocol):
    """A model that is ready to use.

    To add a family, write a class with ``from_arrays`` and ``logits``, and one row in ``goodricke.models.families``.
    ``from_arrays`` trusts nothing: it takes every array through ``goodricke.models.weights.wanted`` and raises
    ModelError. ``logits`` may rely on the shapes of the signature; a feature that is not finite is unknown.
    """

    @property
    def TOLERANCE(self) -> float:  # noqa: N802 - most families have a constant
        """How far, relative to the larger of 1 and the number, the golden output may be missed on another machine."""

    @classmethod
    def from_arrays(cls, arrays: Arrays, signature: Signature) -> Self:
        """A predictor of these weights, or ModelError."""

    def logits(self, inputs: Inputs) -> NDArray[np.float32]:
        """Logits (N, C) of N stars: any numbers whose softmax is the probability, not calibrated."""


@runtime_checkable
class GivesMore(Protocol):
    """A predictor that gives more than logits, such as where a star stands among others."""

    @property
    def extras(self) -> tuple[str, ...]:
        """Names of what it gives; see ``goodricke.models.onnx_graph.EXTRAS``."""

    def outputs(self, inputs: Inputs, names: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        """The named extras of N stars, each (N, ...); ``logits`` may be among the names, which costs no second run."""


def told(predictor: Predictor, inputs: Inputs, names: Sequence[str]) -> dict[str, NDArray[np.float32]]:
    """What a predictor says of N stars: ``logits`` or extras that it has, by name, in one run."""
    if isinstance(predictor, GivesMore):
        return predictor.outputs(inputs, names)
    return {"logits": predictor.logits(inputs)} if "logits" in names else {}


def log_softmax(logits: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    """Logarithms of the probabilities (..., C).

    >>> np.exp(log_softmax(np.array([0.0, 0.0])))
    array([0.5, 0.5])
    """
    shifted = np.asarray(logits, dtype=np.float64) - np.max(logits, axis=-1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True)))
