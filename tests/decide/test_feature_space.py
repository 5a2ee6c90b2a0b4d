from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.distance import mahalanobis

from goodricke.decide.covariance import shrunk_covariance
from goodricke.decide.feature_space import fit_space
from goodricke.errors import DataError


def stars(n: int, seed: int):
    rng = np.random.default_rng(seed)
    target = rng.integers(0, 3, n)
    mix = np.array([[1.0, 0.4, 0.0], [0.0, 2.0, 0.5], [0.0, 0.0, 0.3]])
    return (rng.normal(size=(n, 3)) @ mix + 3.0 * np.eye(3)[target] + [100.0, 0.0, -5.0]), target


def inverse_of(rows):
    """Inverse of the covariance whose correlations are shrunk."""
    width = np.sqrt((rows**2).mean(axis=0))
    return np.linalg.inv(shrunk_covariance(rows / width)[0] * np.outer(width, width))


@pytest.mark.parametrize("relative", [False, True])
def test_distances_are_those_of_scipy(relative) -> None:
    x, target = stars(900, 0)
    space = fit_space(x, target, relative)
    z = (np.clip(x, space.clip_low, space.clip_high) - space.center) / space.scale
    means = [z[target == k].mean(axis=0) for k in range(3)]
    inverse, whole = (inverse_of(rows) for rows in (z - np.array(means)[target], z - z.mean(axis=0)))
    distance, _ = space.oddness(x)
    for row in range(0, 900, 90):
        wanted = min(mahalanobis(z[row], mean, inverse) ** 2 for mean in means)
        wanted -= mahalanobis(z[row], z.mean(axis=0), whole) ** 2 if relative else 0
        assert distance[row] == pytest.approx(wanted, abs=1e-3)  # features are kept as float32


def test_units_do_not_matter_and_blocks_do_not_show() -> None:
    x, target = stars(600, 1)
    stretch, shift = np.array([1000.0, 0.01, 1.0]), np.array([5.0, 0.0, -7.0])
    one, other = fit_space(x, target, False), fit_space(x * stretch + shift, target, False)
    many = np.tile(x, (20, 1))
    near, _ = one.oddness(many)
    far, _ = other.oddness(many * stretch + shift)
    np.testing.assert_allclose(far, near, rtol=0.01, atol=0.01)  # float32 of numbers near 1e5
    np.testing.assert_allclose(near.reshape(20, 600), np.broadcast_to(near[:600], (20, 600)), rtol=1e-4, atol=1e-4)


def test_unknown_features_are_the_median_and_in_range() -> None:
    x, target = stars(600, 2)
    x[::3, 1] = np.nan
    space = fit_space(x, target, False)
    assert space.center[1] == pytest.approx(np.nanmedian(x[:, 1]), rel=1e-6)
    rows = np.array([[np.nan, np.inf, -np.inf], space.center, [1e6, space.center[1], -1e6]])
    distance, outside = space.oddness(rows)
    assert distance[0] == distance[1]
    np.testing.assert_allclose(outside, [0, 0, 2 / 3])
    _, within = space.oddness(x)
    assert (within == 0).all()


def test_features_that_never_change_or_never_exist() -> None:
    x, target = stars(300, 3)
    x = np.column_stack([x, np.full(300, 7.0), np.full(300, np.nan), np.arange(300) < 3])
    space = fit_space(x, target, True)
    distance, outside = space.oddness(np.vstack([x[0], [*x[0, :3], 8.0, 99.0, 1.0]]))
    assert np.isfinite(distance).all()
    np.testing.assert_allclose(outside, [0, 1 / 6])


def test_nothing_at_all() -> None:
    x, target = stars(50, 4)
    space = fit_space(x, target, False)
    assert [len(values) for values in space.oddness(np.empty((0, 3)))] == [0, 0]
    with pytest.raises(DataError, match="3 features per star"):
        space.oddness(np.zeros((2, 4)))
    alone = fit_space(x[:1], target[:1], True)
    assert np.isfinite(alone.oddness(x)[0]).all()
