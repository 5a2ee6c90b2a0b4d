"""Read back flat tables (predictions, periods, lists of true classes) in any of the formats that are written here."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from goodricke.errors import ReadError, UnknownFormat
from goodricke.output.columns import TRUTHS
from goodricke.output.fits import ESCAPED
from goodricke.output.provenance import from_ecsv, from_fits, from_votable, noted, of_schema
from goodricke.output.typed_columns import (
    TRUTH,
    of_ecsv,
    of_empty_fits,
    of_votable,
    with_types_of_fits,
    with_types_of_text,
)

if TYPE_CHECKING:
    from goodricke.surveys.containers.fits import FitsTable
    from goodricke.surveys.source import Source

__all__ = ["read_table"]

# Text even where all that is written looks like numbers, or nothing is: 007 is a name, and most reasons are empty.
_TEXT = (
    "object_id", "survey", "model", "status", "reason", "prediction_set", "notes", "path", "time_frame", "spectrum_id",
    "detectability", "explained", "host_name", "host_planets",
)  # fmt: skip


def read_table(path: str | os.PathLike[str]) -> pa.Table:
    """Read a flat table: csv, ECSV, white space, FITS, VOTable or Parquet, recognised from its content.

    Parameters
    ----------
    path : str or path
        The file; may be packed with gzip, bzip2 or xz.

    Returns
    -------
    pyarrow.Table
        Numbers where a column holds numbers, text otherwise. Names of stars and labels are always text, letter for
        letter. Columns of lists are left out. The metadata of the schema says how the table was made
        (``goodricke.output.provenance``), where the file does.

    Raises
    ------
    ReadError
        If the file is absent, damaged or no table.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> target = pathlib.Path(tempfile.mkdtemp()) / "truth.csv"
    >>> _ = target.write_text("object_id,label,mag\\n007,EA,12.5\\n008,EW,\\n")
    >>> read_table(target).to_pylist()[0]
    {'object_id': '007', 'label': 'EA', 'mag': 12.5}
    """
    from goodricke.surveys.source import Source

    source = Source(os.fspath(path), path=Path(path))
    if source.container == "parquet":
        return _as_text(_parquet(source))
    if source.container not in ("text", "fits", "xml"):
        raise UnknownFormat(
            f"this is {source.container}, not a table", "give csv, ECSV, FITS, VOTable or Parquet", os.fspath(path)
        )
    try:
        return _flat(source)
    except ReadError as error:
        raise error.at(os.fspath(path)) from error


def _parquet(source: Source) -> pa.Table:
    flat = [field.name for field in source.schema if not pa.types.is_nested(field.type)]
    try:
        table = source.parquet.read(columns=flat)
    except (pa.ArrowException, OSError, ValueError) as error:
        said = str(error).splitlines()[0][:120]
        raise ReadError(f"the Parquet file is damaged ({said})", "write it again", source.name) from error
    return noted(table, of_schema(table.schema))


def _flat(source: Source) -> pa.Table:
    read = {"text": _text, "fits": _fits, "xml": _votable}[source.container]
    return _as_text(noted(_with_truths(read(source)), _provenance(source)))


def _text(source: Source) -> pa.Table:
    table = of_ecsv(source)
    if table is None:
        table = _general(source)
        texts = {name for name in table.column_names if _is_text(name)}
        table = _without_guards(with_types_of_text(table, source, texts))
    return table


def _fits(source: Source) -> pa.Table:
    file = _fits_table(source)
    if not file.n_rows:
        return of_empty_fits(file)
    return _unescaped(with_types_of_fits(_general(source), source, file))


def _fits_table(source: Source) -> FitsTable:
    """The first table of more than one column, as in ``goodricke.surveys.containers.flat``."""
    return next((table for table in source.fits.tables if len(table.columns) > 1), source.fits.table)


def _votable(source: Source) -> pa.Table:
    from goodricke.surveys.containers.votable import VOTable

    return of_votable(VOTable(source))


def _general(source: Source) -> pa.Table:
    """Numbers and texts, as in tables of anyone."""
    from goodricke.surveys.containers.flat import arrow_table, describe

    columns = describe(source)
    numeric = [c.name for c in columns if c.numeric and not _is_text(c.name)]
    return arrow_table(source, [column.name for column in columns], numeric)


def _provenance(source: Source) -> dict[str, str]:
    if source.container == "text":
        return from_ecsv(source.table.comments)
    if source.container == "fits":
        return from_fits(_fits_table(source).header.text)
    return from_votable(source.data.split(b"<DATA", 1)[0].decode("utf-8", "replace"))


def _with_truths(table: pa.Table) -> pa.Table:
    """Columns that we write as true or false, which the formats spell in several ways."""
    for k, field in enumerate(table.schema):
        if field.name in TRUTHS and not pa.types.is_boolean(field.type):
            words = [TRUTH.get(str(word)[:1].lower()) for word in table.column(k).to_pylist()]
            table = table.set_column(k, field.name, pa.array(words, pa.bool_()))
    return table


def _is_text(name: str) -> bool:
    return name in _TEXT or name.startswith("label")


def _as_text(table: pa.Table) -> pa.Table:
    """Dictionary columns and all that must be text as strings."""
    for k, field in enumerate(table.schema):
        if pa.types.is_dictionary(field.type) or (_is_text(field.name) and not pa.types.is_string(field.type)):
            column = table.column(k)
            if pa.types.is_dictionary(field.type):
                column = column.cast(field.type.value_type)
            table = table.set_column(k, field.name, column.cast(pa.string()) if _is_text(field.name) else column)
    return table


def _without_guards(table: pa.Table) -> pa.Table:
    """Without the apostrophe that csv output puts before what a spreadsheet would run (`goodricke.output.csv`)."""
    for k, field in enumerate(table.schema):
        if pa.types.is_string(field.type):
            words = pc.replace_substring_regex(table.column(k), r"^'('*[=+\-@\t\r])", r"\1")
            table = table.set_column(k, field.name, words)
    return table


def _unescaped(table: pa.Table) -> pa.Table:
    """With the letters beyond ASCII that FITS output writes as \\u03b2 (`goodricke.output.fits`)."""
    for k, field in enumerate(table.schema):
        if pa.types.is_string(field.type):
            words = table.column(k).to_pylist()
            if any(word and "\\" in word for word in words):
                words = [ESCAPED.sub(lambda m: m[0].encode().decode("unicode_escape"), word or "") for word in words]
                table = table.set_column(k, field.name, pa.array(words, pa.string()))
    return table
