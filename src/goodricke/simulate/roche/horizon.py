"""The outline of a star on the sky, and how much of a small cell it covers.

An outline is a table of the distance R from the projected centre at nodes spaced evenly in the diamond angle
``p = |v| / (|u| + |v|)`` of each quadrant (smooth, and needs no trigonometry), with dR/dp for Hermite's cubic.
"""

from __future__ import annotations

import math

from goodricke.simulate.compiled import Floats, kernel, small_kernel
from goodricke.simulate.roche.neck import tangent_point, tangent_step
from goodricke.simulate.roche.potential import gradient
from goodricke.simulate.roche.surface import END, LEVEL, RIM_Y, RIM_Z, SPIN, D, Q

__all__ = ["DEPTH", "EDGE", "LIMB", "OUTLINE", "SLOPE", "covered", "diamond", "outline", "uncovered"]

# Rows of an outline: R of the whole half-body, dR/dp; R of its smooth limb alone (0: none), depth of that limb towards
# the observer; unit vector of the node on the sky, d(angle)/dp.
EDGE, SLOPE, LIMB, DEPTH, ACROSS, HIGH, PER_P = 0, 1, 2, 3, 4, 5, 6
OUTLINE = 7


@kernel
def _set_directions(table: Floats) -> None:
    """Fill the unit vector on the sky of every node, and d(angle)/dp there."""
    nodes = table.shape[1]
    quarter = nodes // 4
    for k in range(nodes):
        quadrant = k // quarter
        p = (k - quadrant * quarter) / quarter
        length = 1.0 / ((1.0 - p) ** 2 + p * p)
        a, b = (1.0 - p) * math.sqrt(length), p * math.sqrt(length)
        if quadrant == 1:
            a, b = -b, a
        elif quadrant == 2:
            a, b = -a, -b
        elif quadrant == 3:
            a, b = b, -a
        table[ACROSS, k], table[HIGH, k], table[PER_P, k] = a, b, length


@kernel
def _disc_edge(body: Floats, line: tuple[float, float, float], out: tuple[float, float, float]) -> float:
    """Farthest point, along `out` from the centre, of the disc that closes a half-body; 0 where there is none.

    The disc is taken as an ellipse; it is tilted towards the observer on the side where it juts out.
    """
    if body[RIM_Z] <= 0.0 or out[0] <= 1e-9:
        return 0.0
    # The plane x = end in the half-plane of line and out: height = (end - s line_x) / out_x.
    y0, y1 = body[END] * out[1] / out[0], line[1] - line[0] * out[1] / out[0]
    z0, z1 = body[END] * out[2] / out[0], line[2] - line[0] * out[2] / out[0]
    wy, wz = 1.0 / body[RIM_Y] ** 2, 1.0 / body[RIM_Z] ** 2
    a = wy * y1 * y1 + wz * z1 * z1
    b = wy * y0 * y1 + wz * z0 * z1
    c = wy * y0 * y0 + wz * z0 * z0 - 1.0
    under = b * b - a * c
    if under <= 0.0:
        return 0.0
    root = math.sqrt(under)
    near = (body[END] - line[0] * ((-b + root) / a)) / out[0]
    far = (body[END] - line[0] * ((-b - root) / a)) / out[0]
    return float(max(near, far, 0.0))


@kernel
def _limb(
    body: Floats,
    line: tuple[float, float, float],
    out: tuple[float, float, float],
    along: float,
    height: float,
) -> tuple[float, float]:
    """Smooth limb along `out`: depth and distance, or (0, 0) where the surface has none before its end."""
    s, h, bend = tangent_point(body[LEVEL], body[Q], body[SPIN], body[D], line, out, along, height)
    if bend < 0.0 and h > 0.0 and s * line[0] + h * out[0] <= body[END] * (1.0 + 1e-9):
        return s, h
    return 0.0, 0.0


@kernel
def _move(
    body: Floats,
    line: tuple[float, float, float],
    right: tuple[float, float, float],
    up: tuple[float, float, float],
    size: float,
    table: Floats,
) -> None:
    """Two steps of Newton's method for the limb at every node from where it was at the phase before; NaN if too long.

    The steps are the same at every node, without branches and with few arrays, so that a processor takes several nodes
    at a time: here, and in ``_slopes``.
    """
    level, q, spin, d = body[LEVEL], body[Q], body[SPIN], body[D]
    limb, depth, across, high = table[LIMB], table[DEPTH], table[ACROSS], table[HIGH]
    for k in range(limb.size):
        du, dv = across[k], high[k]
        out = (du * right[0] + dv * up[0], du * right[1] + dv * up[1], du * right[2] + dv * up[2])
        s, h, _, _ = tangent_step(level, q, spin, d, line, out, depth[k], limb[k] if limb[k] > 0.0 else size)
        s, h, bend, far = tangent_step(level, q, spin, d, line, out, s, h)
        depth[k] = s
        limb[k] = h if (bend < 0.0) & (far < 0.02 * h) else math.nan


@kernel
def _slopes(
    body: Floats,
    line: tuple[float, float, float],
    right: tuple[float, float, float],
    up: tuple[float, float, float],
    table: Floats,
) -> None:
    """One more step for the distance of the limb at every node, and d(log R)/d(angle) there; NaN beyond the body."""
    level, q, spin, d, end = body[LEVEL], body[Q], body[SPIN], body[D], body[END] * (1.0 + 1e-9)
    limb, depth, slopes, across, high = table[LIMB], table[DEPTH], table[SLOPE], table[ACROSS], table[HIGH]
    for k in range(limb.size):
        du, dv, s, h = across[k], high[k], depth[k], limb[k]
        ox, oy, oz = du * right[0] + dv * up[0], du * right[1] + dv * up[1], du * right[2] + dv * up[2]
        tx, ty, tz = du * up[0] - dv * right[0], du * up[1] - dv * right[1], du * up[2] - dv * right[2]
        x = s * line[0] + h * ox
        value, gx, gy, gz = gradient(x, s * line[1] + h * oy, s * line[2] + h * oz, q, spin, d)
        rise = 1.0 / (gx * ox + gy * oy + gz * oz)
        limb[k] = h - (value - level) * rise
        slope = -(gx * tx + gy * ty + gz * tz) * rise
        slopes[k] = slope if x <= end else math.nan


@kernel
def _search(
    body: Floats,
    line: tuple[float, float, float],
    right: tuple[float, float, float],
    up: tuple[float, float, float],
    size: float,
    table: Floats,
    k: int,
) -> None:
    """Fill the limb at a node, and d(log R)/d(angle) there, from the start; 0 and NaN where there is none."""
    du, dv = table[ACROSS, k], table[HIGH, k]
    out = (du * right[0] + dv * up[0], du * right[1] + dv * up[1], du * right[2] + dv * up[2])
    s, h = _limb(body, line, out, 0.0, size)
    table[LIMB, k], table[DEPTH, k] = h, s
    if h > 0.0:
        x, y, z = s * line[0] + h * out[0], s * line[1] + h * out[1], s * line[2] + h * out[2]
        _, gx, gy, gz = gradient(x, y, z, body[Q], body[SPIN], body[D])
        tx, ty, tz = du * up[0] - dv * right[0], du * up[1] - dv * right[1], du * up[2] - dv * right[2]
        rise = gx * out[0] + gy * out[1] + gz * out[2]
        table[SLOPE, k] = -(gx * tx + gy * ty + gz * tz) / rise


@kernel
def outline(
    body: Floats,
    line: tuple[float, float, float],
    right: tuple[float, float, float],
    up: tuple[float, float, float],
    size: float,
    table: Floats,
) -> tuple[float, float]:
    """Fill `table` (OUTLINE, nodes) for the line of sight; what it holds already (or 0) is where the search starts.

    `size` is a typical radius. Returns the least and the greatest distance R.
    """
    nodes = table.shape[1]
    low, high = math.inf, 0.0
    step = 4.0 / nodes
    if table[ACROSS, 0] == 0.0:
        _set_directions(table)
    _move(body, line, right, up, size, table)
    _slopes(body, line, right, up, table)
    for k in range(nodes):
        if math.isnan(table[SLOPE, k]):
            _search(body, line, right, up, size, table, k)
        ox = table[ACROSS, k] * right[0] + table[HIGH, k] * up[0]
        oy = table[ACROSS, k] * right[1] + table[HIGH, k] * up[1]
        oz = table[ACROSS, k] * right[2] + table[HIGH, k] * up[2]
        edge = _disc_edge(body, line, (ox, oy, oz))
        if table[LIMB, k] == 0.0 and edge == 0.0:
            edge = max(body[END] * ox, 0.3 * size)  # the tip of a star that fills its lobe
        if table[LIMB, k] >= edge:
            edge = table[LIMB, k]
            table[SLOPE, k] *= edge * table[PER_P, k]
        else:
            table[SLOPE, k] = math.nan
        table[EDGE, k] = edge
        low, high = min(low, edge), max(high, edge)
    for k in range(nodes):
        if math.isnan(table[SLOPE, k]):
            table[SLOPE, k] = (table[EDGE, (k + 1) % nodes] - table[EDGE, (k - 1) % nodes]) / (2.0 * step)
    return low, high


@small_kernel
def diamond(u: float, v: float) -> float:
    """Angle of a direction as a number from 0 to 4."""
    size = abs(u) + abs(v)
    if size == 0.0:
        return 0.0
    if v >= 0.0:
        return v / size if u >= 0.0 else 1.0 - u / size
    return 2.0 - v / size if u < 0.0 else 3.0 + u / size


@small_kernel
def uncovered(gap: float, first: float, second: float) -> float:
    """Part of a parallelogram outside a straight edge.

    `gap` is the distance of its middle outside the edge, `first` and `second` the lengths of its sides across it.
    """
    a, b = 0.5 * max(first, second), 0.5 * min(first, second)
    far = abs(gap)
    if far >= a + b:
        part = 1.0
    elif far <= a - b:
        part = 0.5 + 0.5 * far / a
    else:
        part = 1.0 - (a + b - far) ** 2 / (8.0 * a * b)
    return part if gap >= 0.0 else 1.0 - part


@kernel
def covered(table: Floats, u: float, v: float, au: float, av: float, bu: float, bv: float) -> float:
    """Part of a cell at (u, v) on the sky, with sides a and b, that lies inside the outline."""
    nodes = table.shape[1]
    at = diamond(u, v) * (nodes // 4)
    k = min(int(at), nodes - 1)
    t = at - k
    after = (k + 1) % nodes
    step = 4.0 / nodes
    r0, r1 = table[EDGE, k], table[EDGE, after]
    m0, m1 = table[SLOPE, k] * step, table[SLOPE, after] * step
    rise = r1 - r0
    c2, c3 = 3.0 * rise - 2.0 * m0 - m1, m0 + m1 - 2.0 * rise
    edge = r0 + t * (m0 + t * (c2 + t * c3))
    by_p = (m0 + t * (2.0 * c2 + t * 3.0 * c3)) / step
    far = math.sqrt(u * u + v * v)
    gap = far - edge
    reach = abs(au) + abs(av) + abs(bu) + abs(bv)
    if gap > reach or far == 0.0:
        return 0.0 if gap > 0.0 else 1.0
    if gap < -reach:
        return 1.0
    cu, cv = u / far, v / far
    tilt = by_p / (edge * (abs(cu) + abs(cv)) ** 2)
    norm = 1.0 / math.sqrt(1.0 + tilt * tilt)
    nu, nv = (cu + tilt * cv) * norm, (cv - tilt * cu) * norm
    a_out, b_out = abs(au * nu + av * nv), abs(bu * nu + bv * nv)
    # The edge is round: spread over the width of a cell, more of it lies outside than inside.
    sag = (a_out * a_out + b_out * b_out) / (24.0 * edge)
    return 1.0 - uncovered(gap * norm + sag, a_out, b_out)
