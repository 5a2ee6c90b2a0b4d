"""Periodic light as Fourier series in magnitudes, and families of such series that describe a class of stars."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from goodricke.simulate.compiled import Floats, Ints, kernel
from goodricke.simulate.stars import Columns, Moments

__all__ = ["LEVELS", "Series", "Template", "series_magnitude"]

LEVELS = (0.0, 0.02, 0.1, 0.3, 0.5, 0.7, 0.9, 0.98, 1.0)
"""Where the quantiles of a template stand."""

_GRID = 128
_WIDEST = 2.5


@dataclass(frozen=True)
class Series:
    """Magnitudes sum_k cosine_k cos(2 pi k phase) + sine_k sin(2 pi k phase) of N stars; mean 0."""

    cosine: Floats
    """(N, K)."""
    sine: Floats
    """(N, K)."""

    def turned(self, phase: Floats) -> Series:
        """Move what is at `phase` (N,) to phase 0."""
        angle = 2.0 * np.pi * phase[:, None] * np.arange(1, self.cosine.shape[1] + 1)
        c, s = np.cos(angle), np.sin(angle)
        return Series(self.cosine * c + self.sine * s, self.sine * c - self.cosine * s)

    def scaled(self, factor: Floats) -> Series:
        """Make all swings larger by a factor (N,)."""
        return Series(self.cosine * factor[:, None], self.sine * factor[:, None])

    def smeared(self, width: Floats) -> Series:
        """Average over exposures of `width` cycles (N,): harmonic k shrinks by sinc(k width)."""
        keep = np.sinc(width[:, None] * np.arange(1, self.cosine.shape[1] + 1))
        return Series(self.cosine * keep, self.sine * keep)

    def brightest(self) -> tuple[Floats, Floats]:
        """Phase (N,) of maximum light, and the range (N,) of the magnitudes.

        Examples
        --------
        >>> phase, swing = Series(np.array([[-0.1]]), np.array([[0.0]])).brightest()
        >>> phase.round(6), swing.round(6)
        (array([0.]), array([0.2]))
        """
        order = np.arange(1, self.cosine.shape[1] + 1)
        grid = 2.0 * np.pi * np.outer(order, np.arange(_GRID) / _GRID)
        mag = self.cosine @ np.cos(grid) + self.sine @ np.sin(grid)
        phase = mag.argmin(axis=1) / _GRID
        for _ in range(3):
            angle = 2.0 * np.pi * phase[:, None] * order
            slope = (order * (self.sine * np.cos(angle) - self.cosine * np.sin(angle))).sum(axis=1)
            bend = -(order**2 * (self.cosine * np.cos(angle) + self.sine * np.sin(angle))).sum(axis=1)
            step = -slope / np.where(bend > 0.0, 2.0 * np.pi * bend, np.inf)
            phase = phase + np.clip(step, -0.5 / _GRID, 0.5 / _GRID)
        angle = 2.0 * np.pi * phase[:, None] * order
        least = (self.cosine * np.cos(angle) + self.sine * np.sin(angle)).sum(axis=1)
        return phase % 1.0, mag.max(axis=1) - least

    def lowest(self) -> Floats:
        """Phase (N,) of minimum light, within 1/256."""
        grid = 2.0 * np.pi * np.outer(np.arange(1, self.cosine.shape[1] + 1), np.arange(_GRID) / _GRID)
        return np.asarray((self.cosine @ np.cos(grid) + self.sine @ np.sin(grid)).argmax(axis=1) / _GRID)


@kernel
def _summed(phase: Floats, offsets: Ints, cosine: Floats, sine: Floats) -> Floats:
    """Sum the series of every star at its phases, by Clenshaw's recurrence."""
    made = np.empty(phase.size)
    for i in range(offsets.size - 1):
        for j in range(offsets[i], offsets[i + 1]):
            angle = 2.0 * np.pi * phase[j]
            c, s = np.cos(angle), np.sin(angle)
            a1, a2, b1, b2 = 0.0, 0.0, 0.0, 0.0
            for k in range(cosine.shape[1] - 1, -1, -1):
                a1, a2 = cosine[i, k] + 2.0 * c * a1 - a2, a1
                b1, b2 = sine[i, k] + 2.0 * c * b1 - b2, b1
            made[j] = a1 * c - a2 + b1 * s
    return made


def series_magnitude(series: Series, phase: Floats, moments: Moments) -> Floats:
    """Magnitudes (M,) of the stars at those phases (M,), in cycles.

    Examples
    --------
    >>> star = Series(np.array([[-0.1, 0.0]]), np.array([[0.0, 0.02]]))
    >>> series_magnitude(star, np.array([0.0, 0.125]), Moments(np.array([0.0, 1.0]), np.array([0, 2]))).round(4)
    array([-0.1   , -0.0507])
    """
    return np.asarray(_summed(phase, moments.offsets, series.cosine, series.sine))


@dataclass(frozen=True)
class Template:
    """A class of periodic stars in a few numbers, fitted by ``benchmarks/fit_pulsators.py``.

    A shape is the harmonics 2 to K over the first, turned so that the first is a cosine: real parts, then imaginary
    parts. Its mean runs straight between `nodes` of the period, bends with the amplitude, and varies along `loadings`.
    """

    log_period: tuple[float, ...]
    """Quantiles of log10 of the period in days."""
    nodes: tuple[float, ...]
    """(T,) log10 of periods."""
    log_amplitude: tuple[float, ...]
    """(T,) log10 of the usual range in V magnitudes."""
    amplitude_spread: tuple[float, ...]
    """Quantiles about that."""
    mean: tuple[tuple[float, ...], ...]
    """(T, D) usual shape."""
    per_amplitude: tuple[float, ...]
    """(D,) change of shape with the log10 of the range over the usual one."""
    loadings: tuple[tuple[float, ...], ...]
    """(J, D) changes of shape with scores that are normal of variance 1."""

    def draw(self, n: int, rng: np.random.Generator) -> Columns:
        """Draw ``period_days``, ``amplitude_mag`` (range in V) and the scores ``shape_1`` ... of `n` stars."""
        log_period = np.interp(rng.random(n), LEVELS, self.log_period)
        log_amplitude = np.interp(log_period, self.nodes, self.log_amplitude)
        log_amplitude += np.interp(rng.random(n), LEVELS, self.amplitude_spread)
        scores = np.clip(rng.normal(0.0, 1.0, (len(self.loadings), n)), -_WIDEST, _WIDEST)
        drawn: Columns = {"period_days": 10.0**log_period, "amplitude_mag": 10.0**log_amplitude}
        return drawn | {f"shape_{j + 1}": score for j, score in enumerate(scores)}

    def series(self, stars: Columns) -> Series:
        """Series in V of stars with the columns of ``draw``; maximum light at phase 0."""
        log_period, log_amplitude = np.log10(stars["period_days"]), np.log10(stars["amplitude_mag"])
        hats = [np.interp(log_period, self.nodes, row) for row in np.eye(len(self.nodes))]
        shape = np.stack(hats, axis=1) @ np.array(self.mean)
        above = log_amplitude - np.interp(log_period, self.nodes, self.log_amplitude)
        shape += above[:, None] * np.array(self.per_amplitude)
        scores = np.stack([stars[f"shape_{j + 1}"] for j in range(len(self.loadings))], axis=1)
        shape += scores @ np.array(self.loadings)
        real, imaginary = np.split(shape, 2, axis=1)
        one = np.ones((len(shape), 1))
        raw = Series(np.hstack([one, real]), np.hstack([0.0 * one, -imaginary]))
        phase, swing = raw.brightest()
        return raw.turned(phase).scaled(stars["amplitude_mag"] / swing)
