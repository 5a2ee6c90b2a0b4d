"""Stetson's indices: do neighbouring points agree that the star is off its mean?"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from goodricke.represent.features.curves import Curves, signed_log
from goodricke.represent.features.feature import Feature

__all__ = ["FEATURES", "compute"]

FEATURES = (
    Feature("stetson_j", "", -4, 4, "Weighted mean of the signed root of the product of neighbours' distances from the "
            "mean in errors; sign and logarithm of 1 + size."),
    Feature("stetson_k", "", 0, 1, "Mean over root mean square distance from the mean in errors; 0.80 for noise, 0.90 "
            "for a sine, less with rare dips."),
    Feature("stetson_i", "", -6, 6, "Mean product of neighbours' distances from the mean in errors; sign and logarithm "
            "of 1 + size."),
    Feature("stetson_l", "", -4, 4, "J times K over 0.798; sign and logarithm of 1 + size."),
)  # fmt: skip
_K_OF_NOISE = 0.798


def compute(curves: Curves) -> dict[str, NDArray[np.float64]]:
    """Every feature of the group (N,).

    Notes
    -----
    I: Welch & Stetson (1993, AJ 105, 1813); J, K, L: Stetson (1996, PASP 108, 851). Pairs are neighbours in time; in J
    they weigh exp(-gap / median gap) (Zhang et al. 2003, ChJAA 3, 151).
    """
    n, delta = np.where(curves.varies, curves.n, np.nan), curves.delta
    product = np.zeros_like(delta)
    product[:-1] = delta[:-1] * delta[1:]
    product[curves.is_last] = 0.0
    size = np.abs(delta)
    k = curves.sum(size) / n / np.sqrt(curves.chi2 / n)
    typical = np.where(curves.median_gap > 0, curves.median_gap, np.inf)
    weight = np.exp(curves.time_step / curves.spread(-typical))
    weight[curves.is_last] = 0.0
    unbiased = n / (n - 1.0)
    j = np.sqrt(unbiased) * curves.sum(weight * np.sign(product) * np.sqrt(np.abs(product))) / curves.sum(weight)
    return {
        "stetson_j": signed_log(j),
        "stetson_k": k,
        "stetson_i": signed_log(unbiased * curves.sum(product) / (n - 1.0)),
        "stetson_l": signed_log(j * k / _K_OF_NOISE),
    }
