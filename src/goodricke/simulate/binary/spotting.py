"""Round spots on a star: the part of each cell that a spot covers."""

from __future__ import annotations

import math

from goodricke.simulate.compiled import Floats, kernel
from goodricke.simulate.roche.horizon import uncovered
from goodricke.simulate.roche.surface import E1, E2, P

__all__ = ["spot_cover"]


@kernel
def spot_cover(cells: Floats, k: int, colatitude: float, longitude: float, size: float) -> float:
    """Part of cell `k` in a cone about the star's centre; angles in radians, longitude 0 towards the companion.

    The cone's edge is taken as straight across a cell, so a spot much smaller than a cell keeps its place, and its area
    only roughly.
    """
    x, y, z = cells[P, k], cells[P + 1, k], cells[P + 2, k]
    r = math.sqrt(x * x + y * y + z * z)
    sx, sy, sz = (
        math.sin(colatitude) * math.cos(longitude),
        math.sin(colatitude) * math.sin(longitude),
        math.cos(colatitude),
    )
    cosine = min(max((x * sx + y * sy + z * sz) / r, -1.0), 1.0)
    away = math.acos(cosine)
    sine = math.sqrt(1.0 - cosine * cosine)
    if sine < 1e-9:
        return 1.0 if away < size else 0.0
    # Change of the angle from the spot's centre along the two edges of the cell.
    gx, gy, gz = (
        (x * cosine / r - sx) / (sine * r),
        (y * cosine / r - sy) / (sine * r),
        (z * cosine / r - sz) / (sine * r),
    )
    first = abs(cells[E1, k] * gx + cells[E1 + 1, k] * gy + cells[E1 + 2, k] * gz)
    second = abs(cells[E2, k] * gx + cells[E2 + 1, k] * gy + cells[E2 + 2, k] * gz)
    return 1.0 - uncovered(away - size, first, second)
