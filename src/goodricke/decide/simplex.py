"""Logits, log-probabilities and the checks of arrays that every fit here shares."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from goodricke.errors import DataError

__all__ = ["FLOOR", "checked_probabilities", "checked_target", "checked_weights", "log_probabilities", "softmax"]

FLOOR = -100.0
"""Least log-probability that is kept: a logit of minus infinity is not more certain than this."""


def log_probabilities(logits: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    """Logarithm of the softmax of every row (N, C), not below `FLOOR`.

    A row with NaN, with plus infinity, or of minus infinities only becomes NaN; a single minus infinity is a class
    that the model excludes.

    >>> np.exp(log_probabilities(np.array([[0.0, 0.0], [np.nan, 1.0]])))
    array([[0.5, 0.5],
           [nan, nan]])
    """
    z = np.array(logits, dtype=np.float64, order="C")
    if z.ndim != 2:
        raise DataError(f"logits are a table (stars, classes); their shape is {z.shape}")
    top = z.max(axis=1, initial=-np.inf)
    bad = ~np.isfinite(top)
    z[bad] = 0.0
    with np.errstate(over="ignore"):  # 1e308 below -1e308 is minus infinity, and that is known
        z -= np.where(bad, 0.0, top)[:, None]
    z -= np.log(np.exp(z).sum(axis=1))[:, None]
    np.maximum(z, FLOOR, out=z)
    z[bad] = np.nan
    return z


def softmax(logits: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    """Probabilities (N, C) with rows that sum to 1; rows that say nothing become NaN, see `log_probabilities`.

    >>> softmax(np.log([[1.0, 3.0]]))
    array([[0.25, 0.75]])
    """
    p = np.exp(log_probabilities(logits))
    return np.asarray(p / p.sum(axis=1, keepdims=True))


def checked_probabilities(probabilities: ArrayLike, target: ArrayLike | None = None) -> NDArray[np.float64]:
    """The table (N, C) as float64; with a target, N > 0 and all rows finite are asked for as well."""
    p = np.asarray(probabilities, dtype=np.float64)
    if p.ndim != 2 or p.shape[1] < 2:
        raise DataError(f"expected a table (stars, classes) of at least 2 classes; the shape is {p.shape}")
    if target is None:
        return p
    if not len(p):
        raise DataError("there is no star to learn from")
    bad = int((~np.isfinite(p).all(axis=1)).sum())
    if bad:
        raise DataError(f"{bad} of {len(p)} rows are not finite; leave failed stars out")
    return p


def checked_target(target: ArrayLike, n: int, n_classes: int) -> NDArray[np.int64]:
    """Column of the true class of every star (N,), checked."""
    t = np.asarray(target)
    if t.shape != (n,) or t.dtype.kind not in "iu":
        raise DataError(f"target has to be {n} whole numbers, one per star; it is {t.dtype} of shape {t.shape}")
    if len(t) and (t.min() < 0 or t.max() >= n_classes):
        raise DataError(f"target has to lie in 0 ... {n_classes - 1}; it goes from {t.min()} to {t.max()}")
    return t.astype(np.int64)


def checked_weights(weights: ArrayLike | None, n: int) -> NDArray[np.float64]:
    """Weights (N,) with mean 1; all 1 when there are none."""
    if weights is None:
        return np.ones(n)
    w = np.asarray(weights, dtype=np.float64)
    if w.shape != (n,) or not np.isfinite(w).all() or (w < 0).any() or not w.sum() > 0:
        raise DataError(f"weights have to be {n} finite numbers, none negative and not all 0")
    return np.asarray(w * (n / w.sum()))
