"""Tables with the types that the file states: true and false, whole numbers with every digit, and what is missing."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv

if TYPE_CHECKING:
    from goodricke.surveys.containers.fits import FitsTable
    from goodricke.surveys.containers.votable import Field, VOTable
    from goodricke.surveys.source import Source

__all__ = ["TRUTH", "of_ecsv", "of_empty_fits", "of_votable", "with_types_of_fits", "with_types_of_text"]

_ECSV = re.compile(r'- \{name: (?P<name>"(?:[^"\\]|\\.)*"|[^,}"\']+), datatype: (?P<kind>\w+)(?P<more>[,}].*)')
_KINDS = {
    "bool": pa.bool_(), "string": pa.string(), "float32": pa.float32(), "float64": pa.float64(),
    **{f"{sign}int{bits}": getattr(pa, f"{sign}int{bits}")() for sign in ("", "u") for bits in (8, 16, 32, 64)},
}  # fmt: skip
_WHOLE = {"unsignedByte": pa.uint8(), "short": pa.int16(), "int": pa.int32(), "long": pa.int64()}
_LETTERS = {
    "A": pa.string(), "L": pa.bool_(), "B": pa.uint8(), "I": pa.int16(), "J": pa.int32(), "K": pa.int64(),
    "E": pa.float32(), "D": pa.float64(),
}  # fmt: skip
TRUTH = {"t": True, "1": True, "f": False, "0": False}
"""First letters of what formats write for true and false, in lower case."""


def of_ecsv(source: Source) -> pa.Table | None:
    """An ECSV table with commas; None for any other text, and where the rows are not as the header says."""
    kinds = _ecsv_kinds(source.table.comments)
    if [*kinds] != source.table.names:
        return None
    data, start = source.data, 0
    while data.startswith(b"#", start):
        start = data.index(b"\n", start) + 1
    start = data.find(b"\n", start) + 1 or len(data)
    if start == len(data):
        return pa.schema(kinds).empty_table()
    try:
        return pacsv.read_csv(
            pa.BufferReader(pa.py_buffer(data).slice(start)),
            pacsv.ReadOptions(column_names=[*kinds], use_threads=False),
            pacsv.ParseOptions(newlines_in_values=True),
            # Nothing at all is a missing value; quotes with nothing between them are an empty text.
            pacsv.ConvertOptions(
                column_types=kinds, null_values=[""], strings_can_be_null=True, quoted_strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid:
        return None


def _ecsv_kinds(comments: Sequence[str]) -> dict[str, pa.DataType]:
    """Names and types of the columns; nothing when the header is none of ECSV, or has types unknown here."""
    if not comments or not comments[0].startswith("%ECSV") or "delimiter: ','" not in comments:
        return {}
    kinds = {}
    for line in comments:
        match = _ECSV.fullmatch(line)
        if match:
            if match["kind"] not in _KINDS or "subtype:" in match["more"]:
                return {}
            name = match["name"]
            kinds[json.loads(name) if name.startswith('"') else name] = _KINDS[match["kind"]]
    return kinds


def with_types_of_text(table: pa.Table, source: Source, texts: Collection[str]) -> pa.Table:
    """Whole numbers, and true and false, where all that is written in a column is such; not in those in `texts`."""
    for k, name in enumerate(table.column_names):
        if name not in texts:
            column = source.table.arrow(name)
            if pa.types.is_integer(column.type) or pa.types.is_boolean(column.type):
                table = table.set_column(k, name, column)
    return table


def with_types_of_fits(table: pa.Table, source: Source, file: FitsTable) -> pa.Table:
    """With the logical values and the whole numbers that are missing (FITS standard 4.0, sections 7.3.2 and 7.3.3)."""
    for k, name in enumerate(table.column_names):
        offset, letter, repeat, number = file.columns[name.upper()]
        if repeat != 1:
            continue
        column = table.column(k)
        if letter == "L":
            raw = np.ndarray(file.n_rows, "S1", source.data, file.start + offset, (file.row_bytes,))
            column = pa.array(raw == b"T", mask=(raw != b"T") & (raw != b"F"))
        elif letter in "BIJK" and f"TNULL{number}" in file.header:
            values = column.to_numpy()
            column = pa.array(values, mask=values == file.header.integer(f"TNULL{number}"))
        table = table.set_column(k, name, column)
    return table


def of_empty_fits(file: FitsTable) -> pa.Table:
    """The columns of a FITS table that has no rows."""
    kinds = {
        file.header.text(f"TTYPE{number}", name): _LETTERS[letter]
        for name, (_, letter, repeat, number) in file.columns.items()
        if letter == "A" or (letter in _LETTERS and repeat == 1)
    }
    return pa.schema(kinds).empty_table()


def of_votable(file: VOTable) -> pa.Table:
    """The fields of a VOTable that hold text or one value a row."""
    flat = [field for field in file.fields if field.is_text or (not field.is_variable and field.count == 1)]
    return pa.table({field.name: _votable_column(file, field) for field in flat})


def _votable_column(file: VOTable, field: Field) -> pa.Array:
    if field.is_text:
        return pa.array(file.strings(field.name), pa.string())
    if field.datatype in ("boolean", "bit"):
        return pa.array([TRUTH.get(word[:1].lower()) for word in file.strings(field.name)], pa.bool_())
    if field.datatype in _WHOLE:
        words = file.strings(field.name)
        try:
            return pa.array([int(word) if word else None for word in words], _WHOLE[field.datatype])
        except (ValueError, OverflowError):  # not what the field says: whatever numbers there are
            return pa.array(file.numbers(field.name))
    numbers = file.numbers(field.name)
    return pa.array(numbers.astype(np.float32) if field.datatype == "float" else numbers)
