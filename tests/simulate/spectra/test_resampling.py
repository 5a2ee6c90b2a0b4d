"""Vacuum, one lattice, one sharpness."""

from __future__ import annotations

import numpy as np
import pytest

from goodricke.simulate.spectra.resampling import TEMPLATE_LATTICE, on_lattice, vacuum
from goodricke.spectra.lattice import LIGHT_KM_S, MODEL_LATTICE


def gaussian_line(wave, centre, fwhm, depth=0.5):
    return 1.0 - depth * np.exp(-4.0 * np.log(2.0) * ((wave - centre) / fwhm) ** 2)


def test_lattice_holds_what_models_see():
    inner = slice(30, 30 + MODEL_LATTICE.n)
    np.testing.assert_allclose(TEMPLATE_LATTICE.wave[inner], MODEL_LATTICE.wave, rtol=1e-12)


def test_vacuum_of_known_lines():
    # Air and vacuum wavelengths of H alpha, H beta, Na D2 and Ca K (NIST).
    air = [6562.79, 4861.35, 5889.951, 3933.66]
    np.testing.assert_allclose(vacuum(air), [6564.60, 4862.71, 5891.583, 3934.77], atol=0.02)


@pytest.mark.parametrize("centre", [4600.0, 5500.0, 6500.0, 7100.0])
def test_a_line_gets_the_width_of_r_1800(centre):
    wave = np.arange(3700.0, 7400.0, 0.9)
    flux = gaussian_line(wave, centre, 2.5)[None]
    out = on_lattice(wave, flux, TEMPLATE_LATTICE, lambda at: np.full_like(at, 2.5))[0]
    at = TEMPLATE_LATTICE.wave
    wanted = centre / 1800.0
    # A Gaussian keeps its area when it is broadened: the depth falls as the width grows.
    np.testing.assert_allclose(out, gaussian_line(at, centre, wanted, 0.5 * 2.5 / wanted), atol=2e-3)


def test_what_is_blunter_stays_and_a_velocity_is_taken_out():
    wave = np.arange(3700.0, 7400.0, 0.9)
    flux = gaussian_line(wave, 4000.0 * (1 + 120.0 / LIGHT_KM_S), 2.5)[None]
    out = on_lattice(wave, flux, TEMPLATE_LATTICE, lambda at: np.full_like(at, 2.5), velocity=[120.0])[0]
    # The line is 2.8 pixels of the library wide: a spline through them is good to some thousandths of its depth.
    np.testing.assert_allclose(out, gaussian_line(TEMPLATE_LATTICE.wave, 4000.0, 2.5), atol=5e-3)
