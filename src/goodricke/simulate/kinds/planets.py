"""Stars with a planet that passes in front of them."""

from __future__ import annotations

import math
from typing import ClassVar

import numpy as np

from goodricke.simulate.compiled import Floats, Ints, kernel
from goodricke.simulate.kinds.brightness import limb_coefficients
from goodricke.simulate.kinds.exposures import averaged
from goodricke.simulate.spheres import hidden_light
from goodricke.simulate.stars import Columns, Kind, Moments

__all__ = ["Planet"]

# Earth's radius over the Sun's.
_EARTH = 0.009168


@kernel
def _transits(turns: Floats, star: Ints, axis: Floats, impact: Floats, size: Floats, a: Floats, b: Floats) -> Floats:
    """Flux (M,) at `turns` of the orbit since the middle of a transit; the rest are of the stars (N,)."""
    flux = np.ones(turns.size)
    for k in range(turns.size):
        i = star[k]
        angle = 2.0 * math.pi * (turns[k] - math.floor(turns[k]))
        ahead = math.cos(angle)
        if ahead > 0.0:
            side, up = axis[i] * math.sin(angle), impact[i] * ahead
            apart = math.sqrt(side * side + up * up)
            if apart < 1.0 + size[i]:
                flux[k] = 1.0 - hidden_light(apart, size[i], 0, a[i], b[i])
    return flux


class Planet(Kind):
    """Dark round planets on circles about stars of the main sequence, from 2 to 18 radii of the Earth.

    The label is CONST: no leaf is for planets, EA means two stars, and to most surveys of the ground a transit is below
    the noise. The truth table tells them apart by their kind.
    """

    label: ClassVar[str] = "CONST"

    def draw(self, n: int, rng: np.random.Generator, span: tuple[float, float]) -> Columns:
        """Draw `n` systems: ``radius_ratio``, ``scaled_axis`` (of the star's radius), ``impact``, ``depth``.

        The orbit's size follows from the period and the star's density (Seager & Mallen-Ornelas 2003, ApJ 585, 1038,
        eq. 9): with masses as T^1.7 and radii as mass^0.9 from the Sun's.
        """
        temperature = rng.uniform(3300.0, 6900.0, n)
        period = 10.0 ** rng.uniform(math.log10(0.5), math.log10(50.0), n)
        mass = (temperature / 5772.0) ** 1.7
        radius = mass**0.9
        size = np.clip(_EARTH * 10.0 ** rng.uniform(math.log10(2.0), math.log10(18.0), n) / radius, 0.01, 0.25)
        impact = rng.uniform(0.0, 0.95, n)
        a, b = limb_coefficients(temperature, "V")
        axis = np.maximum(4.2064 * (period**2 * mass / radius**3) ** (1.0 / 3.0), 1.5)  # the Sun and a day: 4.2064
        return {
            "period_days": period,
            "epoch": rng.uniform(*span, n),
            "temperature": temperature,
            "radius_ratio": size,
            "scaled_axis": axis,
            "impact": impact,
            "depth": 1.0 - _transits(np.zeros(n), np.arange(n), axis, impact, size, a, b),
        }

    def light(self, stars: Columns, moments: Moments, band: str) -> Floats:
        """Flux over that outside the transits, averaged over the exposures."""
        star = moments.star
        a, b = limb_coefficients(stars["temperature"], band)
        axis, impact, size = stars["scaled_axis"], stars["impact"], stars["radius_ratio"]

        def at(time: Floats) -> Floats:
            turns = (time - stars["epoch"][star]) / stars["period_days"][star]
            made: Floats = _transits(turns, star, axis, impact, size, a, b)
            return made

        return averaged(at, moments, shortest=0.03)
