"""ZTF light curves from the ANTARES broker (Matheson et al. 2021), as csv.

Two forms: the four columns ``time, mag, magerr, band`` of exported loci, and the full ``ant_*`` table of the client.
ANTARES calls the r band R. In the full table ``ant_mag_corrected`` holds the magnitude of the star, where the
reference image has it; ``ant_mag`` that of the difference. Rows with only ``ant_maglim`` are upper limits. The star is
named by its file.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from goodricke.lightcurves import Measurements
from goodricke.lightcurves.measurements import codes_of
from goodricke.surveys.containers.text import TextTable
from goodricke.surveys.options import NO_FLAGS, ReadOptions
from goodricke.surveys.positions import middle
from goodricke.surveys.source import Source
from goodricke.timeframes import TimeFrame

__all__ = ["QUALITY", "STITCH", "read", "recognises"]

QUALITY = NO_FLAGS
STITCH = False

_FRAME = TimeFrame("utc", "observer", 2400000.5)
_SHORT = ["time", "mag", "magerr", "band"]
_BANDS = {"g", "r", "R", "i"}
_FIRST_LIGHT = 58000  # MJD: October 2017
_SAMPLE = 20


def recognises(source: Source) -> bool:
    """The full table by its names; the short one by names, ZTF's bands, and times in ZTF's life."""
    table = source.table
    if table.has("ant_mjd", "ant_mag", "ant_passband"):
        return True
    if table.names != _SHORT or table.delimiter != ",":
        return False
    rows = [line.strip().split(",") for line in source.lines if line.strip() and not line.startswith("#")][
        1 : _SAMPLE + 1
    ]
    return bool(rows) and all(_is_ztf(row) for row in rows)


def _is_ztf(row: list[str]) -> bool:
    try:
        return len(row) == 4 and row[3].strip() in _BANDS and _FIRST_LIGHT < float(row[0]) < 75000
    except ValueError:
        return False


def read(source: Source, options: ReadOptions) -> Iterator[Measurements]:
    """Yield the one star of the file."""
    table = source.table
    if "ant_mjd" in table:
        yield _full(source, table)
        return
    band, names = codes_of(table.strings("band"), table.n_rows)
    yield _star(source, table.numbers("time"), table.numbers("mag"), table.numbers("magerr"), band, names)


def _full(source: Source, table: TextTable) -> Measurements:
    mag, err = "ant_mag", "ant_magerr"
    notes: tuple[str, ...] = ("magnitudes are those of the difference image (ant_mag), without the star itself",)
    if table.has("ant_mag_corrected", "ant_magerr_corrected") and np.isfinite(table.numbers("ant_mag_corrected")).any():
        mag, err, notes = "ant_mag_corrected", "ant_magerr_corrected", ()
    value = table.numbers(mag)
    limit = np.isnan(value)
    if "ant_survey" in table:
        limit = table.numbers("ant_survey") == 2  # 1 is a ZTF detection, 2 a ZTF upper limit, 4 an LSST detection
    elif "ant_maglim" in table:
        limit &= np.isfinite(table.numbers("ant_maglim"))
    band, names = codes_of(table.strings("ant_passband"), table.n_rows)
    ra, dec = (middle(table.numbers(name)) if name in table else np.nan for name in ("ant_ra", "ant_dec"))
    return _star(source, table.numbers("ant_mjd"), value, table.numbers(err), band, names, limit, ra, dec, notes)


def _star(
    source: Source,
    time: NDArray[np.float64],
    value: NDArray[np.float64],
    error: NDArray[np.float64],
    band: NDArray[np.int64],
    names: list[str],
    limit: NDArray[np.bool_] | None = None,
    ra: float = np.nan,
    dec: float = np.nan,
    notes: tuple[str, ...] = (),
) -> Measurements:
    tidy = ["r" if name == "R" else name for name in names]
    bands = tuple(dict.fromkeys(tidy))
    translate = np.array([bands.index(name) for name in tidy], dtype=np.int8)
    return Measurements(
        object_id=np.array([source.stem]),
        time=time,
        value=value,
        error=error,
        kind="mag",
        frame=_FRAME,
        band=translate[band],
        bands=bands,
        limit=limit,
        ra=np.array([ra]),
        dec=np.array([dec]),
        notes=notes,
    )
