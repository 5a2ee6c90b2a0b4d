"""Air or vacuum where nothing says so, and noise where no errors are given."""

from __future__ import annotations

import numpy as np
import pytest

from goodricke.spectra.wavelength import ANGSTROM, air_from_vacuum
from goodricke.surveys.spectra.axis import estimated_ivar, ivar_of_error, ivar_of_variance, vacuum_wavelengths
from goodricke.surveys.spectra.options import SpectrumOptions
from samples.spectra import lamost_wave, light


@pytest.mark.parametrize(
    ("wave", "medium", "why"),
    [
        (lamost_wave(), "vacuum", "LAMOST and SDSS"),
        (lamost_wave().round(2), "vacuum", "LAMOST and SDSS"),  # as a csv file holds it
        (air_from_vacuum(lamost_wave()), "air", "usual for optical"),  # the same pixels in air: not on the lattice
        (np.arange(4000.0, 7000.0), "air", "usual for optical"),
        (10 ** (3.60003 + 1e-4 * np.arange(2000)), "air", "usual for optical"),  # another lattice
        (np.arange(10_000.0, 13_000.0), "vacuum", "infrared"),
        (np.arange(1200.0, 1900.0), "vacuum", "ultraviolet"),
    ],
)
def test_the_medium_that_is_assumed(wave: np.ndarray, medium: str, why: str) -> None:
    notes: list[str] = []
    _, said = vacuum_wavelengths(wave, ANGSTROM, "", SpectrumOptions(), notes)
    assert said == f"{medium}, assumed"
    assert why in notes[0]
    assert "overrule with wavelengths=" in notes[0]


def test_the_user_is_believed_before_the_file() -> None:
    wave, said = vacuum_wavelengths(
        np.arange(400.0, 700.0), ANGSTROM, "air", SpectrumOptions(wavelengths="vacuum nm"), []
    )
    assert (wave[0], said) == (4000.0, "vacuum")


def test_noise_is_found_in_spectra_with_lines_and_gaps() -> None:
    rng = np.random.default_rng(4)
    wave = lamost_wave()
    sigma = np.linspace(1.0, 4.0, len(wave))
    flux = light(wave) + rng.normal(0, sigma)
    flux[500:520] = np.nan
    notes: list[str] = []
    found = estimated_ivar(flux, notes) ** -0.5
    # The median of 100 differences is good to 10 %; lines of the star widen a few blocks.
    assert np.median(np.abs(found / sigma - 1)) < 0.1
    assert "estimated from the scatter" in notes[0]
    assert (estimated_ivar(np.ones(500), []) == 0).all()
    assert (estimated_ivar(np.full(500, np.nan), []) == 0).all()


def test_errors_and_variances_that_mean_nothing_become_0() -> None:
    bad = np.array([0.0, -1.0, np.nan, np.inf, 1e-300])
    assert ivar_of_error(bad).tolist() == [0.0] * 5
    assert ivar_of_variance(bad[:4]).tolist() == [0.0] * 4
