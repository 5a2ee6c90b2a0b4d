"""TESS CDIPS light curves of cluster and young stars (Bouma et al. 2019, ApJS 245, 13): magnitudes, BJD in TDB.

The magnitude read is IRM1, as measured in the smallest aperture (1 pixel, the least blended), with error IRE1 and
quality letter IRQ1. The detrended ones (TFA1, PCA1) fit each star with the light curves of others and may flatten or
distort an eclipse; ``--columns mag=PCA1`` asks for them. The number at the end of a name is the aperture, and error
and letter follow it.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from goodricke.errors import ReadError
from goodricke.lightcurves import Measurements
from goodricke.surveys.containers.fits import FitsTable, Header
from goodricke.surveys.options import Quality, ReadOptions
from goodricke.surveys.source import Source
from goodricke.surveys.spacecraft import dates
from goodricke.timeframes import TimeFrame

__all__ = ["COLUMNS", "QUALITY", "STITCH", "read", "recognises"]

# "Instrumental quality flag, 0/G OK, X bad", say the headers.
QUALITY = Quality({"bad": 1, "doubtful": 2}, default=3, hard=3, hardest=3)
STITCH = True
COLUMNS = ("time", "mag", "flux", "err", "quality")

_BJD = TimeFrame("tdb", "barycentre", 0.0)


def recognises(source: Source) -> bool:
    """A TESS table with CDIPS's times, magnitudes and letters."""
    fits = source.fits
    return (
        fits.primary.text("TELESCOP") == "TESS"
        and bool(fits.tables)
        and all(name in fits.table for name in ("TMID_BJD", "IRM1", "IRE1", "IRQ1"))
    )


def read(source: Source, options: ReadOptions) -> Iterator[Measurements]:
    """Yield the one star of the file."""
    primary, table = source.fits.primary, source.fits.table
    flux = options.columns.get("flux")
    value = flux or options.columns.get("mag", "IRM1")
    aperture = value[-1] if value[-1:].isdecimal() else "1"
    error = options.columns.get("err", f"IFE{aperture}" if flux else f"IRE{aperture}")
    overruled = options.time_frame is not None or "time" in options.columns
    name = options.columns.get("time", "TMID_BJD")
    time, notes = (table.column(name), ()) if overruled else dates(table, name, _BJD, "TESS")
    days = primary.number("TIMEDEL")
    yield Measurements(
        object_id=np.array([_name(primary, source.stem)]),
        time=time,
        value=table.column(value),
        error=table.column(error) if error in table else None,
        kind="flux" if flux else "mag",
        frame=_BJD,
        bands=("TESS",),
        quality=_bits(table, options.columns.get("quality", f"IRQ{aperture}")),
        ra=np.array([primary.number("RA_OBJ")]),
        dec=np.array([primary.number("DEC_OBJ")]),
        meta={
            "exposure_s": np.array([round(days * 86400.0, 1)]),
            "tess_mag": np.array([primary.number("TESSMAG")]),
        },
        notes=notes,
    )


def _name(primary: Header, otherwise: str) -> str:
    number = primary.integer("TICID")
    if number > 0:
        return f"TIC {number}"
    gaia = primary.text("OBJECT")
    return f"Gaia DR2 {gaia}" if gaia.isdecimal() else gaia or otherwise


def _bits(table: FitsTable, name: str) -> NDArray[np.int64] | None:
    """Letters as bits (n,): G and 0 are good, X is bad, whatever else is doubtful."""
    if name not in table:
        return None
    letter = table.column(name)
    if letter.dtype.kind != "S":
        raise ReadError(f"the quality column {name} holds no letters", "choose another: --columns quality=IRQ1")
    good = (letter == b"G") | (letter == b"0")
    return np.where(good, 0, np.where(letter == b"X", 1, 2)).astype(np.int64)
