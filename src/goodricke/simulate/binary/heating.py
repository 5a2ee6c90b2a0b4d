"""Reflection: each star warms the other (Lambert's kernel; Wilson 1990, ApJ 356, 613)."""

from __future__ import annotations

import math

import numpy as np

from goodricke.simulate.binary.spotting import spot_cover
from goodricke.simulate.compiled import Floats, kernel
from goodricke.simulate.roche.surface import AREA, LOG_T, N, P, largest

__all__ = ["warm"]


@kernel
def _glow(cells: Floats, star: int, spots: Floats, warmth: Floats, glow: Floats) -> bool:
    """Fill what each cell sends out (area times T^4, spots and what it reflects included); whether it has spots."""
    spotted = False
    for k in range(glow.size):
        glow[k] = math.exp(4.0 * cells[LOG_T, k]) * cells[AREA, k]
    for s in range(spots.shape[0]):
        if spots[s, 0] == star:
            spotted = True
            for k in range(glow.size):
                part = spot_cover(cells, k, spots[s, 1], spots[s, 2], spots[s, 3])
                glow[k] *= 1.0 + part * (spots[s, 4] ** 4 - 1.0)
    for k in range(glow.size):
        glow[k] += cells[AREA, k] * math.exp(4.0 * cells[LOG_T, k]) * (math.exp(4.0 * warmth[k]) - 1.0)
    return spotted


@kernel
def _in_sight(cells: Floats, d: float, reach: float, n_azimuth: int) -> int:
    """Cells in the rows, from the companion's side on, from which something of a sphere around it can be seen."""
    for k in range(cells.shape[1] - 1, -1, -1):
        towards = (
            cells[N, k] * (d - cells[P, k]) - cells[N + 1, k] * cells[P + 1, k] - cells[N + 2, k] * cells[P + 2, k]
        )
        if towards > -reach:
            return (k // n_azimuth + 1) * n_azimuth
    return 0


@kernel
def _received(here: Floats, k: int, there: Floats, glow: Floats, d: float, darkening: float) -> float:
    """Light that cell `k` receives, over that of a unit of T^4, times pi."""
    x, y, z = here[P, k], here[P + 1, k], here[P + 2, k]
    nx, ny, nz = here[N, k], here[N + 1, k], here[N + 2, k]
    px, py, pz, mx, my, mz = there[P], there[P + 1], there[P + 2], there[N], there[N + 1], there[N + 2]
    total = 0.0
    for j in range(glow.size):
        # The companion's frame is turned by half a turn about the spin.
        rx, ry, rz = d - px[j] - x, -py[j] - y, pz[j] - z
        arrives = nx * rx + ny * ry + nz * rz
        leaves = mz[j] * -rz + mx[j] * rx + my[j] * ry
        near2 = 1.0 / (rx * rx + ry * ry + rz * rz)
        near = math.sqrt(near2)
        tilt = 0.5 * (leaves + abs(leaves)) * near
        total += glow[j] * (arrives + abs(arrives)) * near * near2 * tilt * (1.0 - darkening * (1.0 - tilt))
    return 0.5 * total


@kernel
def warm(
    here: Floats,
    there: Floats,
    d: float,
    albedo: float,
    darkening: float,
    n_azimuth: int,
    source: int,
    spots: Floats,
    warmth: Floats,
    gain: Floats,
) -> None:
    """Fill `gain`: what to add to the log temperature of each cell `here` for the light of the cells `there`.

    `warmth` is the same for the cells `there` at the pass before, 0 at the first. `source` is the number of the star
    `there`, `darkening` its linear bolometric limb darkening. Without spots on it only a quarter of the cells is worked
    out: all is its own mirror image.
    """
    glow = np.empty(_in_sight(there, d, largest(here), n_azimuth))
    spotted = _glow(there, source, spots, warmth, glow)
    scale = albedo / (math.pi * (1.0 - darkening / 3.0))
    half = n_azimuth // 2
    for i in range(_in_sight(here, d, largest(there), n_azimuth) // n_azimuth):
        base = i * n_azimuth
        for q in range(n_azimuth if spotted else n_azimuth // 4):
            k = base + q
            added = scale * _received(here, k, there, glow, d, darkening) / math.exp(4.0 * here[LOG_T, k])
            rise = 0.25 * math.log(1.0 + added)
            gain[k] = rise
            if not spotted:
                gain[base + half - 1 - q] = rise
                gain[base + half + q] = rise
                gain[base + n_azimuth - 1 - q] = rise
