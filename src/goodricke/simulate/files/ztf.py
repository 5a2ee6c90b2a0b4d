"""ZTF light curves as csv of IRSA, one file per star (Masci et al. 2019): HJD and MJD in UTC, catflags.

An ``oid`` is one star in one filter: the digit behind that of the field is the filter's number, as in real ones.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from goodricke.lightcurves import Measurements
from goodricke.simulate.files.clock import light_to_sun
from goodricke.simulate.files.single import Star, stars_of
from goodricke.simulate.files.whole import write_lines
from goodricke.timeframes import TimeFrame

__all__ = ["write"]

_FRAME = TimeFrame("utc", "heliocentre", 0.0)
_MJD = 2400000.5
_HEADER = "oid,expid,hjd,mjd,mag,magerr,catflags,filtercode,ra,dec"
_FILTERS = ("g", "r", "i")
_FIELD = 599


def write(measured: Measurements, folder: Path) -> list[Path]:
    """Write ``ztf_<number>.csv`` for every star; points that are no detection are left out, as IRSA does."""
    paths = []
    for star in stars_of(measured, "mag", _FRAME, "ZTF"):
        rows = [row for code in range(len(_FILTERS)) for row in _rows(star, code)]
        paths.append(write_lines(folder / f"ztf_{star.number}.csv", [_HEADER, *rows]))
    return paths


def _rows(star: Star, code: int) -> list[str]:
    part = star.some(star.seen & (star.band == _FILTERS[code]))
    oid = f"{_FIELD}{code + 1}{star.number % 10**11:011d}"
    mjd = part.jd - light_to_sun(part.jd, star.ra, star.dec) - _MJD
    expid = np.floor(mjd * 1000.0).astype(np.int64)  # grows with time, as real numbers of exposures do
    place = f"z{_FILTERS[code]},{star.ra:.7f},{star.dec:.7f}"
    return [
        f"{oid},{expid[k]},{part.jd[k]:.7f},{mjd[k]:.7f},{part.value[k]:.7f},{part.error[k]:.8f},{part.quality[k]},{place}"
        for k in range(len(part.jd))
    ]
