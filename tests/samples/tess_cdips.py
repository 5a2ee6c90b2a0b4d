"""CDIPS light curves, written with astropy: with a TIC number, and with none (the name is then Gaia's)."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from samples import DEC, RA, star
from samples.tess_spoc import TIC, Column, fits_file

GAIA = "4623036865373793408"


def _columns() -> list[Column]:
    seen = star()
    letters = np.full(len(seen.jd), "G")
    letters[0], letters[1], letters[2] = "X", "W", "0"
    columns: list[Column] = []
    for k in (1, 2, 3):
        mag = seen.mag - 0.1 * (k - 1)
        flux = 10 ** (-0.4 * (mag - 20.0))
        columns += [
            (f"IFE{k}", "D", flux * seen.err, "ADU"),
            (f"IFL{k}", "D", flux, "ADU"),
            (f"IRE{k}", "D", seen.err * k, "mag"),
            (f"IRM{k}", "D", mag, "mag"),
            (f"IRQ{k}", "1A", letters, "unitless"),
            (f"TFA{k}", "D", 13.0 + 0.1 * (mag - 13.0), "mag"),
            (f"PCA{k}", "D", 13.0 + 0.5 * (mag - 13.0), "mag"),
        ]
    return [
        *columns,
        ("RSTFC", "48A", np.full(len(seen.jd), "tess2018349182939-s0006-2-3-0126_cal_img_bkgdsub"), None),
        ("TMID_UTC", "D", seen.jd - 0.005, "day"),
        ("TMID_BJD", "D", seen.jd, "day"),
        ("BJDCORR", "D", np.full(len(seen.jd), 0.004), "day"),
    ]


def write(folder: Path) -> list[Path]:
    """Write one file per variant."""
    primary = {
        "CAMERA": 2,
        "TELESCOP": "TESS",
        "INSTRUME": "TESS Photometer",
        "TIMEDEL": 1800.0 / 86400.0,
        "TIMESYS": "TDB",
        "HIERARCH Gaia-ID": int(GAIA),
        "BJDREFI": 0,
        "BJDREFF": 0,
        "OBJECT": GAIA,
        "RA_OBJ": RA,
        "DEC_OBJ": DEC,
        "TICID": str(TIC),
        "TESSMAG": 13.0,
        "ORIGIN": "Bouma&team|CDIPS|Princeton",
    }
    name = "MADE-hlsp_cdips_tess_ffi_gaiatwo0004623036865373793408-0006{}_tess_v01_llc.fits"
    return [
        fits_file(folder / name.format(""), primary, _columns(), {}, images=0),
        fits_file(folder / name.format("-cam2-ccd3"), primary | {"TICID": "nan"}, _columns(), {}, images=0),
    ]
