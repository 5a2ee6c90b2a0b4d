from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from goodricke.errors import DataError
from goodricke.evaluate.roc import roc


def test_curve_and_area_agree_with_scikit_learn() -> None:
    metrics = pytest.importorskip("sklearn.metrics")
    rng = np.random.default_rng(0)
    truth = rng.random(500) < 0.3
    p = np.round(np.clip(0.3 * truth + rng.normal(0.4, 0.2, 500), 0, 1), 2)  # with ties
    found = roc(p, truth)
    false_rate, true_rate, threshold = metrics.roc_curve(truth, p, drop_intermediate=False)
    np.testing.assert_allclose(found.false_rate, false_rate)
    np.testing.assert_allclose(found.true_rate, true_rate)
    np.testing.assert_allclose(found.threshold, threshold)
    assert found.auc == pytest.approx(metrics.roc_auc_score(truth, p))
    assert found.low < found.auc < found.high


def test_the_area_of_two_normals() -> None:
    rng = np.random.default_rng(1)
    truth = rng.random(20_000) < 0.5
    found = roc(norm.cdf(rng.normal(size=20_000) + truth), truth, n_draws=50)
    assert found.auc == pytest.approx(norm.cdf(1 / np.sqrt(2)), abs=0.01)


def test_rows_of_one_star_are_no_new_evidence() -> None:
    rng = np.random.default_rng(2)
    truth = rng.random(200) < 0.5
    p = norm.cdf(rng.normal(size=200) + truth)
    once = roc(p, truth, n_draws=400)
    many = roc(np.repeat(p, 9), np.repeat(truth, 9), np.repeat(np.arange(200), 9), n_draws=400)
    blind = roc(np.repeat(p, 9), np.repeat(truth, 9), n_draws=400)
    assert many.auc == pytest.approx(once.auc)
    assert many.high - many.low == pytest.approx(once.high - once.low, rel=0.15)
    assert blind.high - blind.low < 0.5 * (many.high - many.low)


def test_what_has_no_curve() -> None:
    with pytest.raises(DataError):
        roc([0.1, 0.2], [True, True])
    with pytest.raises(DataError):
        roc([0.1, np.nan], [True, False])
