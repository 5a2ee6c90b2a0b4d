"""Eclipses of the folded curve: depths, widths, what lies between them, and whether the period is doubled."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from goodricke.represent.features.curves import Curves, signed_log
from goodricke.represent.features.feature import Feature
from goodricke.represent.features.fold import BINS, Fold

__all__ = ["FEATURES", "compute"]

Floats = NDArray[np.float64]

_LEVEL = 0.75
_IN_ECLIPSE = 0.15
_SECOND_FROM = 10
_OUTSIDE = np.r_[8:25, 40:57]

FEATURES = (
    Feature("log_depth", "flux", -6, 4, "Depth of the primary minimum below the upper quartile of the curve.",
            scale="log"),
    Feature("depth_ratio", "", -1, 1, "Depth of the secondary over that of the primary minimum."),
    Feature("primary_significance", "", -5, 5, "Depth of the primary in its errors; sign and logarithm of 1 + size."),
    Feature("secondary_significance", "", -5, 5, "Depth of the secondary in its errors; sign and logarithm of 1 + "
            "size."),
    Feature("depth_difference", "", -5, 5, "Difference of the two depths in its errors; sign and logarithm of 1 + "
            "size."),
    Feature("secondary_phase", "", 0, 1, "Phase of the deepest other minimum between 0.16 and 0.84; 0.5 if there is "
            "none."),
    Feature("primary_width", "", 0, 1, "Width of the primary at half its depth, in cycles."),
    Feature("secondary_width", "", 0, 1, "Width of the secondary at half its own depth, in cycles."),
    Feature("eclipse_fraction", "", 0, 1, "Part of the cycle more than 15% of the depth below the upper quartile."),
    Feature("flatness", "", 0, 5, "Standard deviation of the curve outside eclipse (phases 0.12 to 0.38 and 0.62 to "
            "0.88) over the depth."),
    Feature("ellipsoidal", "", -2, 2, "Level at quadrature less that at the shoulders of the eclipses, over the "
            "depth."),
    Feature("outside_cos2", "", -5, 5, "Coefficient of cos(4 pi phase) outside eclipse, over the depth: tides."),
    Feature("outside_cos1", "", -5, 5, "Coefficient of cos(2 pi phase) outside eclipse, over the depth: reflection."),
    Feature("outside_sin1", "", -5, 5, "Coefficient of sin(2 pi phase) outside eclipse, over the depth."),
    Feature("maxima_difference", "", -2, 2, "Level at phase 0.25 less that at 0.75, over the depth (O'Connell)."),
    Feature("half_difference", "", -5, 5, "Level half a cycle after the primary less that in it, in its errors; sign "
            "and logarithm of 1 + size: near 0 at twice the true period."),
    Feature("odd_even", "", -5, 5, "The same in the curve folded at twice the period: near 0 unless the true period is "
            "the double."),
)  # fmt: skip


def compute(curves: Curves) -> dict[str, Floats]:
    """Every feature of the group (N,)."""
    fold = curves.fold
    profile, error, line = fold.profile, fold.error, np.arange(len(fold.usable))
    level = np.sort(profile, axis=1)[:, int(_LEVEL * BINS)]
    second = _second(fold.smoothed(1.0))
    depth = np.where(level > profile[:, 0], level - profile[:, 0], np.nan)
    other = level - profile[line, second]
    turned = profile[line[:, None], (second[:, None] + np.arange(BINS)) % BINS]
    e1, e2 = error[:, 0], error[line, second]
    found = {
        "log_depth": np.log10(depth),
        "depth_ratio": other / depth,
        "primary_significance": signed_log(depth / e1),
        "secondary_significance": signed_log(other / e2),
        "depth_difference": signed_log((depth - other) / np.hypot(e1, e2)),
        "secondary_phase": second / BINS,
        "primary_width": _width(profile, level, depth),
        "secondary_width": _width(turned, level, np.where(other > 0, other, np.nan)),
        "eclipse_fraction": np.mean(profile < (level - _IN_ECLIPSE * depth)[:, None], axis=1),
        "half_difference": _opposite(fold),
        "odd_even": _opposite(curves.double_fold),
    }
    return fold.masked(found | _outside(profile / depth[:, None]))


def _second(curve: Floats) -> NDArray[np.int64]:
    """Bin of the deepest local minimum away from the primary (N,)."""
    is_minimum = (curve < np.roll(curve, 1, axis=1)) & (curve <= np.roll(curve, -1, axis=1))
    is_minimum[:, :_SECOND_FROM] = is_minimum[:, BINS - _SECOND_FROM + 1 :] = False
    deepest = np.argmin(np.where(is_minimum, curve, np.inf), axis=1)
    return np.where(is_minimum.any(axis=1), deepest, BINS // 2)


def _width(turned: Floats, level: Floats, depth: Floats) -> Floats:
    """Cycles below half depth around bin 0 (N,)."""
    drop = (level[:, None] - turned) / depth[:, None]
    half = np.arange(BINS // 2 + 1)
    return np.asarray((_run(drop[:, half]) + _run(drop[:, -half % BINS])) / BINS)


def _run(drop: Floats) -> Floats:
    """How many bins from the first it takes to fall below 0.5 (N,), with a fraction; all of them if it never does."""
    line, outside = np.arange(len(drop)), drop < 0.5
    outside[:, 0] = False
    first = np.where(outside.any(axis=1), np.argmax(outside, axis=1), 0)
    before, after = drop[line, first - 1], drop[line, first]
    return np.asarray(np.where(first > 0, first - 1 + (before - 0.5) / (before - after), drop.shape[1] - 1.0))


def _outside(curve: Floats) -> dict[str, Floats]:
    """What the curve (N, 64), in units of the depth, does between the eclipses."""
    angle = 2.0 * np.pi * _OUTSIDE / BINS
    basis = np.stack([np.ones(len(angle)), np.cos(angle), np.sin(angle), np.cos(2 * angle)], axis=1)
    outside = curve[:, _OUTSIDE]
    _, cos1, sin1, cos2 = np.linalg.pinv(basis) @ outside.T
    quadrature, shoulder = np.r_[14:19, 46:51], np.r_[8:11, 22:25, 40:43, 54:57]
    return {
        "flatness": outside.std(axis=1),
        "ellipsoidal": curve[:, quadrature].mean(axis=1) - curve[:, shoulder].mean(axis=1),
        "outside_cos2": cos2,
        "outside_cos1": cos1,
        "outside_sin1": sin1,
        "maxima_difference": curve[:, 13:20].mean(axis=1) - curve[:, 45:52].mean(axis=1),
    }


def _opposite(fold: Fold) -> Floats:
    """Level half a cycle from the minimum less that in it, in errors, compressed (N,)."""
    half = fold.bins // 2
    difference = fold.profile[:, half] - fold.profile[:, 0]
    return signed_log(difference / np.hypot(fold.error[:, half], fold.error[:, 0]))
