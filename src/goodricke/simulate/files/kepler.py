"""Kepler long-cadence light curves as MAST has them, one FITS file per star and quarter (``kplr*_llc.fits``).

Reference: Kepler Archive Manual, KDMC-10008-006. A star named ``KIC 123`` gets that number; others go by their name in
the card OBJECT, and the number in the file's name is made from it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from goodricke.lightcurves import Measurements
from goodricke.simulate.files.quarters import STAMPS, quarter_of
from goodricke.simulate.files.single import Star, stars_of
from goodricke.simulate.files.spacecraft import Cadence, light_curve_file
from goodricke.simulate.files.whole import write_whole
from goodricke.timeframes import TimeFrame

__all__ = ["write"]

_FRAME = TimeFrame("tdb", "barycentre", 2454833.0)
_ZERO_POINT = 25.3
_LONG = Cadence(frames=270, integration=6.01980290327, readout=0.518948526144)


def write(measured: Measurements, folder: Path) -> list[Path]:
    """Write one file for every star and quarter in which it has points."""
    paths = []
    for star in stars_of(measured, "flux", _FRAME, "Kepler"):
        quarters = quarter_of(star.jd - _FRAME.zero_jd)
        mag = _magnitude(star)
        for quarter in np.unique(quarters).tolist():
            path = folder / f"kplr{star.number % 10**9:09d}-{STAMPS[quarter]}_llc.fits"
            part = star.some(quarters == quarter)
            content = light_curve_file(
                part, _FRAME.zero_jd, _LONG, _primary(star, quarter, mag), _table(star), "BJD - 2454833", "SAP_QUALITY"
            )
            paths.append(write_whole(path, content))
    return paths


def _magnitude(star: Star) -> float | None:
    """Kepler magnitude of the median flux; None for a star that has no light."""
    level = np.median(star.value[star.seen]) if star.seen.any() else 0.0
    return round(_ZERO_POINT - 2.5 * float(np.log10(level)), 3) if level > 0 else None


def _target(star: Star) -> dict[str, Any]:
    return {
        "TELESCOP": "Kepler",
        "INSTRUME": "Kepler Photometer",
        "OBJECT": star.object_id,
        "KEPLERID": star.number if star.object_id.startswith("KIC ") else None,
    }


def _primary(star: Star, quarter: int, magnitude: float | None) -> dict[str, Any]:
    return {
        "CREATOR": "goodricke FluxExporter",
        **_target(star),
        "QUARTER": quarter,
        "OBSMODE": "long cadence",
        "MISSION": "Kepler",
        "KEPMAG": magnitude,
    }


def _table(star: Star) -> dict[str, Any]:
    return _target(star)
