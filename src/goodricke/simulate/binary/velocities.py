"""Radial velocities of the two stars' centres."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from goodricke.simulate.binary.orbit import position
from goodricke.simulate.binary.systems import Systems
from goodricke.simulate.compiled import Floats

__all__ = ["radial_velocities"]


def radial_velocities(systems: Systems, phases: ArrayLike) -> tuple[Floats, Floats]:
    """Velocities of both centres of mass away from the observer.

    Parameters
    ----------
    systems : Systems
        N binaries.
    phases : array_like, (P,)
        Cycles; 0 is the conjunction at which star 1 is eclipsed.

    Returns
    -------
    velocity1, velocity2 : numpy.ndarray, (N, P)
        In units of 2 pi times the semi-major axis of the relative orbit over the period.

    Examples
    --------
    >>> one, two = radial_velocities(Systems(q=0.5, inclination=90.0), [0.25])
    >>> [round(float(v[0, 0]), 3) for v in (one, two)]
    [-0.333, 0.667]
    """
    numbers = systems.numbers()
    phase = np.atleast_1d(np.asarray(phases, float))
    q, inclination, e, periastron = (numbers[:, k, None] for k in (0, 1, 3, 4))
    angle = np.array([[position(p, row[3], row[4])[0] for p in phase] for row in numbers])
    speed = np.sin(inclination) / np.sqrt(1.0 - e**2)
    # v1 = K1 (cos(v + w) + e cos w); v + w is the angle from conjunction and a quarter of a turn.
    swing = speed * (np.cos(angle + 0.5 * np.pi) + e * np.cos(periastron))
    return q / (1.0 + q) * swing, -swing / (1.0 + q)
