"""Tiny files of every layout of spectra, written by us: one module per row of the table of spectra, of the same name.

Each module has ``write(folder) -> list[Path]``: it writes one file per variant that we know, with MADE in the file
name. The star is always the same one: a smooth continuum with Balmer lines and the sodium doublet at laboratory
wavelengths in vacuum, so that a wrong scale shows.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["DEC", "LINES", "LOGLAM", "RA", "VELOCITY", "ivar_of", "lamost_wave", "light", "line_centre"]

RA, DEC, VELOCITY = 150.25, -20.5, 30.0
"""Position (degrees) and radial velocity (km/s) of the star."""
LINES = (4341.68, 4862.68, 5891.58, 5897.56, 6564.61)
"""Vacuum wavelengths (Angstrom) of H gamma, H beta, Na D2 and D1, H alpha."""
LOGLAM = 3.5682 + 1e-4 * np.arange(3900)


def lamost_wave() -> NDArray[np.float64]:
    """Wavelengths as LAMOST has them."""
    return np.asarray(10.0**LOGLAM)


def light(vacuum: ArrayLike) -> NDArray[np.float64]:
    """Flux per Angstrom of the star at vacuum wavelengths, as observed."""
    wave = np.asarray(vacuum, dtype=np.float64)
    flux = 100.0 * (1 + 0.3 * np.sin(wave / 900.0))
    for line in LINES:
        centre = line * (1 + VELOCITY / 299792.458)
        flux = flux * (1 - 0.5 * np.exp(-0.5 * ((wave - centre) / 4.0) ** 2))
    return flux


def ivar_of(vacuum: ArrayLike) -> NDArray[np.float64]:
    """Inverse variance: S/N 50 in the continuum, unknown in the first five pixels."""
    wave = np.asarray(vacuum, dtype=np.float64)
    ivar = np.full(wave.shape, 0.25)
    ivar[:5] = 0
    return ivar


def line_centre(wave: NDArray[np.float64], flux: NDArray[np.floating], line: float = LINES[-1]) -> float:
    """Centre of a line (Angstrom), from the flux missing against the continuum on both sides."""
    near = np.abs(wave - line) < 25
    side = near & (np.abs(wave - line) > 18)
    continuum = np.polyval(np.polyfit(wave[side] - line, flux[side], 1), wave[near] - line)
    missing = continuum - flux[near]
    return float(np.sum(missing * wave[near]) / np.sum(missing))
