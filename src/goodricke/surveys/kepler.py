"""Kepler light curves, long and short cadence, as served by MAST (``kplr*_llc.fits``, ``kplr*_slc.fits``).

Reference: Kepler Archive Manual, KDMC-10008-006. Flux is PDCSAP_FLUX in e-/s, time is BKJD. Short cadence is kept
apart: it is the same photons. Files written by lightkurve from pixels (columns FLUX, FLUX_ERR) are read too.
"""

from __future__ import annotations

from collections.abc import Iterator

from goodricke.lightcurves import Measurements
from goodricke.surveys.options import ReadOptions
from goodricke.surveys.source import Source
from goodricke.surveys.spacecraft import (
    BKJD,
    KEPLER_QUALITY,
    KEPLER_ZERO_POINT,
    SPACE_COLUMNS,
    frame_of,
    name_of,
    photometry,
)

__all__ = ["COLUMNS", "QUALITY", "STITCH", "is_k2", "is_kepler", "read", "recognises", "spacecraft_star"]

QUALITY = KEPLER_QUALITY
STITCH = True
COLUMNS = SPACE_COLUMNS


def is_kepler(source: Source) -> bool:
    """Whether this is a light curve taken by the Kepler spacecraft in one of the layouts above, in either mission."""
    fits = source.fits
    if fits.primary.text("TELESCOP").upper() != "KEPLER" or not fits.tables or fits.table.name != "LIGHTCURVE":
        return False
    return "TIME" in fits.table and ("PDCSAP_FLUX" in fits.table or "FLUX" in fits.table)


def is_k2(source: Source) -> bool:
    """Whether the header says that the file is from the K2 mission."""
    primary = source.fits.primary
    return primary.text("MISSION").upper() == "K2" or "CAMPAIGN" in primary


def recognises(source: Source) -> bool:
    """Light curves of the first mission."""
    return is_kepler(source) and not is_k2(source)


def read(source: Source, options: ReadOptions) -> Iterator[Measurements]:
    """Yield the one star of the file."""
    yield spacecraft_star(source, options, "KIC")


def spacecraft_star(source: Source, options: ReadOptions, catalogue: str) -> Measurements:
    """The star of a Kepler or K2 file: the two missions share everything but the catalogue of their targets."""
    primary, table = source.fits.primary, source.fits.table
    flux = "PDCSAP_FLUX" if "PDCSAP_FLUX" in table else "FLUX"
    days = table.header.number("TIMEDEL", primary.number("TIMEDEL"))
    if flux == "FLUX":
        variant = "custom"
    else:
        variant = "short" if primary.text("OBSMODE").lower().startswith("short") or days < 0.01 else ""
    return photometry(
        table,
        options,
        object_id=name_of(primary, catalogue, "KEPLERID", source.stem),
        frame=frame_of(table.header, BKJD),
        band="Kepler",
        ra=primary.number("RA_OBJ"),
        dec=primary.number("DEC_OBJ"),
        flux=flux,
        err=f"{flux}_ERR" if f"{flux}_ERR" in table else None,
        quality="SAP_QUALITY" if "SAP_QUALITY" in table else "QUALITY",
        zero_point=KEPLER_ZERO_POINT,
        variant=variant,
        meta={"exposure_s": round(days * 86400.0, 1), "kepler_mag": primary.number("KEPMAG")},
    )
