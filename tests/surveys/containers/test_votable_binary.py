"""Binary streams built by hand with struct, byte by byte as the VOTable standard says."""

from __future__ import annotations

import struct
import time

import numpy as np
import pytest

from goodricke.errors import ReadError
from goodricke.surveys.containers.votable import Field
from goodricke.surveys.containers.votable_binary import columns_of

FIXED = [
    Field("a", datatype="int", null="-1"),
    Field("b", datatype="boolean"),
    Field("c", datatype="double", arraysize="2"),
]
FREE = [
    Field("id", datatype="long"),
    Field("t", datatype="double", arraysize="*"),
    Field("w", datatype="char", arraysize="*"),
]


def test_fixed_rows() -> None:
    body = struct.pack(">ic2d", 7, b"T", 1.5, 2.5) + struct.pack(">ic2d", -1, b"?", 3.5, np.nan)
    (a, b, c), n = columns_of(body, FIXED, masked=False)
    assert n == 2
    np.testing.assert_array_equal(a.numbers(), [7, np.nan])
    np.testing.assert_array_equal(b.numbers(), [1, np.nan])
    assert a.words() == ["7", ""]
    assert b.words() == ["T", "?"]
    assert c.numbers() is None
    np.testing.assert_array_equal(c.arrays(), [[1.5, 2.5], [3.5, np.nan]])
    assert c.words()[0] == "1.5 2.5"


def test_free_rows() -> None:
    big = 2**62 + 1  # has no float64 of its own
    body = struct.pack(">qi2di3s", big, 2, 1.0, 2.0, 3, b"abc") + struct.pack(">qii", 5, 0, 0)
    (number, t, w), n = columns_of(body, FREE, masked=False)
    assert n == 2
    assert number.words() == [str(big), "5"]
    assert [row.tolist() for row in t.arrays()] == [[1.0, 2.0], []]
    assert w.words() == ["abc", ""]


def test_mask_of_binary2() -> None:
    body = b"\xe0" + struct.pack(">ic2d", 7, b"T", 1.5, 2.5) + b"\x00" + struct.pack(">ic2d", 8, b"F", 1.0, 2.0)
    (a, b, c), _ = columns_of(body, FIXED, masked=True)
    np.testing.assert_array_equal(a.numbers(), [np.nan, 8])
    assert b.words() == ["", "F"]
    assert [row.tolist() for row in c.arrays()] == [[], [1.0, 2.0]]
    assert a.words() == ["", "8"]


def test_bits() -> None:
    single, row, free = (
        Field("s", datatype="bit"),
        Field("r", datatype="bit", arraysize="10"),
        Field("f", datatype="bit", arraysize="*"),
    )
    (s, r), _ = columns_of(b"\x08\xc0\x40" + b"\x00\x00\x80", [single, row], masked=False)
    assert s.numbers().tolist() == [1, 0]
    assert r.arrays()[0].tolist() == [1, 1, 0, 0, 0, 0, 0, 0, 0, 1]
    (f,), n = columns_of(struct.pack(">iB", 3, 0b01100000) + struct.pack(">i", 0), [free], masked=False)
    assert (n, [row.tolist() for row in f.arrays()]) == (2, [[0, 1, 1], []])
    assert f.words() == ["0 1 1", ""]


def test_complex_numbers_are_no_numbers_a_row() -> None:
    (c,), _ = columns_of(struct.pack(">2d", 1.5, 2.5), [Field("c", datatype="doubleComplex")], masked=False)
    assert c.numbers() is None
    assert c.arrays()[0].tolist() == [1.5]


def test_unicode() -> None:
    (w,), _ = columns_of(struct.pack(">i", 2) + "ñx".encode("utf-16-be"),
                         [Field("w", datatype="unicodeChar", arraysize="*")], masked=False)  # fmt: skip
    assert w.words() == ["ñx"]


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        (b"\x00" * 20, FIXED),
        (struct.pack(">qi", 1, 2**31 - 1), FREE),
        (struct.pack(">qi", 1, -5), FREE),
        (struct.pack(">q", 1), FREE),
        (b"\x00" * 8, [Field("a", datatype="double", arraysize="999999999x999999999")]),
        (b"\x00" * 8, [Field("a", datatype="double", arraysize="0")]),
    ],
)
def test_lengths_that_lie_are_found_out_at_once(body: bytes, fields: list[Field]) -> None:
    start = time.process_time()
    with pytest.raises(ReadError, match="whole rows"):
        columns_of(body, fields, masked=False)
    assert time.process_time() - start < 2.0


def test_no_rows_and_unknown_types() -> None:
    columns, n = columns_of(b"", FIXED, masked=True)
    assert (n, columns[0].words()) == (0, [])
    with pytest.raises(ReadError, match="unknown VOTable type quaternion"):
        columns_of(b"", [Field("a", datatype="quaternion")], masked=False)
