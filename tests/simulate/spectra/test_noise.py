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


def made_up(n: int, excess: float, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Two visits each to n flat stars of S/N 40, whose errors are larger than told in the red half."""
    ivar = np.full((2 * n, P), 1600.0, np.float32)
    true = np.where(np.arange(P) > P // 2, excess, 1.0) / 40.0
    flux = 1.0 + rng.normal(size=(2 * n, P)) * true
    return flux.astype(np.float32), ivar, np.repeat([f"s{k}" for k in range(n)], 2)


def test_excess_of_repeat_visits_is_found():
    flux, ivar, star = made_up(40, 1.6, np.random.default_rng(0))
    bank = NoiseBank.fit(flux, ivar, star, OBSERVED_LATTICE)
    blue, red = bank.excess[100 : P // 2 - 100], bank.excess[P // 2 + 100 : -100]
    # What is expected has the floor of 0.5 % in it as well, 4 % of the variance here; and errors beyond 3.5 times the
    # expected ones, 3 % of all at 1.6, count as 3.5.
    assert abs(np.median(blue) - 1.0) < 0.04
    assert abs(np.median(red) - 1.6) < 0.08


def test_errors_have_the_size_asked_for(bank):
    snr = np.full(400, 30.0)
    told, true = bank.draw(snr, np.random.default_rng(1))
    median = np.array([np.median(1.0 / row[np.isfinite(row)]) for row in told])
    np.testing.assert_allclose(median, 30.0, rtol=1e-4)
    assert (true >= told).all()
    assert np.isinf(told).any()  # real masks
    assert len({row.tobytes() for row in told}) > 40  # of many spectra


def test_real_bank(bank):
    wave = OBSERVED_LATTICE.wave
    assert len(bank) > 200
    # The sky line of oxygen at 5577 Angstrom is noisier than what surrounds it.
    line, beside = (np.abs(wave - at) < 5.0 for at in (5578.9, 5480.0))
    assert bank.profile[:, line].mean() < bank.profile[:, beside].mean()
    assert bank.excess[(wave > 4500) & (wave < 5300)].mean() < 1.1


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
