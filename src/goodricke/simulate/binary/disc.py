"""What a star shows along a line of sight: projection and limb darkening of each cell, right also at its own limb."""

from __future__ import annotations

import math

from goodricke.simulate.binary.limb import darkening
from goodricke.simulate.compiled import Floats, kernel
from goodricke.simulate.roche.surface import LIGHT, SPREAD, N

__all__ = ["show"]


@kernel
def _cosines(cells: Floats, lx: float, ly: float, lz: float, cosine: Floats) -> None:
    """Fill the cosine of the angle between normal and line of sight of every cell."""
    nx, ny, nz = cells[N], cells[N + 1], cells[N + 2]
    for k in range(cosine.size):
        cosine[k] = nx[k] * lx + ny[k] * ly + nz[k] * lz


@kernel
def _away_from_limb(light: Floats, cosine: Floats, law: int, a: float, b: float, shown: Floats) -> None:
    """Fill the light of every cell as if its normal were the same all over it."""
    if law == 0:
        for k in range(cosine.size):
            m = 0.5 * (cosine[k] + abs(cosine[k]))
            t = 1.0 - m
            shown[k] = light[k] * m * (1.0 - t * (a + b * t))
        return
    for k in range(cosine.size):
        m = cosine[k]
        shown[k] = light[k] * m * darkening(law, a, b, m) if m > 0.0 else 0.0


@kernel
def _at_limb(m: float, square: float, law: int, a: float, b: float) -> float:
    """Projection times limb darkening of a cell, so that the sum over cells is right wherever the limb lies.

    A sum of max(cosine, 0) over a row of cells depends on where the limb falls in them, and at mid-eclipse the limb
    runs along whole rows, so that errors do not cancel. The mean of max(cosine, 0) over the spread of a cell (`square`:
    of its half-width) makes the sum the same everywhere but too large by a second-order term, the mean over twice the
    spread by four times that; 4/3 of the one less 1/3 of the other has neither fault.
    """
    half = math.sqrt(square)
    share = 0.125 / half
    wide = (m + 2.0 * half) ** 2 * share
    narrow = max(m, 0.0)
    if abs(m) < half:
        narrow = (m + half) ** 2 * (2.0 * share)
    return float((4.0 * narrow - wide) / 3.0 * darkening(law, a, b, narrow))


@kernel
def show(
    cells: Floats,
    line: tuple[float, float, float],
    law: int,
    a: float,
    b: float,
    n_azimuth: int,
    cosine: Floats,
    shown: Floats,
) -> None:
    """Fill the light of every cell of a star that nothing hides; `cosine` is room for work."""
    _cosines(cells, line[0], line[1], line[2], cosine)
    light, spread = cells[LIGHT], cells[SPREAD]
    _away_from_limb(light, cosine, law, a, b, shown)
    rows = cosine.size // n_azimuth
    for i in range(rows):
        base = i * n_azimuth
        low, high = max(i - 1, 0) * n_azimuth, min(i + 1, rows - 1) * n_azimuth
        scale = 0.25 if 0 < i < rows - 1 else 0.5
        for j in range(n_azimuth):
            k = base + j
            m = cosine[k]
            if abs(m) < 2.0 * spread[k]:
                left = j - 1 if j > 0 else n_azimuth - 1
                right = j + 1 if j < n_azimuth - 1 else 0
                polar = scale * (cosine[high + j] - cosine[low + j])
                turn = 0.25 * (cosine[base + right] - cosine[base + left])
                square = polar * polar + turn * turn
                if m * m < 4.0 * square:
                    shown[k] = light[k] * _at_limb(m, square, law, a, b)
