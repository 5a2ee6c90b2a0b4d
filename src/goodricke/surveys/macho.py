"""MACHO light curves (``.mjd``; Alcock et al. 1999), one file a band: instrumental magnitudes, MJD in UTC.

Two comments come first: names such as ``#Field Tile Seq RA(hour) Dec(deg) Filter ...`` and their values. The B and the
R file of a star, usually in one archive, become one light curve.
"""

from __future__ import annotations

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
FRAME = TimeFrame("utc", "observer", 2400000.5)


def recognises(source: Source) -> bool:
    """The comment with field, tile and sequence."""
    return bool(_cards(source.table))


def read(source: Source, options: ReadOptions) -> Iterator[Measurements]:
    """Yield the one star of the file."""
    table = source.table
    cards = _cards(table)
    if "field" not in cards:
        raise ReadError("no comment gives #Field Tile Seq", "has the header been changed?", source.name)
    time, mag, error = ("MJD", "Mag", "Err") if table.named else ("col1", "col2", "col3")
    yield Measurements(
        object_id=np.array([f"MACHO {cards['field']}.{cards['tile']}.{cards['seq']}"]),
        time=table.numbers(time),
        value=table.numbers(mag),
        error=table.numbers(error) if error in table else None,
        kind="mag",
        frame=FRAME,
        bands=(cards.get("filter", "unknown"),),
        ra=np.array([15.0 * _number(cards.get("ra(hour)", ""))]),
        dec=np.array([_number(cards.get("dec(deg)", ""))]),
        notes=table.notes,
    )


def _cards(table: TextTable) -> dict[str, str]:
    """Names of the first comment, in small letters, with the values of the second; empty when it is another format."""
    for names, values in zip(table.comments, table.comments[1:], strict=False):
        if names.lower().startswith("field tile seq"):
            return dict(zip(names.lower().split(), values.split(), strict=False))
    return {}


def _number(word: str) -> float:
    try:
        return float(word)
    except ValueError:
        return float("nan")
