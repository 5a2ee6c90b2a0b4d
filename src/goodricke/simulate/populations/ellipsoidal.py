"""Close pairs that do not eclipse: their shape alone makes them vary."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from goodricke.simulate.binary.curves import Grid, light_curves
from goodricke.simulate.compiled import Floats, Ints
from goodricke.simulate.populations.binaries import Binary, draw_third_light, redrawn
from goodricke.simulate.populations.columns import round_radii, systems_of
from goodricke.simulate.populations.contact import Contact, eclipse_limit, visible_limit
from goodricke.simulate.populations.geometry import lobe, semi_major_axis
from goodricke.simulate.populations.main_sequence import main_sequence
from goodricke.simulate.populations.semi_detached import SemiDetached, sound
from goodricke.simulate.stars import Columns

__all__ = ["Ellipsoidal"]

# Magnitudes. A contact binary of 0.1 and more would be called one without an eclipse.
_FAINTEST_WAVE, _LARGEST_WAVE = 0.02, 0.085
_COARSE = Grid(polar=8, azimuth=8, outline=12)


class Ellipsoidal(Binary):
    """Contact (two in five), semi-detached and nearly lobe-filling detached pairs, seen too nearly from the pole.

    Inclinations are even in the cosine from the least at which the star varies by about 0.02 mag to just below the
    first eclipse, those of contact pairs to about 0.085 mag at most.
    """

    label: ClassVar[str] = "ELL"
    spotted_share: ClassVar[float] = 0.3
    shares: ClassVar[tuple[float, float]] = (0.4, 0.3)
    """Contact and semi-detached; the rest is detached."""

    def parameters(self, n: int, rng: np.random.Generator) -> Columns:
        """Draw pairs until an inclination is left for them."""
        which = np.searchsorted(np.cumsum(self.shares), rng.random(n), side="right")

        def drawn(rows: Ints) -> tuple[Columns, NDArray[np.bool_]]:
            stars = _pairs(which[rows], rng)
            low, high = _limits(stars)
            least, most = np.cos(np.radians(high)), np.cos(np.radians(low))
            stars["inclination"] = np.degrees(np.arccos(least + (most - least) * rng.random(len(rows))))
            return stars, (low < high) & (np.isfinite(stars["fillout"]) | sound(stars))

        return redrawn(n, drawn)

    def first_deeper(self, stars: Columns) -> NDArray[np.bool_]:
        """Whether the minimum at star 1's superior conjunction is the deeper one: from the light itself."""
        flux, _ = light_curves(systems_of(stars), [0.0, 0.5], "V", _COARSE, spheres=0.0)
        deeper: NDArray[np.bool_] = flux[:, 0] <= flux[:, 1]
        return deeper


def _pairs(which: NDArray[np.int64], rng: np.random.Generator) -> Columns:
    """Draw all but the inclination: 0 contact, 1 semi-detached, 2 detached."""
    n = len(which)
    parts = (Contact().envelopes(n, rng), SemiDetached().stars(rng.random(n) < 0.5, rng), _close_pairs(n, rng))
    return {name: np.choose(which, [part[name] for part in parts]) for name in parts[2]}


def _close_pairs(n: int, rng: np.random.Generator) -> Columns:
    """Draw main-sequence pairs whose star 1 fills 0.6 to 0.95 of its lobe's radius, and whose star 2 at most that."""
    mass1, q = rng.uniform(0.7, 4.0, n), rng.uniform(0.2, 1.0, n)
    one, two = main_sequence(mass1, rng.random(n)), main_sequence(q * mass1, np.zeros(n))
    axis = one[0] / (rng.uniform(0.6, 0.95, n) * lobe(q))
    total = mass1 * (1.0 + q)
    return {
        "period_days": np.sqrt(axis**3 / total) / semi_major_axis(np.ones(1), np.ones(1)) ** 1.5,
        "q": q, "fillout": np.full(n, np.nan), "radius1": one[0] / axis,
        "radius2": np.minimum(two[0] / axis, 0.95 * lobe(1.0 / q)),
        "temperature1": one[1], "temperature2": two[1],
        "eccentricity": np.zeros(n), "periastron": np.full(n, 90.0),
        "mass1": mass1, "mass2": q * mass1, "semi_major_axis": axis,
        "third_light": draw_third_light(n, 0.15, rng),
    }  # fmt: skip


def _limits(stars: Columns) -> tuple[Floats, Floats]:
    """Inclinations (degrees) between which a pair varies enough and does not eclipse.

    The wave of a star is 2 alpha q r^3 sin^2 i (Morris & Naftilan 1993, ApJ 419, 344), alpha = 1.23 for a convective
    star with linear limb darkening of 0.5.
    """
    in_contact = np.isfinite(stars["fillout"])
    one, two = round_radii(stars)
    tall = 2.0 * 1.23 * stars["q"] * one**3 * (1.0 - stars["third_light"])
    fillout = np.where(in_contact, stars["fillout"], 0.0)
    # Square of the sine per magnitude.
    slope = np.sin(np.radians(visible_limit(stars["q"], fillout))) ** 2 / 0.05
    needed = np.where(in_contact, slope, 1.0 / np.maximum(1.086 * tall, 1e-6)) * _FAINTEST_WAVE
    touch = np.degrees(np.arccos(np.minimum(1.05 * (one + two), 1.0)))
    high = np.minimum(eclipse_limit(stars["q"], fillout) - 2.0, _tilt(slope * _LARGEST_WAVE))
    return _tilt(needed), np.where(in_contact, high, touch)


def _tilt(squared_sine: Floats) -> Floats:
    return np.degrees(np.arcsin(np.sqrt(np.minimum(squared_sine, 1.0))))
