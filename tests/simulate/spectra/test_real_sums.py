"""Sums of real spectra: both classes have the same noise, and a single is unmoved."""

from __future__ import annotations

import numpy as np
import pytest

from goodricke.clean.spectra import prepare
from goodricke.errors import DataError, OptionError
from goodricke.simulate.spectra.noise import correlated
from goodricke.simulate.spectra.real_sums import WIDE_LATTICE, RealStars, load_real, real_pairs
from goodricke.spectra.lattice import LIGHT_KM_S

P = WIDE_LATTICE.n


@pytest.fixture(scope="module")
def stars(shared_data) -> RealStars:
    return load_real(shared_data / "spectra")


def made_up(error: float = 0.01) -> RealStars:
    """Ten stars of two visits each, flat but for lines, with white noise and velocities of their own."""
    rng = np.random.default_rng(0)
    lines = 1.0 + 0.1 * np.repeat(correlated((10, P), rng), 2, axis=0)
    flux = lines + error * rng.normal(size=(20, P))
    teff = np.repeat(np.linspace(6400, 5000, 10), 2)
    return RealStars(
        flux.astype(np.float32), np.full((20, P), error**2, np.float32), np.ones((20, P), bool),
        np.repeat([f"s{k}" for k in range(10)], 2), teff, np.zeros(20), np.full(20, 1 / error),
    )  # fmt: skip


def auc(score, positive):
    rank = score.argsort().argsort() + 1.0
    n = positive.sum()
    return (rank[positive].sum() - n * (n + 1) / 2) / n / (~positive).sum()


def test_noise_is_what_the_inverse_variance_says():
    stars = made_up()
    draws = [real_pairs(stars, 200, np.random.default_rng(k), 30.0, 170.0, ["twin"])[0] for k in (1, 1)]
    np.testing.assert_array_equal(draws[0].flux, draws[1].flux)
    for kind in ("twin", "pair"):
        spectra, truth = real_pairs(stars, 400, np.random.default_rng(2), 30.0, 0.0, [kind], binary_share=0.3)
        rows = np.flatnonzero(~truth.binary)
        flux = spectra.flux.reshape(400, -1)[rows]
        pull = []
        for name in np.unique(truth.star[rows]):
            same = flux[truth.star[rows] == name].astype(float)
            pull.append((same - same.mean(axis=0)).std() * np.sqrt(len(same) / (len(same) - 1.0)))
        # Beside the noise of the parents, which all sums of one star share, there is that which was added.
        added = np.median(1.0 / np.sqrt(spectra.ivar.reshape(400, -1)[rows]))
        assert 0.8 * added < np.median(pull) < 1.05 * added
        np.testing.assert_allclose(added, 1.0 / 30.0, rtol=0.05)


def test_a_moved_twin_is_two_lines():
    stars = made_up(1e-3)
    line = 1.0 - 0.5 * np.exp(-0.5 * ((np.arange(P) - 1400.0) / 1.2) ** 2)
    stars = RealStars(
        np.tile(line, (20, 1)).astype(np.float32), stars.variance, stars.known, stars.star, stars.teff,
        np.full(20, 40.0), stars.snr,
    )  # fmt: skip
    spectra, truth = real_pairs(stars, 8, np.random.default_rng(3), 900.0, 345.0, ["twin"], binary_share=0.5)
    flux = spectra.flux.reshape(8, -1)[:, 1300:1470]
    depth = 1.0 - flux.min(axis=1)
    np.testing.assert_allclose(depth[truth.binary], 0.25, atol=0.03)  # five pixels apart, each of half the light
    np.testing.assert_allclose(depth[~truth.binary], 0.5, atol=0.03)
    assert set(np.abs(truth.dv[truth.binary]).tolist()) == {345.0}


def test_real_ones_are_alike_but_for_the_second_star(stars):
    spectra, truth = real_pairs(stars, 300, np.random.default_rng(4), 30.0, 0.0, ["twin"])
    ready = prepare(spectra)
    assert ready.usable.all()
    assert (truth.star == truth.star2).all()
    error = np.sqrt(301 / (12 * 150 * 150))
    measures = {
        "snr": ready.snr,
        "smoothness": np.diff(ready.flux, axis=1).std(axis=1),
        "masked": (ready.ivar <= 0).sum(axis=1) + np.random.default_rng(0).uniform(0, 0.1, 300),
    }
    for name, measure in measures.items():
        assert abs(auc(measure, truth.binary) - 0.5) < 3.5 * error, name  # unmoved twins are singles


def test_real_pairs_have_a_cooler_second_star(stars):
    _, truth = real_pairs(stars, 300, np.random.default_rng(5), 30.0, (150.0, 400.0))
    pair = truth.binary & (truth.star != truth.star2)
    assert 50 < pair.sum() < 100
    assert (truth.teff2[pair] <= truth.teff1[pair]).all()
    assert ((truth.q[pair] >= 0.5) & (truth.q[pair] <= 1.0)).all()
    assert (truth.star[~truth.binary] == truth.star2[~truth.binary]).all()
    assert np.abs(truth.v_true).max() < 0.002 * LIGHT_KM_S


def test_what_cannot_be_summed_is_said(stars):
    with pytest.raises(OptionError, match="twin, pair"):
        real_pairs(made_up(), 4, np.random.default_rng(0), kinds=["triple"])
    with pytest.raises(DataError, match="two visits"):
        real_pairs(made_up(), 4, np.random.default_rng(0), snr=1e5)
