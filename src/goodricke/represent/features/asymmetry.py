"""Dips against bumps: what an eclipsing star and a flaring or pulsating one do differently."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from goodricke import ragged
from goodricke.represent.features.curves import Curves
from goodricke.represent.features.feature import Feature

__all__ = ["FEATURES", "compute"]

_FAR = {"two": 2.0, "three": 3.0, "five": 5.0}
_SIGMA = "robust standard deviations (or median errors, if those are larger)"
FEATURES = (
    *(Feature(f"below_{word}", "", 0, 1, f"Share of points more than {word} {_SIGMA} below the median.")
      for word in _FAR),
    *(Feature(f"above_{word}", "", 0, 1, f"Share of points more than {word} {_SIGMA} above the median.")
      for word in _FAR),
    Feature("dips_over_bumps", "", -1, 1, "Points below less points above two sigma, over their sum."),
    Feature("dip_weight", "", 0, 1, "Share of the squared distances from the median, in errors, that lies below it."),
    Feature("half_skew", "", -1, 1, "Sum of the 5th and 95th percentiles less twice the median, over the amplitude."),
    Feature("range_skew", "", -1, 1, "Lowest plus highest flux less twice the median, over their difference."),
    Feature("tail_asymmetry", "", -5, 5, "Mean of the highest and lowest tenth less the median, in standard "
            "deviations."),
    Feature("dip_company", "", 0, 1, "Share of points below two sigma whose next point is there too."),
)  # fmt: skip


def compute(curves: Curves) -> dict[str, NDArray[np.float64]]:
    """Every feature of the group (N,).

    Notes
    -----
    ``tail_asymmetry`` is M of Cody et al. (2014, AJ 147, 82), of fluxes instead of magnitudes.
    """
    offsets, n = curves.offsets, np.where(curves.varies, curves.n, np.nan)
    away = curves.flux - curves.spread(curves.median)
    far = away / curves.spread(np.fmax(curves.sigma, curves.median_err))
    below = {word: ragged.counts(far < -x, offsets) for word, x in _FAR.items()}
    above = {word: ragged.counts(far > x, offsets) for word, x in _FAR.items()}
    weighed = curves.weight * away**2
    low, high, middle = curves.quantile(0.0), curves.quantile(1.0), 2.0 * curves.median
    together = (far < -_FAR["two"]).astype(np.int64)
    together[:-1] *= together[1:]
    together[curves.is_last] = 0
    return {
        **{f"below_{word}": count / n for word, count in below.items()},
        **{f"above_{word}": count / n for word, count in above.items()},
        "dips_over_bumps": (below["two"] - above["two"]) / (below["two"] + above["two"]).astype(np.float64),
        "dip_weight": curves.sum(np.where(away < 0, weighed, 0.0)) / curves.sum(weighed),
        "half_skew": (curves.quantile(0.05) + curves.quantile(0.95) - middle) / curves.amplitude,
        "range_skew": (low + high - middle) / np.where(curves.varies, high - low, np.nan),
        "tail_asymmetry": (curves.tails.mean(axis=1) - curves.median) / np.sqrt(curves.variance),
        "dip_company": curves.sum(together) / below["two"],
    }
