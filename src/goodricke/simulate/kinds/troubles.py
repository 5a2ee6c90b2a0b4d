"""What goes wrong at a telescope, one function each: relative change of the light at the moments of troubled stars.

Every function takes the stars (``seed``, ``trouble_size``, ``trouble_start``) and when they are looked at, and returns
the change (M,); with ``trouble_size`` s it is of the order of s.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from goodricke.simulate.compiled import Floats, Ints
from goodricke.simulate.kinds.chance import normals, uniforms
from goodricke.simulate.kinds.damped_walk import damped_walk
from goodricke.simulate.stars import Columns, Moments

__all__ = ["TROUBLES"]

# Days of an orbit of TESS, and the Julian date of the first: half of the spacing of its sectors, from that of sector 1.
_ORBIT, _FIRST = 13.6725, 2458325.29
_TWO_PI = 2.0 * np.pi


def _cells(stars: Columns, moments: Moments, length: Floats) -> tuple[Ints, Floats]:
    """Stretches of `length` days since the start: their numbers (M,), and the part of each that has passed."""
    passed = (moments.time - stars["trouble_start"][moments.star]) / length[moments.star]
    number = np.floor(passed).astype(np.int64)
    return number, passed - number


def _orbits(moments: Moments) -> tuple[Ints, Floats]:
    """Numbers (M,) of the orbits of TESS, and the part of each that has passed."""
    passed = (moments.time - _FIRST) / _ORBIT
    number = np.floor(passed).astype(np.int64)
    return number, passed - number


def _seeds(stars: Columns, moments: Moments) -> Ints:
    return np.asarray(stars["seed"][moments.star])


def ramp(stars: Columns, moments: Moments) -> Floats:
    """Light that settles over a day or so after the pointing of every orbit."""
    seed = stars["seed"]
    orbit, part = _orbits(moments)
    settle = (0.3 + 1.5 * uniforms(seed, 20))[moments.star]
    way = np.where(uniforms(seed, 21) < 0.5, -1.0, 1.0)[moments.star]
    high = 0.5 + uniforms(_seeds(stars, moments), 22, orbit)
    return np.asarray(2.0 * way * high * np.exp(-part * _ORBIT / settle))


def jumps(stars: Columns, moments: Moments) -> Floats:
    """Another level and another drift after every reset: stretches of 4 to 400 days."""
    seed = stars["seed"]
    stretch, part = _cells(stars, moments, 10.0 ** (0.6 + 2.0 * uniforms(seed, 23)))
    own = _seeds(stars, moments)
    return np.asarray(normals(own, 24, stretch) + normals(own, 25, stretch) * (part - 0.5))


def momentum_dumps(stars: Columns, moments: Moments) -> Floats:
    """Drift between the dumps of the wheels, every 2.5 to 5 days, and a few hours of scattered light after each."""
    seed = stars["seed"]
    length = 2.5 + 2.5 * uniforms(seed, 26)
    dump, part = _cells(stars, moments, length)
    own = _seeds(stars, moments)
    drift = normals(own, 27, dump) * (part - 0.5)
    since = part * length[moments.star]
    depth = (1.0 + uniforms(own, 28, dump)) * uniforms(own, 29, _seconds(moments))
    return np.asarray(drift - 3.0 * depth * np.exp(-since / 0.08))


def scattered_light(stars: Columns, moments: Moments) -> Floats:
    """Light of Earth and Moon that rises towards both ends of an orbit, otherwise in every one."""
    seed = stars["seed"]
    orbit, part = _orbits(moments)
    own = _seeds(stars, moments)
    width = (0.3 + 1.2 * uniforms(seed, 30))[moments.star]
    way = np.where(uniforms(seed, 31) < 0.3, -1.0, 1.0)[moments.star]
    before = 2.0 * uniforms(own, 32, orbit) * np.exp(-(1.0 - part) * _ORBIT / width)
    after = 2.0 * uniforms(own, 33, orbit) * np.exp(-part * _ORBIT / width)
    return np.asarray(way * 1.5 * (before + after))


def daily_trend(stars: Columns, moments: Moments) -> Floats:
    """What follows the air mass (a star of another colour than its comparisons), with the sidereal or the solar day."""
    seed = stars["seed"]
    # Both clocks turn once in a day; the sidereal one gains a turn in a year (Earth rotation angle, Capitaine 2000).
    rate = np.where(uniforms(seed, 34) < 0.6, 1.00273781191135448, 1.0)[moments.star]
    turns = rate * (moments.time - 2451545.0) + uniforms(seed, 35)[moments.star]
    latitude = np.deg2rad(-35.0 + 70.0 * uniforms(seed, 36))
    declination = latitude + np.deg2rad(-50.0 + 100.0 * uniforms(seed, 37))
    low, high = np.sin(latitude) * np.sin(declination), np.cos(latitude) * np.cos(declination)
    height = low[moments.star] + high[moments.star] * np.cos(_TWO_PI * turns)
    # About the air mass above 30 degrees of altitude, and soft below.
    air = 1.0 / np.maximum(0.3 + 0.7 * height, 0.3)
    return np.asarray(np.where(uniforms(seed, 38) < 0.5, -1.0, 1.0)[moments.star] * 1.5 * (air - 1.5))


def moonlight(stars: Columns, moments: Moments) -> Floats:
    """A neighbour or a sky badly taken off when the Moon is bright: steep about full Moon (29.53 d)."""
    age = (moments.time - 2451550.1) / 29.530588
    full = np.exp(-4.0 * (1.0 + np.cos(_TWO_PI * age)))
    night = np.floor(moments.time + 0.5).astype(np.int64)
    way = np.where(uniforms(stars["seed"], 39) < 0.7, 1.0, -1.0)[moments.star]
    return np.asarray(way * 2.0 * full * (0.6 + 0.8 * uniforms(_seeds(stars, moments), 40, night)))


def focus_drift(stars: Columns, moments: Moments) -> Floats:
    """Slow wandering over 10 to 100 days, and with the seasons of the year."""
    seed = stars["seed"]
    tau = 10.0 ** (1.0 + uniforms(seed, 41))
    walk = damped_walk(seed, stars["trouble_start"], tau, moments, 42, nodes=30)
    year = np.cos(_TWO_PI * (moments.time / 365.2422 + uniforms(seed, 43)[moments.star]))
    return np.asarray(walk + (1.5 * uniforms(seed, 44))[moments.star] * year)


def bad_nights(stars: Columns, moments: Moments) -> Floats:
    """Clouds: some nights are too faint as a whole and scatter within themselves."""
    own = _seeds(stars, moments)
    night = np.floor(moments.time + uniforms(stars["seed"], 45)[moments.star]).astype(np.int64)
    bad = uniforms(own, 46, night) < (0.05 + 0.15 * uniforms(stars["seed"], 47))[moments.star]
    dark = np.abs(normals(own, 48, night)) + 0.5 * normals(own, 49, _seconds(moments))
    return np.asarray(np.where(bad, -3.0 * dark, 0.0))


def spikes(stars: Columns, moments: Moments) -> Floats:
    """Single points far off, up (cosmic rays, aeroplanes) or down (bad pixels), with a long tail of sizes."""
    own, at = _seeds(stars, moments), _seconds(moments)
    struck = uniforms(own, 50, at) < (0.005 + 0.05 * uniforms(stars["seed"], 51))[moments.star]
    size = np.minimum(3.0 / np.sqrt(uniforms(own, 52, at)), 30.0)
    up = uniforms(own, 53, at) < uniforms(stars["seed"], 54)[moments.star]
    return np.asarray(np.where(struck, np.where(up, size, -size), 0.0))


def _seconds(moments: Moments) -> Ints:
    """Whole seconds: a place for chance that belongs to a single exposure."""
    return np.asarray(np.rint(moments.time * 86400.0).astype(np.int64))


TROUBLES: dict[str, Callable[[Columns, Moments], Floats]] = {
    "ramp": ramp,
    "jumps": jumps,
    "momentum_dumps": momentum_dumps,
    "scattered_light": scattered_light,
    "daily_trend": daily_trend,
    "moonlight": moonlight,
    "focus_drift": focus_drift,
    "bad_nights": bad_nights,
    "spikes": spikes,
}
"""Name in the column ``junk_type`` -> its function."""
