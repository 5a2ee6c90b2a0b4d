from __future__ import annotations

import numpy as np
import pytest

from evaluate.made import answers
from goodricke.evaluate.answers import Answers
from goodricke.evaluate.confusion import confusion_matrix, confusion_scorer, confusion_scores


def test_scores_are_those_of_scikit_learn_on_resampled_stars() -> None:
    metrics = pytest.importorskip("sklearn.metrics")
    said = answers(400)
    weights = np.random.default_rng(0).integers(0, 3, (3, 400)).astype(float)
    found = confusion_scorer(said)(weights)
    for b in range(3):
        rows = np.repeat(np.arange(400), weights[b].astype(int))
        truth, label = said.truth[rows], said.label[rows]
        assert found["accuracy"][b] == pytest.approx(metrics.accuracy_score(truth, label))
        assert found["balanced_accuracy"][b] == pytest.approx(metrics.balanced_accuracy_score(truth, label))
        assert found["weighted_f1"][b] == pytest.approx(metrics.f1_score(truth, label, average="weighted"))
        assert found["macro_f1"][b] == pytest.approx(metrics.f1_score(truth, label, average="macro"))
        assert found["macro_precision"][b] == pytest.approx(metrics.precision_score(truth, label, average="macro"))
        p, r, f, _ = metrics.precision_recall_fscore_support(truth, label)
        np.testing.assert_allclose([found[key][b] for key in ("precision", "recall", "f1")], [p, r, f])
    expected = metrics.confusion_matrix(said.truth, said.label)
    np.testing.assert_array_equal(confusion_matrix(said)[:, :-1], expected)


def test_hand_computed_with_a_failure_and_a_class_that_no_star_has() -> None:
    # True: EA 2, EW 2, no EB. EA: one right, one called EB. EW: one right, one failed.
    said = Answers(
        ("EA", "EB", "EW"), np.array([0, 0, 2, 2]), np.array([0, 1, 2, -1]), None,
        np.array(["ok", "ok", "ok", "failed"]), np.arange(4),
    )  # fmt: skip
    assert confusion_matrix(said).tolist() == [[1, 1, 0, 0], [0, 0, 0, 0], [0, 0, 1, 1]]
    found = {key: value[0] for key, value in confusion_scorer(said)(np.ones((1, 4))).items()}
    assert found["accuracy"] == 0.5
    assert found["balanced_accuracy"] == 0.5
    np.testing.assert_allclose(found["precision"], [1, 0, 1])
    np.testing.assert_allclose(found["recall"], [0.5, np.nan, 0.5])
    np.testing.assert_allclose(found["f1"], [2 / 3, np.nan, 2 / 3])
    assert found["macro_f1"] == pytest.approx(2 / 3)
    assert found["weighted_f1"] == pytest.approx(2 / 3)


def test_no_star_is_no_figure() -> None:
    found = confusion_scores(np.zeros((1, 2, 3)))
    assert np.isnan([found[key][0] for key in ("accuracy", "macro_f1", "weighted_f1", "balanced_accuracy")]).all()
