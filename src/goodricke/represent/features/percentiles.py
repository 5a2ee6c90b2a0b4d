"""Widths of the distribution of the flux that single points cannot change."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from goodricke import ragged
from goodricke.represent.features.curves import Curves
from goodricke.represent.features.feature import Feature

__all__ = ["FEATURES", "compute"]

FEATURES = (
    Feature("log_amplitude", "flux", -6, 4, "From the 5th to the 95th percentile.", scale="log"),
    Feature("log_range", "", 0, 4, "From the lowest to the highest flux, over the amplitude."),
    Feature("log_error", "flux", -8, 4, "Median error.", scale="log"),
    Feature("log_signal_to_noise", "", -3, 6, "Amplitude over median error."),
    Feature("amplitude_mag", "mag", 0, 20, "The amplitude as a ratio of fluxes, in magnitudes; undefined for negative "
            "flux.", shift="free"),
    Feature("mad_over_scatter", "", 0, 2, "Robust standard deviation, from the median absolute deviation, over the "
            "plain one."),
    Feature("width_20", "", 0, 1, "Middle 20% of the fluxes over the amplitude."),
    Feature("width_35", "", 0, 1, "Middle 35% of the fluxes over the amplitude."),
    Feature("width_50", "", 0, 1, "Middle 50% of the fluxes over the amplitude."),
    Feature("width_65", "", 0, 1, "Middle 65% of the fluxes over the amplitude."),
    Feature("width_80", "", 0, 1, "Middle 80% of the fluxes over the amplitude."),
    Feature("near_median", "", 0, 1, "Share of points within a tenth of the amplitude of the median."),
)  # fmt: skip

_WIDTHS = {
    "width_20": (0.4, 0.6),
    "width_35": (0.325, 0.675),
    "width_50": (0.25, 0.75),
    "width_65": (0.175, 0.825),
    "width_80": (0.1, 0.9),
}


def compute(curves: Curves) -> dict[str, NDArray[np.float64]]:
    """Every feature of the group (N,); the widths are those of Richards et al. (2011, ApJ 733, 10)."""
    amplitude = curves.amplitude
    away = np.abs(curves.flux - curves.spread(curves.median))
    near = ragged.counts(away < curves.spread(0.1 * amplitude), curves.offsets)
    low, high = curves.quantile(0.05), curves.quantile(0.95)
    found = {
        "log_amplitude": np.log10(amplitude),
        "log_range": np.log10((curves.quantile(1.0) - curves.quantile(0.0)) / amplitude),
        "log_error": np.log10(curves.median_err),
        "log_signal_to_noise": np.log10(amplitude / curves.median_err),
        "amplitude_mag": np.where(low > 0, 2.5 * np.log10(high / low), np.nan),
        "mad_over_scatter": curves.sigma / np.sqrt(curves.variance),
        "near_median": np.where(np.isfinite(amplitude), near / curves.n, np.nan),
    }
    for name, (below, above) in _WIDTHS.items():
        found[name] = (curves.quantile(above) - curves.quantile(below)) / amplitude
    return found
