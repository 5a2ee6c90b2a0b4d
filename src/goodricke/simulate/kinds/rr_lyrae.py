"""RR Lyrae stars: fundamental mode (ab), first overtone (c), both (d)."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from goodricke.simulate.compiled import Floats
from goodricke.simulate.kinds.fourier import Template
from goodricke.simulate.kinds.pulsation import cycles, from_magnitude, pulsation, two_modes
from goodricke.simulate.stars import Columns, Kind, Moments

__all__ = ["RRab", "RRc", "RRd"]

# Range in I over V: Di Criscienzo et al. 2011 (AJ 141, 81) find V / I = 1.58.
_TINT = (0.63, 0.0)

AB = Template(
    log_period=(-0.387, -0.344, -0.303, -0.251, -0.217, -0.197, -0.159, -0.111, -0.091),
    nodes=(-0.37, -0.27, -0.17),
    log_amplitude=(-0.034, -0.159, -0.406),
    amplitude_spread=(-0.524, -0.355, -0.183, -0.057, 0.009, 0.076, 0.172, 0.279, 0.339),
    mean=(
        (-0.296, -0.041, 0.12, -0.062, -0.015, 0.027, -0.004, -0.297, 0.233, -0.047, -0.043, 0.048, 0.0, -0.011),
        (-0.291, -0.078, 0.121, -0.025, -0.017, 0.01, -0.003, -0.311, 0.228, -0.004, -0.06, 0.019, -0.003, -0.002),
        (-0.134, -0.159, 0.026, 0.025, 0.0, -0.006, 0.001, -0.356, 0.077, 0.073, -0.0, -0.014, -0.004, 0.008),
    ),
    per_amplitude=(
        -0.332,
        -0.122,
        0.317,
        -0.051,
        -0.062,
        0.029,
        0.011,
        -0.246,
        0.415,
        -0.021,
        -0.175,
        0.067,
        0.034,
        -0.017,
    ),
    loadings=(
        (-0.06, 0.039, 0.04, -0.035, -0.0, 0.012, -0.004, 0.017, 0.068, -0.044, -0.017, 0.022, -0.002, -0.006),
        (0.013, 0.062, -0.041, -0.009, 0.016, -0.002, -0.003, 0.058, -0.034, -0.037, 0.032, -0.002, -0.007, 0.003),
        (0.042, -0.006, 0.018, -0.023, -0.003, 0.011, -0.003, 0.003, -0.004, -0.015, -0.013, 0.018, -0.004, -0.004),
    ),
)
"""1305 stars of CRTS; shapes of 735."""
C = Template(
    log_period=(-0.622, -0.586, -0.557, -0.514, -0.49, -0.466, -0.425, -0.392, -0.374),
    nodes=(-0.6, -0.48, -0.38),
    log_amplitude=(-0.431, -0.408, -0.413),
    amplitude_spread=(-0.407, -0.276, -0.115, -0.023, 0.01, 0.046, 0.1, 0.16, 0.21),
    mean=(
        (-0.011, -0.055, 0.006, 0.029, -0.171, 0.021, 0.044, -0.015),
        (0.001, -0.059, -0.016, 0.012, -0.125, -0.019, 0.026, 0.006),
        (0.019, -0.055, -0.019, 0.008, -0.112, -0.018, 0.01, 0.013),
    ),
    per_amplitude=(-0.176, -0.078, 0.062, 0.081, -0.419, 0.144, 0.085, -0.037),
    loadings=(
        (-0.025, -0.011, 0.015, 0.004, -0.042, 0.029, 0.009, -0.01),
        (-0.034, 0.007, 0.005, -0.007, 0.021, 0.004, -0.009, -0.003),
        (-0.011, -0.028, -0.01, 0.003, 0.002, -0.012, 0.006, 0.008),
    ),
)
"""2135 stars of CRTS; shapes of 1733."""


class RRab(Kind):
    """RR Lyrae stars in the fundamental mode, some with the Blazhko effect."""

    label: ClassVar[str] = "RRAB"
    blazhko_share: ClassVar[float] = 0.4
    """About that of the best observed stars; CRTS marks 5% of its own."""

    def draw(self, n: int, rng: np.random.Generator, span: tuple[float, float]) -> Columns:
        """Draw `n` stars; ``blazhko_...``: period, part of the range and cycles by which the curve is modulated."""
        drawn = AB.draw(n, rng)
        has = rng.random(n) < self.blazhko_share
        size = np.clip(10.0 ** rng.normal(-1.0, 0.3, n), 0.01, 0.45)
        return drawn | {
            "epoch": rng.uniform(*span, n),
            "temperature": np.clip(rng.normal(6500.0, 200.0, n), 5900.0, 7200.0),
            "period_change": rng.normal(0.0, 2e-10, n),
            "blazhko_days": np.where(has, 10.0 ** rng.uniform(1.2, 2.3, n), np.inf),
            "blazhko_size": np.where(has, size, 0.0),
            "blazhko_cycles": np.where(has, 0.15 * size * rng.random(n), 0.0),
            "blazhko_phase": rng.random(n),
        }

    def light(self, stars: Columns, moments: Moments, band: str) -> Floats:
        """Flux of the stars; 1 at their mean magnitude."""
        star = moments.star
        start = 2.0 * np.pi * stars["blazhko_phase"][star]
        turn = start + 2.0 * np.pi * (moments.time - stars["epoch"][star]) / stars["blazhko_days"][star]
        phase = cycles(stars, moments) + stars["blazhko_cycles"][star] * (np.sin(turn) - np.sin(start))
        mag = pulsation(AB.series(stars), stars, moments, band, _TINT, phase)
        return from_magnitude(mag * (1.0 + stars["blazhko_size"][star] * np.cos(turn)))


class RRc(Kind):
    """RR Lyrae stars in the first overtone."""

    label: ClassVar[str] = "RRC"

    def draw(self, n: int, rng: np.random.Generator, span: tuple[float, float]) -> Columns:
        """Draw `n` stars."""
        return C.draw(n, rng) | {
            "epoch": rng.uniform(*span, n),
            "temperature": np.clip(rng.normal(7000.0, 150.0, n), 6500.0, 7500.0),
            "period_change": rng.normal(0.0, 2e-10, n),
        }

    def light(self, stars: Columns, moments: Moments, band: str) -> Floats:
        """Flux of the stars; 1 at their mean magnitude."""
        phase = cycles(stars, moments)
        return from_magnitude(pulsation(C.series(stars), stars, moments, band, _TINT, phase))


class RRd(Kind):
    """RR Lyrae stars in both modes; their period is that of the first overtone, which is the stronger one.

    Periods and sizes of the modes are those of 178 stars of CRTS, ratios of periods those of the 87 surest. Both modes
    are brightest at the epoch.
    """

    label: ClassVar[str] = "RRD"

    def draw(self, n: int, rng: np.random.Generator, span: tuple[float, float]) -> Columns:
        """Draw `n` stars; ``fundamental_days`` of the second mode and ``fundamental_share`` of its range."""
        stars = RRc().draw(n, rng, span)
        levels = (0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 1.0)
        period = np.interp(rng.random(n), levels, (0.280, 0.320, 0.353, 0.370, 0.399, 0.424, 0.455))
        # Longer periods have larger ratios (Petersen 1973, A&A 27, 89).
        ratio = 0.7448 + 0.022 * np.log10(period / 0.37) + rng.normal(0.0, 0.0004, n)
        return stars | {
            "period_days": period,
            "amplitude_mag": 0.36 * 10.0 ** np.clip(rng.normal(0.0, 0.05, n), -0.12, 0.12),
            "fundamental_days": period / np.clip(ratio, 0.742, 0.748),
            "fundamental_share": np.clip(rng.normal(0.48, 0.20, n), 0.15, 0.95),
        }

    def light(self, stars: Columns, moments: Moments, band: str) -> Floats:
        """Flux of the stars; 1 at their mean magnitude."""
        return from_magnitude(two_modes(C.series(stars), stars, moments, band, _TINT, "fundamental"))
