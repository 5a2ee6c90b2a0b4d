"""From a survey's measurements to a LightCurves batch: what every survey needs done, done once.

Cost: O(M), plus a sort of the stars whose times are out of order and one median per star and band.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from goodricke import ragged
from goodricke.lightcurves.batch import DROP_REASONS, LightCurves
from goodricke.lightcurves.measurements import Measurements

__all__ = ["assemble", "renormalised"]

_SENTINEL = 90.0  # 99.99, 99.999, 9999 and their negatives all mean "no magnitude"
_MAG_ZERO = 15.0  # any value near real magnitudes keeps 10**x within float64
_LN = np.log(10.0) / 2.5


def assemble(measured: Measurements, survey: str, quality_mask: int = 0) -> LightCurves:
    """Drop what is no detection, sort, turn into relative flux and pack.

    Parameters
    ----------
    measured : Measurements
        What a reader found.
    survey : str
        Name of the survey row.
    quality_mask : int
        Points that share a bit with it are dropped.

    Returns
    -------
    LightCurves
        One row per star of `measured`, in the same order, also for stars that lost every point.

    Examples
    --------
    >>> m = Measurements.from_columns([2.0, 1.0, 3.0], mag=[10.0, 11.0, 99.99], err=[0.1, 0.1, 0.1])
    >>> lcs = assemble(m, "demo")
    >>> lcs.time, lcs[0].dropped
    (array([1., 2.]), {'limit': 1})
    """
    n, b = len(measured.object_id), len(measured.bands)
    time = np.asarray(measured.time, dtype=np.float64)
    with np.errstate(invalid="ignore"):  # a float32 NaN of damaged bytes may be a signalling one
        value = np.asarray(measured.value, dtype=np.float64)
        error = None if measured.error is None else np.asarray(measured.error, dtype=np.float64)
    star = measured.star
    band = np.zeros(len(time), dtype=np.int8) if measured.band is None else measured.band

    bare = _without_errors(error, star, n)
    why = _why_dropped(measured, time, value, error, bare, quality_mask)
    dropped = np.zeros((n, len(DROP_REASONS)), dtype=np.int64)
    keep = why == 0
    if not keep.all():
        lost = np.zeros(int(np.count_nonzero(~keep)), dtype=np.int64) if star is None else star[~keep]
        np.add.at(dropped, (lost, why[~keep] - 1), 1)
        time, value, band = time[keep], value[keep], band[keep]
        error = None if error is None else error[keep]
        star = None if star is None else star[keep]

    if star is None:
        offsets = np.array([0, len(time)], dtype=np.int64)
    else:
        if len(star) and (star[1:] < star[:-1]).any():
            by_star = np.argsort(star, kind="stable")
            time, value, band, star = time[by_star], value[by_star], band[by_star], star[by_star]
            error = None if error is None else error[by_star]
        offsets = ragged.offsets_from_ids(np.asarray(star, dtype=np.int64), n)
    by_time = ragged.order(time, offsets)
    if by_time is not None:
        time, value, band = time[by_time], value[by_time], band[by_time]
        error = None if error is None else error[by_time]

    flux, flux_err, ref_mag, ref_flux, difference = _relative(
        value, error, measured.kind, np.broadcast_to(np.asarray(measured.zero_point, dtype=np.float64), (b,)),
        offsets, band, b,
    )  # fmt: skip
    relative, sigma = _single(flux), _single(flux_err)
    held = np.isfinite(relative) & np.isfinite(sigma) & (sigma > 0)
    if not held.all():
        # Damaged bytes can be numbers that float64 holds and float32 does not.
        lost = DROP_REASONS.index("not_finite")
        np.add.at(dropped[:, lost], ragged.segment_ids(offsets)[~held], 1)
        offsets = ragged.compressed_offsets(held, offsets)
        time, band, relative, sigma = time[held], band[held], relative[held], sigma[held]
    unknown = np.full(n, np.nan)
    meta = dict(measured.meta)
    if bare.any():
        meta["error_estimated"] = bare
    batch = LightCurves(
        object_id=measured.object_id,
        offsets=offsets,
        time=time,
        flux=relative,
        flux_err=sigma,
        band=band,
        bands=measured.bands,
        survey=np.full(n, f"{survey}/{measured.variant}" if measured.variant else survey),
        frame=np.zeros(n, dtype=np.int8),
        frames=(measured.frame,),
        ra=unknown if measured.ra is None else measured.ra,
        dec=unknown if measured.dec is None else measured.dec,
        ref_mag=ref_mag,
        ref_flux=ref_flux,
        difference=difference,
        dropped=dropped,
        meta=meta,
    )
    return batch if held.all() else renormalised(batch)


def _single(values: NDArray[np.float64]) -> NDArray[np.float32]:
    with np.errstate(over="ignore"):
        return values.astype(np.float32)


def _without_errors(
    error: NDArray[np.float64] | None, star: NDArray[np.integer[Any]] | None, n: int
) -> NDArray[np.bool_]:
    """True for stars (N,) that have no error at all: those of other stars in the table do not concern them."""
    if error is None:
        return np.ones(n, dtype=bool)
    given = ~np.isnan(error)
    if given.all():
        return np.zeros(n, dtype=bool)
    stars = np.zeros(len(error), dtype=np.int64) if star is None else star
    return np.asarray(np.bincount(stars[given], minlength=n) == 0)


def _why_dropped(
    measured: Measurements,
    time: NDArray[np.float64],
    value: NDArray[np.float64],
    error: NDArray[np.float64] | None,
    bare: NDArray[np.bool_],
    quality_mask: int,
) -> NDArray[np.uint8]:
    """0 for a good point, else 1 + its place in DROP_REASONS. The first reason that fits counts."""
    why = np.zeros(len(time), dtype=np.uint8)
    if error is not None:
        with np.errstate(invalid="ignore"):
            bad = ~((error > 0) & np.isfinite(error))
        if bare.any():
            bad &= ~bare[0 if measured.star is None else measured.star]
        why[bad] = 1 + DROP_REASONS.index("error")
    why[~(np.isfinite(time) & np.isfinite(value))] = 1 + DROP_REASONS.index("not_finite")
    if quality_mask and measured.quality is not None:
        why[(measured.quality & quality_mask) != 0] = 1 + DROP_REASONS.index("quality")
    limit = 1 + DROP_REASONS.index("limit")
    if measured.kind == "mag":
        with np.errstate(invalid="ignore"):
            why[np.abs(value) > _SENTINEL] = limit
    if measured.limit is not None:
        why[measured.limit] = limit
    return why


def _by_star_and_band(
    offsets: NDArray[np.int64], band: NDArray[np.int8], b: int
) -> tuple[NDArray[np.int64] | slice, NDArray[np.int64], NDArray[np.int64] | None]:
    """Order that groups points by star and band, offsets of the B x N groups, and the group of every point.

    Group ``k * N + i`` is star ``i`` in band ``k``: all stars in the first band, then all in the second.
    """
    if b == 1:
        return slice(None), offsets, None
    if b == 0:
        nothing = np.zeros(0, dtype=np.int64)
        return nothing, np.zeros(1, dtype=np.int64), nothing
    n = len(offsets) - 1
    # Comparing bytes once a band beats sorting the points, even with a hundred bands.
    places = [np.flatnonzero(band == k) for k in range(b)]
    lengths = np.concatenate([np.diff(np.searchsorted(place, offsets)) for place in places])
    group = ragged.segment_ids(offsets) + n * band.astype(np.int64)
    return np.concatenate(places), ragged.offsets_from_lengths(lengths), group


def _relative(
    value: NDArray[np.float64],
    error: NDArray[np.float64] | None,
    kind: str,
    zero_point: NDArray[np.float64],
    offsets: NDArray[np.int64],
    band: NDArray[np.int8],
    b: int,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]]:
    """Flux with median 1 per star and band, its error, reference magnitude and flux (N, B), difference flag (N,)."""
    n = len(offsets) - 1
    by_group, bounds, group = _by_star_and_band(offsets, band, b)
    flux = np.exp(-_LN * (value - _MAG_ZERO)) if kind == "mag" else value
    if error is None:
        flux_err = np.full(len(flux), np.nan)
    else:
        with np.errstate(over="ignore", invalid="ignore"):  # damaged bytes may be any number
            flux_err = error * flux * _LN if kind == "mag" else error
    unknown = np.isnan(flux_err)  # the points of stars without errors; no others come here
    if unknown.any():
        sigma = _scatter(flux[by_group], bounds)
        flux_err = np.where(unknown, sigma[ragged.segment_ids(bounds) if group is None else group], flux_err)
    level = ragged.medians(flux[by_group], bounds)
    with np.errstate(invalid="ignore"):
        afloat = ~(level > 0) & (np.diff(bounds) > 0)
    difference = np.full(n, kind == "difference")
    if kind == "difference" or afloat.any():
        difference |= afloat.reshape(b, n).any(axis=0)
        # Without a positive level there is nothing to be relative to: the typical size of the flux is the unit.
        spread = ragged.medians(np.abs(flux[by_group]), bounds)
        level = np.where(np.tile(difference, b), np.where(spread > 0, spread, 1.0), level)
        level[np.diff(bounds) == 0] = np.nan
    if group is None:
        scale = level[0] if n == 1 else np.repeat(level, np.diff(offsets))
    else:
        scale = level[group]
    table = level.reshape(b, n).T
    if kind == "mag":
        ref_mag, ref_flux = _MAG_ZERO - np.log(table) / _LN, np.full((n, b), np.nan)
    else:
        ref_mag, ref_flux = zero_point - np.log(table) / _LN, table
    with np.errstate(over="ignore"):
        return flux / scale, flux_err / scale, ref_mag, ref_flux, difference


def _scatter(flux: NDArray[np.float64], bounds: NDArray[np.int64]) -> NDArray[np.float64]:
    """Standard deviation of white noise (G,) from the steps between neighbours, which slow variation hardly touches."""
    lengths = np.diff(bounds)
    inside = np.ones(max(len(flux) - 1, 0), dtype=bool)
    inner = bounds[1:-1]
    inside[inner[(inner > 0) & (inner < len(flux))] - 1] = False
    steps = np.abs(np.diff(flux))[inside]
    sigma = ragged.medians(steps, ragged.offsets_from_lengths(np.maximum(lengths - 1, 0))) / 0.6745 / np.sqrt(2.0)
    # One point, or a flux that repeats exactly: one per mille of the level stands in, so that nothing divides by zero.
    floor = 1e-3 * np.abs(ragged.medians(flux, bounds))
    return np.asarray(np.where(sigma > 0, sigma, np.where(floor > 0, floor, 1.0)))


def renormalised(batch: LightCurves) -> LightCurves:
    """Set the median of every star and band to 1 again, after points were removed or added."""
    b = len(batch.bands)
    if not b or not batch.n_points:
        return batch
    by_group, bounds, group = _by_star_and_band(batch.offsets, batch.band, b)
    level = ragged.medians(batch.flux[by_group].astype(np.float64), bounds)
    level[~(level > 0) | np.tile(batch.difference, b)] = 1.0
    scale = level[ragged.segment_ids(batch.offsets) if group is None else group]
    table: NDArray[Any] = level.reshape(b, len(batch)).T
    return replace(
        batch,
        flux=(batch.flux / scale).astype(np.float32),
        flux_err=(batch.flux_err / scale).astype(np.float32),
        ref_mag=batch.ref_mag - np.log(table) / _LN,
        ref_flux=batch.ref_flux * table,
    )
