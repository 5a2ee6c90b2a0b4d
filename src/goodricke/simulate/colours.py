"""Colours of stars as of black bodies, in magnitudes that are zero for Vega."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import ArrayLike

from goodricke.simulate.binary.band import Band, named_band
from goodricke.simulate.compiled import Floats

__all__ = ["colour"]

VEGA_KELVIN = 9550.0
"""Effective temperature of Vega (Castelli & Kurucz 1994, A&A 281, 817)."""


@cache
def _band(name: str) -> Band:
    return named_band(name)


def colour(temperature: ArrayLike, band: str, reference: str) -> Floats:
    """Magnitude through `band` minus that through `reference`, for black bodies.

    Parameters
    ----------
    temperature : array_like, (N,)
        Kelvin.
    band, reference : str
        Names of ``BANDS``.

    Returns
    -------
    numpy.ndarray, (N,)

    Examples
    --------
    >>> bool(colour(9550.0, "B", "V") == 0.0)
    True
    >>> bool(0.4 < colour(5772.0, "B", "V") < 0.7)  # the Sun's is 0.65
    True
    """
    kelvin = np.log(np.asarray(temperature, float))
    mags = [_magnitude(kelvin, name) - _magnitude(np.log(VEGA_KELVIN), name) for name in (band, reference)]
    return np.asarray(mags[0] - mags[1])


def _magnitude(log_kelvin: ArrayLike, band: str) -> Floats:
    """Of a surface, with any zero point."""
    table = _band(band)
    return np.asarray(
        -2.5 / np.log(10.0) * np.interp(np.asarray(log_kelvin, float), table.log_temperature, table.log_brightness)
    )
