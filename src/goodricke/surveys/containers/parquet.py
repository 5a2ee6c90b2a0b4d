"""Parquet in pieces: batches of rows or stars, with memory bounded by the batch and not by the file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from goodricke.errors import ReadError

if TYPE_CHECKING:
    from goodricke.surveys.source import Source

__all__ = ["batches", "whole_stars"]

_MOST_ROWS = 1 << 22


def batches(source: Source, columns: Sequence[str], points: int, long: str = "") -> Iterator[pa.RecordBatch]:
    """Yield batches of about `points` points, row group by row group.

    Parameters
    ----------
    source : Source
        A Parquet file.
    columns : sequence of str
        What to read: names, or paths such as ``lc.mjd`` into a struct.
    points : int
        Points wanted in a batch.
    long : str
        Path of a list column whose values are the points; empty when every row is one point.

    Raises
    ------
    ReadError
        If the file is damaged.
    """
    file = source.parquet
    group_rows = max((file.metadata.row_group(k).num_rows for k in range(file.num_row_groups)), default=1)
    rows = max(1, int(points / _mean_length(source, long)))
    # A row group that is not much larger is taken whole: cutting it costs more than it saves.
    rows = max(1, group_rows) if group_rows <= 1.2 * rows else rows
    stream = file.iter_batches(batch_size=min(rows, _MOST_ROWS), columns=list(columns), use_threads=False)
    while True:
        try:
            batch = next(stream, None)
        except (pa.ArrowException, OSError, ValueError) as error:
            said = str(error).splitlines()[0][:120]
            raise ReadError(f"the Parquet file is damaged ({said})", "download it again", source.name) from error
        if batch is None:
            return
        yield batch


def _mean_length(source: Source, long: str) -> float:
    """Mean number of values in the lists of a column, from the footer."""
    meta = source.parquet.metadata
    if not long or not meta.num_rows:
        return 1.0
    values: int = 0
    for k in range(meta.num_row_groups):
        group = meta.row_group(k)
        for c in range(group.num_columns):
            column = group.column(c)
            if column.path_in_schema == long or column.path_in_schema.startswith(f"{long}."):
                values += int(column.num_values)
                break
    return max(1.0, values / int(meta.num_rows))


def whole_stars(stream: Iterable[pa.RecordBatch], name: str, points: int) -> Iterator[pa.Table]:
    """Cut batches of a table with a row per point so that a run of rows of one star stays in one piece.

    A star longer than `points` is cut all the same: nothing is held without bound.
    """
    held: list[pa.RecordBatch] = []
    rows = 0
    for batch in stream:
        if rows >= points:
            last = _start_of_last(held[-1].column(name))
            if last:
                tail = held[-1].slice(last)
                held[-1] = held[-1].slice(0, last)
                yield pa.Table.from_batches(held)
                held = [tail]
            elif rows > 2 * points or len(held) == 1:
                yield pa.Table.from_batches(held)
                held = []
            rows = sum(part.num_rows for part in held)
        if batch.num_rows:
            held.append(batch)
            rows += batch.num_rows
    if held:
        yield pa.Table.from_batches(held)


def _start_of_last(column: pa.Array) -> int:
    """Where the run of equal values at the end of a column begins."""
    n = len(column)
    if n < 2:
        return 0
    indices = column.indices if pa.types.is_dictionary(column.type) else column
    same = pc.fill_null(pc.equal(indices.slice(1), indices.slice(0, n - 1)), False)
    # The last place where the star changes, found from the back.
    steps = same.to_numpy(zero_copy_only=False)
    changed = (~steps).nonzero()[0]
    return int(changed[-1]) + 1 if len(changed) else 0
