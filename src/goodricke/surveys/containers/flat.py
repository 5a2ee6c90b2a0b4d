"""Tables of text, FITS and VOTable under one roof: what columns there are, and those asked for as Arrow."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from goodricke.errors import ReadError
from goodricke.lightcurves.guess import Column
from goodricke.surveys.containers.text import is_number
from goodricke.surveys.containers.votable import VOTable

if TYPE_CHECKING:
    from goodricke.surveys.containers.fits import FitsTable
    from goodricke.surveys.source import Source

__all__ = ["arrow_table", "describe", "limits", "sample"]

_ECSV = re.compile(r"-\s*\{?\s*name:\s*(?P<name>[^,}]+),(?P<rest>[^}]*)")
_NUMERIC = {"short", "int", "long", "float", "double", "unsignedByte"}


def describe(source: Source) -> list[Column]:
    """The columns of the table, with unit and UCD where the file tells."""
    if source.container == "text":
        table = source.table
        units = _ecsv_units(table.comments)
        return [
            Column(name, units.get(name, ""), numeric=_mostly_numbers(table.sample, k))
            for k, name in enumerate(table.names)
        ]
    if source.container == "xml":
        return [
            Column(f.name, f.unit, f.ucd, f.datatype in _NUMERIC) for f in VOTable(source).fields if not f.is_variable
        ]
    return _fits_columns(_fits_table(source))


def arrow_table(source: Source, names: Sequence[str], numeric: Sequence[str]) -> pa.Table:
    """The columns `names`; those in `numeric` as numbers where text holds numbers."""
    if source.container == "text":
        text = source.table
        return pa.table({n: _number_or_text(text, n) if n in numeric else text.strings(n) for n in names})
    if source.container == "xml":
        votable = VOTable(source)
        kinds = {column.name: column.numeric for column in describe(source)}
        return pa.table({n: votable.numbers(n) if kinds[n] else pa.array(votable.strings(n)) for n in names})
    return _fits_arrow(source, names)


def limits(source: Source, name: str) -> NDArray[np.bool_] | None:
    """Where a text column says that its number is a limit, as in ``>17.9``; None when it never does."""
    if source.container != "text":
        return None
    marked = source.table.limits(name)
    return marked if marked.any() else None


def sample(source: Source, name: str) -> list[str]:
    """The first values of a column, as text: enough to see whether they repeat."""
    if source.container == "text":
        k = source.table.names.index(name)
        return [row[k] for row in source.table.sample if len(row) > k]
    return [str(value) for value in arrow_table(source, [name], []).column(0)[:1000].to_pylist()]


def _number_or_text(text: Any, name: str) -> pa.Array:
    """Numbers; text is given back as it is when it holds none, so that dates can be tried."""
    try:
        return pa.array(text.numbers(name))
    except ReadError:
        return text.strings(name)


def _mostly_numbers(rows: Sequence[Sequence[str]], k: int) -> bool:
    written = [row[k] for row in rows if len(row) > k and row[k]]
    return not written or sum(is_number(word) for word in written) > len(written) / 2


def _ecsv_units(comments: Sequence[str]) -> dict[str, str]:
    """Units in the YAML header of an ECSV file (Astropy Proposal for Enhancement 6)."""
    units = {}
    for line in comments:
        match = _ECSV.match(line)
        if match and (unit := re.search(r"unit:\s*([^,}]+)", match["rest"])):
            units[match["name"].strip().strip("'\"")] = unit[1].strip().strip("'\"")
    return units


# FITS ----------------------------------------------------------------------------------------------------------------


def _fits_table(source: Source) -> FitsTable:
    tables = source.fits.tables
    return next((table for table in tables if len(table.columns) > 1), source.fits.table)


def _fits_columns(table: FitsTable) -> list[Column]:
    return [
        Column(
            table.header.text(f"TTYPE{k}", name),
            table.unit(name),
            table.header.text(f"TUCD{k}"),
            letter in "BIJKEDPQ",
        )
        for name, (_, letter, _, k) in table.columns.items()
        if letter not in "XCM"
    ]


def _fits_arrow(source: Source, names: Sequence[str]) -> pa.Table:
    table = _fits_table(source)
    letters = [table.columns[name.upper()][1] for name in names]
    if any(letter in "PQ" for letter in letters):
        return _by_astropy(source, names)
    return pa.table({name: _column(table.column(name)) for name in names})


def _column(values: NDArray[Any]) -> pa.Array:
    if values.dtype.kind == "S":
        return pa.array([value.decode("latin-1").strip() for value in values.tolist()], pa.string())
    if values.ndim == 1:
        return pa.array(values)
    offsets = np.arange(len(values) + 1, dtype=np.int64) * values.shape[1]
    return pa.LargeListArray.from_arrays(pa.array(offsets), pa.array(values.ravel()))


def _by_astropy(source: Source, names: Sequence[str]) -> pa.Table:
    """Columns whose rows differ in length, which our own reader does not know."""
    if source.fits.damaged:
        raise ReadError("the FITS file is damaged or cut short", "download it again", source.name)
    from astropy.io import fits

    wanted = {name.upper() for name in names}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with fits.open(io.BytesIO(source.data), memmap=False, lazy_load_hdus=True) as file:
                for hdu in file:
                    if isinstance(hdu, fits.BinTableHDU) and wanted <= {name.upper() for name in hdu.columns.names}:
                        return pa.table({name: _astropy_column(hdu.data[name]) for name in names})
    except fits.VerifyError as error:
        raise ReadError(f"the FITS header is damaged ({error})", "download it again", source.name) from error
    raise ReadError("astropy finds no table with these columns either", "look into the file", source.name)


def _astropy_column(values: Any) -> pa.Array:
    if values.dtype == object or values.ndim > 1:
        rows = [np.asarray(row).astype(np.float64) for row in values]
        offsets = np.concatenate([[0], np.cumsum([len(row) for row in rows])]).astype(np.int64)
        return pa.LargeListArray.from_arrays(pa.array(offsets), pa.array(np.concatenate(rows) if rows else np.zeros(0)))
    if values.dtype.kind in "SU":
        return pa.array([str(value).strip() for value in values], pa.string())
    return pa.array(np.asarray(values).astype(values.dtype.newbyteorder("=")))
