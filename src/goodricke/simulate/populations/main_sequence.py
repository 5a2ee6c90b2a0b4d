"""Radius and temperature of a star of given mass and age: compact formulas, for populations and not for models."""

from __future__ import annotations

import numpy as np

from goodricke.simulate.compiled import Floats

__all__ = ["SUN_KELVIN", "evolved", "lifetime", "main_sequence", "zero_age"]

SUN_KELVIN = 5772.0
_OLDEST_GYR = 12.0


def zero_age(mass: Floats) -> tuple[Floats, Floats]:
    """Radius and luminosity on the zero-age main sequence, solar units (Tout et al. 1996, MNRAS 281, 257, eqs. 1-2).

    Solar composition, 0.1 to 100 suns. Below 0.7 suns radii are 5% larger, as those of active stars in binaries are
    (Torres, Andersen & Gimenez 2010, A&ARv 18, 67).

    Examples
    --------
    >>> radius, luminosity = zero_age(np.array([1.0]))
    >>> radius.round(2), luminosity.round(2)
    (array([0.89]), array([0.7]))
    """
    m = np.asarray(mass, float)
    bright = 0.39704170 * m**5.5 + 8.52762600 * m**11
    luminosity = bright / (
        0.00025546 + m**3 + 5.43288900 * m**5 + 5.56357900 * m**7 + 0.78866060 * m**8 + 0.00586685 * m**9.5
    )
    large = 1.71535900 * m**2.5 + 6.59778800 * m**6.5 + 10.08855000 * m**11 + 1.01249500 * m**19 + 0.07490166 * m**19.5
    radius = large / (0.01077422 + 3.08223400 * m**2 + 17.84778000 * m**8.5 + m**18.5 + 0.00022582 * m**19.5)
    return radius * np.where(m < 0.7, 1.05, 1.0), luminosity


def lifetime(mass: Floats) -> Floats:
    """Years (in 1e9) on the main sequence: fuel over light, 10 for the Sun.

    Examples
    --------
    >>> lifetime(np.array([1.0, 2.0])).round(1)
    array([10. ,  0.9])
    """
    return np.asarray(6.98 * mass / zero_age(mass)[1])


def main_sequence(mass: Floats, age: Floats) -> tuple[Floats, Floats]:
    """Radius (suns) and temperature (K) at an age given as part of the lifetime, 0 to 1.

    Stars swell by half (a sun or less) to 2.3 times (2.5 suns and more) and brighten by 0.85 to 0.6 in the natural
    logarithm; held to no more than 12e9 years.

    Examples
    --------
    >>> radius, kelvin = main_sequence(np.array([1.0]), np.array([0.46]))
    >>> radius.round(2), kelvin.round(-2)
    (array([1.]), array([5800.]))
    """
    radius, luminosity = zero_age(mass)
    part = np.minimum(age, np.minimum(1.0, _OLDEST_GYR / lifetime(mass)))
    heavy = np.clip((np.asarray(mass) - 1.0) / 1.5, 0.0, 1.0)
    radius = radius * np.exp((0.405 + 0.43 * heavy) * (0.6 * part + 0.4 * part**4))
    luminosity = luminosity * np.exp((0.85 - 0.25 * heavy) * part)
    return radius, SUN_KELVIN * luminosity**0.25 / np.sqrt(radius)


def evolved(mass: Floats, swollen: Floats) -> tuple[Floats, Floats]:
    """Radius (suns) and temperature (K) of a star `swollen` times beyond its radius at the end of the main sequence.

    Subgiants cool towards the giants' temperature (5000 K at five solar radii, less as the power 0.08 of the radius)
    and reach it at two and a half times.
    """
    radius, kelvin = main_sequence(mass, np.ones_like(mass))
    radius = radius * swollen
    giant = np.minimum(5000.0 * (radius / 5.0) ** -0.08, kelvin)
    crossed = np.clip(np.log(swollen) / np.log(2.5), 0.0, 1.0)
    return radius, kelvin ** (1.0 - crossed) * giant**crossed
