"""Potentials of stars: of a volume, of a lobe, of a contact envelope."""

from __future__ import annotations

import math

import numpy as np

from goodricke.simulate.compiled import Floats, kernel
from goodricke.simulate.roche.neck import neck, rim
from goodricke.simulate.roche.potential import inner_point, outer_point, potential
from goodricke.simulate.roche.surface import BODY, END, LEVEL, RIM_Y, RIM_Z, SPIN, D, Q, fejer, set_level, volume

__all__ = ["contact_bodies", "contact_level", "eggleton_radius", "lobe_level", "lobe_radius", "set_sphere", "set_star"]

OVERFLOW = 1
FINE = 0


@kernel
def lobe_level(q: float, spin: float, d: float) -> tuple[float, float]:
    """Point L1 and the potential of a star that just fills its lobe."""
    x = inner_point(q, spin, d)
    return x, potential(x, 0.0, 0.0, q, spin, d)


@kernel
def set_star(
    body: Floats, q: float, spin: float, d: float, radius: float, cosines: Floats, weights: Floats, n_azimuth: int
) -> int:
    """Fill `body` for a star of that volume radius (infinite: it fills its lobe); 1 when it is larger than its lobe."""
    end, limit = lobe_level(q, spin, d)
    body[Q], body[SPIN], body[D], body[END], body[RIM_Y], body[RIM_Z] = q, spin, d, end, 0.0, 0.0
    body[LEVEL] = limit
    if radius == math.inf:
        return FINE
    asked = 4.0 / 3.0 * math.pi * radius**3
    if set_level(body, asked, limit, cosines, weights, n_azimuth):
        return FINE
    body[LEVEL] = limit
    largest, _ = volume(body, cosines, weights, n_azimuth)
    # The rule's own error at the tip of a lobe; a star within it fills the lobe.
    return FINE if asked < largest * 1.003 else OVERFLOW


@kernel
def set_sphere(body: Floats, q: float, radius: float) -> None:
    """Fill `body` for a star so small that it is round, at a separation of 1."""
    end, _ = lobe_level(q, 1.0, 1.0)
    body[Q], body[SPIN], body[D], body[END], body[RIM_Y], body[RIM_Z] = q, 1.0, 1.0, end, 0.0, 0.0
    body[LEVEL] = 1.0 / radius + q


@kernel
def contact_level(q: float, fillout: float) -> float:
    """Potential of an envelope: that of L1 at fill-out 0, of the outer point at 1."""
    inner = potential(inner_point(q, 1.0, 1.0), 0.0, 0.0, q, 1.0, 1.0)
    outer = potential(outer_point(q), 0.0, 0.0, q, 1.0, 1.0)
    return inner - fillout * (inner - outer)


@kernel
def contact_bodies(one: Floats, two: Floats, q: float, fillout: float) -> None:
    """Fill both halves of a contact envelope, each in its own frame."""
    level = contact_level(q, fillout)
    plane, height = neck(level, q)
    width = rim(plane, level, q, 1.0, 0.0, height)
    one[Q], one[SPIN], one[D], one[LEVEL] = q, 1.0, 1.0, level
    two[Q], two[SPIN], two[D], two[LEVEL] = 1.0 / q, 1.0, 1.0, (level - 0.5 * (1.0 - q)) / q
    one[END], two[END] = plane, 1.0 - plane
    one[RIM_Y], one[RIM_Z] = width, height
    two[RIM_Y], two[RIM_Z] = width, height


def lobe_radius(q: float, n: int = 64) -> float:
    """Radius of the sphere with the volume of a Roche lobe, in separations; synchronous.

    Parameters
    ----------
    q : float
        Mass of the companion over the mass of the star whose lobe is asked for.
    n : int
        Steps of the grid per half turn.

    Returns
    -------
    float

    Examples
    --------
    >>> round(lobe_radius(1.0), 3)
    0.38
    """
    body = np.zeros(BODY)
    cosines, weights = fejer(n)
    set_star(body, q, 1.0, 1.0, math.inf, cosines, weights, n)
    held, _ = volume(body, cosines, weights, n)
    return float((held / (4.0 / 3.0 * math.pi)) ** (1.0 / 3.0))


def eggleton_radius(q: float) -> float:
    """Approximate radius of a Roche lobe, good to 1% (Eggleton 1983, ApJ 268, 368, eq. 2).

    Examples
    --------
    >>> round(eggleton_radius(1.0), 4)
    0.3789
    """
    third = math.cbrt(1.0 / q)
    return 0.49 * third * third / (0.6 * third * third + math.log(1.0 + third))
