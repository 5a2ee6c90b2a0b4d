"""Round stars: lobes, who hides how much of whom, and the phase of the second conjunction. Quick guides for drawing."""

from __future__ import annotations

import numpy as np

from goodricke.simulate.binary.band import BANDS
from goodricke.simulate.compiled import Floats

__all__ = ["brightness", "depths", "lobe", "overlap", "second_conjunction", "semi_major_axis", "separations"]


def lobe(q: Floats) -> Floats:
    """Radius of the Roche lobe in separations, `q` the companion's mass over the star's (Eggleton 1983, ApJ 268, 368).

    Good to 1%.

    Examples
    --------
    >>> lobe(np.array([1.0])).round(3)
    array([0.379])
    """
    third = np.cbrt(1.0 / np.asarray(q, float))
    return np.asarray(0.49 * third**2 / (0.6 * third**2 + np.log1p(third)))


def semi_major_axis(period_days: Floats, mass: Floats) -> Floats:
    """Solar radii, from days and both stars' mass together in suns: Kepler's third law.

    Examples
    --------
    >>> semi_major_axis(np.array([365.256]), np.array([1.0])).round(1)  # the Earth's orbit
    array([215.])
    """
    return np.asarray(4.2083 * np.cbrt(mass * np.square(period_days)))


def overlap(apart: Floats, one: Floats, two: Floats) -> Floats:
    """Area that two circles share.

    Examples
    --------
    >>> overlap(np.array([0.0, 3.0]), np.array([1.0, 1.0]), np.array([2.0, 2.0])).round(4)
    array([3.1416, 0.    ])
    """
    near, far = np.abs(one - two), one + two
    # Held where the circles cross; both ends give the limits.
    d = np.maximum(np.clip(apart, near, far), 1e-9)
    first = np.arccos(np.clip((d * d + one * one - two * two) / (2.0 * d * one), -1.0, 1.0))
    second = np.arccos(np.clip((d * d + two * two - one * one) / (2.0 * d * two), -1.0, 1.0))
    kite = np.sqrt(np.maximum((far - d) * (d + near) * (d - near) * (d + far), 0.0))
    area = one * one * first + two * two * second - 0.5 * kite
    return np.where(apart <= near, np.pi * np.minimum(one, two) ** 2, area)


def brightness(temperature: Floats, band: str = "V") -> Floats:
    """Surface brightness of a black body at the middle of a band, any unit."""
    return np.asarray(1.0 / np.expm1(1.438777e7 / (BANDS[band][0] * np.asarray(temperature, float))))


def separations(eccentricity: Floats, periastron: Floats) -> tuple[Floats, Floats]:
    """Distance of the stars, in semi-major axes, at star 1's and at star 2's superior conjunction; degrees."""
    along = eccentricity * np.sin(np.radians(periastron))
    return (1.0 - eccentricity**2) / (1.0 + along), (1.0 - eccentricity**2) / (1.0 - along)


def second_conjunction(eccentricity: Floats, periastron: Floats) -> Floats:
    """Cycles from star 1's superior conjunction to star 2's.

    Examples
    --------
    >>> second_conjunction(np.array([0.0, 0.3]), np.array([90.0, 90.0]))
    array([0.5, 0.5])
    """
    e, start = np.asarray(eccentricity, float), 0.5 * np.pi - np.radians(periastron)

    def mean(v: Floats) -> Floats:
        x = 2.0 * np.arctan2(np.sqrt(1.0 - e) * np.sin(0.5 * v), np.sqrt(1.0 + e) * np.cos(0.5 * v))
        return np.asarray(x - e * np.sin(x))

    cycles = (mean(start + np.pi) - mean(start)) / (2.0 * np.pi)
    return np.asarray(cycles - np.floor(cycles))


def depths(
    inclination: Floats,
    radii: tuple[Floats, Floats],
    temperatures: tuple[Floats, Floats],
    apart: tuple[Floats, Floats],
    third_light: Floats,
) -> tuple[Floats, Floats]:
    """Magnitudes lost in V at star 1's and star 2's superior conjunction, for round stars of even brightness.

    Radii and the two separations `apart` are in semi-major axes, the inclination in degrees.
    """
    cosine = np.abs(np.cos(np.radians(inclination)))
    bright = brightness(temperatures[0]), brightness(temperatures[1])
    light = np.pi * (radii[0] ** 2 * bright[0] + radii[1] ** 2 * bright[1]) / (1.0 - third_light)
    lost = [overlap(cosine * d, *radii) * own / light for d, own in zip(apart, bright, strict=True)]
    first, second = (-2.5 * np.log10(np.maximum(1.0 - part, 1e-6)) for part in lost)
    return first, second
