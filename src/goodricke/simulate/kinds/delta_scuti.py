"""Delta Scuti stars: large amplitudes in one or two modes, small ones in many."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from goodricke.simulate.compiled import Floats
from goodricke.simulate.kinds.chance import new_seeds, normals, uniforms
from goodricke.simulate.kinds.fourier import Template
from goodricke.simulate.kinds.pulsation import band_swing, cycles, from_magnitude, two_modes
from goodricke.simulate.stars import Columns, Kind, Moments

__all__ = ["DeltaScuti"]

_TINT = (0.6, 0.0)
_MOST_MODES = 12

HIGH_AMPLITUDE = Template(
    log_period=(-1.118, -1.04, -0.994, -0.911, -0.86, -0.799, -0.723, -0.66, -0.657),
    nodes=(-1.05, -0.85, -0.7),
    log_amplitude=(-0.574, -0.446, -0.52),
    amplitude_spread=(-0.418, -0.318, -0.214, -0.088, 0.006, 0.102, 0.21, 0.288, 0.366),
    mean=(
        (-0.156, -0.005, 0.025, -0.024, -0.214, 0.081, -0.013, -0.012),
        (-0.06, -0.043, 0.028, -0.014, -0.193, 0.081, -0.009, -0.004),
        (0.014, -0.027, -0.017, -0.012, -0.125, 0.012, 0.008, -0.007),
    ),
    per_amplitude=(-0.432, -0.143, 0.139, -0.05, -0.486, 0.284, -0.033, -0.062),
    loadings=(
        (-0.122, -0.024, 0.023, -0.005, -0.081, 0.041, -0.012, -0.013),
        (-0.033, 0.021, -0.006, 0.001, 0.039, -0.008, -0.011, 0.004),
    ),
)
"""119 stars of CRTS; shapes of 114."""


class DeltaScuti(Kind):
    """High-amplitude stars as CRTS finds them, double-mode ones, and stars with many small modes.

    The epoch is the maximum of the strongest mode; the second mode of a double one is brightest then too.
    """

    label: ClassVar[str] = "DSCT"

    def draw(self, n: int, rng: np.random.Generator, span: tuple[float, float]) -> Columns:
        """Draw `n` stars; ``amplitude_mag`` is the range in V of the strongest mode, ``modes`` how many there are."""
        kind = rng.choice(["high", "double", "many"], n, p=[0.55, 0.10, 0.35])
        many = kind == "many"
        drawn = HIGH_AMPLITUDE.draw(n, rng)
        period = np.where(many, 10.0 ** rng.uniform(-1.6, -0.75, n), drawn["period_days"])
        small = 10.0 ** np.clip(rng.normal(-1.8, 0.4, n), -2.7, -1.0)
        modes = np.select([kind == "high", kind == "double"], [1, 2], rng.integers(3, _MOST_MODES + 1, n))
        return drawn | {
            "period_days": period,
            "amplitude_mag": np.where(many, small, drawn["amplitude_mag"]),
            "epoch": rng.uniform(*span, n),
            "temperature": np.clip(rng.normal(7500.0, 350.0, n), 6700.0, 8600.0),
            "seed": new_seeds(n, rng),
            "modes": modes.astype(np.int64),
            # First overtone over fundamental mode: 0.77 to 0.78 (Petersen & Christensen-Dalsgaard 1996, A&A 312, 463).
            "overtone_days": np.where(kind == "double", period * rng.normal(0.774, 0.003, n), np.inf),
            "overtone_share": np.where(kind == "double", rng.uniform(0.1, 0.6, n), 0.0),
        }

    def light(self, stars: Columns, moments: Moments, band: str) -> Floats:
        """Flux of the stars; 1 at their mean magnitude."""
        mag = two_modes(HIGH_AMPLITUDE.series(stars), stars, moments, band, _TINT, "overtone")
        return from_magnitude(mag + _other_modes(stars, moments, band, cycles(stars, moments)))


def _other_modes(stars: Columns, moments: Moments, band: str, phase: Floats) -> Floats:
    """Magnitudes (M,) of the modes after the strongest of stars with many: sines of 4 to 80 a day, ever smaller."""
    made = np.zeros(len(phase))
    many = stars["modes"] > 2
    seen = many[moments.star]
    if not seen.any():
        return made
    star, seed = moments.star[seen], stars["seed"]
    half = 0.5 * stars["amplitude_mag"] * band_swing(stars["temperature"], band, _TINT[0])
    for k in range(1, _MOST_MODES):
        rate = np.clip(1.0 + 0.35 * normals(seed, 1, k), 0.4, 2.0)
        size = np.where(stars["modes"] > k, half * k**-0.5 * (0.2 + 0.6 * uniforms(seed, 2, k)), 0.0)
        size *= np.sinc(rate * moments.exposure / stars["period_days"])
        made[seen] += size[star] * np.cos(2.0 * np.pi * (rate[star] * phase[seen] + uniforms(seed, 3, k)[star]))
    return made
