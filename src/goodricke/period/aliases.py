"""Marks of candidate periods: which are aliases of another through the sampling, and which only look like the sampling.

A telescope that sees a star once a night cannot tell a frequency f from f + 1/d (Lafler & Kinman 1965; VanderPlas 2018,
ApJS 236, 16, section 7). The same holds, less sharply, for the sidereal day, the month and the year.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

__all__ = ["DAY", "MONTH", "SIDEREAL", "YEAR", "is_suspicious", "marks", "window_power"]

Floats = NDArray[np.float64]

DAY, SIDEREAL, MONTH, YEAR = 1.0, 1.0027379, 1.0 / 29.53, 1.0 / 365.25
"""Frequencies at which a sky seen from the ground repeats, cycles per day."""

_HARMONICS = (
    ("P/2", 2, 1), ("2P", 1, 2), ("P/3", 3, 1), ("3P", 1, 3), ("P/4", 4, 1), ("4P", 1, 4),
    ("2P/3", 3, 2), ("3P/2", 2, 3),
)  # fmt: skip
"""Name of a period beside the chosen one, and its frequency over the chosen frequency."""

_MOST_DAYS = 4
_MOST_YEARS = 2
_WINDOW = 0.5  # amplitude of the spectral window, 1 at frequency 0, that makes a frequency suspect
_NEAR = 0.02  # relative distance of a period from 1 d, 1/2 d, ... that makes it suspect
_BLOCK = 1 << 20  # products of frequencies and times at once


def window_power(time: Floats, frequency: Floats, weight: Floats | None = None) -> Floats:
    """Amplitude of the spectral window ``|sum(w exp(2 pi i f t))| / sum(w)`` at every frequency (k,); cost O(n k).

    Parameters
    ----------
    time : (n,)
        Days.
    frequency : (k,)
        Cycles per day.
    weight : (n,), optional
        Such as 1 / error^2; equal when absent.

    Examples
    --------
    >>> window_power(np.arange(10.0), np.array([0.5, 1.0])).round(6)
    array([0., 1.])
    """
    weight = np.ones(len(time)) if weight is None else weight
    step = max(1, _BLOCK // max(len(time), 1))
    sums = [
        np.abs(np.exp(2j * np.pi * np.outer(frequency[k : k + step], time)) @ weight.astype(np.complex128))
        for k in range(0, len(frequency), step)
    ]
    return np.asarray(np.concatenate([*sums, np.empty(0)]) / weight.sum())


def marks(time: Floats, frequency: Floats, chosen: float) -> list[str]:
    """What every candidate is to the chosen period: a short code, or "" when it is something else.

    Parameters
    ----------
    time : (n,)
        Days, sorted.
    frequency : (k,)
        Candidates, cycles per day; the chosen one may be among them.
    chosen : float
        Frequency of the chosen period.

    Returns
    -------
    list of str
        ``"P/2"``, ``"2P"``, ``"P/3"``, ``"3P/2"`` ...: the candidate's period in terms of the chosen one.
        ``"1d"``, ``"2d-1y"``, ``"1sd"``, ``"1m"``, ``"1y"``: its frequency is that many cycles per day (sidereal day,
        month, year) above or below the chosen one, or mirrored about zero. The aliases of the harmonics are
        ``"P/2+1d"`` and the like. ``"window"``: the sampling itself repeats at this frequency, whatever the star does.

    Notes
    -----
    Two frequencies are the same when they differ by less than half the width of a peak, 0.5/span. Where the span cannot
    tell a year or a sidereal day from the plain code, the plain code is given. Codes are tried in the order above, so a
    period that is both 2P and an alias is called 2P.

    Examples
    --------
    >>> time = np.arange(1000.0)
    >>> marks(time, np.array([0.7, 0.35, 1.4, 1.7, 0.3, 0.43217]), 0.7)
    ['', '2P', 'P/2', '1d', '1d', '']
    """
    span = float(time[-1] - time[0])
    width = 0.5 / span
    codes = [""] * len(frequency)
    open_ = np.abs(frequency - chosen) > width
    for code, value in _codes(chosen, span):
        hit = open_ & (np.abs(frequency - abs(value)) <= width)
        for k in np.flatnonzero(hit):
            codes[k] = code
        open_ &= ~hit
    for k in np.flatnonzero(open_ & (window_power(time, frequency) > _WINDOW)):
        codes[k] = "window"
    return codes


def _codes(chosen: float, span: float) -> Iterator[tuple[str, float]]:
    """Codes and frequencies (negative ones are mirrored), the likeliest first."""
    for name, up, down in _HARMONICS:
        yield name, chosen * up / down
    for code, shift in _shifts(span):
        for sign in (1.0, -1.0):
            yield code, chosen + sign * shift
    for name, up, down in _HARMONICS[:2]:
        for days in (1, 2):
            for sign in (1.0, -1.0):
                yield f"{name}{'+' if sign > 0 else '-'}{days}d", chosen * up / down + sign * days * DAY


def _shifts(span: float) -> Iterator[tuple[str, float]]:
    for days in range(1, _MOST_DAYS + 1):
        yield f"{days}d", days * DAY
    for days in range(1, _MOST_DAYS + 1):
        if days * (SIDEREAL - DAY) > 1.0 / span:
            yield f"{days}sd", days * SIDEREAL
    for name, unit, most in (("m", MONTH, 2), ("y", YEAR, _MOST_YEARS)):
        if unit <= 1.0 / span:
            continue
        for count in range(1, most + 1):
            yield f"{count}{name}", count * unit
        for days in range(1, _MOST_DAYS + 1):
            for count in range(1, most + 1):
                yield f"{days}d+{count}{name}", days * DAY + count * unit
                yield f"{days}d-{count}{name}", days * DAY - count * unit


def is_suspicious(time: Floats, period_days: Floats) -> NDArray[np.bool_]:
    """Whether periods (k,) are near a clock of the sampling, or so long that the data hold fewer than two cycles.

    True within 2% of 1 d, 1/2 d, 1/3 d, 29.53 d and 365.25 d (and a peak's width of them), and beyond half the span. A
    star may well have such a period; the data do not prove it.

    Examples
    --------
    >>> is_suspicious(np.array([0.0, 1000.0]), np.array([0.998, 0.6, 29.6, 700.0]))
    array([ True, False,  True,  True])
    """
    span = float(time[-1] - time[0])
    with np.errstate(divide="ignore", invalid="ignore"):
        frequency = 1.0 / np.asarray(period_days, dtype=np.float64)
    clocks = np.array([DAY, 2.0 * DAY, 3.0 * DAY, MONTH, YEAR])
    apart = np.abs(frequency[:, None] - clocks)
    # A day is sharp, a month or a year is as wide as a peak.
    reach = np.maximum(_NEAR * clocks, 0.5 / span)
    return np.asarray((apart < reach).any(axis=1) | (period_days > 0.5 * span))
