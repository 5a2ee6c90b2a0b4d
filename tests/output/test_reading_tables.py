from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from goodricke.errors import ReadError, UnknownFormat
from goodricke.output.formats import FORMATS
from goodricke.output.reading_tables import read_table
from goodricke.output.tables import write_table


@pytest.fixture
def table() -> pa.Table:
    return pa.table({
        "object_id": ["007", "β Per", "-x", "=1+1"], "label": ["EA", "EW", "", "RRAB"],
        "prob_EA": [0.5, np.nan, 1e-7, 0.25], "n_points": [3, 400, 20, 7], "reason": ["", "", "", "two, or 'three'"],
        "ra": [1.0, 359.5, 0.0, 12.25],
    })  # fmt: skip


@pytest.mark.parametrize("suffix", FORMATS)
def test_what_we_write_reads_back_the_same(suffix: str, table: pa.Table, tmp_path: Path) -> None:
    path = tmp_path / f"t{suffix}"
    write_table(table, path)
    back = read_table(path)
    assert back.schema.names == table.schema.names
    for name in ("object_id", "label", "reason"):
        assert back[name].to_pylist() == table[name].to_pylist(), name
    for name in ("prob_EA", "n_points", "ra"):
        np.testing.assert_array_equal(np.asarray(back[name].to_numpy(), float), table[name].to_numpy().astype(float))


def test_tables_of_others(tmp_path: Path) -> None:
    path = tmp_path / "truth.dat"
    path.write_text("# a list\nobject_id label period_days\n0012 EA 1.5\n13 EW nan\n")
    found = read_table(path)
    assert found["object_id"].to_pylist() == ["0012", "13"]
    np.testing.assert_array_equal(found["period_days"].to_numpy(), [1.5, np.nan])
    nested = pa.table({
        "object_id": pa.array([7, 8]), "label_mapped": pa.array(["EA", "EW"]).dictionary_encode(),
        "band": pa.array(["V", "g"]).dictionary_encode(), "time": [[1.0], [2.0]],
    })  # fmt: skip
    pq.write_table(nested, tmp_path / "n.parquet")
    found = read_table(tmp_path / "n.parquet")
    assert found.to_pylist() == [
        {"object_id": "7", "label_mapped": "EA", "band": "V"}, {"object_id": "8", "label_mapped": "EW", "band": "g"},
    ]  # fmt: skip


def test_what_is_no_table_is_an_error_that_names_the_file(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("{}")
    with pytest.raises(UnknownFormat, match=r"a\.json: this is json, not a table"):
        read_table(tmp_path / "a.json")
    with pytest.raises(ReadError, match=r"none\.csv: no such file"):
        read_table(tmp_path / "none.csv")
    (tmp_path / "empty.csv").write_text("# nothing\n")
    with pytest.raises(ReadError, match=r"empty\.csv: the file holds only comments"):
        read_table(tmp_path / "empty.csv")
    pq.write_table(
        pa.table({"object_id": ["a"] * 5000, "x": np.random.default_rng(0).random(5000)}), tmp_path / "b.parquet"
    )
    content = bytearray((tmp_path / "b.parquet").read_bytes())
    content[4:3000] = bytes(2996)
    (tmp_path / "b.parquet").write_bytes(content)
    with pytest.raises(ReadError, match="damaged"):
        read_table(tmp_path / "b.parquet")


def test_true_and_false_as_others_spell_them(tmp_path: Path) -> None:
    for words, expected in ((("T", "f"), [True, False]), (("", ""), [None, None]), (("1", "0"), [True, False])):
        rows = "".join(f"{k},{word}\n" for k, word in enumerate(words))
        (tmp_path / "t.csv").write_text("object_id,period_suspicious\n" + rows)
        assert read_table(tmp_path / "t.csv")["period_suspicious"].to_pylist() == expected


def test_guards_against_formulas_come_off(tmp_path: Path) -> None:
    names = ["=1+1", "'=1+1", "''@x", "-0658.8", "'-0658.8", "it's", "'quoted'"]
    write_table(pa.table({"object_id": names, "n": range(len(names))}), tmp_path / "t.csv")
    assert read_table(tmp_path / "t.csv")["object_id"].to_pylist() == names
    assert not any(line.startswith(('"=', '"@')) for line in (tmp_path / "t.csv").read_text().splitlines())
