from __future__ import annotations

import numpy as np
import pytest

from goodricke.decide.isotonic import rising_curve


def test_the_curve_is_that_of_scikit_learn() -> None:
    isotonic = pytest.importorskip("sklearn.isotonic")
    rng = np.random.default_rng(0)
    x = np.round(rng.random(700), 2)
    y = (rng.random(700) < x**2).astype(float)
    weights = rng.uniform(0.1, 3, 700)
    peer = isotonic.IsotonicRegression(out_of_bounds="clip").fit(x, y, sample_weight=weights)
    at = np.linspace(-0.1, 1.1, 500)
    np.testing.assert_allclose(np.interp(at, *rising_curve(x, y, weights)), peer.predict(at), atol=1e-12)


def test_pooling_by_hand() -> None:
    # 3, 1 pool to 2; then 2, 2, 0 pool with weight: (3 + 1 + 2 + 0) / 4 = 1.5; as shares of 3.
    x, y = rising_curve(np.arange(5.0), np.array([3, 1, 2, 0, 3]) / 3, np.ones(5))
    assert x.tolist() == [0, 3, 4]
    np.testing.assert_allclose(y, [0.5, 0.5, 1.0])


def test_one_star_and_stars_without_weight() -> None:
    x, y = rising_curve(np.array([0.3]), np.array([1.0]), np.ones(1))
    assert (x.tolist(), y.tolist()) == ([0.3], [1.0])
    x, y = rising_curve(np.array([0.1, 0.3]), np.array([1.0, 0.0]), np.array([0.0, 1.0]))
    assert (x.tolist(), y.tolist()) == ([0.3], [0.0])
