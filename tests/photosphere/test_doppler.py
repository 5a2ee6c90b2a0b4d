import numpy as np
import pytest

from goodricke.errors import DataError
from goodricke.photosphere.doppler import pixels_of, shift
from goodricke.spectra.lattice import LIGHT_KM_S, MODEL_LATTICE

INNER = slice(60, -60)


def lines(wave, centres=(4200.0, 4861.0, 5890.0, 6563.0), sigma_km_s=80.0):
    """Gaussian lines in velocity: the same in every pixel, and known between pixels too."""
    flux = np.ones_like(wave)
    for centre in centres:
        flux -= 0.4 * np.exp(-0.5 * (np.log(wave / centre) * LIGHT_KM_S / sigma_km_s) ** 2)
    return flux


@pytest.fixture
def rng():
    return np.random.default_rng(6)


@pytest.mark.parametrize("velocity", [-230.0, -34.5, 0.0, 17.0, 69.0, 301.0])
def test_a_shift_is_the_lines_elsewhere(velocity):
    wave = MODEL_LATTICE.wave
    moved = shift(lines(wave), MODEL_LATTICE, velocity)
    expected = lines(wave / (1.0 + velocity / LIGHT_KM_S))
    # The lines hold 1e-4 of their power beyond what the pixels can carry.
    np.testing.assert_allclose(moved[INNER], expected[INNER], atol=3e-4)


def test_broadening_adds_variances():
    wave, km_s = MODEL_LATTICE.wave, MODEL_LATTICE.km_s
    narrow, wide = lines(wave, sigma_km_s=90.0), lines(wave, sigma_km_s=130.0)
    depth = 90.0 / 130.0  # a line keeps its area
    broad = shift(narrow, MODEL_LATTICE, 0.0, (130.0**2 - 90.0**2) / km_s**2)
    np.testing.assert_allclose(1.0 - broad[INNER], (1.0 - wide[INNER]) * depth, atol=3e-4)
    sharp = shift(broad, MODEL_LATTICE, 0.0, (90.0**2 - 130.0**2) / km_s**2)
    np.testing.assert_allclose(sharp[INNER], narrow[INNER], atol=1e-6)


def test_a_shift_smooths_nothing(rng):
    """Half a pixel is the worst case of interpolation; here even white noise keeps its variance."""
    noise = rng.normal(size=(50, MODEL_LATTICE.n))
    moved = shift(noise, MODEL_LATTICE, 0.5 * MODEL_LATTICE.km_s)
    assert moved[:, INNER].std() == pytest.approx(noise[:, INNER].std(), rel=0.005)


def test_many_velocities_of_one_spectrum():
    flux = lines(MODEL_LATTICE.wave)
    both = shift(flux, MODEL_LATTICE, [0.0, 2 * MODEL_LATTICE.km_s])
    assert both.shape == (2, MODEL_LATTICE.n)
    np.testing.assert_allclose(both[0], flux, atol=1e-12)
    # 138 km/s are two pixels to within z^2 / 2, 0.0004 pixels
    np.testing.assert_allclose(both[1, 62:-60], flux[60:-62], atol=1e-3)
    assert float(pixels_of(MODEL_LATTICE.km_s, MODEL_LATTICE)) == pytest.approx(1.0, abs=2e-4)


def test_a_wrong_lattice_is_refused():
    with pytest.raises(DataError, match="pixels"):
        shift(np.ones(100), MODEL_LATTICE, 10.0)
