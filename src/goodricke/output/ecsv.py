"""ECSV (APE 6): csv with a YAML header of types, units and descriptions; what astropy reads back with types and units.

Nothing between two commas is a missing value, quotes with nothing between them are an empty text: `read_table` tells
them apart, astropy masks both. astropy also takes blanks off both ends of a text.
"""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from goodricke.output.columns import meaning_of
from goodricke.output.provenance import ecsv_lines, of_schema

__all__ = ["Writer", "yaml_lines"]

_TYPES = {"double": "float64", "float": "float32", "string": "string", "large_string": "string"}


class Writer:
    """Writes the header once, then csv rows."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self._file = path.open("wb")
        self._file.write(_header(schema).encode())
        schema = _with_words_for_truth(schema.empty_table()).schema
        self._out = pacsv.CSVWriter(self._file, schema, write_options=pacsv.WriteOptions(quoting_style="needed"))

    def write(self, table: pa.Table) -> None:
        """Append rows."""
        self._out.write_table(_with_words_for_truth(table))

    def close(self) -> None:
        """Close the file."""
        self._out.close()
        self._file.close()


def _header(schema: pa.Schema) -> str:
    lines = ["%ECSV 1.0", "---", "delimiter: ','", *yaml_lines(schema), "schema: astropy-2.0"]
    return "".join(f"# {line}\n" for line in lines)


def yaml_lines(schema: pa.Schema) -> list[str]:
    """What the columns are and how the table was made, in the YAML of astropy.

    >>> yaml_lines(pa.schema([("ra", pa.float64())], metadata={"model": "variables-1"}))
    ['datatype:', '- {name: "ra", datatype: float64}', 'meta: !!omap', '- {"model": "variables-1"}']
    """
    lines = ["datatype:"]
    for field in schema:
        meaning = meaning_of(field)
        parts = [f"name: {json.dumps(field.name)}", f"datatype: {_TYPES.get(str(field.type), str(field.type))}"]
        if meaning.unit:
            parts.append(f"unit: {meaning.unit}")
        if meaning.says:
            parts.append(f"description: {json.dumps(meaning.says)}")
        if meaning.ucd:
            parts.append(f"meta: {{ucd: {json.dumps(meaning.ucd)}}}")
        lines.append(f"- {{{', '.join(parts)}}}")
    return lines + ecsv_lines(of_schema(schema))


def _with_words_for_truth(table: pa.Table) -> pa.Table:
    """Booleans as ``True`` and ``False``, which is how ECSV spells them."""
    for k, field in enumerate(table.schema):
        if pa.types.is_boolean(field.type):
            column = pc.if_else(table.column(k), "True", "False")
            table = table.set_column(k, field.name, column)
    return table
