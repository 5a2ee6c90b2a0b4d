"""The edge of a body on the sky, as seen from its own centre.

A body is a star, or a half of a contact envelope that the flat disc of its neck closes. Seen from the projected centre
its edge is one distance R per direction, since every ray from the centre leaves the body once. R stands at NODES equal
steps of the angle, and between them it is taken as straight in the angle: exact for a circle, and near it for a star.
"""

from __future__ import annotations

import math

import numpy as np

from goodricke.simulate.compiled import Floats, kernel
from goodricke.simulate.roche.potential import curvature, gradient, potential
from goodricke.simulate.roche.surface import END, LEVEL, RIM_Y, RIM_Z, SPIN, D, Q

__all__ = ["COS", "NODES", "SIN", "STEP", "Vector", "fill_limb", "sector_areas"]

Vector = tuple[float, float, float]

NODES = 96
STEP = 2.0 * math.pi / NODES
COS, SIN = np.cos(STEP * np.arange(NODES)), np.sin(STEP * np.arange(NODES))


@kernel
def _grazing(body: Floats, line: Vector, out: Vector, depth: float, height: float) -> tuple[float, float]:
    """Where `line` touches the surface in the half-plane of `line` and `out`: depth and height; height 0 if nowhere.

    Newton's method on potential = level and derivative along the line = 0. A point beyond the end of the body, or at
    the bottom of a neck, does not count.
    """
    lx, ly, lz = line
    ox, oy, oz = out
    reach = 0.2 * height
    for _ in range(15):
        x, y, z = depth * lx + height * ox, depth * ly + height * oy, depth * lz + height * oz
        value, gx, gy, gz = gradient(x, y, z, body[Q], body[SPIN], body[D])
        hx, hy, hz = curvature(x, y, z, body[Q], body[SPIN], body[D], lx, ly, lz)
        slope, rise = gx * lx + gy * ly + gz * lz, gx * ox + gy * oy + gz * oz
        bend, mixed = hx * lx + hy * ly + hz * lz, hx * ox + hy * oy + hz * oz
        miss = value - body[LEVEL]
        scale = 1.0 / (slope * mixed - rise * bend)
        by_depth = (rise * slope - miss * mixed) * scale
        by_height = (bend * miss - slope * slope) * scale
        far = max(abs(by_depth), abs(by_height))
        if not far < 1e3:
            return 0.0, 0.0
        damp = min(1.0, reach / far)
        depth += damp * by_depth
        height += damp * by_height
        if far < 1e-5 * abs(height):  # the next step would be its square
            inside = height > 0.0 and bend < 0.0 and depth * lx + height * ox <= body[END]
            return (depth, height) if inside else (0.0, 0.0)
    return 0.0, 0.0


@kernel
def _distance(body: Floats, x: float, y: float, z: float) -> float:
    """Distance from the centre to the surface along a unit vector, or to the plane that ends the body: bisection."""
    high = body[END] / x if x > 0.0 else math.inf
    # The potential falls outwards up to the end towards the companion, and to no less than this elsewhere.
    high = min(high, body[END])
    q, spin, d = body[Q], body[SPIN], body[D]
    if x > 0.0:
        while high * x < body[END] * 0.999 and potential(high * x, high * y, high * z, q, spin, d) > body[LEVEL]:
            high = min(1.1 * high, body[END] / x)
    else:
        while potential(high * x, high * y, high * z, q, spin, d) > body[LEVEL] and high < 2.0 * d:
            high *= 1.1
    if potential(high * x, high * y, high * z, q, spin, d) > body[LEVEL]:
        return float(high)
    low = 0.0
    for _ in range(40):
        middle = 0.5 * (low + high)
        if potential(middle * x, middle * y, middle * z, q, spin, d) > body[LEVEL]:
            low = middle
        else:
            high = middle
    return float(0.5 * (low + high))


@kernel
def _height(body: Floats, line: Vector, out: Vector, angle: float) -> float:
    """Distance from the line through the centre of the surface point at `angle` from the line."""
    c, s = math.cos(angle), math.sin(angle)
    far = _distance(body, c * line[0] + s * out[0], c * line[1] + s * out[1], c * line[2] + s * out[2])
    return float(s * far)


@kernel
def _searched(body: Floats, line: Vector, out: Vector) -> float:
    """Greatest height along `out`, by trying all angles: slow, for the few directions where Newton's method fails."""
    best, at = 0.0, 0
    for k in range(1, 48):
        height = _height(body, line, out, k * math.pi / 48.0)
        if height > best:
            best, at = height, k
    low, high = (at - 1) * math.pi / 48.0, (at + 1) * math.pi / 48.0
    for _ in range(22):
        third = (high - low) / 3.0
        if _height(body, line, out, low + third) < _height(body, line, out, high - third):
            low += third
        else:
            high -= third
    return max(best, _height(body, line, out, 0.5 * (low + high)))


@kernel
def _disc_edge(body: Floats, line: Vector, out: Vector) -> float:
    """Farthest point along `out` of the disc that closes a half-envelope (an ellipse); 0 where there is none."""
    if body[RIM_Z] <= 0.0 or out[0] <= 1e-9:
        return 0.0
    # In the half-plane of line and out the disc's plane is height = (end - depth line_x) / out_x.
    y0, y1 = body[END] * out[1] / out[0], line[1] - line[0] * out[1] / out[0]
    z0, z1 = body[END] * out[2] / out[0], line[2] - line[0] * out[2] / out[0]
    wy, wz = body[RIM_Y] ** -2, body[RIM_Z] ** -2
    a, b = wy * y1 * y1 + wz * z1 * z1, wy * y0 * y1 + wz * z0 * z1
    under = b * b - a * (wy * y0 * y0 + wz * z0 * z0 - 1.0)
    if under <= 0.0:
        return 0.0
    near, far = (-b + math.sqrt(under)) / a, (-b - math.sqrt(under)) / a
    return float(max((body[END] - line[0] * near) / out[0], (body[END] - line[0] * far) / out[0], 0.0))


@kernel
def fill_limb(body: Floats, line: Vector, ahead: Vector, side: Vector, mirrored: bool, edge: Floats) -> float:
    """Fill the distances `edge` (NODES,) from direction `ahead` towards `side`; returns the area inside.

    Where the body is its own mirror image across `ahead`, half the directions are worked out.
    """
    depth, height = 0.0, 0.9 / (body[LEVEL] - body[Q] / body[D])
    last = NODES // 2 + 1 if mirrored else NODES
    # From the far side of the body, where it is round, towards its companion and on.
    first = NODES // 2
    for step in range(last):
        k = (first + step) % NODES
        out = (
            COS[k] * ahead[0] + SIN[k] * side[0],
            COS[k] * ahead[1] + SIN[k] * side[1],
            COS[k] * ahead[2] + SIN[k] * side[2],
        )
        found, tall = _grazing(body, line, out, depth, height)
        if tall > 0.0:
            depth, height = found, tall
        disc = _disc_edge(body, line, out)
        if tall == 0.0 and disc == 0.0:
            tall = _searched(body, line, out)
        edge[k] = max(tall, disc)
        if mirrored:
            edge[(NODES - k) % NODES] = edge[k]
    total = 0.0
    for k in range(NODES):
        r, s = edge[k], edge[(k + 1) % NODES]
        total += r * r + r * s + s * s
    return total * STEP / 6.0


@kernel
def sector_areas(edge: Floats, sums: Floats) -> None:
    """Fill the areas `sums` (NODES + 1,) within the edge from direction 0 to each direction."""
    sums[0] = 0.0
    for k in range(NODES):
        r, s = edge[k], edge[(k + 1) % NODES]
        sums[k + 1] = sums[k] + (r * r + r * s + s * s) * STEP / 6.0
