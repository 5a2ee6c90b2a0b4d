"""Search for narrow eclipses: a level with one box below it (BLS; Kovacs, Zucker & Mazeh 2002, A&A 391, 369).

A box costs a fold at every frequency, and a narrow one needs a fine grid. So a comb goes first: in the periodogram of
the dips alone, all light above clipped off, the orbit and its multiples stand out together; boxes are tried at the best
of these frequencies only.

It finds shallow narrow eclipses (0.02 to 0.03 of the cycle, 2.5 standard deviations deep) that the list of candidates
does not hold, and little else: see ``benchmarks/box.py``.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from goodricke.period.grid import FrequencyGrid
from goodricke.period.spectrum import harmonic_sum, peaks, power

__all__ = ["Boxes", "box_search", "boxes", "has_dips"]

Floats = NDArray[np.float64]

N_BINS = 150
WIDTHS = (2, 3, 5, 8, 13, 20)
"""Widths tried, in bins: 0.013 to 0.13 cycles."""
_COMB = 12  # multiples of the orbit that are summed: an eclipse of width q has power up to 1/q of them
_TRIALS = 150
_BEST = 12  # frequencies that are looked at closely
_BLOCK = 1 << 17  # products of frequencies and times at once: they stay in the cache
_FAR = 4.0  # robust standard deviations
_FEWEST = 4


@dataclass(frozen=True, eq=False)
class Boxes:
    """The best box at every frequency (k,).

    ``power`` is the fraction of the weighted variance that the box takes away, 0 to 1; ``depth`` is in the unit of the
    flux, ``width`` in cycles, ``phase`` of mid-box in cycles from the first time, and ``significance`` the depth over
    its error.
    """

    frequency: Floats
    power: Floats
    depth: Floats
    width: Floats
    phase: Floats
    significance: Floats


def has_dips(flux: Floats, err: Floats) -> bool:
    """Whether more points lie far below the middle of the fluxes than above it, as in eclipses; cost O(n log n).

    Parameters
    ----------
    flux, err : (n,)
        Flux with every band at the same level, and its error.

    Examples
    --------
    >>> flux = np.random.default_rng(0).normal(1.0, 0.01, 300)
    >>> has_dips(flux, np.full(300, 0.01)), has_dips(flux - 0.2 * (np.arange(300) < 15), np.full(300, 0.01))
    (False, True)
    """
    middle = np.median(flux)
    sigma = np.maximum(1.4826 * np.median(np.abs(flux - middle)), err)
    below = np.count_nonzero(flux < middle - _FAR * sigma)
    above = np.count_nonzero(flux > middle + _FAR * sigma)
    return bool(below >= _FEWEST and below > 3 * above)


def box_search(time: Floats, flux: Floats, err: Floats, grid: FrequencyGrid, most: int = 5) -> Boxes:
    """The best boxes of one star, highest power first.

    Parameters
    ----------
    time : (n,)
        Sorted days.
    flux, err : (n,)
        Flux with every band at the same level, and its error.
    grid : FrequencyGrid
        Where orbits are looked for; its upper end bounds the multiples too.
    most : int
        How many boxes, at frequencies 1/span apart.

    Notes
    -----
    One box cannot tell an orbit with two like eclipses from half of it; the caller tries the relatives. Cost: one
    periodogram on the grid and folds of some 1,600 frequencies: 90 ms for 450 points over 7 years, 160,000
    frequencies.

    Examples
    --------
    >>> time = np.sort(np.random.default_rng(1).uniform(0, 1000, 400))
    >>> flux = 1 - 0.3 * (np.abs((time / 7.7123 + 0.5) % 1 - 0.5) < 0.02)
    >>> found = box_search(time, flux, np.full(400, 0.01), FrequencyGrid(0.01, 0.0003, 30000))
    >>> bool(abs(found.frequency[0] * 7.7123 - 1) < 1e-3), round(float(found.depth[0]), 2)
    (True, 0.28)
    """
    time = time - time[0]
    span = float(time[-1])
    trial, _ = peaks(*harmonic_sum(power(time, _dips_only(flux, err), err, grid), grid, _COMB), 0.4 * span, _TRIALS)
    # A comb of 12 knows its frequency to 1/12 of a plain peak; a box of 0.013 needs a third of that again.
    near = boxes(time, flux, err, (trial[:, None] + np.linspace(-0.06, 0.06, 9) / span).ravel())
    rough = near.frequency[_apart(near, 0.5 / span, _BEST)]
    fine = boxes(time, flux, err, (rough[:, None] + np.linspace(-0.02, 0.02, 21) / span).ravel())
    chosen = _apart(fine, 1.0 / span, most)
    return Boxes(*(getattr(fine, field.name)[chosen] for field in fields(Boxes)))


def _dips_only(flux: Floats, err: Floats) -> Floats:
    """Flux with everything above one and a half standard deviations below the middle set to that line."""
    middle = np.median(flux)
    sigma = 1.4826 * np.median(np.abs(flux - middle))
    return np.asarray(np.minimum(flux - middle, -1.5 * np.maximum(sigma, np.median(err))))


def _apart(found: Boxes, width: float, most: int) -> NDArray[np.int64]:
    """Index of the highest powers whose frequencies are further apart than `width`."""
    chosen: list[int] = []
    for k in np.argsort(-found.power, kind="stable"):
        if all(abs(found.frequency[k] - found.frequency[other]) > width for other in chosen):
            chosen.append(int(k))
            if len(chosen) == most:
                break
    return np.array(chosen, dtype=np.int64)


def boxes(time: Floats, flux: Floats, err: Floats, frequency: Floats) -> Boxes:
    """The best box at every frequency (k,); cost O(k (n + bins * widths)).

    Every box of a width in ``WIDTHS`` at every one of ``N_BINS`` phases is tried, by differences of cumulative sums.
    """
    weight = 1.0 / err**2
    weight /= weight.sum()
    value = flux - np.sum(weight * flux)
    whole = float(np.sum(weight * value**2))
    step = max(1, _BLOCK // len(time))
    parts = [_block(time, value, weight, frequency[k : k + step]) for k in range(0, max(len(frequency), 1), step)]
    inside, total, bin_, width = (np.concatenate(column) for column in zip(*parts, strict=True))
    share = np.clip(inside, 1e-12, 1.0 - 1e-12)
    gain = total**2 / (share * (1.0 - share))
    depth = -total / (share * (1.0 - share))
    scatter = np.maximum(whole - gain, 1e-12 * whole)
    return Boxes(
        frequency,
        gain / whole,
        depth,
        width / N_BINS,
        ((bin_ + 0.5 * width) / N_BINS) % 1.0,
        np.sqrt(gain / scatter * len(time)),
    )


def _block(time: Floats, value: Floats, weight: Floats, frequency: Floats) -> tuple[Floats, ...]:
    """Weight and weighted flux inside the best box, its first bin and its width in bins, at every frequency."""
    f, n = len(frequency), len(time)
    cycle = np.outer(frequency, time)
    cycle -= np.floor(cycle)
    cycle *= N_BINS
    cell = cycle.astype(np.int64)
    np.minimum(cell, N_BINS - 1, out=cell)
    cell += N_BINS * np.arange(f)[:, None]
    flat = cell.ravel()
    best = np.zeros((4, f))
    gain = np.full(f, -1.0)
    sums = []
    for row in (weight, weight * value):
        binned = np.bincount(flat, np.broadcast_to(row, (f, n)).ravel(), f * N_BINS).reshape(f, N_BINS)
        padded = np.zeros((f, N_BINS + WIDTHS[-1] + 1))
        np.cumsum(np.concatenate([binned, binned[:, : WIDTHS[-1]]], axis=1), axis=1, out=padded[:, 1:])
        sums.append(padded)
    line = np.arange(f)
    for width in WIDTHS:
        inside, total = (padded[:, width : width + N_BINS] - padded[:, :N_BINS] for padded in sums)
        power = np.where(total < 0, total**2, 0.0) / np.maximum(inside * (1.0 - inside), 1e-9)
        place = np.argmax(power, axis=1)
        better = power[line, place] > gain
        gain[better] = power[line, place][better]
        found = np.stack([inside[line, place], total[line, place], place, np.full(f, float(width))])
        best[:, better] = found[:, better]
    return tuple(best)
