"""Where the two stars are at a phase, and how we look at them."""

from __future__ import annotations

import math

import numpy as np

from goodricke.simulate.compiled import Floats, Ints, kernel

__all__ = ["pace", "position", "seen_at", "separation", "sky", "swing", "true_anomaly"]


@kernel
def true_anomaly(mean: float, e: float) -> float:
    """True anomaly of a mean anomaly (radians): Kepler's equation by Newton's method, from a start that converges."""
    m = mean - 2.0 * math.pi * math.floor(mean / (2.0 * math.pi) + 0.5)
    x = m + 0.85 * e * (1.0 if m >= 0.0 else -1.0)
    for _ in range(50):
        step = (x - e * math.sin(x) - m) / (1.0 - e * math.cos(x))
        x -= step
        if abs(step) < 1e-13:
            break
    return 2.0 * math.atan2(math.sqrt(1.0 + e) * math.sin(0.5 * x), math.sqrt(1.0 - e) * math.cos(0.5 * x))


@kernel
def separation(angle: float, e: float, periastron: float) -> float:
    """Separation in semi-major axes at an angle of the orbit from superior conjunction of star 1."""
    return (1.0 - e * e) / (1.0 + e * math.cos(angle + 0.5 * math.pi - periastron))


@kernel
def pace(angle: float, e: float, periastron: float) -> float:
    """Phase over angle (cycles per radian) by Kepler's second law."""
    return separation(angle, e, periastron) ** 2 / (2.0 * math.pi * math.sqrt(1.0 - e * e))


@kernel
def position(phase: float, e: float, periastron: float) -> tuple[float, float]:
    """Angle of the orbit from superior conjunction of star 1 (radians), and separation in semi-major axes.

    `periastron` is its argument in radians; phase 0 is the conjunction, where true anomaly + argument = 90 degrees.
    """
    if e == 0.0:
        return 2.0 * math.pi * phase, 1.0
    start = 0.5 * math.pi - periastron
    x = 2.0 * math.atan2(math.sqrt(1.0 - e) * math.sin(0.5 * start), math.sqrt(1.0 + e) * math.cos(0.5 * start))
    v = true_anomaly(x - e * math.sin(x) + 2.0 * math.pi * phase, e)
    return v - start, (1.0 - e * e) / (1.0 + e * math.cos(v))


@kernel
def swing(angle: float, e: float, periastron: float) -> float:
    """Velocity of star 1 away from us at an angle of the orbit, in units of its semi-amplitude."""
    return e * math.cos(periastron) - math.sin(angle)


@kernel
def seen_at(numbers: Floats, offsets: Ints, phases: Floats) -> Floats:
    """Phases (M,) of the configuration that is seen at phases (M,): light from farther away left earlier.

    Row i of `numbers` (those of ``Systems``) owns the phases from ``offsets[i]`` to ``offsets[i + 1]``. Each star is
    seen where it was when its light left; to first order both are as at one phase, moved by how much nearer star 2 is
    times ``light_time (1 - q) / (1 + q)`` (for eclipses the formula of Kaplan 2010, ApJ 717, L108).
    """
    moved = np.empty(phases.size)
    for i in range(numbers.shape[0]):
        q, e, periastron = numbers[i, 0], numbers[i, 3], numbers[i, 4]
        delay = numbers[i, 24] * (1.0 - q) / (1.0 + q) * math.sin(numbers[i, 1])
        for k in range(offsets[i], offsets[i + 1]):
            angle, d = position(phases[k], e, periastron)
            moved[k] = phases[k] + delay * d * math.cos(angle)
    return moved


@kernel
def sky(
    angle: float, inclination: float
) -> tuple[tuple[float, float, float], tuple[float, float, float], tuple[float, float, float]]:
    """Line of sight and two directions on the sky, in the frame of a star whose companion is nearer at angle 0."""
    ca, sa = math.cos(angle), math.sin(angle)
    ci, si = math.cos(inclination), math.sin(inclination)
    return (si * ca, -si * sa, ci), (sa, ca, 0.0), (-ci * ca, ci * sa, si)
