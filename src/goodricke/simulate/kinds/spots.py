"""Light of round spots on a limb-darkened sphere, exact for circles of any size up to a hemisphere."""

from __future__ import annotations

import math

import numpy as np

from goodricke.simulate.compiled import Floats, Ints, kernel

__all__ = ["cap_light", "caps_light"]

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(5)
_NODES, _WEIGHTS = 0.5 + 0.5 * _NODES, 0.5 * _WEIGHTS
_TABLE = 33


@kernel
def _whole(c: float, cosine: float, u: float) -> float:
    """Light of a cap that is all in view; `c` points it to the observer, `cosine` is that of its radius."""
    cube = (1.0 - cosine * cosine * cosine) / 3.0
    second = c * c * cube + 0.5 * (1.0 - c * c) * (1.0 - cosine - cube)
    return (1.0 - u) * (1.0 - cosine * cosine) * c + 2.0 * u * second


@kernel
def _in_part(c: float, alpha: float, u: float) -> float:
    """Light of a cap that the limb cuts: rings about its centre, each in view over an arc of closed form."""
    s = math.sqrt(max(1.0 - c * c, 0.0))
    first = abs(math.asin(c))
    light = _whole(c, math.cos(first), u) if c > 0.0 else 0.0
    for k in range(_NODES.size):
        # The square makes the arc, which opens like a root, smooth.
        psi = first + (alpha - first) * _NODES[k] * _NODES[k]
        cp, sp = math.cos(psi), math.sin(psi)
        cut = min(max(-(c * cp) / (s * sp), -1.0), 1.0)
        arc, top = math.acos(cut), math.sqrt(1.0 - cut * cut)
        one = c * cp * arc + s * sp * top
        two = c * c * cp * cp * arc + 2.0 * c * s * cp * sp * top + 0.5 * s * s * sp * sp * (arc + cut * top)
        step = 2.0 * (alpha - first) * _NODES[k] * _WEIGHTS[k]
        light += 2.0 / math.pi * step * sp * ((1.0 - u) * one + u * two)
    return light


@kernel
def cap_light(c: float, alpha: float, u: float) -> float:
    """Light of a circle on a sphere as part of that of the whole disc.

    Parameters
    ----------
    c : float
        Cosine of the angle between the circle's centre and the line of sight.
    alpha : float
        Angular radius, radians, at most pi / 2.
    u : float
        Linear limb darkening.

    Notes
    -----
    The integrals of mu and mu^2 over the part in view, as in Dorren 1987 (ApJ 320, 756).
    """
    edge = math.sin(alpha)
    if c <= -edge or alpha <= 0.0:
        return 0.0
    whole = 1.0 - u / 3.0
    if c >= edge:
        return _whole(c, math.cos(alpha), u) / whole
    return _in_part(c, alpha, u) / whole


@kernel
def _between(table: Floats, x: float) -> float:
    """Cubic through the four nodes about `x`, which counts nodes."""
    k = min(max(int(x), 1), table.size - 3)
    t = x - k
    below, above = (t - 1.0) * t, (t + 1.0) * (t - 2.0)
    ends = -below * (t - 2.0) / 6.0 * table[k - 1] + below * (t + 1.0) / 6.0 * table[k + 2]
    return float(ends + 0.5 * above * (t - 1.0) * table[k] - 0.5 * above * t * table[k + 1])


@kernel
def caps_light(c: Floats, cover: Floats, alpha: Floats, u: Floats, offsets: Ints, light: Floats) -> None:
    """Fill the light (M,) of circles of each of N stars, summed over G circles of one size and their own cover.

    Parameters
    ----------
    c, cover : numpy.ndarray, (G, M)
        Cosine of ``cap_light``, and the part of each circle that counts.
    alpha, u : numpy.ndarray, (N,)
        Of the stars, as in ``cap_light``.
    offsets : numpy.ndarray, (N + 1,)
        Where each star's moments begin.

    Notes
    -----
    A table of 33 nodes for each star where the limb cuts: within 4e-5 of ``cap_light`` to radii of 60 degrees.
    """
    table = np.empty(_TABLE)
    for i in range(alpha.size):
        edge, cosine, whole = math.sin(alpha[i]), math.cos(alpha[i]), 1.0 - u[i] / 3.0
        for k in range(_TABLE):
            table[k] = cap_light(edge * (2.0 * k / (_TABLE - 1) - 1.0), alpha[i], u[i])
        scale = 0.5 * (_TABLE - 1)
        for m in range(offsets[i], offsets[i + 1]):
            total = 0.0
            for g in range(c.shape[0]):
                x = c[g, m]
                if x >= edge:
                    total += cover[g, m] * _whole(x, cosine, u[i]) / whole
                elif x > -edge:
                    total += cover[g, m] * _between(table, (x / edge + 1.0) * scale)
            light[m] = max(total, 0.0)
