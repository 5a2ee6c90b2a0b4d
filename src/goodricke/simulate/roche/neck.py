"""The plane that parts a contact envelope into two stars, and its rim."""

from __future__ import annotations

import math

from goodricke.simulate.compiled import kernel, small_kernel
from goodricke.simulate.roche.potential import curvature, gradient, inner_point

__all__ = ["neck", "rim", "tangent_point", "tangent_step"]


@small_kernel
def tangent_step(
    level: float,
    q: float,
    spin: float,
    d: float,
    line: tuple[float, float, float],
    out: tuple[float, float, float],
    along: float,
    height: float,
) -> tuple[float, float, float, float]:
    """One step of ``tangent_point``: the new point, the second derivative at the old one, the length of the full step.

    Steps longer than 0.15 of the height are shortened to that.
    """
    lx, ly, lz = line
    ox, oy, oz = out
    x, y, z = along * lx + height * ox, along * ly + height * oy, along * lz + height * oz
    value, gx, gy, gz = gradient(x, y, z, q, spin, d)
    hx, hy, hz = curvature(x, y, z, q, spin, d, lx, ly, lz)
    slope_l, slope_o = gx * lx + gy * ly + gz * lz, gx * ox + gy * oy + gz * oz
    bend, mixed = hx * lx + hy * ly + hz * lz, hx * ox + hy * oy + hz * oz
    miss = value - level
    scale = 1.0 / (slope_l * mixed - slope_o * bend)
    da = -(miss * mixed - slope_o * slope_l) * scale
    dh = -(slope_l * slope_l - bend * miss) * scale
    long = abs(da) + abs(dh)
    reach = 0.15 * (abs(height) + 1e-3)
    damp = reach / (reach + 0.5 * (long - reach + abs(long - reach)))
    return along + damp * da, height + damp * dh, bend, long


@kernel
def tangent_point(
    level: float,
    q: float,
    spin: float,
    d: float,
    line: tuple[float, float, float],
    out: tuple[float, float, float],
    along: float,
    height: float,
) -> tuple[float, float, float]:
    """Point of a surface where `line` grazes it, in the half-plane of `line` and `out`.

    Newton's method in (along, height) on potential = level and derivative along the line = 0.

    Returns
    -------
    along, height, bend : float
        The point, and the second derivative along the line: negative on a limb, positive at the bottom of a neck;
        NaN when there is no such point near the start.
    """
    for _ in range(12):
        along, height, bend, long = tangent_step(level, q, spin, d, line, out, along, height)
        if not long < 1e3:
            break
        if long < 3e-5 * abs(height):  # the next step would be its square
            return along, height, bend
    return along, height, math.nan


@kernel
def neck(level: float, q: float) -> tuple[float, float]:
    """Plane x where the envelope is thinnest in the section through the poles, and its half-height there."""
    x = inner_point(q, 1.0, 1.0)
    at_point = gradient(x, 0.0, 0.0, q, 1.0, 1.0)[0]
    depth = at_point - level
    if depth <= 1e-12 * level:  # rounding of a lobe that is just full
        return x, 0.0
    bend = -curvature(x, 0.0, 0.0, q, 1.0, 1.0, 0.0, 0.0, 1.0)[2]
    start = math.sqrt(2.0 * depth / bend)
    at, height, _ = tangent_point(level, q, 1.0, 1.0, (1.0, 0.0, 0.0), (0.0, 0.0, 1.0), x, start)
    return at, height


@kernel
def rim(x: float, level: float, q: float, cos_a: float, sin_a: float, start: float) -> float:
    """Radius of the neck in the plane `x` at the angle whose cosine (y) and sine (z) are given.

    Newton's method on the square of the radius, in which the potential is nearly straight.
    """
    if start <= 0.0:
        return 0.0
    square = start * start
    for _ in range(30):
        r = math.sqrt(square)
        value, _, gy, gz = gradient(x, r * cos_a, r * sin_a, q, 1.0, 1.0)
        step = (value - level) * 2.0 * r / (gy * cos_a + gz * sin_a)
        square = max(square - step, 0.25 * square)
        if abs(step) < 1e-12 * square:
            break
    return math.sqrt(square)
