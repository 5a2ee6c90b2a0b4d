"""What surveys do to magnitudes: noise against brightness, red noise, outliers, limits.

Plain functions of flat arrays: M points of N stars, stars one after another, ``star`` (M,) the index of the star.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from goodricke.simulate.compiled import Floats, Ints, kernel

__all__ = [
    "POGSON",
    "ErrorLaw",
    "detected",
    "noisy",
    "outliers",
    "red_noise",
    "rounded",
]

POGSON = 2.5 / np.log(10.0)
"""Magnitudes of a relative change of flux: 1.0857."""


@dataclass(frozen=True)
class ErrorLaw:
    """Standard deviation of a magnitude: a floor, photons of the star, and the sky with the detector, in quadrature.

    ``sigma^2 = floor^2 + photon^2 x + sky^2 x^2`` with ``x = 10^(0.4 (magnitude - reference))``.

    Examples
    --------
    >>> law = ErrorLaw(floor=0.01, photon=0.003, sky=0.004, reference=12.0)
    >>> law(np.array([8.0, 12.0, 16.0])).round(4)
    array([0.01  , 0.0112, 0.1607])
    """

    floor: float
    """Magnitudes that remain for bright stars."""
    photon: float
    """Magnitudes due to the star's photons at the reference."""
    sky: float
    """Magnitudes due to sky and detector at the reference."""
    reference: float
    """Magnitude at which the numbers hold."""

    def __call__(self, magnitude: Floats) -> Floats:
        """Return the standard deviations (M,) at those magnitudes (M,)."""
        x = np.exp((magnitude - self.reference) / POGSON)
        return np.asarray(np.sqrt(self.floor**2 + x * (self.photon**2 + x * self.sky**2)))


def noisy(magnitude: Floats, deviation: Floats) -> Floats:
    """Shift fluxes by deviations that are normal in flux, and return magnitudes.

    Parameters
    ----------
    magnitude : numpy.ndarray, (M,)
        True magnitudes.
    deviation : numpy.ndarray, (M,)
        Noise of the flux times 1.0857, positive for too faint: the same as noise of the magnitude while small.

    Returns
    -------
    numpy.ndarray, (M,)
        NaN where no flux is left.

    Examples
    --------
    >>> noisy(np.array([15.0, 15.0, 15.0]), np.array([0.0, 0.01, 2.0])).round(2)
    array([15.  , 15.01,   nan])
    """
    left = 1.0 - deviation / POGSON
    with np.errstate(invalid="ignore"):
        return np.asarray(magnitude - POGSON * np.log(np.where(left > 0.0, left, np.nan)))


def red_noise(
    time: Floats, star: Ints, timescale: Floats, rng: np.random.Generator, band: NDArray[np.int8] | None = None
) -> Floats:
    """Return noise with memory (M,) of variance 1: an Ornstein-Uhlenbeck process per star, exact at uneven times.

    Its covariance is ``exp(-|dt| / timescale)`` (a damped random walk: Kelly, Bechtold & Siemiginowska 2009, ApJ 698,
    895, eq. 2 to 5).

    Parameters
    ----------
    time : numpy.ndarray, (M,)
        Days, not decreasing in a star.
    star : numpy.ndarray, (M,)
        Star of every point; the points of a star stand together.
    timescale : numpy.ndarray, (N,)
        Days, of every star.
    rng : numpy.random.Generator
        Source of the noise.
    band : numpy.ndarray, (M,), optional
        Each band of a star has a process of its own.

    Examples
    --------
    >>> time, star = np.array([0.0, 1e-6, 1e6]), np.zeros(3, dtype=np.int64)
    >>> noise = red_noise(time, star, np.array([1.0]), np.random.default_rng(0))
    >>> bool(abs(noise[1] - noise[0]) < 0.01 < abs(noise[2] - noise[1]))
    True
    """
    bands = np.zeros(len(time), dtype=np.int8) if band is None else band
    return _ornstein_uhlenbeck(time, star, timescale, bands, rng.standard_normal(len(time)))


@kernel
def _ornstein_uhlenbeck(time: Floats, star: Ints, timescale: Floats, band: NDArray[np.int8], normal: Floats) -> Floats:
    noise = np.empty(time.size)
    last = np.full(128, -1)  # the point before, in each band
    for k in range(time.size):
        if k > 0 and star[k - 1] != star[k]:
            last[:] = -1
        before = last[band[k]]
        keeps = 0.0 if before < 0 else np.exp((time[before] - time[k]) / timescale[star[k]])
        noise[k] = np.sqrt(1.0 - keeps * keeps) * normal[k]
        if before >= 0:
            noise[k] += keeps * noise[before]
        last[band[k]] = k
    return noise


def outliers(
    m: int, rng: np.random.Generator, *, rate: float | Floats, size: float | Floats, spread: float, fainter: float
) -> Floats:
    """Return what the few bad points are off by, in magnitudes; zero for all others.

    Parameters
    ----------
    m : int
        How many points.
    rng : numpy.random.Generator
        Source of the faults.
    rate : float or (M,)
        Share of bad points.
    size : float or (M,)
        Median of how far they are off.
    spread : float
        Standard deviation of the natural logarithm of the size.
    fainter : float
        Share of the bad points that are too faint.

    Examples
    --------
    >>> off = outliers(100_000, np.random.default_rng(1), rate=0.02, size=0.5, spread=0.8, fainter=0.7)
    >>> bool(1900 < np.count_nonzero(off) < 2100), round(float(np.median(off[off > 0])), 1)
    (True, 0.5)
    """
    off = np.zeros(m)
    bad = np.flatnonzero(rng.random(m) < rate)
    size = np.broadcast_to(np.asarray(size, dtype=np.float64), (m,))[bad]
    off[bad] = size * np.exp(spread * rng.standard_normal(len(bad)))
    off[bad] *= np.where(rng.random(len(bad)) < fainter, 1.0, -1.0)
    return off


def detected(magnitude: Floats, limit: float | Floats, width: float, rng: np.random.Generator) -> NDArray[np.bool_]:
    """Choose which points are detections: half of them at `limit`, fewer for fainter ones.

    Parameters
    ----------
    magnitude : numpy.ndarray, (M,)
        What would be written; NaN is never detected.
    limit : float or (M,)
        Magnitude at which half of the points are found.
    width : float
        Magnitudes over which the odds of being found fall by a factor e.
    rng : numpy.random.Generator
        Source of the chance.
    """
    chance = rng.random(len(magnitude))
    odds = np.log(chance / (1.0 - chance))  # of a logistic distribution
    with np.errstate(invalid="ignore"):
        return np.asarray(magnitude < limit - width * odds)


def rounded(values: Floats, step: float) -> Floats:
    """Return the values (M,) as written with that smallest step.

    >>> rounded(np.array([12.34567]), 0.001)
    array([12.346])
    """
    per_unit = round(1.0 / step)
    return np.asarray(np.round(values * per_unit) / per_unit)
