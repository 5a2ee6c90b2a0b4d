from __future__ import annotations

import numpy as np
import pytest

from clean.spectra.spectra_made import lamost, real, star
from goodricke.clean.spectra import SpectrumLimits, prepare
from goodricke.clean.spectra.spikes import masked_median, scatter, spikes
from goodricke.spectra import LAMOST_LATTICE, Spectra

WAVE = LAMOST_LATTICE.wave
LSF = 2.4 / 2.3548  # pixels: a full width of 2.4


def noisy(n: int, snr: float, seed: int = 4) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    flux = star(WAVE) + rng.normal(0, 1 / snr, (n, len(WAVE)))
    return flux.astype(np.float32), np.full(flux.shape, snr**2, np.float32)


@pytest.mark.parametrize("width", [1, 2])
def test_cosmic_rays_of_one_and_two_pixels_are_found(width: int) -> None:
    flux, ivar = noisy(40, 50.0)
    rng = np.random.default_rng(width)
    hit = rng.integers(100, len(WAVE) - 100, (40, 5))
    for row, columns in enumerate(hit):
        for column in columns:
            # Between two lines a hit has to clear the shoulders too; where there are none, 0.5 are 25 sigma.
            flux[row, column : column + width] += rng.uniform(0.8, 3.0)
    found = spikes(flux, ivar, 8.0)
    assert np.mean([found[row, column] for row in range(40) for column in hit[row]]) > 0.95
    clean, _ = noisy(40, 50.0)
    assert spikes(clean, ivar, 8.0).sum() == 0


@pytest.mark.parametrize("snr", [10.0, 100.0, 500.0])
def test_emission_lines_stay(snr: float) -> None:
    """Unresolved emission of any strength and at any place between two pixels, as of a chromosphere or a nebula."""
    flux, ivar = noisy(60, snr)
    rng = np.random.default_rng(7)
    x = np.arange(len(WAVE))
    for row in range(60):
        flux[row] += rng.uniform(0.3, 8.0) * np.exp(-0.5 * ((x - rng.uniform(2400, 2560)) / LSF) ** 2)
    found = spikes(flux, ivar, 8.0)[:, 2390:2570]
    assert found.any(axis=1).mean() <= 0.02


def test_deep_absorption_is_never_looked_at() -> None:
    flux, ivar = noisy(30, 200.0)
    flux[:, 1000:1003] *= 0.05
    flux[:, 1500] *= 0.01
    assert not spikes(flux, ivar, 8.0).any()


def test_light_far_below_nothing_is_masked_and_counted() -> None:
    spectra = lamost(1, snr=40.0)
    flux = np.array(spectra.flux)
    flux[1000] = -2.0
    ready = prepare(Spectra(**{**vars(spectra), "flux": flux}))
    assert ready.spikes[0] == 3
    assert (ready.ivar[0] == 0).sum() == 3
    assert (ready.flux[0][ready.ivar[0] == 0] == 1).all()


def test_a_lone_good_pixel_among_masked_ones_is_no_spike() -> None:
    flux, ivar = noisy(1, 100.0)
    masked = np.ones(flux.shape, bool)
    masked[0, ::3] = False
    masked[0, :1900] = False
    assert not spikes(np.where(masked, 0, flux), np.where(masked, 0, ivar), 8.0).any()


def test_real_spectra_lose_few_pixels(shared_data) -> None:
    ready = prepare(real(shared_data))
    lost = ready.spikes[ready.usable]
    assert lost.mean() < 2
    assert (lost > 0).mean() < 0.25
    none = prepare(real(shared_data), limits=SpectrumLimits(spike_sigma=1e9))
    assert none.spikes.sum() == 0


def test_scatter_is_the_noise_and_unknown_where_there_is_too_little() -> None:
    rng = np.random.default_rng(1)
    flux = star(WAVE) + rng.normal(0, 0.03, (5, len(WAVE)))
    known = np.ones(flux.shape, bool)
    known[1, ::7] = False
    known[2, 90:] = False
    noise = scatter(flux, known)
    assert np.isnan(noise[2])
    # The comb of lines adds up to a fifth; nothing takes away from the noise.
    assert np.all((noise[[0, 1, 3, 4]] > 0.029) & (noise[[0, 1, 3, 4]] < 0.0365))
    assert np.isnan(scatter(flux[:, :4], known[:, :4])).all()


def test_median_of_what_is_known() -> None:
    rng = np.random.default_rng(2)
    values, known = rng.normal(size=(20, 101)), rng.random((20, 101)) < 0.7
    for row, middle in enumerate(masked_median(values, known)):
        ordered = np.sort(values[row, known[row]])
        assert middle == ordered[len(ordered) // 2]
