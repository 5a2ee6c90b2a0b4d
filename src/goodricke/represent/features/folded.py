"""Shape of the folded curve."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from goodricke.represent.features.curves import Curves
from goodricke.represent.features.feature import Feature

__all__ = ["FEATURES", "compute"]

Floats = NDArray[np.float64]

_WIDE = 2.0
_DEEP = 0.3

FEATURES = (
    Feature("log_folded_amplitude", "flux", -6, 4, "From the lowest to the highest bin of the smoothed curve.",
            scale="log"),
    Feature("log_folded_snr", "", -2, 6, "That amplitude over the scatter of the points about the fold."),
    Feature("folded_skew", "", -10, 10, "Skewness of the curve, each phase counted once: negative for eclipses."),
    Feature("folded_kurtosis", "", 0, 70, "Fourth moment over squared variance of the curve."),
    Feature("below_middle", "", 0, 1, "Part of the cycle below the middle of the amplitude."),
    Feature("rise_fraction", "", 0, 1, "Part of the cycle from minimum to maximum."),
    Feature("mirror_asymmetry", "", 0, 2, "Root mean square difference between the curve and its mirror image about "
            "the minimum, over twice its standard deviation."),
    Feature("n_minima", "", 0, 32, "Local minima of the smoothed curve that lie in the lower 70% of the amplitude."),
    Feature("sharp_minimum", "", 0, 1, "Height of the curve 1/32 of a cycle from the minimum, over the amplitude."),
    Feature("sharp_maximum", "", 0, 1, "Depth of the curve 1/32 of a cycle from the maximum, over the amplitude."),
    Feature("bright_fraction", "", 0, 1, "Part of the cycle in the highest tenth of the amplitude."),
    Feature("steepest_rise", "", 0, 64, "Largest rise from one bin to the next, as amplitudes per cycle."),
    Feature("steepest_fall", "", 0, 64, "Largest fall from one bin to the next, as amplitudes per cycle."),
    Feature("bins_filled", "", 0, 1, "Share of the 64 phase bins that have points."),
)  # fmt: skip


def compute(curves: Curves) -> dict[str, Floats]:
    """Every feature of the group (N,)."""
    fold = curves.fold
    profile, wide = fold.profile, fold.smoothed(_WIDE)
    low, high = profile.min(axis=1), profile.max(axis=1)
    height = np.where(high > low, high - low, np.nan)
    curve = (profile - low[:, None]) / height[:, None]
    centred = profile - profile.mean(axis=1)[:, None]
    variance = np.mean(centred**2, axis=1)
    mirrored = profile[:, -np.arange(fold.bins) % fold.bins]
    line, top, near = np.arange(len(curve)), np.argmax(wide, axis=1), fold.bins // 32
    beside = 0.5 * (curve[line, (top + near) % fold.bins] + curve[line, top - near])
    step = np.roll(curve, -1, axis=1) - curve
    return fold.masked(
        {
            "log_folded_amplitude": np.log10(height),
            "log_folded_snr": np.log10(height / np.sqrt(fold.scatter)),
            "folded_skew": np.mean(centred**3, axis=1) / variance**1.5,
            "folded_kurtosis": np.mean(centred**4, axis=1) / variance**2,
            "below_middle": np.mean(curve < 0.5, axis=1),
            "rise_fraction": top / fold.bins,
            "mirror_asymmetry": np.sqrt(np.mean((profile - mirrored) ** 2, axis=1) / variance) / 2.0,
            "n_minima": _minima(wide),
            "sharp_minimum": 0.5 * (curve[:, near] + curve[:, -near]),
            "sharp_maximum": 1.0 - beside,
            "bright_fraction": np.mean(curve > 0.9, axis=1),
            "steepest_rise": fold.bins * step.max(axis=1),
            "steepest_fall": -fold.bins * step.min(axis=1),
            "bins_filled": fold.filled / fold.bins,
        }
    )


def _minima(curve: Floats) -> Floats:
    low, high = curve.min(axis=1)[:, None], curve.max(axis=1)[:, None]
    below = (curve < np.roll(curve, 1, axis=1)) & (curve <= np.roll(curve, -1, axis=1))
    return np.asarray(np.count_nonzero(below & (curve < high - _DEEP * (high - low)), axis=1), dtype=np.float64)
