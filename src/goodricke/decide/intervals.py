"""Intervals of a share: k of n."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["clopper_pearson", "wilson"]


def wilson(k: ArrayLike, n: ArrayLike, level: float = 0.95) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Score interval of Wilson (1927): right on average; (0, 1) where n is 0.

    >>> low, high = wilson(9, 10)
    >>> print(f"{low:.3f} {high:.3f}")
    0.596 0.982
    """
    from scipy.special import ndtri

    hits, total = np.asarray(k, dtype=np.float64), np.asarray(n, dtype=np.float64)
    z = float(ndtri(0.5 + level / 2))
    some = np.where(total > 0, total, 1.0)
    share = hits / some
    middle = (share + z**2 / (2 * some)) / (1 + z**2 / some)
    half = z / (1 + z**2 / some) * np.sqrt(np.maximum(share * (1 - share), 0) / some + z**2 / (4 * some**2))
    low = np.where((total > 0) & (hits > 0), np.maximum(middle - half, 0), 0.0)
    high = np.where((total > 0) & (hits < total), np.minimum(middle + half, 1), 1.0)
    return low, high


def clopper_pearson(k: ArrayLike, n: ArrayLike, level: float = 0.95) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Exact interval of Clopper & Pearson (1934): never too short; (0, 1) where n is 0.

    Counts need not be whole: rows of one star may share its one vote.

    >>> low, high = clopper_pearson(9, 10)
    >>> print(f"{low:.3f} {high:.3f}")
    0.555 0.997
    """
    from scipy.special import betaincinv

    hits, total = np.broadcast_arrays(np.asarray(k, dtype=np.float64), np.asarray(n, dtype=np.float64))
    missed = np.maximum(total - hits, 0.0)
    tail = (1 - level) / 2
    low = np.where(hits > 0, betaincinv(np.where(hits > 0, hits, 1.0), missed + 1, tail), 0.0)
    high = np.where(missed > 0, betaincinv(hits + 1, np.where(missed > 0, missed, 1.0), 1 - tail), 1.0)
    return low, high
