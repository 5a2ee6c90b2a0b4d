"""Made spectra for the tests of this room."""

from __future__ import annotations

import numpy as np

from goodricke.clean.spectra import Prepared, prepare
from goodricke.photosphere import emulator
from goodricke.photosphere.composite import pair_flux, velocities
from goodricke.spectra import Spectra


def prepared(flux, snr, rng=None, wave_weight=0.0) -> Prepared:
    """Spectra on the emulator's wavelengths with noise (none without rng), through the same door as real ones."""
    wave = emulator().lattice.wave
    light = np.atleast_2d(flux)
    sigma = light.mean(axis=1, keepdims=True) / snr * (wave / 5500.0) ** wave_weight
    seen = light if rng is None else light + sigma * rng.normal(size=light.shape)
    return prepare(Spectra.from_arrays(wave, seen, 1.0 / sigma**2 * np.ones_like(light), velocity=0.0))


def pairs(labels, q, dv):
    v1, v2 = velocities(q, dv)
    return pair_flux(emulator(), labels, q, v1, v2)
