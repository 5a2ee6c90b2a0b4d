"""Gaia DR3 epoch photometry as csv of DataLink, one file per star (Riello et al. 2021): BJD in TCB, fluxes in e-/s.

The layout is the flat one, a row per transit and band. It has no flag for noisy data.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from goodricke.lightcurves import Measurements
from goodricke.simulate.files.single import Star, stars_of
from goodricke.simulate.files.whole import write_lines
from goodricke.timeframes import TimeFrame

__all__ = ["write"]

_FRAME = TimeFrame("tcb", "barycentre", 2455197.5)
_ZERO_POINTS = {"G": 25.6874, "BP": 25.3385, "RP": 24.7479}  # Riello et al. 2021, table 3
_HEADER = (
    "source_id,transit_id,band,time,mag,flux,flux_error,flux_over_error,rejected_by_photometry,"
    "rejected_by_variability,other_flags,solution_id"
)
_SOLUTION = 375316653866487564
_PHOTOMETRY, _VARIABILITY = 1, 2
_TRANSIT_GAP = 0.03
"""Days: the two fields of view pass 106 minutes apart, the bands of a transit within a minute."""


def write(measured: Measurements, folder: Path) -> list[Path]:
    """Write ``EPOCH_PHOTOMETRY-Gaia DR3 <source_id>.csv`` for every star; a value that is missing is an empty cell."""
    return [
        write_lines(folder / f"EPOCH_PHOTOMETRY-Gaia DR3 {star.number}.csv", [_HEADER, *_rows(star)])
        for star in stars_of(measured, "flux", _FRAME, "Gaia")
    ]


def _rows(star: Star) -> list[str]:
    transit = np.cumsum(np.diff(star.jd, prepend=star.jd[:1]) > _TRANSIT_GAP)
    rows = []
    for band, zero_point in _ZERO_POINTS.items():
        for k in np.flatnonzero(star.band == band):
            bits, time = star.quality[k], star.jd[k] - _FRAME.zero_jd
            rows.append(
                f"{star.number},{transit[k]},{band},{time:.10f},{_brightness(star, k, zero_point)},"
                f"{_word(bits & _PHOTOMETRY)},{_word(bits & _VARIABILITY)},0,{_SOLUTION}"
            )
    return rows


def _brightness(star: Star, k: np.intp, zero_point: float) -> str:
    """Magnitude, flux, its error, and the ratio of the two; empty where there is no flux."""
    flux, error = star.value[k], star.error[k]
    if not star.seen[k]:
        return ",,,"
    mag = f"{zero_point - 2.5 * np.log10(flux):.6f}" if flux > 0 else ""
    return f"{mag},{flux:.7g},{error:.5g},{flux / error:.5g}"


def _word(bit: int) -> str:
    return "true" if bit else "false"
