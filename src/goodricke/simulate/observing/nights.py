"""Nights of a site: when they begin and end, which of them are clear, and how bright the Moon is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from goodricke.simulate.compiled import Floats
from goodricke.simulate.observing.sky import moonlight, sidereal, sun

__all__ = ["Nights", "Site", "clear_nights", "nights"]


@dataclass(frozen=True)
class Site:
    """A place with a telescope, its limits and its weather."""

    longitude: float
    """Degrees, east positive."""
    latitude: float
    """Degrees, north positive."""
    twilight: float = -12.0
    """Altitude of the Sun (degrees) at which work begins."""
    lowest: float = 30.0
    """Least altitude of a star (degrees)."""
    clear: float = 9.0
    """Mean length (nights) of a clear spell."""
    cloudy: float = 2.5
    """Mean length (nights) of a cloudy one."""


@dataclass(frozen=True)
class Nights:
    """K nights of one site."""

    middle: Floats
    """(K,) Julian dates (UT) at which the Sun is lowest."""
    half: Floats
    """(K,) days from there to twilight; 0 where the Sun never sinks deep enough."""
    sidereal: Floats
    """(K,) local sidereal time at the middle, radians."""
    moon: Floats
    """(K,) part of the Moon's disc that is lit."""


def nights(site: Site, first: float, last: float) -> Nights:
    """Return the nights of `site` whose middle lies between two Julian dates.

    Examples
    --------
    >>> year = nights(Site(longitude=0.0, latitude=50.0, twilight=-12.0), 2451545.0, 2451910.0)
    >>> bool((48 * year.half).max() > 13.0), bool((48 * year.half).min() < 5.5)  # hours
    (True, True)
    """
    noon = np.ceil(first - 0.5 + site.longitude / 360.0) + np.arange(int(last - first) + 1)
    middle = noon + 0.5 - site.longitude / 360.0  # mean local midnight
    ra, _ = sun(middle)
    # The equation of time: how far the Sun is from its lower culmination then.
    early = np.mod(sidereal(middle) + np.radians(site.longitude) - ra, 2.0 * np.pi) - np.pi
    middle = middle - early / (2.0 * np.pi)
    middle = middle[(middle >= first) & (middle <= last)]
    _, dec = sun(middle)
    latitude = np.radians(site.latitude)
    cosine = (np.sin(np.radians(site.twilight)) - np.sin(latitude) * np.sin(dec)) / (np.cos(latitude) * np.cos(dec))
    half = 0.5 - np.arccos(np.clip(cosine, -1.0, 1.0)) / (2.0 * np.pi)
    return Nights(middle, half, sidereal(middle) + np.radians(site.longitude), moonlight(middle))


def clear_nights(k: int, clear: float, cloudy: float, rng: np.random.Generator) -> NDArray[np.bool_]:
    """Draw the weather of `k` nights: spells of geometric length, a Markov chain of two states.

    Parameters
    ----------
    k : int
        How many nights.
    clear, cloudy : float
        Mean lengths of the spells in nights, 1 or more.
    rng : numpy.random.Generator
        Source of the weather.

    Examples
    --------
    >>> bool(0.73 < clear_nights(200_000, 9.0, 3.0, np.random.default_rng(0)).mean() < 0.77)
    True
    """
    spells = 2 * (int(k / (clear + cloudy)) + 10) + 8 * int(np.sqrt(k) + 1)
    fair = rng.random() < clear / (clear + cloudy)
    lengths = rng.geometric(1.0 / np.where((np.arange(spells) % 2 == 0) == fair, clear, cloudy))
    return np.asarray(np.repeat((np.arange(spells) % 2 == 0) == fair, lengths)[:k])
