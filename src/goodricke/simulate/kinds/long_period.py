"""Long-period variables: Miras, and semi-regular stars whose pulsation comes and goes."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from goodricke.simulate.compiled import Floats
from goodricke.simulate.kinds.chance import new_seeds, normals, uniforms
from goodricke.simulate.kinds.damped_walk import damped_walk
from goodricke.simulate.kinds.fourier import Template
from goodricke.simulate.kinds.pulsation import band_swing, cycles, from_magnitude, pulsation
from goodricke.simulate.stars import Columns, Kind, Moments

__all__ = ["Mira", "SemiRegular"]

# The ratio of ranges in R and B of 103 stars of EROS-1, 0.64, means 0.6 for I and V.
_TINT = (0.6, 0.0)

MIRA = Template(
    log_period=(1.933, 1.971, 2.062, 2.183, 2.312, 2.432, 2.556, 2.666, 2.71),
    nodes=(2.3, 2.5, 2.65),
    log_amplitude=(0.38, 0.52, 0.448),
    amplitude_spread=(-0.365, -0.296, -0.203, -0.086, -0.001, 0.092, 0.216, 0.272, 0.304),
    mean=(
        (0.025, 0.004, 0.003, -0.055, -0.003, -0.001),
        (-0.174, 0.043, 0.001, -0.049, 0.018, -0.016),
        (-0.054, 0.08, -0.001, 0.008, 0.034, -0.031),
    ),
    per_amplitude=(0.047, -0.04, -0.0, -0.074, -0.005, -0.004),
    loadings=((-0.146, 0.007, 0.003, -0.012, 0.027, -0.004), (0.009, -0.022, 0.007, -0.096, 0.008, 0.002)),
)
"""818 stars of ASAS-3; shapes of 780."""


class Mira(Kind):
    """Miras: large swings whose size, level and clock change from cycle to cycle.

    How much they change is the scatter of 1,839 cycles of 389 stars of CRTS about their mean curve: 14% of the range,
    0.18 mag of level, 0.023 cycles. The epoch is the maximum of the mean curve; the cycle's own may be some hundredths
    of a period from it.
    """

    label: ClassVar[str] = "LPV"

    def draw(self, n: int, rng: np.random.Generator, span: tuple[float, float]) -> Columns:
        """Draw `n` stars; ``wander_size`` (relative), ``wander_mag`` and ``wander_cycles`` of the cycles."""
        return MIRA.draw(n, rng) | {
            "epoch": rng.uniform(*span, n),
            "temperature": np.clip(rng.normal(3000.0, 200.0, n), 2500.0, 3500.0),
            "seed": new_seeds(n, rng),
            "long_period_type": np.full(n, "mira"),
            "wander_size": 0.12 * 10.0 ** np.clip(rng.normal(0.0, 0.15, n), -0.3, 0.3),
            "wander_mag": 0.15 * 10.0 ** np.clip(rng.normal(0.0, 0.2, n), -0.4, 0.4),
            "wander_cycles": np.full(n, 0.03),
        }

    def light(self, stars: Columns, moments: Moments, band: str) -> Floats:
        """Flux of the stars; 1 at their mean magnitude."""
        star, seed, period = moments.star, stars["seed"], stars["period_days"]
        size, level, clock = (
            np.clip(damped_walk(seed, stars["epoch"], tau * period, moments, place, nodes=20), -3.0, 3.0)
            for place, tau in enumerate((2.0, 2.0, 5.0))
        )
        start = np.clip(normals(seed, 2, 0), -3.0, 3.0)[star]
        phase = cycles(stars, moments) + stars["wander_cycles"][star] * (clock - start)
        mag = pulsation(MIRA.series(stars), stars, moments, band, _TINT, phase)
        swing = band_swing(stars["temperature"], band, _TINT[0])
        mag = mag * (1.0 + stars["wander_size"][star] * size)
        return from_magnitude(mag + (swing * stars["wander_mag"])[star] * level)


class SemiRegular(Kind):
    """Red giants with two or three pulsations that are driven by chance: each swells, dies and loses its clock.

    Periods and ranges are those of the 485 long-period variables of CRTS that vary by 0.3 to 1.5 mag. A pulsation is a
    damped oscillator: its amplitude and phase walk with a memory of some periods. At the epoch the first is brightest.
    """

    label: ClassVar[str] = "LPV"

    def draw(self, n: int, rng: np.random.Generator, span: tuple[float, float]) -> Columns:
        """Draw `n` stars; ``second_...`` and ``long_...``: period and part of the range; ``memory_cycles`` of all."""
        period = 10.0 ** np.interp(rng.random(n), (0.0, 0.05, 0.5, 0.95, 1.0), (1.5, 2.0, 2.35, 2.66, 2.85))
        return {
            "period_days": period,
            "epoch": rng.uniform(*span, n),
            "temperature": np.clip(rng.normal(3400.0, 200.0, n), 2900.0, 4000.0),
            "amplitude_mag": np.clip(10.0 ** rng.normal(-0.2, 0.23, n), 0.1, 2.0),
            "seed": new_seeds(n, rng),
            "long_period_type": np.full(n, "semi_regular"),
            "memory_cycles": 10.0 ** rng.uniform(0.3, 1.2, n),
            "second_days": period * rng.uniform(0.48, 0.62, n),
            "second_share": rng.uniform(0.1, 0.8, n),
            "long_days": period * rng.uniform(5.0, 11.0, n),
            "long_share": np.where(rng.random(n) < 0.35, rng.uniform(0.2, 0.8, n), 0.0),
        }

    def light(self, stars: Columns, moments: Moments, band: str) -> Floats:
        """Flux of the stars; 1 at their mean magnitude."""
        star = moments.star
        half = 0.5 * stars["amplitude_mag"] * band_swing(stars["temperature"], band, _TINT[0])
        mag = -_oscillation(stars, moments, stars["period_days"], 0)
        for place, mode in ((2, "second"), (4, "long")):
            mag -= stars[f"{mode}_share"][star] * _oscillation(stars, moments, stars[f"{mode}_days"], place)
        return from_magnitude(half[star] * mag)


def _oscillation(stars: Columns, moments: Moments, period: Floats, place: int) -> Floats:
    """Oscillators (M,) of usual size 1: a steady part and one that walks. Place 0 is brightest at the epoch."""
    star, seed, origin = moments.star, stars["seed"], stars["epoch"]
    tau = stars["memory_cycles"] * period
    real, imaginary = (
        0.5 * np.clip(damped_walk(seed, origin, tau, moments, 10 + place + side, nodes=30), -3.0, 3.0)
        for side in (0, 1)
    )
    start = [0.5 * np.clip(normals(seed, 10 + place + side, 0), -3.0, 3.0) for side in (0, 1)]
    turn = -np.arctan2(start[1], 0.7 + start[0]) if place == 0 else 2.0 * np.pi * uniforms(seed, 30 + place)
    angle = 2.0 * np.pi * (moments.time - origin[star]) / period[star] + turn[star]
    return np.asarray((0.7 + real) * np.cos(angle) - imaginary * np.sin(angle))
