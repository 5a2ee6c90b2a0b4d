"""The folded curve itself, scaled to depth 1."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from goodricke.represent.features.curves import Curves
from goodricke.represent.features.feature import Feature

__all__ = ["FEATURES", "compute"]

_VALUES = 24
_WIDTH = 1.2

FEATURES = tuple(
    Feature(f"profile_{k:02d}", "", 0, 1, f"Smoothed curve at phase {k}/{_VALUES} from the minimum: 0 at its lowest, 1 "
            "at its highest.")
    for k in range(_VALUES)
)  # fmt: skip


def compute(curves: Curves) -> dict[str, NDArray[np.float64]]:
    """Every feature of the group (N,)."""
    fold = curves.fold
    curve = fold.smoothed(_WIDTH)
    low, high = curve.min(axis=1)[:, None], curve.max(axis=1)[:, None]
    scaled = (curve - low) / np.where(high > low, high - low, np.nan)
    place = np.arange(_VALUES) * fold.bins / _VALUES
    left = place.astype(np.int64)
    share = place - left
    between = (1.0 - share) * scaled[:, left] + share * scaled[:, (left + 1) % fold.bins]
    return fold.masked({feature.name: between[:, k] for k, feature in enumerate(FEATURES)})
