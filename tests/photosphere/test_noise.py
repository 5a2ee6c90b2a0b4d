import numpy as np
import pytest

from goodricke.photosphere import emulator
from goodricke.photosphere.noise import FLOOR, noise_of, plain_noise, shape_of


@pytest.mark.parametrize("components", [5, 40])
def test_products_are_those_of_the_whole_covariance(components):
    """Woodbury against a plain solve with the covariance written out."""
    rng = np.random.default_rng(1)
    shape = shape_of(emulator(), components)
    p = shape.components.shape[1]
    ivar = rng.uniform(500, 20000, (2, p)).astype(np.float32)
    ivar[:, 100:180] = 0.0
    rows = rng.normal(0, 0.02, (2, 3, p)).astype(np.float32)
    found = noise_of(ivar, emulator(), components=components).products(rows)
    for k in range(2):
        good = ivar[k] > 0
        basis = shape.components[:, good].astype(float)
        whole = np.diag(1.0 / ivar[k, good] + FLOOR**2 + shape.rest[good]) + basis.T @ (
            shape.variances[:, None] * basis
        )
        expected = rows[k][:, good] @ np.linalg.solve(whole, rows[k][:, good].T.astype(float))
        np.testing.assert_allclose(found[k], expected, rtol=2e-4, atol=2e-3 * np.abs(expected).max())


def test_fewer_components_keep_the_variance():
    few, many = shape_of(emulator(), 10), shape_of(emulator(), 80)
    for shape in (few, many):
        stars = shape.variances < 1.0  # smooth errors have a variance of 1
        total = shape.rest.mean() + (shape.variances[stars, None] * shape.components[stars] ** 2).sum(axis=0).mean()
        assert total == pytest.approx((emulator().variances.sum() + emulator().rest.mean()), rel=0.1)


def test_plain_noise_is_least_squares():
    ivar = np.ones((1, 2749), np.float32)
    ivar[0, :1000] = 0
    row = np.full((1, 1, 2749), 2e-3)
    found = plain_noise(ivar, scale=1e-3).products(row)
    assert float(found[0, 0, 0]) == pytest.approx(1749 * 4.0, rel=1e-5)
