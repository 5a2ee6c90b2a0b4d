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
_SAMPLED = 200


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
        Path of a list column, or into a struct of lists, whose values are the points; empty when a row is a point.

    Raises
    ------
    ReadError
        If the file is damaged.
    """
    file = source.parquet
    group_rows = max((file.metadata.row_group(k).num_rows for k in range(file.num_row_groups)), default=1)
    rows = max(1, int(points / _mean_length(source, long))) if long else points
    # A row group that is not much larger is taken whole: cutting it costs more than it saves.
    rows = max(1, group_rows) if group_rows <= 1.2 * rows else rows
    yield from _read(source, columns, min(rows, _MOST_ROWS))


def _read(source: Source, columns: Sequence[str], rows: int) -> Iterator[pa.RecordBatch]:
    try:
        yield from source.parquet.iter_batches(batch_size=rows, columns=list(columns), use_threads=False)
    except (pa.ArrowException, OSError, ValueError) as error:
        said = str(error).splitlines()[0][:120]
        raise ReadError(f"the Parquet file is damaged ({said})", "download it again", source.name) from error


def _mean_length(source: Source, long: str) -> float:
    """Mean number of values in the first lists of a column.

    The footer knows it for the whole file, but asking a damaged footer for a column ends the process (pyarrow 26).
    """
    batch = next(_read(source, [long], _SAMPLED), None)
    if batch is None or not batch.num_rows:
        return 1.0
    lists = batch.column(0)
    while pa.types.is_struct(lists.type):
        lists = pc.struct_field(lists, [0])
    return max(1.0, pc.mean(pc.list_value_length(lists)).as_py() or 1.0)


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
