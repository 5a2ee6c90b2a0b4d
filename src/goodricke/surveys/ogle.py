"""OGLE light curves (Udalski et al. 2015; OGLE Collection of Variable Stars): HJD, mag, error and no header.

Times are HJD - 2450000, or full HJD as the Early Warning System writes them (with two more columns, seeing and sky).
The file tells neither star nor band: both are in its name or folder (``phot/I/OGLE-LMC-CEP-0002.dat``), so that the I
and the V file of a star become one light curve. A file with another name is recognised by OGLE's way of writing:
five decimals of a day, three of a magnitude.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np

from goodricke.lightcurves import Measurements
from goodricke.surveys.options import NO_FLAGS, ReadOptions
from goodricke.surveys.source import Source
from goodricke.timeframes import TimeFrame

__all__ = ["QUALITY", "STITCH", "band_of", "read", "recognises", "star_of"]

QUALITY = NO_FLAGS
STITCH = False
SHORT = TimeFrame("utc", "heliocentre", 2450000.0)
FULL = TimeFrame("utc", "heliocentre", 0.0)

_STAR = re.compile(
    r"OGLE[-_](?:\d{4}[-_])?(?:LMC|SMC|BLG|GD|GAL|DISK|MBR|CAR|CEN|MUS)[-_](?:[A-Z0-9]+[-_])?\d+(?![A-Z0-9])",
    re.IGNORECASE,
)
_BANDS = ("I", "V", "B")
_LAST_SHORT = 15000.0  # HJD - 2450000 in the year 2036
_FULL = (2440000.0, 2470000.0)
_MOST_COLUMNS = 12
_WRITTEN = [re.compile(text) for text in (r"\d{3,5}\.\d{5}", r"\d{1,2}\.\d{3}", r"\d\.\d{3}")]
_WRITTEN_EWS = [
    re.compile(text) for text in (r"24\d{5}\.\d{5}", r"\d{1,2}\.\d{3}", r"\d\.\d{3}", r"\d+\.\d{2}", r"\d+\.\d")
]


def recognises(source: Source) -> bool:
    """Three or more columns of numbers: an OGLE name and fitting values, or OGLE's decimals."""
    table = source.table
    rows = table.sample
    if table.named or table.delimiter == "," or not all(3 <= len(row) <= _MOST_COLUMNS for row in rows):
        return False
    if "OGLE" in source.name.upper():
        return _fits(rows, 0.0)
    return (_is_written(rows, _WRITTEN) and _fits(rows, 400.0)) or _is_written(rows, _WRITTEN_EWS)


def read(source: Source, options: ReadOptions) -> Iterator[Measurements]:
    """Yield the one star of the file."""
    table = source.table
    time, mag, error = (table.numbers(table.names[k]) for k in range(3))
    band = band_of(source.name)
    notes = list(table.notes)
    if not band:
        notes.append("the name of the file tells no band: I is taken, OGLE's main one")
    yield Measurements(
        object_id=np.array([star_of(source.name) or source.stem]),
        time=time,
        value=mag,
        error=error,
        kind="mag",
        frame=FULL if np.count_nonzero(time > _FULL[0]) > len(time) / 2 else SHORT,
        bands=(band or "I",),
        notes=tuple(notes),
    )


def star_of(name: str) -> str:
    """OGLE's name of a star in a path, the last one there is; empty when there is none.

    >>> star_of("phot/I/OGLE-LMC-CEP-0002.dat"), star_of("OGLE4_V_OGLE-GD-ECL-00031.dat"), star_of("star.dat")
    ('OGLE-LMC-CEP-0002', 'OGLE-GD-ECL-00031', '')
    """
    found = _STAR.findall(name)
    return found[-1].upper().replace("_", "-") if found else ""


def band_of(name: str) -> str:
    """The band in a file's name, or in one of the three folders above it; empty when there is none.

    >>> band_of("phot/I/OGLE-LMC-CEP-0002.dat"), band_of("OGLE-LMC-CEP-0002_V.dat"), band_of("star.dat")
    ('I', 'V', '')
    """
    parts = name.replace("::", "/").replace("\\", "/").split("/")
    file = re.split(r"[_.\- ]", _STAR.sub("*", parts[-1]).upper())
    for words in (file, *([part.upper()] for part in parts[-2:-5:-1])):
        for word in words:
            if word in _BANDS:
                return word
    return ""


def _fits(rows: Sequence[list[str]], first: float) -> bool:
    """Whether times, magnitudes and errors could be OGLE's."""
    try:
        time, mag, error = np.array([[float(word) for word in row[:3]] for row in rows]).T
    except ValueError:
        return False
    short = ((time >= first) & (time < _LAST_SHORT)).all()
    full = ((time > _FULL[0]) & (time < _FULL[1])).all()
    return bool(
        (short or full)
        and (((mag > 5.0) & (mag < 25.0)) | (mag > 90.0)).all()
        and ((error >= 0) & (error < 10.0)).all()
    )


def _is_written(rows: Sequence[list[str]], how: list[re.Pattern[str]]) -> bool:
    return all(
        len(row) == len(how) and all(one.fullmatch(word) for one, word in zip(how, row, strict=True)) for row in rows
    )
