"""The period, its strength and its rivals."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from goodricke import ragged
from goodricke.represent.features.curves import Curves
from goodricke.represent.features.feature import Feature

__all__ = ["FEATURES", "compute"]

FEATURES = (
    Feature("log_period", "d", -4, 5, "The period."),
    Feature("log_cycles", "", -3, 8, "Span over period."),
    Feature("power", "", 0, 1, "Height of the highest peak of the periodogram."),
    Feature("log_false_alarm", "", -300, 0, "Chance that noise has a peak as high."),
    Feature("period_probability", "", 0, 1, "Probability of the period, from the chooser."),
    Feature("second_probability", "", 0, 1, "Probability of the second best period."),
    Feature("probability_lead", "", 0, 1, "Probability of the best less that of the second."),
    Feature("log_rival_2", "", -6, 6, "Second best period over the best."),
    Feature("log_rival_3", "", -6, 6, "Third best period over the best."),
    Feature("day_alias", "", 0, 0.5, "Distance of the frequency from a whole number of cycles a day, in cycles."),
)


def compute(curves: Curves) -> dict[str, NDArray[np.float64]]:
    """Every feature of the group (N,)."""
    periods = curves.periods
    assert periods is not None
    period = np.where(periods.period > 0, periods.period, np.nan)
    time, offsets = curves.lcs.time, curves.lcs.offsets
    span = ragged.maxima(time, offsets) - ragged.minima(time, offsets)
    frequency = 1.0 / period[:, 0]
    best, second = periods.probability[:, 0], periods.probability[:, 1]
    return {
        "log_period": np.log10(period[:, 0]),
        "log_cycles": np.log10(span / period[:, 0]),
        "power": periods.power,
        "log_false_alarm": np.log10(np.where(periods.false_alarm >= 0, np.fmax(periods.false_alarm, 1e-300), np.nan)),
        "period_probability": best,
        "second_probability": second,
        "probability_lead": best - second,
        "log_rival_2": np.log10(period[:, 1] / period[:, 0]),
        "log_rival_3": np.log10(period[:, 2] / period[:, 0]),
        "day_alias": np.abs(frequency - np.round(frequency)),
    }
