"""Catalina csv of the web service, one file per star (Drake et al. 2009): unfiltered magnitudes, MJD in UTC.

Columns are some of the long form of the service, which has flags and more digits than the short one.
"""

from __future__ import annotations

from pathlib import Path

from goodricke.lightcurves import Measurements
from goodricke.simulate.files.single import Star, stars_of
from goodricke.simulate.files.whole import write_lines
from goodricke.timeframes import TimeFrame

__all__ = ["write"]

_FRAME = TimeFrame("utc", "observer", 2400000.5)
_BLEND = 256
_FLAGS = _BLEND - 1
_FIRST_ID = 10**12
"""Catalina's numbers have 13 digits."""


def write(measured: Measurements, folder: Path) -> list[Path]:
    """Write ``<MasterID>.csv`` for every star; points that are no detection are left out, as Catalina does."""
    paths = []
    for star in stars_of(measured, "mag", _FRAME, "Catalina"):
        number = star.number if star.number >= _FIRST_ID else star.number + _FIRST_ID
        paths.append(write_lines(folder / f"{number}.csv", _lines(star.some(star.seen), number)))
    return paths


def _lines(star: Star, number: int) -> list[str]:
    lines = ["MasterID,Mag,Magerr,RA,Dec,MJD,Flags,Blend"]
    place = f"{star.ra:.5f},{star.dec:.5f}"
    days = star.jd - _FRAME.zero_jd
    for day, mag, err, bits in zip(days, star.value, star.error, star.quality, strict=True):
        flags = f"{bits & _FLAGS},{int(bool(bits & _BLEND))}"
        lines.append(f"{number},{mag:.6f},{err:.6f},{place},{day:.7f},{flags}")
    return lines
