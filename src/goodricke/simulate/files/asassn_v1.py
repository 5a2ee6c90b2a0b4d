"""ASAS-SN Sky Patrol v1 csv, one file per star (Kochanek et al. 2017): V and g, HJD in UTC, limits as ``>17.9``."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from goodricke.lightcurves import Measurements
from goodricke.simulate.files.asassn_v2 import camera_of
from goodricke.simulate.files.clock import calendar, light_to_sun
from goodricke.simulate.files.single import Star, stars_of
from goodricke.simulate.files.whole import write_lines
from goodricke.timeframes import TimeFrame

__all__ = ["write"]

_FRAME = TimeFrame("utc", "heliocentre", 0.0)
_HEADER = "HJD,UT Date,Camera,FWHM,Limit,mag,mag_err,flux(mJy),flux_err,Filter"
_NOTHING = "99.990"
_MJY = 16.4
"""Magnitude of 1 mJy in these files."""


def write(measured: Measurements, folder: Path) -> list[Path]:
    """Write ``<object_id>.csv`` for every star, with an empty light curve where it has no points."""
    return [
        write_lines(folder / f"{star.object_id}.csv", [_HEADER, *_rows(star)])
        for star in stars_of(measured, "mag", _FRAME, "ASAS-SN Sky Patrol v1")
    ]


def _rows(star: Star) -> list[str]:
    at_earth = star.jd - (light_to_sun(star.jd, star.ra, star.dec) if np.isfinite(star.ra + star.dec) else 0.0)
    limits = star.value[~star.seen & np.isfinite(star.value)]
    limit = f"{np.median(limits):.3f}" if len(limits) else _NOTHING
    rows = []
    for k, day in enumerate(calendar(at_earth)):
        fraction = (at_earth[k] + 0.5) % 1.0
        camera = camera_of(star, star.band[k])
        rows.append(
            f"{star.jd[k]:.5f},{day[:10]}{f'{fraction:.7f}'[1:]},{camera},1.60,{limit},{_brightness(star, k)},"
            f"{star.band[k]}"
        )
    return rows


def _brightness(star: Star, k: int) -> str:
    """Magnitude and flux with their errors."""
    mag, err = star.value[k], star.error[k]
    if not star.seen[k]:
        return f"{f'>{mag:.3f}' if np.isfinite(mag) else _NOTHING},{_NOTHING},{_NOTHING},{_NOTHING}"
    flux = 10 ** (-0.4 * (mag - _MJY))
    return f"{mag:.3f},{err:.3f},{flux:.3f},{flux * err * np.log(10.0) / 2.5:.3f}"
