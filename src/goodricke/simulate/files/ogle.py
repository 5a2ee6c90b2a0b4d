"""OGLE dat, one file per star and band (Udalski et al. 2015): HJD - 2450000, magnitude, error and no header.

The file tells neither star nor band. Stars with an OGLE name carry the band behind it (``OGLE-LMC-CEP-0002_I.dat``);
those of others lie in a folder named after the band, as in the OGLE Collection of Variable Stars (``I/star.dat``).
"""

from __future__ import annotations

from pathlib import Path

from goodricke.lightcurves import Measurements
from goodricke.simulate.files.single import Star, stars_of
from goodricke.simulate.files.whole import write_lines
from goodricke.surveys.ogle import star_of
from goodricke.timeframes import TimeFrame

__all__ = ["write"]

_FRAME = TimeFrame("utc", "heliocentre", 2450000.0)


def write(measured: Measurements, folder: Path) -> list[Path]:
    """Write the files of every star; points that are no detection are left out, as OGLE does."""
    paths = []
    for star in stars_of(measured, "mag", _FRAME, "OGLE"):
        for band in measured.bands:
            part = star.some(star.seen & (star.band == band))
            if len(part.jd):
                paths.append(write_lines(_path(folder, star.object_id, band), _rows(part)))
    return paths


def _path(folder: Path, name: str, band: str) -> Path:
    return folder / f"{name}_{band}.dat" if star_of(name) else folder / band / f"{name}.dat"


def _rows(star: Star) -> list[str]:
    days = star.jd - _FRAME.zero_jd
    return [f"{t:.5f} {mag:.3f} {err:.3f}" for t, mag, err in zip(days, star.value, star.error, strict=True)]
