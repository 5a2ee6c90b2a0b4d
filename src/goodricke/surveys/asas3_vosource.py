"""ASAS-3 light curves as VOSource xml, the format of DotAstro (Brewer et al., dotastro.org): V, HJD in UTC.

What the columns are is told by their UCDs (``time.epoch``, ``phot.mag;V``, ``stat.error;phot.mag;V``), what the times
are by TIMESYS. A file may hold the same table twice: the copy is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from xml.parsers import expat

import numpy as np
from numpy.typing import NDArray

from goodricke.errors import ReadError
from goodricke.lightcurves import Measurements
from goodricke.surveys.options import NO_FLAGS, ReadOptions
from goodricke.surveys.source import Source
from goodricke.timeframes import Place, Scale, TimeFrame

__all__ = ["QUALITY", "STITCH", "read", "recognises"]

QUALITY = NO_FLAGS
STITCH = False

_MOST_BYTES = 16 << 20  # a star of ASAS-3 takes some 50 kB
_MOST_DEPTH = 64
_DESIGNATION = re.compile(r"\d{6}[+-]\d{4}(?:\.\d+)?")
_PLACES: dict[str, Place] = {"hjd": "heliocentre", "bjd": "barycentre", "jd": "observer", "mjd": "observer"}
_SCALES: dict[str, Scale] = {"utc": "utc", "tdb": "tdb", "tt": "tt", "tai": "tai"}


@dataclass
class Table:
    """One TABLE: the attributes of its FIELDs, and the words of its rows."""

    fields: list[dict[str, str]] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)


@dataclass
class Document:
    """What a VOSource file says, filled while it is parsed."""

    texts: dict[str, str] = field(default_factory=dict)
    """Text of the first element at a path of two names, such as ``Value2/c1``."""
    tables: list[Table] = field(default_factory=list)
    path: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        self.path.append(name.upper())
        self.words.clear()
        if len(self.path) > _MOST_DEPTH:
            raise ReadError(f"the xml is nested {_MOST_DEPTH} deep", "this is no light curve")
        if self.path[-1] == "TABLE":
            self.tables.append(Table())
        elif self.path[-1] == "FIELD" and self.tables:
            self.tables[-1].fields.append({key.lower(): value for key, value in attributes.items()})
        elif self.path[-1] == "TR" and self.tables:
            self.tables[-1].rows.append([])

    def end(self, name: str) -> None:
        """An element ends."""
        text = "".join(self.words).strip()
        self.words.clear()
        if self.path[-1] == "TD" and self.tables and self.tables[-1].rows:
            self.tables[-1].rows[-1].append(text)
        elif text:
            self.texts.setdefault("/".join(self.path[-2:]), text)
        self.path.pop()


def recognises(source: Source) -> bool:
    """The root element."""
    return b"<vosource" in source.head[:4096].lower()


def read(source: Source, options: ReadOptions) -> Iterator[Measurements]:
    """Yield the one star of the file."""
    document = _parsed(source)
    bands: list[str] = []
    parts: list[NDArray[np.float64]] = []
    notes: tuple[str, ...] = ()
    for table in document.tables:
        band, columns = _columns(table, source)
        if any(name == band and np.array_equal(columns, part, equal_nan=True)
               for name, part in zip(bands, parts, strict=True)):  # fmt: skip
            notes = ("the file holds the same table twice: the copy is left out",)
            continue
        bands.append(band)
        parts.append(columns)
    if not parts or not sum(part.shape[1] for part in parts):
        raise ReadError("the xml holds no table of measurements", "download it again", source.name)
    names = tuple(dict.fromkeys(bands))
    time, value, error = np.concatenate(parts, axis=1)
    yield Measurements(
        object_id=np.array([_designation(document, source)]),
        time=time,
        value=value,
        error=None if np.isnan(error).all() else error,
        kind="mag",
        frame=_frame(document),
        band=np.repeat(np.array([names.index(band) for band in bands], dtype=np.int8), [p.shape[1] for p in parts]),
        bands=names,
        ra=np.array([_number(document.texts.get("VALUE2/C1", ""))]),
        dec=np.array([_number(document.texts.get("VALUE2/C2", ""))]),
        notes=notes,
    )


def _parsed(source: Source) -> Document:
    if len(source.data) > _MOST_BYTES:
        raise ReadError(f"the xml has {len(source.data) >> 20} MB", "a light curve has less than 16 MB", source.name)

    def refuse(*told: object) -> None:
        raise ReadError("the xml declares entities", "they are not expanded, for safety; remove them", source.name)

    document = Document()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = document.start, document.end
    parser.CharacterDataHandler = document.words.append
    parser.EntityDeclHandler = refuse
    try:
        parser.Parse(source.data, True)
    except expat.ExpatError as error:
        rows = sum(len(table.rows) for table in document.tables)
        raise ReadError(
            f"the xml is cut short or damaged ({error}, after {rows:,} rows)", "download it again", source.name
        ) from error
    return document


def _columns(table: Table, source: Source) -> tuple[str, NDArray[np.float64]]:
    """Band, and time, magnitude and error (3, n); errors are NaN where the table has none."""
    ucds = [one.get("ucd", "").lower() for one in table.fields]
    time, mag, error = (
        next((k for k, ucd in enumerate(ucds) if ucd.startswith(start)), None)
        for start in ("time.epoch", "phot.mag", "stat.error;phot.mag")
    )
    if time is None or mag is None:
        raise ReadError(
            "a table has no column with the UCD time.epoch or phot.mag",
            f"its UCDs are {', '.join(ucds[:6]) or 'missing'}",
            source.name,
        )
    columns = np.full((3, len(table.rows)), np.nan)
    for row, words in enumerate(table.rows):
        for k, place in enumerate((time, mag, error)):
            if place is not None and place < len(words):
                columns[k, row] = _number(words[place])
    band = table.fields[mag]["ucd"].split(";")[1:]
    return (band[0].strip() or "unknown") if band else "unknown", columns


def _number(word: str) -> float:
    try:
        return float(word)
    except ValueError:
        return float("nan")


def _frame(document: Document) -> TimeFrame:
    """From TIMESYS: what the times are counted from, in which clock, seen from where."""
    kind = document.texts.get("TIMESYS/TIMETYPE", "").lower()
    zero = _number(document.texts.get("TIMESYS/TIMEZERO", "0"))
    frame = TimeFrame(
        _SCALES.get(document.texts.get("TIMESYS/TIMESYSTEM", "").lower(), "unknown"),
        _PLACES.get(kind, "unknown"),
        zero if kind in _PLACES else float("nan"),
    )
    return replace(frame, zero_jd=zero + 2400000.5) if kind == "mjd" else frame


def _designation(document: Document, source: Source) -> str:
    """ASAS name from the description, else the number in the identifier, else the name of the file."""
    found = _DESIGNATION.search(document.texts.get("WHEREWHEN/DESCRIPTION", ""))
    if found:
        return found[0]
    return document.texts.get("VOSOURCE/ID", "").rpartition("#")[2] or source.stem
