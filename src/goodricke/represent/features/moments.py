"""Scatter, skew and tails of the flux, beside what the errors explain."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from goodricke import ragged
from goodricke.represent.features.curves import Curves
from goodricke.represent.features.feature import Feature

__all__ = ["FEATURES", "compute"]

FEATURES = (
    Feature("log_scatter", "flux", -6, 4, "Standard deviation of the flux.", scale="log"),
    Feature("skew", "", -50, 50, "Skewness G1, without bias; negative for a star that spends its time bright."),
    Feature("log_kurtosis", "", -1, 4, "Kurtosis G2, without bias, plus 3; 0.48 for a normal distribution."),
    Feature("mean_over_median", "", -2, 2, "Weighted mean less median, in standard deviations."),
    Feature("beyond_one", "", 0, 1, "Share of points more than one standard deviation from the mean."),
    Feature("beyond_two", "", 0, 1, "Share of points more than two standard deviations from the mean."),
    Feature("log_chi2", "", -3, 8, "Reduced chi square of a constant flux."),
    Feature("excess_variance", "", -5, 1, "Share of the variance that the errors do not explain; below 0 if they are "
            "too large."),
    Feature("log_intrinsic_scatter", "flux", -6, 4, "Standard deviation after the errors are taken off; undefined "
            "when nothing is left.", scale="log"),
    Feature("log_mean_snr", "", -3, 6, "Mean flux over error.", shift="free"),
)  # fmt: skip


def compute(curves: Curves) -> dict[str, NDArray[np.float64]]:
    """Every feature of the group (N,).

    Notes
    -----
    G1 and G2 are those of Joanes & Gill (1998, The Statistician 47, 183); the excess variance is that of Sanchez et
    al. (2017, ApJ 849, 110) relative to the variance instead of the mean.
    """
    n, variance = curves.n, curves.variance
    square = curves.residual**2
    m2 = variance * (n - 1.0) / n
    third = curves.sum(square * curves.residual) / n / m2**1.5
    fourth = curves.sum(square * square) / n / m2**2
    noise = curves.sum(curves.err**2) / n
    distance = square / curves.spread(variance)
    # 0/0 of a star whose fluxes are equal must not count as inside.
    share = np.where(curves.varies, 1.0 / n, np.nan)
    return {
        "log_scatter": 0.5 * np.log10(variance),
        "skew": np.sqrt(n * (n - 1.0)) / np.where(n > 2, n - 2.0, np.nan) * third,
        "log_kurtosis": np.log10(
            (n - 1.0) / np.where(n > 3, (n - 2.0) * (n - 3.0), np.nan) * ((n + 1.0) * (fourth - 3.0) + 6.0) + 3.0
        ),
        "mean_over_median": (curves.weighted_mean - curves.median) / np.sqrt(variance),
        "beyond_one": share * ragged.counts(distance > 1.0, curves.offsets),
        "beyond_two": share * ragged.counts(distance > 4.0, curves.offsets),
        "log_chi2": np.log10(curves.chi2 / (n - 1.0)),
        "excess_variance": 1.0 - noise / variance,
        "log_intrinsic_scatter": 0.5 * np.log10(variance - noise),
        "log_mean_snr": np.log10(curves.sum(curves.flux / curves.err) / n),
    }
