"""Made spectra as the training loop takes them, and what a network of spectra is taught."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from goodricke.represent.spectra import NUMBERS, Looked, SpectralRepresentation
from goodricke.spectra.lattice import MODEL_LATTICE
from goodricke.train.spectra.filters import arms_pattern
from goodricke.train.spectra.material import Material

__all__ = ["ARMS", "Pupils", "loss_of", "noisier", "quantities", "with_arms", "with_survey"]

_NOISED = 0.5  # of the spectra that are shown with more noise than they were made with
_SPREAD = 0.7  # of that noise, in units of their own
_STRENGTH = 0.7  # of what a survey does, three patterns of it
ARMS = (5690.0, 5910.0)
"""Where the arms of LAMOST's spectrographs overlap, Angstrom."""
_STEPPED, _STEP = 0.5, 0.02  # share of the spectra with a step between the arms, and its usual size
_SMEARED = (2.0, 60.0)  # Angstrom
_SECOND_HEAD = 0.3  # weight of what the second head is taught, beside the classes
_ERRORS = tuple(NUMBERS.index(f"{name}_error") for name in ("teff", "logg", "feh"))


class Pupils:
    """Rows of a material, in the order given; a row may be there several times (see ``goodricke.train.loop.Stars``)."""

    def __init__(
        self,
        material: Material,
        rows: NDArray[np.int64],
        representation: SpectralRepresentation,
        augmented: bool,
        survey: NDArray[np.float32] | None = None,
    ) -> None:
        self.material, self.rows = material, rows
        self.representation, self.augmented, self.survey = representation, augmented, survey
        binary = material.truth["binary"][rows]
        self.lengths = np.ones(len(rows), dtype=np.int64)
        self.target = np.column_stack([~binary, binary]).astype(np.float32)
        self.quantities = quantities(material.truth)[rows]

    def batch(self, rows: NDArray[np.int64], rng: np.random.Generator | None) -> dict[str, NDArray[Any]]:
        """Inputs of the network."""
        seen = self.material.seen[self.rows[rows]]
        if rng is not None and self.augmented:
            seen = noisier(seen, rng)
            if self.survey is not None:
                seen = with_arms(with_survey(seen, self.survey, rng), rng)
        return self.representation.make(seen)

    def targets(self, rows: NDArray[np.int64]) -> dict[str, NDArray[Any]]:
        """Classes, and quantities that are NaN where there are none."""
        return {"target": self.target[rows], "quantities": self.quantities[rows]}


def quantities(truth: Mapping[str, NDArray[Any]]) -> NDArray[np.float32]:
    """As ``goodricke.networks.companions.QUANTITIES``, (N, 5)."""
    speed = np.log1p(np.abs(truth["dv"]) / 30.0)
    labels = (truth["teff1"] - 5500.0) / 1000.0, truth["logg1"] - 4.4, truth["feh"]
    return np.column_stack([truth["q"], speed, *labels]).astype(np.float32)


def noisier(seen: Looked, rng: np.random.Generator) -> Looked:
    """The same spectra, half of them with more noise: there are more of them then, and fainter ones."""
    n = len(seen)
    more = np.where(rng.random(n) < _NOISED, rng.exponential(_SPREAD, n), 0.0).astype(np.float32)
    sigma = seen.sigma.astype(np.float32)
    light, left = seen.light.astype(np.float32), seen.left.astype(np.float32)
    drawn = rng.standard_normal(sigma.shape, dtype=np.float32) * sigma * more[:, None]
    star = (1.0 + light) / np.where(left > -0.9, 1.0 + left, 1.0)
    scale = np.sqrt(1.0 + more**2)
    numbers = seen.numbers.copy()
    numbers[:, NUMBERS.index("log_snr")] -= np.log10(scale)
    numbers[:, _ERRORS] *= scale[:, None]
    # Labels are those of the first fit; with the new noise they would be off by a little more.
    return Looked(light + drawn * star, left + drawn, sigma * scale[:, None], numbers)  # type: ignore[arg-type]


def with_survey(seen: Looked, survey: NDArray[np.float32], rng: np.random.Generator) -> Looked:
    """The same spectra with what a survey does to all alike (3, P), of any strength and mixture, in both classes."""
    strength = rng.normal(0.0, _STRENGTH, (len(seen), len(survey))).astype(np.float32)
    return _with(seen, strength @ survey)


def with_arms(seen: Looked, rng: np.random.Generator) -> Looked:
    """The same spectra, half of them with a step where the arms of the spectrograph meet, in both classes."""
    n = len(seen)
    size = np.where(rng.random(n) < _STEPPED, rng.laplace(0.0, _STEP, n), 0.0).astype(np.float32)
    low, high = np.log(_SMEARED)
    step = arms_pattern(MODEL_LATTICE.wave, rng.uniform(*ARMS, n), np.exp(rng.uniform(low, high, n)))
    return _with(seen, size[:, None] * step)


def _with(seen: Looked, pattern: NDArray[np.float32]) -> Looked:
    """The same spectra, multiplied by 1 + pattern (N, P) where they are known."""
    more = np.where(seen.sigma > 0, pattern, 0.0).astype(np.float32)
    light, left = seen.light.astype(np.float32), seen.left.astype(np.float32)
    return Looked(light + more * (1.0 + light), left + more * (1.0 + left), seen.sigma, seen.numbers)  # type: ignore[arg-type]


def loss_of(classes: Callable[[Any, Mapping[str, Any]], Any]) -> Callable[[Any, Mapping[str, Any]], Any]:
    """Cross-entropy of the classes, and squares of what the second head misses where the network has one."""

    def loss(given: Any, targets: Mapping[str, Any]) -> Any:
        import torch

        whole = classes(given, targets)
        if not hasattr(given, "quantities"):
            return whole
        wanted = targets["quantities"]
        known = torch.isfinite(wanted)
        miss = torch.where(known, given.quantities - wanted, torch.zeros_like(wanted))
        return whole + _SECOND_HEAD * (miss**2).sum() / known.sum().clamp(min=1)

    return loss
