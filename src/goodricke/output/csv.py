"""Comma-separated values: readable everywhere; units, UCDs and provenance are lost (use ECSV to keep them).

A comment line would keep the provenance, but many readers of csv take it for the header: there is none. What csv cannot
tell when it is read back: a missing text from an empty one, a missing number from NaN or infinity, a text such as
``nan`` or ``None`` from nothing, and text from numbers in columns that the package does not know.
"""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

__all__ = ["Writer", "harmless"]


class Writer:
    """Writes a header and rows; a missing number is an empty field."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self._out = pacsv.CSVWriter(path, schema, write_options=pacsv.WriteOptions(quoting_style="needed"))

    def write(self, table: pa.Table) -> None:
        """Append rows."""
        self._out.write_table(harmless(table))

    def close(self) -> None:
        """Close the file."""
        self._out.close()


def harmless(table: pa.Table) -> pa.Table:
    """Text that a spreadsheet would run as a formula gets an apostrophe in front.

    Object names come from files of strangers. A sign in front of a number, as in a declination, stays.
    """
    for k, field in enumerate(table.schema):
        if pa.types.is_string(field.type):
            words = table.column(k)
            risky = pc.and_(
                pc.match_substring_regex(words, r"^'*[=+\-@\t\r]"),
                pc.invert(pc.match_substring_regex(words, r"^[+\-]?[0-9.]+[0-9.+\-:eE ]*$")),
            )
            if pc.any(risky).as_py():
                table = table.set_column(
                    k, field, pc.if_else(risky, pc.binary_join_element_wise("'", words, ""), words)
                )
    return table
