"""Rows of a text table: bytes to Arrow columns, in pieces, so that memory follows the columns and not the file.

Arrow's csv reader does the parsing. What it does not take (white space of any width, comments between rows, fixed
columns, bytes that are not UTF-8) is put right piece by piece on the way to it.
"""

from __future__ import annotations

import csv
import io
import re
import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pyarrow as pa
import pyarrow.csv as pacsv

from goodricke.errors import ReadError

__all__ = ["COMMENT", "NULLS", "Body"]

COMMENT = ("#", "\\", "%", "!")
NULLS = ("", "nan", "NaN", "NAN", "null", "NULL", "None", "--", "-", "N/A", "n/a", "inf", "-inf")
_MARKS = tuple(mark.encode() for mark in COMMENT)
_SPACES = (b"  ", b"\t", b"\n ", b" \n", b"\v", b"\f")
_PIECE = 4 << 20
_SAMPLED = 8
_MOST_REVISIONS = 12
_WRONG_COLUMN = re.compile(r"In CSV column #(\d+): ")
_UNIT = "\x1f"  # the ASCII unit separator stands in no survey's file, so it may part the values of fixed columns
_MOST_BAD = 1000


@dataclass(frozen=True)
class Body:
    """The rows of a text table, and how to cut them.

    Parameters
    ----------
    data : bytes
        The whole file.
    start : int
        Byte where the rows begin.
    n_columns : int
        Values in a good row.
    delimiter : str
        What parts them; a space stands for any white space.
    widths : tuple of int
        Widths of all columns but the last, when the columns are fixed; then `delimiter` is not looked at.
    nulls : tuple of str
        What a fixed column holds where it has no value.
    sample : list of list of str
        The words of the first rows, from which the types of the columns are guessed.
    """

    data: bytes
    start: int
    n_columns: int
    delimiter: str
    widths: tuple[int, ...] = ()
    nulls: tuple[str, ...] = ()
    sample: Sequence[list[str]] = ()

    def table(self) -> tuple[pa.Table, int]:
        """Columns named 0, 1, ... and how many rows had another number of values.

        Columns are int64, float64 or boolean when all their values are, and else text, letter for letter.
        """
        types = self._types()
        for _ in range(_MOST_REVISIONS):
            try:
                rows, n_bad = self._read(types)
            except pa.ArrowInvalid as error:
                # The sample did not show all that the column holds: a limit (>17.9), a word, a number too large.
                wrong = _WRONG_COLUMN.search(str(error))
                if wrong is None:
                    break
                name = wrong[1]
                types[name] = pa.float64() if types.get(name) == pa.int64() else pa.string()
                continue
            dates = [field.name for field in rows.schema if pa.types.is_temporal(field.type)]
            if not dates:
                return rows, n_bad
            types |= dict.fromkeys(dates, pa.string())
        return self._read(dict.fromkeys(self._names, pa.string()), one_block=True)

    def _types(self) -> dict[str, pa.DataType]:
        """Types of the columns after the first rows.

        Columns that are empty there are left to Arrow in small files. In large ones that would keep all the text in
        memory until the last row is seen.
        """
        types: dict[str, pa.DataType] = {}
        for k, name in enumerate(self._names):
            words = [row[k] for row in self.sample[:_SAMPLED] if len(row) == self.n_columns]
            kinds = {_kind(word) for word in words if word not in NULLS}
            if kinds <= {"int"} and kinds:
                types[name] = pa.int64()
            elif kinds <= {"int", "float"} and kinds:
                types[name] = pa.float64()
            elif "text" in kinds or len(self.data) - self.start > _PIECE:
                types[name] = pa.string()
        return types

    def text(self, k: int) -> pa.ChunkedArray:
        """Column `k` as it is written, without conversion to numbers."""
        rows, _ = self._read({str(k): pa.string()}, only=[str(k)])
        return rows.column(0)

    @cached_property
    def _names(self) -> list[str]:
        return [str(k) for k in range(self.n_columns)]

    @cached_property
    def _clean(self) -> bool:
        """Whether Arrow can take the bytes as they are."""
        return (
            self.delimiter != " "
            and not self.widths
            and self.data.isascii()
            and all(self.data.find(mark, self.start) < 0 for mark in _MARKS)
        )

    @cached_property
    def _quotes(self) -> str | bool:
        """The quote mark; none when its number is odd, since a quote that never closes would swallow the rows."""
        return '"' if not self.widths and self.data.count(b'"') % 2 == 0 else False

    def _open(self) -> Any:
        if self._clean:
            return pa.BufferReader(pa.py_buffer(self.data).slice(self.start))
        if len(self.data) - self.start <= _PIECE:
            return pa.BufferReader(self._put_right(self.data[self.start :]))
        return io.BufferedReader(_Stream(self._pieces()), 1 << 20)

    def _read(
        self, types: Mapping[str, pa.DataType], only: list[str] | None = None, one_block: bool = False
    ) -> tuple[pa.Table, int]:
        n_bad, hopeless = 0, False

        def skip(row: Any) -> str:
            nonlocal n_bad, hopeless
            n_bad += bool(row.text.strip())
            hopeless = n_bad > _MOST_BAD and n_bad > 0.9 * (row.number or 0)
            return "error" if hopeless else "skip"

        size = len(self.data) - self.start
        block = size + 1 if one_block or size <= _PIECE else _PIECE
        try:
            rows = pacsv.read_csv(
                self._open(),
                pacsv.ReadOptions(
                    column_names=self._names, block_size=min(max(block, 1 << 16), (1 << 31) - 2), use_threads=False
                ),
                pacsv.ParseOptions(
                    delimiter=_UNIT if self.widths else self.delimiter, quote_char=self._quotes,
                    invalid_row_handler=skip,
                ),
                pacsv.ConvertOptions(
                    null_values=list(NULLS), strings_can_be_null=True, column_types=dict(types), include_columns=only
                ),
            )  # fmt: skip
        except pa.ArrowInvalid as error:
            if hopeless:
                raise ReadError(
                    f"most rows do not have the {self.n_columns} columns of the first", "is this one table?"
                ) from error
            raise
        return rows, n_bad

    def _pieces(self) -> Iterator[bytes]:
        """The rows, a few MB at a time, cut at ends of lines and put right."""
        at, end = self.start, len(self.data)
        while at < end:
            to = min(at + _PIECE, end)
            if to < end:
                cut = max(self.data.rfind(b"\n", at, to), self.data.rfind(b"\r", at, to - 1))
                if cut < 0:  # a line longer than a piece
                    cut = self.data.find(b"\n", to)
                to = end if cut < 0 else cut + 1
            yield self._put_right(self.data[at:to])
            at = to

    def _put_right(self, piece: bytes) -> bytes:
        if not piece.isascii():
            try:
                piece.decode("utf-8")
            except UnicodeDecodeError:
                piece = piece.decode("latin-1").encode("utf-8")
        if b"\r" in piece:
            piece = piece.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        if any(mark in piece for mark in _MARKS):
            piece = b"\n".join(line for line in piece.split(b"\n") if not line.lstrip().startswith(_MARKS))
        if self.widths:
            piece = b"\n".join(self._fixed(piece.split(b"\n")))
        elif self.delimiter == " " and (piece[:1] == b" " or any(space in piece for space in _SPACES)):
            piece = b"\n".join([b" ".join(line.split()) for line in piece.split(b"\n")])
        if not piece.isascii():
            piece = b"\n".join([line if line.isascii() else self._tamed(line) for line in piece.split(b"\n")])
        return piece if piece.endswith(b"\n") else piece + b"\n"

    def _tamed(self, line: bytes) -> bytes:
        """The line; in ASCII when it has another number of columns and will be skipped.

        Arrow shows such rows to ``skip`` shortened, and a letter cut in two would be an error that nobody can catch.
        """
        text = line.decode("utf-8")
        words = text.split(_UNIT if self.widths else self.delimiter)
        if self._quotes and '"' in text:
            words = next(csv.reader([text], delimiter=self.delimiter), [])
        return line if len(words) == self.n_columns else text.encode("ascii", "replace")

    def _fixed(self, lines: list[bytes]) -> list[bytes]:
        """Fixed columns, parted by a mark of their own; a value may reach up to the bar on its right."""
        cut = struct.Struct("".join(f"{width}s" for width in self.widths))
        nulls = [null.encode() for null in self.nulls] or [b""] * self.n_columns
        unit = _UNIT.encode()
        return [
            unit.join(
                b"" if (word := part.strip()) == null else word
                for part, null in zip((*cut.unpack_from(line.ljust(cut.size)), line[cut.size :]), nulls, strict=True)
            )
            for line in lines
            if line.strip() and not line.startswith(b"|")
        ]


def _kind(word: str) -> str:
    """What a word looks like: int, float, bool or text."""
    if word.lstrip("+-").isdecimal():
        return "int"
    try:
        float(word)
    except ValueError:
        return "bool" if word.lower() in ("true", "false") else "text"
    return "float"


class _Stream(io.RawIOBase):
    """Pieces of bytes as a file."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._rest = pieces, memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._rest = memoryview(piece)
        n = min(len(buffer), len(self._rest))
        buffer[:n] = self._rest[:n]
        self._rest = self._rest[n:]
        return n
