"""LightCurves to and from Arrow: one row per star, list columns for the points. The layout of our Parquet files.

============== ===================== ==========================================================================
column         Arrow type            meaning
============== ===================== ==========================================================================
object_id      string                name of the star
survey         string                row of the survey table that read it
ra, dec        double                ICRS degrees, NaN when unknown
time_frame     string                clock, place and zero point of ``time``, such as ``BTJD``
time           list<double>          days
flux           list<float>           relative flux, median 1 per star and band
flux_err       list<float>           its standard deviation
band           list<int8>            index into the row's ``bands``
bands          list<string>          band names of the star
ref_mag        list<double>          magnitude at flux 1, one per entry of ``bands``
ref_flux       list<double>          flux 1 in the survey's unit, one per entry of ``bands``
difference     bool                  the flux is a difference from a template
n_<reason>     int64                 points dropped, for every reason of ``DROP_REASONS``
anything else  any                   ``meta``
============== ===================== ==========================================================================
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from goodricke import ragged
from goodricke.errors import DataError
from goodricke.lightcurves.batch import DROP_REASONS, LightCurves
from goodricke.timeframes import TimeFrame

__all__ = ["POINT_COLUMNS", "REQUIRED_COLUMNS", "from_arrow", "to_arrow"]

POINT_COLUMNS = ("time", "flux", "flux_err", "band")
REQUIRED_COLUMNS = ("object_id", "time", "flux", "flux_err", "band", "bands")
_KNOWN = {
    *REQUIRED_COLUMNS, "survey", "ra", "dec", "time_frame", "ref_mag", "ref_flux", "difference",
    *(f"n_{reason}" for reason in DROP_REASONS),
}  # fmt: skip


def to_arrow(lcs: LightCurves) -> pa.Table:
    """One Arrow row per star; the point columns share memory with `lcs`."""
    n, b = len(lcs), len(lcs.bands)
    present = np.isfinite(lcs.ref_mag) | np.isfinite(lcs.ref_flux)
    if lcs.n_points:
        present |= np.bincount(ragged.segment_ids(lcs.offsets) * b + lcs.band, minlength=n * b).reshape(n, b) > 0
    # Every star names its own bands, so that rows of different files can stand in one table.
    code = np.cumsum(present, axis=1, dtype=np.int8) - np.int8(1)
    if present.all():
        band = lcs.band
    else:
        band = code[ragged.segment_ids(lcs.offsets), lcs.band] if lcs.n_points else lcs.band
    per_star = ragged.offsets_from_lengths(present.sum(axis=1))
    names = pa.DictionaryArray.from_arrays(
        pa.array(np.nonzero(present)[1].astype(np.int32)), pa.array(lcs.bands, pa.string())
    )
    columns: dict[str, Any] = {
        "object_id": pa.array(lcs.object_id, pa.string()),
        "survey": pa.array(lcs.survey, pa.string()),
        "ra": pa.array(lcs.ra),
        "dec": pa.array(lcs.dec),
        "time_frame": pa.array(np.array([str(f) for f in lcs.frames] or [""])[lcs.frame], pa.string()),
        "time": _lists(lcs.time, lcs.offsets),
        "flux": _lists(lcs.flux, lcs.offsets),
        "flux_err": _lists(lcs.flux_err, lcs.offsets),
        "band": _lists(band, lcs.offsets),
        "bands": _lists(names.cast(pa.string()), per_star),
        "ref_mag": _lists(lcs.ref_mag[present], per_star),
        "ref_flux": _lists(lcs.ref_flux[present], per_star),
        "difference": pa.array(lcs.difference),
        **{f"n_{reason}": pa.array(lcs.dropped[:, k]) for k, reason in enumerate(DROP_REASONS)},
    }
    for name, values in lcs.meta.items():
        if name in _KNOWN:
            raise DataError(f"meta column {name!r} has the name of a column of the layout; rename it")
        columns[name] = _rows(values) if values.ndim > 1 else pa.array(values)
    return pa.table(columns)


def _rows(values: NDArray[Any]) -> pa.Array:
    """A list of fixed length per star."""
    if values.ndim > 2:
        raise DataError(f"a meta column of shape {values.shape} cannot be written; one or two axes can")
    return pa.FixedSizeListArray.from_arrays(pa.array(np.ascontiguousarray(values).reshape(-1)), values.shape[1])


def _lists(values: Any, offsets: NDArray[np.int64]) -> pa.Array:
    flat = pa.array(values)
    # Values that cannot be null are decoded from Parquet half as fast again: missing numbers are NaN here.
    element = pa.field("element", flat.type, nullable=False)
    # Lists with 32-bit offsets are read by every Parquet and nested-pandas version; larger batches are cut by writers.
    if len(offsets) and offsets[-1] < 2**31:
        return pa.ListArray.from_arrays(pa.array(offsets.astype(np.int32)), flat, type=pa.list_(element))
    return pa.LargeListArray.from_arrays(pa.array(offsets), flat, type=pa.large_list(element))


def from_arrow(table: pa.Table | pa.RecordBatch) -> LightCurves:
    """Read the layout of ``to_arrow``; points are not copied when every column is one chunk.

    Raises
    ------
    DataError
        If a column is missing, has another type, or the lists of a row differ in length.
    """
    missing = [name for name in REQUIRED_COLUMNS if name not in table.schema.names]
    if missing:
        raise DataError(f"no column {', '.join(missing)}; a light-curve table has {', '.join(REQUIRED_COLUMNS)}")
    n = table.num_rows
    points: dict[str, NDArray[Any]] = {}
    offsets = np.zeros(n + 1, dtype=np.int64)
    for name in POINT_COLUMNS:
        values, bounds = list_values(table.column(name), name)
        if points and not np.array_equal(bounds, offsets):
            raise DataError(f"the lists of column {name!r} differ in length from those of {POINT_COLUMNS[0]!r}")
        points[name], offsets = values, bounds
    words, per_star = _list_of_strings(table.column("bands"))
    bands = tuple(words.dictionary.to_pylist())
    local = words.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    if not bands:
        local = np.zeros(0, dtype=np.int64)
    band = _global_codes(points["band"], offsets, local, per_star, len(bands))
    row = ragged.segment_ids(per_star)
    texts = _column(table, "time_frame", pa.string(), "TIME").dictionary_encode()
    frames = tuple(TimeFrame.parse(word) for word in texts.dictionary.to_pylist())
    return LightCurves(
        object_id=_strings(table.column("object_id"), "object_id"),
        offsets=offsets,
        time=points["time"].astype(np.float64, copy=False),
        flux=points["flux"].astype(np.float32, copy=False),
        flux_err=points["flux_err"].astype(np.float32, copy=False),
        band=band,
        bands=bands,
        survey=_strings(_column(table, "survey", pa.string(), ""), "survey"),
        frame=texts.indices.to_numpy(zero_copy_only=False).astype(np.int8),
        frames=frames,
        ra=_numbers(table, "ra", np.nan),
        dec=_numbers(table, "dec", np.nan),
        ref_mag=_dense(table, "ref_mag", row, local, per_star, (n, len(bands))),
        ref_flux=_dense(table, "ref_flux", row, local, per_star, (n, len(bands))),
        difference=_column(table, "difference", pa.bool_(), False).to_numpy(zero_copy_only=False),
        dropped=np.stack([_numbers(table, f"n_{r}", 0).astype(np.int64) for r in DROP_REASONS], axis=1),
        meta={name: _meta(table.column(name), name) for name in table.schema.names if name not in _KNOWN},
    )


def list_values(column: pa.Array | pa.ChunkedArray, name: str) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """Flat values and offsets (from 0) of a list column; a null list is an empty one, a null value is NaN."""
    array = _one_chunk(column)
    if pa.types.is_fixed_size_list(array.type):
        array = array.cast(pa.large_list(array.type.value_type))
    if not (pa.types.is_list(array.type) or pa.types.is_large_list(array.type)):
        raise DataError(f"column {name!r} is {array.type}; a list per star is asked for")
    offsets = array.offsets.to_numpy(zero_copy_only=False).astype(np.int64)
    if array.null_count:  # flatten() skips what a null list covers, so the offsets must too
        lengths = np.where(array.is_valid().to_numpy(zero_copy_only=False), np.diff(offsets), 0)
        values, offsets = array.flatten(), ragged.offsets_from_lengths(lengths)
    else:
        values = array.values.slice(offsets[0], offsets[-1] - offsets[0]) if len(offsets) else array.values
        offsets = offsets - offsets[0] if len(offsets) else np.zeros(1, dtype=np.int64)
    kind = values.type
    if pa.types.is_decimal(kind):
        values = values.cast(pa.float64())
    elif not (
        pa.types.is_floating(kind) or pa.types.is_integer(kind) or pa.types.is_null(kind) or pa.types.is_boolean(kind)
    ):
        raise DataError(f"column {name!r} holds {kind}; numbers are asked for")
    return np.asarray(values.to_numpy(zero_copy_only=False)), offsets


def _one_chunk(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    if isinstance(column, pa.ChunkedArray):
        return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()
    return column


def _list_of_strings(column: pa.Array | pa.ChunkedArray) -> tuple[pa.DictionaryArray, NDArray[np.int64]]:
    array = _one_chunk(column)
    if not (pa.types.is_list(array.type) or pa.types.is_large_list(array.type)):
        raise DataError(f"column 'bands' is {array.type}; a list of names per star is asked for")
    words = array.flatten()
    if pa.types.is_dictionary(words.type):
        words = words.cast(words.type.value_type)
    lengths = array.value_lengths().fill_null(0).to_numpy(zero_copy_only=False)
    return words.cast(pa.string()).fill_null("unknown").dictionary_encode(), ragged.offsets_from_lengths(lengths)


def _global_codes(
    band: NDArray[Any], offsets: NDArray[np.int64], local: NDArray[np.int64], per_star: NDArray[np.int64], b: int
) -> NDArray[np.int8]:
    """Translate every point's index into its star's own bands to one into the bands of the batch."""
    counts = np.diff(per_star)
    if len(band) and (band.dtype.kind not in "iu" or int(band.min()) < 0):
        raise DataError("band holds something else than indices into bands")
    if b <= 1 and (not len(band) or int(band.max()) < b) and not ((counts == 0) & (np.diff(offsets) > 0)).any():
        return band.astype(np.int8, copy=False)
    if not len(band):
        return band.astype(np.int8)
    ids = ragged.segment_ids(offsets)
    if (band >= counts[ids]).any():
        raise DataError("band holds an index past the end of bands")
    return np.asarray(local[per_star[:-1][ids] + band], dtype=np.int8)


def _dense(
    table: Any,
    name: str,
    row: NDArray[np.int64],
    local: NDArray[np.int64],
    per_star: NDArray[np.int64],
    shape: tuple[int, int],
) -> NDArray[np.float64]:
    dense = np.full(shape, np.nan)
    if name in table.schema.names:
        values, bounds = list_values(table.column(name), name)
        if not np.array_equal(bounds, per_star):
            raise DataError(f"column {name!r} must have one number per entry of 'bands'")
        dense[row, local] = values
    return dense


def _column(table: Any, name: str, kind: pa.DataType, default: object) -> pa.Array:
    if name not in table.schema.names:
        return pa.array([default] * table.num_rows, kind)
    return _cast(table.column(name), kind, name).fill_null(default)


def _cast(column: pa.Array | pa.ChunkedArray, kind: pa.DataType, name: str) -> pa.Array:
    array = _one_chunk(column)
    try:
        return array.cast(kind)
    except pa.ArrowException as error:  # ArrowInvalid for a value, ArrowNotImplementedError for a type
        raise DataError(f"column {name!r} is {array.type}; {kind} is asked for: {error}") from error


def _numbers(table: Any, name: str, default: float) -> NDArray[np.float64]:
    if name not in table.schema.names:
        return np.full(table.num_rows, default)
    return np.asarray(_cast(table.column(name), pa.float64(), name).fill_null(default).to_numpy(zero_copy_only=False))


def _strings(column: pa.Array | pa.ChunkedArray, name: str) -> NDArray[np.str_]:
    array = _cast(column, pa.string(), name).fill_null("")
    return np.asarray(array.to_numpy(zero_copy_only=False), dtype=str).reshape(-1)


def _meta(column: pa.Array | pa.ChunkedArray, name: str) -> NDArray[Any]:
    array = _one_chunk(column)
    if pa.types.is_dictionary(array.type):
        array = array.cast(array.type.value_type)
    if pa.types.is_string(array.type) or pa.types.is_large_string(array.type):
        return _strings(array, name)
    if pa.types.is_fixed_size_list(array.type) and not array.null_count:
        # flatten() minds the slice, which values does not
        return np.asarray(array.flatten().to_numpy(zero_copy_only=False)).reshape(len(array), array.type.list_size)
    if pa.types.is_boolean(array.type):
        return np.asarray(array.fill_null(False).to_numpy(zero_copy_only=False))
    if pa.types.is_integer(array.type) and array.null_count:
        array = array.cast(pa.float64())
    values = array.to_numpy(zero_copy_only=False)
    return np.asarray(values) if values.dtype != object else np.array([str(v) for v in array.to_pylist()], dtype=str)
