"""Write light curves, or any rows, to a file whose suffix chooses the format."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pyarrow as pa

from goodricke.errors import OptionError
from goodricke.lightcurves import LightCurves
from goodricke.output.atomic import whole_file
from goodricke.output.columns import described
from goodricke.output.formats import TableWriter, suffix_of, writer
from goodricke.output.longform import long_table

__all__ = ["LightCurveFile", "write", "write_rows", "write_table"]


class LightCurveFile:
    """A file of light curves, written batch by batch; it appears when the ``with`` block ends without an error.

    Parquet holds one row per star with list columns (see ``goodricke.lightcurves.arrow``); the other formats hold one
    row per point.

    Parameters
    ----------
    path : str or path
        Where to; the suffix chooses the format. ``-`` is csv on standard output.
    schema : pyarrow.Schema, optional
        Columns of the Parquet layout when batches will have different meta columns; the first batch decides otherwise.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> lcs = LightCurves.from_arrays([1.0, 2.0], mag=[9.0, 9.5], err=[0.1, 0.1], object_id="Algol")
    >>> target = pathlib.Path(tempfile.mkdtemp()) / "algol.csv"
    >>> with LightCurveFile(target) as file:
    ...     file.write(lcs)
    >>> target.read_text().splitlines()[1][:16]
    '"Algol","arrays"'
    """

    def __init__(self, path: str | os.PathLike[str], schema: pa.Schema | None = None) -> None:
        self.path = Path(path)
        self._suffix = suffix_of(os.fspath(path))
        self._schema = schema if self._suffix == ".parquet" else None
        self._stack = ExitStack()
        self._writer: TableWriter | None = None

    def __enter__(self) -> Self:
        if str(self.path) == "-":
            folder = self._stack.enter_context(tempfile.TemporaryDirectory())
            self._target = Path(folder, "stdout.csv")
        else:
            self._target = self._stack.enter_context(whole_file(self.path))
        return self

    def write(self, lcs: LightCurves) -> None:
        """Append a batch."""
        table = described(lcs.to_arrow()) if self._suffix == ".parquet" else long_table(lcs)
        if self._schema is not None:
            table = _aligned(table, self._schema)
        if self._writer is None:
            self._writer = writer(self._suffix, self._target, table.schema)
            self._schema = table.schema
        self._writer.write(table)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool | None:
        try:
            if kind is None:
                if self._writer is None:
                    self.write(LightCurves.empty())
                assert self._writer is not None
                self._writer.close()
                if str(self.path) == "-":
                    with self._target.open("rb") as file:
                        shutil.copyfileobj(file, sys.stdout.buffer)
                    sys.stdout.buffer.flush()
        except BaseException as late:
            self._stack.__exit__(type(late), late, late.__traceback__)
            raise
        return self._stack.__exit__(kind, error, trace)


def _aligned(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """The columns of `schema`, in its order; a column that the table lacks is null."""
    columns = [
        table.column(field.name).cast(field.type)
        if field.name in table.schema.names
        else pa.nulls(len(table), field.type)
        for field in schema
    ]
    return pa.table(columns, schema=schema)


def write(lcs: LightCurves, path: str | os.PathLike[str]) -> None:
    """Write light curves to a file; the suffix (.parquet .csv .ecsv .fits .xml) chooses the format.

    Raises
    ------
    WriteError
        If the file cannot be written; what was there before is left as it was.

    Examples
    --------
    >>> import goodricke as gr, tempfile, os
    >>> lcs = gr.LightCurves.from_arrays([1.0, 2.0], mag=[9.0, 9.5], err=[0.1, 0.1], object_id="Algol")
    >>> target = os.path.join(tempfile.mkdtemp(), "algol.parquet")
    >>> gr.write(lcs, target)
    >>> gr.read(target)["Algol"].mag.round(2)
    array([9. , 9.5])
    """
    with LightCurveFile(path) as file:
        file.write(lcs)


def write_rows(rows: Sequence[Mapping[str, Any]], path: str | os.PathLike[str]) -> None:
    """Write a list of rows with the same keys (a report) to a file; the suffix chooses the format."""
    if not rows:
        raise OptionError(f"{path}: there are no rows to write")
    write_table(pa.Table.from_pylist([dict(row) for row in rows]), path)


def write_table(table: pa.Table, path: str | os.PathLike[str]) -> None:
    """Write a flat Arrow table (a report, periods) with units, UCDs and sentences; the suffix chooses the format."""
    suffix = suffix_of(os.fspath(path))
    table = described(table)
    with whole_file(Path(path)) as temporary:
        out = writer(suffix, temporary, table.schema)
        out.write(table)
        out.close()
