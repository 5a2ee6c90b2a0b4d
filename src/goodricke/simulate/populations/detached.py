"""Detached eclipsing binaries: main-sequence pairs of all masses, some of them with an evolved star."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from goodricke.simulate.compiled import Floats, Ints
from goodricke.simulate.populations.binaries import Binary, draw_third_light, redrawn
from goodricke.simulate.populations.columns import sphere_depths
from goodricke.simulate.populations.geometry import lobe, semi_major_axis, separations
from goodricke.simulate.populations.joint import Quantiles
from goodricke.simulate.populations.main_sequence import evolved, lifetime, main_sequence
from goodricke.simulate.stars import Columns

__all__ = ["Detached", "draw_orbits", "draw_pairs", "fits", "pseudosynchronous"]

MASS = Quantiles(
    {0.05: 0.58, 0.16: 0.97, 0.25: 1.14, 0.50: 1.52, 0.75: 2.37, 0.84: 3.20, 0.95: 9.17}, least=0.15, greatest=25.0
)
"""Mass of the heavier star (suns), the quantiles of 262 systems of DEBCat (Southworth 2015, ASPC 496, 164)."""

CIRCULAR_DAYS = 3.0
"""Orbits are round up to this period."""
ROUNDING = 0.22
"""Radius of a star, in semi-major axes, above which tides have made its orbit round."""
FULLEST = 0.9
"""Greatest radius over that of the Roche lobe at periastron."""
_LIGHTEST = 0.1


def pseudosynchronous(eccentricity: Floats) -> Floats:
    """Rotation over mean motion of a star that turns with the orbit at periastron (Hut 1981, A&A 99, 126, eq. 42).

    Examples
    --------
    >>> pseudosynchronous(np.array([0.0, 0.3])).round(2)
    array([1.  , 1.56])
    """
    e2 = np.square(eccentricity)
    turned = 1.0 + e2 * (7.5 + e2 * (5.625 + e2 * 0.3125))
    return np.asarray(turned / ((1.0 + e2 * (3.0 + 0.375 * e2)) * (1.0 - e2) ** 1.5))


def draw_orbits(period_days: Floats, rng: np.random.Generator) -> Columns:
    """Draw eccentricity, periastron and spins: round below three days, under an envelope above.

    The envelope is 1 - (3 d / P)^(2/3), at most 0.75, and the eccentricity an even number's power 1.5 of it.
    """
    n = len(period_days)
    most = np.minimum(1.0 - np.minimum(CIRCULAR_DAYS / period_days, 1.0) ** (2.0 / 3.0), 0.75)
    eccentricity = most * rng.random(n) ** 1.5
    eccentricity = np.where(eccentricity < 0.005, 0.0, eccentricity)
    periastron = np.where(eccentricity > 0, rng.uniform(0.0, 360.0, n), 90.0)
    spin = pseudosynchronous(eccentricity)
    return {"eccentricity": eccentricity, "periastron": periastron, "spin1": spin, "spin2": spin.copy()}


def draw_pairs(mass1: Floats, mass2: Floats, evolved_share: float, rng: np.random.Generator) -> Columns:
    """Radii (suns) and temperatures of two stars of one age, the heavier one past the main sequence in a share of them.

    Radii scatter by 3%, temperatures by 2% about the formulas of ``main_sequence``.
    """
    n = len(mass1)
    age = rng.random(n)
    swollen = np.exp(rng.random(n) ** 1.3 * np.log(12.0))
    old = (rng.random(n) < evolved_share) & (mass1 > 0.9) & (mass1 < 4.0)
    age = np.where(old, 1.0, age)
    one, two = main_sequence(mass1, age), main_sequence(mass2, np.minimum(age * lifetime(mass1) / lifetime(mass2), 1.0))
    giant = evolved(mass1, swollen)
    radius1, kelvin1 = (np.where(old, grown, young) for grown, young in zip(giant, one, strict=True))
    scatter = np.exp(rng.normal(0.0, 0.03, (2, n)))
    warmth = np.exp(rng.normal(0.0, 0.02, (2, n)))
    return {
        "radius1": radius1 * scatter[0],
        "radius2": two[0] * scatter[1],
        "temperature1": np.maximum(kelvin1 * warmth[0], 2500.0),
        "temperature2": np.maximum(two[1] * warmth[1], 2500.0),
    }


def fits(stars: Columns) -> NDArray[np.bool_]:
    """Whether both stars stay in their lobes at periastron, to ``FULLEST`` of the lobe's radius."""
    near = FULLEST * (1.0 - stars["eccentricity"])
    first = stars["radius1"] < near * lobe(stars["q"])
    inside: NDArray[np.bool_] = first & (stars["radius2"] < near * lobe(1.0 / stars["q"]))
    return inside


class Detached(Binary):
    """Detached binaries that eclipse, with a minimum of 0.01 mag or more in V.

    Periods are even in their logarithm from 0.5 to 30 days (85%), the rest thin out to 300 days; mass ratios are even
    from 0.1 (stars of 0.1 suns) to 1 where the stars fit; radii and temperatures follow from masses and one age. Where
    there is room, 3 in 10 heavier stars of 0.9 to 4 suns are past the main sequence: 8% of all. Star 1 is the heavier
    one.
    """

    label: ClassVar[str] = "EA"
    evolved_share: ClassVar[float] = 0.3
    shallowest: ClassVar[float] = 0.01
    """Magnitudes."""

    def parameters(self, n: int, rng: np.random.Generator) -> Columns:
        """Draw periods, then stars that fit and eclipse."""
        longer = 10.0 ** (np.log10(30.0) + rng.random(n) ** 1.5)
        period = np.where(rng.random(n) < 0.85, 10.0 ** rng.uniform(np.log10(0.5), np.log10(30.0), n), longer)
        orbit = draw_orbits(period, rng)

        def drawn(rows: Ints) -> tuple[Columns, NDArray[np.bool_]]:
            known = {"period_days": period[rows], **{name: values[rows] for name, values in orbit.items()}}
            stars = _circularised(self.stars(known, rng))
            good = fits(stars)
            stars["inclination"] = _eclipsing(stars, rng)
            return stars, good & (np.maximum(*sphere_depths(stars)) > self.shallowest)

        return redrawn(n, drawn)

    def stars(self, known: Columns, rng: np.random.Generator) -> Columns:
        """Draw stars for given orbits."""
        n = len(known["period_days"])
        mass1 = MASS.of(rng.standard_normal(n))
        lowest = np.maximum(0.1, _LIGHTEST / mass1)
        q = lowest + (1.0 - lowest) * rng.random(n)
        pair = draw_pairs(mass1, q * mass1, self.evolved_share, rng)
        axis = semi_major_axis(known["period_days"], mass1 * (1.0 + q))
        pair["radius1"] /= axis
        pair["radius2"] /= axis
        return {
            **known, **pair, "q": q, "fillout": np.full(n, np.nan), "mass1": mass1, "mass2": q * mass1,
            "semi_major_axis": axis, "third_light": draw_third_light(n, 0.15, rng),
        }  # fmt: skip


def _circularised(stars: Columns) -> Columns:
    """Tides have made the orbit round where a star is larger than ``ROUNDING``."""
    free = np.maximum(stars["radius1"], stars["radius2"]) < ROUNDING
    round_orbit = {"eccentricity": 0.0, "periastron": 90.0, "spin1": 1.0, "spin2": 1.0}
    return stars | {name: np.where(free, stars[name], value) for name, value in round_orbit.items()}


def _eclipsing(stars: Columns, rng: np.random.Generator) -> Floats:
    """Inclinations even in the cosine up to where round stars cease to eclipse each other."""
    nearest = np.minimum(*separations(stars["eccentricity"], stars["periastron"]))
    most = np.minimum((stars["radius1"] + stars["radius2"]) / nearest, 1.0)
    return np.degrees(np.arccos(most * rng.random(len(most))))
