"""What dust, errors of calibration and noise make of light: flux and inverse variance as in a file."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from goodricke.clean.spectra.continuum import continuum
from goodricke.simulate.spectra.noise import FLOOR, OBSERVED_LATTICE, NoiseBank, calibration_error, correlated

__all__ = ["observed"]

_DUST_SLOPE = 3.1  # A_V / E(B-V)


def observed(
    light: NDArray[np.float64],
    snr: NDArray[np.float64],
    ebv: NDArray[np.float64],
    noise: NoiseBank | str,
    rng: np.random.Generator,
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Flux and inverse variance as they would be in a file."""
    n = len(light)
    clean = light.astype(np.float32)
    if isinstance(noise, str):
        smooth = continuum(clean, np.ones_like(clean), OBSERVED_LATTICE)
        told = np.broadcast_to((1.0 / snr).astype(np.float32)[:, None], clean.shape)
        error = told * rng.standard_normal(clean.shape, dtype=np.float32)
        floor = rng.standard_normal(clean.shape, dtype=np.float32)
    else:
        clean = clean * (10.0 ** (-0.4 * _DUST_SLOPE * ebv[:, None] * _dust())).astype(np.float32)
        clean = clean * calibration_error(n, rng)
        smooth = continuum(clean, np.ones_like(clean), OBSERVED_LATTICE)
        told, error = noise.draw(snr, rng)
        floor = correlated(clean.shape, rng)
    known = np.isfinite(told)
    flux = np.where(known, clean * (1.0 + np.float32(FLOOR) * floor) + smooth * error, 0.0)
    return flux.astype(np.float32), np.where(known, 1.0 / (told * smooth) ** 2, 0.0).astype(np.float32)


def _dust() -> NDArray[np.float64]:
    """A(lambda) / A(V) on the observed lattice (Cardelli, Clayton & Mathis 1989, eq. 3, R_V 3.1)."""
    y = 1e4 / OBSERVED_LATTICE.wave - 1.82
    a = np.polyval([0.32999, -0.77530, 0.01979, 0.72085, -0.02427, -0.50447, 0.17699, 1.0], y)
    b = np.polyval([-2.09002, 5.30260, -0.62251, -5.38434, 1.07233, 2.28305, 1.41338, 0.0], y)
    return np.asarray(a + b / _DUST_SLOPE)
