"""Light of both stars at one phase, and the curves of many systems.

Where the time of a contact binary goes at the fast setting (24 x 24 cells a star, some 28 points of the curve; one
core, 0.6 to 0.7 ms): surfaces, temperatures and light of the cells 0.06 ms, contacts 0.02 ms, reflection 0.2 ms more
where asked for; then at each point of the curve some 2 us for what each star shows (nearly all of it at the limb), 2.6
for the outline, 3.8 for the cells that it covers (a tenth of them need its edge) and 1.2 for the neck. The sums over
all cells, in vector code, take 0.1 us of that: the floor is the work at limbs and edges.
"""

from __future__ import annotations

import math

import numpy as np

from goodricke.simulate.binary.disc import show
from goodricke.simulate.binary.eclipse import light_behind, light_of_half
from goodricke.simulate.binary.orbit import position, separation, sky, swing
from goodricke.simulate.binary.pieces import COUNT, MOST, cut, place, smeared, spread, unfold, valued
from goodricke.simulate.binary.stars import (
    BEAMING,
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
from goodricke.simulate.roche.horizon import OUTLINE, outline
from goodricke.simulate.roche.surface import BODY, RIM_Z, ROWS, D, P, largest

__all__ = ["many_curves", "one_curve"]


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
    work: Floats,
) -> float:
    """Light of the two stars; the outlines found are kept in the tables for the next phase."""
    inclination = numbers[INCLINATION]
    recedes = swing(angle, numbers[ECCENTRICITY], numbers[PERIASTRON])
    first, second = 1.0 - numbers[BEAMING] * recedes, 1.0 + numbers[BEAMING + 1] * recedes
    if math.cos(angle) > 0.0:
        front, body, near, far = cells2, two, FIRST + PER_STAR, FIRST
        behind, table, turn = cells1, table2, angle + math.pi
        of_front, of_behind = second, first
    else:
        front, body, near, far = cells1, one, FIRST, FIRST + PER_STAR
        behind, table, turn = cells2, table1, angle
        of_front, of_behind = first, second
    line, right, up = sky(turn, inclination)
    d = body[D]
    ours, theirs = work[0], work[1]
    show(front, line, law, numbers[near + LIMB_A], numbers[near + LIMB_B], n_azimuth, work[2], ours)
    back = (-line[0], -line[1], line[2])
    show(behind, back, law, numbers[far + LIMB_A], numbers[far + LIMB_B], n_azimuth, work[2], theirs)
    contact = not math.isnan(numbers[FILLOUT])
    apart = d * math.sqrt(max(1.0 - line[0] * line[0], 0.0))
    if not contact and apart > (largest(front) + largest(behind)):
        return float(of_front * ours.sum() + of_behind * theirs.sum())
    bounds = outline(body, line, right, up, _typical(front), table)
    left = of_behind * light_behind(behind, d, right, up, table, bounds, theirs, work[2], work[3])
    if contact and body[RIM_Z] > 0.0:
        return float(left + of_front * light_of_half(front, line, right, up, table, ours))
    return float(left + of_front * ours.sum())


@kernel
def _work_out(
    numbers: Floats,
    spots: Floats,
    law: int,
    band: Floats,
    table: Floats,
    grid: tuple[Floats, Floats, int],
    nodes: int,
    stars: tuple[Floats, Floats, Floats, Floats],
    angles: Floats,
    light: Floats,
) -> int:
    """Fill the light of both stars at angles of the orbit; a status."""
    one, two, cells1, cells2 = stars
    outline1, outline2 = np.zeros((OUTLINE, nodes)), np.zeros((OUTLINE, nodes))
    work = np.empty((4, cells1.shape[1]))
    e, periastron = numbers[ECCENTRICITY], numbers[PERIASTRON]
    for k in range(angles.size):
        if e > 0.0:
            d = separation(angles[k], e, periastron)
            status, _ = build(numbers, d, spots, law, band, table, grid, one, two, cells1, cells2)
            if status != 0:
                return status
        light[k] = _both(angles[k], numbers, law, one, two, cells1, cells2, outline1, outline2, grid[2], work)
    return 0


@kernel
def _points(pieces: Floats, n: int, angles: Floats) -> int:
    """Fill the angles of all points of all pieces, those that neighbours share once; returns their number."""
    m = 0
    for i in range(n):
        for j in range(0 if i == 0 else 1, int(pieces[COUNT, i])):
            angles[m] = place(pieces, i, j)
            m += 1
    return m


@kernel
def _shared(pieces: Floats, n: int, light: Floats, values: Floats) -> None:
    """Give every piece its own points."""
    m = 0
    for i in range(n):
        for j in range(int(pieces[COUNT, i])):
            values[i, j] = light[m]
            m += 1
        m -= 1


@kernel
def one_curve(
    numbers: Floats,
    spots: Floats,
    law: int,
    band: Floats,
    table: Floats,
    grid: tuple[Floats, Floats, int],
    nodes: int,
    counts: tuple[int, int, int],
    phases: Floats,
    smear: float,
    flux: Floats,
) -> int:
    """Fill the flux of one system at its phases; a status, 0 when all is well.

    `nodes` are those of an outline; `counts` are points of the curve's pieces outside eclipses, in one and between
    inner contacts, all 0 to work out every phase. `smear` is the exposure in cycles.
    """
    n = grid[0].size * grid[2]
    one, two = np.empty(BODY), np.empty(BODY)
    cells1, cells2 = np.empty((ROWS, n)), np.empty((ROWS, n))
    stars = (one, two, cells1, cells2)
    e, periastron = numbers[ECCENTRICITY], numbers[PERIASTRON]
    status, mean = build(numbers, 1.0 - e, spots, law, band, table, grid, one, two, cells1, cells2)
    if status != 0:
        return status
    scale = (1.0 - numbers[THIRD]) / mean
    pieces, parts, some = np.zeros((4, MOST)), 0, phases.size + 1
    angles = np.empty(phases.size)
    folds = e == 0.0 and spots.shape[0] == 0 and numbers[BEAMING] == 0.0 and numbers[BEAMING + 1] == 0.0
    if counts[0] > 0:
        parts = cut(one, two, numbers[INCLINATION], e, periastron, folds, counts, pieces)
        some = int(pieces[COUNT, :parts].sum()) - parts + 1
    if some > phases.size and smear == 0.0:
        for k in range(phases.size):
            angles[k] = position(phases[k], e, periastron)[0]
        status = _work_out(numbers, spots, law, band, table, grid, nodes, stars, angles, flux)
        flux[:] = numbers[THIRD] + scale * flux
        return status
    angles, light = np.empty(some), np.empty(some)
    _points(pieces, parts, angles)
    status = _work_out(numbers, spots, law, band, table, grid, nodes, stars, angles, light)
    knots = spread(pieces, parts)
    values = np.zeros(knots.shape)
    _shared(pieces, parts, numbers[THIRD] + scale * light, values)
    if smear > 0.0:
        if folds:
            parts = unfold(pieces, parts, values)
            knots = spread(pieces, parts)
        for k in range(phases.size):
            flux[k] = smeared(pieces, parts, knots, values, phases[k], smear, e, periastron)
        return status
    for k in range(phases.size):
        flux[k] = valued(pieces, parts, knots, values, folds, position(phases[k], e, periastron)[0])
    return status


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
    counts: tuple[int, int, int],
    phases: Floats,
    offsets: Ints,
    smear: Floats,
    flux: Floats,
    status: Ints,
) -> None:
    """Fill flux (M,) and status (N,) of all systems, each at its own part of the phases."""
    for i in span(numbers.shape[0]):
        k = np.int64(i)  # numba's own index is unsigned, and would make a float of a sum
        own = spots[spot_offsets[k] : spot_offsets[k + 1]]
        a, b = offsets[k], offsets[k + 1]
        status[k] = one_curve(numbers[k], own, law, band, table, grid, nodes, counts, phases[a:b], smear[k], flux[a:b])
