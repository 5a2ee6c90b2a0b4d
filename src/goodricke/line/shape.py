"""Where an eclipsing binary stands between detached and contact."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from goodricke.decide import morphology
from goodricke.models.predictor import log_softmax

__all__ = ["SHAPE", "shapes"]

Floats = NDArray[np.float64]

SHAPE = "morphology"
"""The column, and the second head of a network that is taught it."""

_ROW = ("EA", "EB", "EW")


def shapes(probabilities: Floats, classes: Sequence[str], head: NDArray[np.floating[Any]] | None = None) -> Floats:
    """From 0 (well detached) to 1 (ellipsoidal), on the scale of `goodricke.decide.morphology`.

    A network may have a second head that was taught the words of a catalogue for what lies between EA, EB and EW. Where
    there is one, it says where on this row a star stands that is one of them, and the probabilities only whether it is:
    they place a star between two classes by their doubt, the head by what it looks like.

    Parameters
    ----------
    probabilities : (N, C)
        Calibrated.
    classes : C names
        In the order of the columns.
    head : (N, L), optional
        Logits of L steps, evenly spaced from contact to detached.

    Returns
    -------
    (N,) float64
        In [0, 1]; NaN where EA, EB, EW and ELL together are less likely than one half, and for stars that failed.

    Examples
    --------
    >>> sure = np.array([[1.0, 0.0, 0.0], [1.0, 0.0, 0.0]])
    >>> shapes(sure, ("EA", "EB", "EW")), shapes(sure, ("EA", "EB", "EW"), np.array([[0, 0, 99.0], [0, 9, 9]])).round(2)
    (array([0., 0.]), array([0. , 0.5]))
    """
    if head is None or head.shape[1] < 2:
        return morphology(probabilities, classes)
    on_row, ellipsoidal = (
        probabilities[:, np.isin(classes, names)].sum(axis=1, keepdims=True) for names in (_ROW, ("ELL",))
    )
    place = np.exp(log_softmax(head)) @ np.linspace(len(_ROW) - 1.0, 0.0, head.shape[1])
    near = np.maximum(1.0 - np.abs(place[:, None] - np.arange(len(_ROW))), 0.0)
    return morphology(np.concatenate([on_row * near, ellipsoidal], axis=1), (*_ROW, "ELL"))
