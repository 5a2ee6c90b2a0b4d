"""Which nights a survey gives to each star, and when in the night: one programme of one telescope."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from goodricke.simulate.compiled import Floats, Ints, kernel
from goodricke.simulate.observing.nights import Nights, Site, clear_nights
from goodricke.simulate.observing.noise import red_noise

__all__ = ["Programme", "exposures", "open_nights", "visited"]

_SIDEREAL_DAY = 0.9972696  # days
_BLOCK = 1 << 22  # chances drawn at once: 16 MB


@dataclass(frozen=True)
class Programme:
    """One telescope with one filter at work through a survey: how often it returns to a star, and for what.

    The chance that a star is taken in a clear night is ``eager`` times a step that rises smoothly, over ``ramp``
    nights, when ``wait`` nights have passed since the last time.
    """

    site: Site
    band: int
    """Index of the band."""
    first: float
    """Julian date of the beginning."""
    last: float
    """Julian date of the end."""
    eager: float
    """Greatest chance per clear night."""
    wait: float
    """Nights between two visits of a star."""
    wait_spread: float = 0.2
    """Standard deviation of the logarithm of ``wait`` between stars."""
    ramp: float = 0.3
    """Width of the step in nights."""
    kept: tuple[float, ...] = (1.0,)
    """Chance that 1, 2, ... of the exposures of a visit are good; as many are taken as there are numbers."""
    spacing: float = 3.0
    """Median minutes between the exposures of a visit."""
    spacing_spread: float = 0.1
    """Standard deviation of the logarithm of that between visits."""
    moonshy: float = 0.0
    """Part of the visits that are given up at full moon; it grows as the third power of the lit part of the disc."""
    pauses: tuple[tuple[float, float], ...] = ()
    """Julian dates between which nothing is observed."""
    pace: tuple[tuple[float, float], ...] = ()
    """From which Julian date on the eagerness is multiplied by how much."""
    overlap: float = 0.0
    """Part of the stars that lie in two fields."""
    neglect: float = 0.0
    """Mean of the logarithm by which fields are visited less than the best ones; exponential."""
    spells: tuple[float, float] = (1.0, 0.0)
    """Mean lengths in nights of the spells in which this filter is in use, and in which it is not."""
    steady: tuple[float, float] = (0.0, 20.0)
    """How much the time of night is the same from one visit to the next (0 to 1), and for how many days."""
    full: float = 0.04
    """Days that a star must be up in a night to be taken with the full chance; it falls in proportion."""
    width: float = 1.7
    """How evenly visits fill the time that a star is up: 1.7 is even, less is nearer to its middle."""


def open_nights(programme: Programme, weather: NDArray[np.bool_], calendar: Nights, rng: np.random.Generator) -> Floats:
    """Return the chance (K,) that the telescope works on a star in each night, if the star is up and due."""
    chance = weather * (1.0 - programme.moonshy * calendar.moon**3) * programme.eager
    if programme.spells[1] > 0.0:
        chance *= clear_nights(len(chance), *programme.spells, rng)
    for first, last in programme.pauses:
        chance[(calendar.middle >= first) & (calendar.middle <= last)] = 0.0
    factor = np.ones(len(chance))
    for start, pace in programme.pace:
        factor[calendar.middle >= start] = pace
    return np.asarray(chance * factor)


def visited(
    programme: Programme, calendar: Nights, chance: Floats, ra: Floats, dec: Floats, scale: Floats, start: Floats,
    rng: np.random.Generator,
) -> tuple[Ints, Ints, Floats, Floats]:  # fmt: skip
    """Choose the nights of each star.

    Parameters
    ----------
    programme : Programme
        What is observed.
    calendar : Nights
        The K nights of its site.
    chance : numpy.ndarray, (K,)
        From ``open_nights``.
    ra, dec : numpy.ndarray, (N,)
        Degrees.
    scale : numpy.ndarray, (N,)
        Eagerness of the survey for each star, 1 for most.
    start : numpy.ndarray, (N,)
        Julian date from which each star is observed.
    rng : numpy.random.Generator
        Source of the chance.

    Returns
    -------
    star, night : numpy.ndarray, (V,) int64
        Star and night of every visit, ordered by star and night.
    begin, end : numpy.ndarray, (V,)
        Julian dates between which the Sun is down and the star is up.
    """
    n, k = len(ra), len(calendar.middle)
    site = programme.site
    step = max(1, _BLOCK // max(k, 1))
    wait = programme.wait * np.exp(programme.wait_spread * rng.standard_normal(n))
    turn = _half_arc(np.radians(dec), site)
    alpha = np.radians(ra)
    stars, found = [], []
    for low in range(0, max(n, 1), step):
        part = slice(low, min(low + step, n))
        draws = rng.random((part.stop - low, k), dtype=np.float32)
        taken = _choose(
            draws, chance, calendar.middle, calendar.half, calendar.sidereal, alpha[part], turn[part], scale[part],
            start[part], wait[part], programme.ramp, programme.full,
        )  # fmt: skip
        star, night = np.nonzero(taken)
        stars.append(star + low)
        found.append(night)
    star, night = np.concatenate(stars), np.concatenate(found)
    begin, end = _window(calendar.half[night], calendar.sidereal[night], alpha[star], turn[star])
    return star, night, calendar.middle[night] + begin, calendar.middle[night] + end


def _half_arc(dec: Floats, site: Site) -> Floats:
    """Days (N,) that stars spend above the lowest altitude before and after transit."""
    latitude = np.radians(site.latitude)
    cosine = (np.sin(np.radians(site.lowest)) - np.sin(latitude) * np.sin(dec)) / (np.cos(latitude) * np.cos(dec))
    return np.asarray(np.arccos(np.clip(cosine, -1.0, 1.0)) / (2.0 * np.pi) * _SIDEREAL_DAY)


def _window(half: Floats, sidereal: Floats, ra: Floats, turn: Floats) -> tuple[Floats, Floats]:
    """Begin and end (V,) in days from the middle of the night."""
    around = (ra - sidereal) / (2.0 * np.pi)
    transit = (around - np.round(around)) * _SIDEREAL_DAY
    return np.maximum(-half, transit - turn), np.minimum(half, transit + turn)


@kernel
def _choose(
    draws: NDArray[np.float32], chance: Floats, middle: Floats, half: Floats, sidereal: Floats, ra: Floats,
    turn: Floats, scale: Floats, start: Floats, wait: Floats, ramp: float, full: float,
) -> NDArray[np.uint8]:  # fmt: skip
    taken = np.zeros(draws.shape, np.uint8)
    for i in range(draws.shape[0]):
        last = -1.0e9
        for k in range(draws.shape[1]):
            most = chance[k] * scale[i]
            if draws[i, k] >= most or middle[k] < start[i]:
                continue
            around = (ra[i] - sidereal[k]) / (2.0 * np.pi)
            transit = (around - np.round(around)) * _SIDEREAL_DAY
            up = min(half[k], transit + turn[i]) - max(-half[k], transit - turn[i])
            if up <= 0.0:
                continue
            due = 1.0 / (1.0 + np.exp(min((wait[i] - (middle[k] - last)) / ramp, 50.0)))
            if draws[i, k] < most * due * min(up / full, 1.0):
                taken[i, k] = 1
                last = middle[k]
    return taken


def exposures(
    programme: Programme, star: Ints, begin: Floats, end: Floats, rng: np.random.Generator
) -> tuple[Ints, Floats]:
    """Return star and Julian date (M,) of every good exposure of the visits (V,), in order of star and visit."""
    most, v = len(programme.kept), len(star)
    part = _part_of_night(programme, star, begin, rng)
    if most == 1:
        return star, begin + (end - begin) * part
    step = programme.spacing / 1440.0 * np.exp(programme.spacing_spread * rng.standard_normal(v))
    whole = step * (most - 1)
    at = begin + np.maximum(end - begin - whole, 0.0) * part
    step = np.minimum(step, (end - begin) / (most - 1))
    good = np.searchsorted(np.cumsum(programme.kept)[:-1], rng.random(v), side="right")  # one less than their number
    # The last and the first remain before those between: in CRTS two points of a night are as far apart as four.
    keep = ((np.arange(most) + 1) % most <= good[:, None]).ravel()
    time = (at[:, None] + step[:, None] * np.arange(most)).ravel()
    return np.repeat(star, most)[keep], time[keep]


def _part_of_night(programme: Programme, star: Ints, begin: Floats, rng: np.random.Generator) -> Floats:
    """Where in its window each visit (V,) begins, from 0 to 1: spread over the years, much the same for some weeks."""
    same, days = programme.steady
    normal = rng.standard_normal(len(star))
    if same > 0.0 and len(star):
        held = red_noise(begin, star, np.full(int(star[-1]) + 1, days), rng)
        normal = np.sqrt(same) * held + np.sqrt(1.0 - same) * normal
    # With a width of 1.702 this is the normal distribution's integral, to 0.01.
    return np.asarray(1.0 / (1.0 + np.exp(-programme.width * normal)))
