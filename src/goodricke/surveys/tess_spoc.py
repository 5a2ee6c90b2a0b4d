"""TESS SPOC light curves, 2-min and 20-s, as served by MAST (``tess*_lc.fits``, ``tess*_fast-lc.fits``).

Reference: TESS Science Data Products Description Document, EXP-TESS-ARC-ICD-TM-0014. Flux is PDCSAP_FLUX in e-/s,
time is BTJD. The two cadences of a star are kept apart: they are the same photons.
"""

from __future__ import annotations

from collections.abc import Iterator

from goodricke.lightcurves import Measurements
from goodricke.surveys.options import ReadOptions
from goodricke.surveys.source import Source
from goodricke.surveys.spacecraft import (
    BTJD,
    SPACE_COLUMNS,
    TESS_QUALITY,
    TESS_ZERO_POINT,
    frame_of,
    name_of,
    photometry,
)

__all__ = ["COLUMNS", "LONGEST", "QUALITY", "STITCH", "cadence", "is_spoc", "read", "recognises", "spoc_star"]

QUALITY = TESS_QUALITY
STITCH = True
COLUMNS = SPACE_COLUMNS

LONGEST = 150.0  # seconds: 20 s and 120 s are target cadences, 200 s and more are full-frame images


def is_spoc(source: Source) -> bool:
    """Whether the SPOC pipeline wrote this light curve, at whatever cadence."""
    fits = source.fits
    return (
        fits.primary.text("TELESCOP") == "TESS"
        and bool(fits.tables)
        and fits.tables[0].name == "LIGHTCURVE"
        and "PDCSAP_FLUX" in fits.tables[0]
    )


def cadence(source: Source) -> float:
    """Seconds from one point to the next, as the header says (TIMEDEL); 120 when it does not."""
    days = source.fits.table.header.number("TIMEDEL", source.fits.primary.number("TIMEDEL", 120.0 / 86400.0))
    return round(days * 86400.0, 1)


def recognises(source: Source) -> bool:
    """SPOC light curves with target cadence."""
    return is_spoc(source) and cadence(source) <= LONGEST


def read(source: Source, options: ReadOptions) -> Iterator[Measurements]:
    """Yield the one star of the file."""
    yield spoc_star(source, options, variant="20s" if cadence(source) < 60.0 else "")


def spoc_star(source: Source, options: ReadOptions, variant: str = "") -> Measurements:
    """The star of a SPOC file; shared with the full-frame-image product, which has the same columns."""
    primary, table = source.fits.primary, source.fits.table
    return photometry(
        table,
        options,
        object_id=name_of(primary, "TIC", "TICID", source.stem),
        frame=frame_of(table.header, BTJD),
        band="TESS",
        ra=primary.number("RA_OBJ"),
        dec=primary.number("DEC_OBJ"),
        flux="PDCSAP_FLUX",
        err="PDCSAP_FLUX_ERR",
        zero_point=TESS_ZERO_POINT,
        variant=variant,
        meta={"exposure_s": cadence(source), "tess_mag": primary.number("TESSMAG")},
    )
