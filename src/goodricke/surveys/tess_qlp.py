"""TESS Quick-Look Pipeline light curves (Huang et al. 2020, RNAAS 4, 204 and 206; Kunimoto et al. 2021, RNAAS 5, 234).

Time is BTJD; flux is relative already. The flux read is SYS_RM_FLUX (systematics removed; sectors 56 and later) or
SAP_FLUX, and not the detrended KSPSAP_FLUX or DET_FLUX: their splines, with breaks as close as 0.3 d, follow a close
binary and flatten it. ``--columns flux=KSPSAP_FLUX`` asks for them. No error is given for these fluxes; that of the
detrended one, a constant scatter, stands in.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

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
    frame_of,
    name_of,
    photometry,
)

__all__ = ["COLUMNS", "QUALITY", "STITCH", "read", "recognises"]

# The bits of SPOC's images, and QLP's own: bit 13 up to sector 55, bits 30 and 31 from sector 56 on. QLP's authors use
# points without any flag only (product description at archive.stsci.edu/hlsp/qlp), so their own bits drop by default.
_OWN = {"qlp_low_quality": 1 << 12, "qlp_scattered_light": 1 << 29, "qlp_low_quality_56": 1 << 30}
_BITS = {name: bit for name, bit in TESS_BITS.items() if bit not in _OWN.values()} | _OWN
QUALITY = Quality(
    _BITS,
    default=TESS_DEFAULT | sum(_OWN.values()),
    hard=TESS_HARD | sum(_OWN.values()),
    hardest=0x7FFFFFFF,
)
STITCH = True
COLUMNS = SPACE_COLUMNS

_DETRENDED = ("KSPSAP_FLUX", "DET_FLUX")


def recognises(source: Source) -> bool:
    """A TESS light curve with QLP's detrended flux beside the simple one."""
    fits = source.fits
    if fits.primary.text("TELESCOP") != "TESS" or not fits.tables:
        return False
    table = fits.table
    return "SAP_FLUX" in table and "PDCSAP_FLUX" not in table and any(name in table for name in _DETRENDED)


def read(source: Source, options: ReadOptions) -> Iterator[Measurements]:
    """Yield the one star of the file."""
    primary, table = source.fits.primary, source.fits.table
    seconds = round(table.header.number("TIMEDEL", primary.number("TIMEDEL")) * 86400.0, 1)
    tess_mag = primary.number("TESSMAG")
    yield photometry(
        table,
        options,
        object_id=name_of(primary, "TIC", "TICID", source.stem),
        frame=frame_of(table.header, BTJD),
        band="TESS",
        ra=primary.number("RA_OBJ"),
        dec=primary.number("DEC_OBJ"),
        flux=_flux(table),
        err=next((f"{name}_ERR" for name in _DETRENDED if f"{name}_ERR" in table), None),
        zero_point=tess_mag,
        meta={"exposure_s": seconds, "tess_mag": tess_mag},
    )


def _flux(table: FitsTable) -> str:
    if "SYS_RM_FLUX" in table and np.isfinite(table.column("SYS_RM_FLUX")).any():
        return "SYS_RM_FLUX"
    return "SAP_FLUX"
