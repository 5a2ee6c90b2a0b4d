"""Gaia DR3 epoch photometry (Riello et al. 2021, Eyer et al. 2023), as csv, ECSV or VOTable.

Three layouts: the flat one of DataLink (INDIVIDUAL, COMBINED), a row per transit and band; a row per transit with
columns for every band; and that of the archive's bulk files and of RAW, a row per source with arrays in the cells.
Times are BJD in TCB, counted from 2455197.5; fluxes are in e-/s, with the zero points of the Vega system.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from goodricke.errors import ReadError
from goodricke.lightcurves import Measurements
from goodricke.lightcurves.measurements import codes_of
from goodricke.surveys.containers.text import TextTable
from goodricke.surveys.containers.votable import VOTable
from goodricke.surveys.options import Quality, ReadOptions
from goodricke.surveys.source import Source
from goodricke.timeframes import TimeFrame

__all__ = ["QUALITY", "STITCH", "read", "recognises"]

# Variability processing rejects outliers of the magnitudes, and a narrow eclipse is one: its flag is kept for `hard`.
QUALITY = Quality(
    {"rejected_by_photometry": 1, "rejected_by_variability": 2, "noisy_data": 4}, default=1, hard=3, hardest=7
)
STITCH = False

_FRAME = TimeFrame("tcb", "barycentre", 2455197.5)
_ZERO_POINTS = {"G": 25.6874, "BP": 25.3385, "RP": 24.7479}  # Riello et al. 2021, table 3 (VEGAMAG)
_WIDE = {
    "G": ("g_transit_time", "g_transit_flux", "g_transit_flux_error", "g_transit_flux_over_error"),
    "BP": ("bp_obs_time", "bp_flux", "bp_flux_error", "bp_flux_over_error"),
    "RP": ("rp_obs_time", "rp_flux", "rp_flux_error", "rp_flux_over_error"),
}
# A G flux is a mean over CCDs, so a CCD rejected by photometry (photometry_flag_af1_reject ...) does not spoil it.
_FLAGS = {
    "G": (("variability_flag_g_reject", 2), ("photometry_flag_noisy_data", 4)),
    "BP": (("photometry_flag_bp_reject", 1), ("photometry_flag_bp_unavailable", 1), ("variability_flag_bp_reject", 2)),
    "RP": (("photometry_flag_rp_reject", 1), ("photometry_flag_rp_unavailable", 1), ("variability_flag_rp_reject", 2)),
}
_NUMBER = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$"

Table = TextTable | VOTable


def recognises(source: Source) -> bool:
    """The column names of one of the three layouts."""
    try:
        table = _table(source)
    except ReadError:
        return False
    return _is_flat(table) or _is_wide(table)


def _table(source: Source) -> Table:
    return VOTable(source) if source.container == "xml" else source.table


def _is_flat(table: Table) -> bool:
    return table.has("source_id", "band", "time", "flux", "flux_error", "rejected_by_variability")


def _is_wide(table: Table) -> bool:
    return table.has("source_id") and any(table.has(*names[:2]) for names in _WIDE.values())


def read(source: Source, options: ReadOptions) -> Iterator[Measurements]:
    """Yield the stars of the file."""
    table = _table(source)
    if _is_flat(table):
        yield _flat(table)
    elif _is_wide(table):
        yield _wide(table)
    else:
        raise ReadError(
            "no columns of Gaia epoch photometry (source_id with band, time, flux, or with g_transit_time ...)",
            "ask DataLink for EPOCH_PHOTOMETRY",
        )


def _flat(table: Table) -> Measurements:
    star, names = codes_of(_strings(table, "source_id"), table.n_rows)
    band, bands = codes_of(_strings(table, "band"), table.n_rows)
    bits = np.zeros(table.n_rows, dtype=np.int64)
    for name, bit in (("rejected_by_photometry", 1), ("rejected_by_variability", 2)):
        if table.has(name):
            words = pc.utf8_lower(_strings(table, name))
            bits |= bit * pc.is_in(words, pa.array(["true", "t", "1"])).to_numpy(zero_copy_only=False)
    return Measurements(
        object_id=_star_names(names),
        time=table.numbers("time"),
        value=table.numbers("flux"),
        error=table.numbers("flux_error"),
        kind="flux",
        frame=_FRAME,
        star=star,
        band=band.astype(np.int8),
        bands=tuple(bands),
        quality=bits,
        zero_point=[_ZERO_POINTS.get(name, np.nan) for name in bands],
    )


def _wide(table: Table) -> Measurements:
    row_star, names = codes_of(_strings(table, "source_id"), table.n_rows)
    bands = tuple(name for name, columns in _WIDE.items() if table.has(*columns[:2]))
    parts: dict[str, list[NDArray[np.float64]]] = {"time": [], "flux": [], "err": []}
    star, band, quality = [], [], []
    for k, name in enumerate(bands):
        time, flux, error, over = _WIDE[name]
        parts["time"].append(_cells(table, time)[0])
        lengths = _cells(table, time)[1]
        parts["flux"].append(_matching(table, flux, lengths))
        if table.has(error):
            parts["err"].append(_matching(table, error, lengths))
        elif table.has(over):
            with np.errstate(all="ignore"):
                parts["err"].append(np.abs(parts["flux"][-1]) / _matching(table, over, lengths))
        star.append(np.repeat(row_star, lengths))
        band.append(np.full(int(lengths.sum()), k, dtype=np.int8))
        bits = np.zeros(int(lengths.sum()), dtype=np.int64)
        for flag, bit in _FLAGS[name]:
            if table.has(flag):
                bits |= bit * (_matching(table, flag, lengths) == 1)
        quality.append(bits)
    return Measurements(
        object_id=_star_names(names),
        time=np.concatenate(parts["time"]),
        value=np.concatenate(parts["flux"]),
        error=np.concatenate(parts["err"]) if len(parts["err"]) == len(bands) else None,
        kind="flux",
        frame=_FRAME,
        star=np.concatenate(star),
        band=np.concatenate(band),
        bands=bands,
        quality=np.concatenate(quality),
        zero_point=[_ZERO_POINTS[name] for name in bands],
    )


def _star_names(numbers: list[str]) -> NDArray[np.str_]:
    return np.array([f"Gaia DR3 {number}" for number in numbers], dtype=str)


def _strings(table: Table, name: str) -> pa.Array:
    if isinstance(table, VOTable):
        return pa.array(table.strings(name), pa.string())
    return table.strings(name)


def _matching(table: Table, name: str, lengths: NDArray[np.int64]) -> NDArray[np.float64]:
    """The values of an array column, which must have as many in every row as the times have."""
    values, own = _cells(table, name)
    if not np.array_equal(own, lengths):
        raise ReadError(f"the arrays of column {name!r} differ in length from those of the times", "download it again")
    return values


def _cells(table: Table, name: str) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Values of all rows in one array, and how many are in each row (n_rows,); a plain number is an array of one."""
    if isinstance(table, VOTable):
        rows = table.arrays(name)
        lengths = np.array([len(row) for row in rows], dtype=np.int64)
        return np.concatenate(rows) if rows else np.zeros(0), lengths
    column = table.arrow(name)
    if not pa.types.is_string(column.type):
        return np.asarray(column.cast(pa.float64()).to_numpy(zero_copy_only=False)), np.ones(len(column), np.int64)
    return _split(column)


def _split(column: pa.Array) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Arrays written as text in any brackets: ``[1.5, null]``, ``(1.5,nan)``, ``{1.5,NULL}``, ``[1.5 nan]``."""
    inner = pc.replace_substring_regex(pc.fill_null(column, ""), r'[\[\](){}"\s,]+', " ")
    lists = pc.split_pattern(pc.utf8_trim_whitespace(inner), " ")
    words = pc.utf8_lower(lists.flatten())
    lengths = np.asarray(lists.value_lengths().to_numpy(zero_copy_only=False), dtype=np.int64)
    blank = np.asarray(pc.equal(pc.utf8_trim_whitespace(inner), "").to_numpy(zero_copy_only=False), dtype=bool)
    if blank.any():  # splitting nothing gives one empty word
        words = words.filter(pa.array(~np.repeat(blank, lengths)))
        lengths = np.where(blank, 0, lengths)
    words = pc.if_else(pc.is_in(words, pa.array(["true", "t"])), "1", words)
    words = pc.if_else(pc.is_in(words, pa.array(["false", "f"])), "0", words)
    good = pc.match_substring_regex(words, _NUMBER)
    numbers = pc.if_else(good, words, pa.scalar(None, pa.string())).cast(pa.float64())
    return np.asarray(numbers.to_numpy(zero_copy_only=False), dtype=np.float64), lengths
