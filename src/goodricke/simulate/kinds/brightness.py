"""How bright surfaces of two temperatures are beside each other through a filter: black bodies."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike

from goodricke.simulate.binary.band import BANDS, Band, named_band
from goodricke.simulate.compiled import Floats

__all__ = ["limb_coefficients", "surface_ratio"]

_named = lru_cache(maxsize=32)(named_band)


def surface_ratio(temperature: ArrayLike, reference: ArrayLike, band: str) -> Floats:
    """Intensity of a surface over that of a reference, both black bodies, in kelvin.

    Parameters
    ----------
    temperature, reference : array_like
        Kelvin, 300 to 200,000.
    band : str
        One of ``BANDS``.

    Examples
    --------
    >>> surface_ratio([4000.0, 5000.0], 5000.0, "V").round(2)
    array([0.27, 1.  ])
    """
    table: Band = _named(band)
    x, y = table.log_temperature, table.log_brightness
    ratio = np.interp(np.log(temperature), x, y) - np.interp(np.log(reference), x, y)
    return np.asarray(np.exp(ratio))


def limb_coefficients(temperature: ArrayLike, band: str) -> tuple[Floats, Floats]:
    """Quadratic limb darkening that is stronger in the blue and on cool stars.

    The first coefficient falls as the inverse of wavelength and of temperature from 0.40 for the Sun in red light, the
    second is 0.26: the broad trend of the tables of Claret & Bloemen 2011 (A&A 529, A75), not their detail.

    Examples
    --------
    >>> limb_coefficients([5772.0], "R")
    (array([0.4]), array([0.26]))
    """
    wave = BANDS[band][0] / BANDS["R"][0]
    first = np.clip(0.40 / (wave * np.asarray(temperature, dtype=np.float64) / 5772.0), 0.05, 0.70)
    return first, np.full_like(first, 0.26)
