"""ASAS-SN Sky Patrol v2 csv as pyasassn writes it, one file per star (Hart et al. 2023): V and g, JD in UTC, mJy.

The first line tells the star's name and place. A point without a detection has its limit in the column of magnitudes.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from goodricke.lightcurves import Measurements
from goodricke.simulate.compiled import Floats
from goodricke.simulate.files.single import Star, stars_of
from goodricke.simulate.files.whole import write_lines
from goodricke.timeframes import TimeFrame

__all__ = ["camera_of", "write"]

_FRAME = TimeFrame("utc", "observer", 0.0)
_HEADER = "jd,flux,flux_err,mag,mag_err,limit,fwhm,camera,quality,phot_filter"
_ZERO_POINT = 16.4
_CAMERAS = {"V": "abcdefgh", "g": "ijklmnop"}
_SIGNAL = 5.0
"""A limit is so many errors of the flux."""


def write(measured: Measurements, folder: Path) -> list[Path]:
    """Write ``<object_id>.csv`` for every star; points without a flux are left out."""
    given = np.broadcast_to(np.asarray(measured.zero_point, dtype=np.float64), len(measured.bands))
    zero_points = dict(zip(measured.bands, np.where(np.isfinite(given), given, _ZERO_POINT).tolist(), strict=True))
    return [
        write_lines(folder / f"{star.object_id}.csv", [_comment(star), _HEADER, *_rows(star, zero_points)])
        for star in stars_of(measured, "flux", _FRAME, "ASAS-SN Sky Patrol v2")
    ]


def camera_of(star: Star, band: str) -> str:
    """Name of the camera that looks at a star: the second letters of those with V come before those with g.

    Examples
    --------
    >>> nothing = np.zeros(0)
    >>> star = Star("sim-1-000000010", *[nothing] * 6, 0.0, 0.0)
    >>> camera_of(star, "V"), camera_of(star, "g")
    ('bc', 'bk')
    """
    return "b" + _CAMERAS.get(band, _CAMERAS["g"])[star.number % 8]


def _comment(star: Star) -> str:
    name = int(star.object_id) if star.object_id.isdecimal() else star.object_id
    place = {"ra_deg": star.ra, "dec_deg": star.dec}
    told = {"asas_sn_id": name, **{key: round(value, 6) for key, value in place.items() if np.isfinite(value)}}
    return "# " + json.dumps(told, separators=(",", ":"))[1:-1]


def _rows(star: Star, zero_points: dict[str, float]) -> list[str]:
    part = star.some(np.isfinite(star.value) & (star.error > 0))
    zero = np.array([zero_points[band] for band in part.band.tolist()])
    limit = _magnitudes(_SIGNAL * part.error, zero)
    lit = part.seen & (part.value > 0)
    mag = np.where(lit, _magnitudes(part.value, zero), limit)
    mag_err = np.where(lit, 2.5 / np.log(10.0) * part.error / np.where(lit, part.value, 1.0), 99.99)
    return [
        f"{part.jd[k]:.7f},{part.value[k]:.8g},{part.error[k]:.6g},{mag[k]:.5f},{mag_err[k]:.5f},{limit[k]:.3f},1.60,"
        f"{camera_of(star, part.band[k])},{'B' if part.quality[k] & 1 else 'G'},{part.band[k]}"
        for k in range(len(part.jd))
    ]


def _magnitudes(flux: Floats, zero: NDArray[np.float64]) -> Floats:
    """Magnitudes (M,) of fluxes (M,); what is not positive counts as hardly anything."""
    return np.asarray(zero - 2.5 * np.log10(np.maximum(flux, 1e-9)))
