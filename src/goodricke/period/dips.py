"""Dips and humps of many folded curves: place, level, width, each with its error.

The smooth curve tells where a dip is and how wide; its axis and its bottom are then measured on the points themselves.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from goodricke.period.landmarks import crossings, mirror_axis, polynomials, wrapped
from goodricke.period.template import BINS, Template, at

__all__ = ["SIGNIFICANT", "Dip", "Folded", "dip_at", "extreme_at", "second_dip"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SIGNIFICANT = 3.0
_BLUR = 0.002  # cycles: the narrowest window of the template widens or narrows a dip by as much
_SHAPE = 0.06  # the extrapolation to the contacts is that far off between U- and V-shaped eclipses


@dataclass(frozen=True, eq=False)
class Folded:
    """Points of all stars: phase from the guessed epoch, levelled flux, 1 / error^2, star, and their templates."""

    phase: Floats
    flux: Floats
    weight: Floats
    star: Ints
    n: int
    template: Template


@dataclass(frozen=True, eq=False)
class Dip:
    """One minimum of every star; fluxes are levelled."""

    centre: Floats
    centre_error: Floats
    bottom: Floats
    bottom_error: Floats
    width: Floats
    width_error: Floats
    contact: Floats
    contact_error: Floats


def _turned(rows: Floats, middle: Ints) -> Floats:
    """Rows (N, BINS) with bin `middle` (N,) brought to the centre."""
    return np.take_along_axis(rows, (middle[:, None] + np.arange(BINS) - BINS // 2) % BINS, axis=1)


def dip_at(points: Folded, bottom: Ints, roof: Floats) -> Dip:
    """Measure the dip about a bin of the curve (N,), below `roof`."""
    template, line = points.template, np.arange(points.n)
    floor = template.curve[line, bottom]
    rows = _turned(template.curve, bottom)
    half = crossings(rows, 0.5 * (roof + floor))
    fifth = crossings(rows, 0.8 * roof + 0.2 * floor)
    sides, contacts, half_error, fifth_error = [], [], [], []
    for sign, x50, x20 in zip((-1, 1), half, fifth, strict=True):
        sides.append(x50)
        contacts.append(np.minimum(x20 + (x20 - x50) * 2.0 / 3.0, 0.5))
        half_error.append(_edge_error(template, bottom, sign * x50))
        fifth_error.append(_edge_error(template, bottom, sign * x20))
    guess = (bottom + 0.5) / BINS
    narrow = 0.5 * (sides[0] + sides[1])
    reach = np.clip(np.maximum(0.5 * (contacts[0] + contacts[1]), 1.5 * narrow), 3.0 / BINS, 0.25)
    # The lowest bin of a flat floor may be anywhere on it: begin half way between the edges.
    guess = guess + np.where(np.minimum(*sides) < 0.25, 0.5 * (sides[1] - sides[0]), 0.0)
    centre, centre_error = mirror_axis(
        template, points.phase, points.flux, points.weight, points.star, guess % 1.0, reach
    )
    lowest, lowest_error = _floor(points, centre, np.clip(0.75 * narrow, 1.5 / BINS, 0.1))
    # A single bin may overshoot at a steep edge; several lower ones are a lower place.
    around = template.curve[line[:, None], (bottom[:, None] + np.arange(-3, 4)) % BINS].mean(axis=1)
    lopsided = _lopsided(template, centre, reach, roof - floor) | (lowest - around > 0.05 * (roof - floor))
    vertex, vertex_error, vertex_flux, vertex_flux_error = extreme_at(points, -1.0, bottom, roof, lopsided)
    contact = np.minimum(contacts[0] + contacts[1], 1.0)
    contact_error = np.hypot(5.0 / 3.0 * np.hypot(*fifth_error), 2.0 / 3.0 * np.hypot(*half_error))
    return Dip(
        np.where(lopsided, vertex, centre),
        np.where(lopsided, vertex_error, centre_error),
        np.where(lopsided, vertex_flux, lowest),
        np.where(lopsided, vertex_flux_error, lowest_error),
        np.minimum(sides[0] + sides[1], 1.0),
        np.hypot(np.hypot(*half_error), _BLUR),
        contact,
        np.hypot(contact_error, _SHAPE * contact),
    )


def _lopsided(template: Template, centre: Floats, reach: Floats, depth: Floats) -> NDArray[np.bool_]:
    """Whether a dip differs from its mirror image by more than a tenth of its depth and five times its error."""
    x = np.linspace(0.1, 1.0, 10) * reach[:, None]
    star = np.repeat(np.arange(len(centre)), 10)
    sides = [((centre[:, None] + sign * x) % 1.0).ravel() for sign in (1, -1)]
    odd = 0.5 * (at(sides[0], star, template.curve)[0] - at(sides[1], star, template.curve)[0]).reshape(x.shape)
    variance = template.curve_variance[star, (sides[0] * BINS).astype(np.int64) % BINS].reshape(x.shape)
    # Half of the places must say so: at a steep edge the least shift makes a large difference.
    square = np.median(odd**2, axis=1)
    return np.asarray((square > (0.1 * depth) ** 2) & (square > 25.0 * 0.5 * np.median(variance, axis=1)))


def _edge_error(template: Template, bottom: Ints, away: Floats) -> Floats:
    """Error of the phase where a curve crosses a level: its own error over its slope."""
    line = np.arange(len(bottom))
    cell = (bottom + np.round(away * BINS).astype(np.int64)) % BINS
    with np.errstate(invalid="ignore", divide="ignore"):
        error = np.sqrt(template.curve_variance[line, cell]) / np.abs(template.slope[line, cell])
    return np.asarray(np.minimum(np.nan_to_num(error, nan=0.5, posinf=0.5), 0.5))


def _floor(points: Folded, centre: Floats, reach: Floats) -> tuple[Floats, Floats]:
    """Flux at the bottom of a dip and its error, by a parabola with its vertex at the centre."""
    away = wrapped(points.phase - centre[points.star])
    near = np.abs(away) < reach[points.star]
    fit = polynomials(away[near], points.flux[near], points.weight[near], points.star[near], points.n, (0, 2))
    value, error = fit.value(np.zeros(points.n))
    error = error * np.sqrt(points.template.excess)
    cell = (np.nan_to_num(centre) * BINS).astype(np.int64) % BINS
    line = np.arange(points.n)
    few = ~np.isfinite(value)
    return (
        np.where(few, points.template.curve[line, cell], value),
        np.where(few, np.sqrt(points.template.curve_variance[line, cell]), error),
    )


def extreme_at(
    points: Folded, sign: float, cell: Ints, opposite: Floats, wanted: NDArray[np.bool_]
) -> tuple[Floats, Floats, Floats, Floats]:
    """Phase of the maximum (sign 1) or minimum (-1) about a bin, its error, flux there, its error (N,), if `wanted`.

    A cubic goes through the fifth of the curve that is nearest to the extreme. The error of the phase is 0.5 where the
    curve does not bend significantly.
    """
    line = np.arange(points.n)
    height = points.template.curve[line, cell]
    left, right = crossings(_turned(-sign * points.template.curve, cell), -sign * (height + 0.2 * (opposite - height)))
    reach = np.clip(np.minimum(left, right), 0.03, 0.15)
    centre = (cell + 0.5) / BINS
    away = wrapped(points.phase - centre[points.star])
    near = np.abs(away) < np.where(wanted, reach, 0.0)[points.star]
    fit = polynomials(away[near], points.flux[near], points.weight[near], points.star[near], points.n, (0, 1, 2, 3))
    scale = np.sqrt(points.template.excess)
    place, place_error, bend = fit.vertex(0.8 * reach)
    value, value_error = fit.value(place)
    sharp = -sign * bend > SIGNIFICANT * scale
    few = ~np.isfinite(value)
    return (
        np.where(few, (cell + 0.5) / BINS, centre + place) % 1.0,
        np.where(sharp, np.minimum(np.nan_to_num(place_error * scale, nan=0.5), 0.5), 0.5),
        np.where(few, height, value),
        np.where(few, np.sqrt(points.template.curve_variance[line, cell]), value_error * scale),
    )


def second_dip(points: Folded, first: Dip, bottom: Ints) -> tuple[Ints, NDArray[np.bool_]]:
    """The lowest bin away from the primary, and whether it is the bottom of a dip of its own."""
    reach = np.clip(0.5 * first.contact + 0.01, 0.06, 0.3)[:, None] * BINS
    rows = _turned(points.template.curve + np.sqrt(points.template.curve_variance), bottom + BINS // 2)
    after = np.arange(BINS)  # bins after the primary
    outside = (after > reach) & (after < BINS - reach)
    found = np.argmin(np.where(outside & np.isfinite(rows), rows, np.inf), axis=1)
    cell = (bottom + found) % BINS
    line = np.arange(points.n)
    # The bottom of a dip has higher places on both sides before the primary begins.
    own = np.sqrt(points.template.curve_variance[line, cell])
    higher = outside & (rows > (rows[line, found] + SIGNIFICANT * np.nan_to_num(own, posinf=0.0))[:, None])
    left, right = higher & (after < found[:, None]), higher & (after > found[:, None])
    return cell, left.any(axis=1) & right.any(axis=1)
