"""The ideal discriminant against brute force, against draws, and against made spectra that went through the line."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import ndtr
from scipy.stats import multivariate_normal

from evaluate.made_spectra import DWARF, auc, from_emulator, scattered, seen_spectra
from goodricke.errors import DataError
from goodricke.evaluate.bound import bound, conditions, ideal
from goodricke.photosphere import bound_auc, emulator


def test_against_the_whole_covariance_written_out():
    rng = np.random.default_rng(3)
    left, stars, free = rng.normal(size=30), rng.normal(size=(12, 30)), rng.normal(size=(2, 30))
    white = rng.uniform(0.1, 0.5, 30)
    away = stars - stars.mean(axis=0)
    # What is free is given a variance that is as good as infinite.
    covariance = np.diag(white) + away.T @ away / 12 + 1e6 * free.T @ free
    found = ideal(left, white, stars, free)
    assert found.distance == pytest.approx(np.sqrt(left @ np.linalg.solve(covariance, left)), rel=1e-4)
    np.testing.assert_allclose(found.weights @ free.T, 0.0, atol=1e-8)
    np.testing.assert_allclose(found.weights @ covariance @ found.weights, 1.0, rtol=1e-4)


def test_no_other_direction_is_better_and_its_auc_is_that_of_draws():
    rng = np.random.default_rng(4)
    left, stars = 0.4 * rng.normal(size=20), rng.normal(size=(9, 20))
    away = stars - stars.mean(axis=0)
    covariance = 0.3 * np.eye(20) + away.T @ away / 9
    found = ideal(left, 0.3, stars)
    for weights in rng.normal(size=(200, 20)):
        assert weights @ left / np.sqrt(weights @ covariance @ weights) < found.distance
    singles = rng.multivariate_normal(np.zeros(20), covariance, 4000)
    binaries = rng.multivariate_normal(left, covariance, 4000)
    score = np.concatenate([singles, binaries]) @ found.weights
    kind = np.arange(8000) >= 4000
    assert auc(score, kind) == pytest.approx(found.auc, abs=0.012)
    # The ratio of the likelihoods, the best test there is, gives the same order.
    both = np.concatenate([singles, binaries])
    odds = multivariate_normal(left, covariance).logpdf(both) - multivariate_normal(cov=covariance).logpdf(both)
    np.testing.assert_allclose(auc(odds, kind), auc(score, kind), atol=1e-6)


def test_more_light_tells_more_and_twins_nothing():
    ours, stars = emulator(), from_emulator()
    found = [bound(DWARF, 0.8, 0.0, snr, ours, stars.residues).auc for snr in (10.0, 20.0, 50.0, 100.0)]
    assert (np.diff(found) > 0).all()
    assert bound(DWARF, 1.0, 0.0, 100.0, ours, stars.residues).auc == pytest.approx(0.5, abs=0.005)
    assert bound(DWARF, 1.0, 150.0, 50.0, ours, stars.residues).auc > 0.95


@pytest.mark.parametrize("q", [0.7, 0.8, 0.9])
def test_near_the_distance_that_the_photosphere_computes(q):
    """The same physics by other means: there the star is fitted in the measure of the noise, from where it began."""
    theirs = bound_auc(DWARF[0], q, 0.0, [20.0, 50.0])
    ours = [bound(DWARF, q, 0.0, snr, emulator(), from_emulator().residues).auc for snr in (20.0, 50.0)]
    np.testing.assert_allclose(ours, theirs, atol=0.035)


@pytest.mark.parametrize(("q", "snr"), [(0.8, 20.0), (0.9, 50.0)])
def test_the_discriminant_reaches_the_bound_on_made_spectra(q, snr):
    """Spectra made, prepared and fitted as all are: neither more nor much less than the bound says."""
    rng = np.random.default_rng(5)
    seen, binary, _ = seen_spectra(scattered(from_emulator(), 800, rng), 800, rng, q=q, snr=snr)
    best = bound(DWARF, q, 0.0, snr, emulator(), from_emulator().residues)
    score = seen.left.astype(float) @ best.weights
    error = np.sqrt(ndtr(best.distance / np.sqrt(2)) * (1 - best.auc) / 200)
    assert abs(auc(score, binary) - best.auc) < 3 * error
    assert score[~binary].std() == pytest.approx(1.0, abs=0.12)
    assert score[binary].mean() - score[~binary].mean() == pytest.approx(best.distance, rel=0.12)


def test_shapes_and_noise_that_cannot_be():
    with pytest.raises(DataError, match="do not fit"):
        ideal(np.ones(5), 1.0, np.ones((3, 4)))
    with pytest.raises(DataError, match="above 0"):
        ideal(np.ones(5), 0.0, np.ones((3, 5)))


def test_conditions_are_blind_to_velocity_and_labels():
    ours = emulator()
    at = conditions(DWARF, 0.8, 0.0, ours, from_emulator().residues)
    fitted, *_ = np.linalg.lstsq(at.free.T, at.left, rcond=None)
    # The best single star has been taken out already, in flux and not in parts of it: to 20 K and 0.02 dex.
    assert np.abs(fitted).max() < 0.2
