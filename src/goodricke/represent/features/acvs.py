"""Cosine coefficients of the folded curve, counted from the primary minimum: the plane of ASAS."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from goodricke.represent.features.curves import Curves
from goodricke.represent.features.feature import Feature

__all__ = ["FEATURES", "compute"]

_ORDERS = range(1, 5)

FEATURES = (
    *(Feature(f"acvs_a{k}", "flux", -20, 20, f"Coefficient of cos(2 pi {k} phase), phase from the primary minimum.",
              scale="times") for k in _ORDERS),
    *(Feature(f"acvs_a{k}_relative", "", -2, 2, f"The same for cos(2 pi {k} phase), over the height of the fitted "
              "curve.") for k in _ORDERS),
    Feature("contact_distance", "flux", -500, 100, "Coefficient a4 less a2 (a2 + 0.125): above 0 for contact, below "
            "for detached systems.", scale="free"),
    Feature("sine_share", "", 0, 1, "Share of the squared amplitudes of the first four harmonics that is in sines: 0 "
            "for a curve that is its own mirror image."),
)  # fmt: skip


def compute(curves: Curves) -> dict[str, NDArray[np.float64]]:
    """Every feature of the group (N,).

    Notes
    -----
    Pojmanski (2002, Acta Astron. 52, 397), after Rucinski (1997, AJ 113, 407): at the orbital period, a2 and a4 tell
    contact, semi-detached and detached systems apart. Flux is relative to its median, not to that at quadrature.
    """
    fold = curves.fold
    series = curves.series
    angle = 2.0 * np.pi * np.outer(np.arange(1, series.cosine.shape[1] + 1), np.arange(fold.bins) / fold.bins)
    curve = series.cosine @ np.cos(angle) + series.sine @ np.sin(angle)
    height = np.ptp(curve, axis=1)
    a, b = series.cosine[:, : len(_ORDERS)], series.sine[:, : len(_ORDERS)]
    found = {f"acvs_a{k}": a[:, k - 1] for k in _ORDERS}
    found |= {f"acvs_a{k}_relative": a[:, k - 1] / height for k in _ORDERS}
    found["contact_distance"] = a[:, 3] - a[:, 1] * (a[:, 1] + 0.125)
    found["sine_share"] = (b**2).sum(axis=1) / (a**2 + b**2).sum(axis=1)
    return fold.masked(found)
