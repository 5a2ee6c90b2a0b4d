from __future__ import annotations

import numpy as np
import pytest

from goodricke.period.choice import different, probabilities


def test_the_same_period_is_offered_once_and_its_best_guise_stands() -> None:
    rng = np.random.default_rng(0)
    frequency = rng.uniform(0.1, 0.4, 60)
    odds = rng.normal(size=60)
    chosen = different(frequency, odds, 50.0)
    assert chosen[0] == np.argmax(odds)
    assert (np.diff(odds[chosen]) <= 0).all()
    gap = np.abs(np.subtract.outer(frequency, frequency[chosen]))
    assert gap[chosen][~np.eye(len(chosen), dtype=bool)].min() > 0.01
    # What was left out is the same period as one that is likelier.
    for k in set(range(60)) - set(chosen.tolist()):
        assert any(gap[k, j] <= 0.01 and odds[c] >= odds[k] for j, c in enumerate(chosen))


def test_probabilities_are_a_softmax_with_one_more_choice() -> None:
    odds = np.array([3.0, 1.0, -2.0])
    weights = np.exp(np.array([0.5 * 3.0, 0.5 * 1.0, 0.5 * -2.0, -1.0]))
    np.testing.assert_allclose(probabilities(odds, 0.5, -1.0), (weights / weights.sum())[:3], rtol=1e-12)
    assert probabilities(np.array([2000.0]), 1.0, 0.0)[0] == pytest.approx(1.0)
    assert probabilities(np.array([-2000.0]), 1.0, 0.0)[0] == pytest.approx(0.0)
