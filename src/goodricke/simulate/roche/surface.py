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
    "AREA", "BODY", "E1", "E2", "END", "LEVEL", "LIGHT", "LOG_T", "REACH", "RIM_Y", "RIM_Z", "ROWS", "SHRINK", "SPIN",
    "SPREAD", "D", "N", "P", "Q",
    "fejer", "fill_cells", "largest", "radius", "rays", "set_level", "volume",
]  # fmt: skip

# Rows of the array of cells: position, normal, light (area times central intensity), the two edges of a cell,
# area, log of temperature, where on the radius a cell stands for eclipses, how far normals turn inside it, and half of
# its two edges together.
P, N, LIGHT, E1, E2, AREA, LOG_T, SHRINK, SPREAD, REACH = 0, 3, 6, 7, 10, 13, 14, 15, 16, 17
ROWS = 18
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
def rays(body: Floats, cosines: Floats, n_azimuth: int) -> Floats:
    """Directions of a quarter of the cells of a whole star or a half-envelope, and a first guess of their radii.

    (4, polar * azimuth / 4): x, y, z, radius; those of one polar angle lie together.
    """
    quarter = n_azimuth // 4
    made = np.empty((4, cosines.size * quarter))
    crowd = CROWD if body[RIM_Z] > 0.0 else 0.0
    end = body[END]
    for j in range(quarter):
        angle = (j + 0.5) * 2.0 * math.pi / n_azimuth
        cos_a, sin_a = math.cos(angle), math.sin(angle)
        edge = rim(end, body[LEVEL], body[Q], cos_a, sin_a, body[RIM_Z])
        stop = end / math.sqrt(end * end + edge * edge)
        for i in range(cosines.size):
            t = cosines[i]
            u = -1.0 + 0.5 * (1.0 + stop) * (1.0 + t + 0.5 * crowd * (1.0 - t * t))
            s = math.sqrt(1.0 - u * u)
            k = i * quarter + j
            made[0, k], made[1, k], made[2, k] = u, s * cos_a, s * sin_a
            made[3, k] = 1.0 / (body[LEVEL] - body[Q] / body[D])
    return made


@kernel
def _approach(body: Floats, lines: Floats, steps: int) -> None:
    """Newton steps of all radii at once: the same for every ray and without branches, for vector code."""
    q, spin, d, level = body[Q], body[SPIN], body[D], body[LEVEL]
    dx, dy, dz, radii = lines[0], lines[1], lines[2], lines[3]
    for _ in range(steps):
        for k in range(radii.size):
            r = radii[k]
            value, gx, gy, gz = gradient(r * dx[k], r * dy[k], r * dz[k], q, spin, d)
            slope = gx * dx[k] + gy * dy[k] + gz * dz[k]
            new = r - (value - level) / slope
            radii[k] = new if (slope < 0.0) & (new > 0.5 * r) & (new < 2.0 * r) else 0.9 * r


@kernel
def _arrive(body: Floats, lines: Floats) -> None:
    """Radii of all rays to nine digits."""
    _approach(body, lines, 5)
    q, spin, d, level = body[Q], body[SPIN], body[D], body[LEVEL]
    for k in range(lines.shape[1]):
        dx, dy, dz, r = lines[0, k], lines[1, k], lines[2, k], lines[3, k]
        value, gx, gy, gz = gradient(r * dx, r * dy, r * dz, q, spin, d)
        step = (value - level) / (gx * dx + gy * dy + gz * dz)
        # A step of 1e-5 leaves its square.
        lines[3, k] = r - step if abs(step) < 1e-5 * r else radius(body, dx, dy, dz, r)


@kernel
def _held(body: Floats, lines: Floats, weights: Floats, n_azimuth: int) -> tuple[float, float]:
    """Volume of a whole star within its rays, and its derivative with respect to the potential."""
    total, change = 0.0, 0.0
    q, spin, d = body[Q], body[SPIN], body[D]
    quarter = n_azimuth // 4
    for k in range(lines.shape[1]):
        dx, dy, dz, r = lines[0, k], lines[1, k], lines[2, k], lines[3, k]
        _, gx, gy, gz = gradient(r * dx, r * dy, r * dz, q, spin, d)
        weight = weights[k // quarter] * r * r
        total += weight * r / 3.0
        change += weight / (gx * dx + gy * dy + gz * dz)
    scale = 8.0 * math.pi / n_azimuth
    return total * scale, change * scale


@kernel
def volume(body: Floats, cosines: Floats, weights: Floats, n_azimuth: int) -> tuple[float, float]:
    """Volume of a whole star, and its derivative with respect to the potential."""
    lines = rays(body, cosines, n_azimuth)
    _arrive(body, lines)
    return _held(body, lines, weights, n_azimuth)


@kernel
def set_level(body: Floats, asked: float, limit: float, cosines: Floats, weights: Floats, n_azimuth: int) -> bool:
    """Find the potential of a whole star of the volume `asked`; False when it comes to the `limit` of its lobe.

    Newton's method on log volume, while the radii follow the potential.
    """
    level = max(1.0 / (asked * 0.75 / math.pi) ** (1.0 / 3.0) + body[Q] / body[D], limit * (1.0 + 1e-9))
    body[LEVEL] = level
    lines = rays(body, cosines, n_azimuth)
    _approach(body, lines, 2)
    for _ in range(30):
        _approach(body, lines, 2)
        held, change = _held(body, lines, weights, n_azimuth)
        step = math.log(asked / held) * held / change
        level = max(level + step, 0.5 * (level + limit))
        body[LEVEL] = level
        if abs(step) < 1e-11 * level:
            return True
        if level < limit * (1.0 + 1e-9):
            break
    return False


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
    q, spin, d, end = body[Q], body[SPIN], body[D], body[END]
    n = cosines.size
    turn = 2.0 * math.pi / n_azimuth
    quarter = n_azimuth // 4
    crowd = CROWD if body[RIM_Z] > 0.0 else 0.0
    lines = rays(body, cosines, n_azimuth)
    _arrive(body, lines)
    for j in range(quarter):
        cos_a, sin_a = math.cos((j + 0.5) * turn), math.sin((j + 0.5) * turn)
        edge = rim(end, body[LEVEL], q, cos_a, sin_a, body[RIM_Z])
        stop = end / math.sqrt(end * end + edge * edge)
        for i in range(n):
            t = cosines[i]
            u, r = lines[0, i * quarter + j], lines[3, i * quarter + j]
            s = math.sqrt(1.0 - u * u)
            spread = 0.5 * (1.0 + stop) * (1.0 - crowd * t)
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
            first, second = ax * ax + ay * ay + az * az, bx * bx + by * by + bz * bz
            shrink = 1.0 - (first + second) / (24.0 * r * r)
            reach = 0.5 * (math.sqrt(first) + math.sqrt(second))
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
                cells[AREA, k], cells[SHRINK, k], cells[REACH, k] = area, shrink, reach
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


@kernel
def largest(cells: Floats) -> float:
    """A little more than the greatest radius: that of some cells from the companion's side to the back."""
    most = 0.0
    for i in range(0, cells.shape[1], max(cells.shape[1] // 64, 1)):
        most = max(most, cells[P, i] ** 2 + cells[P + 1, i] ** 2 + cells[P + 2, i] ** 2)
    return 1.03 * math.sqrt(most)
