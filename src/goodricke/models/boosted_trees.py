"""Gradient-boosted trees: every tree adds to the logit of one class (Friedman 2001, Annals of Statistics 29, 1189)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from goodricke.errors import ModelError
from goodricke.models.predictor import Inputs, Signature
from goodricke.models.weights import Arrays, wanted
from goodricke.trees import Ensemble

__all__ = ["BoostedTrees", "ensemble"]


@dataclass(frozen=True)
class BoostedTrees:
    """Sums of leaves.

    Examples
    --------
    >>> from goodricke.models.predictor import Tensor
    >>> arrays = {"feature": np.array([0, -1, -1]), "threshold": np.array([0.5, 0, 0]), "left": np.array([1, 0, 0]),
    ...           "right": np.array([2, 0, 0]), "missing_left": np.zeros(3, bool), "value": np.array([0.0, -1, 1]),
    ...           "output": np.array([1]), "root": np.array([0]), "baseline": np.zeros(2)}
    >>> model = BoostedTrees.from_arrays(arrays, Signature(2, {"features": Tensor((None, 1))}))
    >>> model.logits({"features": np.array([[0.2], [0.9]])})
    array([[ 0., -1.],
           [ 0.,  1.]], dtype=float32)
    """

    TOLERANCE: ClassVar[float] = 1e-6

    trees: Ensemble

    @classmethod
    def from_arrays(cls, arrays: Arrays, signature: Signature) -> Self:
        """From the arrays of ``goodricke.trees.Ensemble``; an output is a class."""
        return cls(ensemble(arrays, signature))

    def logits(self, inputs: Inputs) -> NDArray[np.float32]:
        """Logits (N, C) of rows ``features`` (N, K)."""
        return self.trees.raw(inputs["features"]).astype(np.float32)


def ensemble(arrays: Arrays, signature: Signature, shared: bool = False) -> Ensemble:
    """The trees that these arrays describe, or ModelError when a walk through them could go astray.

    Parameters
    ----------
    arrays : mapping
        Named as in ``goodricke.trees.Ensemble``.
    signature : Signature
        Classes and features.
    shared : bool
        Whether a leaf holds a number for every class, rather than a tree belonging to one of them.
    """
    n = len(wanted(arrays, "feature", "i", None))
    trees = Ensemble(
        feature=wanted(arrays, "feature", "i", n).astype(np.int16),
        threshold=wanted(arrays, "threshold", "f", n).astype(np.float32),
        missing_left=wanted(arrays, "missing_left", "b", n),
        left=wanted(arrays, "left", "i", n).astype(np.int32),
        right=wanted(arrays, "right", "i", n).astype(np.int32),
        value=wanted(arrays, "value", "f", n, *[signature.n_classes] * shared).astype(np.float32),
        output=(np.zeros(0) if shared else wanted(arrays, "output", "i", None)).astype(np.int16),
        root=wanted(arrays, "root", "i", None).astype(np.int32),
        baseline=wanted(arrays, "baseline", "f", signature.n_classes).astype(np.float64),
    )
    if not trees.is_sound(signature.n_features):
        raise ModelError(
            "the trees of the weights lead nowhere: a node, feature or class is not there; install the bundle again"
        )
    return trees
