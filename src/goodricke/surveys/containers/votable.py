"""VOTable: the fields and columns of one table, read from TABLEDATA, BINARY or BINARY2.

Reference: VOTable 1.4 (IVOA Recommendation, Ochsenbein et al. 2019). The XML goes through expat piece by piece; entity
definitions are refused and links out of the file are never followed. A file may hold several tables: the first one
with rows and three fields or more is read (annotations put small tables of keys before it), and later tables with the
same fields continue it.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING
from xml.parsers import expat

import numpy as np
from numpy.typing import NDArray

from goodricke.errors import ReadError
from goodricke.surveys.containers.votable_binary import BinaryColumn, columns_of

if TYPE_CHECKING:
    from goodricke.surveys.source import Source

__all__ = ["Field", "VOTable", "numbers_in"]

_MAX_FIELDS, _LEAST_FIELDS = 2000, 3
_TRUTH = {"t": 1.0, "true": 1.0, "f": 0.0, "false": 0.0}
_BETWEEN = re.compile(r"[\s,;()\[\]{}\"]+")
_SIZE = re.compile(r"(\d{1,9}x){0,4}(\d{1,9}|\d{0,9}\*)|")


@dataclass(frozen=True)
class Field:
    """A column of a VOTable, as its FIELD element describes it."""

    name: str
    """Name, or the ID where there is no name."""
    ucd: str = ""
    """What kind of quantity it is, such as ``phot.mag``."""
    unit: str = ""
    """Unit, as written."""
    datatype: str = ""
    """VOTable type, such as ``double`` or ``char``."""
    arraysize: str = ""
    """Empty for one value a row; ``*`` for any number of values."""
    null: str = ""
    """What stands for a missing integer."""

    @property
    def is_text(self) -> bool:
        """Whether it holds characters."""
        return self.datatype in ("char", "unicodeChar", "")

    @property
    def is_variable(self) -> bool:
        """Whether rows differ in their number of values."""
        return self.arraysize.endswith("*")

    @property
    def count(self) -> int:
        """Values a row, for fields of fixed size."""
        if self.is_variable:
            return 0
        count = 1
        for word in self.arraysize.split("x") if self.arraysize else ():
            count *= int(word)
        return count


class VOTable:
    """A table in a VOTable file.

    Parameters
    ----------
    source : Source
        The file; only its first 64 kB are looked at until a column is asked for, when the fields are in them.

    Attributes
    ----------
    fields : list of Field
        The columns.
    """

    def __init__(self, source: Source) -> None:
        self.source = source
        self._least = _LEAST_FIELDS
        head = _Parser(source, self._least, stop_at_data=True)
        head.feed(source.head, last=False)
        for self._least in (_LEAST_FIELDS, 1):
            if head.seen_data:
                break
            head = _Parser(source, self._least, stop_at_data=True)
            head.feed(source.data, last=True)
        if not head.is_votable:
            raise ReadError("this XML is no VOTable", "look into it with an editor", source.name)
        if not head.fields:
            raise ReadError("the VOTable has no table with fields", head.status or "download it again", source.name)
        self.fields = head.fields

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._index

    @cached_property
    def _index(self) -> dict[str, int]:
        index: dict[str, int] = {}
        for k, field in enumerate(self.fields):
            index.setdefault(field.name.lower(), k)
        return index

    def has(self, *names: str) -> bool:
        """Whether all these columns are there, without regard to case."""
        return all(name.lower() in self._index for name in names)

    @property
    def n_rows(self) -> int:
        """Number of rows."""
        return self._rows[1]

    def numbers(self, name: str) -> NDArray[np.float64]:
        """A column of one value a row as float64 (n_rows,); NaN where nothing is written.

        Raises
        ------
        ReadError
            If rows hold many values, or most of them text.
        """
        column = self._column(name)
        numbers = column.numbers()
        if numbers is None:
            words = column.words()
            numbers = _numbers_of(words)
            written = sum(1 for word in words if word)
            if np.count_nonzero(np.isfinite(numbers)) < written / 2:
                seen = next(word for word in words if word)
                raise ReadError(
                    f"field {name!r} holds text such as {seen[:40]!r}, not a number a row",
                    "choose another: --columns",
                    self.source.name,
                )
        return numbers

    def strings(self, name: str) -> list[str]:
        """A column as text (n_rows,); empty where nothing is written. Whole numbers keep every digit."""
        return self._column(name).words()

    def arrays(self, name: str) -> list[NDArray[np.float64]]:
        """A column of many values a row: one float64 array per row, NaN where a value is missing."""
        return self._column(name).arrays()

    def _column(self, name: str) -> _TextColumn | BinaryColumn:
        if name not in self:
            raise ReadError(
                f"there is no field {name!r}",
                f"the table has {', '.join(field.name for field in self.fields[:12])}; choose with --columns",
                self.source.name,
            )
        return self._rows[0][self._index[name.lower()]]

    @cached_property
    def _rows(self) -> tuple[Sequence[_TextColumn | BinaryColumn], int]:
        """The columns, and the number of rows."""
        parser = _Parser(self.source, self._least)
        parser.feed(self.source.data, last=True)
        if parser.kind == "TABLEDATA":
            wide = len(self.fields)
            cells = [row if len(row) == wide else (row + [""] * wide)[:wide] for row in parser.cells]
            columns = list(zip(*cells, strict=True)) if cells else [()] * wide
            return [_TextColumn(*pair) for pair in zip(self.fields, columns, strict=True)], len(cells)
        if parser.kind in ("BINARY", "BINARY2"):
            try:
                body = binascii.a2b_base64("".join(parser.stream))
            except ValueError as error:
                raise ReadError(
                    f"the binary stream of the VOTable is damaged ({error})", "download it again", self.source.name
                ) from error
            return columns_of(body, self.fields, parser.kind == "BINARY2")
        raise ReadError(
            f"the VOTable has no rows that can be read ({parser.kind or 'no DATA element'})",
            parser.status or "save it again with TABLEDATA",
            self.source.name,
        )


@dataclass(frozen=True)
class _TextColumn:
    """Cells of TABLEDATA."""

    field: Field
    cells: Sequence[str]

    def words(self) -> list[str]:
        null = self.field.null
        return ["" if word == null else word for word in self.cells] if null else list(self.cells)

    def numbers(self) -> NDArray[np.float64] | None:
        return None if self.field.is_text else _numbers_of(self.words())

    def arrays(self) -> list[NDArray[np.float64]]:
        return [numbers_in(word, self.field.null) for word in self.cells]


class _Parser:
    """Collects the first table with rows, and those after it that have the same fields."""

    def __init__(self, source: Source, least: int, stop_at_data: bool = False) -> None:
        self.source = source
        self._least = least
        self.fields: list[Field] = []
        self.cells: list[list[str]] = []
        self.stream: list[str] = []
        self.kind = ""
        self.status = ""
        self.is_votable = self.seen_data = False
        self._stop = stop_at_data
        self._table: list[Field] = []
        self._row: list[str] = []
        self._text: list[str] = []
        self._wanted = False
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.buffer_size = 1 << 16
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.EntityDeclHandler = self._entity
        self._parser.CharacterDataHandler = self._text.append

    def feed(self, data: bytes, last: bool) -> None:
        """Parse; with ``stop_at_data`` only up to the first DATA element."""
        try:
            for start in range(0, max(len(data), 1), 1 << 20):
                piece = data[start : start + (1 << 20)]
                self._parser.Parse(piece, last and start + len(piece) >= len(data))
                if self._stop and self.seen_data:
                    return
        except _Enough:
            return
        except (expat.ExpatError, LookupError, ValueError) as error:  # the last two: encodings that expat has not
            raise ReadError(
                f"the XML breaks off or is damaged ({error})", "download it again", self.source.name
            ) from error

    def _entity(self, *_: object) -> None:
        raise ReadError("the XML defines entities, which no VOTable needs", "remove them", self.source.name)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "TD":  # cells are most of the file: they do not wait for the prefix to be looked at
            self._text.clear()
            return
        tag = tag.rsplit(":", 1)[-1]
        if tag == "TD":
            self._text.clear()
        elif tag == "TR":
            self._row = []
        elif tag == "VOTABLE":
            self.is_votable = True
        elif tag == "TABLE":
            self._table = []
        elif tag == "FIELD":
            self._table.append(_field(attributes))
            if len(self._table) > _MAX_FIELDS:
                raise ReadError(
                    f"more than {_MAX_FIELDS} fields", "this does not look like a light curve", self.source.name
                )
        elif tag == "VALUES" and self._table and attributes.get("null"):
            self._table[-1] = replace(self._table[-1], null=attributes["null"].strip())
        elif tag == "INFO" and attributes.get("name") == "QUERY_STATUS" and attributes.get("value") == "ERROR":
            self.status = "the service answered with an error: ask it again"
        elif tag == "DATA":
            self._data()
        elif tag in ("TABLEDATA", "BINARY", "BINARY2", "FITS") and self._wanted:
            self._wanted = not self.kind or self.kind == tag == "TABLEDATA"
            self.kind = self.kind or tag
        elif tag == "STREAM" and self._wanted:
            if attributes.get("href"):
                raise ReadError("the rows lie in another file", "save the VOTable with its data", self.source.name)
            self._text.clear()

    def _data(self) -> None:
        """Rows follow: take them if they are the first, or continue the first."""
        self._wanted = self._table == self.fields if self.seen_data else len(self._table) >= self._least
        if self._wanted:
            self.fields, self.seen_data = self._table, True
            if self._stop:
                raise _Enough

    def _end(self, tag: str) -> None:
        if tag == "TD":
            self._row.append("".join(self._text).strip())
            return
        tag = tag.rsplit(":", 1)[-1]
        if tag == "TD":
            self._row.append("".join(self._text).strip())
        elif tag == "TR" and self._wanted:
            self.cells.append(self._row)
        elif tag == "STREAM" and self._wanted:
            self.stream.append("".join(self._text))
        elif tag == "DATA":
            self._wanted = False


class _Enough(Exception):
    """The fields are known: the rest of the file is not looked at."""


def numbers_in(text: str, null: str = "") -> NDArray[np.float64]:
    """The numbers in a cell, whatever stands between and around them; NaN for words such as ``null``.

    >>> numbers_in("[1.5, null, true]")
    array([1.5, nan, 1. ])
    """
    words = [word for word in _BETWEEN.split(text) if word]
    return _numbers_of(["" if word == null else word for word in words] if null else words)


def _numbers_of(words: Sequence[str]) -> NDArray[np.float64]:
    try:
        return np.array([word or "nan" for word in words], dtype=np.float64)
    except ValueError:
        return np.array([_number(word) for word in words], dtype=np.float64)


def _number(word: str) -> float:
    try:
        return float(word)
    except ValueError:
        return _TRUTH.get(word.lower(), np.nan)


def _field(attributes: dict[str, str]) -> Field:
    size = attributes.get("arraysize", "").strip().replace(" ", "")
    if not _SIZE.fullmatch(size):
        raise ReadError(f"arraysize {size[:20]!r} of a VOTable field means nothing", "download it again")
    return Field(
        name=(attributes.get("name") or attributes.get("ID", "")).strip(),
        ucd=attributes.get("ucd", ""),
        unit=attributes.get("unit", ""),
        datatype=attributes.get("datatype", "").strip(),
        arraysize="" if size == "1" else size,
    )
