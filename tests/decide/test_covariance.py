from __future__ import annotations

import numpy as np
import pytest

from goodricke.decide.covariance import shrunk_covariance, shrunk_whitening, whitening


def test_shrinkage_is_that_of_scikit_learn() -> None:
    covariance = pytest.importorskip("sklearn.covariance")
    rng = np.random.default_rng(0)
    for n, k in ((12, 30), (200, 8)):
        rows = rng.normal(size=(n, k)) @ rng.normal(size=(k, k))
        ours, pull = shrunk_covariance(rows)
        theirs, their_pull = covariance.ledoit_wolf(rows, assume_centered=True)
        assert 0 < pull < 1
        assert pull == pytest.approx(their_pull, rel=1e-9)
        np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-12)


def test_whitening_makes_lengths_those_of_mahalanobis() -> None:
    rng = np.random.default_rng(1)
    mix = rng.normal(size=(5, 5))
    matrix, x = mix @ mix.T, rng.normal(size=(20, 5))
    w = whitening(matrix)
    np.testing.assert_allclose(w.T @ matrix @ w, np.eye(5), atol=1e-9)
    wanted = np.einsum("nk,kl,nl->n", x, np.linalg.inv(matrix), x)
    np.testing.assert_allclose(((x @ w) ** 2).sum(axis=1), wanted, rtol=1e-8)


def test_units_do_not_matter_to_the_shrunk_whitening() -> None:
    rows = np.random.default_rng(2).normal(size=(30, 4)) @ np.random.default_rng(3).normal(size=(4, 4))
    units = np.array([1e-3, 1.0, 50.0, 1e4])
    lengths = ((rows @ shrunk_whitening(rows)) ** 2).sum(axis=1)
    np.testing.assert_allclose((((rows * units) @ shrunk_whitening(rows * units)) ** 2).sum(axis=1), lengths, rtol=1e-9)
    assert np.isfinite(shrunk_whitening(np.zeros((5, 2)))).all()


def test_flat_directions_stay_finite() -> None:
    assert np.isfinite(whitening(np.zeros((3, 3)))).all()
    assert np.isfinite(whitening(np.diag([1.0, 0.0]))).all()
    assert shrunk_covariance(np.zeros((4, 2)))[0].tolist() == [[0, 0], [0, 0]]
