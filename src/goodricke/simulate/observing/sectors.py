"""Where TESS looks and when: orbits, two of which make a sector, and which sectors see a place."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from goodricke.simulate.compiled import Floats, Ints
from goodricke.simulate.observing.sky import sun
from goodricke.simulate.observing.space import ECLIPTIC_POLE, unit_vectors

__all__ = ["MOST_ORBITS", "ORBIT", "START", "footprint", "orbit_lengths", "orbits", "sector_span"]

START = 2458325.29
"""Julian date (TDB) at which sector 1 began."""
ORBIT = 13.6725
"""Days: 26 sectors of two orbits lie between the starts of sectors 1 and 27."""
MOST_ORBITS = 200
GAPS = (0.85, 1.5)
"""Days without data at the end of an orbit: 0.93, 1.14 and 1.45 seen in sectors 1 and 2."""


def sector_span(first: int, last: int) -> tuple[float, float]:
    """Julian dates of the beginning of a sector and of the end of another.

    >>> [round(day - 2457000.0) for day in sector_span(27, 27)]
    [2036, 2064]
    """
    return START + 2.0 * ORBIT * (first - 1), START + 2.0 * ORBIT * last


def orbit_lengths() -> Floats:
    """Days with data of every orbit of the mission; the same in every simulation."""
    return np.asarray(ORBIT - np.random.default_rng(2018).uniform(*GAPS, MOST_ORBITS))


def orbits(time: Floats) -> tuple[Ints, Floats]:
    """Orbit, counted from 0, and days since its start (M,); the way of the light, 8 minutes, is let go."""
    orbit = np.clip(((time - START + 0.01) / ORBIT).astype(np.int64), 0, MOST_ORBITS - 1)
    return orbit, time - START - ORBIT * orbit


def footprint(sectors: Ints, ra: Floats, dec: Floats) -> NDArray[np.bool_]:
    """Tell which sectors see stars.

    Four cameras of 24 degrees reach from 6 degrees off the ecliptic over its pole, opposite the Sun (Ricker et al.
    2015, JATIS 1, 014003); the hemisphere changes every 13 sectors. Fields along the ecliptic, of later years, are left
    out.

    Parameters
    ----------
    sectors : numpy.ndarray, (S,)
        Numbers, from 1.
    ra, dec : numpy.ndarray, (N,)
        ICRS degrees.

    Returns
    -------
    numpy.ndarray, (N, S) of bool

    Examples
    --------
    >>> pi_mensae = footprint(np.arange(1, 14), np.array([84.291]), np.array([-80.469]))
    >>> bool(pi_mensae[0, 0])
    True
    """
    alpha, delta = sun(np.asarray(START + 2.0 * ORBIT * (sectors - 0.5), dtype=np.float64))
    away = -unit_vectors(np.degrees(alpha), np.degrees(delta))
    side = np.where((sectors - 1) // 13 % 2 == 0, -1.0, 1.0)  # the southern hemisphere comes first
    stars = unit_vectors(ra, dec)
    along = np.arctan2(side * (stars @ ECLIPTIC_POLE)[:, None], stars @ away.T)
    across = np.arcsin(np.clip(stars @ np.cross(ECLIPTIC_POLE, away).T, -1.0, 1.0))
    near = (np.abs(across) < np.radians(12.0)) & (along > np.radians(6.0)) & (along < np.radians(102.0))
    return np.asarray(near)
