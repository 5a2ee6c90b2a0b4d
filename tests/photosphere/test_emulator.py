import numpy as np
import pytest

from goodricke.errors import DataError
from goodricke.photosphere import emulator
from goodricke.photosphere.emulator import BOUNDS, EMULATOR_LATTICE, Emulator, scatter, v_flux

SUN = np.array([[5772.0, 4.44, 0.0]])


def depth(flux, wave, centre, half=6.0, side=30.0):
    """Mean depth of a line against the flux beside it."""
    inside, beside = np.abs(wave - centre) < half, (np.abs(wave - centre) > side) & (np.abs(wave - centre) < 2 * side)
    return 1.0 - flux[..., inside].mean(axis=-1) / flux[..., beside].mean(axis=-1)


def test_flux_is_one_in_v():
    labels = np.array([[4300.0, 4.65, 0.0], [5772.0, 4.44, 0.0], [7000.0, 4.2, -0.5]])
    # Stars are scaled to 1 exactly; the mean of logarithms is not quite the logarithm of the mean.
    np.testing.assert_allclose(v_flux(emulator().flux(labels)), 1.0, atol=0.005)


def test_lines_of_stars_are_where_they_belong():
    """In vacuum: air wavelengths would be 1.3 Angstrom, 84 km/s, to the blue."""
    wave = EMULATOR_LATTICE.wave
    flux = emulator().flux(SUN)[0]
    for vacuum in (4862.69, 6564.61):  # Balmer lines of the NIST tables
        near = np.abs(wave - vacuum) < 8.0
        weight = 1.0 - flux[near] / flux[near].max()
        assert (weight * wave[near]).sum() / weight.sum() == pytest.approx(vacuum, abs=0.25)


def test_lines_follow_the_labels():
    wave, ours = EMULATOR_LATTICE.wave, emulator()
    balmer = depth(ours.flux([[5200.0, 4.4, 0.0], [6000.0, 4.4, 0.0], [7500.0, 4.2, 0.0]]), wave, 4862.7)
    assert (np.diff(balmer) > 0).all()
    magnesium = depth(ours.flux([[5200.0, 4.5, -0.8], [5200.0, 4.5, 0.0], [5200.0, 4.5, 0.4]]), wave, 5178.0)
    assert (np.diff(magnesium) > 0).all()
    oxide = depth(ours.flux([[5000.0, 4.6, 0.0], [4000.0, 4.7, 0.0], [3400.0, 4.9, 0.0]]), wave, 6185.0, 15.0, 60.0)
    assert (np.diff(oxide) > 0).all()


def test_slopes_are_derivatives():
    ours = emulator()
    labels = np.array([[4600.0, 4.6, -0.3], [5772.0, 4.44, 0.0], [6900.0, 4.1, 0.2]])
    slopes = ours.slopes(labels)
    for k, step in enumerate((1.0, 0.01, 0.01)):
        move = np.zeros(3)
        move[k] = step
        numeric = (ours.log_flux(labels + move) - ours.log_flux(labels - move)) / (2 * step)
        np.testing.assert_allclose(slopes[:, k], numeric, atol=1e-3 * np.abs(numeric).max())


def test_labels_beyond_the_bounds_are_those_at_the_edge():
    ours = emulator()
    np.testing.assert_array_equal(ours.flux([[20000.0, 4.4, 0.0]]), ours.flux([[BOUNDS[0, 1], 4.4, 0.0]]))
    with pytest.raises(DataError, match="not finite"):
        ours.flux([[np.nan, 4.4, 0.0]])


def test_a_fit_finds_the_polynomial_again():
    """Stars made by the emulator itself, with a few that are nonsense, give it back."""
    rng = np.random.default_rng(3)
    ours = emulator()
    labels = np.column_stack([rng.uniform(3800, 8000, 200), rng.uniform(3.9, 4.8, 200), rng.uniform(-0.9, 0.5, 200)])
    light = ours.log_flux(labels) + rng.normal(0, 0.01, (200, ours.lattice.n))
    light[:4] += rng.normal(0, 0.3, (4, ours.lattice.n))
    found = Emulator.fit(labels, light)
    test = labels[50:80]
    away = scatter(ours.log_flux(test), found.log_flux(test))
    assert np.sqrt((away**2).mean()) < 0.006  # 0.01 of noise, 17 terms of 200 stars
    # The scatter is the noise that was put in, and the four do not count.
    assert np.sqrt(found.variances.sum() + found.rest.mean()) == pytest.approx(0.01, rel=0.1)


def test_too_few_stars_are_refused():
    with pytest.raises(DataError, match="give at least"):
        Emulator.fit(np.tile(SUN, (10, 1)), np.zeros((10, EMULATOR_LATTICE.n)))


def test_save_and_load(tmp_path):
    emulator().save(tmp_path / "a.npz")
    again = Emulator.load(tmp_path / "a.npz")
    np.testing.assert_allclose(again.flux(SUN), emulator().flux(SUN), rtol=1e-6)
    assert again.lattice == EMULATOR_LATTICE
    assert (tmp_path / "a.npz").stat().st_size < 1.5e6


def test_components_are_orthogonal_and_the_scatter_is_that_of_dwarfs():
    ours = emulator()
    product = ours.components @ ours.components.T / ours.lattice.n
    np.testing.assert_allclose(product, np.eye(len(product)), atol=1e-3)
    assert (np.diff(ours.variances) <= 1e-12).all()
    # 1.2 % rms by an independent fit to the same library (with other outliers left out).
    assert 0.010 < np.sqrt(ours.variances.sum() + ours.rest.mean()) < 0.017
