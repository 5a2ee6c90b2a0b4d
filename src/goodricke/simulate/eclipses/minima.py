"""The two minima of noise-free curves: where, how deep, how wide."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from goodricke.simulate.compiled import Floats, Ints

__all__ = ["Minimum", "two_minima"]

_FIRST_WITHIN = 0.15
_SECOND_BEYOND = 0.1
_FLAT = 0.2


@dataclass(frozen=True)
class Minimum:
    """One minimum of N curves; numbers are NaN, and the depth 0, where there is none."""

    depth: Floats
    """Magnitudes below maximum."""
    width: Floats
    """Cycles from contact to contact: outwards from the steepest point of each flank to where the curve rises a fifth
    as fast."""
    half_width: Floats
    """Full width at half depth, cycles."""
    phase: Floats
    """Middle of the width at half depth, 0 ... 1."""


def two_minima(start: float, mag: Floats) -> tuple[Minimum, Minimum]:
    """The deepest minimum within 0.15 cycles of phase 0, and the one, at least 0.1 from it, that stands out most.

    How much a minimum stands out is its depth below the lower of the two hills that part it from the first.

    Parameters
    ----------
    start : float
        Phase of the first point, at least 0 and less than a step.
    mag : (N, P)
        Magnitudes below the maximum (0: maximum) at P equal steps of one cycle.
    """
    p = mag.shape[1]
    phase = start + np.arange(p) / p
    dip = (mag >= np.roll(mag, 1, axis=1)) & (mag >= np.roll(mag, -1, axis=1)) & (mag > 0)
    near = np.abs(phase - np.round(phase)) <= _FIRST_WITHIN
    first, has_first = _deepest(mag, dip & near)
    first[~has_first] = 0
    turned = np.take_along_axis(mag, (first[:, None] + np.arange(p)) % p, axis=1)
    away = np.abs(np.arange(p) - 0.5 * p) < (0.5 - _SECOND_BEYOND) * p
    gap, has_second = _deepest(_relief(turned), np.take_along_axis(dip, (first[:, None] + np.arange(p)) % p, 1) & away)
    gap[~has_second] = p // 2
    second = (first + gap) % p
    return _measured(start, mag, first, gap, has_first), _measured(start, mag, second, p - gap, has_second)


def _deepest(mag: Floats, where: NDArray[np.bool_]) -> tuple[Ints, NDArray[np.bool_]]:
    at = np.argmax(np.where(where, mag, -1.0), axis=1).astype(np.int64)
    return at, np.asarray(where.any(axis=1), bool)


def _relief(mag: Floats) -> Floats:
    """Depth of every point below the lower of the highest points on either side, up to the ends of the row."""
    before = np.minimum.accumulate(mag, axis=1)
    after = np.minimum.accumulate(mag[:, ::-1], axis=1)[:, ::-1]
    return mag - np.maximum(before, after)


def _measured(start: float, mag: Floats, at: Ints, gap: Ints, there: NDArray[np.bool_]) -> Minimum:
    """A minimum at index `at`, with the next one `gap` points after it."""
    n, p = mag.shape
    depth = mag[np.arange(n), at]
    ends, halves = [], []
    for way, reach in ((1, gap), (-1, p - gap)):
        flank = np.take_along_axis(mag, (at[:, None] + way * np.arange(p)) % p, axis=1)
        ends.append(_contact(flank, reach))
        halves.append(_fall(flank, 0.5 * depth, 0 * at, reach))
    middle = (start + (at + 0.5 * (halves[0] - halves[1])) / p) % 1.0
    return Minimum(
        np.where(there, depth, 0.0),
        np.where(there, (ends[0] + ends[1]) / p, np.nan),
        np.where(there, (halves[0] + halves[1]) / p, np.nan),
        np.where(there, middle, np.nan),
    )


def _fall(curve: Floats, level: Floats, begin: Ints, reach: Ints) -> Floats:
    """Where, at or after index `begin`, each row first falls below its level, between points; `reach` if not before."""
    n, p = curve.shape
    index = np.arange(p)
    low = (curve < level[:, None]) & (index > begin[:, None]) & (index <= reach[:, None])
    at = np.argmax(low, axis=1)
    found = low[np.arange(n), at]
    at = np.maximum(at, 1)
    after, before = curve[np.arange(n), at], curve[np.arange(n), at - 1]
    part = (before - level) / np.where(before > after, before - after, 1.0)
    return np.where(found, at - 1 + np.clip(part, 0.0, 1.0), reach)


def _contact(flank: Floats, reach: Ints) -> Floats:
    """Points from a minimum to its contact; `flank` (N, P) goes outwards from it."""
    rise = flank - np.roll(flank, -1, axis=1)
    rise = np.where(np.arange(flank.shape[1]) < reach[:, None], rise, 0.0)
    steepest = np.argmax(rise, axis=1).astype(np.int64)
    most = rise[np.arange(len(rise)), steepest]
    return np.minimum(_fall(rise, _FLAT * most, steepest, reach - 1) + 0.5, reach)
