from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from evaluate.made import answers
from goodricke.evaluate.answers import Answers
from goodricke.evaluate.ranking import precision_recall, ranking_scorer, risk_coverage, risk_scorer


@pytest.mark.parametrize("rounded", [False, True])
def test_average_precision_and_roc_are_those_of_scikit_learn(rounded: bool) -> None:
    metrics = pytest.importorskip("sklearn.metrics")
    said = answers(500)
    if rounded:  # many equal scores
        said = replace(said, probability=said.probability.round(1))
    weights = np.random.default_rng(0).integers(0, 4, (3, 500)).astype(float)
    found = ranking_scorer(said)(weights)
    for b in range(3):
        rows = np.repeat(np.arange(500), weights[b].astype(int))
        for g in range(4):
            truth, score = said.truth[rows] == g, said.probability[rows, g]
            assert found["average_precision"][b, g] == pytest.approx(metrics.average_precision_score(truth, score))
            assert found["roc_auc"][b, g] == pytest.approx(metrics.roc_auc_score(truth, score))
    np.testing.assert_allclose(found["macro_roc_auc"], found["roc_auc"].mean(axis=1))


def test_scores_that_say_nothing() -> None:
    said = answers(1000)
    flat = replace(said, probability=np.full((1000, 4), 0.25))
    found = {key: value[0] for key, value in ranking_scorer(flat)(np.ones((1, 1000))).items()}
    np.testing.assert_allclose(found["roc_auc"], 0.5)
    np.testing.assert_allclose(found["average_precision"], np.bincount(said.truth) / 1000)


def test_a_class_without_stars_has_no_list() -> None:
    said = Answers.of(("a", "b", "c"), [0, 1, 1], np.eye(3)[[0, 1, 2]])
    found = {key: value[0] for key, value in ranking_scorer(said)(np.ones((1, 3))).items()}
    assert np.isnan(found["average_precision"]).tolist() == [False, False, True]
    assert found["average_precision"][:2] == pytest.approx([1.0, 0.5 + 0.5 * 2 / 3])
    assert found["macro_average_precision"] == pytest.approx((1 + 0.5 + 1 / 3) / 2)


def test_the_curve_is_that_of_scikit_learn() -> None:
    metrics = pytest.importorskip("sklearn.metrics")
    said = answers(200)
    found = precision_recall(said, 2)
    precision, recall, threshold = metrics.precision_recall_curve(said.truth == 2, said.probability[:, 2])
    # scikit-learn adds the end (1, 0) and begins with the lowest threshold.
    np.testing.assert_allclose(found["precision"], precision[:-1][::-1])
    np.testing.assert_allclose(found["recall"], recall[:-1][::-1])
    np.testing.assert_allclose(found["threshold"], threshold[::-1])
    thin = precision_recall(answers(5000), 1)
    assert len(thin["recall"]) <= 300
    assert thin["recall"][-1] == 1.0


def test_risk_by_brute_force_with_abstaining_and_failed_stars_last() -> None:
    p = np.array([[0.9, 0.1], [0.55, 0.45], [0.2, 0.8], [0.5, 0.5], [0.99, 0.01]])
    said = Answers.of(("a", "b"), [0, 1, 1, 0, 1], p, ["ok", "ok", "ok", "failed", "abstained"])
    curve = risk_coverage(said)
    # Order: 0.9 right, 0.8 right, 0.55 wrong, then the abstaining one (0.99, wrong), then the failed one.
    np.testing.assert_allclose(curve["coverage"], [0.2, 0.4, 0.6, 0.8, 1.0])
    np.testing.assert_allclose(curve["risk"], [0, 0, 1 / 3, 2 / 4, 3 / 5])
    assert curve["decided"][0] == pytest.approx(0.6)
    found = risk_scorer(said)(np.ones((1, 5)))
    assert found["aurc"][0] == pytest.approx(np.mean([0, 0, 1 / 3, 2 / 4, 3 / 5]))
    np.testing.assert_allclose(found["risk"][0], curve["risk"])


def test_risk_of_resampled_stars_is_that_of_the_stars_repeated() -> None:
    said = answers(300)
    weights = np.random.default_rng(1).integers(0, 3, (2, 300)).astype(float)
    found = risk_scorer(said)(weights)["aurc"]
    for b in range(2):
        rows = np.repeat(np.arange(300), weights[b].astype(int))
        again = Answers.of(said.groups, said.truth[rows], said.probability[rows])
        assert found[b] == pytest.approx(risk_scorer(again)(np.ones((1, len(rows))))["aurc"][0])


def test_a_random_order_has_the_risk_of_the_whole() -> None:
    said = replace(answers(4000), probability=np.full((4000, 4), 0.25))
    aurc = risk_scorer(said)(np.ones((1, 4000)))["aurc"][0]
    assert aurc == pytest.approx(1 - said.right.mean())
