"""The light of two stars, one before the other: what the outline of the one in front leaves of the other."""

from __future__ import annotations

from goodricke.simulate.compiled import Floats, kernel
from goodricke.simulate.roche.horizon import DEPTH, LIMB, covered, diamond
from goodricke.simulate.roche.surface import E1, E2, REACH, SHRINK, P

__all__ = ["light_behind", "light_of_half"]


@kernel
def _places(
    cells: Floats,
    d: float,
    right: tuple[float, float, float],
    up: tuple[float, float, float],
    across: Floats,
    high: Floats,
) -> None:
    """Fill where the cells of the star behind are on the sky; all in the frame of the star in front.

    Its own frame is that one after half a turn about z.
    """
    px, py, pz, shrink = cells[P], cells[P + 1], cells[P + 2], cells[SHRINK]
    for k in range(across.size):
        f = shrink[k]
        x, y, z = d - px[k] * f, -py[k] * f, pz[k] * f
        across[k] = x * right[0] + y * right[1]
        high[k] = x * up[0] + y * up[1] + z * up[2]


@kernel
def light_behind(
    cells: Floats,
    d: float,
    right: tuple[float, float, float],
    up: tuple[float, float, float],
    table: Floats,
    bounds: tuple[float, float],
    shown: Floats,
    across: Floats,
    high: Floats,
) -> float:
    """Light of the star behind; directions in the frame of the star in front, whose outline is `table`.

    `shown` is the light of its cells without the eclipse; `across` and `high` are room for work.
    """
    least, greatest = bounds
    _places(cells, d, right, up, across, high)
    reach = cells[REACH]
    e1x, e1y, e1z, e2x, e2y, e2z = cells[E1], cells[E1 + 1], cells[E1 + 2], cells[E2], cells[E2 + 1], cells[E2 + 2]
    total = float(shown.sum())
    for k in range(shown.size):
        u, v = across[k], high[k]
        far, outer = u * u + v * v, greatest + reach[k]
        if far > outer * outer:
            continue
        part, inner = shown[k], least - reach[k]
        if part == 0.0:
            continue
        if inner > 0.0 and far < inner * inner:
            total -= part
            continue
        au, bu = -e1x[k] * right[0] - e1y[k] * right[1], -e2x[k] * right[0] - e2y[k] * right[1]
        av = -e1x[k] * up[0] - e1y[k] * up[1] + e1z[k] * up[2]
        bv = -e2x[k] * up[0] - e2y[k] * up[1] + e2z[k] * up[2]
        total -= part * covered(table, u, v, au, av, bu, bv)
    return total


@kernel
def light_of_half(
    cells: Floats,
    line: tuple[float, float, float],
    right: tuple[float, float, float],
    up: tuple[float, float, float],
    table: Floats,
    shown: Floats,
) -> float:
    """Light of the half of an envelope in front: its limb hides part of its neck."""
    nodes = table.shape[1]
    total = 0.0
    for k in range(shown.size):
        total += shown[k]
    neck = 0.5 * cells[P, 0]
    for k in range(shown.size):
        x = cells[P, k]
        if shown[k] == 0.0 or x <= neck:
            continue
        y, z = cells[P + 1, k], cells[P + 2, k]
        s = x * line[0] + y * line[1] + z * line[2]
        if s >= 0.0:
            continue
        u, v = x * right[0] + y * right[1], x * up[0] + y * up[1] + z * up[2]
        at = diamond(u, v) * (nodes // 4)
        j = min(int(at), nodes - 1)
        t = at - j
        after = (j + 1) % nodes
        if table[LIMB, j] > 0.0 and table[LIMB, after] > 0.0:
            limb = table[LIMB, j] + t * (table[LIMB, after] - table[LIMB, j])
            depth = table[DEPTH, j] + t * (table[DEPTH, after] - table[DEPTH, j])
            if s < depth and u * u + v * v < limb * limb:
                total -= shown[k]
    return total
