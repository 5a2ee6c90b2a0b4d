"""Formats that say at the top how many rows follow: rows are held in memory until the end."""

from __future__ import annotations

from itertools import count
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
    """An astropy table with units and descriptions.

    What is missing is masked among whole numbers and among true and false, NaN among other numbers, and an empty text.
    """
    from astropy.table import Column, MaskedColumn, Table

    columns = []
    for field, values in zip(table.schema, table.columns, strict=True):
        meaning = meaning_of(field)
        about = {
            "name": field.name, "unit": meaning.unit or None, "description": meaning.says or None,
            "meta": {"ucd": meaning.ucd} if meaning.ucd else None,
        }  # fmt: skip
        if pa.types.is_string(field.type) or pa.types.is_large_string(field.type):
            columns.append(Column(np.asarray(values.fill_null("").to_numpy(zero_copy_only=False), dtype=str), **about))
        elif values.null_count and (pa.types.is_boolean(field.type) or pa.types.is_integer(field.type)):
            filler = False if pa.types.is_boolean(field.type) else _unused(values)
            filled = values.fill_null(pa.scalar(filler, field.type)).to_numpy()
            missing = values.is_null().to_numpy()
            columns.append(MaskedColumn(filled, mask=missing, fill_value=filler, **about))
        else:
            columns.append(Column(values.to_numpy(), **about))
    return Table(columns)


def _unused(values: pa.ChunkedArray) -> int:
    """A whole number that is none of the values, to stand for what is missing: the least, most often."""
    taken = set(values.unique().to_pylist())
    return next(number for number in count(int(np.iinfo(str(values.type)).min)) if number not in taken)
