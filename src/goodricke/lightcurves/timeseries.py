"""Objects that carry astropy times: TimeSeries, Tables with a Time column, and lightkurve's light curves.

lightkurve is not needed: its light curves have ``time`` (an astropy Time in the format btjd or bkjd, or in version 1 an
array with ``time_format``), ``flux``, ``flux_err`` and ``meta`` with TICID or KEPLERID.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from goodricke.errors import DataError, OptionError
from goodricke.lightcurves.assemble import assemble
from goodricke.lightcurves.batch import LightCurves
from goodricke.lightcurves.measurements import Measurements
from goodricke.timeframes import UNKNOWN, Scale, TimeFrame

__all__ = ["has_times", "light_curve_of", "table_of"]

_AUTHORS = {"SPOC": "tess_spoc", "TESS-SPOC": "tess_spoc_ffi", "QLP": "tess_qlp", "KEPLER": "kepler", "K2": "k2"}
"""Who made a light curve, as lightkurve names it -> the row that reads the same product from a file."""


def has_times(thing: object) -> bool:
    """Whether it is one light curve with ``time`` and ``flux``, as lightkurve makes them."""
    return hasattr(thing, "time") and hasattr(thing, "flux") and not isinstance(thing, Mapping)


def light_curve_of(thing: Any, chosen: Mapping[str, str]) -> LightCurves:
    """The star of a lightkurve object.

    Parameters
    ----------
    thing : object
        With ``time`` and ``flux``.
    chosen : mapping
        ``flux`` and ``err`` may name other columns, such as ``sap_flux``.
    """
    unknown = set(chosen) - {"flux", "err"}
    if unknown:
        raise DataError(f"of a lightkurve object only flux and err can be chosen, not {', '.join(sorted(unknown))}")
    meta = getattr(thing, "meta", None)
    meta = meta if isinstance(meta, Mapping) else {}
    time, frame = _times(thing.time, thing, meta)
    flux = _values(_part(thing, chosen.get("flux", "flux")))
    err_name = chosen.get("err") or (f"{chosen['flux']}_err" if "flux" in chosen else "flux_err")
    err = _values(_part(thing, err_name)) if _part(thing, err_name, missing=None) is not None else None
    mission = str(meta.get("MISSION") or getattr(thing, "mission", "") or meta.get("TELESCOP", ""))
    measured = Measurements(
        object_id=np.array([_name(thing, meta, mission)]),
        time=time,
        value=np.asarray(flux, dtype=np.float64),
        error=None if err is None or not np.isfinite(err).any() else np.asarray(err, dtype=np.float64),
        kind="flux",
        frame=frame,
        bands=(
            "TESS" if "TESS" in mission.upper() else "Kepler" if mission.upper() in ("KEPLER", "K2") else "unknown",
        ),
        ra=_degrees(meta.get("RA", meta.get("RA_OBJ", getattr(thing, "ra", None)))),
        dec=_degrees(meta.get("DEC", meta.get("DEC_OBJ", getattr(thing, "dec", None)))),
    )
    author = str(meta.get("AUTHOR", "")).upper()
    return assemble(measured, survey=_AUTHORS.get("K2" if mission.upper() == "K2" else author, "arrays"))


def table_of(thing: Any) -> tuple[pa.Table, TimeFrame | None, str]:
    """Columns of an astropy Table or a mapping as Arrow, the frame of its times when they are Times, and its star."""
    meta = getattr(thing, "meta", None)
    meta = meta if isinstance(meta, Mapping) else {}
    names = list(getattr(thing, "colnames", None) or thing)
    columns: dict[str, Any] = {}
    units: dict[str, str] = {}
    frame = None
    for name in names:
        column = thing[name]
        if hasattr(column, "jd1"):
            columns[str(name)], frame = _times(column, thing, meta)
            continue
        units[str(name)] = str(getattr(column, "unit", None) or "")
        columns[str(name)] = column if isinstance(column, str) else _values(column)
    rows = max((len(values) for values in columns.values() if not isinstance(values, str)), default=0)
    arrays = {name: _arrow_column(values, rows) for name, values in columns.items()}
    fields = [
        pa.field(name, array.type, metadata={"unit": units[name]} if units.get(name) else None)
        for name, array in arrays.items()
        if array is not None
    ]
    kept = [array for array in arrays.values() if array is not None]
    return pa.table(kept, schema=pa.schema(fields)), frame, str(meta.get("object_id", "star"))


def _arrow_column(values: Any, rows: int) -> pa.Array | None:
    """One value per row, or a list per row; None for what can be neither."""
    if isinstance(values, str):
        return pa.array([values] * rows)
    if values.ndim == 2 and values.dtype.kind in "biuf":
        offsets = np.arange(len(values) + 1, dtype=np.int64) * values.shape[1]
        return pa.LargeListArray.from_arrays(pa.array(offsets), pa.array(np.ascontiguousarray(values).ravel()))
    if values.ndim != 1:
        return None
    if values.dtype.kind == "S":
        values = np.char.decode(values, "utf-8", "replace")
    try:
        return pa.array(values.tolist() if values.dtype.kind in "OU" else values)
    except (pa.ArrowException, TypeError, ValueError):
        return None


def _part(thing: Any, name: str, missing: Any = ...) -> Any:
    """An attribute or a column of an object."""
    found = getattr(thing, name, None)
    if found is None and hasattr(thing, "colnames") and name in thing.colnames:
        found = thing[name]
    if found is None:
        if missing is not ...:
            return missing
        raise DataError(f"the light curve has no {name!r}")
    return found


def _values(column: Any) -> NDArray[Any]:
    """Plain numbers or words in native byte order; what is masked becomes NaN or empty."""
    mask = getattr(column, "mask", None)
    array = np.asarray(getattr(getattr(column, "unmasked", column), "value", column))
    array = array.astype(array.dtype.newbyteorder("=")) if array.dtype.kind in "iuf" else array
    if mask is None or not np.any(mask):
        return array
    if array.dtype.kind in "biuf":
        return np.where(mask, np.nan, array.astype(np.float64))
    return np.where(mask, "", array.astype(str))


def _times(time: Any, thing: Any, meta: Mapping[str, Any]) -> tuple[NDArray[np.float64], TimeFrame]:
    """Days and what they mean. The zero point is that of the format, so that no digit is lost on the way."""
    if not hasattr(time, "jd1"):
        zero = {"btjd": 2457000.0, "bkjd": 2454833.0}.get(str(getattr(thing, "time_format", "")).lower())
        values = np.asarray(_values(time), dtype=np.float64)
        return values, UNKNOWN if zero is None else TimeFrame("tdb", "barycentre", zero)
    form = str(time.format).lower()
    frame = _stated(meta)
    if frame is None:
        zero = {"btjd": 2457000.0, "bkjd": 2454833.0, "mjd": 2400000.5}.get(form, 0.0)
        scale = cast(Scale, time.scale if time.scale in ("tdb", "utc", "tai", "tt", "tcb") else "unknown")
        frame = TimeFrame(scale, "barycentre" if form in ("btjd", "bkjd") else "observer", zero)
    days = (_values(time.jd1).astype(np.float64) - frame.zero_jd) + _values(time.jd2)
    return np.asarray(days, dtype=np.float64), frame


def _stated(meta: Mapping[str, Any]) -> TimeFrame | None:
    """The frame that ``to_timeseries`` noted."""
    try:
        frame = TimeFrame.parse(str(meta["time_frame"]))
    except (KeyError, OptionError):
        return None
    return frame if np.isfinite(frame.zero_jd) else None


def _name(thing: Any, meta: Mapping[str, Any], mission: str) -> str:
    for key, prefix in (("TICID", "TIC"), ("KEPLERID", "EPIC" if mission.upper() == "K2" else "KIC")):
        number = meta.get(key, getattr(thing, key.lower(), None))
        if number not in (None, ""):
            return f"{prefix} {number}"
    return str(meta.get("LABEL") or getattr(thing, "label", None) or meta.get("OBJECT") or "star")


def _degrees(value: Any) -> NDArray[np.float64]:
    try:
        return np.array([float(getattr(value, "value", value))])
    except (TypeError, ValueError):
        return np.array([np.nan])
