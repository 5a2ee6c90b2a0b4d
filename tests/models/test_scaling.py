"""Scaling against the normal distribution and scikit-learn's transformer."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from goodricke.errors import ModelError
from goodricke.models.scaling import Scaling


def test_any_steady_distribution_becomes_normal() -> None:
    rng = np.random.default_rng(0)
    sample = np.stack([rng.lognormal(3, 2, 20_000), rng.uniform(-5, 5, 20_000)], axis=1)
    scores = Scaling.fitted(sample).apply(sample)
    # Linear between knots a quarter of a deviation apart, most wrong where the lognormal is steep.
    expected = np.stack([stats.norm.ppf(stats.lognorm(2, scale=np.exp(3)).cdf(sample[:, 0])),
                         stats.norm.ppf(stats.uniform(-5, 10).cdf(sample[:, 1]))], axis=1)  # fmt: skip
    inner = np.abs(expected) < 2
    assert np.abs(scores - expected)[inner].max() < 0.1
    assert np.abs(scores).max() == 3


def test_scores_keep_the_order_and_shift_and_scale_do_not_matter() -> None:
    rng = np.random.default_rng(1)
    sample = rng.normal(size=(500, 2))
    scores = Scaling.fitted(sample).apply(sample)
    order = np.argsort(sample[:, 0])
    assert (np.diff(scores[order, 0]) >= 0).all()
    moved = Scaling.fitted(100 + 7 * sample).apply(100 + 7 * sample)
    np.testing.assert_allclose(moved, scores, atol=2e-4)  # float32 knots of numbers near 100


def test_equal_quantiles_share_the_mean_score() -> None:
    sample = np.array([[0.0]] * 50 + [[1.0]] * 50)
    found = Scaling.fitted(sample).apply(np.array([[0.0], [1.0], [-9.0], [9.0]])).ravel()
    scores = np.arange(-3, 3.01, 0.25)
    assert found[0] == found[2] == pytest.approx(scores[scores < 0].mean(), abs=0.15)
    assert found[1] == found[3] == pytest.approx(-found[0], abs=0.15)


def test_a_constant_becomes_zero() -> None:
    assert Scaling.fitted(np.full((9, 1), 4.0)).apply(np.array([[4.0], [5.0]])).ravel().tolist() == [0, 0]


def test_the_unknown() -> None:
    sample = np.random.default_rng(2).normal(size=(100, 3))
    sample[:30, 1] = np.nan
    scaling = Scaling.fitted(sample)
    assert scaling.indicated.tolist() == [1]
    assert scaling.n_columns == 4
    found = scaling.apply(np.array([[np.nan, np.inf, 0.0], [0.0, 0.0, -np.inf]]))
    assert found[0, :2].tolist() == [0, 0]
    assert found[:, 3].tolist() == [1, 0]
    kept = scaling.apply(np.array([[np.nan, np.inf, 0.0]]), impute=False)
    assert np.isnan(kept[0, :2]).all()
    assert np.isfinite(kept[0, 2])
    assert Scaling.fitted(sample, indicate=False).n_columns == 3


def test_nothing_known_at_all() -> None:
    scaling = Scaling.fitted(np.full((5, 1), np.nan))
    assert scaling.apply(np.array([[3.0], [np.nan]])).tolist() == [[0], [0]]


def test_arrays_and_back() -> None:
    sample = np.random.default_rng(3).normal(size=(100, 3))
    sample[0, 2] = np.nan
    scaling = Scaling.fitted(sample)
    again = Scaling.from_arrays(scaling.arrays(), 3)
    np.testing.assert_array_equal(again.apply(sample), scaling.apply(sample))


def test_refused() -> None:
    arrays = Scaling.fitted(np.random.default_rng(3).normal(size=(100, 3))).arrays()
    with pytest.raises(ModelError, match="must not fall"):
        Scaling.from_arrays({**arrays, "scaling.knots": -arrays["scaling.knots"]}, 3)
    with pytest.raises(ModelError, match="must not fall"):
        Scaling.from_arrays({**arrays, "scaling.knots": np.zeros((0, 3)), "scaling.scores": np.zeros((0, 3))}, 3)
    with pytest.raises(ModelError, match="marks features that are not among the 3"):
        Scaling.from_arrays({**arrays, "scaling.indicated": np.array([3])}, 3)
