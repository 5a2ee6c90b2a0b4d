"""ASAS-SN Sky Patrol v1 csv (Kochanek et al. 2017): aperture photometry, V and g, HJD in UTC.

Upper limits are written ``>17.9`` or 99.990. Files from before the g band have no Filter column: they are V. The file
does not name the star, so the file's name does.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from goodricke.lightcurves import Measurements
from goodricke.lightcurves.measurements import codes_of
from goodricke.surveys.options import NO_FLAGS, ReadOptions
from goodricke.surveys.source import Source
from goodricke.timeframes import TimeFrame

__all__ = ["QUALITY", "STITCH", "read", "recognises"]

QUALITY = NO_FLAGS
STITCH = False


def recognises(source: Source) -> bool:
    """The header of Sky Patrol v1."""
    return source.table.has("HJD", "UT Date", "Camera", "mag", "mag_err")


def read(source: Source, options: ReadOptions) -> Iterator[Measurements]:
    """Yield the one star of the file."""
    table = source.table
    band, bands = codes_of(table.strings("Filter") if "Filter" in table else "V", table.n_rows)
    yield Measurements(
        object_id=np.array([source.stem]),
        time=table.numbers("HJD"),
        value=table.numbers("mag"),
        error=table.numbers("mag_err"),
        kind="mag",
        frame=TimeFrame("utc", "heliocentre", 0.0),
        band=band.astype(np.int8),
        bands=tuple(bands),
        limit=table.limits("mag"),
    )
