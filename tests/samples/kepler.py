"""Kepler light curves, written with astropy: long cadence, short cadence, and what lightkurve saves from pixels."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from samples import DEC, RA, star
from samples.tess_spoc import Column, electrons, fits_file, spoc_columns

KIC = 11442793
ZERO_JD, ZERO_POINT = 2454833.0, 25.3


def primary_cards(**more: Any) -> dict[str, Any]:
    """What the Kepler pipeline writes first; `more` adds or overrules."""
    return {
        "TELESCOP": "Kepler",
        "INSTRUME": "Kepler Photometer",
        "OBJECT": f"KIC {KIC}",
        "KEPLERID": KIC,
        "QUARTER": 3,
        "OBSMODE": "long cadence",
        "MISSION": "Kepler",
        "RADESYS": "ICRS",
        "RA_OBJ": RA,
        "DEC_OBJ": DEC,
        "KEPMAG": 13.0,
    } | more


def table_cards(days: float) -> dict[str, Any]:
    """What the Kepler pipeline writes over the table."""
    return {
        "EXTNAME": "LIGHTCURVE",
        "TELESCOP": "Kepler",
        "TIMESYS": "TDB",
        "BJDREFI": 2454833,
        "BJDREFF": 0.0,
        "TIMEDEL": days,
    }


def custom_columns(start_jd: float) -> list[Column]:
    """The columns of a light curve that lightkurve saved."""
    seen = star(start_jd=start_jd)
    flux, err = electrons(seen, ZERO_POINT)
    return [
        ("TIME", "D", seen.jd - ZERO_JD, "bkjd"),
        ("FLUX", "E", flux, "counts"),
        ("FLUX_ERR", "E", err, "counts"),
        ("CADENCENO", "J", np.arange(len(flux)), None),
        ("SAP_QUALITY", "K", np.zeros(len(flux), dtype=np.int64), None),
    ]


def write(folder: Path) -> list[Path]:
    """Write one file per variant."""
    columns = spoc_columns(star(start_jd=2455100.0), ZERO_JD, ZERO_POINT, "SAP_QUALITY")
    llc = folder / "MADE-kplr011442793-2009350155506_llc.fits"
    slc = folder / "MADE-kplr011442793-2009322144938_slc.fits"
    saved = {"CREATOR": "lightkurve.LightCurve.to_fits()", "TELESCOP": "KEPLER", "OBSMODE": None}
    return [
        fits_file(llc, primary_cards(), columns, table_cards(0.0204336)),
        fits_file(slc, primary_cards(OBSMODE="short cadence"), columns, table_cards(0.000681120)),
        fits_file(
            folder / "MADE-kplr011442793-lightkurve.fits",
            primary_cards(**saved),
            custom_columns(2455100.0),
            {"EXTNAME": "LIGHTCURVE"},
        ),
    ]
