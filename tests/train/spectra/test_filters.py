from __future__ import annotations

import numpy as np
import pytest

from goodricke.clean.spectra.continuum import continuum
from goodricke.photosphere import emulator
from goodricke.spectra.lattice import MODEL_LATTICE
from goodricke.train.spectra.filters import APART, RATIOS, TEFF, arms_pattern, filters_of, patterns, survey_patterns


def test_the_space_of_filters_holds_the_best_of_each_companion() -> None:
    """The best linear filter inside the space is as good as the one of all pixels (Fisher), labels being free."""
    rng = np.random.default_rng(0)
    x = np.arange(400.0)
    left = np.array([[0.01 * np.exp(-(((x - 20 * j - 8 * t) / 6) ** 2)) for j in range(1, 8)] for t in range(10)])
    slopes = rng.normal(size=(10, 8, 400)) * 0.03
    scatter = rng.normal(size=(60, 5)) @ rng.normal(size=(5, 400)) * 0.01
    found = filters_of(left, slopes, np.zeros((10, 400)), scatter, 120)
    away = scatter - scatter.mean(axis=0)
    for level, node in ((15.0, 2), (60.0, 7)):
        white = level**-2 + 0.005**2
        covariance = away.T @ away / 60 + white * np.eye(400) + slopes[node].T @ slopes[node] * 1e4
        whole = np.einsum("jp,pq,jq->j", left[node], np.linalg.inv(covariance), left[node])
        small = np.diag(found.scatter.astype(float) + white)
        free = found.slope[node].astype(float)
        small = small + free.T @ free * 1e4
        pattern = found.pattern[node].astype(float)
        inside = np.einsum("jk,kl,jl->j", pattern, np.linalg.inv(small), pattern)
        # A subspace can only lose; that it does not lose much is what it is made for. It takes the scatter along its
        # axes as independent, so that it may be off by a little either way.
        np.testing.assert_allclose(inside, whole, rtol=0.05)
    np.testing.assert_allclose(found.filter @ found.filter.T, np.eye(120), atol=1e-5)


def test_patterns_of_twins_at_rest_are_nothing_and_of_others_something() -> None:
    left, slopes, base = patterns(emulator())
    shape = (len(TEFF), len(RATIOS), len(APART), -1)
    size = left.reshape(shape).std(axis=-1)
    assert len(left) == len(slopes) == len(base) == len(TEFF)
    assert size[:, RATIOS.index(1.0), APART.index(0.0)].max() < 1e-3
    sun = int(np.argmin(np.abs(np.array(TEFF) - 5800)))
    assert size[sun, RATIOS.index(0.8), APART.index(0.0)] > 3e-3
    assert size[sun, RATIOS.index(1.0), APART.index(300.0)] > 1e-2


def test_few_binaries_do_not_move_what_a_survey_does() -> None:
    rng = np.random.default_rng(1)
    odd = 0.01 * np.sin(np.arange(200.0) / 3)
    left = odd + rng.normal(0, 0.02, (240, 200))
    left[:40] += 0.05 * np.cos(np.arange(200.0))
    found = survey_patterns(left, rng.uniform(4000, 7000, 240))
    assert found.shape == (3, 200)
    # The median of 80 values of scatter 0.02 is known to 0.0028.
    assert np.abs(found - odd).std() < 0.006


@pytest.mark.parametrize("middle", [5750.0, 5870.0])
def test_a_step_leaves_what_the_continuum_does_not_take(middle: float) -> None:
    wave = MODEL_LATTICE.wave
    step = 0.04 / (1.0 + np.exp(-(wave - middle) / 5.0))
    flux = (1.0 + step).astype(np.float32)[None]
    left = flux / continuum(flux, np.ones_like(flux), MODEL_LATTICE) - 1.0
    found = 0.04 * arms_pattern(wave, np.array([middle]), np.array([5.0]))
    # The logistic function is within 0.01 of the integral of the Gaussian, the continuum within the size of the step.
    np.testing.assert_allclose(left, found, atol=0.04 * 0.06)
