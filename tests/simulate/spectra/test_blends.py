"""More stars than there are."""

from __future__ import annotations

import numpy as np
import pytest

from goodricke.photosphere import emulator
from goodricke.simulate.spectra.blends import blended, gaussian
from goodricke.simulate.spectra.source import Source

P = emulator().lattice.n


@pytest.fixture(scope="module")
def source() -> Source:
    rng = np.random.default_rng(3)
    labels = np.column_stack([rng.uniform(4500, 6500, 60), rng.uniform(4.2, 4.6, 60), rng.uniform(-0.5, 0.3, 60)])
    names = np.array([f"star {k}" for k in range(60)])
    return Source(emulator(), names, labels, rng.normal(0, 0.015, (60, P)).astype(np.float32))


def test_mixtures_deviate_as_much_as_stars_and_are_of_the_source_alone(source: Source) -> None:
    many = blended(source[np.arange(30)], 3000, np.random.default_rng(0))
    assert set(many.star) <= set(source.star[:30])
    # Squares of weights add up to one, so that the variance of independent deviations is kept. A star may be mixed with
    # itself, which makes a few larger.
    assert 0.0145 < many.residues.std() < 0.018
    assert many.labels[:, 0].min() >= source.labels[:30, 0].min() - 1
    # Mixtures are of stars alike: the labels lie near those of the star that they are named after.
    near = np.abs(many.labels[:, 0] - source.labels[[list(source.star).index(name) for name in many.star], 0])
    assert np.median(near) < 500


def test_same_seed_same_bytes(source: Source) -> None:
    one, other = (blended(source, 50, np.random.default_rng(5)) for _ in range(2))
    np.testing.assert_array_equal(one.residues, other.residues)


def test_gaussian_stars_have_the_mean_and_covariance(source: Source) -> None:
    many = gaussian(source, 4000, np.random.default_rng(0))
    away = source.residues - source.residues.mean(axis=0)
    _, size, modes = np.linalg.svd(away, full_matrices=False)
    along = (many.residues - source.residues.mean(axis=0)) @ modes[:5].T
    # Variances of 4,000 draws are known to 2.2 %.
    np.testing.assert_allclose(along.var(axis=0), size[:5] ** 2 / 60, rtol=0.1)
    assert not many.like
    assert len(set(many.star)) == 4000
