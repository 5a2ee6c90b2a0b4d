"""Noise: what is drawn has the size that it says, and knows nothing of the flux."""

from __future__ import annotations

import numpy as np
import pytest

from goodricke.errors import DataError, ReadError
from goodricke.simulate.spectra.noise import (
    OBSERVED_LATTICE,
    NoiseBank,
    calibration_error,
    correlated,
    load_noise,
    real_pixels,
)
from goodricke.spectra.lattice import LAMOST_LATTICE, MODEL_LATTICE

P = OBSERVED_LATTICE.n


@pytest.fixture(scope="module")
def bank(shared_data) -> NoiseBank:
    return load_noise(shared_data / "spectra")


def test_lattice_is_a_stretch_of_lamosts():
    first = (OBSERVED_LATTICE.first - LAMOST_LATTICE.first) / LAMOST_LATTICE.step
    assert abs(first - round(first)) < 1e-9
    assert OBSERVED_LATTICE.first < MODEL_LATTICE.first


def made_up(n: int, fine: float, coarse: float, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Two visits each to n flat stars told to have S/N 40: white noise of another size, red noise in the red half."""
    ivar = np.full((2 * n, P), 1600.0, np.float32)
    red = correlated((2 * n, P), rng, 15.0) * np.where(np.arange(P) > P // 2, coarse, 0.0)
    flux = 1.0 + (fine * rng.normal(size=(2 * n, P)) + red) / 40.0
    return flux.astype(np.float32), ivar, np.repeat([f"s{k}" for k in range(n)], 2)


def test_errors_of_repeat_visits_are_found():
    flux, ivar, star = made_up(60, 0.8, 0.6, np.random.default_rng(0))
    bank = NoiseBank.fit(flux, ivar, star, OBSERVED_LATTICE)
    blue, red = (slice(100, P // 2 - 100), slice(P // 2 + 100, P - 100))
    # What is expected has the floor of 0.5 % in it as well, 4 % of the variance here. Short stretches of the red noise
    # count as fine, and its longest ones are taken out with the continuum: a fifth of it is lost.
    assert abs(np.median(bank.fine[blue]) - 0.8) < 0.03
    assert abs(np.median(bank.fine[red]) - 0.8) < 0.08
    assert np.median(bank.coarse[blue]) < 0.08
    assert abs(np.median(bank.coarse[red]) - 0.5) < 0.05
    assert np.median(bank.neighbour[blue]) < 0.02


def test_what_is_drawn_is_what_was_learnt():
    flux, ivar, star = made_up(60, 0.8, 0.6, np.random.default_rng(0))
    bank = NoiseBank.fit(flux, ivar, star, OBSERVED_LATTICE)
    told, error = bank.draw(np.full(120, 40.0), np.random.default_rng(1))
    again = NoiseBank.fit((1.0 + error).astype(np.float32), (1.0 / told**2).astype(np.float32), star, OBSERVED_LATTICE)
    for part in (slice(100, P // 2 - 100), slice(P // 2 + 100, P - 100)):
        assert abs(np.median(again.fine[part]) / np.median(bank.fine[part]) - 1.0) < 0.06
        assert abs(np.median(again.coarse[part]) - np.median(bank.coarse[part])) < 0.12


def test_errors_have_the_size_asked_for(bank):
    told, error = bank.draw(np.full(400, 30.0), np.random.default_rng(1))
    median = np.array([np.median(1.0 / row[np.isfinite(row)]) for row in told])
    np.testing.assert_allclose(median, 30.0, rtol=1e-4)
    assert np.isinf(told).any()  # real masks
    assert (error[np.isinf(told)] == 0).all()
    assert len({row.tobytes() for row in told}) > 40  # of many spectra
    known = np.isfinite(told)
    assert 0.7 < (error[known] / told[known]).std() < 1.4


def test_real_bank(bank):
    wave = OBSERVED_LATTICE.wave
    assert len(bank) > 200
    # The sky line of oxygen at 5577 Angstrom is noisier than what surrounds it.
    line, beside = (np.abs(wave - at) < 5.0 for at in (5578.9, 5480.0))
    assert bank.profile[:, line].mean() < bank.profile[:, beside].mean()
    # Told errors are a little too large from pixel to pixel in the blue; in the red they are not, and neighbours agree.
    blue, red = (wave > 4500) & (wave < 5300), (wave > 6500) & (wave < 7200)
    assert 0.6 < bank.fine[blue].mean() < 0.95 < bank.fine[red].mean() < 1.5
    assert bank.neighbour[blue].mean() < 0.1 < bank.neighbour[red].mean()


def test_floor_is_correlated_over_some_pixels():
    draw = correlated((400, 600), np.random.default_rng(2)).astype(float)
    assert abs(draw.std() - 1.0) < 0.01
    for lag in (1, 3, 8):
        expected = np.exp(-(lag**2) / (4.0 * 1.5**2))  # of two Gaussians of 1.5 pixels
        assert abs((draw[:, lag:] * draw[:, :-lag]).mean() - expected) < 0.02


def test_calibration_is_off_smoothly():
    factor = np.log(calibration_error(300, np.random.default_rng(3)).astype(float))
    assert 0.01 < factor.std() < 0.1
    assert np.abs(np.diff(factor, axis=1)).max() < 2e-3


def test_what_cannot_be_a_bank_is_said(tmp_path):
    with pytest.raises(ReadError, match="data folder"):
        real_pixels(tmp_path)
    with pytest.raises(DataError, match="S/N above 8"):
        NoiseBank.fit(
            np.ones((3, P), np.float32), np.ones((3, P), np.float32), np.array(["a", "b", "c"]), OBSERVED_LATTICE
        )
