import numpy as np
import pytest

from goodricke.errors import DataError
from goodricke.photosphere import distance, emulator, fit_pair, fit_single
from goodricke.photosphere.pair import pair_model
from photosphere.photosphere_made import pairs, prepared


@pytest.fixture(scope="module")
def made():
    rng = np.random.default_rng(5)
    n = 48
    labels = np.column_stack([rng.choice([5500.0, 5800.0], n), np.full(n, 4.45), rng.uniform(-0.3, 0.1, n)])
    q = rng.uniform(0.6, 0.95, n)
    dv = rng.choice([-1, 1], n) * rng.uniform(0, 280, n)
    q[:12], dv[:12] = 1.0, 0.0
    ready = prepared(pairs(labels, q, dv), 80.0, rng)
    single = fit_single(ready)
    return labels, q, dv, single, fit_pair(ready, single), ready


def test_pairs_are_found_with_their_q_and_dv(made):
    labels, q, dv, _, found, _ = made
    plain = distance(labels, q, dv, 80.0) > 6
    assert plain.sum() > 20
    assert np.median(np.abs(found.q - q)[plain]) < 0.05
    moving = plain & (np.abs(dv) > 80)
    assert np.median(np.abs(found.dv - dv)[moving]) < 15
    assert np.median(np.abs(found.teff1 - labels[:, 0])[plain]) < 60


def test_delta_chi2_is_the_square_of_the_distance(made):
    labels, q, dv, _, found, _ = made
    expected = distance(labels, q, dv, 80.0)
    plain = expected > 5
    ratio = np.sqrt(found.delta_chi2[plain]) / expected[plain]
    # Fits count 40 components of the scatter and distances 90; noise adds one on average.
    assert 0.85 < np.median(ratio) < 1.25


def test_twins_at_rest_are_single(made):
    _, _, _, _, found, _ = made
    # Two more parameters and two beginnings: a chi2 of two degrees of freedom, the best of a few.
    assert np.median(found.delta_chi2[:12]) < 6
    assert found.delta_chi2[:12].max() < 25


def test_a_pair_is_never_worse_than_the_single_star(made):
    *_, single, found, ready = made
    assert (found.delta_chi2 >= 0).all()
    assert (found.chi2 <= single.chi2 + 1.0).mean() > 0.95
    assert found.model.shape == ready.flux.shape
    assert (np.abs(found.dv) <= 450).all()


@pytest.mark.parametrize("dv", [210.0, -280.0, 350.0])
def test_wide_twins_that_look_broad_are_found(dv):
    """The best single star has very broad lines, from where a fit does not find back to narrow ones by itself."""
    labels = np.array([[5000.0, 4.55, -0.1], [5700.0, 4.45, 0.0], [6200.0, 4.3, -0.3]])
    ready = prepared(pairs(labels, 1.0, dv), 60.0, np.random.default_rng(3))
    single = fit_single(ready)
    assert (single.broadening > 2).all()
    found = fit_pair(ready, single)
    # Which of two equal stars is the primary cannot be told.
    np.testing.assert_allclose(np.abs(found.dv), abs(dv), atol=15)
    assert (found.q > 0.85).all()
    assert (found.delta_chi2 > 25).all()


def test_slopes_of_the_model_of_pairs():
    model = pair_model(emulator())
    at = np.array([[5800.0, 4.4, -0.1, 5.0, 0.1, 0.8, 80.0], [6500.0, 4.2, -0.3, 5.0, 0.3, 0.9, -150.0]])
    ivar = np.full((2, 2749), 1e4, np.float32)
    _, slopes = model(at, ivar, True)
    for k, step in enumerate((5.0, 0.02, 0.02, 5.0, 0.05, 0.005, 5.0)):
        move = np.zeros(7)
        move[k] = step
        numeric = (model(at + move, ivar, False)[0] - model(at - move, ivar, False)[0]) / (2 * step)
        assert np.corrcoef(slopes[:, k].ravel(), numeric.ravel())[0, 1] > 0.94  # as those of single stars


def test_single_stars_of_other_spectra_are_refused(made):
    *_, single, _, ready = made
    with pytest.raises(DataError, match="same spectra"):
        fit_pair(ready[:5], single)
