"""Trees of scikit-learn as flat arrays, and numbers as the bins that trees are grown on."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["binned", "in_units", "rounded_down", "stacked"]

Arrays = dict[str, NDArray[Any]]
Floats = NDArray[np.float64]

_BINS = 255


def binned(features: NDArray[np.float32]) -> tuple[NDArray[np.float32], list[Floats]]:
    """Every number as the number of its bin (N, K), and the borders of the bins of every feature (255 at most).

    A number is in bin k when it is larger than k borders; what is not known stays NaN.

    >>> codes, borders = binned(np.array([[1.0], [2.0], [4.0], [np.nan]], np.float32))
    >>> codes.ravel(), borders
    (array([ 0.,  1.,  2., nan], dtype=float32), [array([1.5, 3. ])])
    """
    codes = np.full(features.shape, np.nan, dtype=np.float32)
    borders = []
    for column in range(features.shape[1]):
        known = np.isfinite(features[:, column])
        values = features[known, column].astype(np.float64)
        distinct = np.unique(values)
        if len(distinct) <= _BINS:
            border = 0.5 * (distinct[1:] + distinct[:-1])
        else:
            border = np.unique(np.quantile(values, np.linspace(0.0, 1.0, _BINS + 1)[1:-1]))
        codes[known, column] = np.searchsorted(border, values, side="left")
        borders.append(border)
    return codes, borders


def in_units(nodes: NDArray[Any], leaf: NDArray[np.bool_], borders: list[Floats]) -> Floats:
    """Thresholds of nodes that look at bins, in the units of the features; all that is known is below infinity."""
    found = np.zeros(len(nodes))
    for k in np.flatnonzero(~leaf):
        border, place = borders[nodes["feature_idx"][k]], nodes["num_threshold"][k]
        found[k] = border[int(place)] if np.isfinite(place) and place < len(border) else np.inf
    return found


def stacked(parts: list[Arrays]) -> Arrays:
    """Trees behind one another, node numbers counted over all of them."""
    first = np.concatenate([[0], np.cumsum([len(part["feature"]) for part in parts])])
    stacked = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    inner = stacked["feature"] >= 0
    shift = np.where(inner, np.repeat(first[:-1], np.diff(first)), 0)
    return {
        **stacked,
        "feature": stacked["feature"].astype(np.int16),
        "left": (np.where(inner, stacked["left"], 0) + shift).astype(np.int32),
        "right": (np.where(inner, stacked["right"], 0) + shift).astype(np.int32),
        "root": first[:-1].astype(np.int32),
    }


def rounded_down(threshold: NDArray[np.floating[Any]]) -> NDArray[np.float32]:
    """The largest float32 that is not larger: a float32 feature is below the one when it is below the other."""
    bound = np.finfo(np.float32).max
    near = np.clip(threshold, -bound, bound).astype(np.float32)
    return np.asarray(np.where(near > threshold, np.nextafter(near, np.float32(-np.inf)), near), dtype=np.float32)
