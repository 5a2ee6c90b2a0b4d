"""LightCurves to and from the objects of other libraries.

What comes in is recognised by what it can do, never by its class, so that none of these libraries is needed: Arrow
tables, nested-pandas, pandas and polars frames, astropy Tables and TimeSeries, lightkurve light curves and
collections, mappings of arrays, and sequences of any of these.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from goodricke import ragged
from goodricke.errors import DataError, MissingDependency, ReadError
from goodricke.lightcurves.arrow import REQUIRED_COLUMNS
from goodricke.lightcurves.assemble import assemble
from goodricke.lightcurves.batch import LightCurves
from goodricke.lightcurves.guess import guess_columns
from goodricke.lightcurves.layout import columns_of, guessed_nest, names_of, nests, points_of_nest, points_of_rows
from goodricke.lightcurves.stacking import concatenate
from goodricke.lightcurves.tables import measured
from goodricke.lightcurves.timeseries import has_times, light_curve_of, table_of
from goodricke.timeframes import TimeFrame, to_jd

if TYPE_CHECKING:
    from astropy.table import Table
    from astropy.timeseries import TimeSeries
    from nested_pandas import NestedFrame

__all__ = ["from_object", "to_nested", "to_table", "to_timeseries"]

_NEST = "lc"
_FIELDS = ("time", "flux", "flux_err", "band")


def to_nested(lcs: LightCurves) -> NestedFrame:
    """A nested-pandas frame with a row per star.

    The points are in the nested column ``lc``: ``time`` (days), ``flux``, ``flux_err`` (relative) and ``band`` (name).
    The other columns are those of ``goodricke.lightcurves.arrow``, so ``LightCurves.from_object`` gives the same batch
    again.

    Raises
    ------
    MissingDependency
        If nested-pandas is not installed.

    Examples
    --------
    >>> lcs = LightCurves.from_arrays([1.0, 2.0], mag=[9.0, 9.5], err=[0.1, 0.1], object_id="Algol", band="V")
    >>> to_nested(lcs)["lc.band"].tolist()
    ['V', 'V']
    """
    try:
        import pandas as pd
        from nested_pandas import NestedFrame
        from nested_pandas.series.ext_array import NestedExtensionArray
    except ImportError as error:
        raise MissingDependency("nested-pandas", "distributed") from error
    table = lcs.to_arrow()
    offsets = pa.array(lcs.offsets.astype(np.int32))
    band = pa.DictionaryArray.from_arrays(pa.array(lcs.band), pa.array(lcs.bands, pa.string())).cast(pa.string())
    lists = [table.column(name).combine_chunks() for name in _FIELDS[:3]] + [pa.ListArray.from_arrays(offsets, band)]
    if any(pa.types.is_large_list(column.type) for column in lists):
        raise DataError(f"{lcs.n_points:,} points in one frame; 2,147,483,647 is the most. Take a slice")
    frame = table.drop_columns(list(_FIELDS)).to_pandas(types_mapper=pd.ArrowDtype)
    frame[_NEST] = pd.Series(NestedExtensionArray(pa.StructArray.from_arrays(lists, names=_FIELDS)), index=frame.index)
    return NestedFrame(frame)


def to_table(lcs: LightCurves) -> Table:
    """One astropy Table with a row per point and units.

    Columns: ``object_id, survey, band, time`` (days in the frame named in ``time_frame``), ``flux, flux_err``
    (relative), ``mag, mag_err`` (NaN where there is no zero point), ``ra, dec`` (ICRS degrees).

    Examples
    --------
    >>> lcs = LightCurves.from_arrays([1.0, 2.0], mag=[9.0, 9.5], err=[0.1, 0.1], object_id="Algol", band="V")
    >>> print(to_table(lcs)["time"].unit, len(to_table(lcs)))
    d 2
    """
    from astropy import units
    from astropy.table import Table

    star = ragged.segment_ids(lcs.offsets)
    flux, flux_err = lcs.flux.astype(np.float64), lcs.flux_err.astype(np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        mag = (lcs.ref_mag[star, lcs.band] if len(star) else np.zeros(0)) - 2.5 * np.log10(flux)
        mag_err = 2.5 / np.log(10.0) * flux_err / flux
    real = np.isfinite(mag)
    table = Table(
        {
            "object_id": lcs.object_id[star],
            "survey": lcs.survey[star],
            "band": np.asarray(lcs.bands, dtype=str)[lcs.band] if lcs.bands else np.zeros(0, dtype=str),
            "time": lcs.time,
            "time_frame": np.array([str(frame) for frame in lcs.frames] or [""])[lcs.frame][star],
            "flux": lcs.flux,
            "flux_err": lcs.flux_err,
            "mag": np.where(real, mag, np.nan),
            "mag_err": np.where(real, mag_err, np.nan),
            "ra": lcs.ra[star],
            "dec": lcs.dec[star],
        }
    )
    for name, unit in (("time", "d"), ("mag", "mag"), ("mag_err", "mag"), ("ra", "deg"), ("dec", "deg")):
        table[name].unit = units.Unit(unit)
    return table


def to_timeseries(lcs: LightCurves, i: int = 0) -> TimeSeries:
    """An astropy TimeSeries of star `i`, with columns ``flux, flux_err, band``.

    Times are Julian dates in the star's own clock and place, in two doubles, so nothing is lost; an unknown clock is
    given as UTC. ``meta`` names star, survey and time frame.

    Raises
    ------
    DataError
        If it is not known from when the times count.

    Examples
    --------
    >>> lcs = LightCurves.from_arrays([1325.5, 1325.6], flux=[5.0, 5.1], object_id="TIC 1", time_frame="BTJD")
    >>> to_timeseries(lcs).time.jd
    array([2458325.5, 2458325.6])
    """
    from astropy.time import Time
    from astropy.timeseries import TimeSeries

    star = lcs[i]
    frame = star.time_frame
    to_jd(star.time[:1], frame)  # says what to do when the zero point is unknown
    scale = "utc" if frame.scale == "unknown" else frame.scale
    series = TimeSeries(
        time=Time(np.full(len(star), frame.zero_jd), star.time, format="jd", scale=scale),
        data={"flux": star.flux, "flux_err": star.flux_err, "band": star.band},
    )
    series.meta.update(object_id=star.object_id, survey=star.survey, time_frame=str(frame), ra=star.ra, dec=star.dec)
    return series


# From others ---------------------------------------------------------------------------------------------------------


def from_object(thing: object, columns: Mapping[str, str] | None = None) -> LightCurves:
    """Take light curves from another library's object.

    Parameters
    ----------
    thing : object
        See the top of this file.
    columns : mapping
        Our name -> the object's, as in ``{"time": "hjd", "mag": "Vmag"}``; columns are guessed otherwise.

    Raises
    ------
    DataError
        If nothing in it can be taken as a light curve.

    Examples
    --------
    >>> from_object({"mjd": [58000.0, 58001.0], "mag": [9.0, 9.5], "e_mag": [0.1, 0.1]})
    <LightCurves: 1 star, 2 points, bands: unknown, span 1 d, MJD>
    """
    chosen = dict(columns or {})
    if isinstance(thing, LightCurves):
        return thing
    if isinstance(getattr(thing, "batch", None), LightCurves):
        return thing.batch  # type: ignore[attr-defined, no-any-return]
    try:
        table = _arrow(thing)
        if table is not None:
            return _from_table(table, chosen)
        if has_times(thing):
            return light_curve_of(thing, chosen)
        if hasattr(thing, "colnames") or isinstance(thing, Mapping):
            rows, frame, name = table_of(thing)
            return _from_table(rows, chosen, frame, name)
        if isinstance(thing, Iterable) and not isinstance(thing, str | bytes | np.ndarray):
            return concatenate([from_object(part, columns) for part in thing])
    except (ReadError, pa.ArrowException) as error:
        raise DataError(f"this {type(thing).__name__} cannot be taken as light curves: {error}") from error
    raise DataError(
        f"a {type(thing).__name__} cannot be taken as light curves; give a path, an Arrow table, a data frame, "
        "an astropy Table or TimeSeries, a lightkurve object, or a mapping of arrays"
    )


def _arrow(thing: object) -> pa.Table | None:
    """An Arrow table of what is one, or can give one without a copy."""
    if isinstance(thing, pa.Table):
        return thing
    if isinstance(thing, pa.RecordBatch):
        return pa.Table.from_batches([thing])
    if hasattr(thing, "index") and hasattr(thing, "iloc"):
        # A named index is a column, too; from_pandas would leave out one that counts from 0.
        named = any(name is not None for name in thing.index.names)
        return pa.Table.from_pandas(thing, preserve_index=True if named else None)
    return pa.table(thing) if hasattr(thing, "__arrow_c_stream__") else None


def _from_table(
    table: pa.Table, chosen: dict[str, str], frame: TimeFrame | None = None, name: str = "star"
) -> LightCurves:
    if not chosen and set(REQUIRED_COLUMNS) <= set(table.column_names):
        return LightCurves.from_arrow(table.drop_columns([n for n in table.column_names if n.startswith("__index")]))
    if not chosen and {_NEST, *REQUIRED_COLUMNS} - set(_FIELDS) <= set(table.column_names):
        return LightCurves.from_arrow(_unnested(table))
    if nests(table.schema):
        nest, guess = guessed_nest(table.schema, chosen)
        points = points_of_nest(table, nest, guess, name)
    else:
        guess = guess_columns(columns_of(table.schema), chosen)
        points = points_of_rows(table, guess, name)
    parts = [assemble(part, survey="arrays") for part in measured(points, guess, frame=frame)]
    if not parts:
        raise DataError("the table has no rows")
    return concatenate(parts)


def _unnested(table: pa.Table) -> pa.Table:
    """Our Arrow layout from what ``to_nested`` made: band names become places in the star's own list of bands."""
    points = points_of_nest(table, *guessed_nest(table.select(["object_id", _NEST]).schema), "star")
    bands = table.column("bands").combine_chunks()
    names, per_star = pc.list_flatten(bands), ragged.offsets_from_lengths(pc.list_value_length(bands).to_numpy())
    code, different = names_of(pa.concat_arrays([names.cast(pa.string()), points.columns["band"].cast(pa.string())]),
                               len(names) + len(points.star))  # fmt: skip
    place = np.zeros((table.num_rows, len(different)), dtype=np.int8)
    row = ragged.segment_ids(per_star)
    place[row, code[: len(names)]] = np.arange(len(names)) - per_star[row]
    band = place[points.star, code[len(names) :]]
    offsets = ragged.offsets_from_ids(points.star, table.num_rows)
    flat = {**{name: points.columns[name] for name in _FIELDS[:3]}, "band": pa.array(band)}
    rest = table.drop_columns([_NEST, *(name for name in table.column_names if name.startswith("__index"))])
    for name, values in flat.items():
        rest = rest.append_column(name, pa.LargeListArray.from_arrays(pa.array(offsets), values))
    return rest
