"""Be stars: hot stars that throw out discs, brighten as these grow and fade as they drain."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from goodricke.simulate.binary.band import BANDS
from goodricke.simulate.compiled import Floats
from goodricke.simulate.kinds.chance import new_seeds, normals, uniforms
from goodricke.simulate.kinds.damped_walk import damped_walk
from goodricke.simulate.stars import Columns, Kind, Moments

__all__ = ["BeStar"]

# Outbursts before one that still count: each has drained to exp(-6) or less by then.
_BACK = 4


class BeStar(Kind):
    """Outbursts that rise in days to weeks and drain several times slower, over a slow wandering.

    The form is two exponentials (growth and draining of a disc: Haubois et al. 2012, ApJ 756, 156); red light, which
    more of the disc sends, swings more than blue. Amplitudes are those of 18 Be stars of OGLE-II in the band I: from 5
    to 95% of the points 0.18 mag (0.09 to 0.50: 16 to 84% of the stars), simulated ones 0.21 (0.12 to 0.37).
    """

    label: ClassVar[str] = "BE"

    def draw(self, n: int, rng: np.random.Generator, span: tuple[float, float]) -> Columns:
        """Draw `n` stars: ``rise_days``, ``drain_days``, ``burst_days`` apart, ``burst_mag``, ``wander_mag``."""
        drain = 10.0 ** rng.uniform(1.3, 2.4, n)
        return {
            "period_days": np.full(n, np.nan),
            "epoch": np.full(n, np.nan),
            "temperature": rng.uniform(13000.0, 28000.0, n),
            "seed": new_seeds(n, rng),
            "rise_days": drain * rng.uniform(0.05, 0.4, n),
            "drain_days": drain,
            "burst_days": drain * 10.0 ** rng.uniform(0.2, 1.0, n),
            "burst_mag": 10.0 ** rng.normal(-0.75, 0.3, n),
            "wander_mag": 10.0 ** rng.normal(-1.5, 0.3, n),
            "walk_start": np.full(n, 0.5 * (span[0] + span[1])),
        }

    def light(self, stars: Columns, moments: Moments, band: str) -> Floats:
        """Flux over that of the star between outbursts."""
        star, seed = moments.star, stars["seed"][moments.star]
        rise, drain, apart = (stars[name][star] for name in ("rise_days", "drain_days", "burst_days"))
        passed = (moments.time - stars["walk_start"][star]) / apart
        this = np.floor(passed).astype(np.int64)
        swing = np.zeros(len(passed))
        for back in range(_BACK + 1):
            since = (passed - (this - back) - uniforms(seed, 61, this - back)) * apart
            grown = -np.expm1(-np.maximum(since, 0.0) / rise) * np.exp(-np.maximum(since, 0.0) / drain)
            swing += 10.0 ** (0.25 * normals(seed, 62, this - back)) * grown
        tau = np.maximum(stars["drain_days"], 30.0)
        slow = damped_walk(stars["seed"], stars["walk_start"], tau, moments, 63, nodes=30)
        redder = (BANDS[band][0] / BANDS["I"][0]) ** 0.5
        brighter = redder * (stars["burst_mag"][star] * swing + stars["wander_mag"][star] * slow)
        return np.asarray(10.0 ** (0.4 * brighter))
