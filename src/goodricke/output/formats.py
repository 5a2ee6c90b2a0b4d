"""The table of output formats: suffix -> module, loaded when asked for."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

import pyarrow as pa

from goodricke.errors import OptionError

__all__ = ["FORMATS", "TableWriter", "suffix_of", "writer"]

FORMATS: dict[str, str] = {
    ".parquet": "goodricke.output.parquet",
    ".csv": "goodricke.output.csv",
    ".ecsv": "goodricke.output.ecsv",
    ".fits": "goodricke.output.fits",
    ".xml": "goodricke.output.votable",
}


class TableWriter(Protocol):
    """What the ``Writer`` of a format offers. ``write`` is called any number of times, then ``close`` once."""

    def __init__(self, path: Path, schema: pa.Schema) -> None: ...

    def write(self, table: pa.Table) -> None:
        """Append rows; the table has the schema given at the start."""

    def close(self) -> None:
        """Finish the file."""


def suffix_of(path: str | Path) -> str:
    """The suffix that chooses the format; ``-`` (standard output) is csv.

    >>> suffix_of("stars.ecsv")
    '.ecsv'
    """
    if str(path) == "-":
        return ".csv"
    suffix = {".vot": ".xml", ".votable": ".xml", ".pq": ".parquet", ".fit": ".fits"}.get(
        Path(path).suffix.lower(), Path(path).suffix.lower()
    )
    if suffix not in FORMATS:
        raise OptionError(f"{path}: the suffix {suffix or '(none)'} chooses no format; use one of {', '.join(FORMATS)}")
    return suffix


def writer(suffix: str, path: Path, schema: pa.Schema) -> TableWriter:
    """Open the writer of a format."""
    return cast(TableWriter, import_module(FORMATS[suffix]).Writer(path, schema))
