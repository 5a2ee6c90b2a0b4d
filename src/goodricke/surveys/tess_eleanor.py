"""TESS eleanor light curves (Feinstein et al. 2019, PASP 131, 094502), full or lite, and GSFC-ELEANOR-LITE.

Flux is CORR_FLUX in e-/s, time is BTJD. FLUX_ERR is the error of RAW_FLUX, whose level is close to that of CORR_FLUX.
``--columns flux=RAW_FLUX``, ``PCA_FLUX`` or ``PSF_FLUX`` ask for the others.
"""

from __future__ import annotations

from collections.abc import Iterator

from goodricke.lightcurves import Measurements
from goodricke.surveys.containers.fits import FitsTable
from goodricke.surveys.options import Quality, ReadOptions
from goodricke.surveys.source import Source
from goodricke.surveys.spacecraft import (
    BTJD,
    SPACE_COLUMNS,
    TESS_BITS,
    TESS_DEFAULT,
    TESS_HARD,
    TESS_ZERO_POINT,
    frame_of,
    name_of,
    photometry,
)

__all__ = ["COLUMNS", "QUALITY", "STITCH", "read", "recognises"]

# The bits of SPOC, 4096 as eleanor's own sign of bad pointing or background (Feinstein et al. 2019), and bits 17 and
# 18, counted from 0, that version 2 added. The authors use points without any flag, so their own bits drop by default.
_OWN = {"eleanor_low_quality": 1 << 12, "eleanor_bit_17": 1 << 17, "eleanor_bit_18": 1 << 18}
QUALITY = Quality(
    {name: bit for name, bit in TESS_BITS.items() if bit not in _OWN.values()} | _OWN,
    default=TESS_DEFAULT | sum(_OWN.values()),
    hard=TESS_HARD | sum(_OWN.values()),
    hardest=0x7FFFFFFF,
)
STITCH = True
COLUMNS = SPACE_COLUMNS

_NAMES = ("TIME", "RAW_FLUX", "CORR_FLUX", "FLUX_ERR", "QUALITY")


def recognises(source: Source) -> bool:
    """A table with eleanor's raw and corrected fluxes."""
    return _table(source) is not None


def read(source: Source, options: ReadOptions) -> Iterator[Measurements]:
    """Yield the one star of the file."""
    primary, table = source.fits.primary, _table(source) or source.fits.table
    days = primary.number("TIMEDEL")
    yield photometry(
        table,
        options,
        # OBJECT and TESSMAG are leftovers of the cut-out image: eleanor writes TIC_ID and TMAG.
        object_id=name_of(primary, "TIC", "TIC_ID", source.stem),
        frame=frame_of(primary, BTJD),
        band="TESS",
        ra=primary.number("CEN_RA", primary.number("RA_OBJ")),
        dec=primary.number("CEN_DEC", primary.number("DEC_OBJ")),
        flux="CORR_FLUX",
        err="FLUX_ERR",
        zero_point=TESS_ZERO_POINT,
        meta={"exposure_s": round(days * 86400.0, 1), "tess_mag": primary.number("TMAG")},
    )


def _table(source: Source) -> FitsTable | None:
    return next((table for table in source.fits.tables if all(name in table for name in _NAMES)), None)
