"""Places of stars on the sky: thick at the Galactic plane, cut to what a survey covers."""

from __future__ import annotations

import numpy as np

from goodricke.simulate.compiled import Floats

__all__ = ["stars_between"]

_POLE_RA, _POLE_DEC, _NODE = np.radians(
    (192.85948, 27.12825, 32.93192)
)  # of the Galaxy, ICRS (Hipparcos vol. 1, 1.5.3)


def stars_between(
    n: int, rng: np.random.Generator, dec: tuple[float, float], thickness: float, least_latitude: float = 0.0
) -> tuple[Floats, Floats]:
    """Draw positions whose Galactic latitudes fall off exponentially from the plane on both sides.

    Parameters
    ----------
    n : int
        How many.
    rng : numpy.random.Generator
        Source of the places.
    dec : (float, float)
        Least and greatest declination, degrees.
    thickness : float
        Degrees of latitude over which stars become rarer by a factor e.
    least_latitude : float
        Degrees from the plane within which the survey has no stars.

    Returns
    -------
    ra, dec : numpy.ndarray, (N,)
        ICRS degrees.

    Examples
    --------
    >>> ra, dec = stars_between(3, np.random.default_rng(0), (-30.0, 10.0), 20.0)
    >>> bool(((dec > -30.0) & (dec < 10.0)).all())
    True
    """
    found = np.zeros((2, 0))
    while found.shape[1] < n:
        b = least_latitude + thickness * rng.standard_exponential(4 * n + 16)
        b = np.radians(np.where(rng.random(len(b)) < 0.5, -b, b))
        both = np.stack(_icrs(2.0 * np.pi * rng.random(len(b)), b))
        inside = (np.abs(b) < 0.5 * np.pi) & (both[1] > dec[0]) & (both[1] < dec[1])
        found = np.concatenate([found, both[:, inside]], axis=1)
    return found[0, :n].copy(), found[1, :n].copy()


def _icrs(longitude: Floats, latitude: Floats) -> tuple[Floats, Floats]:
    """Right ascension and declination in degrees of Galactic coordinates in radians."""
    turn = longitude - _NODE
    sine = np.sin(latitude) * np.sin(_POLE_DEC) + np.cos(latitude) * np.cos(_POLE_DEC) * np.sin(turn)
    east = np.cos(latitude) * np.cos(turn)
    north = np.sin(latitude) * np.cos(_POLE_DEC) - np.cos(latitude) * np.sin(_POLE_DEC) * np.sin(turn)
    return np.degrees(_POLE_RA + np.arctan2(east, north)) % 360.0, np.degrees(np.arcsin(np.clip(sine, -1.0, 1.0)))
