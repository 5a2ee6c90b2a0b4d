import numpy as np
import pytest

from clean.spectra.spectra_made import lamost, plain_continuum, real
from goodricke.clean.spectra import continuum, prepare
from goodricke.errors import DataError, OptionError
from goodricke.spectra import LAMOST_LATTICE, MODEL_LATTICE, Lattice

OFFSET = round((MODEL_LATTICE.first - LAMOST_LATTICE.first) / MODEL_LATTICE.step)
INSIDE = slice(OFFSET, OFFSET + MODEL_LATTICE.n)


@pytest.mark.parametrize("masked", [0, 100, 400, 1000])
def test_same_as_the_sum_over_all_pixels_for_real_spectra(shared_data, masked: int) -> None:
    spectra = real(shared_data)
    flux, ivar = spectra.on(LAMOST_LATTICE)
    flux, ivar = flux[:, INSIDE], ivar[:, INSIDE].copy()
    flux = flux / np.abs(flux).mean(axis=1, keepdims=True)
    rng = np.random.default_rng(masked)
    for row, start in enumerate(rng.integers(0, MODEL_LATTICE.n - masked, len(ivar))):
        ivar[row, start : start + masked] = 0
    enough = (ivar > 0).sum(axis=1) > 500
    flux, ivar = flux[enough], ivar[enough]
    plain = plain_continuum(flux, ivar, MODEL_LATTICE)
    fast = continuum(flux, ivar, MODEL_LATTICE)
    assert len(flux) > 150
    # Sums of float32 of both signs: where the mean of the flux itself vanishes no relative error means anything.
    counts = (ivar > 0) & (plain > 0.02)
    assert np.abs(fast / plain - 1)[counts].max() < 1e-4


def test_width_and_lattice_of_ones_own() -> None:
    coarse = Lattice(3.57, 5e-4, 700)
    rng = np.random.default_rng(2)
    flux, ivar = 1 + 0.3 * rng.normal(size=(4, 700)), rng.uniform(0, 9, (4, 700))
    for width in (10.0, 35.0, 120.0):
        plain = plain_continuum(flux, ivar, coarse, 10 * width)
        assert np.abs(continuum(flux, ivar, coarse, width) / plain - 1).max() < 1e-4


def test_a_stretch_far_from_any_pixel_is_unknown() -> None:
    flux, ivar = np.ones((2, LAMOST_LATTICE.n)), np.ones((2, LAMOST_LATTICE.n))
    ivar[0, 200:] = 0
    ivar[1] = 0
    smooth = continuum(flux, ivar, LAMOST_LATTICE)
    assert np.isnan(smooth[0, -200:]).all()
    assert np.abs(smooth[0, :400] - 1).max() < 1e-5
    assert np.isnan(smooth[1]).all()


def test_what_is_prepared_has_a_continuum_of_one() -> None:
    ready = prepare(lamost(3, velocity=[-80.0, 0.0, 55.5]))
    again = continuum(ready.flux, ready.ivar, MODEL_LATTICE)
    # Not exactly: the weights are divided by the square of the continuum too.
    assert np.abs(again - 1).max() < 0.03


def test_shapes_and_widths_that_make_no_sense() -> None:
    with pytest.raises(DataError, match=r"this lattice asks for \(N, 2749\)"):
        continuum(np.ones((2, 5)), np.ones((2, 5)), MODEL_LATTICE)
    with pytest.raises(OptionError, match="a width of 0 nm"):
        continuum(np.ones((1, 2749)), np.ones((1, 2749)), MODEL_LATTICE, 0)
