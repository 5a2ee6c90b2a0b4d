"""Bytes of rows to Arrow columns."""

from __future__ import annotations

import pyarrow as pa
import pytest

from goodricke.errors import ReadError
from goodricke.surveys.containers import rows
from goodricke.surveys.containers.rows import Body


def body(data: bytes, delimiter: str = ",", n_columns: int = 2) -> Body:
    lines = data.decode("latin-1").splitlines()[:8]
    sample = [line.split() if delimiter == " " else line.split(delimiter) for line in lines]
    return Body(data, 0, n_columns, delimiter, sample=sample)


def kinds(one: Body) -> list[str]:
    return [str(kind) for kind in one.table()[0].schema.types]


def test_types_come_from_the_first_rows() -> None:
    assert kinds(body(b"1,1.5\n2,2\n")) == ["int64", "double"]
    assert kinds(body(b"true,x\nfalse,2\n")) == ["bool", "string"]
    assert kinds(body(b"nan,\n,\n")) == ["null", "null"]
    assert kinds(body(b"2012-01-20,10:30\n2012-01-21,10:40\n")) == ["string", "string"]


@pytest.mark.parametrize(
    ("late", "kind"),
    [
        ("7.5", "double"),
        (">17.9", "string"),
        ("99999999999999999999", "double"),
        ("2012-01-20", "string"),
        ("", "int64"),
    ],
)
def test_types_give_way_to_what_comes_later(late: str, kind: str) -> None:
    data = "".join(f"{k},{k}\n" for k in range(30)) + f"30,{late}\n"
    one = body(data.encode())
    assert kinds(one) == ["int64", kind]
    assert one.table()[0].num_rows == 31


def test_dates_below_an_empty_beginning_stay_text() -> None:
    table, _ = body(b"1,\n" * 9 + b"2,2012-01-20\n").table()
    assert table.column(1)[9].as_py() == "2012-01-20"


def test_text_as_written() -> None:
    assert body(b"007,1.50\n8,2\n").text(0).to_pylist() == ["007", "8"]
    assert body(b"007,1.50\n8,2\n").text(1).to_pylist() == ["1.50", "2"]


def test_fixed_columns() -> None:
    one = Body(b"  1.5abc  \n-9   d\n|x|\n\n", 0, 2, " ", widths=(5,), nulls=("-9", "null"))
    assert one.table()[0].to_pydict() == {"0": [1.5, None], "1": ["abc", "d"]}


def test_pieces_give_the_same_as_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    data = b"\n".join(b"%d   %d.5 \xe9" % (k, k) for k in range(5000)) + b"\r\n# end\r5000 1 2\n"
    whole, n_bad = body(data, " ", 3).table()
    monkeypatch.setattr(rows, "_PIECE", 1 << 12)
    pieces, n_bad_in_pieces = body(data, " ", 3).table()
    assert pieces.combine_chunks().equals(whole.combine_chunks())
    assert n_bad == n_bad_in_pieces == 0
    assert whole.column(2)[0].as_py() == "é"
    assert whole.column(2)[5000].as_py() == "2"


def test_a_line_longer_than_a_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "_PIECE", 1 << 12)
    data = b"1," + b"x" * 100_000 + b"\n" + b"2,y\n" * 100
    assert body(data).table()[0].num_rows == 101


def test_bad_rows_are_counted_and_too_many_end_it() -> None:
    table, n_bad = body(b"1,2\n3\n4,5,6\n \n7,8\n").table()
    assert (table.num_rows, n_bad) == (2, 2)
    with pytest.raises(ReadError, match="most rows do not have the 2 columns"):
        body(b"1,2\n" + b"3\n" * 3000).table()


def test_memory_follows_the_columns() -> None:
    """A million rows of 40 bytes: the table itself, and at most a few pieces beside it."""
    data = b"2458000.12345,12.345678,0.0123456,abcdefg\n" * 1_000_000
    pool = pa.default_memory_pool()
    before = pool.bytes_allocated()
    table, _ = body(data, n_columns=4).table()
    held = pool.bytes_allocated() - before
    assert table.num_rows == 1_000_000
    assert held < 1.2 * (3 * 8 + 4 + 7) * 1_000_000


@pytest.mark.parametrize("wrong", ["ä" * 90 + ",x,y", "a" + "ä" * 90 + ',"x,y",z', "ab" + "µ" * 300 + ",1,2"])
@pytest.mark.filterwarnings("error::pytest.PytestUnraisableExceptionWarning")
def test_long_rows_of_other_letters_with_another_number_of_columns_are_skipped_quietly(
    wrong: str, capfd: pytest.CaptureFixture[str]
) -> None:
    # Arrow cuts such a row short in the middle of a letter, which printed an error that nobody could catch.
    table, n_bad = body(f"Größe,1\n{wrong}\nWeiß,2\n".encode()).table()
    assert table.column(0).to_pylist() == ["Größe", "Weiß"]
    assert n_bad == 1
    assert capfd.readouterr().err == ""
