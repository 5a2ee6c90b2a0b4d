"""How the surface of a star of a given temperature shines: limb darkening, gravity darkening, reflection."""

from __future__ import annotations

import numpy as np

from goodricke.simulate.binary.band import BANDS
from goodricke.simulate.compiled import Floats

__all__ = ["RADIATIVE_KELVIN", "albedo", "gravity", "limb"]

RADIATIVE_KELVIN = 7200.0
"""Above, envelopes are taken as radiative, below as convective: a sharp step, as in most published solutions."""

# hc / (wavelength k T) and the quadratic coefficients of the Sun there, 3 micron to 0.38 micron, smoothed
# (Cox 2000, Allen's Astrophysical Quantities, 4th ed., section 14.7).
_X = np.array([0.83, 1.25, 1.66, 2.49, 3.12, 4.16, 4.53, 4.99, 5.54, 6.50])
_A = np.array([0.11, 0.12, 0.15, 0.24, 0.29, 0.42, 0.47, 0.53, 0.64, 0.75])
_B = np.array([0.12, 0.18, 0.21, 0.20, 0.22, 0.23, 0.23, 0.22, 0.17, 0.11])


def limb(temperature: Floats, band: str) -> Floats:
    """Quadratic limb darkening (N, 2) of stars of those temperatures (N,), in kelvin, through one of ``BANDS``.

    Limb darkening of a grey atmosphere depends on ``hc / (wavelength k T)`` alone, so the measured darkening of the Sun
    serves other stars at the wavelength at which theirs is alike. Within 0.1 of a grey atmosphere between 4000 and
    30,000 K in V and I (linear equivalent).

    Examples
    --------
    >>> limb(np.array([5772.0]), "V").round(2)
    array([[0.48, 0.23]])
    """
    x = 1.438777e7 / (BANDS[band][0] * np.asarray(temperature, float))
    return np.stack([np.interp(x, _X, _A), np.interp(x, _X, _B)], axis=-1)


def gravity(temperature: Floats) -> Floats:
    """Exponent of gravity darkening: 1 radiative (von Zeipel 1924), 0.32 convective (Lucy 1967)."""
    return np.where(np.asarray(temperature) > RADIATIVE_KELVIN, 1.0, 0.32)


def albedo(temperature: Floats) -> Floats:
    """Part of the companion's light sent out again: 1 radiative, 0.5 convective (Rucinski 1969)."""
    return np.where(np.asarray(temperature) > RADIATIVE_KELVIN, 1.0, 0.5)
