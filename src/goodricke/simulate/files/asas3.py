"""ASAS-3 text of the ACVS, one file per star (Pojmanski 2002): V, HJD - 2450000, five apertures, grades A to D.

ASAS measures every star in five apertures; ours says the same in all of them, so that the choice of one does not
matter.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from goodricke.lightcurves import Measurements
from goodricke.simulate.files.single import Star, stars_of
from goodricke.simulate.files.whole import write_lines
from goodricke.surveys.asas3_acvs import QUALITY
from goodricke.timeframes import TimeFrame

__all__ = ["write"]

_FRAME = TimeFrame("utc", "heliocentre", 2450000.0)
_APERTURES = 5
_UNMEASURED = ("29.999", "0.999")
_GRADES = (("D", QUALITY.bits["grade_d"]), ("C", QUALITY.bits["grade_c"]), ("B", QUALITY.bits["grade_b"]))
_COLUMNS = "#     HJD     " + "".join(f" MAG_{k} " for k in range(_APERTURES)) + "  " + "".join(
    f" MER_{k}" for k in range(_APERTURES)
) + " GRADE FRAME"  # fmt: skip


def write(measured: Measurements, folder: Path) -> list[Path]:
    """Write ``<object_id>.dat`` for every star that has points; a point that is no detection is 29.999, of grade C."""
    return [
        write_lines(folder / f"{star.object_id}.dat", [*_header(star), *_rows(star)])
        for star in stars_of(measured, "mag", _FRAME, "ASAS-3")
        if len(star.jd)
    ]


def _header(star: Star) -> list[str]:
    good = star.value[star.seen]
    mag, err = (np.median(good), np.std(good)) if len(good) else (29.999, 0.0)
    place = {"ra": star.ra / 15.0, "dec": star.dec}
    return [
        f"#ndata= {len(star.jd)}",
        f"#dataset= 1 ; 1 F{star.number % 10000:04d}",
        f"#desig= {'_'.join(star.object_id.split())}",
        *(f"#c{name}= {value:10.6f}" for name, value in place.items()),
        "#class= 0",
        *(line for k in range(_APERTURES) for line in (f"#cmag_{k}= {mag:7.3f}", f"#cmer_{k}= {err:7.3f}")),
        *(f"#{name}= {value:10.6f}" for name, value in place.items()),
        _COLUMNS,
    ]


def _rows(star: Star) -> list[str]:
    rows = []
    for k, day in enumerate(star.jd - _FRAME.zero_jd):
        mag, err = (f"{star.value[k]:6.3f}", f"{star.error[k]:5.3f}") if star.seen[k] else _UNMEASURED
        bits = star.quality[k]
        grade = next((letter for letter, bit in _GRADES if bits & bit), "A") if star.seen[k] else "C"
        rows.append(f"  {day:11.5f}{f' {mag}' * _APERTURES}  {f' {err}' * _APERTURES}  {grade} {k}")
    return rows
