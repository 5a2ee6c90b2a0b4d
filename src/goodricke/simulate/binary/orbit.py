"""Where the two stars are at a phase, and how we look at them."""

from __future__ import annotations

import math

from goodricke.simulate.compiled import kernel

__all__ = ["pace", "position", "separation", "sky", "true_anomaly"]


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
def sky(
    angle: float, inclination: float
) -> tuple[tuple[float, float, float], tuple[float, float, float], tuple[float, float, float]]:
    """Line of sight and two directions on the sky, in the frame of a star whose companion is nearer at angle 0."""
    ca, sa = math.cos(angle), math.sin(angle)
    ci, si = math.cos(inclination), math.sin(inclination)
    return (si * ca, -si * sa, ci), (sa, ca, 0.0), (-ci * ca, ci * sa, si)
