"""When the outlines of two stars touch: the orbit's angles at which an eclipse begins and its total part begins.

Outlines are taken to touch on the line through both centres. For round stars that is exact, for stars that fill their
lobes near enough for what it serves, pieces of a curve that are smooth inside: three directions made nothing better.
"""

from __future__ import annotations

import math

from goodricke.simulate.binary.orbit import separation, sky
from goodricke.simulate.compiled import Floats, kernel
from goodricke.simulate.roche.neck import tangent_point
from goodricke.simulate.roche.surface import END, LEVEL, SPIN, D, Q

__all__ = ["contacts"]

# Gaps: from outside, and of the smaller outline from lying wholly within the larger.
OUTSIDE, INSIDE = 0, 1


@kernel
def _limb_along(body: Floats, line: tuple[float, float, float], x: float, y: float, z: float) -> float:
    """Distance of the limb along a direction on the sky; that of the body's end where it would lie beyond."""
    size = float(1.0 / (body[LEVEL] - body[Q] / body[D]))
    s, h, bend = tangent_point(body[LEVEL], body[Q], body[SPIN], body[D], line, (x, y, z), 0.0, size)
    if not (bend < 0.0 and h > 0.0):
        return size
    ahead = s * line[0] + h * x
    return h if ahead <= body[END] else float(h * body[END] / ahead)


@kernel
def _gap(
    which: int, near: Floats, far: Floats, offset: float, inclination: float, orbit: tuple[float, float, float]
) -> float:
    """Gap between the outlines at an angle from the conjunction, in semi-major axes; below 0 they overlap.

    `orbit` is eccentricity, argument of periastron, and the angle of the conjunction.
    """
    line, right, up = sky(offset + math.pi, inclination)
    u, v = right[0], up[0]
    size = math.sqrt(u * u + v * v)
    apart = size * separation(orbit[2] + offset, orbit[0], orbit[1])
    u, v = (u / size, v / size) if size > 1e-9 else (1.0, 0.0)
    x, y, z = u * right[0] + v * up[0], u * right[1] + v * up[1], u * right[2] + v * up[2]
    # The frame of the star behind is that of the one in front after half a turn about z.
    back = (-line[0], -line[1], line[2])
    ours, theirs = _limb_along(near, line, x, y, z), _limb_along(far, back, x, y, -z)
    if which == OUTSIDE:
        return apart - theirs - ours
    hidden = apart + _limb_along(far, back, -x, -y, z) - ours
    ring = apart + _limb_along(near, line, -x, -y, -z) - theirs
    return min(hidden, ring)


@kernel
def _root(
    which: int,
    near: Floats,
    far: Floats,
    low: float,
    high: float,
    inclination: float,
    orbit: tuple[float, float, float],
) -> float:
    """Angle between `low`, where the gap is below 0, and `high` where it is zero; `high` where it is below 0 there too.

    False position with the Illinois rule, to 2e-5 of the range.
    """
    below = _gap(which, near, far, low, inclination, orbit)
    above = _gap(which, near, far, high, inclination, orbit)
    if not (below < 0.0 < above):
        return high if below < 0.0 else low
    side, small = 0, 2e-5 * abs(high - low)
    for _ in range(20):
        at = (low * above - high * below) / (above - below)
        value = _gap(which, near, far, at, inclination, orbit)
        if value < 0.0:
            done = abs(at - low) < small
            low, below = at, value
            above *= 0.5 if side == -1 else 1.0
            side = -1
        else:
            done = abs(at - high) < small
            high, above = at, value
            below *= 0.5 if side == 1 else 1.0
            side = 1
        if done:
            return at
    return 0.5 * (low + high)


@kernel
def _deepest(near: Floats, far: Floats, inclination: float, orbit: tuple[float, float, float]) -> float:
    """Angle from the conjunction at which the outlines overlap most; on a circle the conjunction itself."""
    if orbit[0] == 0.0:
        return 0.0
    best, least = 0.0, math.inf
    for k in range(-8, 9):
        value = _gap(OUTSIDE, near, far, 0.05 * k, inclination, orbit)
        if value < least:
            best, least = 0.05 * k, value
    return best


@kernel
def contacts(near: Floats, far: Floats, inclination: float, orbit: tuple[float, float, float], found: Floats) -> bool:
    """Fill the angles from a conjunction of first, second, third and fourth contact; whether there is an eclipse.

    Parameters
    ----------
    near, far : (BODY,)
        The stars in front and behind.
    inclination : float
        Radians.
    orbit : tuple
        Eccentricity, argument of periastron and angle of the conjunction, radians.
    found : (4,)
        Filled; second and third are equal where nothing is hidden wholly.
    """
    middle = _deepest(near, far, inclination, orbit)
    if _gap(OUTSIDE, near, far, middle, inclination, orbit) >= 0.0:
        return False
    found[0] = _root(OUTSIDE, near, far, middle, -0.5 * math.pi, inclination, orbit)
    found[3] = -found[0]
    if orbit[0] > 0.0:
        found[3] = _root(OUTSIDE, near, far, middle, 0.5 * math.pi, inclination, orbit)
    found[1], found[2] = middle, middle
    if _gap(INSIDE, near, far, middle, inclination, orbit) < 0.0:
        found[1] = _root(INSIDE, near, far, middle, found[0], inclination, orbit)
        found[2] = -found[1]
        if orbit[0] > 0.0:
            found[2] = _root(INSIDE, near, far, middle, found[3], inclination, orbit)
    return True
