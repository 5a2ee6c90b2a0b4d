"""TESS light curves of SPOC as MAST has them, one FITS file per star and sector.

Points 20 s or 2 min apart are written as target light curves (``tess*_fast-lc.fits``, ``tess*_lc.fits``), longer ones
as those of TESS-SPOC from full-frame images (``hlsp_tess-spoc_tess_phot_*_lc.fits``); EXP-TESS-ARC-ICD-TM-0014.
A star named ``TIC 123`` gets that number; others go by their name in the card OBJECT, and the number in the file's name
is made from it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from goodricke.lightcurves import Measurements
from goodricke.simulate.files.sectors import FILES, sector_of
from goodricke.simulate.files.single import Star, stars_of
from goodricke.simulate.files.spacecraft import Cadence, cadence_of, light_curve_file
from goodricke.simulate.files.whole import write_whole
from goodricke.timeframes import TimeFrame

__all__ = ["write"]

_FRAME = TimeFrame("tdb", "barycentre", 2457000.0)
_ZERO_POINT = 20.44
_CADENCES = tuple(
    Cadence(frames, integration=1.98, readout=0.02, time_on_source=1.0 if frames == 10 else 0.8)
    for frames in (10, 60, 100, 300, 900)
)
"""20 s, 2 min, and full-frame images of 200 s, 10 min and 30 min; on-board rejection keeps 8 of 10 frames."""
_FAST, _TARGET = 10, 60


def write(measured: Measurements, folder: Path) -> list[Path]:
    """Write one file for every star and sector in which it has points."""
    paths = []
    for star in stars_of(measured, "flux", _FRAME, "TESS"):
        sectors = sector_of(star.jd)
        cadence, mag = cadence_of(star, _CADENCES), _magnitude(star)
        for sector in np.unique(sectors).tolist():
            content = light_curve_file(
                star.some(sectors == sector), _FRAME.zero_jd, cadence, _primary(star, sector, mag), _table(star),
                "BJD - 2457000, days", "QUALITY",
            )  # fmt: skip
            paths.append(write_whole(folder / _name(star, sector, cadence.frames), content))
    return paths


def _name(star: Star, sector: int, frames: int) -> str:
    number = star.number % 10**16
    if frames > _TARGET:
        return f"hlsp_tess-spoc_tess_phot_{number:016d}-s{sector:04d}_tess_v1_lc.fits"
    stamp, configuration = FILES[sector - 1].split("-")
    ending = "a_fast-lc" if frames == _FAST else "s_lc"
    return f"tess{stamp}-s{sector:04d}-{number:016d}-{configuration}-{ending}.fits"


def _magnitude(star: Star) -> float | None:
    """TESS magnitude of the median flux; None for a star that has no light."""
    level = np.median(star.value[star.seen]) if star.seen.any() else 0.0
    return round(_ZERO_POINT - 2.5 * float(np.log10(level)), 4) if level > 0 else None


def _table(star: Star) -> dict[str, Any]:
    return {
        "SIMDATA": True,
        "TELESCOP": "TESS",
        "INSTRUME": "TESS Photometer",
        "OBJECT": star.object_id,
        "TICID": star.number if star.object_id.startswith("TIC ") else None,
    }


def _primary(star: Star, sector: int, magnitude: float | None) -> dict[str, Any]:
    return {"CREATOR": "goodricke LightCurveExporter", **_table(star), "SECTOR": sector, "TESSMAG": magnitude}
