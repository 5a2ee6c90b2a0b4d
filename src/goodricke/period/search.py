"""The search for one star: periodogram, candidates, choice, epochs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from goodricke.period.candidates import FEATURES, N_COMB_PEAKS, N_PEAKS, Candidates, candidates_of
from goodricke.period.folds import binned, scatter
from goodricke.period.grid import FrequencyGrid, grid_for
from goodricke.period.spectrum import false_alarm, harmonic_sum, peaks, power
from goodricke.period.trees import Trees, load_trees

__all__ = ["FEWEST_POINTS", "MOST_ALTERNATIVES", "Looked", "StarPeriod", "candidates", "chooser", "search"]

Floats = NDArray[np.float64]

MOST_ALTERNATIVES = 5
FEWEST_POINTS = 20
_HARMONICS = 10
_BINS = 60


@dataclass(frozen=True)
class StarPeriod:
    """What the search found for one star, best period first.

    ``probability`` is the chooser's for each period; they need not add up to one, and no period may be right.
    ``epoch`` and ``epoch_max`` are times of minimum and maximum light near the middle of the data.
    """

    period: Floats
    probability: Floats
    epoch: float
    epoch_max: float
    power: float
    false_alarm: float


@cache
def chooser() -> Trees:
    """The trees that ship with the package."""
    return load_trees(Path(str(files("goodricke"))) / "models" / "bundles" / "period-chooser-1", FEATURES)


@dataclass(frozen=True)
class Looked:
    """Candidates before the choice, the grid they come from, and the height of its strongest peak."""

    candidates: Candidates
    grid: FrequencyGrid
    power: float


def candidates(
    time: Floats, flux: Floats, err: Floats, shortest_days: float | None = None, longest_days: float | None = None
) -> Looked:
    """Periodogram and described candidates of one star; what the chooser is trained on and what it judges."""
    time = time - time[0]
    span = float(time[-1])
    grid = grid_for(time, shortest_days, longest_days)
    spectrum = power(time, flux, err, grid)
    peak = peaks(spectrum, grid, span, N_PEAKS)
    summed, fine = harmonic_sum(spectrum, grid, _HARMONICS)
    comb = peaks(summed, fine, 2.0 * span, N_COMB_PEAKS)
    return Looked(candidates_of(time, flux, err, peak, comb), grid, float(peak[1][0]))


def search(
    time: Floats,
    flux: Floats,
    err: Floats,
    shortest_days: float | None = None,
    longest_days: float | None = None,
) -> StarPeriod:
    """Find the period of one star.

    Parameters
    ----------
    time : (n,)
        Sorted days; n >= 20 and not all equal.
    flux, err : (n,)
        Relative flux with every band at the same level, and its error.
    shortest_days, longest_days : float, optional
        Range of periods; by default from 0.05 d (or two points of a dense cadence) to the span.
    """
    looked = candidates(time, flux, err, shortest_days, longest_days)
    odds = chooser().log_odds(looked.candidates.features)
    start = time[0]
    time = time - start
    frequency, odds = _different(looked.candidates.frequency, odds, float(time[-1]))
    frequency[0] = _sharpened(time, flux, err, frequency[0])
    low, high = _extremes(time, flux, err, frequency[0])
    middle = round(float(time[len(time) // 2]) * frequency[0]) / frequency[0]
    return StarPeriod(
        period=1.0 / frequency,
        probability=1.0 / (1.0 + np.exp(-odds)),
        epoch=start + middle + low,
        epoch_max=start + middle + high,
        power=looked.power,
        false_alarm=false_alarm(looked.power, time, looked.grid),
    )


def _different(frequency: Floats, odds: Floats, span: float) -> tuple[Floats, Floats]:
    """The best candidates that are not the same period, best first."""
    chosen: list[int] = []
    for k in np.argsort(-odds, kind="stable"):
        if all(abs(frequency[k] - frequency[other]) > 0.5 / span for other in chosen):
            chosen.append(int(k))
            if len(chosen) == MOST_ALTERNATIVES:
                break
    return frequency[chosen], odds[chosen]


def _sharpened(time: Floats, flux: Floats, err: Floats, frequency: float) -> float:
    """The frequency once more, with as many bins as the points fill: narrow eclipses tell it best.

    The scatter about the bins is noisy from one trial to the next, so the lowest part of it is fitted by a parabola.
    """
    weight = 1.0 / np.maximum(err, 0.5 * np.median(err)) ** 2
    value = flux - np.sum(weight * flux) / np.sum(weight)
    trial = frequency + np.linspace(-0.15, 0.15, 61) / time[-1]
    chi2, _ = scatter(time, value, weight, trial, int(np.clip(len(time) // 8, 20, 200)))
    best = int(np.argmin(chi2))
    near = slice(max(best - 6, 0), best + 7)
    bend, slope, _ = np.polyfit(trial[near] - trial[best], chi2[near], 2)
    shift = -0.5 * slope / bend if bend > 0 else 0.0
    return float(trial[best] + np.clip(shift, -0.03 / time[-1], 0.03 / time[-1]))


def _extremes(time: Floats, flux: Floats, err: Floats, frequency: float) -> tuple[float, float]:
    """Times of minimum and maximum light in the first cycle, from the folded curve."""
    mean, total = binned(time, flux, 1.0 / err**2, np.array([frequency]), _BINS)
    curve = np.where(total[0] > 0, mean[0], np.nan)
    filled = np.flatnonzero(np.isfinite(curve))
    curve = np.interp(np.arange(_BINS), filled, curve[filled], period=_BINS)
    smooth = (np.roll(curve, 1) + 2.0 * curve + np.roll(curve, -1)) / 4.0
    return _vertex(-smooth) / frequency, _vertex(smooth) / frequency


def _vertex(curve: Floats) -> float:
    """Phase of the highest bin, moved to the top of the parabola through it and its neighbours."""
    k = int(np.argmax(curve))
    before, here, after = curve[k - 1], curve[k], curve[(k + 1) % len(curve)]
    bend = before - 2.0 * here + after
    shift = 0.5 * (before - after) / bend if bend < 0 else 0.0
    return (k + 0.5 + shift) / len(curve)
