"""QLP light curves, written with astropy: the columns of sectors 1 to 55 and those of 56 and later."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from samples import star
from samples.tess_spoc import Column, fits_file, primary_cards, table_cards


def _columns(detrended: str, low_quality: int, start_jd: float, seed: int) -> list[Column]:
    seen = star(start_jd=start_jd, seed=seed)
    flux = seen.flux / np.median(seen.flux)
    bits = np.zeros(len(flux), dtype=np.int32)
    bits[0], bits[1] = low_quality, low_quality | 32
    flat = 1.0 + 0.1 * (flux - 1.0)
    return [
        ("TIME", "D", seen.jd - 2457000.0, "BJD-2457000, days"),
        ("CADENCENO", "J", np.arange(len(flux)), None),
        ("SAP_FLUX", "E", flux, None),
        (detrended, "E", flat, None),
        (f"{detrended}_ERR", "E", np.full(len(flux), 0.0125), None),
        ("QUALITY", "J", bits, None),
        ("ORBITID", "J", np.full(len(flux), 11), None),
        ("SAP_X", "E", np.zeros(len(flux)), "pixel"),
        ("SAP_Y", "E", np.zeros(len(flux)), "pixel"),
        ("SAP_BKG", "E", np.zeros(len(flux)), None),
        ("SAP_BKG_ERR", "E", np.ones(len(flux)), None),
        (f"{detrended}_SML", "E", flat, None),
        (f"{detrended}_LAG", "E", flat, None),
    ]


def write(folder: Path) -> list[Path]:
    """Write one file per variant."""
    primary = primary_cards(ORIGIN="MIT/QLP", FILTER="TESS", TICVER=8)
    table = table_cards(1800.0, BJDREFR=0.0)
    del table["BJDREFF"]  # QLP writes the fraction of the zero point under another name
    old = fits_file(
        folder / "MADE-hlsp_qlp_tess_ffi_s0002-0000000261136679_tess_v01_llc.fits",
        primary,
        _columns("KSPSAP_FLUX", 1 << 12, 2458354.0, 1),
        table,
        images=0,
    )
    late = _columns("DET_FLUX", 1 << 30, 2459825.0, 2)
    new = fits_file(
        folder / "MADE-hlsp_qlp_tess_ffi_s0056-0000000261136679_tess_v01_llc.fits",
        primary | {"SECTOR": 56},
        [*late, ("SYS_RM_FLUX", "E", 1.0 + 0.99 * (late[2][2] - 1.0), None)],
        table | {"TIMEDEL": 200.0 / 86400.0},
        images=0,
    )
    bare = fits_file(
        folder / "MADE-hlsp_qlp_tess_ffi_s0057-0000000261136679_tess_v01_llc.fits",
        primary | {"SECTOR": 57},
        [*late, ("SYS_RM_FLUX", "E", np.full(len(late[0][2]), np.nan), None)],
        table | {"TIMEDEL": 200.0 / 86400.0},
        images=0,
    )
    return [old, new, bare]
