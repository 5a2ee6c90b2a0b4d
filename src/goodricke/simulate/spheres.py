"""Two round, limb-darkened stars: the fast path for well-detached binaries, and where it is good enough.

The light lost is the integral over circles of the star behind, each hidden over an arc (Mandel & Agol 2002, ApJ 580,
L171, eq. 2); the part fully hidden has a closed form, the rest is a Gauss-Legendre sum over a variable in which the
square roots at both ends are smooth, so that every law of limb darkening is served alike.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from goodricke.simulate.binary.limb import darkening, light_outside, mean_intensity
from goodricke.simulate.binary.orbit import position, separation, swing
from goodricke.simulate.binary.pieces import COUNT, MOST, cut, place, smeared, spread
from goodricke.simulate.compiled import Floats, Ints, kernel, parallel_kernel, span
from goodricke.simulate.roche.lobes import set_sphere
from goodricke.simulate.roche.surface import BODY

__all__ = ["hidden_light", "ragged_spheres", "sphere_curves", "spheres_suffice"]

# Cosines of angles from 0 to pi, and the weights of their sines.
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(24)
_COSINES = np.cos(0.5 * math.pi * (1.0 + _NODES))
_WEIGHTS = 0.5 * math.pi * _WEIGHTS * np.sqrt(1.0 - _COSINES**2)


@kernel
def hidden_light(apart: float, size: float, law: int, a: float, b: float) -> float:
    """Part of the light of a disc of radius 1 hidden by a dark disc of radius `size` at a distance of the centres."""
    if apart >= 1.0 + size:
        return 0.0
    if size >= 1.0 + apart:
        return 1.0
    whole = mean_intensity(law, a, b)
    hidden = 0.0
    if size > apart:
        hidden = light_outside(law, a, b, math.sqrt(max(1.0 - (size - apart) ** 2, 0.0)))
    low, high = abs(size - apart), min(1.0, size + apart)
    middle, half = 0.5 * (low + high), 0.5 * (high - low)
    total = 0.0
    for k in range(_COSINES.size):
        r = middle - half * _COSINES[k]
        cosine = (r * r + apart * apart - size * size) / (2.0 * r * apart) if apart > 0.0 else 1.0
        arc = math.acos(min(max(cosine, -1.0), 1.0))
        m = math.sqrt(max(1.0 - r * r, 0.0))
        total += _WEIGHTS[k] * arc * r * darkening(law, a, b, m)
    return (hidden + 2.0 / math.pi * total * half) / whole


@kernel
def _sphere_light(numbers: Floats, log_ratio: float, law: int, angle: float, d: float) -> float:
    """Flux of one system at an angle of the orbit; `log_ratio` is the logarithm of intensity of star 2 over star 1."""
    r1, r2 = numbers[6], numbers[14]
    one, two = r1 * r1, r2 * r2 * math.exp(log_ratio)
    along = math.sin(numbers[1]) * math.cos(angle)
    apart = d * math.sqrt(max(1.0 - along * along, 0.0))
    seen1, seen2 = one, two
    if apart < r1 + r2:
        if along > 0.0:
            seen1 -= one * hidden_light(apart / r1, r2 / r1, law, numbers[11], numbers[12])
        else:
            seen2 -= two * hidden_light(apart / r2, r1 / r2, law, numbers[19], numbers[20])
    recedes = swing(angle, numbers[3], numbers[4])
    light = seen1 * (1.0 - numbers[22] * recedes) + seen2 * (1.0 + numbers[23] * recedes)
    return float(numbers[5] + (1.0 - numbers[5]) / (one + two) * light)


@kernel
def _sphere_curve(numbers: Floats, log_ratio: float, law: int, phases: Floats, flux: Floats) -> None:
    """Fill the flux of one system."""
    for k in range(phases.size):
        angle, d = position(phases[k], numbers[3], numbers[4])
        flux[k] = _sphere_light(numbers, log_ratio, law, angle, d)


@kernel
def _smeared_sphere_curve(
    numbers: Floats,
    log_ratio: float,
    law: int,
    phases: Floats,
    width: float,
    points: tuple[int, int, int],
    flux: Floats,
) -> None:
    """Fill the flux of one system, each the mean over `width` cycles, by the curve's smooth pieces."""
    e, w = numbers[3], numbers[4]
    one, two, pieces = np.empty(BODY), np.empty(BODY), np.zeros((4, MOST))
    set_sphere(one, numbers[0], numbers[6])
    set_sphere(two, 1.0 / numbers[0], numbers[14])
    n = cut(one, two, numbers[1], e, w, False, points, pieces)
    knots = spread(pieces, n)
    values = np.zeros(knots.shape)
    for i in range(n):
        for j in range(int(pieces[COUNT, i])):
            angle = place(pieces, i, j)
            values[i, j] = _sphere_light(numbers, log_ratio, law, angle, separation(angle, e, w))
    for k in range(phases.size):
        flux[k] = smeared(pieces, n, knots, values, phases[k], width, e, w)


@parallel_kernel
def sphere_curves(numbers: Floats, log_ratio: Floats, law: int, phases: Floats, flux: Floats) -> None:
    """Fill flux (N, P) of all systems; `phases` is (1, P) for all or (N, P)."""
    for i in span(numbers.shape[0]):
        k = np.int64(i)
        row = min(k, np.int64(phases.shape[0] - 1))
        _sphere_curve(numbers[k], log_ratio[k], law, phases[row], flux[k])


@parallel_kernel
def ragged_spheres(
    numbers: Floats,
    log_ratio: Floats,
    law: int,
    phases: Floats,
    offsets: Ints,
    smear: Floats,
    points: tuple[int, int, int],
    flux: Floats,
) -> None:
    """Fill flux (M,) of all systems, each at its own part of the phases, with its own exposure in cycles."""
    for i in span(numbers.shape[0]):
        k = np.int64(i)
        a, b = offsets[k], offsets[k + 1]
        if smear[k] > 0.0:
            _smeared_sphere_curve(numbers[k], log_ratio[k], law, phases[a:b], smear[k], points, flux[a:b])
        else:
            _sphere_curve(numbers[k], log_ratio[k], law, phases[a:b], flux[a:b])


def spheres_suffice(numbers: Floats, tolerance: float, n_spots: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether round stars give the curve of each row of ``Systems.numbers`` to `tolerance` of the flux.

    What round stars leave out, at periastron: the tidal bulge, about ``(1.5 + gravity) q (r / d)^3`` of a star's light
    with darkening of both kinds (Morris & Naftilan 1993, ApJ 419, 344), turning of the star to the same order, and
    reflection, at most ``albedo (r / d)^2``. All must be below the tolerance, and there must be no spots.
    """
    ok: NDArray[np.bool_] = np.isnan(numbers[:, 2]) & np.isfinite(numbers[:, (6, 14)]).all(axis=1) & (n_spots == 0)
    numbers = np.where(ok[:, None], numbers, 0.5)  # any number will do where the answer is no
    near = 1.0 - numbers[:, 3]
    for at, q in ((6, numbers[:, 0]), (14, 1.0 / numbers[:, 0])):
        size = numbers[:, at] / near
        bulge = (1.5 + numbers[:, at + 2]) * (q + (1.0 + q) * numbers[:, at + 4] ** 2 * near**3) * size**3
        ok &= (bulge < tolerance) & (numbers[:, at + 3] * size**2 < tolerance)
    return ok
