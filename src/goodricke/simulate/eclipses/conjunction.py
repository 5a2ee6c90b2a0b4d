"""What is hidden at one place in the orbit, and where around it a star is hidden wholly."""

from __future__ import annotations

import math

import numpy as np

from goodricke.simulate.binary.orbit import position
from goodricke.simulate.compiled import Floats, kernel
from goodricke.simulate.eclipses.limb import NODES, fill_limb, sector_areas
from goodricke.simulate.eclipses.overlap import outside
from goodricke.simulate.roche.surface import RIM_Y, RIM_Z

__all__ = ["HIDDEN", "covers", "hides_until", "nearest", "total_until"]

HIDDEN = 5e-4
"""Part of a star's disc that may stick out of a total eclipse, and that must be hidden in any eclipse."""


@kernel
def covers(
    front: Floats, behind: Floats, d: float, angle: float, inclination: float
) -> tuple[float, float, float, float, float]:
    """Look at two stars `angle` away from the conjunction at which `behind` is farther away (radians).

    Returns
    -------
    part : float
        Of the disc of the star behind that is seen; the flat face of a neck is no part of a disc.
    area, front_area : float
        Of the two discs.
    room : float
        Least distance of the edge of the star behind inside that of the one in front.
    apart : float
        Distance of the centres on the sky.
    """
    si, ci = math.sin(inclination), math.cos(inclination)
    ca, sa = math.cos(angle), math.sin(angle)
    # The frame of the star in front: its companion is ahead along x and away from the observer.
    line = (-si * ca, si * sa, ci)
    across = math.sqrt(max(1.0 - line[0] * line[0], 0.0))
    ahead = (0.0, 0.0, 1.0)
    if across > 1e-7:
        ahead = (across, -line[0] * line[1] / across, -line[0] * line[2] / across)
    side = (
        line[1] * ahead[2] - line[2] * ahead[1],
        line[2] * ahead[0] - line[0] * ahead[2],
        line[0] * ahead[1] - line[1] * ahead[0],
    )
    mirrored = angle == 0.0
    near, far = np.empty(NODES), np.empty(NODES)
    near_sums, far_sums = np.empty(NODES + 1), np.empty(NODES + 1)
    front_area = fill_limb(front, line, ahead, side, mirrored, near)
    # Half a turn about z brings one star's frame to the other's.
    area = fill_limb(
        behind,
        (-line[0], -line[1], line[2]),
        (-ahead[0], -ahead[1], ahead[2]),
        (-side[0], -side[1], side[2]),
        mirrored,
        far,
    )
    sector_areas(near, near_sums)
    sector_areas(far, far_sums)
    seen, room = outside(far, far_sums, near, near_sums, d * across)
    disc = math.pi * front[RIM_Y] * front[RIM_Z] * abs(line[0])
    return seen / (area - disc), area - disc, front_area - disc, room, d * across


@kernel
def _sliver(area: float, front_area: float) -> float:
    """Height of the sliver of a round star that sticks out of a larger one by the part HIDDEN of its disc."""
    small, large = math.sqrt(area / math.pi), math.sqrt(front_area / math.pi)
    bend = small * large / max(large - small, 0.02 * large)
    return float((0.75 * HIDDEN * area / math.sqrt(2.0 * bend)) ** (2.0 / 3.0))


@kernel
def _look(
    front: Floats, behind: Floats, d: float, angle: float, inclination: float, apart: float, in_orbit: bool
) -> tuple[float, float, float, float, float]:
    """``covers`` where the centres are that far apart on the sky: elsewhere in the orbit, or at another inclination."""
    along = math.sqrt(max(1.0 - (apart / d) ** 2, 0.0))
    if in_orbit:
        return covers(front, behind, d, math.acos(min(along / abs(math.sin(inclination)), 1.0)), inclination)
    return covers(front, behind, d, angle, math.asin(min(along / abs(math.cos(angle)), 1.0)))


@kernel
def hides_until(front: Floats, behind: Floats, d: float, angle: float, inclination: float, in_orbit: bool) -> float:
    """Distance of the centres on the sky at which the star behind just ceases to be wholly hidden.

    What changes is the inclination, or (`in_orbit`) the place in a circular orbit. Negative where it is never hidden.
    What sticks out grows as the power 3/2 of its height, and the height with the distance.
    """
    low, high = d * abs(math.cos(inclination)) if in_orbit else d * abs(math.sin(angle)), d
    part, area, front_area, room, apart = _look(front, behind, d, angle, inclination, low, in_orbit)
    if part >= HIDDEN:
        return -1.0
    fine = 3e-5 * math.sqrt(front_area)
    aim = apart
    for _ in range(20):
        if part < HIDDEN:
            low = max(low, apart)
        else:
            high = min(high, apart)
        if part > 1e-3 * HIDDEN and room < 0.0:
            aim = apart - room * ((HIDDEN / part) ** (2.0 / 3.0) - 1.0)
        else:
            aim = apart + room + _sliver(area, front_area)
        if not low < aim < high:
            aim = 0.5 * (low + high)
        if abs(aim - apart) < fine:
            break
        part, area, front_area, room, apart = _look(front, behind, d, angle, inclination, aim, in_orbit)
    return aim


@kernel
def nearest(conjunction: float, inclination: float, e: float, periastron: float) -> tuple[float, float, float]:
    """Where, near the conjunction at that angle of the orbit, the stars look closest: angle, phase, separation.

    Golden section in the angle, within one radian.
    """
    if e == 0.0:
        return conjunction, conjunction / (2.0 * math.pi), 1.0
    start, si = 0.5 * math.pi - periastron, math.sin(inclination)
    gold = 0.5 * (math.sqrt(5.0) - 1.0)
    low, high = conjunction - 1.0, conjunction + 1.0
    for _ in range(40):
        a, b = high - gold * (high - low), low + gold * (high - low)
        if _apart(a, si, start, e) < _apart(b, si, start, e):
            high = b
        else:
            low = a
    angle = 0.5 * (low + high)
    cycles = (_mean_anomaly(start + angle, e) - _mean_anomaly(start, e)) / (2.0 * math.pi)
    return angle, cycles - math.floor(cycles), (1.0 - e * e) / (1.0 + e * math.cos(start + angle))


@kernel
def _apart(angle: float, si: float, start: float, e: float) -> float:
    """Square of the distance of the centres on the sky, up to a factor."""
    return (1.0 - (si * math.cos(angle)) ** 2) / (1.0 + e * math.cos(start + angle)) ** 2


@kernel
def _mean_anomaly(v: float, e: float) -> float:
    x = 2.0 * math.atan2(math.sqrt(1.0 - e) * math.sin(0.5 * v), math.sqrt(1.0 + e) * math.cos(0.5 * v))
    return x - e * math.sin(x)


@kernel
def total_until(
    front: Floats, behind: Floats, conjunction: float, phase: float, inclination: float, e: float, periastron: float
) -> float:
    """Cycles from first to last moment at which the star behind is wholly hidden, around such a phase; bisection.

    The shapes are held as they are at that phase.
    """
    width = 0.0
    for way in (-1.0, 1.0):
        low, high = 0.0, 0.25
        for _ in range(14):
            middle = 0.5 * (low + high)
            angle, d = position(phase + way * middle, e, periastron)
            part = 1.0
            if math.cos(angle - conjunction) > 0.0:
                part = covers(front, behind, d, angle - conjunction, inclination)[0]
            if part < HIDDEN:
                low = middle
            else:
                high = middle
        width += low
    return width
