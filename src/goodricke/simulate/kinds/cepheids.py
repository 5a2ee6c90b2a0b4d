"""Cepheids: classical ones, anomalous ones, and those of type II."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from goodricke.simulate.compiled import Floats
from goodricke.simulate.kinds.chance import new_seeds
from goodricke.simulate.kinds.damped_walk import damped_walk
from goodricke.simulate.kinds.families import Family
from goodricke.simulate.kinds.fourier import Template
from goodricke.simulate.kinds.pulsation import band_swing, cycles, from_magnitude, pulsation, two_modes
from goodricke.simulate.stars import Columns, Kind, Moments

__all__ = ["AnomalousCepheid", "Cepheid", "Type2Cepheid"]

# Median of 718 stars of OGLE-IV: range in I over that in V, and cycles by which I is behind.
_TINT = (0.59, 0.033)

FUNDAMENTAL = Template(
    log_period=(0.112, 0.235, 0.411, 0.493, 0.576, 0.681, 0.918, 1.234, 1.418),
    nodes=(0.2, 0.45, 0.7, 0.85, 0.95, 1.05, 1.25),
    log_amplitude=(-0.092, -0.13, -0.167, -0.253, -0.274, -0.218, 0.051),
    amplitude_spread=(-0.792, -0.447, -0.203, -0.039, 0.033, 0.093, 0.162, 0.213, 0.242),
    mean=(
        (-0.325, -0.048, 0.126, -0.071, 0.007, 0.019, -0.314, 0.244, -0.059, -0.036, 0.048, -0.02),
        (-0.235, -0.119, 0.11, -0.025, -0.016, 0.016, -0.357, 0.187, 0.006, -0.051, 0.025, -0.0),
        (-0.12, -0.144, 0.05, 0.014, -0.01, 0.001, -0.378, 0.075, 0.054, -0.023, -0.001, 0.003),
        (0.058, -0.082, -0.005, -0.01, 0.001, 0.009, -0.314, 0.02, -0.013, -0.001, 0.011, -0.005),
        (0.144, -0.144, 0.054, -0.004, -0.012, 0.004, -0.201, -0.061, 0.007, 0.009, 0.002, 0.003),
        (-0.028, 0.13, 0.025, -0.044, 0.004, 0.004, 0.021, 0.062, -0.082, -0.011, 0.018, -0.004),
        (-0.063, -0.103, 0.14, -0.001, -0.064, 0.01, -0.305, 0.144, 0.029, -0.098, 0.011, 0.036),
    ),
    per_amplitude=(-0.117, -0.26, 0.211, -0.007, -0.07, 0.047, -0.357, 0.218, 0.086, -0.133, 0.046, 0.02),
    loadings=(
        (-0.015, -0.009, 0.014, -0.001, -0.004, 0.002, -0.014, 0.019, 0.004, -0.01, 0.003, 0.001),
        (0.009, -0.018, -0.007, 0.007, 0.002, -0.004, -0.019, -0.007, 0.009, 0.005, -0.005, -0.001),
        (0.007, -0.006, 0.006, 0.005, -0.006, 0.001, 0.01, -0.001, 0.007, -0.007, -0.002, 0.004),
    ),
)
"""829 stars of OGLE-IV in the Large Magellanic Cloud, in V; shapes of 752."""
OVERTONE = Template(
    log_period=(-0.448, -0.247, -0.052, 0.234, 0.306, 0.375, 0.534, 0.676, 0.732),
    nodes=(-0.2, 0.1, 0.3, 0.45, 0.6),
    log_amplitude=(-0.636, -0.484, -0.458, -0.475, -0.624),
    amplitude_spread=(-0.736, -0.49, -0.219, -0.032, 0.036, 0.095, 0.144, 0.248, 0.39),
    mean=(
        (-0.187, 0.08, 0.024, -0.01, 0.034, 0.082, -0.033, -0.006),
        (-0.121, -0.015, 0.002, 0.003, -0.149, 0.034, 0.002, 0.001),
        (-0.025, -0.017, -0.005, 0.001, -0.136, -0.004, 0.003, 0.002),
        (-0.021, 0.018, -0.012, -0.005, -0.011, -0.022, -0.009, 0.004),
        (-0.106, 0.019, 0.011, -0.0, -0.077, 0.036, -0.006, -0.005),
    ),
    per_amplitude=(-0.1, -0.017, -0.001, -0.002, -0.173, 0.034, -0.008, 0.003),
    loadings=(
        (-0.006, 0.013, -0.003, -0.0, 0.024, -0.007, -0.002, 0.0),
        (0.021, -0.003, -0.002, -0.0, 0.005, -0.008, 0.001, 0.001),
        (-0.004, -0.005, -0.004, 0.003, -0.0, -0.006, 0.005, 0.001),
    ),
)
"""405 stars of OGLE-IV in the Large Magellanic Cloud, in V; shapes of 365."""
ANOMALOUS = Template(
    log_period=(-0.149, -0.137, -0.108, -0.087, -0.068, 0.008, 0.175, 0.271, 0.288),
    nodes=(-0.12, 0.0, 0.2),
    log_amplitude=(-0.357, -0.167, -0.024),
    amplitude_spread=(-0.276, -0.258, -0.165, -0.073, 0.008, 0.063, 0.168, 0.23, 0.249),
    mean=(
        (-0.052, -0.231, -0.044, 0.034, 0.041, -0.426, -0.019, 0.103, 0.032, -0.024),
        (-0.161, -0.068, 0.104, -0.036, -0.013, -0.312, 0.16, -0.031, -0.031, 0.044),
        (-0.175, -0.192, 0.095, 0.013, -0.024, -0.453, 0.142, 0.075, -0.052, 0.005),
    ),
    per_amplitude=(-0.361, -0.093, 0.367, -0.022, -0.157, -0.126, 0.43, 0.041, -0.258, 0.05),
    loadings=(
        (-0.066, 0.013, 0.041, -0.01, -0.01, 0.016, 0.073, -0.012, -0.018, 0.007),
        (0.005, -0.055, 0.015, 0.025, -0.011, -0.036, 0.017, 0.026, -0.016, -0.006),
        (0.038, -0.006, 0.019, -0.006, -0.009, 0.016, 0.011, -0.023, -0.018, 0.002),
    ),
)
"""115 stars of CRTS; shapes of 111."""
BL_HER = Template(
    log_period=(-0.033, -0.022, 0.025, 0.083, 0.156, 0.277, 0.464, 0.507, 0.532),
    nodes=(0.05, 0.35),
    log_amplitude=(-0.202, -0.31),
    amplitude_spread=(-0.384, -0.345, -0.199, -0.117, 0.017, 0.116, 0.211, 0.254, 0.271),
    mean=(
        (0.049, -0.016, -0.012, -0.024, -0.006, -0.094, -0.002, -0.024, 0.004, 0.009),
        (-0.016, -0.002, 0.012, 0.027, 0.008, -0.151, 0.008, 0.038, -0.011, -0.01),
    ),
    per_amplitude=(-0.13, -0.08, 0.045, -0.003, -0.01, -0.254, -0.013, 0.061, 0.056, -0.027),
    loadings=(
        (-0.101, -0.031, -0.016, -0.006, 0.002, -0.14, -0.018, -0.01, 0.008, -0.001),
        (-0.094, 0.018, 0.008, -0.004, 0.019, 0.056, 0.055, -0.006, -0.013, -0.001),
    ),
)
"""25 stars of CRTS."""
W_VIR = Template(
    log_period=(0.637, 0.642, 0.807, 0.932, 1.063, 1.169, 1.24, 1.276, 1.287),
    nodes=(0.7, 1.2),
    log_amplitude=(-0.411, -0.314),
    amplitude_spread=(-0.451, -0.445, -0.273, -0.156, -0.0, 0.159, 0.326, 0.37, 0.373),
    mean=(
        (0.125, 0.05, 0.055, 0.015, -0.099, -0.011, -0.035, -0.0),
        (0.088, 0.042, -0.002, 0.065, 0.067, 0.032, 0.007, 0.016),
    ),
    per_amplitude=(0.097, -0.34, -0.05, -0.096, -0.271, 0.001, 0.18, -0.008),
    loadings=(
        (-0.055, 0.029, -0.018, -0.005, 0.133, -0.006, -0.02, 0.026),
        (-0.083, -0.058, -0.009, 0.003, -0.02, 0.013, -0.013, -0.022),
    ),
)
"""50 stars of CRTS; shapes of 18."""
_CLASSICAL = Family(F=FUNDAMENTAL, O=OVERTONE)
_TYPE_2 = Family(BL_HER=BL_HER, W_VIR=W_VIR)


def _warmth(period: Floats, rng: np.random.Generator) -> Floats:
    """Temperatures of the instability strip: cooler for long periods."""
    usual = 6000.0 - 650.0 * np.log10(np.clip(period, 0.5, 80.0) / 3.0)
    return np.asarray(usual + rng.normal(0.0, 150.0, len(period)))


class Cepheid(Kind):
    """Classical Cepheids in the fundamental mode (F), the first overtone (1O), or two modes (F/1O, 1O/2O).

    Shares are those of OGLE-IV in the Large Magellanic Cloud. The period is that of the stronger mode, the first named.
    """

    label: ClassVar[str] = "CEP"

    def draw(self, n: int, rng: np.random.Generator, span: tuple[float, float]) -> Columns:
        """Draw `n` stars; ``cepheid_mode``; ``second_days`` and ``second_share`` (of the range) of the second mode."""
        mode = rng.choice(["F", "1O", "F/1O", "1O/2O"], n, p=[0.60, 0.32, 0.02, 0.06])
        drawn = _CLASSICAL.draw(_strong(mode), rng)
        both = np.char.find(mode, "/") > 0
        period = np.where(both, np.clip(drawn["period_days"], 0.5, 6.0), drawn["period_days"])
        # Ratios of the periods in the Large Magellanic Cloud: about 0.72 for F/1O and 0.80 for 1O/2O.
        low = 0.733 - 0.034 * np.log10(period) + rng.normal(0.0, 0.002, n)
        ratio = np.where(mode == "F/1O", low, 0.803 + rng.normal(0.0, 0.002, n))
        return drawn | {
            "period_days": period,
            "epoch": rng.uniform(*span, n),
            "temperature": _warmth(period, rng),
            "period_change": rng.normal(0.0, 1e-8, n) * period / 5.0,
            "cepheid_mode": mode,
            "second_days": np.where(both, period * ratio, np.inf),
            "second_share": np.where(both, rng.uniform(0.1, 0.6, n), 0.0),
        }

    def light(self, stars: Columns, moments: Moments, band: str) -> Floats:
        """Flux of the stars; 1 at their mean magnitude."""
        series = _CLASSICAL.series(_strong(stars["cepheid_mode"]), stars)
        return from_magnitude(two_modes(series, stars, moments, band, _TINT, "second"))


def _strong(mode: NDArray[np.str_]) -> NDArray[np.str_]:
    """Template of the stronger mode."""
    return np.where(np.char.startswith(mode, "F"), "F", "O")


class AnomalousCepheid(Kind):
    """Anomalous Cepheids: brighter than RR Lyrae stars, of 0.7 to 2 days."""

    label: ClassVar[str] = "ACEP"

    def draw(self, n: int, rng: np.random.Generator, span: tuple[float, float]) -> Columns:
        """Draw `n` stars."""
        drawn = ANOMALOUS.draw(n, rng)
        return drawn | {"epoch": rng.uniform(*span, n), "temperature": rng.normal(6600.0, 200.0, n)}

    def light(self, stars: Columns, moments: Moments, band: str) -> Floats:
        """Flux of the stars; 1 at their mean magnitude."""
        phase = cycles(stars, moments)
        return from_magnitude(pulsation(ANOMALOUS.series(stars), stars, moments, band, _TINT, phase))


class Type2Cepheid(Kind):
    """Cepheids of type II: BL Herculis, W Virginis and RV Tauri stars.

    RV Tauri stars have a deep and a shallow minimum in turn; their period has both, as in the catalogues. They are like
    the 13 stars of CRTS beyond 20 days that vary by more than 0.5 mag: most of its others vary like stretched binaries.
    The light of W Virginis and RV Tauri stars also wanders from cycle to cycle.
    """

    label: ClassVar[str] = "T2CEP"

    def draw(self, n: int, rng: np.random.Generator, span: tuple[float, float]) -> Columns:
        """Draw `n` stars; ``alternation`` of minima over half the range, ``wander`` of the range (relative)."""
        kind = rng.choice(["BL_HER", "W_VIR", "RV_TAU"], n, p=[0.40, 0.35, 0.25])
        drawn = _TYPE_2.draw(_shape(kind), rng)
        tauri = kind == "RV_TAU"
        period = np.where(tauri, 10.0 ** rng.uniform(1.32, 1.90, n), drawn["period_days"])
        amplitude = np.where(tauri, 10.0 ** np.clip(rng.normal(-0.07, 0.13, n), -0.3, 0.2), drawn["amplitude_mag"])
        return drawn | {
            "period_days": period,
            "amplitude_mag": amplitude,
            "epoch": rng.uniform(*span, n),
            "temperature": _warmth(period, rng),
            "seed": new_seeds(n, rng),
            "type2_type": kind,
            "alternation": np.where(tauri, 10.0 ** rng.uniform(-1.2, -0.15, n), 0.0),
            "wander": np.select([tauri, kind == "W_VIR"], [rng.uniform(0.05, 0.25, n), 0.08], 0.0),
        }

    def light(self, stars: Columns, moments: Moments, band: str) -> Floats:
        """Flux of the stars; 1 at their mean magnitude."""
        kind, star = stars["type2_type"], moments.star
        tauri = kind == "RV_TAU"
        phase = cycles(stars, moments)
        pulse = {**stars, "period_days": stars["period_days"] * np.where(tauri, 0.5, 1.0)}
        # The template of a W Virginis star of the same pulse, and every other minimum deeper.
        series = _TYPE_2.series(_shape(kind), pulse)
        mag = pulsation(series, pulse, moments, band, _TINT, phase * np.where(tauri, 2.0, 1.0)[star])
        low = series.lowest()[star]
        deep = 0.5 * stars["alternation"] * stars["amplitude_mag"] * band_swing(stars["temperature"], band, _TINT[0])
        mag += deep[star] * np.cos(2.0 * np.pi * (phase - 0.5 * low))
        # Stars that keep their cycle need no path of short steps.
        memory = np.where(stars["wander"] > 0.0, 3.0 * stars["period_days"], np.inf)
        walk = damped_walk(stars["seed"], stars["epoch"], memory, moments, nodes=10)
        return from_magnitude(mag * (1.0 + stars["wander"][star] * np.clip(walk, -3.0, 3.0)))


def _shape(kind: NDArray[np.str_]) -> NDArray[np.str_]:
    """Template of a type: an RV Tauri star's is that of a W Virginis star."""
    return np.where(kind == "BL_HER", "BL_HER", "W_VIR")
