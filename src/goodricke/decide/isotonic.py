"""A rising step curve per class: from the probability that is claimed to the share that it comes true."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["rising_curve"]

Floats = NDArray[np.float64]


def rising_curve(claimed: Floats, happened: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Corners (x, y) of the rising curve of least squares; straight lines join them.

    Pool adjacent violators (Ayer et al. 1955) over stars with equal claims taken together; only the ends of every
    pooled block are kept.

    >>> x, y = rising_curve(np.array([0.1, 0.2, 0.3, 0.9]), np.array([0.0, 1.0, 0.0, 1.0]), np.ones(4))
    >>> x, y
    (array([0.1, 0.2, 0.3, 0.9]), array([0. , 0.5, 0.5, 1. ]))
    """
    from scipy.optimize import isotonic_regression

    here = weights > 0
    x, code = np.unique(claimed[here], return_inverse=True)
    total = np.bincount(code, weights[here])
    mean = np.bincount(code, (weights * happened)[here]) / total
    y = np.clip(isotonic_regression(mean, weights=total).x, 0.0, 1.0)
    corner = np.ones(len(y), dtype=bool)
    corner[1:-1] = (y[1:-1] != y[:-2]) | (y[1:-1] != y[2:])
    return x[corner], y[corner]
