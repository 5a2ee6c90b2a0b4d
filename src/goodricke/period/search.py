"""The search for one star: periodogram, candidates, choice, epochs."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from goodricke.period.aliases import marks
from goodricke.period.box import box_search
from goodricke.period.candidates import COMBS, FEATURES, N_PEAKS, Candidates, candidates_of
from goodricke.period.choice import MOST_ALTERNATIVES, chooser, different, probabilities
from goodricke.period.folds import binned, scatter
from goodricke.period.grid import FrequencyGrid, grid_for
from goodricke.period.significance import false_alarm
from goodricke.period.spectrum import exact_peaks, exact_power, harmonic_sum, peaks, plain_power

__all__ = [
    "FEWEST_POINTS",
    "MOST_TRIED",
    "STRENGTHS",
    "Looked",
    "StarPeriod",
    "candidates",
    "chosen",
    "floored",
    "given",
    "search",
]

Floats = NDArray[np.float64]

FEWEST_POINTS = 20
MOST_TRIED = 8
"""Candidate periods of a star that are kept for models that look at several folds."""
STRENGTHS = 1 + len(FEATURES)
"""Numbers that are kept of each: the chooser's log odds, and ``goodricke.period.candidates.FEATURES``."""
_BINS = 60


@dataclass(frozen=True)
class StarPeriod:
    """What the search found for one star, best period first.

    ``probability`` is the chance that each period is right; what is missing to one is that none of them is.
    ``alias`` says what each is to the first (``goodricke.period.aliases.marks``). ``epoch`` and ``epoch_max`` are times
    of minimum and maximum light near the middle of the data. ``tried`` has up to `MOST_TRIED` frequencies, likeliest
    first, and ``strengths`` (c, 1 + len(FEATURES)) the chooser's log odds of each and what each looks like.
    """

    period: Floats
    probability: Floats
    epoch: float
    epoch_max: float
    power: float
    false_alarm: float
    alias: tuple[str, ...]
    tried: Floats = field(default_factory=lambda: np.empty(0))
    strengths: NDArray[np.float32] = field(default_factory=lambda: np.empty((0, STRENGTHS), dtype=np.float32))


@dataclass(frozen=True)
class Looked:
    """Candidates before the choice, the grid they come from, and the height of its strongest peak."""

    candidates: Candidates
    grid: FrequencyGrid
    power: float


def floored(err: Floats) -> Floats:
    """Errors of no less than half their median: one tiny error must not own the curve."""
    return np.asarray(np.maximum(err, 0.5 * np.median(err)))


def candidates(
    time: Floats, flux: Floats, err: Floats, shortest_days: float | None = None, longest_days: float | None = None,
    boxes: bool = False,
) -> Looked:  # fmt: skip
    """Periodogram and described candidates of one star; what the chooser is trained on and what it judges."""
    time, err = time - time[0], floored(err)
    span = float(time[-1])
    grid = grid_for(time, shortest_days, longest_days)
    spectrum = plain_power(time, flux, err, grid)
    peak = exact_peaks(time, flux, err, spectrum, grid, N_PEAKS)
    combs = [peaks(*harmonic_sum(spectrum, grid, h), 2.0 * span, most) for h, most in COMBS]
    if boxes:
        found = box_search(time, flux, err, grid)
        combs += [(found.frequency, found.power)] if len(found.frequency) else []
    return Looked(candidates_of(time, flux, err, peak, combs), grid, float(peak[1][0]))


def search(
    time: Floats,
    flux: Floats,
    err: Floats,
    shortest_days: float | None = None,
    longest_days: float | None = None,
    boxes: bool = False,
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
    boxes : bool
        Look for narrow shallow eclipses too, at four times the cost; see ``goodricke.period.box``.
    """
    looked = candidates(time, flux, err, shortest_days, longest_days, boxes)
    trees = chooser()
    odds = trees.log_odds(looked.candidates.features)
    return chosen(time, flux, err, looked.candidates, odds, (trees.scale, trees.none), looked.power)


def chosen(
    time: Floats,
    flux: Floats,
    err: Floats,
    candidates: Candidates,
    odds: Floats,
    trust: tuple[float, float],
    height: float,
) -> StarPeriod:
    """The likeliest of the candidates, sharpened, with its epochs.

    Parameters
    ----------
    time, flux, err : (n,)
        As for `search`.
    candidates : Candidates
        Of the star.
    odds : (c,)
        The chooser's log odds of each.
    trust : (float, float)
        What turns odds into probabilities; see ``goodricke.period.choice.probabilities``.
    height : float
        Power of the strongest peak.
    """
    start, span, err = time[0], float(time[-1] - time[0]), floored(err)
    best = different(candidates.frequency, odds, span)
    probability = probabilities(odds[best], *trust)[:MOST_ALTERNATIVES]
    tried = candidates.frequency[best[:MOST_TRIED]]
    tried[0] = _sharpened(time - start, flux, err, tried[0])
    kept = best[:MOST_TRIED]
    strengths = np.column_stack([odds[kept], candidates.features[kept]]).astype(np.float32)
    found = _with_epochs(time, flux, err, tried[:MOST_ALTERNATIVES], probability, height)
    return replace(found, tried=tried, strengths=strengths)


def given(time: Floats, flux: Floats, err: Floats, period_days: float) -> StarPeriod:
    """A period that the user knows, with its epochs and its power; it is not touched."""
    frequency, err = np.array([1.0 / period_days]), floored(err)
    height = exact_power(time - time[0], flux, err, frequency, np.zeros(1))
    return replace(_with_epochs(time, flux, err, frequency, np.ones(1), float(height[0, 0])), tried=frequency)


def _with_epochs(
    time: Floats, flux: Floats, err: Floats, frequency: Floats, probability: Floats, height: float
) -> StarPeriod:
    start = time[0]
    time = time - start
    low, high = _extremes(time, flux, err, frequency[0])
    middle = round(float(time[len(time) // 2]) * frequency[0]) / frequency[0]
    return StarPeriod(
        period=1.0 / frequency,
        probability=probability,
        epoch=start + middle + low,
        epoch_max=start + middle + high,
        power=height,
        false_alarm=false_alarm(height, time, flux, err, grid_for(time)),
        alias=tuple(marks(time, frequency, float(frequency[0]))),
    )


def _sharpened(time: Floats, flux: Floats, err: Floats, frequency: float) -> float:
    """The frequency once more, with as many bins as the points fill: narrow eclipses tell it best.

    The scatter about the bins is noisy from one trial to the next, so the lowest part of it is fitted by a parabola.
    """
    weight = 1.0 / err**2
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
