"""eleanor light curves, written with astropy: lite, and full with the pixels of every image in the table."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from astropy.io import fits

from samples import DEC, RA, star
from samples.tess_spoc import TIC, ZERO_POINT, Column, electrons


def write(folder: Path) -> list[Path]:
    """Write one file per variant."""
    return [
        _file(folder / "MADE-hlsp_eleanor_tess_ffi_lite_tic261136679_s01_tess_v2_lc.fits", lite=True),
        _file(folder / "MADE-hlsp_eleanor_tess_ffi_tic261136679_s01_tess_v2_lc.fits", lite=False),
    ]


def _file(path: Path, lite: bool) -> Path:
    first = fits.PrimaryHDU()
    # The header is that of the cut-out image, whose own names of the star are empty, with eleanor's cards behind.
    first.header.update(
        {"EXTNAME": "PIXELS", "TELESCOP": "TESS", "CREATOR": "astrocut", "OBJECT": "", "TICID": None, "TESSMAG": 0.0}
        | {"TIMEDEL": 1800.0 / 86400.0, "BJDREFI": 2457000, "BJDREFF": 0.0, "RA_OBJ": RA + 0.1, "DEC_OBJ": DEC}
        | {"VERSION": "2.0.4", "LITE": lite, "TIC_ID": TIC, "TMAG": 13.0, "CEN_RA": RA, "CEN_DEC": DEC}
        | {"PCORIGIN": "MAST"}
    )
    table = fits.BinTableHDU.from_columns(
        [fits.Column(name=name, format=form, array=array) for name, form, array, _ in _columns(lite)]
    )
    apertures = fits.BinTableHDU.from_columns(
        [fits.Column(name="4_circle_exact", format="13D", array=np.ones((13, 13)), dim="(13)")]
    )
    fits.HDUList([first, table, apertures]).writeto(path, overwrite=True)
    return path


def _columns(lite: bool) -> list[Column]:
    seen = star()
    flux, err = electrons(seen, ZERO_POINT)
    bits = np.zeros(len(flux), dtype=np.int32)
    bits[0], bits[1] = 128, 1 << 17
    pixels = [(name, "169E", np.ones((len(flux), 169)), None) for name in ("TPF", "TPF_ERR") if not lite]
    return [
        ("TIME", "D", seen.jd - 2457000.0, None),
        ("BARYCORR", "D", np.zeros(len(flux)), None),
        *pixels,
        ("RAW_FLUX", "D", 1.01 * flux, None),
        ("CORR_FLUX", "D", flux, None),
        ("FLUX_ERR", "D", err, None),
        ("QUALITY", "J", bits, None),
        ("X_CENTROID", "D", np.zeros(len(flux)), None),
        ("FLUX_BKG", "D", np.zeros(len(flux)), None),
        ("FFIINDEX", "D", np.arange(len(flux)), None),
        ("PCA_FLUX", "D", flux, None),
    ]
