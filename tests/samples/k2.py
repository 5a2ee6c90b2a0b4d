"""K2 light curves, written with astropy: long cadence, short cadence, and what lightkurve saves from pixels."""

from __future__ import annotations

from pathlib import Path

from samples import star
from samples.kepler import ZERO_JD, ZERO_POINT, custom_columns, primary_cards, table_cards
from samples.tess_spoc import fits_file, spoc_columns

EPIC = 201367065


def write(folder: Path) -> list[Path]:
    """Write one file per variant."""
    primary = primary_cards(MISSION="K2", CAMPAIGN=1, KEPLERID=EPIC, OBJECT=f"EPIC {EPIC}")
    columns = spoc_columns(star(start_jd=2456810.0), ZERO_JD, ZERO_POINT, "SAP_QUALITY")
    saved = {"CREATOR": "lightkurve.LightCurve.to_fits()", "TELESCOP": "KEPLER", "OBSMODE": None, "OBJECT": f"{EPIC}"}
    return [
        fits_file(folder / "MADE-ktwo201367065-c01_llc.fits", primary, columns, table_cards(0.0204336)),
        fits_file(
            folder / "MADE-ktwo201367065-c01_slc.fits",
            primary | {"OBSMODE": "short cadence"},
            columns,
            table_cards(0.000681120),
        ),
        fits_file(
            folder / "MADE-ktwo201367065-lightkurve.fits",
            primary | saved,
            custom_columns(2456810.0),
            {"EXTNAME": "LIGHTCURVE"},
        ),
    ]
