"""Colour, and how the bands differ."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from goodricke import ragged
from goodricke.represent.features.curves import Curves, signed_log
from goodricke.represent.features.feature import Feature

__all__ = ["FEATURES", "WAVELENGTH", "compute"]

Floats = NDArray[np.float64]

WAVELENGTH = {
    "u": 355, "U": 365, "B": 440, "g": 475, "BP": 510, "c": 530, "V": 550, "V_CSS": 600, "r": 620, "G": 620,
    "Kepler": 640, "R": 650, "o": 680, "i": 765, "RP": 780, "TESS": 790, "I": 800, "z": 900, "y": 980,
    "J": 1240, "H": 1650, "K": 2190, "Ks": 2160, "W1": 3350, "W2": 4600, "zg": 475, "zr": 620, "zi": 765,
}  # fmt: skip
"""Nanometres; a band that is not here takes no part in colours."""

_WITHIN = 0.5
_FEWEST = 5

FEATURES = (
    Feature("colour", "mag", -5, 15, "Magnitude in the bluest band less that in the reddest, at flux 1."),
    Feature("log_colour_base", "", 0, 1.5, "Wavelength of the reddest band over that of the bluest."),
    Feature("log_amplitude_ratio", "", -2, 2, "Amplitude in the bluest band over that in the reddest."),
    Feature("colour_scatter", "", 0, 10, "Root mean square difference between neighbours of different bands, within "
            "half a day, over the standard deviation of all points, each band at its own level."),
    Feature("band_correlation", "", -1, 1, "Correlation of such neighbours."),
    Feature("band_stetson_i", "", -6, 6, "Mean product of such neighbours' distances from the mean of their band in "
            "errors; sign and logarithm of 1 + size."),
)  # fmt: skip


def compute(curves: Curves) -> dict[str, Floats]:
    """Every feature of the group (N,); all are NaN for a star with one band."""
    n, lcs = len(curves.lcs), curves.lcs
    nothing = np.full(n, np.nan)
    found = dict.fromkeys((feature.name for feature in FEATURES), nothing)
    if len(lcs.bands) < 2 or not lcs.n_points:
        return found
    wavelength = np.array([WAVELENGTH.get(name, np.nan) for name in lcs.bands])
    present = (curves.band_counts > 0) & np.isfinite(wavelength)
    blue = np.argmin(np.where(present, wavelength, np.inf), axis=1)
    red = np.argmax(np.where(present, wavelength, -np.inf), axis=1)
    two = present.any(axis=1) & (blue != red)
    line = np.arange(n)
    log_width = np.log10(_widths(curves))
    found["colour"] = np.where(two, lcs.ref_mag[line, blue] - lcs.ref_mag[line, red], np.nan)
    found["log_colour_base"] = np.where(two, np.log10(wavelength[red] / wavelength[blue]), np.nan)
    found["log_amplitude_ratio"] = np.where(two, log_width[line, blue] - log_width[line, red], np.nan)
    return found | _pairs(curves)


def _widths(curves: Curves) -> Floats:
    """From the 5th to the 95th percentile of every star and band (N, B); NaN with fewer than five points."""
    lcs, counts = curves.lcs, curves.band_counts
    cell = curves.star * len(lcs.bands) + lcs.band
    by_cell = np.argsort(cell, kind="stable")
    level = ragged.quantiles(lcs.flux[by_cell], ragged.offsets_from_lengths(counts.ravel()), (0.05, 0.95))
    width = (level[:, 1] - level[:, 0]).reshape(counts.shape)
    return np.where((counts >= _FEWEST) & (width > 0), width, np.nan)


def _pairs(curves: Curves) -> dict[str, Floats]:
    """What neighbours in time but not in band say of each other."""
    lcs, n = curves.lcs, len(curves.lcs)
    star, value = curves.star, curves.level
    here = np.flatnonzero(
        (star[1:] == star[:-1]) & (lcs.band[1:] != lcs.band[:-1]) & (lcs.time[1:] - lcs.time[:-1] <= _WITHIN)
    )
    owner, one, other = star[here], value[here], value[here + 1]
    err = lcs.flux_err.astype(np.float64)
    count = np.bincount(owner, minlength=n).astype(np.float64)
    count[count < _FEWEST] = np.nan
    product = np.bincount(owner, one * other, n)
    power = np.bincount(owner, one**2, n) * np.bincount(owner, other**2, n)
    variance = ragged.means(value**2, lcs.offsets)
    count = np.where(power > 0, count, np.nan)
    return {
        "colour_scatter": np.sqrt(np.bincount(owner, (one - other) ** 2, n) / count / variance),
        "band_correlation": product / np.sqrt(power) + 0.0 * count,
        "band_stetson_i": signed_log(np.bincount(owner, one / err[here] * (other / err[here + 1]), n) / count),
    }
