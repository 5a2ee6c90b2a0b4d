"""Series: the points of one star in one band, in time order, as segments of one flat array."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from goodricke import ragged
from goodricke.lightcurves import LightCurves

__all__ = ["Series"]

T = TypeVar("T", bound=np.generic)


@dataclass(frozen=True, eq=False)
class Series:
    """How to go from a batch, where the bands of a star are mixed in time order, to one series after another.

    Parameters
    ----------
    order : (M,) int64 or None
        Place in the batch of every point of the series; None when they stand in the same order.
    offsets : (S + 1,) int64
        Bounds of the series; empty ones are allowed.
    star : (S,) int64
        Star of every series.
    """

    order: NDArray[np.int64] | None
    offsets: NDArray[np.int64]
    star: NDArray[np.int64]

    @classmethod
    def of_stars(cls, lcs: LightCurves) -> Series:
        """One series per star, all bands together."""
        return cls(None, lcs.offsets, np.arange(len(lcs), dtype=np.int64))

    @classmethod
    def of_bands(cls, lcs: LightCurves) -> Series:
        """One series per star and band: first the stars in band 0, then the same stars in band 1, and so on."""
        n, b = len(lcs), len(lcs.bands)
        if b <= 1 or not lcs.n_points:
            return cls.of_stars(lcs)
        # Comparing bytes is so fast that this beats a sort, even with a hundred bands.
        places = [np.flatnonzero(lcs.band == k) for k in range(b)]
        lengths = np.concatenate([np.diff(np.searchsorted(place, lcs.offsets)) for place in places])
        star = np.tile(np.arange(n, dtype=np.int64), b)
        return cls(np.concatenate(places), ragged.offsets_from_lengths(lengths), star)

    @property
    def lengths(self) -> NDArray[np.int64]:
        """Number of points of every series (S,)."""
        return np.diff(self.offsets)

    def gather(self, values: NDArray[T]) -> NDArray[T]:
        """Put values per point of the batch (M,) into the order of the series."""
        return values if self.order is None else values[self.order]

    def scatter(self, values: NDArray[T]) -> NDArray[T]:
        """Put values per point of the series (M,) back into the order of the batch."""
        if self.order is None:
            return values
        result = np.empty_like(values)
        result[self.order] = values
        return result

    def spread(self, values: NDArray[Any]) -> NDArray[Any]:
        """Repeat one value per series (S,) for each of its points (M,)."""
        return np.repeat(values, self.lengths)
