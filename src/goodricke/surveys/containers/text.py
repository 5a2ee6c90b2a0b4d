"""Text tables: comma, tab, semicolon, bar or white space; with or without a header; IPAC tables with bars.

``TextTable`` finds the layout from the first 64 kB (more when the comments before the table are longer) and parses the
whole file when a column is asked for. Names are looked up without regard to case.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, NoReturn

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from goodricke.errors import ReadError
from goodricke.surveys.containers.rows import COMMENT, NULLS, Body
from goodricke.surveys.source import HEAD_BYTES, decode

if TYPE_CHECKING:
    from goodricke.surveys.source import Source

__all__ = ["TextTable", "is_number"]

_NUMBER = re.compile(r"[<>]?=?\s*[+-]?(\d+\.?\d*|\.\d+)([eEdD][+-]?\d+)?$")
_QUOTED = re.compile(r'"[^"]*"')
_LINE_END = re.compile(rb"\r\n|\r|\n")
_COLUMN_WORD = re.compile(r"time|date|jd|mag|flux|err|sig|epoch|^[tmefxy]$", re.IGNORECASE)
_MAX_COLUMNS = 2000
_LONGEST_HEADER = 16 << 20
_SAMPLED = 20  # lines from which the layout is told
_SAMPLED_CHARACTERS = 1 << 18


def is_number(word: str) -> bool:
    """Whether a word is a number, an upper limit such as ``>17.9``, or a usual sign for a missing number.

    >>> is_number("1.5D-3"), is_number(">17.9"), is_number("nan"), is_number("HJD")
    (True, True, True, False)
    """
    word = word.strip().strip('"')
    return bool(_NUMBER.match(word)) or word in NULLS


class TextTable:
    """A table in a text file.

    Parameters
    ----------
    source : Source
        The file; only its beginning is looked at until a column is asked for.

    Attributes
    ----------
    comments : list of str
        Comment lines before the data, without their mark.
    names : list of str
        Column names as written; ``col1, col2, ...`` when the file gives none (then ``named`` is False).
    delimiter : str
        One of ``, tab ; |`` or a space for any white space.
    ipac : bool
        The header is an IPAC one, with bars.
    sample : list of list of str
        The words of the first rows, up to 20.
    """

    def __init__(self, source: Source) -> None:
        self.source = source
        self.ipac = False
        self._widths: tuple[int, ...] = ()
        self._nulls: tuple[str, ...] = ()
        lines, first = _beginning(source)
        self.comments = [line.strip().lstrip("".join(COMMENT)).strip() for line in lines[:first]]
        content = _sampled(lines[first : first + _SAMPLED + 1])
        if not content:
            said = "only comments" if any(self.comments) else "no lines of text"
            raise ReadError(f"the file holds {said}, no table", "download it again", source.name)
        if content[0].startswith("|") and content[0].rstrip().endswith("|") and len(content[0].rstrip()) > 1:
            self._ipac_header(lines, first)
        else:
            self._header(content, first)
        if len(self.names) > _MAX_COLUMNS:
            raise ReadError(
                f"{len(self.names)} columns in a line", "this does not look like a light curve", source.name
            )

    def _header(self, content: list[str], first: int) -> None:
        rows = [line for line in content[1:] if not line.lstrip().startswith(COMMENT)]
        self.delimiter = _delimiter(content[0], rows)
        words = self._split(content[0])
        if rows and self.delimiter != " " and all(len(self._split(line)) == 1 for line in rows):
            self.delimiter = " "  # a header with commas over columns of white space (ZTF forced photometry)
        self.sample = [self._split(line) for line in rows]
        self.named = _is_header(words, self.sample)
        self._skip = first + self.named
        if self.named:
            self.names = self._fitted(words)
        else:
            self.sample.insert(0, words)
            self.names = self._names_from_comments(len(words)) or [f"col{k + 1}" for k in range(len(words))]

    def _split(self, line: str) -> list[str]:
        if '"' in line and line.count('"') % 2 == 0:
            try:
                words = next(csv.reader([line.strip()], delimiter=self.delimiter, skipinitialspace=True), [])
                return [word.strip() for word in words]
            except csv.Error:
                pass
        return line.split() if self.delimiter == " " else [word.strip() for word in line.split(self.delimiter)]

    def _fitted(self, names: list[str]) -> list[str]:
        """The names of the header, one for each column that the rows have."""
        counts = [len(row) for row in self.sample]
        wide = max(set(counts), key=counts.count) if counts else len(names)
        if wide < len(names) and (self.delimiter != " " or not any(names[wide:])):
            names = names[:wide]  # values of the last columns are left out, or the header ends with a delimiter
        elif wide == len(names) + 1 and [row[0] for row in self.sample[:3]] in (["0", "1", "2"], ["1", "2", "3"]):
            names = ["row", *names]  # numbered rows, as R writes them
        names = names + [f"col{k + 1}" for k in range(len(names), wide)]
        return [name or f"col{k + 1}" for k, name in enumerate(names)]

    def _names_from_comments(self, n: int) -> list[str]:
        """Column names from the last comment line that has just as many words and one that columns go by."""
        for line in reversed(self.comments[-5:]):
            for words in ([w.strip() for w in line.split(",")], line.split()):
                if (
                    len(words) == n > 1
                    and not any(is_number(word) for word in words)
                    and any(_COLUMN_WORD.search(word) for word in words)
                ):
                    self.named = True
                    return words
        return []

    def _ipac_header(self, lines: list[str], first: int) -> None:
        self.ipac, self.named, self.delimiter = True, True, " "
        bars = [k for k, letter in enumerate(lines[first]) if letter == "|"]
        head = [line for line in lines[first : first + 4] if line.startswith("|")]
        cells = [[line[a + 1 : b].strip() for a, b in pairwise(bars)] for line in head]
        self.names = cells[0]
        # Values may reach up to the bar on their right.
        self._widths = tuple(b - a for a, b in zip([-1, *bars[1:]], bars[1:-1], strict=False))
        self._nulls = tuple(cells[3]) if len(cells) == 4 else ()
        self._skip = first + len(head)
        rows = [line for line in lines[self._skip : self._skip + _SAMPLED] if line.strip()]
        edges = np.cumsum([0, *self._widths]).tolist()
        self.sample = [[line[a:b].strip() for a, b in zip(edges, [*edges[1:], None], strict=True)] for line in rows]

    # Columns -------------------------------------------------------------------------------------------------------

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._index

    @cached_property
    def _index(self) -> dict[str, int]:
        index: dict[str, int] = {}
        for k, name in enumerate(self.names):
            index.setdefault(name.lower(), k)
        return index

    def has(self, *names: str) -> bool:
        """Whether all these columns are there."""
        return all(name.lower() in self._index for name in names)

    @property
    def n_rows(self) -> int:
        """Number of rows that could be read."""
        return int(self._parsed[0].num_rows)

    @property
    def n_bad_rows(self) -> int:
        """Number of rows that were skipped since they have another number of columns."""
        return self._parsed[1]

    @property
    def notes(self) -> tuple[str, ...]:
        """What the user should know of the rows."""
        n = self.n_bad_rows
        return (f"{n:,} row{'s' * (n > 1)} skipped: not {len(self.names)} columns",) if n else ()

    def _place(self, name: str) -> int:
        if name not in self:
            raise ReadError(
                f"there is no column {name!r}",
                f"the file has {', '.join(self.names[:12])}; choose with --columns",
                self.source.name,
            )
        return self._index[name.lower()]

    def arrow(self, name: str) -> pa.Array:
        """A column as Arrow inferred it; dates are text."""
        column = self._parsed[0].column(self._place(name))
        return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()

    def numbers(self, name: str) -> NDArray[np.float64]:
        """A column as float64 (n_rows,); NaN where there is no number. ``>17.9`` gives 17.9: see ``limits``.

        Raises
        ------
        ReadError
            If most of the entries are text.
        """
        column = self.arrow(name)
        kind = column.type
        if pa.types.is_floating(kind) or pa.types.is_integer(kind) or pa.types.is_null(kind):
            return np.asarray(column.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False), dtype=np.float64)
        if not pa.types.is_string(kind):
            self._text_in(name, str(column[0]))
        column = pc.utf8_trim_whitespace(column)
        column = pc.if_else(pc.is_in(column, pa.array(NULLS)), pa.scalar(None, pa.string()), column)
        words = pc.replace_substring_regex(column, r"^[<>]?=?\s*\+?", "")
        good = pc.fill_null(pc.match_substring_regex(words, r"^-?(\d+\.?\d*|\.\d+)([eEdD][+-]?\d+)?$"), False)
        n_words, n_good = len(words) - words.null_count, int(pc.sum(good).as_py() or 0)
        if n_words - n_good > n_words / 2:
            self._text_in(name, str(column.drop_null()[0]))
        words = pc.replace_substring_regex(words, "[dD]", "e")
        clean = pc.if_else(good, words, pa.scalar(None, pa.string())).cast(pa.float64())
        return np.asarray(clean.to_numpy(zero_copy_only=False), dtype=np.float64)

    def _text_in(self, name: str, seen: str) -> NoReturn:
        raise ReadError(
            f"column {name!r} holds text such as {seen[:40]!r}, not numbers",
            "convert it to numbers (times: to JD or MJD), or choose another column: --columns time=..., of "
            + ", ".join(self.names[:12]),
            self.source.name,
        )

    def limits(self, name: str) -> NDArray[np.bool_]:
        """Where a column says that its number is a limit, as in ``>17.9`` (n_rows,)."""
        column = self.arrow(name)
        if not pa.types.is_string(column.type):
            return np.zeros(len(column), dtype=bool)
        marked = pc.fill_null(pc.match_substring_regex(column, r"^\s*[<>]"), False)
        return np.asarray(marked.to_numpy(zero_copy_only=False), dtype=bool)

    def strings(self, name: str) -> pa.Array:
        """A column as text, letter for letter (``0017`` stays so); empty where nothing is written."""
        column = self.arrow(name)
        if not pa.types.is_string(column.type) and not pa.types.is_null(column.type):
            with self._parsing():
                column = self._body.text(self._place(name))
            column = column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()
        return pc.utf8_trim_whitespace(column.cast(pa.string()).fill_null(""))

    # Rows ----------------------------------------------------------------------------------------------------------

    @cached_property
    def _body(self) -> Body:
        data = self.source.data
        start = 3 if data.startswith(b"\xef\xbb\xbf") else 0
        ends = _LINE_END.finditer(data, start)
        for _ in range(self._skip):
            end = next(ends, None)
            start = len(data) if end is None else end.end()
        return Body(data, start, len(self.names), self.delimiter, self._widths, self._nulls, self.sample)

    @cached_property
    def _parsed(self) -> tuple[pa.Table, int]:
        if self._body.start >= len(self._body.data):
            raise ReadError("the table has a header and no rows", "download it again", self.source.name)
        with self._parsing():
            rows, n_bad = self._body.table()
        if not rows.num_rows and n_bad:
            raise ReadError(
                f"no row has the {len(self.names)} columns of the header ({n_bad:,} have another number)",
                "is the header complete?",
                self.source.name,
            )
        if not rows.num_rows:
            raise ReadError("the table has a header and no rows", "download it again", self.source.name)
        return rows, n_bad

    @contextmanager
    def _parsing(self) -> Iterator[None]:
        try:
            yield
        except (pa.ArrowException, ValueError, OSError) as error:
            said = str(error).splitlines()[0][:120] if str(error) else type(error).__name__
            raise ReadError(
                f"the rows cannot be read as a table ({said})", "download it again", self.source.name
            ) from error


def _beginning(source: Source) -> tuple[list[str], int]:
    """The first lines, and which of them is the first that is neither empty nor a comment."""
    lines: list[str] = []
    first = 0
    for most in (HEAD_BYTES, _LONGEST_HEADER):
        head = source.head if most == HEAD_BYTES else source.data[:most]
        # Lines end as they do for Arrow: splitlines() would also cut at form feeds and other rarities.
        lines = decode(head).replace("\r\n", "\n").replace("\r", "\n").split("\n")
        if len(head) >= most and len(lines) > 1:
            lines.pop()  # it may be cut
        first = next((k for k, line in enumerate(lines) if _is_row(line)), len(lines))
        if len(head) < most or first < len(lines) > 1:
            break
    return lines, first


def _is_row(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith(COMMENT)


def _sampled(lines: list[str]) -> list[str]:
    """Lines that are not empty, as many as make up a quarter of a million characters, at least one."""
    content: list[str] = []
    left = _SAMPLED_CHARACTERS
    for line in lines:
        if line.strip() and left > 0:
            content.append(line)
            left -= len(line)
    return content


def _is_header(words: list[str], rows: list[list[str]]) -> bool:
    """Whether words name columns: none is a number, or few are and the first row has more."""
    if all(word in NULLS for word in words):
        return False
    n = _count_numbers(words)
    return n == 0 or (n <= len(words) // 2 and not is_number(words[0]) and bool(rows) and _count_numbers(rows[0]) > n)


def _count_numbers(words: Sequence[str]) -> int:
    return sum(bool(_NUMBER.match(word)) for word in words)


def _delimiter(header: str, rows: list[str]) -> str:
    """The separator that cuts most lines into the same number of two or more words."""
    sample = [_QUOTED.sub("", line) if '"' in line else line for line in (header, *rows[:20])]
    best, best_score = " ", 0.0
    for mark in (",", "\t", ";", "|"):
        counts = [line.count(mark) for line in sample]
        typical = max(set(counts), key=counts.count)
        # A header with commas over columns of white space still counts as commas here; TextTable sees to it.
        score = counts.count(typical) / len(counts) if typical else 0.1 * (counts[0] > 2)
        if score > best_score:
            best, best_score = mark, score
    if best == "\t" and rows:
        words = rows[0].split()
        if len(words) > rows[0].count("\t") + 1 and all(is_number(word) for word in words):
            return " "  # tabs and spaces mixed
    return best
