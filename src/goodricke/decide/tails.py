"""The rank of a number among held-out ones, from a short table."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Tail", "fit_tail"]

_ROWS = 512


@dataclass(frozen=True, eq=False)
class Tail:
    """Share of held-out stars with a score at least as large.

    Parameters
    ----------
    levels : (L,) float32
        Rising scores.
    shares : (L,) float32
        Share of held-out stars, and the star itself, at or above each.

    Examples
    --------
    >>> fit_tail(np.arange(99.0)).of(np.array([-5.0, 49.0, 1000.0]))
    array([1.  , 0.51, 0.01])
    """

    levels: NDArray[np.float32]
    shares: NDArray[np.float32]

    def of(self, score: NDArray[np.float64]) -> NDArray[np.float64]:
        """Shares (N,); between two levels that of the upper one, exact in the far tail and 3% low elsewhere."""
        place = np.searchsorted(self.levels, np.asarray(score, dtype=np.float32), "left")
        share = self.shares[np.minimum(place, len(self.shares) - 1)]
        return np.asarray(np.round(share.astype(np.float64), 7))


def fit_tail(held: NDArray[np.float64]) -> Tail:
    """Table of at most 512 rows, every star in the far tail and evenly in the logarithm of the share before."""
    ranked = np.sort(held.astype(np.float32))[::-1]
    n = len(ranked)
    rank = np.unique(np.round(np.geomspace(1, n, _ROWS)).astype(np.int64))
    levels = np.unique(ranked[rank - 1])
    at_least = n - np.searchsorted(ranked[::-1], levels, "left")
    # The scores that are larger than the last level belong to nobody but the star itself.
    top = np.nextafter(levels[-1], np.float32(np.inf))
    shares = (np.append(at_least, 0) + 1) / (n + 1)
    return Tail(np.append(levels, top), shares.astype(np.float32))
