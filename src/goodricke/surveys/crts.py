"""Catalina surveys (CRTS; Drake et al. 2009): unfiltered magnitudes on a V scale, MJD in UTC at the observer.

Forms of Catalina Data Release 2 and of its papers:

* csv of the web service, short (MasterID, Mag, Magerr, RA, Dec, MJD, Blend) or long (with SExtractor's columns), also
  from the many-object search (InputID, ID, ...): one file may hold many stars;
* rows without a header that begin with the 13 digits of a star: id, MJD, mag, error;
* three columns without a header, MJD, mag, error: recognised by their values, named by their file.

Flags are those of SExtractor (manual of version 2.13, section 9) where the file has them, and 256 for a blend, which is
kept unless asked for: in Catalina's 2.5 arcsec pixels it says little.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from goodricke.lightcurves import Measurements
from goodricke.lightcurves.measurements import codes_of
from goodricke.surveys.containers.text import TextTable
from goodricke.surveys.options import Quality, ReadOptions
from goodricke.surveys.source import Source
from goodricke.timeframes import TimeFrame

__all__ = ["QUALITY", "STITCH", "read", "recognises"]

_FLAGS = {
    "neighbours": 1, "deblended": 2, "saturated": 4, "truncated": 8, "aperture_incomplete": 16,
    "isophotal_incomplete": 32, "deblending_overflow": 64, "extraction_overflow": 128, "blend": 256,
}  # fmt: skip
_DEFAULT = 4 | 8 | 16 | 32 | 64 | 128
QUALITY = Quality(_FLAGS, default=_DEFAULT, hard=_DEFAULT | 2 | 256, hardest=511)
STITCH = False
FRAME = TimeFrame("utc", "observer", 2400000.5)

_STAR = re.compile(r"[123][01]\d{11}$")
_FIRST, _LAST = 52600.0, 57500.0  # MJD: Data Release 2 and the catalogues cover 2003 to 2015 at most
_BRIGHT, _FAINT = 8.0, 24.0
_LEAST_ERROR = 0.02  # the calibration of the unfiltered images leaves no smaller ones


def recognises(source: Source) -> bool:
    """The header of the web service, or rows with Catalina's numbers."""
    table = source.table
    if table.named:
        return table.has("Mag", "Magerr", "MJD") and ("Blend" in table or "MasterID" in table)
    rows = table.sample
    return _numbered(rows) or (_plausible(rows, 0) and "OGLE" not in source.name.upper())


def read(source: Source, options: ReadOptions) -> Iterator[Measurements]:
    """Yield the stars of the file."""
    table = source.table
    if table.named:
        yield _from_service(table, source)
    elif _numbered(table.sample):
        yield _measurements(table, source, ("col2", "col3", "col4"), "col1")
    else:
        yield _measurements(table, source, ("col1", "col2", "col3"), "")


def _numbered(rows: Sequence[list[str]]) -> bool:
    """Rows of id, MJD, mag, error."""
    return len(rows[0]) >= 4 and all(_STAR.match(row[0]) for row in rows) and _within(rows, 1)


def _plausible(rows: Sequence[list[str]], first: int) -> bool:
    """Rows of just MJD, mag, error, with the errors of Catalina and times to better than a second."""
    return len(rows[0]) == 3 and all(len(row[first].partition(".")[2]) >= 5 for row in rows) and _within(rows, first)


def _within(rows: Sequence[list[str]], first: int) -> bool:
    try:
        numbers = np.array([[float(word) for word in row[first : first + 3]] for row in rows])
    except ValueError:
        return False
    if numbers.ndim != 2 or numbers.shape[1] != 3:
        return False
    time, mag, error = numbers.T
    return bool(
        ((time > _FIRST) & (time < _LAST)).all()
        and ((mag > _BRIGHT) & (mag < _FAINT)).all()
        and _LEAST_ERROR <= np.median(error) < 1.0
    )


def _from_service(table: TextTable, source: Source) -> Measurements:
    # In the many-object form ID is the star; in the long form it is the detection and MasterID the star.
    star = next((name for name in ("MasterID", "ID", "InputID") if name in table), "")
    quality = np.zeros(table.n_rows, dtype=np.int64)
    if "Flags" in table:
        quality |= _integers(table, "Flags") & 255
    if "Blend" in table:
        quality |= np.where(_integers(table, "Blend") > 0, _FLAGS["blend"], 0)
    dec = "Dec" if "Dec" in table else "Decl"
    return _measurements(table, source, ("MJD", "Mag", "Magerr"), star, quality, ("RA", dec))


def _integers(table: TextTable, name: str) -> NDArray[np.int64]:
    return np.clip(np.nan_to_num(table.numbers(name), nan=0.0), 0.0, 65535.0).astype(np.int64)


def _measurements(
    table: TextTable,
    source: Source,
    columns: tuple[str, str, str],
    star: str,
    quality: NDArray[np.int64] | None = None,
    position: tuple[str, str] = ("", ""),
) -> Measurements:
    time, mag, error = (table.numbers(name) for name in columns)
    codes, ids = codes_of(table.strings(star) if star else source.stem, table.n_rows)
    ra, dec = (_per_star(table, name, codes, len(ids)) for name in position)
    return Measurements(
        object_id=np.array([name or source.stem for name in ids]),
        time=time,
        value=mag,
        error=error,
        kind="mag",
        frame=FRAME,
        star=codes,
        bands=("V_CSS",),
        quality=quality,
        ra=ra,
        dec=dec,
        notes=table.notes,
    )


def _per_star(table: TextTable, name: str, star: NDArray[np.int64], n: int) -> NDArray[np.float64]:
    """The first finite coordinate of every star (n,)."""
    result = np.full(n, np.nan)
    if name in table:
        values = table.numbers(name)
        good = np.flatnonzero(np.isfinite(values))[::-1]
        result[star[good]] = values[good]
    return result
