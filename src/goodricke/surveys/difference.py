"""Photometry on difference images: total flux where the reference is known, difference flux where it is not.

An alert measures what is left after a reference image was subtracted. Where the star is in the reference, its flux
there plus the difference is the total flux. A star is read in one way or the other, never in both: total and
difference fluxes of one star on one scale would be nonsense.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from goodricke.lightcurves import Measurements
from goodricke.lightcurves.tables import subset

__all__ = ["ZERO_POINT", "by_level", "first_of_star", "from_mag", "sigma_from_mag"]

ZERO_POINT = 25.0
"""Magnitude of a flux of 1 in what ``from_mag`` gives."""

_LN = np.log(10.0) / 2.5


def from_mag(mag: NDArray[Any]) -> NDArray[np.float64]:
    """Linear flux of magnitudes, 1 at ``ZERO_POINT``; NaN where a magnitude is absent (negative or above 90).

    >>> from_mag(np.array([25.0, 22.5, -999.0]))
    array([ 1., 10., nan])
    """
    real = np.isfinite(mag) & (mag > 0) & (mag < 90)
    return np.asarray(np.exp(-_LN * (np.where(real, mag, np.nan).astype(np.float64) - ZERO_POINT)))


def sigma_from_mag(flux: NDArray[np.float64], sigma_mag: NDArray[Any]) -> NDArray[np.float64]:
    """Standard deviation of a flux from that of its magnitude; NaN where the latter is 90 or more."""
    sigma = np.asarray(sigma_mag, dtype=np.float64)
    return np.asarray(np.abs(flux) * _LN * np.where(sigma < 90, sigma, np.nan))


def first_of_star(values: NDArray[np.float64], star: NDArray[np.int64], n: int) -> NDArray[np.float64]:
    """First finite value of every star (n,) from values (M,) of points, such as the position of a detection."""
    first = np.full(n, np.nan)
    good = np.flatnonzero(np.isfinite(values))[::-1]
    first[star[good]] = values[good]
    return first


def by_level(
    difference: Measurements, total: NDArray[np.float64], error: NDArray[np.float64], no_reference: int
) -> Iterator[Measurements]:
    """Yield the stars with a known level as total flux, and the others as they are.

    A star has a level when at least half of its detections have a total flux. Its other points cannot be put on the
    same scale: they carry the quality bit `no_reference`.

    Parameters
    ----------
    difference : Measurements
        Difference fluxes of all stars.
    total, error : (M,) float64
        Total flux and its standard deviation in the same unit; NaN where the reference is unknown.
    no_reference : int
        Quality bit.
    """
    n, m = len(difference.object_id), len(difference.time)
    star = np.zeros(m, dtype=np.int64) if difference.star is None else difference.star
    seen = np.isfinite(difference.value)
    if difference.limit is not None:
        seen &= ~difference.limit
    known = np.bincount(star[seen & np.isfinite(total)], minlength=n)
    level = (2 * known >= np.bincount(star[seen], minlength=n)) & (known > 0)
    if level.any():
        quality = np.zeros(m, dtype=np.int64) if difference.quality is None else difference.quality.copy()
        quality[seen & ~np.isfinite(total)] |= no_reference
        whole = replace(difference, value=total, error=error, kind="flux", quality=quality)
        yield whole if level.all() else subset(whole, level)
    if not level.all():
        yield difference if not level.any() else subset(difference, ~level)
