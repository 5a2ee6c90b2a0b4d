"""Places on folded curves: where a dip is half as deep, the axis it mirrors about, the top of a hump.

All functions work on many stars at once. Phases are in cycles; `centre` is the phase of a dip or hump (N,), `away` the
distance of a point from it, -0.5 to 0.5.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from goodricke.period.template import BINS, Template, at

__all__ = ["Polynomial", "crossings", "mirror_axis", "polynomials", "wrapped"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_STEPS = 3


def wrapped(phase: Floats) -> Floats:
    """Phase differences brought to -0.5 ... 0.5.

    >>> wrapped(np.array([0.75, -0.25]))
    array([-0.25, -0.25])
    """
    return np.asarray(phase - np.rint(phase))


def crossings(rows: Floats, level: Floats) -> tuple[Floats, Floats]:
    """How far to the left and to the right of their middle bin curves (N, BINS) first rise above `level` (N,).

    In cycles, linear between bins; 0.5 where they never do.

    >>> vee = np.abs(np.arange(192.0) - 96)[None]
    >>> crossings(vee, np.array([19.2]))
    (array([0.1]), array([0.1]))
    """
    middle = BINS // 2
    sides = []
    for side in (rows[:, middle::-1], rows[:, middle:]):
        above = side > level[:, None]
        k = np.argmax(above, axis=1)
        line = np.arange(len(rows))
        before, here = side[line, np.maximum(k - 1, 0)], side[line, k]
        rise = np.where(here > before, here - before, 1.0)
        place = np.where(k > 0, k - 1 + (level - before) / rise, 0.0) / BINS
        sides.append(np.where(above.any(axis=1), np.minimum(place, 0.5), 0.5))
    return sides[0], sides[1]


def mirror_axis(
    template: Template, phase: Floats, flux: Floats, weight: Floats, star: Ints, centre: Floats, reach: Floats
) -> tuple[Floats, Floats]:
    """Phase about which a dip mirrors best, and its error (N,).

    The curve and its mirror image are averaged, and this symmetric curve is moved over the points until they no longer
    ask for a shift: Kwee & van Woerden (1956, BAN 12, 327) with every point used as its error allows. The error is
    that of the location of a known curve, ``1 / sqrt(sum(w (dF/dphase)^2))``, scaled to the scatter seen.

    Parameters
    ----------
    template : Template
        Folded curves of the N stars.
    phase, flux, weight, star : (M,)
        Points, as for ``templates``.
    centre, reach : (N,)
        Where the dip is, and how far from there points count.
    """
    n = len(centre)
    near = np.abs(wrapped(phase - centre[star])) < reach[star]
    phase, flux, weight, star = phase[near], flux[near], weight[near], star[near]
    first, centre = centre, centre.copy()
    here = at(phase, star, template.curve, template.slope, template.slope_variance)
    limit = 0.3 * reach
    for step in range(_STEPS):
        mirrored = 2.0 * centre[star] - phase
        last = (template.slope_variance,) if step == _STEPS - 1 else ()
        there = at(mirrored, star, template.curve, template.slope, *last)
        slope = 0.5 * (here[1] - there[1])
        residual = flux - 0.5 * (here[0] + there[0])
        information = np.bincount(star, weight * slope**2, n)
        with np.errstate(invalid="ignore", divide="ignore"):
            shift = -np.bincount(star, weight * residual * slope, n) / information
        centre = first + np.clip(
            centre - first + np.clip(np.nan_to_num(shift), -limit, limit), -0.5 * reach, 0.5 * reach
        )
    # The square of a noisy slope is too large by its variance.
    noise = np.bincount(star, weight * 0.25 * (here[2] + there[2]), n)
    with np.errstate(invalid="ignore", divide="ignore"):
        sigma = np.sqrt(template.excess * information) / np.maximum(information - noise, 0.3 * information)
    return centre, np.where(np.isfinite(sigma), sigma, np.nan)


class Polynomial:
    """Polynomials fitted to the points of N stars: ``coefficients`` (N, d + 1), lowest first, and ``covariance``."""

    def __init__(self, coefficients: Floats, covariance: Floats) -> None:
        self.coefficients, self.covariance = coefficients, covariance

    def value(self, x: Floats) -> tuple[Floats, Floats]:
        """Value and error at x (N,)."""
        powers = x[:, None] ** np.arange(self.coefficients.shape[1])
        return self._along(powers)

    def vertex(self, reach: Floats) -> tuple[Floats, Floats, Floats]:
        """The place near 0 where the curve is level, at most `reach` away; its error; the bend there over its error."""
        order = np.arange(self.coefficients.shape[1])
        x = np.zeros(len(reach))
        for step in range(5):
            slope, sigma = self._along(order * x[:, None] ** np.maximum(order - 1, 0))
            bend, bend_sigma = self._along(order * (order - 1) * x[:, None] ** np.maximum(order - 2, 0))
            with np.errstate(invalid="ignore", divide="ignore"):
                if step < 4:
                    x = np.clip(np.where(bend != 0, x - slope / bend, x), -reach, reach)
        with np.errstate(invalid="ignore", divide="ignore"):
            return x, sigma / np.abs(bend), bend / bend_sigma

    def _along(self, direction: Floats) -> tuple[Floats, Floats]:
        value = np.einsum("nk,nk->n", direction, self.coefficients)
        return value, np.sqrt(np.maximum(np.einsum("nj,njk,nk->n", direction, self.covariance, direction), 0.0))


def polynomials(away: Floats, flux: Floats, weight: Floats, star: Ints, n: int, powers: tuple[int, ...]) -> Polynomial:
    """Weighted fits of ``sum(c_k x^k)`` for the given powers; NaN for a star with too few points.

    >>> x = np.linspace(-0.1, 0.1, 9)
    >>> fit = polynomials(x, 2 - 3 * x**2, np.ones(9), np.zeros(9, dtype=np.int64), 1, (0, 2))
    >>> fit.coefficients.round(9)
    array([[ 2.,  0., -3.]])
    """
    k = len(powers)
    normal, right = np.empty((n, k, k)), np.empty((n, k))
    # In units of the widest point, so that the matrix is well scaled.
    unit = np.zeros(n)
    np.maximum.at(unit, star, np.abs(away))
    unit = np.where(unit > 0, unit, 1.0)
    x = away / unit[star]
    sums, term = [], weight.copy()
    for power in range(2 * powers[-1] + 1):
        sums.append(np.bincount(star, term, n))
        if power in powers:
            right[:, powers.index(power)] = np.bincount(star, term * flux, n)
        term *= x
    for i, a in enumerate(powers):
        for j, b in enumerate(powers):
            normal[:, i, j] = sums[a + b]
    enough = (np.bincount(star, minlength=n) > k) & (np.linalg.cond(normal) < 1e10)
    normal[~enough] = np.eye(k)
    inverse = np.linalg.inv(normal)
    inverse[~enough] = np.nan
    coefficients, covariance = np.zeros((n, powers[-1] + 1)), np.zeros((n, powers[-1] + 1, powers[-1] + 1))
    scale = unit[:, None] ** -np.array(powers, dtype=np.float64)
    coefficients[:, powers] = np.einsum("nij,nj->ni", inverse, right) * scale
    covariance[:, np.array(powers)[:, None], np.array(powers)] = inverse * scale[:, :, None] * scale[:, None, :]
    return Polynomial(coefficients, covariance)
