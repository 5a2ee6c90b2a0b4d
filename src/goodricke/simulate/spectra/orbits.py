"""Difference of the radial velocities of two stars, seen once at a random time."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["kepler", "orbital_dv", "random_dv"]

LOG_PERIOD, LOG_PERIOD_SPREAD = 5.03, 2.28
"""Mean and spread of log10 of the period in days of solar-type binaries (Raghavan et al. 2010, figure 13)."""

CIRCULAR_DAYS = 12.0
"""Orbits below it are round (Raghavan et al. 2010, figure 14)."""

_K_KM_S = 212.9  # semi-amplitude of dv for a period of 1 day, one solar mass in all, edge on: (2 pi G M / P)^(1/3)


def orbital_dv(mass: ArrayLike, rng: np.random.Generator) -> NDArray[np.float64]:
    """Velocity of star 2 less that of star 1 of random orbits.

    Periods are log-normal, as for stars like the Sun, and long enough for the stars to fit; inclinations are those of
    random directions; eccentricities of periods above `CIRCULAR_DAYS` are even between 0 and 0.9; times are random.

    Parameters
    ----------
    mass : (N,)
        Of both stars together, in Suns.
    rng : Generator
        Source of chance.

    Returns
    -------
    (N,) array
        km/s, as often positive as negative. Most are below 20: most binaries are wide.

    Examples
    --------
    >>> dv = orbital_dv(np.full(10000, 1.8), np.random.default_rng(0))
    >>> bool(0.75 < np.mean(abs(dv) < 20) < 0.95)
    True
    """
    total = np.atleast_1d(np.asarray(mass, dtype=np.float64))
    n = len(total)
    period = np.full(n, np.nan)
    # Two dwarfs touch at a period of a third of a day or so; what is drawn below is drawn again.
    while (short := ~(period > 0.35)).any():
        period[short] = 10.0 ** rng.normal(LOG_PERIOD, LOG_PERIOD_SPREAD, int(short.sum()))
    wide = period > CIRCULAR_DAYS
    eccentricity = np.where(wide, rng.uniform(0.0, 0.9, n), 0.0)
    sine = np.sqrt(1.0 - rng.uniform(0.0, 1.0, n) ** 2)
    argument = rng.uniform(0.0, 2.0 * np.pi, n)
    anomaly = kepler(rng.uniform(0.0, 2.0 * np.pi, n), eccentricity)
    true = 2.0 * np.arctan2(
        np.sqrt(1.0 + eccentricity) * np.sin(anomaly / 2.0), np.sqrt(1.0 - eccentricity) * np.cos(anomaly / 2.0)
    )
    size = _K_KM_S * (total / period) ** (1.0 / 3.0) * sine / np.sqrt(1.0 - eccentricity**2)
    return np.asarray(size * (np.cos(true + argument) + eccentricity * np.cos(argument)))


def random_dv(
    mass: ArrayLike, rng: np.random.Generator, flat: float = 0.3, widest: float = 400.0
) -> NDArray[np.float64]:
    """As `orbital_dv`, but a share `flat` is even between -`widest` and `widest` km/s, so that models see all of it.

    >>> dv = random_dv(np.full(4000, 1.8), np.random.default_rng(0), flat=1.0)
    >>> bool(abs(np.mean(abs(dv)) - 200) < 10)
    True
    """
    orbit = orbital_dv(mass, rng)
    even = rng.uniform(-widest, widest, len(orbit))
    return np.where(rng.uniform(size=len(orbit)) < flat, even, np.clip(orbit, -widest, widest))


def kepler(mean_anomaly: ArrayLike, eccentricity: ArrayLike) -> NDArray[np.float64]:
    """Eccentric anomaly E of E - e sin E = M, by Newton's method from Danby's start.

    >>> float(kepler(1.0, 0.5).round(6))
    1.498701
    """
    mean, e = np.broadcast_arrays(np.asarray(mean_anomaly, np.float64), np.asarray(eccentricity, np.float64))
    anomaly = mean + 0.85 * e * np.sign(np.sin(mean))
    for _ in range(12):
        anomaly = anomaly - (anomaly - e * np.sin(anomaly) - mean) / (1.0 - e * np.cos(anomaly))
    return np.asarray(anomaly)
