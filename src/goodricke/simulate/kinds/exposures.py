"""Light averaged over an exposure, for kinds that change while a shutter is open."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from goodricke.simulate.compiled import Floats
from goodricke.simulate.stars import Moments

__all__ = ["averaged"]


def averaged(light: Callable[[Floats], Floats], moments: Moments, shortest: float, most: int = 15) -> Floats:
    """Mean of a light curve over each exposure by the rule of the middle, or its value where exposures are short.

    Parameters
    ----------
    light : callable
        Times (M,) of the same stars -> flux (M,).
    moments : Moments
        Middles of the exposures, and how long they are.
    shortest : float
        Days in which the light may change much: steps are a fifth of that.
    most : int
        Steps at most.

    Examples
    --------
    >>> seen = Moments(np.array([0.0]), np.array([0, 1]), exposure=2.0)
    >>> averaged(lambda time: time**2, seen, 0.5).round(2)
    array([0.33])
    """
    steps = int(np.clip(np.ceil(5.0 * moments.exposure / shortest), 1, most))
    total = np.zeros(len(moments.time))
    for k in range(steps):
        total += light(moments.time + ((k + 0.5) / steps - 0.5) * moments.exposure)
    return total / steps
