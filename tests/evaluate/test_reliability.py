from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from evaluate.made import answers
from goodricke.evaluate.answers import Answers
from goodricke.evaluate.reliability import (
    adaptive_bins,
    calibration_error,
    ece_of_perfect,
    probability_scorer,
    reliability,
)


def scores(said: Answers) -> dict[str, float]:
    return {key: float(value[0]) for key, value in probability_scorer(said)(np.ones((1, len(said)))).items()}


def test_scores_are_those_of_scikit_learn() -> None:
    metrics = pytest.importorskip("sklearn.metrics")
    said = answers(600)
    found = scores(said)
    assert found["log_loss"] == pytest.approx(metrics.log_loss(said.truth, said.probability))
    assert found["top2"] == pytest.approx(metrics.top_k_accuracy_score(said.truth, said.probability, k=2))
    binary = Answers.of(
        ("a", "b"), (said.truth == 0).astype(int), np.c_[1 - said.probability[:, 0], said.probability[:, 0]]
    )
    # The sum over both classes is twice the score of one.
    assert scores(binary)["brier"] == pytest.approx(
        2 * metrics.brier_score_loss(said.truth == 0, said.probability[:, 0])
    )


def test_hand_computed() -> None:
    said = Answers.of(("a", "b", "c"), [0, 2], [[0.7, 0.2, 0.1], [0.5, 0.3, 0.2]])
    found = scores(said)
    assert found["brier"] == pytest.approx(((0.09 + 0.04 + 0.01) + (0.25 + 0.09 + 0.64)) / 2)
    assert found["log_loss"] == pytest.approx(-(np.log(0.7) + np.log(0.2)) / 2)
    assert found["top2"] == 0.5
    assert found["ece"] == pytest.approx((0.3 + 0.5) / 2)
    sets = np.array([[True, True, False], [True, False, False]])
    found = scores(replace(said, sets=sets))
    assert (found["set_coverage"], found["set_size"]) == (0.5, 1.5)


def test_bins_hold_equal_counts_and_equal_values_together() -> None:
    counts = np.bincount(adaptive_bins(np.random.default_rng(0).random(1500)))
    assert counts.tolist() == [100] * 15
    assert set(adaptive_bins(np.full(50, 0.3)).tolist()) == {0}
    assert len(adaptive_bins(np.zeros(0))) == 0


def test_calibration_error_by_brute_force() -> None:
    rng = np.random.default_rng(1)
    claimed = rng.random(900)
    happened = (rng.random(900) < claimed**2).astype(float)
    order = np.argsort(claimed).reshape(15, 60)
    expected = np.mean([abs(claimed[rows].mean() - happened[rows].mean()) for rows in order])
    assert calibration_error(claimed, happened) == pytest.approx(expected)


def test_a_calibrated_model_shows_the_error_of_sampling_and_no_more() -> None:
    said = answers(20_000)
    perfect = ece_of_perfect(said)
    # A share of n stars scatters by sqrt(p (1 - p) / n) about normally; the mean distance is sqrt(2 / pi) of that.
    # 200 draws of a mean of 15 such distances know it to 1.5%.
    p = said.confidence[np.argsort(said.confidence)][:19_995].reshape(15, 1333)
    expected = np.mean(np.sqrt(2 / np.pi * (p * (1 - p)).mean(axis=1) / 1333))
    assert perfect["mean"] == pytest.approx(expected, rel=0.06)
    assert scores(said)["ece"] < perfect["limit"] * 1.3
    assert scores(said)["ece_classwise"] < perfect["limit"] * 1.3
    sure = replace(said, probability=said.probability**3 / (said.probability**3).sum(axis=1, keepdims=True))
    assert scores(sure)["ece"] > 5 * perfect["limit"]


def test_the_diagram_lies_on_the_diagonal_for_a_calibrated_model() -> None:
    found = reliability(answers(20_000))
    inside = (found["low"] <= found["confidence"]) & (found["confidence"] <= found["high"])
    assert inside.sum() >= 12  # 14.25 of 15 expected
    assert found["n"].sum() == found["histogram"].sum() == 20_000


def test_failed_rows_claim_nothing_but_are_scored_as_knowing_nothing() -> None:
    p = [[0.9, 0.1], [np.nan, np.nan]]
    said = Answers.of(("a", "b"), [0, 1], p, ["ok", "failed"])
    found = scores(said)
    assert found["ece"] == pytest.approx(0.1)
    assert found["brier"] == pytest.approx((0.02 + 0.5) / 2)
    assert found["top2"] == 0.5
    assert reliability(said)["n"].tolist() == [1.0]
