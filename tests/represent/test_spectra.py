"""What models see of spectra."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from goodricke.clean.spectra import Prepared, prepare
from goodricke.errors import ModelError
from goodricke.photosphere import emulator, fit_single
from goodricke.photosphere.single import Single
from goodricke.represent.spectra import NUMBERS, SPECTRAL, looked, spectral
from goodricke.spectra import Spectra
from goodricke.spectra.lattice import MODEL_LATTICE


@pytest.fixture(scope="module")
def two() -> tuple[Prepared, Single]:
    """A star at S/N 50 with a gap, and one that cannot be used."""
    flux = emulator().flux([[5800.0, 4.4, 0.0], [5000.0, 4.5, -0.2]])
    noisy = flux * (1 + np.random.default_rng(0).normal(0, 0.02, flux.shape))
    ivar = (50 / flux) ** 2
    ivar[0, 1000:1050] = 0
    spectra = Spectra.from_arrays(emulator().lattice.wave, noisy, ivar, ivar == 0, velocity=0.0, kind=["STAR", "QSO"])
    prepared = prepare(spectra)
    return prepared, fit_single(prepared)


def test_what_is_left_is_the_ratio_to_the_star(two: tuple[Prepared, Single]) -> None:
    prepared, single = two
    seen = looked(prepared, single)
    known = prepared.ivar[0] > 0
    ratio = prepared.flux[0] / single.model[0] - 1
    # Half precision: 11 bits of a number of some hundredths.
    np.testing.assert_allclose(seen.left[0, known], ratio[known], atol=1e-4)
    np.testing.assert_allclose(seen.light[0, known], prepared.flux[0, known] - 1, atol=5e-4)
    pull = seen.left[0, known].astype(float) / seen.sigma[0, known].astype(float)
    # One sigma of the native pixels, of which interpolation takes the mean of two at worst.
    assert 0.6 < pull.std() < 1.1


def test_what_is_unknown_is_nothing(two: tuple[Prepared, Single]) -> None:
    seen = looked(*two)
    gap = two[0].ivar[0] == 0
    assert gap.sum() >= 50
    for pixels in (seen.light, seen.left, seen.sigma):
        assert (pixels[0, gap] == 0).all()
        assert (pixels[1] == 0).all()
    assert np.isfinite(seen.numbers[0]).all()
    assert np.isnan(seen.numbers[1, NUMBERS.index("teff")])
    assert seen.numbers[0, NUMBERS.index("known")] == pytest.approx(1 - gap.mean(), abs=1e-6)
    assert 10 ** seen.numbers[0, NUMBERS.index("log_snr")] == pytest.approx(50, rel=0.1)


@pytest.mark.parametrize("name", SPECTRAL)
def test_every_row_gives_finite_pixels_of_all_rows(two: tuple[Prepared, Single], name: str) -> None:
    seen = looked(*two)
    inputs = spectral(name).make(seen)
    for key, array in inputs.items():
        assert len(array) == 2
        assert array.dtype == np.float32
        assert np.isfinite(array).all() or key == "numbers"
    alone = spectral(name).make(seen[1:])
    for key, array in inputs.items():
        np.testing.assert_array_equal(alone[key], array[1:])


def test_a_fault_of_a_pixel_counts_as_eight_sigma(two: tuple[Prepared, Single]) -> None:
    seen = looked(*two)
    seen.left[0, 500] = 3.0
    inputs = spectral("spectrum-companions").make(seen)
    sigma = float(seen.sigma[0, 500])
    assert inputs["spectrum"][0, 1, 500] == pytest.approx(8 * np.hypot(sigma, 0.005), rel=1e-3)


def test_what_is_on_the_way_to_the_star_is_not_shown(two: tuple[Prepared, Single]) -> None:
    seen = looked(*two)
    wave = MODEL_LATTICE.wave
    sodium = (wave > 5891.0) & (wave < 5898.5)  # both lines, in vacuum
    gas = replace(seen, left=np.where(sodium, np.float16(-0.3), seen.left), light=np.where(sodium, 0, seen.light))
    before, after = (spectral("spectrum-companions").make(each)["spectrum"] for each in (seen, gas))
    np.testing.assert_array_equal(before, after)
    star = (wave > 5160.0) & (wave < 5190.0)
    assert (before[0, 2, star] > 0).all()


def test_a_name_that_is_none_says_which_there_are() -> None:
    with pytest.raises(ModelError, match="did you mean 'spectrum-flux'"):
        spectral("spectrum-flix")
    with pytest.raises(ModelError, match="there are spectrum-flux, spectrum-companions"):
        spectral(3)
