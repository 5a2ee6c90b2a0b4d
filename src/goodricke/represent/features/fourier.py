"""Fourier series of the folded curve, up to order 6."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from goodricke.represent.features.curves import Curves
from goodricke.represent.features.feature import Feature
from goodricke.represent.features.fold import Fold
from goodricke.represent.features.series import ORDER

__all__ = ["FEATURES", "compute"]

Floats = NDArray[np.float64]

_ORDERS = (1, 2, 4, 6)
_HIGHER = range(2, ORDER + 1)

FEATURES = (
    Feature("log_a1", "flux", -8, 4, "Amplitude of the first harmonic.", scale="log"),
    *(Feature(f"log_r{k}1", "", -4, 4, f"Amplitude of harmonic {k} over that of the first.") for k in _HIGHER),
    *(Feature(f"phi{k}1_{f}", "", -1, 1, f"{word} of phase {k} less {k} times phase 1, of a cosine series.")
      for k in _HIGHER[:3] for f, word in (("cos", "Cosine"), ("sin", "Sine"))),
    Feature("log_r42", "", -4, 4, "Amplitude of harmonic 4 over that of harmonic 2."),
    Feature("phi42_cos", "", -1, 1, "Cosine of phase 4 less twice phase 2: 1 for sharp maxima, -1 for sharp minima."),
    Feature("phi42_sin", "", -1, 1, "Sine of phase 4 less twice phase 2."),
    Feature("even_share", "", 0, 1, "Share of the squared amplitudes that is in harmonics 2, 4 and 6."),
    *(Feature(f"explained_{k}", "", 0, 1, f"Share of the weighted variance that {k} harmonic{'s' * (k > 1)} explain"
              f"{'s' * (k == 1)}.") for k in _ORDERS),
    Feature("log_fourier_chi2", "", -4, 8, "Reduced chi square of six harmonics."),
)  # fmt: skip


def compute(curves: Curves) -> dict[str, Floats]:
    """Every feature of the group (N,); ratios and phases are those of Simon & Lee (1981, ApJ 248, 291)."""
    fold = curves.fold
    series = curves.series
    c = series.cosine - 1j * series.sine  # A exp(i phi) of A cos(2 pi k phase + phi)
    size = np.abs(c)
    turn = c / np.where(size > 0, size, np.nan)
    found = {"log_a1": np.log10(size[:, 0])}
    for k in _HIGHER:
        found[f"log_r{k}1"] = np.log10(size[:, k - 1] / size[:, 0])
    for k in _HIGHER[:3]:
        relative = turn[:, k - 1] * turn[:, 0].conj() ** k
        found[f"phi{k}1_cos"], found[f"phi{k}1_sin"] = relative.real, relative.imag
    relative = turn[:, 3] * turn[:, 1].conj() ** 2
    power = size**2
    found |= {
        "log_r42": np.log10(size[:, 3] / size[:, 1]),
        "phi42_cos": relative.real,
        "phi42_sin": relative.imag,
        "even_share": power[:, 1::2].sum(axis=1) / power.sum(axis=1),
        "log_fourier_chi2": np.log10(_left(fold, series.explained[:, -1])),
    }
    for k in _ORDERS:
        found[f"explained_{k}"] = series.explained[:, k - 1]
    return fold.masked(found)


def _left(fold: Fold, explained: Floats) -> Floats:
    """Reduced chi square of what the series leaves (N,)."""
    degrees = fold.n - 2.0 * ORDER - 1.0
    return np.asarray(fold.mean_weight * fold.square * (1.0 - explained) / np.where(degrees > 0, degrees, np.nan))
