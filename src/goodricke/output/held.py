"""Formats that say at the top how many rows follow: rows are held in memory until the end."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from goodricke.output.columns import meaning_of

if TYPE_CHECKING:
    from astropy.table import Table

__all__ = ["HeldRows", "to_astropy"]


class HeldRows:
    """Collects the rows; a format's ``close`` writes them all."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self.path = path
        self.schema = schema
        self.parts: list[pa.Table] = []

    def write(self, table: pa.Table) -> None:
        """Hold rows."""
        self.parts.append(table)

    def rows(self) -> pa.Table:
        """All rows so far."""
        return pa.concat_tables(self.parts) if self.parts else self.schema.empty_table()


def to_astropy(table: pa.Table) -> Table:
    """An astropy table with units and descriptions; what is missing is NaN, an empty text, or False."""
    from astropy.table import Column, Table

    columns = []
    for field, values in zip(table.schema, table.columns, strict=True):
        meaning = meaning_of(field)
        if pa.types.is_string(field.type) or pa.types.is_large_string(field.type):
            data = np.asarray(values.fill_null("").to_numpy(zero_copy_only=False), dtype=str)
        elif pa.types.is_boolean(field.type):
            data = values.fill_null(False).to_numpy()
        else:
            data = values.to_numpy()
        columns.append(
            Column(data, name=field.name, unit=meaning.unit or None, description=meaning.says or None,
                   meta={"ucd": meaning.ucd} if meaning.ucd else None)
        )  # fmt: skip
    return Table(columns)
