"""FITS headers, binary tables and images, read with NumPy alone.

A light curve needs four columns of one table. This reader parses two headers and copies those columns, which is 10 to
20 times faster than a general reader (``benchmarks/reading.py`` measures it). What it does not cover (variable length
columns, tables and images packed inside FITS) raises ReadError, and the generic reader then asks astropy.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from goodricke.errors import ReadError

if TYPE_CHECKING:
    from goodricke.surveys.source import Source

__all__ = ["FitsFile", "FitsImage", "FitsTable", "Header"]

BLOCK = 2880
_CARD = 80
_MAX_HEADER_BLOCKS = 400
_NUMPY = {"L": "S1", "B": "u1", "I": ">i2", "J": ">i4", "K": ">i8", "E": ">f4", "D": ">f8", "A": "S"}
_PIXEL = {8: "u1", 16: ">i2", 32: ">i4", 64: ">i8", -32: ">f4", -64: ">f8"}
_TFORM = re.compile(r"(\d*)([LBIJKEDAXCMPQ])")


class Header:
    """Cards of one header; values are parsed when asked for."""

    def __init__(self, block: bytes) -> None:
        text = block.decode("latin-1")
        self._cards: dict[str, str] = {}
        self._continued: dict[str, list[str]] = {}
        following: list[str] = []
        # From the last card to the first, so that the first of two with the same name stays.
        for start in range((len(text) - 1) // _CARD * _CARD, -1, -_CARD):
            name = text[start : start + 8].rstrip()
            if name == "CONTINUE":
                following.append(text[start + 10 : start + _CARD])
            elif text[start + 8 : start + 10] == "= ":
                self._cards[name] = text[start + 10 : start + _CARD]
                self._continued[name] = following[::-1]
                following = []
            else:
                following = []

    def __contains__(self, key: str) -> bool:
        return key in self._cards

    def get(self, key: str, default: Any = None) -> Any:
        """Value of a card: str, bool, int or float; `default` when the card is absent or empty."""
        raw = self._cards.get(key)
        if raw is None:
            return default
        text = raw.lstrip()
        if text.startswith("'"):
            value = _quoted(text)
            for more in self._continued[key]:
                if not value.endswith("&"):
                    break
                value = value[:-1] + _quoted(more.lstrip())
            return value.rstrip()
        word = text.split("/", 1)[0].strip()
        if word in ("T", "F"):
            return word == "T"
        try:
            return int(word)
        except ValueError:
            try:
                return float(word.replace("D", "E"))
            except ValueError:
                return word or default

    def number(self, key: str, default: float = float("nan")) -> float:
        """Value of a card as a float, also when it was written as text; `default` when it is not a number."""
        try:
            return float(self.get(key, default))
        except (TypeError, ValueError):
            return default

    def integer(self, key: str, default: int = 0) -> int:
        """Value of a card as an int, also when it was written as text; `default` when it is none."""
        value = self.get(key, default)
        try:
            return int(value)
        except (TypeError, ValueError, OverflowError):
            number = self.number(key)
            return int(number) if number.is_integer() else default

    def text(self, key: str, default: str = "") -> str:
        """Value of a card as stripped text."""
        value = self.get(key)
        return default if value is None else str(value).strip()


def _quoted(text: str) -> str:
    """What stands between the apostrophes, of which two stand for one."""
    end = 1
    while True:
        end = text.find("'", end)
        if end < 0:
            return text[1:].rstrip()
        if text[end + 1 : end + 2] != "'":
            return text[1:end].replace("''", "'")
        end += 2


@dataclass(frozen=True)
class FitsTable:
    """One binary table: its header, and where its bytes lie."""

    header: Header
    start: int
    n_rows: int
    row_bytes: int
    columns: dict[str, tuple[int, str, int, int]]
    """Upper-case name -> (byte in the row, type letter, repeat, number of the column)."""
    source: Source

    @property
    def name(self) -> str:
        """EXTNAME."""
        return self.header.text("EXTNAME")

    def __contains__(self, name: str) -> bool:
        return name.upper() in self.columns

    def unit(self, name: str) -> str:
        """TUNIT of a column."""
        return self.header.text(f"TUNIT{self.columns[name.upper()][3]}") if name in self else ""

    def column(self, name: str) -> NDArray[Any]:
        """Values of a column in native byte order: (n_rows,), or (n_rows, repeat) for a vector column.

        Text comes as fixed-width bytes. TSCAL and TZERO are applied.
        """
        if name not in self:
            raise ReadError(
                f"the table has no column {name}",
                f"it has {', '.join(self.columns)}; choose with --columns",
                self.source.name,
            )
        offset, letter, repeat, k = self.columns[name.upper()]
        if letter not in _NUMPY:
            raise ReadError(
                f"column {name} has FITS type {letter}, which this reader does not know", "", self.source.name
            )
        data = self.source.data
        if self.start + self.n_rows * self.row_bytes > len(data):
            raise ReadError(
                f"the file is cut short: the table needs {self.start + self.n_rows * self.row_bytes:,} bytes, "
                f"the file has {len(data):,}",
                "download it again",
                self.source.name,
            )
        dtype = np.dtype(f"S{repeat}" if letter == "A" else _NUMPY[letter])
        shape: tuple[int, ...] = (self.n_rows,)
        strides: tuple[int, ...] = (self.row_bytes,)
        if letter != "A" and repeat != 1:
            shape, strides = (self.n_rows, repeat), (self.row_bytes, dtype.itemsize)
        raw = np.ndarray(shape, dtype, buffer=data, offset=self.start + offset, strides=strides)
        if letter == "L":
            return np.asarray(raw == b"T")
        if letter == "A":
            return raw.copy()
        return self._scaled(raw.astype(dtype.newbyteorder("=")), letter, k)

    def _scaled(self, values: NDArray[Any], letter: str, k: int) -> NDArray[Any]:
        """Apply TSCAL and TZERO: integers stay integers where both are whole (FITS standard 4.0, section 7.3.2)."""
        scale, zero = self.header.number(f"TSCAL{k}", 1.0), self.header.number(f"TZERO{k}", 0.0)
        if (scale, zero) == (1.0, 0.0):
            return values
        if letter == "K" and (scale, zero) == (1.0, 2.0**63):
            return values.view(np.uint64) ^ np.uint64(1 << 63)  # unsigned 64-bit integers: 2**63 is beyond int64
        if letter in "BIJ" and max(abs(scale), abs(zero)) <= 2.0**31 and scale.is_integer() and zero.is_integer():
            return values.astype(np.int64) * int(scale) + int(zero)
        with np.errstate(invalid="ignore", over="ignore"):
            return values.astype(np.float64) * scale + zero


@dataclass(frozen=True)
class FitsImage:
    """One array of pixels: its header, and where its bytes lie."""

    header: Header
    start: int
    shape: tuple[int, ...]
    """In NumPy's order: the last axis is NAXIS1."""
    source: Source

    @property
    def name(self) -> str:
        """EXTNAME."""
        return self.header.text("EXTNAME")

    def pixels(self) -> NDArray[Any]:
        """The array in native byte order; BSCALE and BZERO are applied, and BLANK becomes NaN."""
        bits = self.header.integer("BITPIX")
        if bits not in _PIXEL:
            raise ReadError(
                f"an image says BITPIX = {bits}", "the file is damaged: download it again", self.source.name
            )
        dtype = np.dtype(_PIXEL[bits])
        end, data = self.start + math.prod(self.shape) * dtype.itemsize, self.source.data
        if end > len(data):
            raise ReadError(
                f"the file is cut short: an image of {' x '.join(map(str, self.shape))} pixels needs {end:,} bytes, "
                f"the file has {len(data):,}",
                "download it again",
                self.source.name,
            )
        raw: NDArray[Any] = np.ndarray(self.shape, dtype, buffer=data, offset=self.start)
        scale, zero = self.header.number("BSCALE", 1.0), self.header.number("BZERO", 0.0)
        blank = self.header.get("BLANK") if bits > 0 else None
        if (scale, zero) == (1.0, 0.0) and blank is None:
            return raw.astype(dtype.newbyteorder("="))
        with np.errstate(invalid="ignore", over="ignore"):
            scaled = raw.astype(np.float64) * scale + zero
        if blank is not None:
            scaled[raw == blank] = np.nan
        return scaled


class FitsFile:
    """Headers of a FITS file.

    ``primary`` is the first header; ``tables`` are the binary tables and ``arrays`` the images, in order; ``images``
    counts all that is no binary table. Only headers are parsed; a column or an image is read when asked for.
    """

    def __init__(self, source: Source) -> None:
        self.source = source
        data = source.data
        self.primary, end = self._header(data, 0)
        self.tables: list[FitsTable] = []
        self.arrays: list[FitsImage] = []
        self.images = int(self.primary.integer("NAXIS") > 0)
        self._image(self.primary, end)
        self._broken = False
        position = end + _data_bytes(self.primary)
        while position + BLOCK <= len(data) and len(self.tables) < 100:
            if not data.startswith(b"XTENSION", position):
                break  # padding or rubbish after the last extension
            try:
                position = self._extension(data, position)
            except ReadError:
                if not self.tables:
                    raise
                self._broken = True  # the tables before it are whole, and all that a light curve needs
                break
        self._needed = position
        if not self.tables and (position > len(data) or not self.images):
            raise ReadError(
                f"the file is cut short: its headers promise {position:,} bytes or more, the file has {len(data):,}"
                if position > len(data)
                else f"there is only a header in this FITS file of {len(data):,} bytes: it is cut short",
                "download it again",
                source.name,
            )

    @property
    def damaged(self) -> bool:
        """Whether the file ends before what its headers promise, or an extension behind the tables is broken."""
        return self._broken or self._needed > len(self.source.data)

    @property
    def table(self) -> FitsTable:
        """The first binary table."""
        if not self.tables:
            raise ReadError(
                "there is no binary table in this FITS file" + (", only images" if self.images else ""),
                "is it a light curve? If so, download it again: it may be cut short",
                self.source.name,
            )
        return self.tables[0]

    def _extension(self, data: bytes, position: int) -> int:
        """Take up the extension that begins at `position`; return where the next one would."""
        header, start = self._header(data, position)
        if header.text("XTENSION") == "BINTABLE":
            self.tables.append(self._table(header, start))
        else:
            self.images += 1
            if header.text("XTENSION") == "IMAGE":
                self._image(header, start)
        return start + _data_bytes(header)

    def _image(self, header: Header, start: int) -> None:
        axes = header.integer("NAXIS")
        if 0 < axes <= 999:
            shape = tuple(max(header.integer(f"NAXIS{k}"), 0) for k in range(axes, 0, -1))
            self.arrays.append(FitsImage(header, start, shape, self.source))

    def _header(self, data: bytes, start: int) -> tuple[Header, int]:
        position = start
        for _ in range(_MAX_HEADER_BLOCKS):
            block = data[position : position + BLOCK]
            if len(block) < BLOCK:
                raise ReadError(
                    f"the file is cut short inside a FITS header, after {len(data):,} bytes",
                    "download it again",
                    self.source.name,
                )
            position += BLOCK
            # END stands alone on a card; looking only at card starts keeps a comment from ending the header.
            if b"END     " in block and any(block[i : i + 8] == b"END     " for i in range(0, BLOCK, _CARD)):
                return Header(data[start:position]), position
        raise ReadError("a FITS header has no END", "the file is damaged: download it again", self.source.name)

    def _table(self, header: Header, start: int) -> FitsTable:
        columns: dict[str, tuple[int, str, int, int]] = {}
        offset = 0
        fields = header.integer("TFIELDS")
        if not 0 < fields <= 999:
            raise ReadError(
                f"the table claims {fields} columns", "the file is damaged: download it again", self.source.name
            )
        for k in range(1, fields + 1):
            match = _TFORM.match(header.text(f"TFORM{k}"))
            if not match:
                raise ReadError(
                    f"column {k} has no readable TFORM ({header.text(f'TFORM{k}')!r})",
                    "the file is damaged: download it again",
                    self.source.name,
                )
            repeat, letter = int(match[1] or 1), match[2]
            size = {"X": -(-repeat // 8), "C": 8 * repeat, "M": 16 * repeat, "P": 8 * repeat, "Q": 16 * repeat}.get(
                letter
            )
            if letter in _NUMPY:
                size = repeat if letter in "AL" else repeat * int(_NUMPY[letter][-1])
            columns.setdefault(header.text(f"TTYPE{k}", f"COL{k}").upper(), (offset, letter, repeat, k))
            offset += size or 0
        row_bytes, n_rows = header.integer("NAXIS1", -1), header.integer("NAXIS2", -1)
        if row_bytes != offset or n_rows < 0:
            raise ReadError(
                f"the table says {row_bytes} bytes a row in {n_rows} rows, its columns need {offset}",
                "the file is damaged: download it again",
                self.source.name,
            )
        return FitsTable(header, start, n_rows, row_bytes, columns, self.source)


def _data_bytes(header: Header) -> int:
    """Bytes of the data behind a header, padded to blocks."""
    axes = header.integer("NAXIS")
    if not 0 < axes <= 999:
        return 0
    size = abs(header.integer("BITPIX", 8)) // 8 * max(header.integer("GCOUNT", 1), 1)
    count = 1
    for k in range(1, axes + 1):
        count *= max(header.integer(f"NAXIS{k}"), 0)
    size *= count + max(header.integer("PCOUNT"), 0)
    return -(-size // BLOCK) * BLOCK
