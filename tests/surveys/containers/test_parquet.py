"""Streaming Parquet: batches bounded by points, and stars kept whole."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from goodricke.errors import ReadError
from goodricke.surveys.containers.parquet import batches, whole_stars
from goodricke.surveys.source import Source


def source_of(table: pa.Table, folder: Path, rows: int) -> Source:
    path = folder / "MADE.parquet"
    pq.write_table(table, path, row_group_size=rows)
    return Source(str(path), path=path)


def test_lists_are_cut_by_points_and_not_by_rows(tmp_path: Path) -> None:
    table = pa.table({"id": range(100), "time": [np.arange(50.0)] * 100})
    found = list(batches(source_of(table, tmp_path, 100), ["id", "time"], 500, long="time"))
    assert max(batch.num_rows for batch in found) <= 10
    assert [i for batch in found for i in batch.column("id").to_pylist()] == list(range(100))


def test_small_groups_are_taken_whole(tmp_path: Path) -> None:
    table = pa.table({"id": range(100), "time": [np.arange(50.0)] * 100})
    found = list(batches(source_of(table, tmp_path, 20), ["id"], 1000, long="time"))
    assert [batch.num_rows for batch in found] == [20] * 5


@pytest.mark.parametrize("kind", [pa.string(), pa.int64(), pa.dictionary(pa.int32(), pa.string())])
@pytest.mark.parametrize("rows", [3, 7, 1000])
def test_stars_stay_whole(tmp_path: Path, kind: pa.DataType, rows: int) -> None:
    ids = np.repeat(np.arange(12), [1, 9, 2, 2, 14, 1, 1, 5, 3, 8, 1, 4])
    column = pa.array(ids) if kind == pa.int64() else pa.array(ids.astype(str)).cast(pa.string())
    column = column.dictionary_encode() if pa.types.is_dictionary(kind) else column
    source = source_of(pa.table({"id": column, "x": np.arange(len(ids))}), tmp_path, rows)
    pieces = list(whole_stars(batches(source, ["id", "x"], 10), "id", 10))
    seen = [set(piece["id"].to_pylist()) for piece in pieces]
    assert sum(map(len, seen)) == 12, "a star is in two pieces"
    assert [x for piece in pieces for x in piece["x"].to_pylist()] == list(range(len(ids)))
    # A piece ends with the first batch that makes it full and the star that goes on behind it.
    assert max(piece.num_rows for piece in pieces) <= 10 + max(rows, 10) + 14 if rows < 1000 else True


def test_a_star_longer_than_the_bound_is_cut(tmp_path: Path) -> None:
    source = source_of(pa.table({"id": ["a"] * 500, "x": range(500)}), tmp_path, 10)
    pieces = list(whole_stars(batches(source, ["id", "x"], 20), "id", 20))
    assert len(pieces) > 5
    assert [x for piece in pieces for x in piece["x"].to_pylist()] == list(range(500))


def test_damage_behind_the_footer_is_a_read_error(tmp_path: Path) -> None:
    source = source_of(pa.table({"x": np.random.default_rng(1).normal(size=5000)}), tmp_path, 5000)
    data = bytearray(Path(source.name).read_bytes())
    data[4:200] = bytes(196)
    with pytest.raises(ReadError, match="damaged"):
        list(batches(Source("broken.parquet", data=bytes(data)), ["x"], 100))
