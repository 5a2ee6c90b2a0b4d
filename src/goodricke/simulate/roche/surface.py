"""A star's surface on a regular grid whose axis is the line of centres.

Rows are the mid-points of equal steps in psi, with ``cos(polar angle)`` = -1 + (1 + c) (1 + cos psi) / 2 from the back
(-1) to c: 1 for a whole star, the rim of the neck for a half of a contact envelope, so that the neck is one pole (where
rows stand closer than that). Fejer's weights make the sum over psi as exact as a Gaussian one with equal steps. The
azimuth has mid-points too; only a quarter of it is solved, the rest is its mirror image in y and z.
"""

from __future__ import annotations

import math

import numpy as np

from goodricke.simulate.compiled import Floats, kernel
from goodricke.simulate.roche.neck import rim
from goodricke.simulate.roche.potential import gradient

__all__ = [
    "AREA", "BODY", "E1", "E2", "END", "LEVEL", "LIGHT", "LOG_T", "RIM_Y", "RIM_Z", "ROWS", "SHRINK", "SPIN", "SPREAD",
    "D", "N", "P", "Q",
    "fejer", "fill_cells", "radius", "volume",
]  # fmt: skip

# Rows of the array of cells: position, normal, light (area times central intensity), the two edges of a cell,
# area, log of temperature, where on the radius a cell stands for eclipses, and how far normals turn inside it.
P, N, LIGHT, E1, E2, AREA, LOG_T, SHRINK, SPREAD = 0, 3, 6, 7, 10, 13, 14, 15, 16
ROWS = 17
# Entries of the array of a body: mass ratio, spin, separation, potential, the plane x where it ends (the neck, or L1),
# half-axes of the disc that closes it there (0: a whole star).
Q, SPIN, D, LEVEL, END, RIM_Y, RIM_Z = 0, 1, 2, 3, 4, 5, 6
BODY = 7
# How much closer the rows of a half-envelope stand at its neck, where the surface bends most (0: as on a whole star).
CROWD = 0.7


def fejer(n: int) -> tuple[Floats, Floats]:
    """Cosines of the mid-points of n equal steps over half a turn, and Fejer's weights (first rule), which sum to 2.

    Examples
    --------
    >>> x, w = fejer(6)
    >>> bool(abs((w * x**4).sum() - 2 / 5) < 1e-14)
    True
    """
    angle = (np.arange(n) + 0.5) * np.pi / n
    m = np.arange(1, n // 2 + 1)
    weight = (2.0 / n) * (1.0 - 2.0 * (np.cos(2.0 * np.outer(angle, m)) / (4.0 * m * m - 1.0)).sum(axis=1))
    return np.cos(angle), weight


@kernel
def radius(body: Floats, dx: float, dy: float, dz: float, start: float) -> float:
    """Distance from the centre to the surface along a unit vector; Newton's method, held back where it would leap."""
    q, spin, d, level = body[Q], body[SPIN], body[D], body[LEVEL]
    r = start
    for _ in range(60):
        value, gx, gy, gz = gradient(r * dx, r * dy, r * dz, q, spin, d)
        slope = gx * dx + gy * dy + gz * dz
        if slope >= 0.0:  # beyond the saddle
            r *= 0.9
            continue
        step = -(value - level) / slope
        step = min(max(step, -0.5 * r), r)
        r += step
        if abs(step) < 1e-9 * r:
            break
    return r


@kernel
def volume(body: Floats, cosines: Floats, weights: Floats, n_azimuth: int) -> tuple[float, float]:
    """Volume of a whole star, and its derivative with respect to the potential."""
    total, change = 0.0, 0.0
    q, spin, d = body[Q], body[SPIN], body[D]
    for j in range(n_azimuth // 4):
        angle = (j + 0.5) * 2.0 * math.pi / n_azimuth
        cos_a, sin_a = math.cos(angle), math.sin(angle)
        r = 1.0 / body[LEVEL]
        for i in range(cosines.size - 1, -1, -1):
            u = cosines[i]
            s = math.sqrt(1.0 - u * u)
            dy, dz = s * cos_a, s * sin_a
            r = radius(body, u, dy, dz, r)
            _, gx, gy, gz = gradient(r * u, r * dy, r * dz, q, spin, d)
            total += weights[i] * r**3 / 3.0
            change += weights[i] * r * r / (gx * u + gy * dy + gz * dz)
    scale = 8.0 * math.pi / n_azimuth
    return total * scale, change * scale


@kernel
def _vectors(
    r: float, u: float, s: float, cos_a: float, sin_a: float, g: tuple[float, float, float]
) -> tuple[float, float, float, float, float, float, float]:
    """Cosine between normal and radius, then d(position)/d(polar angle) and the same per azimuth (x, y, z each)."""
    gx, gy, gz = g
    slope = gx * u + (gy * cos_a + gz * sin_a) * s
    by_polar = -r * (-gx * s + (gy * cos_a + gz * sin_a) * u) / slope
    by_turn = -r * s * (gz * cos_a - gy * sin_a) / slope
    size = math.sqrt(gx * gx + gy * gy + gz * gz)
    px = by_polar * u - r * s
    pr = by_polar * s + r * u
    tx = by_turn * u
    tr = by_turn * s
    return -slope / size, px, pr, tx, tr, r * s, size


@kernel
def fill_cells(
    body: Floats, cosines: Floats, weights: Floats, n_azimuth: int, cells: Floats, log_gravity: Floats
) -> None:
    """Fill position, normal, edges and area of every cell, and the logarithm of gravity.

    Cells of one polar angle lie together. `cells` is (ROWS, polar * azimuth) and `log_gravity` (polar * azimuth,).
    """
    q, spin, d, level, end = body[Q], body[SPIN], body[D], body[LEVEL], body[END]
    n = cosines.size
    turn = 2.0 * math.pi / n_azimuth
    crowd = CROWD if body[RIM_Z] > 0.0 else 0.0
    for j in range(n_azimuth // 4):
        cos_a, sin_a = math.cos((j + 0.5) * turn), math.sin((j + 0.5) * turn)
        edge = rim(end, level, q, cos_a, sin_a, body[RIM_Z])
        stop = end / math.sqrt(end * end + edge * edge)
        r = 1.0 / level
        for i in range(n - 1, -1, -1):
            t = cosines[i]
            u = -1.0 + 0.5 * (1.0 + stop) * (1.0 + t + 0.5 * crowd * (1.0 - t * t))
            spread = 0.5 * (1.0 + stop) * (1.0 - crowd * t)
            s = math.sqrt(1.0 - u * u)
            r = radius(body, u, s * cos_a, s * sin_a, r)
            x, y, z = r * u, r * s * cos_a, r * s * sin_a
            _, gx, gy, gz = gradient(x, y, z, q, spin, d)
            beam, px, pr, tx, tr, tt, size = _vectors(r, u, s, cos_a, sin_a, (gx, gy, gz))
            # d(polar angle)/d(psi), times the step.
            polar = spread * math.sqrt(1.0 - t * t) / s * math.pi / n
            area = spread * weights[i] * turn * r * r / beam
            ax, ay, az = px * polar, pr * cos_a * polar, pr * sin_a * polar
            bx, by, bz = tx * turn, (tr * cos_a - tt * sin_a) * turn, (tr * sin_a + tt * cos_a) * turn
            # Where an eclipse's edge is spread over the width of a cell its place moves by the square of that width, as
            # cells look narrower towards the limb; this moves it back (exact for square cells of a sphere).
            shrink = 1.0 - (ax * ax + ay * ay + az * az + bx * bx + by * by + bz * bz) / (24.0 * r * r)
            for copy in range(4):
                my = 1.0 if copy == 0 or copy == 3 else -1.0
                mz = 1.0 if copy < 2 else -1.0
                jj = j
                if copy == 1:
                    jj = n_azimuth // 2 - 1 - j
                elif copy == 2:
                    jj = n_azimuth // 2 + j
                elif copy == 3:
                    jj = n_azimuth - 1 - j
                k = i * n_azimuth + jj
                cells[P, k], cells[P + 1, k], cells[P + 2, k] = x, my * y, mz * z
                cells[N, k], cells[N + 1, k], cells[N + 2, k] = -gx / size, -my * gy / size, -mz * gz / size
                cells[E1, k], cells[E1 + 1, k], cells[E1 + 2, k] = ax, my * ay, mz * az
                cells[E2, k], cells[E2 + 1, k], cells[E2 + 2, k] = bx, my * by, mz * bz
                cells[AREA, k], cells[SHRINK, k] = area, shrink
                log_gravity[k] = math.log(size)
    _fill_spread(cells, n_azimuth)


@kernel
def _turned(cells: Floats, here: int, there: int) -> float:
    """Square of the change of the normal between two cells."""
    return float(
        (cells[N, here] - cells[N, there]) ** 2
        + (cells[N + 1, here] - cells[N + 1, there]) ** 2
        + (cells[N + 2, here] - cells[N + 2, there]) ** 2
    )


@kernel
def _fill_spread(cells: Floats, n_azimuth: int) -> None:
    """Fill the greatest half-width, over all lines of sight, of the cosines of normals in a cell."""
    n = cells.shape[1] // n_azimuth
    for i in range(n):
        low, high = max(i - 1, 0), min(i + 1, n - 1)
        scale = 0.25 if high - low < 2 else 0.0625
        for j in range(n_azimuth):
            before, after = (j + n_azimuth - 1) % n_azimuth, (j + 1) % n_azimuth
            polar = scale * _turned(cells, low * n_azimuth + j, high * n_azimuth + j)
            turn = 0.0625 * _turned(cells, i * n_azimuth + before, i * n_azimuth + after)
            cells[SPREAD, i * n_azimuth + j] = math.sqrt(polar + turn)
