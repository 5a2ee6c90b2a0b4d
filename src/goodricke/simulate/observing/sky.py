"""Where the Sun and the Moon stand and which way the Earth is turned, to a few minutes of arc: enough to plan nights.

Formulas of low precision from the Astronomical Almanac (pages C5 and D22): the Sun to 0.01 degree, the Moon to 0.5.
"""

from __future__ import annotations

import numpy as np

from goodricke.simulate.compiled import Floats, Ints

__all__ = ["heliocentric", "moonlight", "sidereal", "sun"]

_J2000 = 2451545.0
_OBLIQUITY = np.radians(23.4393)
_AU_LIGHT_DAYS = 499.004784 / 86400.0


def _solar(jd: Floats) -> tuple[Floats, Floats]:
    """Ecliptic longitude (radians) and distance (au) of the Sun."""
    days = jd - _J2000
    mean = np.radians(280.460 + 0.9856474 * days)
    anomaly = np.radians(357.528 + 0.9856003 * days)
    sine, cosine = np.sin(anomaly), np.cos(anomaly)
    longitude = mean + sine * (np.radians(1.915) + np.radians(0.020) * 2.0 * cosine)
    return longitude, 1.00014 - 0.01671 * cosine - 0.00014 * (2.0 * cosine**2 - 1.0)


def sun(jd: Floats) -> tuple[Floats, Floats]:
    """Right ascension and declination of the Sun in radians, of date.

    >>> ra, dec = sun(np.array([2451623.815]))  # the equinox of March 2000
    >>> bool(abs(dec[0]) < 2e-4)
    True
    """
    longitude, _ = _solar(jd)
    ra = np.arctan2(np.cos(_OBLIQUITY) * np.sin(longitude), np.cos(longitude))
    return ra, np.arcsin(np.sin(_OBLIQUITY) * np.sin(longitude))


def moonlight(jd: Floats) -> Floats:
    """Part of the Moon's disc that is lit, 0 to 1.

    >>> bool(moonlight(np.array([2451564.695]))[0] > 0.99)  # the full moon of January 2000
    True
    """
    days = jd - _J2000
    mean = 218.316 + 13.176396 * days
    longitude = np.radians(mean + 6.289 * np.sin(np.radians(134.963 + 13.064993 * days)))
    return np.asarray(0.5 * (1.0 - np.cos(longitude - _solar(jd)[0])))


def sidereal(jd: Floats) -> Floats:
    """Mean sidereal time of Greenwich in radians, from Julian dates in UT."""
    return np.asarray(np.radians((280.46061837 + 360.98564736629 * (jd - _J2000)) % 360.0))


def heliocentric(jd: Floats, ra: Floats, dec: Floats, star: Ints | None = None) -> Floats:
    """Julian dates at which the light would have passed the Sun.

    Parameters
    ----------
    jd : numpy.ndarray, (M,)
        Julian dates on Earth.
    ra, dec : numpy.ndarray, (M,), or (N,) with `star`
        Position of the star of every point, or of N stars, ICRS degrees.
    star : numpy.ndarray, (M,), optional
        Which of the N stars every point belongs to.

    Returns
    -------
    numpy.ndarray, (M,)
        Right to 3 seconds: the axes of the date stand for those of ICRS.
    """
    longitude, distance = _solar(jd)
    alpha, delta = np.radians(ra), np.radians(dec)
    along = np.cos(delta) * np.cos(alpha)
    across = np.cos(delta) * np.sin(alpha) * np.cos(_OBLIQUITY) + np.sin(delta) * np.sin(_OBLIQUITY)
    if star is not None:
        along, across = along[star], across[star]
    towards = along * np.cos(longitude) + across * np.sin(longitude)
    return np.asarray(jd - _AU_LIGHT_DAYS * distance * towards)
