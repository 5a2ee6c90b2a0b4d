"""A curve as smooth pieces between contacts, each a polynomial through a few worked-out points.

Light near a contact grows as the 3/2 power of the time since (a square root for other reasons besides), so that pieces
inside eclipses are polynomials of ``t`` with angle = middle + half * sin(pi t / 2), in which such ends are smooth;
others are polynomials of the angle itself. Points are Chebyshev's, ends included, and ends are shared by neighbours
(Trefethen 2013, Approximation Theory and Approximation Practice; barycentric formula: Berrut & Trefethen 2004, SIAM
Review 46, 501).
"""

from __future__ import annotations

import math

import numpy as np

from goodricke.simulate.binary.contacts import contacts
from goodricke.simulate.binary.orbit import pace, position
from goodricke.simulate.compiled import Floats, kernel

__all__ = ["COUNT", "MOST", "cut", "place", "smeared", "spread", "unfold", "valued"]

MOST = 20
"""Pieces of a curve, at most."""

# Rows of the array of pieces: where one begins and ends, whether its ends are smoothed, how many points it has.
FROM, TO, BENT, COUNT = 0, 1, 2, 3
# A Gauss rule for the mean over an exposure within one piece.
_ABSCISSAS, _SHARES = np.polynomial.legendre.leggauss(6)


@kernel
def _wrapped(angle: float) -> float:
    """The same direction from -pi to pi."""
    return angle - 2.0 * math.pi * math.floor(angle / (2.0 * math.pi) + 0.5)


@kernel
def _part(angle: float, eclipses: Floats) -> int:
    """0 outside eclipses, 1 while one begins or ends, 2 between its inner contacts."""
    for k in range(2):
        from_middle = _wrapped(angle - math.pi * k)
        if eclipses[k, 0] < from_middle < eclipses[k, 3]:
            return 2 if eclipses[k, 1] < from_middle < eclipses[k, 2] else 1
    return 0


@kernel
def cut(
    one: Floats,
    two: Floats,
    inclination: float,
    e: float,
    periastron: float,
    folds: bool,
    counts: tuple[int, int, int],
    pieces: Floats,
) -> int:
    """Fill `pieces` (4, MOST) of the angles from -pi (0 when the curve `folds`) to pi; returns their number.

    `counts` are the points of a piece outside eclipses, in one, and between inner contacts.
    """
    eclipses = np.zeros((2, 4))
    contacts(two, one, inclination, (e, periastron, 0.0), eclipses[0])
    contacts(one, two, inclination, (e, periastron, math.pi), eclipses[1])
    ends = np.empty(MOST)
    ends[0], ends[1] = 0.0 if folds else -math.pi, math.pi
    n = 2
    for k in range(2):
        for c in range(4):
            at = _wrapped(eclipses[k, c] + math.pi * k)
            if at > ends[0]:
                ends[n] = at
                n += 1
    ends[:n].sort()
    made = 0
    for k in range(1, n):
        start = ends[0] if made == 0 else pieces[TO, made - 1]
        if ends[k] - start > 1e-6:
            part = _part(0.5 * (start + ends[k]), eclipses)
            pieces[FROM, made], pieces[TO, made] = start, ends[k]
            pieces[BENT, made], pieces[COUNT, made] = 1.0 if part == 1 else 0.0, counts[part]
            made += 1
    pieces[TO, made - 1] = math.pi
    return made


@kernel
def place(pieces: Floats, i: int, j: int) -> float:
    """Angle of point `j` of piece `i`."""
    middle, half = 0.5 * (pieces[FROM, i] + pieces[TO, i]), 0.5 * (pieces[TO, i] - pieces[FROM, i])
    t = -math.cos(math.pi * j / (pieces[COUNT, i] - 1.0))
    return float(middle + half * (math.sin(0.5 * math.pi * t) if pieces[BENT, i] > 0.0 else t))


@kernel
def _inside(pieces: Floats, n: int, angle: float) -> int:
    """Piece that holds an angle."""
    i = 0
    while i < n - 1 and angle > pieces[TO, i]:
        i += 1
    return i


@kernel
def _parameter(pieces: Floats, i: int, angle: float) -> float:
    """``t`` of an angle in piece `i`."""
    middle, half = 0.5 * (pieces[FROM, i] + pieces[TO, i]), 0.5 * (pieces[TO, i] - pieces[FROM, i])
    x = min(max((angle - middle) / half, -1.0), 1.0)
    return math.asin(x) * (2.0 / math.pi) if pieces[BENT, i] > 0.0 else x


@kernel
def _polynomial(values: Floats, knots: Floats, t: float) -> float:
    """Value at `t` of the polynomial through `values` at Chebyshev's points `knots`."""
    above, below, sign = 0.0, 0.0, 1.0
    last = knots.size - 1
    for j in range(last + 1):
        gap = t - knots[j]
        if abs(gap) < 1e-13:
            return float(values[j])
        weight = sign / gap if 0 < j < last else 0.5 * sign / gap
        above += weight * values[j]
        below += weight
        sign = -sign
    return above / below


@kernel
def spread(pieces: Floats, n: int) -> Floats:
    """Knots ``t`` (MOST, most points) of every piece."""
    knots = np.zeros((MOST, int(pieces[COUNT, :n].max())))
    for i in range(n):
        for j in range(int(pieces[COUNT, i])):
            knots[i, j] = -math.cos(math.pi * j / (pieces[COUNT, i] - 1.0))
    return knots


@kernel
def valued(pieces: Floats, n: int, knots: Floats, values: Floats, folds: bool, angle: float) -> float:
    """Value of the curve at an angle; `values` (MOST, most points) are those worked out."""
    at = _wrapped(angle)
    if folds:
        at = abs(at)
    i = _inside(pieces, n, at)
    count = int(pieces[COUNT, i])
    return _polynomial(values[i, :count], knots[i, :count], _parameter(pieces, i, at))


@kernel
def _integral(
    pieces: Floats, i: int, knots: Floats, values: Floats, low: float, high: float, e: float, w: float
) -> float:
    """Integral over phase of piece `i` between two angles inside it, by a rule in ``t``."""
    count = int(pieces[COUNT, i])
    first, last = _parameter(pieces, i, low), _parameter(pieces, i, high)
    middle, half = 0.5 * (pieces[FROM, i] + pieces[TO, i]), 0.5 * (pieces[TO, i] - pieces[FROM, i])
    total = 0.0
    for k in range(_ABSCISSAS.size):
        t = 0.5 * (first + last) + 0.5 * (last - first) * _ABSCISSAS[k]
        x, rate = t, 1.0
        if pieces[BENT, i] > 0.0:
            x, rate = math.sin(0.5 * math.pi * t), 0.5 * math.pi * math.cos(0.5 * math.pi * t)
        share = _SHARES[k] * half * rate * pace(middle + half * x, e, w)
        total += share * _polynomial(values[i, :count], knots[i, :count], t)
    return total * 0.5 * (last - first)


@kernel
def unfold(pieces: Floats, n: int, values: Floats) -> int:
    """Add the mirror images of the pieces from 0 to pi, in order; returns the number of all.

    Both arrays have room for `MOST` pieces.
    """
    for i in range(n - 1, -1, -1):
        pieces[:, n + i] = pieces[:, i]
        values[n + i] = values[i]
    for i in range(n):
        pieces[:, i] = pieces[:, 2 * n - 1 - i]
        pieces[FROM, i], pieces[TO, i] = -pieces[TO, 2 * n - 1 - i], -pieces[FROM, 2 * n - 1 - i]
        count = int(pieces[COUNT, i])
        for j in range(count):
            values[i, j] = values[2 * n - 1 - i, count - 1 - j]
    return 2 * n


@kernel
def smeared(
    pieces: Floats, n: int, knots: Floats, values: Floats, phase: float, width: float, e: float, w: float
) -> float:
    """Mean of a curve that is not folded over `width` cycles (less than 1) about a phase; `e`, `w`: the orbit's."""
    at = _wrapped(position(phase - 0.5 * width, e, w)[0])
    end = _wrapped(position(phase + 0.5 * width, e, w)[0])
    if end <= at:
        end += 2.0 * math.pi
    total, i = 0.0, _inside(pieces, n, at)
    turn = 0.0
    while at < end:
        stop = min(end, pieces[TO, i] + turn)
        total += _integral(pieces, i, knots, values, at - turn, stop - turn, e, w)
        at = stop
        i += 1
        if i == n:
            i, turn = 0, 2.0 * math.pi
    return total / width
