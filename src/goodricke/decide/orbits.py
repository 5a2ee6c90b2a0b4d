"""What velocities the companions of a population have: draws of orbits with a fixed seed."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from goodricke.errors import OptionError

__all__ = ["OrbitPrior", "Orbits", "drawn_orbits"]

Floats = NDArray[np.float64]

AMPLITUDE_KM_S = 212.91
"""(2 pi G Msun / d)^(1/3): K1 + K2 of two half suns on a circle of one day seen edge on."""

_PHASES = 256
_SOUGHT = (0.3, 3000.0)  # days: periods whose velocities can be seen at all get half of the draws
# Light of the companion over that of the primary in V for a dwarf of 5800 K (mean dwarfs of Pecaut & Mamajek 2013).
_LIGHT_Q = np.array([0.0, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0])
_LIGHT = np.array([0.0, 0.002, 0.009, 0.03, 0.11, 0.28, 0.54, 1.0])


@dataclass(frozen=True)
class OrbitPrior:
    """The binaries of a population of dwarfs like the Sun.

    Parameters
    ----------
    log_period_mean, log_period_sd : float
        Of log10 of the period in days: normal (Raghavan et al. 2010, fig. 13).
    period_low, period_high : float
        Days; no binary lies outside.
    q_low, q_high : float
        The mass ratio is even between them.
    circular_below : float
        Days; shorter orbits are circles (tides), longer ones have an eccentricity that is even up to what leaves room
        for the stars, at most `eccentricity_high` (Moe & Di Stefano 2017, eq. 3).
    eccentricity_high : float
        Largest eccentricity.
    blended : bool
        Whether one spectrum of low resolution gives the mean velocity of both stars by their light. It moves less than
        the primary, and not at all for twins.
    """

    log_period_mean: float = 5.03
    log_period_sd: float = 2.28
    period_low: float = 0.3
    period_high: float = 1e10
    q_low: float = 0.1
    q_high: float = 1.0
    circular_below: float = 10.0
    eccentricity_high: float = 0.9
    blended: bool = True

    def __post_init__(self) -> None:
        if not 0 < self.period_low < self.period_high or self.log_period_sd <= 0:
            raise OptionError("periods rise from period_low, above 0, to period_high, and their spread is above 0")
        if not 0 < self.q_low < self.q_high <= 1:
            raise OptionError(f"mass ratios lie in 0 ... 1 and rise; they go from {self.q_low} to {self.q_high}")
        if not 0 <= self.eccentricity_high < 1:
            raise OptionError(f"eccentricities lie in 0 ... 1; the largest is {self.eccentricity_high}")


@dataclass(frozen=True, eq=False)
class Orbits:
    """K orbits of a prior, for a primary of one solar mass; velocities go with the cube root of its mass.

    Parameters
    ----------
    weight : (K,)
        Share of each among the binaries of the prior; sums to 1. Draws favour short periods, weights take that back.
    period, phase, eccentricity, q, sin_i : (K,)
        Days; mean anomaly at time 0 in turns; the rest as it is called.
    scale : (K,)
        km/s: (2 pi G Msun / period)^(1/3) / sqrt(1 - e^2), which period and eccentricity alone decide.
    measured : (K,)
        Half amplitude of the velocity that a spectrum shows over `scale`: that of the primary, less for a blend.
    relative : (K,)
        (K1 + K2) over `scale`.
    curve : (K, 256) float32
        cos(true anomaly + argument) + e cos(argument), at even steps of mean anomaly from 0.
    """

    weight: Floats
    period: Floats
    phase: Floats
    eccentricity: Floats
    q: Floats
    sin_i: Floats
    scale: Floats
    measured: Floats
    relative: Floats
    curve: NDArray[np.float32] = field(repr=False)

    def __len__(self) -> int:
        return len(self.weight)

    def velocities(self, time: ArrayLike) -> NDArray[np.float32]:
        """Velocities (M, K) in km/s at times (M,) in days, beside the motion of the pair, where `measured` were 1."""
        t = np.asarray(time, dtype=np.float64)
        turns = t[:, None] / self.period + self.phase
        turns -= np.floor(turns)
        cell = (turns * _PHASES).astype(np.int64)
        np.minimum(cell, _PHASES - 1, out=cell)
        cell += np.arange(len(self)) * _PHASES
        return self.curve.ravel()[cell] * self.scale.astype(np.float32)

    def measured_edges(self, n: int = 6) -> Floats:
        """Bounds (n + 1,) of steps of `measured` that hold equally many binaries.

        It depends on mass ratio and inclination alone, so it is the same for all periods and eccentricities.
        """
        return np.asarray(np.quantile(self.measured, np.linspace(0.0, 1.0, n + 1)))


def light_ratio(q: ArrayLike) -> Floats:
    """Light of the companion over that of the primary in V, of dwarfs of mass ratio `q`.

    >>> light_ratio([0.5, 0.8, 1.0])
    array([0.009, 0.28 , 1.   ])
    """
    return np.asarray(np.interp(np.asarray(q, dtype=np.float64), _LIGHT_Q, _LIGHT))


@lru_cache(maxsize=8)
def drawn_orbits(prior: OrbitPrior = OrbitPrior(), n: int = 4096, seed: int = 0) -> Orbits:
    """Draw orbits that fill the prior evenly (scrambled Sobol numbers).

    Parameters
    ----------
    prior : OrbitPrior
        The population.
    n : int
        Orbits; a power of 2 fills best.
    seed : int
        Of the draw.

    Examples
    --------
    >>> orbits = drawn_orbits()
    >>> close = orbits.period < 10
    >>> round(float(orbits.weight[close].sum()), 3), round(float(close.mean()), 2)
    (0.032, 0.21)
    """
    from scipy.stats import qmc

    unit = qmc.Sobol(6, seed=seed).random(n)
    log_period, weight = _periods(prior, unit[:, 0])
    period = 10.0**log_period
    # Moe & Di Stefano (2017), eq. 3: a closer periastron would have the stars touch.
    room = 1.0 - (np.maximum(period, 2.0) / 2.0) ** (-2.0 / 3.0)
    e = np.where(period < prior.circular_below, 0.0, unit[:, 1] * np.minimum(room, prior.eccentricity_high))
    q = prior.q_low + unit[:, 2] * (prior.q_high - prior.q_low)
    sin_i = np.sqrt(1.0 - unit[:, 3] ** 2)
    relative = np.cbrt(1.0 + q) * sin_i
    scale = AMPLITUDE_KM_S * np.cbrt(1.0 / period) / np.sqrt(1.0 - e**2)
    light = light_ratio(q) if prior.blended else np.zeros(n)
    # v2 = -v1 / q, so the mean by light is v1 (1 - light / q) / (1 + light).
    measured = relative * q / (1.0 + q) * (1.0 - light / q) / (1.0 + light)
    curve = _curves(e, 2 * np.pi * unit[:, 5])
    return Orbits(weight, period, unit[:, 4], e, q, sin_i, scale, measured, relative, curve)


def _periods(prior: OrbitPrior, unit: Floats) -> tuple[Floats, Floats]:
    """log10 of the period and weight of every draw: half by the prior, half even where velocities can be seen."""
    from scipy.special import ndtr, ndtri

    def z(log_period: ArrayLike) -> Floats:
        return np.asarray((np.asarray(log_period) - prior.log_period_mean) / prior.log_period_sd)

    low, high = np.log10(prior.period_low), np.log10(prior.period_high)
    share_low, share = ndtr(z(low)), ndtr(z(high)) - ndtr(z(low))
    seen_low, seen_high = max(low, np.log10(_SOUGHT[0])), min(high, np.log10(_SOUGHT[1]))
    half = 0.5 if seen_high > seen_low else 0.0
    by_prior = unit >= half
    inner = np.where(by_prior, (unit - half) / (1 - half), unit / max(half, 1e-300))
    log_period = np.where(
        by_prior,
        prior.log_period_mean + prior.log_period_sd * ndtri(np.clip(share_low + inner * share, 1e-15, 1 - 1e-15)),
        seen_low + inner * (seen_high - seen_low),
    )
    density = np.exp(-0.5 * z(log_period) ** 2) / (np.sqrt(2 * np.pi) * prior.log_period_sd * share)
    inside = (log_period >= seen_low) & (log_period <= seen_high)
    proposal = (1 - half) * density + half * inside / max(seen_high - seen_low, 1e-300)
    weight = density / proposal
    return log_period, weight / weight.sum()


def _curves(e: Floats, argument: Floats) -> NDArray[np.float32]:
    mean = (2 * np.pi * (np.arange(_PHASES) + 0.5) / _PHASES).astype(np.float32)
    w = argument[:, None].astype(np.float32)
    curve = np.cos(mean + w)
    long = e > 0  # circles are done
    one, w = e[long, None].astype(np.float32), w[long]
    eccentric = mean + one * np.sin(mean) / np.maximum(1 - np.sin(mean + one) + np.sin(mean), np.float32(0.3))
    for _ in range(6):
        eccentric -= (eccentric - one * np.sin(eccentric) - mean) / (1 - one * np.cos(eccentric))
    cos, sin = np.cos(eccentric), np.sin(eccentric)
    # cos(true anomaly) and sin(true anomaly) without the half angles.
    cos, sin = (cos - one) / (1 - one * cos), np.sqrt(1 - one**2) * sin / (1 - one * cos)
    curve[long] = cos * np.cos(w) - sin * np.sin(w) + one * np.cos(w)
    return np.asarray(curve, dtype=np.float32)
