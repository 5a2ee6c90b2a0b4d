"""Spectra with known properties, and the plainest way to prepare one: a loop over pixels."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from goodricke.spectra import LAMOST_LATTICE, MODEL_LATTICE, Lattice, Spectra
from goodricke.spectra.lattice import LIGHT_KM_S


def star(wave: np.ndarray, velocity: float = 0.0) -> np.ndarray:
    """A G star's look: a slope, Balmer lines and a comb of weak ones, as wide as LAMOST sees them."""
    rest = wave / (1 + velocity / LIGHT_KM_S)
    depth = np.zeros_like(rest)
    lines = [(3934.8, 0.7, 8.0), (4341.7, 0.4, 5.0), (4862.7, 0.4, 5.0), (5175.0, 0.3, 6.0), (6564.6, 0.4, 5.0)]
    weak = np.random.default_rng(5)
    lines += [(at, weak.uniform(0.02, 0.2), 1.3) for at in np.arange(3860.0, 7240.0, 17.0)]
    for at, deep, sigma in lines:
        depth += deep * np.exp(-0.5 * ((rest - at) / sigma) ** 2)
    return (rest / 5500.0) ** 0.7 * np.exp(-depth)


def lamost(n: int = 6, snr: float = 60.0, seed: int = 1, velocity: np.ndarray | None = None, **about) -> Spectra:
    """Noisy spectra on LAMOST's pixels, moving at `velocity` km/s (0 when left out)."""
    rng = np.random.default_rng(seed)
    velocity = np.zeros(n) if velocity is None else np.asarray(velocity, dtype=float)
    wave = LAMOST_LATTICE.wave
    clean = np.array([star(wave, each) for each in velocity])
    flux = clean + rng.normal(0, 1 / snr, clean.shape)
    about = {"velocity": velocity, "kind": "STAR", **about}
    return Spectra.from_arrays(wave, flux, np.full(flux.shape, snr**2), **about)


def real(folder: Path) -> Spectra:
    """Real LAMOST spectra with their masks and velocities."""
    if not (folder / "spectra").is_dir():
        pytest.skip(f"real spectra are not here ({folder / 'spectra'})")
    data = np.load(folder / "spectra" / "lamost_lrs_real.npz")
    with (folder / "spectra" / "lamost_lrs_real_meta.csv").open() as lines:
        about = list(csv.DictReader(lines))
    masked = np.unpackbits(data["andmask"], axis=1)[:, : LAMOST_LATTICE.n].astype(bool)
    z = np.array([float(row["z"] or "nan") for row in about])
    return Spectra.from_arrays(
        LAMOST_LATTICE.wave,
        data["flux"],
        data["ivar"],
        masked,
        object_id=[row["star_id"] for row in about],
        velocity=np.where(np.abs(z) < 1, z * LIGHT_KM_S, np.nan),
        kind=[row["cls"] for row in about],
        subclass=[row["subclass"] for row in about],
    )


def loop_resample(one: Spectra, velocity: float, lattice: Lattice = MODEL_LATTICE) -> tuple[np.ndarray, np.ndarray]:
    """Interpolate one spectrum pixel by pixel, in double precision; a bad neighbour makes a pixel bad."""
    rest = one.wave / (1 + velocity / LIGHT_KM_S)
    good = ~one.bad & (one.ivar > 0)
    flux, ivar = np.ones(lattice.n), np.zeros(lattice.n)
    for k, wanted in enumerate(lattice.wave):
        right = int(np.searchsorted(rest, wanted))
        if right == 0 or right == len(rest):
            continue
        left = right - 1
        x = np.log([rest[left], wanted, rest[right]])
        w = (x[1] - x[0]) / (x[2] - x[0])
        if w < 1e-3 or w > 1 - 1e-3:
            pixel = left if w < 0.5 else right
            if good[pixel]:
                flux[k], ivar[k] = one.flux[pixel], one.ivar[pixel]
        elif good[left] and good[right]:
            flux[k] = (1 - w) * one.flux[left] + w * one.flux[right]
            ivar[k] = 1 / ((1 - w) ** 2 / one.ivar[left] + w**2 / one.ivar[right])
    return flux, ivar


def plain_continuum(flux: np.ndarray, ivar: np.ndarray, lattice: Lattice, width: float = 350.0) -> np.ndarray:
    """The sum over all pixels at every pixel, in double precision."""
    kernel = np.exp(-(((lattice.wave[:, None] - lattice.wave) / width) ** 2))
    flux, ivar = np.asarray(flux, float), np.asarray(ivar, float)
    return (flux * ivar) @ kernel / (ivar @ kernel)
