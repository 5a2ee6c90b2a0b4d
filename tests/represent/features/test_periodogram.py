from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from goodricke.represent.features import features
from represent import made


def test_by_hand() -> None:
    lcs = made.star("a", np.linspace(0, 100, 30), np.arange(30.0), 1.0)
    periods = replace(made.periods_of(lcs, 0.8), false_alarm=np.array([1e-7]), power=np.array([0.4]))
    table = features(lcs, periods, ["periodogram"])
    row = dict(zip(table.names, table.values[0].tolist(), strict=True))
    expected = {
        "log_period": np.log10(0.8), "log_cycles": np.log10(125), "power": 0.4, "log_false_alarm": -7,
        "period_probability": 0.8, "second_probability": 0.3, "probability_lead": 0.5,
        "log_rival_2": np.log10(2), "log_rival_3": np.log10(0.5), "day_alias": 0.25,
    }  # fmt: skip
    assert row == pytest.approx(expected, rel=1e-6)


def test_a_false_alarm_of_zero_is_the_smallest() -> None:
    lcs = made.star("a", np.linspace(0, 100, 30), np.arange(30.0), 1.0)
    periods = replace(made.periods_of(lcs, 0.8), false_alarm=np.array([0.0]))
    assert features(lcs, periods, ["log_false_alarm"]).values[0, 0] == -300
