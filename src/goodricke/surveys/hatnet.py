"""HATNet and HATSouth light curves: ``hatlc.csv`` of the HAT data server, and its successor ``LCC-CSVLC-V1``.

The header names the star, the filters, the apertures and the columns; the rows have no names above them. Magnitudes
come in three kinds (aperture photometry, image subtraction, PSF), each in stages: raw, fitted, EPD (external parameters
decorrelated) and TFA (trend filtered); see Bakos et al. 2004 and Kovacs et al. 2005. The most processed stage is read,
in the aperture that the header calls best, else in the one with the least scatter. ``bjd`` is BJD in TDB: the data
server's page on its format says so (data.hatsurveys.org/docs/csvlc).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
from numpy.typing import NDArray

from goodricke.errors import ReadError
from goodricke.lightcurves import Measurements
from goodricke.lightcurves.measurements import codes_of
from goodricke.surveys.options import Quality, ReadOptions
from goodricke.surveys.source import Source, decode
from goodricke.timeframes import TimeFrame

__all__ = ["COLUMNS", "QUALITY", "STITCH", "read", "recognises"]

QUALITY = Quality({"bad": 1, "doubtful": 2}, default=3, hard=3, hardest=3)
"""Letter X is bad; any letter but G (good) and X is doubtful."""
STITCH = False
COLUMNS = ("time", "mag", "err")

BJD = TimeFrame("tdb", "barycentre", 0.0)
RJD = TimeFrame("utc", "observer", 2400000.0)
_STAGES = (("atf", "itf", "pstf"), ("aep", "iep", "psep"), ("arm", "irm", "psrm"), ("aim", "iim", "psim"))
_OF_KIND = {"a": ("aie", "aiq"), "i": ("ire", "irq"), "p": ("psie", "psiq")}
_ERRORS = tuple(error for error, _ in _OF_KIND.values())
_LETTERS = tuple(letter for _, letter in _OF_KIND.values())
_KINDS = {"a": "ap", "i": "ism", "p": "psf"}
_ENTRY = re.compile(r"(\d+) - (\S+) - ")
_NULLS = ["", "nan", "NaN", "None", "null"]


def recognises(source: Source) -> bool:
    """The header of either format."""
    lines = [line.strip() for line in source.lines[:400]]
    old = "# OBJECT" in lines[:3] and "# COLUMNS" in lines and any("- rjd -" in line for line in lines)
    return old or (bool(lines) and lines[0] == "LCC-CSVLC-V1")


def read(source: Source, options: ReadOptions) -> Iterator[Measurements]:
    """Yield the one star of the file."""
    header = _Header.of(source)
    table = _Table(source, header, tuple(options.columns.values()))
    time = options.columns.get("time", "bjd" if "bjd" in header.columns else "rjd")
    mag = options.columns.get("mag") or _best_column(table, header)
    err = options.columns.get("err") or _companion(mag, 0)
    values = table.numbers(mag)
    flag = _companion(mag, 1)
    filters = table.strings("flt") if "flt" in header.columns else "unknown"
    band, bands = codes_of(filters, len(values))
    tidy = [header.filters.get(name, f"filter {name}" if name.isdigit() else name) for name in bands]
    names = tuple(dict.fromkeys(tidy))
    translate = np.array([names.index(name) for name in tidy], dtype=np.int8)
    yield Measurements(
        object_id=np.array([header.facts.get("objectid") or source.stem]),
        time=table.numbers(time),
        value=values,
        error=table.numbers(err) if err in header.columns else None,
        kind="mag",
        frame=RJD if time == "rjd" else BJD,
        band=translate[band],
        bands=names,
        quality=_letters(table.strings(flag)) if flag in header.columns else None,
        ra=np.array([header.number("ra")]),
        dec=np.array([header.number("decl")]),
        notes=(
            f"magnitudes are {mag}; choose others with --columns mag=...",
            *((f"{table.n_bad_rows:,} rows are incomplete and were skipped",) if table.n_bad_rows else ()),
        ),
    )


@dataclass
class _Header:
    facts: dict[str, str] = field(default_factory=dict)
    filters: dict[str, str] = field(default_factory=dict)
    columns: list[str] = field(default_factory=list)
    start: int = 0
    """Where the rows begin."""
    separator: str = ","

    @classmethod
    def of(cls, source: Source) -> _Header:
        data = source.data
        mark = data.find(b"# LIGHTCURVE")
        end = data.find(b"\n", mark)
        if mark < 0 or end < 0:
            raise ReadError("the header has no LIGHTCURVE mark, so no rows follow", "download it again", source.name)
        lines = [line.strip() for line in decode(data[:mark]).splitlines()]
        header = cls(start=end + 1)
        if lines and lines[0] == "LCC-CSVLC-V1":
            header._read_json(lines)
        else:
            header._read_lines(lines)
        if not header.columns:
            raise ReadError("the header names no columns", "download it again", source.name)
        return header

    def _read_lines(self, lines: list[str]) -> None:
        section = ""
        for line in (line.lstrip("# ") for line in lines):
            if line.isupper() and line.isalpha():
                section = line
            elif section == "CAMFILTERS" and (match := _ENTRY.match(line)):
                self.filters[match[1]] = match[2]
            elif section == "COLUMNS" and (match := _ENTRY.match(line)):
                self.columns.append(match[2])
            else:
                pairs = (part.partition(" = ") for part in line.split("; "))
                self.facts.update({key.strip(): value.strip() for key, equals, value in pairs if equals})

    def _read_json(self, lines: list[str]) -> None:
        mark, self.separator = lines[1], lines[2] or ","
        body = [line.removeprefix(mark).strip() for line in lines[3:]]
        starts = {line: k for k, line in enumerate(body) if line in ("OBJECT METADATA", "COLUMN DEFINITIONS")}
        for title, k in starts.items():
            stop = min((other for other in starts.values() if other > k), default=len(body))
            content = json.loads("\n".join(body[k + 1 : stop]))
            if title == "OBJECT METADATA":
                self.facts.update({key: str(_value(entry)) for key, entry in content.items()})
            else:
                self.columns = sorted(content, key=lambda name: int(content[name]["colnum"]))

    def number(self, name: str) -> float:
        try:
            return float(self.facts.get(name, "nan"))
        except ValueError:
            return float("nan")

    def best_apertures(self, kind: str) -> list[str]:
        """What the header says of the best aperture of a kind of photometry, such as ["002"]."""
        try:
            best = json.loads(self.facts.get("lcbestaperture", "{}").replace("'", '"'))
        except ValueError:
            return []
        chosen = best.get(kind, []) if isinstance(best, Mapping) else []
        return [str(name) for name in (chosen if isinstance(chosen, list) else [chosen])]


def _value(entry: Any) -> Any:
    return entry.get("val") if isinstance(entry, Mapping) else entry


class _Table:
    """The rows: times, filters and everything photometric, parsed in one go."""

    def __init__(self, source: Source, header: _Header, also: tuple[str, ...] = ()) -> None:
        self.source, self.header = source, header
        self.n_bad_rows = 0
        letters = {"flt", *(name for name in header.columns if name.split("_")[0] in _LETTERS)}
        wanted = [name for name in header.columns if name in letters | set(also) or _is_photometry(name)]
        kinds = {name: pa.string() if name in letters else pa.float64() for name in wanted}
        body = pa.BufferReader(pa.py_buffer(source.data).slice(header.start))
        try:
            self._rows = pacsv.read_csv(
                body,
                pacsv.ReadOptions(column_names=header.columns, use_threads=False, encoding="latin1"),
                pacsv.ParseOptions(delimiter=header.separator, invalid_row_handler=self._skip),
                pacsv.ConvertOptions(include_columns=wanted, column_types=kinds, null_values=_NULLS),
            )
        except pa.ArrowInvalid as error:
            raise ReadError(
                f"the rows do not follow the header ({str(error).splitlines()[0][:120]})",
                "download it again",
                source.name,
            ) from error

    def _skip(self, row: Any) -> str:
        self.n_bad_rows += 1
        return "skip"

    def _column(self, name: str) -> pa.Array:
        if name not in self._rows.column_names:
            raise ReadError(
                f"there is no column {name!r}", f"the file has {', '.join(self.header.columns)}", self.source.name
            )
        return self._rows.column(name).combine_chunks()

    def numbers(self, name: str) -> NDArray[np.float64]:
        return np.asarray(self._column(name).to_numpy(zero_copy_only=False), dtype=np.float64)

    def strings(self, name: str) -> pa.Array:
        return pc.utf8_trim_whitespace(self._column(name).fill_null(""))


def _is_photometry(name: str) -> bool:
    stem = name.split("_")[0]
    return name in ("rjd", "bjd") or any(stem in stage for stage in _STAGES) or stem in _ERRORS


def _best_column(table: _Table, header: _Header) -> str:
    """The most processed stage that has values; among its apertures the best."""
    for stem in (stem for stage in _STAGES for stem in stage):
        names = [name for name in header.columns if name.split("_")[0] == stem]
        best = [f"{stem}_{aperture}" for aperture in header.best_apertures(_KINDS[stem[0]])]
        for name in [name for name in best if name in names] or sorted(names, key=lambda name: _noise(table, name)):
            if np.isfinite(table.numbers(name)).any():
                return name
    raise ReadError("no column holds magnitudes", f"choose one with --columns mag=..., of {', '.join(header.columns)}")


def _noise(table: _Table, name: str) -> float:
    """Typical step between neighbours."""
    values = table.numbers(name)
    steps = np.abs(np.diff(values[np.isfinite(values)]))
    return float(np.median(steps)) if len(steps) else np.inf


def _companion(mag: str, which: Literal[0, 1]) -> str:
    """Error (0) or quality (1) column that belongs to a magnitude: same kind, same aperture."""
    stem, _, aperture = mag.partition("_")
    name = _OF_KIND.get(stem[:1], ("", ""))[which]
    return f"{name}_{aperture}" if aperture else name


def _letters(flags: pa.Array) -> NDArray[np.int64]:
    bad = pc.equal(flags, "X")
    other = pc.invert(pc.is_in(flags, pa.array(["X", "G", ""])))
    return np.asarray(bad.to_numpy(zero_copy_only=False) + 2 * other.to_numpy(zero_copy_only=False), dtype=np.int64)
