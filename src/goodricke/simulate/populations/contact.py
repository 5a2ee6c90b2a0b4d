"""Contact binaries (W Ursae Majoris stars) as the literature has them, and conditioned on the kind of their eclipse.

Quantiles and rank correlations are those of the 688 systems of WUMaCat (Latkovic, Ceki & Lazarevic 2021, ApJS 254, 10),
measured by us; correlations that the catalogue was not asked for are set from its medians of A and W types and from its
relation of temperature and period.
"""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from goodricke.simulate.compiled import Floats, Ints
from goodricke.simulate.populations.binaries import Binary, draw_third_light, redrawn
from goodricke.simulate.populations.geometry import semi_major_axis
from goodricke.simulate.populations.joint import Quantiles, joint_normals
from goodricke.simulate.stars import Columns

__all__ = ["Contact", "ContactPartial", "ContactTotal", "eclipse_limit", "total_limit"]

_P = (0.05, 0.16, 0.25, 0.50, 0.75, 0.84, 0.95)


def _quantiles(least: float, greatest: float, *values: float) -> Quantiles:
    return Quantiles(dict(zip(_P, values, strict=True)), least, greatest)


MARGINALS = {
    "q": _quantiles(0.045, 0.99, 0.106, 0.186, 0.250, 0.387, 0.551, 0.749, 0.893),
    "fillout": _quantiles(0.0, 1.0, 0.013, 0.081, 0.113, 0.205, 0.427, 0.549, 0.801),
    "period_days": _quantiles(0.2, 1.6, 0.222, 0.265, 0.284, 0.352, 0.427, 0.481, 0.718),
    "temperature1": _quantiles(3500.0, 9500.0, 4404.0, 4808.0, 5072.0, 5750.0, 6340.0, 6606.0, 7194.0),
    "ratio": _quantiles(0.6, 1.25, 0.867, 0.950, 0.970, 1.000, 1.038, 1.054, 1.091),
    "mass1": _quantiles(0.4, 4.0, 0.67, 0.81, 0.92, 1.16, 1.49, 1.68, 2.31),
}
"""What is drawn jointly; ``ratio`` is that of the temperatures, star 2 over star 1."""

PUBLISHED_INCLINATION = _quantiles(30.0, 90.0, 53.2, 65.0, 69.8, 78.3, 82.9, 84.9, 89.0)
"""Of published solutions: edge-on systems are chosen for study."""

RANKS = np.array(
    [
        [1.00, -0.54, -0.35, -0.32, 0.12, -0.20],
        [-0.54, 1.00, 0.32, 0.27, -0.20, 0.15],
        [-0.35, 0.32, 1.00, 0.84, -0.32, 0.58],
        [-0.32, 0.27, 0.84, 1.00, -0.45, 0.58],
        [0.12, -0.20, -0.32, -0.45, 1.00, -0.25],
        [-0.20, 0.15, 0.58, 0.58, -0.25, 1.00],
    ]
)
"""Spearman's correlations in the order of ``MARGINALS``."""


def total_limit(q: Floats, fillout: Floats) -> Floats:
    """Inclination (degrees) above which the smaller star is wholly hidden, for 0.04 <= q < 1.

    Fitted to ``eclipse_labels``, within 0.05 degrees of it.

    Examples
    --------
    >>> total_limit(np.array([0.25]), np.array([0.2])).round(1)
    array([77.3])
    """
    s = np.sqrt(q)
    shape = 0.69560 + s * (-1.48349 + s * (2.06701 + s * (-1.70439 + s * 0.60683)))
    shape += fillout * (0.00225 + s * (-0.03273 + s * (0.03894 - s * 0.02140)) - 0.00602 * fillout)
    return np.asarray(np.degrees(np.arccos((1.0 - q) * shape)))


def eclipse_limit(q: Floats, fillout: Floats) -> Floats:
    """Inclination (degrees) above which the stars hide some of each other; fitted to ``eclipse_labels`` within 2."""
    x = np.log10(q)
    return np.asarray(37.15 + x * (2.06 - x * (2.37 + 1.06 * x)) + fillout * (13.42 - 3.72 * fillout + 4.96 * x))


def visible_limit(q: Floats, fillout: Floats) -> Floats:
    """Inclination (degrees) above which stars of one temperature vary by 0.05 mag in V; fitted within 2."""
    x = np.log10(q)
    return np.asarray(27.41 + x * (0.52 + x * (6.77 - 2.53 * x)) + fillout * (-13.81 + 6.72 * fillout + 1.62 * x))


def _even_ratio(q: Floats, fillout: Floats, inclination: Floats) -> Floats:
    """Ratio of temperatures at which both minima are of one depth; fitted to light curves, scatter 0.008."""
    x, c = np.log10(q), np.cos(np.radians(inclination))
    return np.asarray(
        1.0087 + x * (-0.0714 - 0.0205 * x + 0.1245 * c) + c * (-0.2172 + c * (0.7296 - 0.639 * c))
        + fillout * (0.0129 - 0.0295 * x - 0.0016 * c)
    )  # fmt: skip


class Contact(Binary):
    """Contact binaries with orbits any way in space that vary by 0.05 mag or more; or those of published solutions.

    Star 1 is the more massive one, so q is below 1: A types have star 2 cooler, W types hotter.
    """

    label: ClassVar[str] = "EW"
    spotted_share: ClassVar[float] = 0.5
    hot_spots: ClassVar[float] = 0.2
    orbits: ClassVar[Literal["sky", "published"]] = "sky"
    """``sky``: even in the cosine of the inclination; ``published``: as in the catalogue."""

    def parameters(self, n: int, rng: np.random.Generator) -> Columns:
        """Draw the envelope and the orbit."""
        stars = self.envelopes(n, rng)
        return {**stars, "inclination": self.inclinations(stars, rng)}

    def envelopes(self, n: int, rng: np.random.Generator) -> Columns:
        """Draw all but the inclination."""
        normals = joint_normals(RANKS, n, rng)
        drawn = {name: law.of(z) for (name, law), z in zip(MARGINALS.items(), normals, strict=True)}
        mass2 = drawn["q"] * drawn["mass1"]
        ratio = drawn.pop("ratio")
        return {
            **drawn,
            "temperature2": np.maximum(drawn["temperature1"] * ratio, 3000.0),
            "mass2": mass2,
            "semi_major_axis": semi_major_axis(drawn["period_days"], drawn["mass1"] + mass2),
            "radius1": np.full(n, np.inf),
            "radius2": np.full(n, np.inf),
            "eccentricity": np.zeros(n),
            "periastron": np.full(n, 90.0),
            "third_light": draw_third_light(n, 0.15, rng),
        }

    def inclinations(self, stars: Columns, rng: np.random.Generator) -> Floats:
        """Draw the inclinations (degrees) of envelopes."""
        n = len(stars["q"])
        if self.orbits == "published":
            return PUBLISHED_INCLINATION.of(rng.standard_normal(n))
        return _even_cosine(visible_limit(stars["q"], stars["fillout"]), np.full(n, 90.0), rng)

    def first_deeper(self, stars: Columns) -> NDArray[np.bool_]:
        """Whether the minimum at star 1's superior conjunction is the deeper one."""
        ratio = stars["temperature2"] / stars["temperature1"]
        deeper: NDArray[np.bool_] = ratio <= _even_ratio(stars["q"], stars["fillout"], stars["inclination"])
        return deeper


def _even_cosine(low: Floats, high: Floats, rng: np.random.Generator) -> Floats:
    """Inclinations between two limits (degrees), even in the cosine."""
    least, most = np.cos(np.radians(high)), np.cos(np.radians(low))
    return np.degrees(np.arccos(least + (most - least) * rng.random(len(low))))


class _Conditioned(Contact):
    """Half of the stars as on the sky, half within five degrees of the limit between total and partial.

    Near the limit, total and partial systems are drawn from the same envelopes, so that nothing but the eclipse tells
    them apart. A sliver of 0.05 degrees at the limit, the error of its formula, is left out.
    """

    side: ClassVar[int]
    """+1: above the limit; -1: below."""
    near: ClassVar[float] = 5.0
    """Degrees."""
    sliver: ClassVar[float] = 0.05

    def parameters(self, n: int, rng: np.random.Generator) -> Columns:
        """Draw envelopes and orbits until the eclipse is of the wanted kind."""
        close = rng.random(n) < 0.5

        def drawn(rows: Ints) -> tuple[Columns, NDArray[np.bool_]]:
            stars = self.envelopes(len(rows), rng)
            limit = total_limit(stars["q"], stars["fillout"])
            room = np.minimum(90.0 - limit, self.near)
            away = self.inclinations(stars, rng)
            beside = limit + self.side * rng.uniform(0.0, np.where(self.side > 0, room, self.near), len(rows))
            inclination = np.where(close[rows], beside, away)
            good = self.side * (inclination - limit) > self.sliver
            # Narrow room above the limit makes an envelope rare there, and so below.
            good &= ~close[rows] | (rng.random(len(rows)) * self.near < room)
            return {**stars, "inclination": inclination}, good

        return redrawn(n, drawn)


class ContactTotal(_Conditioned):
    """Contact binaries in which the smaller star is wholly hidden, half of them within five degrees of the limit."""

    side: ClassVar[int] = 1


class ContactPartial(_Conditioned):
    """Contact binaries that are never wholly hidden, half of them within five degrees of the limit."""

    side: ClassVar[int] = -1
