"""TESS-SPOC light curves from full-frame images at 30 min, 10 min and 200 s, written with astropy."""

from __future__ import annotations

from pathlib import Path

from samples import star
from samples.tess_spoc import ZERO_POINT, fits_file, primary_cards, spoc_columns, table_cards

CADENCES = {"s0002": (1800.0, 2458354.0), "s0027": (600.0, 2459036.0), "s0056": (200.0, 2459825.0)}
"""Sector: seconds from one point to the next, and the Julian date of the first."""


def write(folder: Path) -> list[Path]:
    """Write one file per cadence."""
    return [
        fits_file(
            folder / f"MADE-hlsp_tess-spoc_tess_phot_0000000261136679-{sector}_tess_v1_lc.fits",
            primary_cards(PXTABLE=-10000, TICVER="8.1", SECTOR=int(sector[1:])),
            spoc_columns(star(start_jd=start, seed=k), 2457000.0, ZERO_POINT),
            table_cards(seconds),
        )
        for k, (sector, (seconds, start)) in enumerate(CADENCES.items())
    ]
