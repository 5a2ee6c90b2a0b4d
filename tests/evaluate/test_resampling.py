from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from goodricke.evaluate.resampling import bootstrap, estimate, star_weights, summed_by, wilson


def mean_of(values: np.ndarray):
    return lambda w: {"mean": w @ values / w.sum(axis=1)}


def test_the_interval_of_a_share_is_that_of_the_binomial() -> None:
    n, p = 2000, 0.9
    right = (np.arange(n) < n * p).astype(float)
    value, samples = bootstrap({"m": mean_of(right)}, np.arange(n), 4000, seed=0)
    found = estimate(value["m"]["mean"], samples["m"]["mean"])
    low, high = stats.binom(n, p).ppf([0.025, 0.975]) / n
    # The end of a percentile interval scatters by sqrt(q (1 - q) / B) / density: 4000 resamples give 0.0004 here;
    # 3 sigma, and one star (0.0005), since both are discrete.
    assert found["value"] == pytest.approx(p)
    assert found["low"] == pytest.approx(low, abs=0.0017)
    assert found["high"] == pytest.approx(high, abs=0.0017)


def test_the_interval_covers_as_often_as_it_says() -> None:
    rng = np.random.default_rng(1)
    covered = 0
    for k in range(200):
        right = (rng.random(400) < 0.8).astype(float)
        value, samples = bootstrap({"m": mean_of(right)}, np.arange(400), 300, seed=k)
        found = estimate(value["m"]["mean"], samples["m"]["mean"])
        covered += found["low"] <= 0.8 <= found["high"]
    # 190 of 200 expected; 4 standard deviations of the binomial are 12.
    assert 178 <= covered <= 200


def test_rows_of_one_star_are_drawn_together() -> None:
    star = np.array([0, 0, 1, 1, 2, 2])
    for weights in star_weights(star, 50, np.random.default_rng(0)):
        np.testing.assert_array_equal(weights[:, ::2], weights[:, 1::2])
        np.testing.assert_array_equal(weights[:, ::2].sum(axis=1), 3)
    right = np.repeat(np.arange(400) % 2, 10).astype(float)
    _, together = bootstrap({"m": mean_of(right)}, np.repeat(np.arange(400), 10), 500, 0)
    _, apart = bootstrap({"m": mean_of(right)}, np.arange(4000), 500, 0)
    # Ten equal rows of a star tell no more than one: the spread is larger by sqrt(10), known to 3% from 500 draws.
    assert together["m"]["mean"].std() / apart["m"]["mean"].std() == pytest.approx(np.sqrt(10), rel=0.15)


def test_the_same_seed_gives_the_same_bytes_whatever_else_is_scored() -> None:
    right = np.random.default_rng(2).random(300)
    _, one = bootstrap({"a": mean_of(right)}, np.arange(300), 100, 7)
    _, two = bootstrap({"b": mean_of(1 - right), "a": mean_of(right)}, np.arange(300), 100, 7)
    _, other = bootstrap({"a": mean_of(right)}, np.arange(300), 100, 8)
    assert one["a"]["mean"].tobytes() == two["a"]["mean"].tobytes() != other["a"]["mean"].tobytes()
    np.testing.assert_allclose(two["a"]["mean"] + two["b"]["mean"], 1.0)  # the same resamples


def test_resamples_in_pieces_are_the_same_as_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    star = np.arange(100)
    whole = np.concatenate(list(star_weights(star, 40, np.random.default_rng(3))))
    monkeypatch.setattr("goodricke.evaluate.resampling._CELLS", 1000)
    parts = list(star_weights(star, 40, np.random.default_rng(3)))
    assert len(parts) == 4
    np.testing.assert_array_equal(np.concatenate(parts), whole)


def test_what_is_not_known_is_none() -> None:
    assert estimate(float("nan"), np.zeros(3)) == {"value": None, "low": None, "high": None}
    assert estimate(0.5, np.zeros(0)) == {"value": 0.5, "low": None, "high": None}
    value, samples = bootstrap({"m": mean_of(np.ones(3))}, np.arange(3), 0, 0)
    assert value["m"]["mean"] == 1.0
    assert len(samples["m"]["mean"]) == 0
    assert list(star_weights(np.zeros(0, dtype=np.int64), 5, np.random.default_rng(0))) == []


def test_wilson_is_that_of_scipy() -> None:
    for k, n in ((0, 10), (9, 10), (50, 100), (7, 7)):
        expected = stats.binomtest(k, n).proportion_ci(method="wilson")
        low, high = wilson(k, n)
        assert (float(low), float(high)) == pytest.approx((expected.low, expected.high), abs=1e-6)
    assert [float(end) for end in wilson(0, 0)] == [0.0, 1.0]


def test_sums_by_code_agree_with_bincount() -> None:
    rng = np.random.default_rng(4)
    code, values, weights = rng.integers(0, 5, 50), rng.random(50), rng.random((3, 50))
    expected = [np.bincount(code, row * values, 6) for row in weights]
    np.testing.assert_allclose(summed_by(code, 6, values)(weights), expected, rtol=1e-12)
