"""EROS-2 light curves (``.time``; Tisserand et al. 2007): two bands side by side, R_E and B_E.

Times are days since 1 January 1990, HJD - 2447892.5. The name of the star (``lm0010k3978``) and the columns are in the
comments above the rows. 99.999 means that the star was not measured in that band.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from goodricke.errors import ReadError
from goodricke.lightcurves import Measurements
from goodricke.surveys.containers.text import TextTable
from goodricke.surveys.options import NO_FLAGS, ReadOptions
from goodricke.surveys.source import Source
from goodricke.timeframes import TimeFrame

__all__ = ["QUALITY", "STITCH", "read", "recognises"]

QUALITY = NO_FLAGS
STITCH = False
FRAME = TimeFrame("utc", "heliocentre", 2447892.5)

_STAR = re.compile(r"\b[a-z]{2}\d{3,4}[klmn]\d+\b")
_MAG = re.compile(r"mag([a-z])$", re.IGNORECASE)


def recognises(source: Source) -> bool:
    """The comment that names the star, or the columns date, MagR, ErMagR."""
    table = source.table
    return any("erosid" in line.lower() for line in table.comments) or (
        "date" in table and bool(_bands(table)) and any(name.lower().startswith("ermag") for name in table.names)
    )


def read(source: Source, options: ReadOptions) -> Iterator[Measurements]:
    """Yield the one star of the file, its bands one behind the other."""
    table = source.table
    bands = _bands(table)
    if not bands:
        raise ReadError(
            f"no column is called MagR or MagB, there is {', '.join(table.names[:8])}",
            "has the header been changed?",
            source.name,
        )
    time = table.numbers(table.names[0])
    yield Measurements(
        object_id=np.array([_star(table) or source.stem]),
        time=np.tile(time, len(bands)),
        value=np.concatenate([table.numbers(mag) for mag, _ in bands.values()]),
        error=np.concatenate([table.numbers(error) for _, error in bands.values()]),
        kind="mag",
        frame=FRAME,
        band=np.repeat(np.arange(len(bands), dtype=np.int8), len(time)),
        bands=tuple(bands),
        notes=table.notes,
    )


def _bands(table: TextTable) -> dict[str, tuple[str, str]]:
    """Band -> its columns of magnitude and error; in the usual order when the comments do not name the columns."""
    if not table.named and len(table.names) == 5:
        return {"R_E": ("col2", "col3"), "B_E": ("col4", "col5")}
    found = {}
    for name in table.names:
        match = _MAG.fullmatch(name)
        error = next((prefix + name for prefix in ("Er", "Err") if prefix + name in table), "")
        if match and error:
            found[f"{match[1].upper()}_E"] = (name, error)
    return found


def _star(table: TextTable) -> str:
    for line in table.comments:
        if found := _STAR.search(line):
            return found[0]
    return ""
