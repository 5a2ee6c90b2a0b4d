"""ECSV (APE 6): csv with a YAML header of types, units and descriptions; what astropy reads back losslessly."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pacsv

from goodricke.output.columns import meaning_of

__all__ = ["Writer"]

_TYPES = {"double": "float64", "float": "float32", "string": "string", "large_string": "string"}


class Writer:
    """Writes the header once, then csv rows."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self._file = path.open("wb")
        self._file.write(_header(schema).encode())
        self._out = pacsv.CSVWriter(self._file, schema, write_options=pacsv.WriteOptions(quoting_style="needed"))

    def write(self, table: pa.Table) -> None:
        """Append rows."""
        self._out.write_table(table)

    def close(self) -> None:
        """Close the file."""
        self._out.close()
        self._file.close()


def _header(schema: pa.Schema) -> str:
    lines = ["%ECSV 1.0", "---", "delimiter: ','", "datatype:"]
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
    lines.append("schema: astropy-2.0")
    return "".join(f"# {line}\n" for line in lines)
