"""LSST / Rubin photometry in Parquet: DiaSource and ForcedSource tables, flat or nested in object catalogues (LSDB).

Reference: https://sdm-schemas.lsst.io (DP1, APDB). Fluxes are in nJy (AB zero point 31.4), times are MJD in TAI at the
middle of the exposure. Total fluxes are preferred: ``scienceFlux`` of DiaSource and DiaForcedSource, ``psfFlux`` of
ForcedSource (which has ``psfDiffFlux`` beside it) and of Source. ``psfFlux`` of DiaSource is a difference flux, and is
read when the total is absent. Where a catalogue nests several kinds of points, the forced ones are read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from goodricke import ragged
from goodricke.errors import ReadError
from goodricke.lightcurves import Measurements
from goodricke.lightcurves.layout import Nest, is_list, names_of, nests, one_chunk, points_of_stars
from goodricke.lightcurves.tables import numbers
from goodricke.surveys.containers.parquet import batches, whole_stars
from goodricke.surveys.difference import by_level, first_of_star
from goodricke.surveys.options import Quality, ReadOptions
from goodricke.surveys.source import Source
from goodricke.timeframes import TimeFrame

__all__ = ["POINT_COLUMNS", "QUALITY", "STITCH", "photometry", "read", "recognises"]

_FLAGS = {
    "psf_failed": ("psfFlux_flag", "psfDiffFlux_flag", "forced_PsfFlux_flag", "invalidPsfFlag"),
    "edge": ("psfFlux_flag_edge", "forced_PsfFlux_flag_edge", "pixelFlags_edge", "pixelFlags_offimage"),
    "bad": ("pixelFlags_bad", "pixelFlags_nodataCenter", "diff_PixelFlags_nodataCenter"),
    "saturated": ("pixelFlags_saturatedCenter",),
    "suspect": ("pixelFlags_suspectCenter",),
    "cosmic_ray": ("pixelFlags_crCenter",),
    "streak": ("pixelFlags_streakCenter",),
    "interpolated": ("pixelFlags_interpolatedCenter",),
    "dipole": ("isDipole",),
}
_BITS = {name: 1 << k for k, name in enumerate((*_FLAGS, "no_reference"))}
_DEFAULT = sum(_BITS[name] for name in ("psf_failed", "edge", "bad", "saturated", "no_reference"))
_HARD = _DEFAULT | sum(_BITS[name] for name in ("suspect", "cosmic_ray", "streak"))
QUALITY = Quality(_BITS, default=_DEFAULT, hard=_HARD, hardest=sum(_BITS.values()))
STITCH = False

ZERO_POINT = 31.4
"""AB magnitude of 1 nJy."""

_TIMES = ("midpointMjdTai", "midpointTai", "midPointTai", "expMidptMJD")
_BANDS = ("band", "filterName")
_STARS = ("diaObjectId", "objectId")
_BRIGHTNESS = ("scienceFlux", "psfFlux", "psfDiffFlux", "psfMag", "scienceMag")
_POSITIONS = (("ra", "dec"), ("coord_ra", "coord_dec"))
_KINDS = ("forcedSourceId", "diaForcedSourceId", "diaSourceId", "sourceId")
POINT_COLUMNS = (
    *_TIMES, *_BANDS, *_BRIGHTNESS, *(f"{name}Err" for name in _BRIGHTNESS),
    *(flag for names in _FLAGS.values() for flag in names), *_KINDS,
)  # fmt: skip
"""Every column of points that is looked at, under the names of LSST's schemas."""


def recognises(source: Source) -> bool:
    """LSST's names for an object, a time and a brightness, in one row a point or nested."""
    flat = {field.name for field in source.schema if not is_list(field.type)}
    return bool(set(_STARS) & flat) and (_is_photometry(flat) or bool(_nests(source)))


def _is_photometry(names: set[str]) -> bool:
    return bool(set(_TIMES) & names) and bool(set(_BRIGHTNESS) & names)


def _nests(source: Source) -> list[Nest]:
    """The nests with photometry, forced ones first."""
    found = [nest for nest in nests(source.schema) if _is_photometry(set(nest.fields))]
    return sorted(found, key=lambda nest: "forced" not in nest.column.lower())


def read(source: Source, options: ReadOptions) -> Iterator[Measurements]:
    """Yield the stars in pieces of about ``options.batch_points`` points."""
    there = {field.name for field in source.schema if not is_list(field.type)}
    star = next((name for name in _STARS if name in there), None)
    if star is None:
        raise ReadError(f"there is no column {' or '.join(_STARS)}", "read it as another survey", source.name)
    place = next((pair for pair in _POSITIONS if set(pair) <= there), ())
    if _is_photometry(there):
        yield from _flat(source, options, star, place)
    else:
        yield from _nested(source, options, star, place)


def _flat(source: Source, options: ReadOptions, id_name: str, place: Sequence[str]) -> Iterator[Measurements]:
    there = set(source.schema.names)
    wanted = [id_name, *place, *(name for name in POINT_COLUMNS if name in there)]
    for table in whole_stars(batches(source, wanted, options.batch_points), id_name, options.batch_points):
        columns = {name: one_chunk(table.column(name)) for name in wanted}
        star, names = names_of(columns[id_name], table.num_rows)
        position = [first_of_star(_float(columns[name]), star, len(names)) for name in place]
        yield from photometry(columns, star, names, *position)


def _nested(source: Source, options: ReadOptions, id_name: str, place: Sequence[str]) -> Iterator[Measurements]:
    found = _nests(source)
    if not found:
        raise ReadError("there is no photometry in this table", "it may be a catalogue of objects only", source.name)
    nest, others = found[0], [repr(other.column) for other in found[1:]]
    fields = [name for name in POINT_COLUMNS if name in nest.fields]
    said = (f"the points are those of {nest.column!r}, not of {' or '.join(others)}",) if others else ()
    wanted = list(dict.fromkeys([id_name, *place, *(nest.path(name) for name in fields)]))
    for batch in batches(source, wanted, options.batch_points, long=nest.path(fields[0])):
        columns, offsets = points_of_stars(batch, nest, fields)
        names = [str(name) for name in batch.column(id_name).to_pylist()]
        position = [_float(batch.column(name)) for name in place]
        forced = "forced" in nest.column.lower()
        for part in photometry(columns, ragged.segment_ids(offsets), names, *position, forced=forced):
            yield replace(part, notes=(*part.notes, *said))


def _float(column: pa.Array | pa.ChunkedArray) -> NDArray[np.float64]:
    return np.asarray(numbers(column), dtype=np.float64)


# One layout of columns ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Plan:
    """Names of the total and of the difference flux; empty when absent."""

    total: str
    difference: str
    magnitudes: bool = False


def _plan(names: Mapping[str, Any], forced: bool) -> _Plan:
    if "scienceFlux" in names:
        return _Plan("scienceFlux", "psfFlux" if "psfFlux" in names else "")
    if "psfFlux" in names:
        dia = "diaSourceId" in names or "diaForcedSourceId" in names
        total = forced or "psfDiffFlux" in names or "forcedSourceId" in names or not dia
        return _Plan("psfFlux", "psfDiffFlux" if "psfDiffFlux" in names else "") if total else _Plan("", "psfFlux")
    if "psfDiffFlux" in names:
        return _Plan("", "psfDiffFlux")
    return _Plan("scienceMag" if "scienceMag" in names else "psfMag", "", magnitudes=True)


def photometry(
    columns: Mapping[str, pa.Array],
    star: NDArray[np.int64],
    names: Sequence[str],
    ra: NDArray[np.float64] | None = None,
    dec: NDArray[np.float64] | None = None,
    *,
    forced: bool = False,
    limit: NDArray[np.bool_] | None = None,
) -> Iterator[Measurements]:
    """Yield Measurements of points under LSST's names.

    Parameters
    ----------
    columns : mapping of str to (M,) Arrow arrays
    star : (M,) int64
        Index into `names`.
    names : sequence of str
        The stars.
    ra, dec : (N,) float64, optional
        ICRS degrees.
    forced : bool
        The points are those of a ForcedSource table, whose psfFlux is the total flux.
    limit : (M,) bool, optional
        Upper limits.
    """
    m = len(star)
    band_name = next((name for name in _BANDS if name in columns), None)
    code, bands = (np.zeros(m, np.int64), ["unknown"]) if band_name is None else names_of(columns[band_name], m)
    if len(bands) > 127:
        raise ReadError(f"{len(bands)} bands; LSST has six", "is this LSST photometry?")
    time = _float(columns[next(name for name in _TIMES if name in columns)])
    plan = _plan(columns, forced)

    def pair(name: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        if not name:
            return np.full(m, np.nan), np.full(m, np.nan)
        return _float(columns[name]), _float(columns[f"{name}Err"]) if f"{name}Err" in columns else np.full(m, np.nan)

    base = Measurements(
        object_id=np.asarray(names, dtype=str),
        time=time,
        value=time,
        error=None,
        kind="mag" if plan.magnitudes else "flux",
        frame=TimeFrame("tai", "observer", 2400000.5),
        star=star,
        band=code.astype(np.int8),
        bands=tuple(bands) or ("unknown",),
        limit=limit,
        quality=_quality(columns, m),
        zero_point=np.nan if plan.magnitudes else ZERO_POINT,
        ra=ra,
        dec=dec,
        notes=_doubts(time),
    )
    total, error = pair(plan.total)
    if not plan.difference:
        yield replace(base, value=total, error=error if np.isfinite(error).any() else None)
        return
    value, sigma = pair(plan.difference)
    yield from by_level(replace(base, value=value, error=sigma, kind="difference"), total, error, _BITS["no_reference"])


def _quality(columns: Mapping[str, pa.Array], m: int) -> NDArray[np.int64]:
    bits = np.zeros(m, dtype=np.int64)
    for name, flags in _FLAGS.items():
        for flag in flags:
            if flag in columns:
                bits |= (np.nan_to_num(_float(columns[flag])) != 0) * np.int64(_BITS[name])
    return bits


def _doubts(time: NDArray[np.float64]) -> tuple[str, ...]:
    good = time[np.isfinite(time)]
    if len(good) and not ((good > 50000) & (good < 80000)).all():
        return (f"times from {good.min():.8g} to {good.max():.8g} are no MJD of this survey: are they real?",)
    return ()
