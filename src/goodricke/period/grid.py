"""The frequencies to try: as fine as the span of the data asks, as far as its sampling can tell."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["FrequencyGrid", "grid_for"]

SHORTEST_DAYS = 0.05
OVERSAMPLING = 3.0
_MOST = 4_000_000


@dataclass(frozen=True)
class FrequencyGrid:
    """Evenly spaced frequencies ``first + step * arange(size)`` in cycles per day; `first` is a multiple of `step`."""

    first: float
    step: float
    size: int

    @property
    def frequencies(self) -> NDArray[np.float64]:
        """All frequencies (size,)."""
        return np.asarray(self.first + self.step * np.arange(self.size))


def grid_for(
    time: NDArray[np.float64], shortest_days: float | None = None, longest_days: float | None = None
) -> FrequencyGrid:
    """Frequencies from one cycle in the span up to 1/0.05 d, or up to two points a cycle for a dense cadence.

    A peak is 1/span wide; the step is a third of that, so that no peak loses more than a tenth of its power between two
    frequencies. The highest peaks are looked at on a finer grid afterwards.

    Parameters
    ----------
    time : (n,)
        Sorted times in days, n >= 2 and not all equal.
    shortest_days, longest_days : float, optional
        Overrule the range of periods.

    Examples
    --------
    >>> grid = grid_for(np.arange(0.0, 100.0, 0.5))
    >>> 1 / grid.first, grid.size
    (99.5, 5967)
    """
    span = float(time[-1] - time[0])
    if shortest_days is None:
        cadence = float(np.median(np.diff(time)))
        # Space photometry, which covers its span, sees periods of minutes. Nights with several exposures do not.
        dense = cadence < SHORTEST_DAYS / 2 and cadence * len(time) > 0.3 * span
        shortest_days = max(2.0 * cadence, 0.003) if dense else SHORTEST_DAYS
    longest_days = span if longest_days is None else min(longest_days, span)
    step = 1.0 / (OVERSAMPLING * span)
    first = max(round(1.0 / (longest_days * step)), 1)
    return FrequencyGrid(first * step, step, int(np.clip(1.0 / (shortest_days * step) - first, 1, _MOST)))
