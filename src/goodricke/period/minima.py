"""What a folded curve shows, measured with errors: minima, maximum, depths, widths, and the period once more."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from goodricke import ragged
from goodricke.lightcurves import LightCurves
from goodricke.period.landmarks import crossings, mirror_axis, polynomials, wrapped
from goodricke.period.template import BINS, Template, at, templates

__all__ = ["Minima", "minima"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_FEWEST = 15
_FLAT_SHARE = 0.25  # of the cycle outside both eclipses, for a level outside to exist
_STEADY = 0.15  # scatter of the light outside, as a fraction of the depth, up to which it is called a level
_SIGNIFICANT = 3.0
_BLUR = 0.002  # cycles: the narrowest window of the template widens or narrows a dip by as much
_SHAPE = 0.06  # the extrapolation to the contacts is that far off between U- and V-shaped eclipses


@dataclass(frozen=True, eq=False)
class Minima:
    """Measures of N folded curves; NaN where a star has none. Every number has its standard error beside it.

    Parameters
    ----------
    period : (N,)
        The period given, moved by one least-squares step; days.
    epoch : (N,)
        Time of primary minimum nearest to the middle of the data: the axis about which the minimum mirrors best, so
        the middle of an eclipse; for a minimum unlike its mirror image, as of most pulsators, the lowest point.
    epoch_max : (N,)
        Time of maximum light nearest to the middle of the data; NaN where none stands out, as between narrow eclipses.
    level : (N,)
        Flux outside the eclipses, in the unit of ``LightCurves.flux``. Where a quarter of the cycle or less lies outside
        (contact binaries, pulsators) it is the flux at maximum.
    depth, second_depth : (N,)
        Depth of the primary and of the secondary minimum as a fraction of `level`; for a pulsator of the minimum and of
        a second one if it has it. NaN for a star that is a difference from a template.
    depth_flux, second_depth_flux : (N,)
        The same in the unit of the flux.
    width, second_width : (N,)
        Full width at half depth, as a fraction of the cycle.
    contact_width, second_contact_width : (N,)
        From first to last contact, extrapolated from the slopes between half and a fifth of the depth.
    second_phase : (N,)
        Phase of the secondary minimum after the primary, 0 to 1.
    amplitude : (N,)
        Flux at maximum, or the `level` where it is steady outside the eclipses, less flux at minimum.
    excess : (N,)
        Reduced chi square of the points about the smooth curve; all errors are scaled by its root.
    """

    period: Floats
    period_error: Floats
    epoch: Floats
    epoch_error: Floats
    epoch_max: Floats
    epoch_max_error: Floats
    level: Floats
    level_error: Floats
    depth: Floats
    depth_error: Floats
    second_depth: Floats
    second_depth_error: Floats
    depth_flux: Floats
    depth_flux_error: Floats
    second_depth_flux: Floats
    second_depth_flux_error: Floats
    width: Floats
    width_error: Floats
    second_width: Floats
    second_width_error: Floats
    contact_width: Floats
    contact_width_error: Floats
    second_contact_width: Floats
    second_contact_width_error: Floats
    second_phase: Floats
    second_phase_error: Floats
    amplitude: Floats
    amplitude_error: Floats
    excess: Floats

    def __len__(self) -> int:
        return len(self.period)


@dataclass(frozen=True, eq=False)
class _Points:
    """Points of all stars: phase from the guessed epoch, levelled flux, 1 / error^2, star, and their templates."""

    phase: Floats
    flux: Floats
    weight: Floats
    star: Ints
    n: int
    template: Template


@dataclass(frozen=True, eq=False)
class _Dip:
    """One minimum of every star; fluxes are levelled."""

    centre: Floats
    centre_error: Floats
    bottom: Floats
    bottom_error: Floats
    width: Floats
    width_error: Floats
    contact: Floats
    contact_error: Floats


def minima(lcs: LightCurves, flux: Floats, period_days: Floats, epoch: Floats) -> Minima:
    """Measure minima, maximum and period of every star.

    Parameters
    ----------
    lcs : LightCurves
        N cleaned light curves with M points.
    flux : (M,)
        Flux with every band of a star at the same level (``goodricke.period.periods.levelled``).
    period_days : (N,)
        Periods; a star whose period is not a positive number gets NaN throughout.
    epoch : (N,)
        A time near a minimum, in the star's time frame; it need not be good, and NaN stands for any time.

    Notes
    -----
    Cost: 0.25 ms a star of 450 points in a batch of 1,000.

    Examples
    --------
    >>> time = np.arange(0.0, 90.0, 0.3)
    >>> light = 1 - 0.3 * np.exp(-0.5 * (((time - 1.0) / 2.37 + 0.5) % 1 - 0.5) ** 2 / 0.04**2)
    >>> lcs = LightCurves.from_arrays(time, flux=light, err=np.full(300, 0.01))
    >>> found = minima(lcs, lcs.flux.astype(float), np.array([2.37]), np.array([1.2]))
    >>> round(float((found.epoch[0] - 1.0) / 2.37), 3) % 1, round(float(found.depth[0]), 2)
    (0.0, 0.3)
    """
    n, star = len(lcs), ragged.segment_ids(lcs.offsets)
    good = (period_days > 0) & np.isfinite(period_days) & (lcs.lengths >= _FEWEST)
    with np.errstate(divide="ignore", invalid="ignore"):
        frequency = np.where(good, 1.0 / period_days, 1.0)
    middle = np.nan_to_num(ragged.means(lcs.time, lcs.offsets))
    start = middle - wrapped((middle - np.where(np.isfinite(epoch), epoch, middle)) * frequency) / frequency
    err = lcs.flux_err.astype(np.float64)
    weight = 1.0 / np.maximum(err, 0.5 * ragged.medians(err, lcs.offsets)[star]) ** 2
    day = lcs.time - start[star]
    phase = day * frequency[star]
    phase -= np.floor(phase)
    points = _Points(phase, flux, weight, star, n, templates(phase, flux, weight, star, n))
    found = _measured(points, lcs, frequency, start, middle)
    step, sigma = _better_frequency(points, day, np.maximum(np.nan_to_num(_span(lcs)), 1e-9))
    found["period"], found["period_error"] = 1.0 / (frequency + step), sigma / frequency**2
    good &= np.isfinite(points.template.excess)
    return Minima(**{field.name: np.where(good, found[field.name], np.nan) for field in fields(Minima)})


def _span(lcs: LightCurves) -> Floats:
    return np.asarray(ragged.maxima(lcs.time, lcs.offsets) - ragged.minima(lcs.time, lcs.offsets))


def _measured(points: _Points, lcs: LightCurves, frequency: Floats, start: Floats, middle: Floats) -> dict[str, Floats]:
    curve, error = points.template.curve, np.sqrt(points.template.curve_variance)
    bottom, top = np.argmin(curve + error, axis=1), np.argmax(curve - error, axis=1)
    roof = np.partition(curve, -BINS // 10, axis=1)[:, -BINS // 10]
    first = _dip(points, bottom, roof)
    at_max, at_max_error, max_flux, max_error = _extreme(points, 1.0, top, first.bottom, np.ones(points.n, dtype=bool))
    second_bin, is_dip = _second(points, first, bottom)
    second = _dip(points, second_bin, roof)
    level, level_error, flat = _level(points, first, second, is_dip, max_flux, max_error)
    depth, depth_error = level - first.bottom, np.hypot(level_error, first.bottom_error)
    depth_2, depth_2_error = level - second.bottom, np.hypot(level_error, second.bottom_error)
    real = is_dip & (depth_2 > _SIGNIFICANT * depth_2_error)
    # Levelled flux stands below the flux itself by the level that was taken away.
    zero = ragged.means(lcs.flux.astype(np.float64) - points.flux, lcs.offsets)
    with np.errstate(invalid="ignore", divide="ignore"):
        whole = np.where(lcs.difference | (level + zero <= 0), np.nan, level + zero)
        fraction, share = depth / whole, level_error / whole
        fraction_2 = depth_2 / whole
    peak = ~flat & (at_max_error < 0.1)

    def time_of(phase: Floats) -> Floats:
        return np.asarray(start + (phase + np.round((middle - start) * frequency - phase)) / frequency)

    def only(real: NDArray[np.bool_], **columns: Floats) -> dict[str, Floats]:
        return {name: np.where(real, column, np.nan) for name, column in columns.items()}

    return {
        "epoch": time_of(first.centre),
        "epoch_error": first.centre_error / frequency,
        "level": level + zero,
        "level_error": level_error,
        "depth": fraction,
        "depth_error": np.hypot(first.bottom_error / whole, share * (1.0 - fraction)),
        "depth_flux": depth,
        "depth_flux_error": depth_error,
        "width": first.width,
        "width_error": first.width_error,
        "contact_width": first.contact,
        "contact_width_error": first.contact_error,
        "amplitude": depth,
        "amplitude_error": depth_error,
        "excess": points.template.excess,
        **only(peak, epoch_max=time_of(at_max), epoch_max_error=at_max_error / frequency),
        **only(
            real,
            second_depth=fraction_2,
            second_depth_error=np.hypot(second.bottom_error / whole, share * (1.0 - fraction_2)),
            second_depth_flux=depth_2,
            second_depth_flux_error=depth_2_error,
            second_width=second.width,
            second_width_error=second.width_error,
            second_contact_width=second.contact,
            second_contact_width_error=second.contact_error,
            second_phase=(second.centre - first.centre) % 1.0,
            second_phase_error=np.hypot(first.centre_error, second.centre_error),
        ),
    }


def _turned(rows: Floats, middle: Ints) -> Floats:
    """Rows (N, BINS) with bin `middle` (N,) brought to the centre."""
    return np.take_along_axis(rows, (middle[:, None] + np.arange(BINS) - BINS // 2) % BINS, axis=1)


def _dip(points: _Points, bottom: Ints, roof: Floats) -> _Dip:
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
    lopsided = _lopsided(template, centre, reach, roof - floor) | (lowest - floor > 0.05 * (roof - floor))
    vertex, vertex_error, vertex_flux, vertex_flux_error = _extreme(points, -1.0, bottom, roof, lopsided)
    contact = np.minimum(contacts[0] + contacts[1], 1.0)
    contact_error = np.hypot(5.0 / 3.0 * np.hypot(*fifth_error), 2.0 / 3.0 * np.hypot(*half_error))
    return _Dip(
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
    square = np.mean(odd**2, axis=1)
    return np.asarray((square > (0.1 * depth) ** 2) & (square > 25.0 * 0.5 * np.median(variance, axis=1)))


def _edge_error(template: Template, bottom: Ints, away: Floats) -> Floats:
    """Error of the phase where a curve crosses a level: its own error over its slope."""
    line = np.arange(len(bottom))
    cell = (bottom + np.round(away * BINS).astype(np.int64)) % BINS
    with np.errstate(invalid="ignore", divide="ignore"):
        error = np.sqrt(template.curve_variance[line, cell]) / np.abs(template.slope[line, cell])
    return np.asarray(np.minimum(np.nan_to_num(error, nan=0.5, posinf=0.5), 0.5))


def _floor(points: _Points, centre: Floats, reach: Floats) -> tuple[Floats, Floats]:
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


def _extreme(
    points: _Points, sign: float, cell: Ints, opposite: Floats, wanted: NDArray[np.bool_]
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
    sharp = -sign * bend > _SIGNIFICANT * scale
    few = ~np.isfinite(value)
    return (
        np.where(few, (cell + 0.5) / BINS, centre + place) % 1.0,
        np.where(sharp, np.minimum(np.nan_to_num(place_error * scale, nan=0.5), 0.5), 0.5),
        np.where(few, height, value),
        np.where(few, np.sqrt(points.template.curve_variance[line, cell]), value_error * scale),
    )


def _second(points: _Points, first: _Dip, bottom: Ints) -> tuple[Ints, NDArray[np.bool_]]:
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
    higher = outside & (rows > (rows[line, found] + _SIGNIFICANT * np.nan_to_num(own, posinf=0.0))[:, None])
    left, right = higher & (after < found[:, None]), higher & (after > found[:, None])
    return cell, left.any(axis=1) & right.any(axis=1)


def _level(
    points: _Points, first: _Dip, second: _Dip, is_dip: NDArray[np.bool_], top: Floats, top_error: Floats
) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """Levelled flux outside the eclipses, its error, and whether there is such an outside."""
    outside = np.ones(len(points.phase), dtype=bool)
    share = np.ones(points.n)
    for dip, there in ((first, np.ones(points.n, dtype=bool)), (second, is_dip)):
        away = np.abs(wrapped(points.phase - dip.centre[points.star]))
        outside &= ~there[points.star] | (away > 0.5 * dip.contact[points.star])
        share -= np.where(there, dip.contact, 0.0)
    total = np.bincount(points.star, points.weight * outside, points.n)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.bincount(points.star, points.weight * outside * points.flux, points.n) / total
        error = np.sqrt(points.template.excess / total)
        square = np.bincount(points.star, points.weight * outside * (points.flux - mean[points.star]) ** 2, points.n)
        noise = points.template.excess * np.bincount(points.star, outside, points.n)
        waves = (square - noise) / total > (_STEADY * (mean - first.bottom)) ** 2
    flat = (share > _FLAT_SHARE) & (total > 0) & ~waves
    return np.where(flat, mean, top), np.where(flat, error, top_error), flat


def _better_frequency(points: _Points, day: Floats, span: Floats) -> tuple[Floats, Floats]:
    """Correction of the frequency by one Gauss-Newton step on the folded curve, and its error (N,), cycles per day.

    Fisher's information on the frequency is ``sum(w (dF/dphase (t - t0))^2)`` with t0 where phase and frequency are not
    correlated; what the curve itself took from the data is given back.
    """
    star, n, template = points.star, points.n, points.template
    curve, slope, noise = at(points.phase, star, template.curve, template.slope, template.slope_variance)
    square = points.weight * (slope**2 - noise)
    residual = points.flux - curve
    plain = points.weight * slope**2
    with np.errstate(invalid="ignore", divide="ignore"):
        centre = np.bincount(star, plain * day, n) / np.bincount(star, plain, n)
        lever = day - centre[star]
        loss = 1.0 - template.n_free / np.maximum(np.bincount(star, minlength=n), 1)
        raw = np.bincount(star, plain * lever**2, n) * loss
        information = np.maximum(np.bincount(star, square * lever**2, n) * loss, 0.3 * raw)
        step = np.bincount(star, points.weight * residual * slope * lever, n) / information
        sigma = np.sqrt(template.excess * raw) / information
    most = 0.1 / span
    return np.where(np.abs(step) < most, step, 0.0), np.where(np.isfinite(sigma), sigma, np.nan)
