"""Semi-detached binaries: Algols, whose cooler star fills its lobe, and near-contact pairs."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from goodricke.simulate.compiled import Ints
from goodricke.simulate.populations.binaries import Binary, draw_third_light, redrawn
from goodricke.simulate.populations.columns import sphere_depths
from goodricke.simulate.populations.geometry import lobe, semi_major_axis
from goodricke.simulate.populations.main_sequence import main_sequence
from goodricke.simulate.stars import Columns

__all__ = ["SemiDetached", "sound"]


class SemiDetached(Binary):
    """Star 2 fills its lobe. Three in five are Algols, two in five near-contact pairs of about a day or less.

    Algols (like beta Persei: 2.87 d, 3.2 and 0.7 suns, Baron et al. 2012, ApJ 752, 20) have mass ratios of 0.1 to 0.5
    and a cool subgiant; near-contact pairs (Shaw 1994, Mem. SAIt 65, 95) 0.3 to 0.85 and a star 1 that all but fills
    its own lobe. All eclipse, with a minimum of 0.05 mag or more in V.
    """

    label: ClassVar[str] = "EB"
    near_share: ClassVar[float] = 0.4
    shallowest: ClassVar[float] = 0.05
    """Magnitudes."""

    def parameters(self, n: int, rng: np.random.Generator) -> Columns:
        """Draw stars that fit and eclipse."""
        near = rng.random(n) < self.near_share

        def drawn(rows: Ints) -> tuple[Columns, NDArray[np.bool_]]:
            stars = self.stars(near[rows], rng)
            # Star 2 as seen is a little larger than its sphere towards star 1, a little smaller across.
            most = np.minimum(stars["radius1"] + lobe(1.0 / stars["q"]), 1.0)
            stars["inclination"] = np.degrees(np.arccos(most * rng.random(len(rows))))
            return stars, sound(stars) & (np.maximum(*sphere_depths(stars)) > self.shallowest)

        return redrawn(n, drawn)

    def stars(self, near: NDArray[np.bool_], rng: np.random.Generator) -> Columns:
        """Draw both stars and the orbit."""
        n = len(near)
        q = np.where(near, rng.uniform(0.3, 0.85, n), 0.1 + 0.4 * rng.beta(1.4, 2.0, n))
        mass1 = np.where(near, rng.uniform(0.9, 2.4, n), np.exp(np.clip(rng.normal(0.9, 0.4, n), 0.1, 2.1)))
        radius, kelvin = main_sequence(mass1, rng.uniform(0.0, 0.9, n))
        radius = radius * np.exp(rng.normal(0.05, 0.08, n))
        # A near-contact pair's orbit follows from how far star 1 fills its lobe.
        tight = radius / (rng.uniform(0.75, 0.97, n) * lobe(q))
        total = mass1 * (1.0 + q)
        algol = 10.0 ** np.clip(rng.normal(0.42, 0.28, n), -0.2, 1.17)
        period = np.where(near, np.sqrt(tight**3 / total) / 4.2083**1.5, algol)
        axis = semi_major_axis(period, total)
        cool = np.clip(rng.normal(4900.0, 600.0, n), 3700.0, 0.85 * kelvin)
        return {
            "period_days": period, "q": q, "fillout": np.full(n, np.nan), "radius1": radius / axis,
            "radius2": np.full(n, np.inf), "temperature1": kelvin,
            "temperature2": np.where(near, kelvin * rng.uniform(0.6, 0.92, n), cool),
            "eccentricity": np.zeros(n), "periastron": np.full(n, 90.0),
            "mass1": mass1, "mass2": q * mass1, "semi_major_axis": axis,
            "third_light": draw_third_light(n, 0.15, rng),
        }  # fmt: skip


def sound(stars: Columns) -> NDArray[np.bool_]:
    """Whether star 1 stays in its lobe, and the period is above 0.25 d."""
    good: NDArray[np.bool_] = (stars["radius1"] < 0.97 * lobe(stars["q"])) & (stars["period_days"] > 0.25)
    return good
