from __future__ import annotations

import numpy as np
import pytest

from evaluate.made import answers
from goodricke.evaluate.answers import Answers
from goodricke.evaluate.baselines import majority, random_by_share
from goodricke.evaluate.metrics import model_scorer


def uneven(n: int = 20_000) -> Answers:
    truth = np.random.default_rng(0).choice(4, n, p=[0.6, 0.2, 0.15, 0.05])
    return Answers.of(answers(4).groups, truth, np.full((n, 4), 0.25))


def test_majority_is_right_as_often_as_its_class() -> None:
    said = uneven()
    share = np.bincount(said.truth) / len(said)
    found = {k: v[0] for k, v in model_scorer(majority(said), "all")(np.ones((1, len(said)))).items()}
    assert found["accuracy"] == pytest.approx(share[0])
    assert found["balanced_accuracy"] == pytest.approx(0.25)
    assert found["log_loss"] == pytest.approx(-(share * np.log(share)).sum())  # the entropy
    assert found["ece"] == pytest.approx(0, abs=1e-12)


def test_random_is_right_by_the_sum_of_squared_shares() -> None:
    said = uneven()
    share = np.bincount(said.truth) / len(said)
    drawn = random_by_share(said, seed=1)
    expected = (share**2).sum()
    # Four standard deviations of a binomial of 20,000.
    assert drawn.right.mean() == pytest.approx(expected, abs=4 * np.sqrt(expected * (1 - expected) / 20_000))
    np.testing.assert_array_equal(drawn.label, random_by_share(said, seed=1).label)
    assert (drawn.label != random_by_share(said, seed=2).label).any()
