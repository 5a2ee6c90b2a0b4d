"""How much of one outline on the sky lies outside another."""

from __future__ import annotations

import math

from goodricke.simulate.compiled import Floats, kernel
from goodricke.simulate.eclipses.limb import COS, NODES, SIN, STEP

__all__ = ["outside"]


@kernel
def _room(edge: Floats, u: float, v: float) -> float:
    """Distance from a point to the edge along the ray from the centre: positive inside."""
    at = math.atan2(v, u) / STEP
    if at < 0.0:
        at += NODES
    k = min(int(at), NODES - 1)
    return float(edge[k] + (at - k) * (edge[(k + 1) % NODES] - edge[k]) - math.sqrt(u * u + v * v))


@kernel
def _on_edge(edge: Floats, at: float) -> tuple[float, float, float]:
    """Point of an edge at `at` steps, relative to its centre, and its distance."""
    k = int(at) % NODES
    r = edge[k] + (at - math.floor(at)) * (edge[(k + 1) % NODES] - edge[k])
    return r * math.cos(at * STEP), r * math.sin(at * STEP), r


@kernel
def _sector(edge: Floats, sums: Floats, at: float) -> float:
    """Area within the edge from direction 0 to `at` steps."""
    k = min(int(at), NODES - 1)
    t = at - k
    r = edge[k]
    s = r + t * (edge[(k + 1) % NODES] - r)
    return float(sums[k] + (r * r + r * s + s * s) * t * STEP / 6.0)


@kernel
def _crossing(far: Floats, near: Floats, apart: float, k: int, before: float, after: float) -> float:
    """Where between nodes k and k + 1 the edge of `far` meets that of `near`: false position, with Illinois' cure."""
    low, high = float(k), k + 1.0
    middle = low
    for _ in range(40):
        middle = (low * after - high * before) / (after - before)
        u, v, _ = _on_edge(far, middle)
        room = _room(near, u + apart, v)
        if abs(room) < 1e-12 or high - low < 1e-10:
            break
        if (room > 0.0) == (after > 0.0):
            high, after = middle, room
            before *= 0.5
        else:
            low, before = middle, room
            after *= 0.5
    return middle


@kernel
def _arc(far: Floats, sums: Floats, near: Floats, near_sums: Floats, apart: float, start: float, stop: float) -> float:
    """Area between the edge of `far` from its node `start` to `stop` (out of `near` and back) and that of `near`.

    Green's theorem around the centre of `near`; both edges run in the same sense.
    """
    u0, v0, _ = _on_edge(far, start)
    u1, v1, _ = _on_edge(far, stop)
    laps = math.floor(stop / NODES) - math.floor(start / NODES)
    own = _sector(far, sums, stop % NODES) - _sector(far, sums, start % NODES) + laps * sums[NODES]
    own += 0.5 * apart * (v1 - v0)
    a = math.atan2(v0, u0 + apart) / STEP % NODES
    b = math.atan2(v1, u1 + apart) / STEP % NODES
    other = _sector(near, near_sums, b) - _sector(near, near_sums, a)
    # A sliver's ends may change places by rounding; else the angle goes forward.
    if b < a and not (stop - start < 1.0 and a - b < 1e-3):
        other += near_sums[NODES]
    return float(own - other)


@kernel
def outside(far: Floats, sums: Floats, near: Floats, near_sums: Floats, apart: float) -> tuple[float, float]:
    """Area inside the edge `far` and outside `near`, and the least room of `far`'s nodes inside `near`.

    The centre of `far` is `apart` from that of `near` in direction 0; `sums` are from ``sector_areas``.
    """
    first = _room(near, far[0] + apart, 0.0)
    least, before = first, first
    # The arc that is open when the round begins is closed by the first way in, one lap later.
    area, way_out, first_in = 0.0, -1.0, -1.0
    for k in range(NODES):
        j = (k + 1) % NODES
        after = first if j == 0 else _room(near, far[j] * COS[j] + apart, far[j] * SIN[j])
        least = min(least, after)
        if before >= 0.0 and after < 0.0:
            way_out = _crossing(far, near, apart, k, before, after)
        elif before < 0.0 and after >= 0.0:
            way_in = _crossing(far, near, apart, k, before, after)
            if way_out >= 0.0:
                area += _arc(far, sums, near, near_sums, apart, way_out, way_in)
                way_out = -1.0
            else:
                first_in = way_in
        before = after
    if way_out >= 0.0:
        area += _arc(far, sums, near, near_sums, apart, way_out, first_in + NODES)
    elif least < 0.0 and area == 0.0:
        within = _room(far, -apart, 0.0) > 0.0
        area = sums[NODES] - near_sums[NODES] if within else sums[NODES]
    return max(area, 0.0), least
