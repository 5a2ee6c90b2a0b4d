"""A small model of spectra that needs no training, and spectra of made stars.

The model weighs what the best single star leaves against the noise: whoever leaves more than noise is a binary. It is
no good model of stars that differ from the emulator's, and these do not.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import ArrayLike
from torch import Tensor, nn

from goodricke.clean.spectra import prepare
from goodricke.decide import fit_thresholds
from goodricke.line import Model, load_model
from goodricke.photosphere import emulator, fit_single, pair_flux, shift
from goodricke.represent.spectra import SPECTRAL, looked
from goodricke.spectra import Spectra, concatenate
from goodricke.train.export import save_bundle
from goodricke.train.onnx_export import exported, shapes_of

CURVE = {"d": [0.0, 2.0, 6.0, 20.0], "found": [0.05, 0.2, 0.9, 1.0]}


class Said(NamedTuple):
    logits: Tensor
    embedding: Tensor
    quantities: Tensor


class Judge(nn.Module):
    """Log odds rise with the mean square of what is left, in units of the noise and a floor of 0.5 %."""

    def forward(self, spectrum: Tensor, numbers: Tensor) -> Said:
        left, sigma = spectrum[:, 1], spectrum[:, 2]
        known = (sigma > 0).to(left.dtype)
        ratio = (left**2 / (sigma**2 + 0.005**2) * known).sum(1) / known.sum(1).clamp(min=1.0)
        # Of each row by itself: a sum over the batch would make the answer depend on the other spectra.
        log_odds = 30.0 * (ratio - 1.1)
        nothing = torch.zeros_like(log_odds)
        logits = torch.stack([nothing, log_odds], dim=1)
        told = [nothing + 0.8, nothing + 1.0, numbers[:, 1] / 1000.0, numbers[:, 2], numbers[:, 3]]
        return Said(logits, logits, torch.stack(told, dim=1))


class FluxJudge(nn.Module):
    """Sees the flux alone, as the seed's network: log odds from one pixel."""

    def forward(self, flux: Tensor) -> Tensor:
        one = flux[:, 1000] - 1.0
        return torch.stack([one, -one], dim=1)


def star(
    name: str = "made", q: float = 0.0, dv: float = 0.0, snr: float = 80.0, teff: float = 5800.0, seed: int = 0,
    velocity: float = 20.0, **about: Any,
) -> Spectra:  # fmt: skip
    """One spectrum: single with q = 0."""
    ours = emulator()
    label = [[teff, 4.4, 0.0]]
    away = (-dv * q / (1 + q), dv / (1 + q)) if q else (0.0, 0.0)
    flux = pair_flux(ours, label, q, *away) if q else ours.flux(label)
    flux = shift(flux, ours.lattice, velocity)
    sigma = flux / snr
    noisy = flux + np.random.default_rng(seed).normal(0.0, 1.0, flux.shape) * sigma
    known = {"velocity": velocity, "object_id": name, "spectrum_id": f"{name}-{seed}", "survey": "lamost"} | about
    return Spectra.from_arrays(ours.lattice.wave, noisy, sigma**-2.0, **known)


def sample() -> Spectra:
    """A single star, a pair at rest, one with double lines, an M giant's worth of nothing: a quasar's hump."""
    wave = emulator().lattice.wave
    hump = 1.0 + 0.8 * np.exp(-0.5 * ((wave - 5000.0) / 40.0) ** 2)
    quasar = Spectra.from_arrays(
        wave, hump, np.full(len(wave), 2500.0), velocity=0.0, object_id="quasar", survey="lamost"
    )
    return concatenate([star("single"), star("pair", 0.8, 0.0, 150.0, seed=1), star("sb2", 0.9, 250.0, seed=2), quasar])


def bundle(folder: Path, name: str = "judge", flux_only: bool = False, **settings: Any) -> Path:
    """A bundle in ``folder / NAME-1``."""
    kind = "spectrum-flux" if flux_only else "spectrum-companions"
    prepared = prepare(concatenate([star("a"), star("b", 0.8, 100.0)]))
    inputs = SPECTRAL[kind].make(looked(prepared, fit_single(prepared)))
    content = exported(FluxJudge() if flux_only else Judge(), inputs)
    p = np.linspace(0.01, 0.99, 400)
    target = np.random.default_rng(0).random(400) < p
    table = fit_thresholds(np.stack([1 - p, p], 1), target.astype(np.int64), ("SINGLE", "BINARY"))
    manifest = {
        "name": name, "version": "1", "family": "onnx", "classes": ["SINGLE", "BINARY"],
        "inputs": {key: {"shape": list(one.shape), "dtype": one.dtype} for key, one in shapes_of(inputs).items()},
        "representation": {"name": kind},
        "settings": {"detectability": CURVE, "correlation": 0.5} | settings,
        "priors": {"SINGLE": 0.5, "BINARY": 0.5}, "thresholds": table.to_dict(),
        "calibration": {"kind": "temperature", "n_classes": 2, "slope": [0.5]},
    }  # fmt: skip
    golden = {key: np.asarray(array[:1]) for key, array in inputs.items()}
    return save_bundle(folder / f"{name}-1", manifest, {"onnx": content}, "# card\n", golden).folder


def model(folder: Path, **kinds: Any) -> Model:
    """The same, ready for use."""
    return load_model(bundle(folder, **kinds))


def log_odds(p: ArrayLike) -> np.ndarray:
    values = np.asarray(p, dtype=np.float64)
    return np.log(values) - np.log1p(-values)
