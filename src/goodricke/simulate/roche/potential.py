"""The Roche potential in the frame of one star, its gradient, and its critical points.

Origin in the star, x towards the companion, z along the spin, lengths in semi-major axes. With ``q`` = mass of the
companion over the star's own, ``spin`` = rotation over mean orbital motion, ``d`` = separation (Wilson 1979, ApJ 234,
1054, eq. 1)::

    W = 1/r + q (1/r' - x/d^2) + spin^2 (1 + q) (x^2 + y^2) / 2,    r' = distance to the companion at (d, 0, 0)
"""

from __future__ import annotations

import math

from goodricke.simulate.compiled import kernel, small_kernel

__all__ = ["curvature", "gradient", "inner_point", "outer_point", "potential"]


@kernel
def potential(x: float, y: float, z: float, q: float, spin: float, d: float) -> float:
    """Roche potential; larger inside the star."""
    side = y * y + z * z
    return (
        1.0 / math.sqrt(x * x + side)
        + q * (1.0 / math.sqrt((x - d) ** 2 + side) - x / (d * d))
        + 0.5 * spin * spin * (1.0 + q) * (x * x + y * y)
    )


@small_kernel
def gradient(x: float, y: float, z: float, q: float, spin: float, d: float) -> tuple[float, float, float, float]:
    """Potential and its three derivatives."""
    side = y * y + z * z
    far = x - d
    near_r = 1.0 / math.sqrt(x * x + side)
    far_r = 1.0 / math.sqrt(far * far + side)
    near3 = near_r * near_r * near_r
    far3 = q * far_r * far_r * far_r
    turn = spin * spin * (1.0 + q)
    value = near_r + q * (far_r - x / (d * d)) + 0.5 * turn * (x * x + y * y)
    pull = turn - near3 - far3
    return value, x * (turn - near3) - far * far3 - q / (d * d), y * pull, z * (pull - turn)


@small_kernel
def curvature(
    x: float, y: float, z: float, q: float, spin: float, d: float, lx: float, ly: float, lz: float
) -> tuple[float, float, float]:
    """Second derivatives of the potential times the vector `l`."""
    side = y * y + z * z
    far = x - d
    near2 = 1.0 / (x * x + side)
    far2 = 1.0 / (far * far + side)
    near3 = near2 * math.sqrt(near2)
    far3 = q * far2 * math.sqrt(far2)
    near = 3.0 * near3 * near2 * (x * lx + y * ly + z * lz)
    away = 3.0 * far3 * far2 * (far * lx + y * ly + z * lz)
    turn = spin * spin * (1.0 + q)
    flat = near3 + far3
    return (
        near * x + away * far + (turn - flat) * lx,
        (near + away) * y + (turn - flat) * ly,
        (near + away) * z - flat * lz,
    )


@kernel
def _pull(x: float, q: float, spin: float, d: float) -> float:
    """Derivative of the potential along the line of centres."""
    far = x - d
    return -x / abs(x) ** 3 - q * (far / abs(far) ** 3 + 1.0 / (d * d)) + spin * spin * (1.0 + q) * x


@kernel
def _zero(low: float, high: float, q: float, spin: float, d: float) -> float:
    """Point between `low` and `high` where the pull, of opposite signs there, is zero: bisection to the last bit."""
    up = _pull(high, q, spin, d) > 0.0
    for _ in range(60):
        middle = 0.5 * (low + high)
        if (_pull(middle, q, spin, d) > 0.0) == up:
            high = middle
        else:
            low = middle
    return 0.5 * (low + high)


@kernel
def inner_point(q: float, spin: float, d: float) -> float:
    """Distance x of the point between the stars where the potential is stationary (L1)."""
    return _zero(1e-4 * d, d * (1.0 - 1e-6), q, spin, d)


@kernel
def outer_point(q: float) -> float:
    """Coordinate x of the outer critical point behind the lighter star (d = 1, synchronous); it overflows first."""
    if q <= 1.0:
        return _zero(1.0 + 1e-5, 3.0, q, 1.0, 1.0)
    return _zero(-3.0, -1e-5, q, 1.0, 1.0)
