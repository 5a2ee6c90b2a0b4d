"""Several files of one star (sectors, quarters, bands, pieces of a streamed table) become one light curve."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from goodricke import ragged
from goodricke.errors import OptionError
from goodricke.lightcurves import LightCurves, concatenate
from goodricke.lightcurves.assemble import renormalised
from goodricke.surveys.table import find

__all__ = ["key_of", "merge", "merge_keys"]


def merge_keys(lcs: LightCurves) -> NDArray[np.str_]:
    """What two rows must share to be the same star (N,): survey with its variant, time frame and name."""
    frames = np.array([str(frame) for frame in lcs.frames] or [""])
    return key_of(lcs.survey, frames[lcs.frame], lcs.object_id)


def key_of(survey: NDArray[np.str_], frame: NDArray[np.str_], object_id: NDArray[np.str_]) -> NDArray[np.str_]:
    """The same from the three columns (N,)."""
    separator = np.array("\x1f")
    add = np.strings.add
    return np.asarray(add(add(add(survey, separator), add(frame, separator)), object_id))


def merge(batches: Sequence[LightCurves]) -> LightCurves:
    """Concatenate and unite the rows of the same star, in the order of first appearance.

    Parts of a survey that is stitched (space photometry) keep their own medians of 1; parts of all others are brought
    to one scale by their reference magnitudes (or fluxes) before the median of the whole is set to 1.

    Examples
    --------
    >>> a = LightCurves.from_arrays([1.0, 2.0], mag=[9.0, 9.0], err=[0.1, 0.1], object_id="s", band="V")
    >>> b = LightCurves.from_arrays([3.0], mag=[8.0], err=[0.1], object_id="s", band="V")
    >>> merge([a, b])[0].mag.round(3)
    array([9., 9., 8.])
    """
    lcs = concatenate(batches)
    _, first, group = np.unique(merge_keys(lcs), return_index=True, return_inverse=True)
    n = len(first)
    if n == len(lcs):
        return lcs
    # Number the groups by their first row.
    rank = np.empty(n, dtype=np.int64)
    rank[np.argsort(first)] = np.arange(n)
    group, first = rank[group], np.sort(first)
    rows = np.argsort(group, kind="stable")

    factor, ref_mag, ref_flux = _common_scale(lcs, group, first)
    row_of_point = ragged.segment_ids(lcs.offsets)
    scale = factor[row_of_point, lcs.band] if lcs.n_points else np.zeros(0)
    flux = (lcs.flux * scale).astype(np.float32)
    flux_err = (lcs.flux_err * scale).astype(np.float32)

    index, _ = ragged.take(lcs.offsets, rows)
    offsets = ragged.offsets_from_lengths(np.bincount(group, weights=lcs.lengths, minlength=n).astype(np.int64))
    by_time = ragged.order(lcs.time[index], offsets)
    if by_time is not None:
        index = index[by_time]
    dropped = np.zeros((n, lcs.dropped.shape[1]), dtype=np.int64)
    np.add.at(dropped, group, lcs.dropped)
    joined = replace(
        lcs,
        object_id=lcs.object_id[first],
        offsets=offsets,
        time=lcs.time[index],
        flux=flux[index],
        flux_err=flux_err[index],
        band=lcs.band[index],
        survey=lcs.survey[first],
        frame=lcs.frame[first],
        ra=_first_finite(lcs.ra, group, n),
        dec=_first_finite(lcs.dec, group, n),
        ref_mag=ref_mag,
        ref_flux=ref_flux,
        difference=np.bincount(group, weights=lcs.difference, minlength=n) > 0,
        dropped=dropped,
        meta={key: values[first] for key, values in lcs.meta.items()},
    )
    # Rows that stood alone keep their values to the last bit; the others need their median again.
    united = np.flatnonzero(np.bincount(group, minlength=n) > 1)
    fresh = renormalised(joined[united])
    flux, flux_err = joined.flux.copy(), joined.flux_err.copy()
    points, _ = ragged.take(joined.offsets, united)
    flux[points], flux_err[points] = fresh.flux, fresh.flux_err
    ref_mag, ref_flux = joined.ref_mag.copy(), joined.ref_flux.copy()
    ref_mag[united], ref_flux[united] = fresh.ref_mag, fresh.ref_flux
    return replace(joined, flux=flux, flux_err=flux_err, ref_mag=ref_mag, ref_flux=ref_flux)


def _stitched(survey: str) -> bool:
    try:
        return find(survey).load().STITCH
    except OptionError:
        return False  # arrays, or a survey of a package that is not installed here


def _common_scale(
    lcs: LightCurves, group: NDArray[np.int64], first: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Factor per row and band that brings a group to one scale; reference magnitude and flux per group and band."""
    n, b = len(first), len(lcs.bands)
    ref_mag, ref_flux = np.full((n, b), np.nan), np.full((n, b), np.nan)
    for k in range(b):
        ref_mag[:, k] = _first_finite(lcs.ref_mag[:, k], group, n)
        ref_flux[:, k] = _first_finite(lcs.ref_flux[:, k], group, n)
    by_flux = lcs.ref_flux / ref_flux[group]
    by_mag = 10 ** (-0.4 * (lcs.ref_mag - ref_mag[group]))
    factor = np.where(np.isfinite(by_flux), by_flux, np.where(np.isfinite(by_mag), by_mag, 1.0))
    names, code = np.unique(lcs.survey, return_inverse=True)
    factor[np.array([_stitched(str(name)) for name in names])[code]] = 1.0
    return factor, ref_mag, ref_flux


def _first_finite(values: NDArray[np.float64], group: NDArray[np.int64], n: int) -> NDArray[np.float64]:
    result = np.full(n, np.nan)
    good = np.flatnonzero(np.isfinite(values))
    result[group[good[::-1]]] = values[good[::-1]]
    return result
