"""Light of both stars at one phase: own limbs, mutual eclipse, limb darkening."""

from __future__ import annotations

import math

import numpy as np

from goodricke.simulate.binary.limb import darkening
from goodricke.simulate.binary.orbit import position
from goodricke.simulate.binary.stars import (
    ECCENTRICITY,
    FILLOUT,
    FIRST,
    INCLINATION,
    LIMB_A,
    LIMB_B,
    PER_STAR,
    PERIASTRON,
    THIRD,
    build,
)
from goodricke.simulate.compiled import Floats, Ints, kernel, parallel_kernel, span
from goodricke.simulate.roche.horizon import DEPTH, LIMB, OUTLINE, covered, diamond, outline
from goodricke.simulate.roche.surface import BODY, E1, E2, LIGHT, RIM_Z, ROWS, SHRINK, SPREAD, D, N, P

__all__ = ["light", "many_curves", "one_curve"]


@kernel
def _sky(
    angle: float, inclination: float
) -> tuple[tuple[float, float, float], tuple[float, float, float], tuple[float, float, float]]:
    """Line of sight and two directions on the sky, in the frame of a star whose companion is nearer at angle 0."""
    ca, sa = math.cos(angle), math.sin(angle)
    ci, si = math.cos(inclination), math.sin(inclination)
    return (si * ca, -si * sa, ci), (sa, ca, 0.0), (-ci * ca, ci * sa, si)


@kernel
def _cosines(cells: Floats, lx: float, ly: float, lz: float, cosine: Floats) -> None:
    """Fill the cosine of the angle between normal and line of sight of every cell."""
    for k in range(cosine.size):
        cosine[k] = cells[N, k] * lx + cells[N + 1, k] * ly + cells[N + 2, k] * lz


@kernel
def _at_limb(cosine: Floats, k: int, n_azimuth: int, law: int, a: float, b: float) -> float:
    """Projection times limb darkening of a cell, so that the sum over cells is right wherever the limb lies.

    A sum of max(cosine, 0) over a row of cells depends on where the limb falls in them, and at mid-eclipse the limb
    runs along whole rows, so that errors do not cancel. The mean of max(cosine, 0) over the spread of a cell makes the
    sum the same everywhere but too large by a second-order term, the mean over twice the spread by four times that;
    4/3 of the one less 1/3 of the other has neither fault.
    """
    m = cosine[k]
    size = cosine.size
    before, after = k - n_azimuth, k + n_azimuth
    polar = 0.25 * (cosine[min(after, size - 1)] - cosine[max(before, 0)])
    if before < 0:
        polar = 0.5 * (cosine[after] - m)
    elif after >= size:
        polar = 0.5 * (m - cosine[before])
    j = k % n_azimuth
    left = k - 1 if j > 0 else k + n_azimuth - 1
    right = k + 1 if j < n_azimuth - 1 else k + 1 - n_azimuth
    turn = 0.25 * (cosine[right] - cosine[left])
    square = polar * polar + turn * turn
    if m * m >= 4.0 * square:
        return m * darkening(law, a, b, m) if m > 0.0 else 0.0
    half = math.sqrt(square)
    wide = (m + 2.0 * half) ** 2 / (8.0 * half)
    narrow = max(m, 0.0)
    if abs(m) < half:
        narrow = (m + half) ** 2 / (4.0 * half)
    return float((4.0 * narrow - wide) / 3.0 * darkening(law, a, b, narrow))


@kernel
def _bright(cells: Floats, cosine: Floats, k: int, n_azimuth: int, law: int, a: float, b: float) -> float:
    """Projection times limb darkening of a cell."""
    m = cosine[k]
    near = 2.0 * cells[SPREAD, k]
    if m >= near:
        return float(m * darkening(law, a, b, m))
    return 0.0 if m <= -near else _at_limb(cosine, k, n_azimuth, law, a, b)


@kernel
def light(
    cells: Floats, line: tuple[float, float, float], law: int, a: float, b: float, n_azimuth: int, cosine: Floats
) -> float:
    """Light of a star that nothing hides."""
    _cosines(cells, line[0], line[1], line[2], cosine)
    total = 0.0
    for k in range(cosine.size):
        total += cells[LIGHT, k] * _bright(cells, cosine, k, n_azimuth, law, a, b)
    return total


@kernel
def _light_behind(
    cells: Floats,
    d: float,
    line: tuple[float, float, float],
    right: tuple[float, float, float],
    up: tuple[float, float, float],
    table: Floats,
    bounds: tuple[float, float],
    coefficients: tuple[int, float, float],
    n_azimuth: int,
    cosine: Floats,
) -> float:
    """Light of the star behind; all directions in the frame of the star in front, whose outline is `table`."""
    law, a, b = coefficients
    least, greatest = bounds
    # The frame of the star behind is that of the one in front after half a turn about z.
    _cosines(cells, -line[0], -line[1], line[2], cosine)
    total = 0.0
    for k in range(cosine.size):
        part = cells[LIGHT, k] * _bright(cells, cosine, k, n_azimuth, law, a, b)
        if part == 0.0:
            continue
        f = cells[SHRINK, k]
        x, y, z = d - cells[P, k] * f, -cells[P + 1, k] * f, cells[P + 2, k] * f
        u = x * right[0] + y * right[1]
        v = x * up[0] + y * up[1] + z * up[2]
        far = math.sqrt(u * u + v * v)
        ax, ay, az = -cells[E1, k], -cells[E1 + 1, k], cells[E1 + 2, k]
        bx, by, bz = -cells[E2, k], -cells[E2 + 1, k], cells[E2 + 2, k]
        reach = 0.5 * (abs(ax) + abs(ay) + abs(az) + abs(bx) + abs(by) + abs(bz))
        if far > greatest + reach:
            total += part
        elif far + reach > least:
            au, av = ax * right[0] + ay * right[1], ax * up[0] + ay * up[1] + az * up[2]
            bu, bv = bx * right[0] + by * right[1], bx * up[0] + by * up[1] + bz * up[2]
            total += part * (1.0 - covered(table, u, v, au, av, bu, bv))
    return total


@kernel
def _light_of_half(
    cells: Floats,
    line: tuple[float, float, float],
    right: tuple[float, float, float],
    up: tuple[float, float, float],
    table: Floats,
    coefficients: tuple[int, float, float],
    n_azimuth: int,
    cosine: Floats,
) -> float:
    """Light of the half of an envelope in front: its limb hides part of its neck."""
    law, a, b = coefficients
    nodes = table.shape[1]
    _cosines(cells, line[0], line[1], line[2], cosine)
    total = 0.0
    for k in range(cosine.size):
        part = cells[LIGHT, k] * _bright(cells, cosine, k, n_azimuth, law, a, b)
        if part == 0.0:
            continue
        x, y, z = cells[P, k], cells[P + 1, k], cells[P + 2, k]
        s = x * line[0] + y * line[1] + z * line[2]
        if s < 0.0 and x > 0.5 * cells[P, 0]:
            u, v = x * right[0] + y * right[1], x * up[0] + y * up[1] + z * up[2]
            at = diamond(u, v) * (nodes // 4)
            j = min(int(at), nodes - 1)
            t = at - j
            after = (j + 1) % nodes
            if table[LIMB, j] > 0.0 and table[LIMB, after] > 0.0:
                limb = table[LIMB, j] + t * (table[LIMB, after] - table[LIMB, j])
                depth = table[DEPTH, j] + t * (table[DEPTH, after] - table[DEPTH, j])
                if s < depth and u * u + v * v < limb * limb:
                    continue
        total += part
    return total


@kernel
def _typical(cells: Floats) -> float:
    """Radius at the side of a star, for the start of a search."""
    k = cells.shape[1] // 2
    return math.sqrt(cells[P, k] ** 2 + cells[P + 1, k] ** 2 + cells[P + 2, k] ** 2)


@kernel
def _both(
    angle: float,
    numbers: Floats,
    law: int,
    one: Floats,
    two: Floats,
    cells1: Floats,
    cells2: Floats,
    table1: Floats,
    table2: Floats,
    n_azimuth: int,
    cosine: Floats,
) -> float:
    """Light of the two stars; the outlines found are kept in the tables for the next phase."""
    inclination = numbers[INCLINATION]
    first_behind = math.cos(angle) > 0.0
    if first_behind:
        front, body, near, far = cells2, two, 1, 0
        behind, table, turn = cells1, table2, angle + math.pi
    else:
        front, body, near, far = cells1, one, 0, 1
        behind, table, turn = cells2, table1, angle
    line, right, up = _sky(turn, inclination)
    a, b = FIRST + PER_STAR * near, FIRST + PER_STAR * far
    ours = (law, numbers[a + LIMB_A], numbers[a + LIMB_B])
    theirs = (law, numbers[b + LIMB_A], numbers[b + LIMB_B])
    contact = not math.isnan(numbers[FILLOUT])
    d = body[D]
    apart = d * math.sqrt(max(1.0 - line[0] * line[0], 0.0))
    if not contact and apart > (_reach(front) + _reach(behind)):
        back = (-line[0], -line[1], line[2])
        return light(front, line, law, ours[1], ours[2], n_azimuth, cosine) + light(
            behind, back, law, theirs[1], theirs[2], n_azimuth, cosine
        )
    bounds = outline(body, line, right, up, _typical(front), table)
    hidden = _light_behind(behind, d, line, right, up, table, bounds, theirs, n_azimuth, cosine)
    if contact and body[RIM_Z] > 0.0:
        return hidden + _light_of_half(front, line, right, up, table, ours, n_azimuth, cosine)
    return hidden + light(front, line, law, ours[1], ours[2], n_azimuth, cosine)


@kernel
def _reach(cells: Floats) -> float:
    """A little more than the greatest radius: that of the cell nearest to the companion, or at the back."""
    most = 0.0
    for i in range(0, cells.shape[1], max(cells.shape[1] // 64, 1)):
        most = max(most, cells[P, i] ** 2 + cells[P + 1, i] ** 2 + cells[P + 2, i] ** 2)
    return 1.03 * math.sqrt(most)


@kernel
def one_curve(
    numbers: Floats,
    spots: Floats,
    law: int,
    band: Floats,
    table: Floats,
    grid: tuple[Floats, Floats, int],
    nodes: int,
    phases: Floats,
    flux: Floats,
) -> int:
    """Fill the flux of one system at its phases; a status, 0 when all is well."""
    n = grid[0].size * grid[2]
    one, two = np.empty(BODY), np.empty(BODY)
    cells1, cells2 = np.empty((ROWS, n)), np.empty((ROWS, n))
    outline1, outline2 = np.zeros((OUTLINE, nodes)), np.zeros((OUTLINE, nodes))
    cosine = np.empty(n)
    e = numbers[ECCENTRICITY]
    status, mean = build(numbers, 1.0 - e, spots, law, band, table, grid, one, two, cells1, cells2)
    if status != 0:
        return status
    scale = (1.0 - numbers[THIRD]) / mean
    for k in range(phases.size):
        angle, d = position(phases[k], e, numbers[PERIASTRON])
        if e > 0.0:
            status, _ = build(numbers, d, spots, law, band, table, grid, one, two, cells1, cells2)
            if status != 0:
                return status
        flux[k] = numbers[THIRD] + scale * _both(
            angle, numbers, law, one, two, cells1, cells2, outline1, outline2, grid[2], cosine
        )
    return 0


@parallel_kernel
def many_curves(
    numbers: Floats,
    spots: Floats,
    spot_offsets: Ints,
    law: int,
    band: Floats,
    table: Floats,
    grid: tuple[Floats, Floats, int],
    nodes: int,
    phases: Floats,
    flux: Floats,
    status: Ints,
) -> None:
    """Fill flux (N, P) and status (N,) of all systems; `phases` is (P,) for all in common, as (1, P), or (N, P)."""
    for i in span(numbers.shape[0]):
        k = np.int64(i)  # numba's own index is unsigned, and would make a float of a sum
        own = spots[spot_offsets[k] : spot_offsets[k + 1]]
        row = min(k, np.int64(phases.shape[0] - 1))
        status[k] = one_curve(numbers[k], own, law, band, table, grid, nodes, phases[row], flux[k])
