"""Text tables: comma, tab, semicolon, bar or white space; with or without a header; IPAC tables with bars.

``TextTable`` finds the layout from the first 64 kB and parses the whole file with Arrow's csv reader when a column is
asked for. Names are looked up without regard to case.
"""

from __future__ import annotations

import io
import re
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
from numpy.typing import NDArray

from goodricke.errors import ReadError

if TYPE_CHECKING:
    from goodricke.surveys.source import Source

__all__ = ["TextTable", "is_number"]

_COMMENT = ("#", "\\", "%", "!")
_NULLS = ["", "nan", "NaN", "NAN", "null", "NULL", "None", "--", "-", "N/A", "n/a", "inf", "-inf"]
_NUMBER = re.compile(r"[<>]?[+-]?(\d+\.?\d*|\.\d+)([eEdD][+-]?\d+)?$")
_MAX_COLUMNS = 2000


def is_number(word: str) -> bool:
    """Whether a word is a number, an upper limit such as ``>17.9``, or a usual sign for a missing number."""
    word = word.strip().strip('"')
    return bool(_NUMBER.match(word)) or word in _NULLS


class TextTable:
    """A table in a text file.

    Parameters
    ----------
    source : Source
        The file; only its first 64 kB are looked at until a column is asked for.

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
    n_rows : int
        Rows that could be read; ``n_bad_rows`` had another number of columns and were skipped.
    """

    def __init__(self, source: Source) -> None:
        self.source = source
        self.comments: list[str] = []
        self.n_bad_rows = 0
        self.ipac = False
        lines = source.lines
        first = 0
        for first, line in enumerate([*lines, "end"]):  # noqa: B007 (used after the loop)
            if line.strip() and not line.lstrip().startswith(_COMMENT):
                break
            self.comments.append(line.strip().lstrip("".join(_COMMENT)).strip())
        content = [line for line in lines[first : first + 60] if line.strip()]
        if not content:
            said = "only comments" if self.comments else "no lines of text"
            raise ReadError(f"the file holds {said}, no table", "download it again", source.name)
        self._skip = first
        if content[0].startswith("|") and content[0].rstrip().endswith("|"):
            self._ipac_header(lines, first)
            return
        data_lines = [line for line in content[1:] if not line.lstrip().startswith(_COMMENT)]
        self.delimiter = _delimiter(content[0], data_lines)
        words = self._split(content[0])
        self.named = sum(is_number(word) for word in words) <= len(words) // 2 and not is_number(words[0])
        if self.named:
            self._skip = first + 1
            self.names = words
            if self.delimiter != " " and data_lines and len(data_lines[0].split(self.delimiter)) == 1:
                # A header with commas over columns of white space (ZTF forced photometry).
                self.delimiter = " "
        else:
            self.names = self._names_from_comments(len(words)) or [f"col{k + 1}" for k in range(len(words))]
        if len(self.names) > _MAX_COLUMNS:
            raise ReadError(
                f"{len(self.names)} columns in a line", "this does not look like a light curve", source.name
            )

    def _split(self, line: str) -> list[str]:
        line = line.strip() if self.delimiter == " " else line.rstrip("\r\n")
        words = line.split() if self.delimiter == " " else line.split(self.delimiter)
        return [word.strip().strip('"').strip() for word in words]

    def _names_from_comments(self, n: int) -> list[str]:
        """Column names from the last comment line that has just as many words, none of them a number."""
        for line in reversed(self.comments[-5:]):
            for words in ([w.strip() for w in line.split(",")], line.split()):
                if len(words) == n and n > 1 and not any(is_number(word) for word in words):
                    self.named = True
                    return words
        return []

    def _ipac_header(self, lines: list[str], first: int) -> None:
        self.ipac, self.named, self.delimiter = True, True, " "
        bars = [k for k, letter in enumerate(lines[first]) if letter == "|"]
        self._bounds = (
            list(zip([bars[0], *[b + 1 for b in bars[1:-1]]], bars[1:], strict=True)) if len(bars) > 1 else []
        )
        self.names = [lines[first][a + (k == 0) : b].strip() for k, (a, b) in enumerate(self._bounds)]
        while self._skip < len(lines) and lines[self._skip].startswith("|"):
            self._skip += 1
        if not self.names or len(self.names) > _MAX_COLUMNS:
            raise ReadError(
                f"an IPAC header with {len(self.names)} columns", "download the table again", self.source.name
            )

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
        """Number of rows read."""
        return int(self._rows.num_rows)

    def arrow(self, name: str) -> pa.Array:
        """A column as Arrow inferred it."""
        if name not in self:
            raise ReadError(
                f"there is no column {name!r}",
                f"the file has {', '.join(self.names[:12])}; choose with --columns",
                self.source.name,
            )
        return self._rows.column(self._index[name.lower()]).combine_chunks()

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
            return np.asarray(column.cast(pa.float64()).to_numpy(zero_copy_only=False), dtype=np.float64)
        if not pa.types.is_string(kind):
            self._text_in(name, str(column[0]))
        words = pc.replace_substring_regex(pc.utf8_trim_whitespace(column), "^[<>]=?", "")
        good = pc.fill_null(pc.match_substring_regex(words, r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$"), False)
        n_text = len(words) - words.null_count - int(pc.sum(good).as_py() or 0)
        if n_text > (len(words) - words.null_count) / 2:
            self._text_in(name, str(column.drop_null()[0]))
        clean = pc.if_else(good, words, pa.scalar(None, pa.string())).cast(pa.float64())
        return np.asarray(clean.to_numpy(zero_copy_only=False), dtype=np.float64)

    def _text_in(self, name: str, seen: str) -> None:
        raise ReadError(
            f"column {name!r} holds text such as {seen[:40]!r}, not numbers",
            f"convert it to numbers (times: to JD or MJD), or choose another column: --columns time=..., of {', '.join(self.names[:12])}",
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
        """A column as text; empty where nothing is written."""
        return pc.utf8_trim_whitespace(self.arrow(name).cast(pa.string()).fill_null(""))

    @cached_property
    def _rows(self) -> pa.Table:
        body = self.source.data.removeprefix(b"\xef\xbb\xbf")
        for _ in range(self._skip):
            body = body[body.find(b"\n") + 1 :] if b"\n" in body else b""
        if self.ipac:
            return self._fixed_width(body)
        if b"\r" in body:
            body = body.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        if any(b"\n" + mark.encode() in body for mark in _COMMENT) or body.startswith(
            tuple(m.encode() for m in _COMMENT)
        ):
            marks = tuple(mark.encode() for mark in _COMMENT)
            body = b"\n".join(line for line in body.split(b"\n") if not line.lstrip().startswith(marks))
        if self.delimiter == " ":
            body = b"\n".join(b" ".join(line.split()) for line in body.split(b"\n"))
        if not body.strip():
            raise ReadError("the table has a header and no rows", "download it again", self.source.name)
        return self._parse(body)

    def _parse(self, body: bytes) -> pa.Table:
        names = [f"{k}" for k in range(len(self.names))]
        utf8 = _is_utf8(body)

        def skip(row: Any) -> str:
            self.n_bad_rows += 1
            return "skip"

        def read(kinds: dict[str, pa.DataType] | None) -> pa.Table:
            self.n_bad_rows = 0
            return pacsv.read_csv(
                io.BytesIO(body),
                # One block, so that types are inferred from all rows and not from the first megabyte.
                pacsv.ReadOptions(
                    column_names=names, block_size=min(max(len(body) + 1, 1 << 16), (1 << 31) - 2), use_threads=False,
                    encoding="utf8" if utf8 else "latin1",
                ),
                pacsv.ParseOptions(delimiter=self.delimiter, invalid_row_handler=skip),
                pacsv.ConvertOptions(null_values=_NULLS, strings_can_be_null=True, column_types=kinds),
            )  # fmt: skip

        try:
            try:
                rows = read(None)
            except pa.ArrowInvalid:
                rows = read(dict.fromkeys(names, pa.string()))
        except (pa.ArrowException, ValueError, OSError) as error:
            said = str(error).splitlines()[0][:120]
            raise ReadError(
                f"the rows cannot be read as a table ({said})", "download it again", self.source.name
            ) from error
        if not rows.num_rows:
            raise ReadError(
                f"no row has the {len(names)} columns of the header ({self.n_bad_rows} have another number)",
                "is the header complete?",
                self.source.name,
            )
        return rows

    def _fixed_width(self, body: bytes) -> pa.Table:
        text = body.decode("utf-8") if _is_utf8(body) else body.decode("latin-1")
        lines = [line for line in text.splitlines() if line.strip() and not line.startswith(("\\", "|"))]
        if not lines:
            raise ReadError("the table has a header and no rows", "download it again", self.source.name)
        last = len(self._bounds) - 1
        columns = [
            # Values may reach up to the bar on their right and stand under the one on their left.
            pa.array([line[a : None if k == last else b + 1].strip() for line in lines], pa.string())
            for k, (a, b) in enumerate(self._bounds)
        ]
        return pa.table([_inferred(column) for column in columns], names=[f"{k}" for k in range(len(columns))])


def _inferred(column: pa.Array) -> pa.Array:
    """Numbers where every entry is one or is missing; else text."""
    empty = pc.is_in(column, pa.array(_NULLS))
    values = pc.if_else(empty, pa.scalar(None, pa.string()), column)
    for kind in (pa.int64(), pa.float64()):
        try:
            return values.cast(kind)
        except pa.ArrowInvalid:
            continue
    return values


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _delimiter(header: str, rows: list[str]) -> str:
    """The separator that cuts most lines into the same number of two or more words."""
    sample = [header, *rows[:20]]
    best, best_score = " ", 0.0
    for mark in (",", "\t", ";", "|"):
        counts = [line.count(mark) for line in sample]
        typical = max(set(counts), key=counts.count)
        # A header with commas over columns of white space still counts as commas here; TextTable sees to it.
        score = counts.count(typical) / len(counts) if typical else (0.1 if counts[0] else 0.0)
        if score > best_score and (typical or len(rows) == 0 or counts[0] > 2):
            best, best_score = mark, score
    return best
