"""Quasars: light that wanders."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from goodricke.simulate.binary.band import BANDS
from goodricke.simulate.compiled import Floats
from goodricke.simulate.kinds.chance import new_seeds
from goodricke.simulate.kinds.damped_walk import damped_walk
from goodricke.simulate.stars import Columns, Kind, Moments

__all__ = ["Quasar"]


class Quasar(Kind):
    """Damped random walks in magnitude after MacLeod et al. 2010 (ApJ 721, 1014), eq. 7 and Table 1.

    One walk serves all bands, larger in the blue. The 30 quasars of OGLE and MACHO in our samples, found by their
    variability, swing 1.4 times as much (5 to 95% of the points: 0.45 mag, simulated ones 0.33).
    """

    label: ClassVar[str] = "AGN"

    def draw(self, n: int, rng: np.random.Generator, span: tuple[float, float]) -> Columns:
        """Draw `n` quasars: ``redshift``, ``damping_days`` as observed, ``structure_mag`` at 400 nm in their frame."""
        redshift = rng.uniform(0.2, 2.5, n)
        magnitude = np.clip(rng.normal(-25.2, 1.0, n), -29.0, -22.0)
        mass = rng.normal(8.8, 0.4, n) - 9.0
        damping = 2.4 + 0.03 * (magnitude + 23.0) + 0.21 * mass + rng.normal(0.0, 0.2, n)
        structure = -0.51 + 0.131 * (magnitude + 23.0) + 0.18 * mass + rng.normal(0.0, 0.1, n)
        return {
            "period_days": np.full(n, np.nan),
            "epoch": np.full(n, np.nan),
            "temperature": np.full(n, 12000.0),
            "seed": new_seeds(n, rng),
            "redshift": redshift,
            "damping_days": 10.0**damping * (1.0 + redshift),
            "structure_mag": 10.0**structure,
            "walk_start": np.full(n, 0.5 * (span[0] + span[1])),
        }

    def light(self, stars: Columns, moments: Moments, band: str) -> Floats:
        """Flux over that of the mean magnitude."""
        walk = damped_walk(stars["seed"], stars["walk_start"], stars["damping_days"], moments)
        rest = BANDS[band][0] / 400.0 / (1.0 + stars["redshift"])
        swing = stars["structure_mag"] * rest**-0.479 / np.sqrt(2.0)
        return np.asarray(10.0 ** (-0.4 * swing[moments.star] * walk))
