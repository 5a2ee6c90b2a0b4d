from __future__ import annotations

import json

import numpy as np
import pytest

from goodricke.decide.abstention import AbstentionLimits, reasons
from goodricke.errors import DataError, OptionError

GOOD = {
    "n_points": 300, "span_days": 900.0, "period_days": 0.7, "amplitude_over_noise": 8.0, "false_alarm": 1e-9,
    "novelty": 0.4, "probabilities": [0.9, 0.1],
}  # fmt: skip

CASES = [
    ({}, ""),
    ({"n_points": 19}, "too few points: 19, at least 20"),
    ({"n_points": 20}, ""),
    ({"span_days": 0.35}, "span shorter than the period: 0.35 d of 0.7 d"),
    ({"span_days": 1.05}, "span of few periods: 1.5, at least 2"),
    ({"span_days": 1.4}, ""),
    ({"amplitude_over_noise": 0.5}, "amplitude below noise: 0.5 of it, at least 1"),
    ({"false_alarm": 0.25}, "no period stands out: false-alarm probability 0.25, at most 0.1"),
    ({"novelty": 0.0031}, "unlike anything in training: novelty 0.0031, at least 0.01"),
    ({"novelty": 0.01}, ""),
    ({"probabilities": [0.45, 0.41]}, "no class stands out: the likeliest has 0.45, at least 0.5"),
    (
        {"n_points": 7, "novelty": 0.001, "probabilities": [0.3, 0.2]},
        "too few points: 7, at least 20; unlike anything in training: novelty 0.001, at least 0.01; "
        "no class stands out: the likeliest has 0.30, at least 0.5",
    ),
]


def test_every_reason_in_words() -> None:
    rows = [GOOD | change for change, _ in CASES]
    columns = {name: np.array([row[name] for row in rows]) for name in GOOD}
    assert reasons(**columns).tolist() == [words for _, words in CASES]
    order = np.random.default_rng(0).permutation(len(rows))
    turned = reasons(**{name: column[order] for name, column in columns.items()})
    assert turned.tolist() == [CASES[k][1] for k in order]


def test_what_is_unknown_is_no_reason() -> None:
    nothing = np.array([np.nan])
    said = reasons(None, nothing, np.array([0.0]), nothing, nothing, nothing, np.array([[np.nan, np.nan]]))
    assert said.tolist() == [""]
    assert reasons().tolist() == []
    assert reasons(n_points=[], probabilities=np.empty((0, 3))).tolist() == []


def test_classes_without_a_period_need_none() -> None:
    bad = {"span_days": [0.3], "period_days": [1.0], "amplitude_over_noise": [0.1], "false_alarm": [0.9]}
    assert reasons(**bad, periodic=[False]).tolist() == [""]
    assert reasons(**bad)[0].count(";") == 2


def test_a_purity_that_was_asked_for() -> None:
    said = reasons(
        probabilities=[[0.7, 0.3, 0.0], [0.8, 0.2, 0.0], [0.0, 0.99, 0.01], [0.1, 0.0, 0.9]],
        classes=("EA", "EB", "EW"), cuts=[0.8, np.inf, 0.5],
    )  # fmt: skip
    assert said.tolist() == [
        "too unsure for the purity asked for: EA has 0.700, at least 0.800", "",
        "the purity asked for cannot be had for EB", "",
    ]  # fmt: skip


def test_a_failed_star_needs_no_further_reason() -> None:
    assert reasons(probabilities=[[np.nan, np.nan]], classes=("EA", "EB"), cuts=[np.inf, 0.8]).tolist() == [""]


def test_limits_of_nothing_let_everything_pass() -> None:
    limits = AbstentionLimits(0, 0.0, 0.0, 1.0, 0.0, 0.0)
    rows = {name: [0] for name in GOOD if name != "probabilities"} | {"false_alarm": [1.0], "period_days": [9.0]}
    assert reasons(**rows, probabilities=[[0.1, 0.1]], limits=limits).tolist() == [""]


def test_limits_through_json() -> None:
    limits = AbstentionLimits(n_points=31, novelty=0.003)
    assert AbstentionLimits.from_dict(json.loads(json.dumps(limits.to_dict()))) == limits
    assert AbstentionLimits.from_dict({"n_points": 31}).cycles == 2.0
    with pytest.raises(OptionError, match="limits points are not known; there are n_points"):
        AbstentionLimits.from_dict({"points": 3})


def test_what_is_refused() -> None:
    with pytest.raises(DataError, match="one row per star"):
        reasons(n_points=[1, 2], novelty=[0.5])
    with pytest.raises(DataError, match="as many cuts"):
        reasons(probabilities=[[0.5, 0.5]], classes=("EA", "EB"), cuts=[0.1])
