from __future__ import annotations

import numpy as np
import pytest

from goodricke.errors import DataError
from goodricke.evaluate.answers import SCOPES, Answers

P = [[0.9, 0.1], [0.6, 0.4], [0.2, 0.8], [0.5, 0.5]]


def test_scopes_and_confidence() -> None:
    answers = Answers.of(("EA", "EW"), [0, 1, 1, 0], P, ["ok", "abstained", "ok", "failed"])
    assert answers.label.tolist() == [0, 0, 1, -1]
    assert answers.right.tolist() == [True, False, True, False]
    assert answers.confidence.tolist() == [0.9, 0.6, 0.8, 0.0]
    assert {scope: answers.within(scope).tolist() for scope in SCOPES} == {
        "all": [True] * 4, "answered": [True, True, True, False], "decided": [True, False, True, False],
    }  # fmt: skip
    np.testing.assert_array_equal(answers.probability[3], 0.5)
    part = answers.take(np.array([False, True, False, True]))
    assert part.status.tolist() == ["abstained", "failed"]
    assert len(part) == 2


def test_a_model_without_probabilities_is_sure() -> None:
    answers = Answers(("a", "b"), np.array([0, 1]), np.array([0, -1]), None, np.array(["ok", "failed"]), np.arange(2))
    assert answers.confidence.tolist() == [1.0, 0.0]


def test_shapes_and_numbers_are_checked() -> None:
    with pytest.raises(DataError, match=r"shape \(1, 3\)"):
        Answers(("a", "b"), np.array([0]), np.array([0]), np.ones((1, 3)), np.array(["ok"]), np.arange(1))
    with pytest.raises(DataError, match=r"outside 0 \.\.\. 1"):
        Answers(("a", "b"), np.array([2]), np.array([0]), None, np.array(["ok"]), np.arange(1))
