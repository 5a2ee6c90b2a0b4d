"""What models see of a spectrum: pixels beside those of the best single star, and the numbers of that star.

Training and prediction both go through here, so that a model sees the same numbers in both. To add a representation: a
function of `Looked`, and one row.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from difflib import get_close_matches
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from goodricke.clean.spectra import Prepared
from goodricke.errors import ModelError
from goodricke.photosphere.noise import FLOOR
from goodricke.photosphere.single import Single
from goodricke.spectra.lattice import MODEL_LATTICE

__all__ = ["FOREIGN", "NUMBERS", "SPECTRAL", "Looked", "SpectralRepresentation", "looked", "own_pixels", "spectral"]

NUMBERS = (
    "log_snr", "teff", "logg", "feh", "teff_error", "logg_error", "feh_error", "broadening", "log_goodness", "known",
)  # fmt: skip
"""Of the spectrum and its best single star: log10 of the signal-to-noise ratio of a native pixel, labels and their
errors, pixels squared by which the lines are wider, log10 of chi2 per pixel, share of pixels that are known."""

FOREIGN = {
    "Na D of interstellar gas": (5884.0, 5904.0),
    "a diffuse band and oxygen of the air": (6272.0, 6302.0),
    "oxygen of the air": (6862.0, 6932.0),
    "water of the air": (7165.0, 7260.0),
}
"""What is on the way to a star and not in it: from and to in Angstrom, in vacuum and the star's rest frame, wide enough
for stars of 200 km/s. Models that look for companions are not shown these pixels."""

_DARKEST = 0.05  # of the continuum: deeper lines are not divided by
_MOST = 8.0  # sigma: a pixel further off is a fault, and counts as this


@dataclass(frozen=True, eq=False)
class Looked:
    """N spectra as models are given them, before they are made into the inputs of one.

    Parameters
    ----------
    light : (N, P) float16
        Flux over continuum, less 1; 0 where unknown.
    left : (N, P) float16
        Flux over that of the best single star, less 1: stars scatter alike in it whatever lines they have.
    sigma : (N, P) float16
        Standard deviation of `left`; 0 where unknown.
    numbers : (N, K) float32
        As `NUMBERS`.
    """

    light: NDArray[np.float16]
    left: NDArray[np.float16]
    sigma: NDArray[np.float16]
    numbers: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.numbers)

    def __getitem__(self, which: Any) -> Looked:
        """Rows by slice, positions or mask."""
        return Looked(**{one.name: getattr(self, one.name)[which] for one in fields(self)})


def looked(prepared: Prepared, single: Single) -> Looked:
    """Half-precision pixels and numbers of N spectra; rows without a fit are 0 and NaN.

    Parameters
    ----------
    prepared : Prepared
        Of the spectra.
    single : Single
        Their best single stars.

    Examples
    --------
    >>> from goodricke.clean.spectra import prepare
    >>> from goodricke.photosphere import emulator, fit_single
    >>> from goodricke.spectra import Spectra
    >>> flux = emulator().flux([[5800.0, 4.4, 0.0]])
    >>> star = prepare(Spectra.from_arrays(emulator().lattice.wave, flux, (50 / flux) ** 2, velocity=0.0))
    >>> seen = looked(star, fit_single(star))
    >>> seen.light.shape, round(float(seen.numbers[0, 0]), 1)
    ((1, 2749), 1.7)
    """
    ivar = prepared.ivar * prepared.independent[:, None]
    there = (ivar > 0) & np.isfinite(single.teff)[:, None]
    sigma = np.where(there, 1.0 / np.sqrt(np.where(there, ivar, 1.0)), 0.0)
    known = there.mean(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        numbers = np.column_stack([
            np.log10(prepared.snr * np.sqrt(prepared.independent)), single.labels, single.errors[:, :3],
            single.broadening, np.log10(single.goodness), known,
        ])  # fmt: skip
    light = np.where(there, np.clip(prepared.flux - 1.0, -2.0, 4.0), 0.0)
    star = np.maximum(single.model, _DARKEST)
    left = np.where(there, np.clip(prepared.flux / star - 1.0, -4.0, 4.0), 0.0)
    sigma = sigma / star
    half = np.float16
    return Looked(
        light.astype(half), left.astype(half), np.minimum(sigma, 1e3).astype(half), numbers.astype(np.float32)
    )


@cache
def own_pixels() -> NDArray[np.bool_]:
    """Pixels (P,) of `MODEL_LATTICE` that show the star: all but those of `FOREIGN`.

    >>> own_pixels().shape, round(float(own_pixels().mean()), 2)
    ((2749,), 0.95)
    """
    wave = MODEL_LATTICE.wave
    mine = np.ones(len(wave), bool)
    for low, high in FOREIGN.values():
        mine &= (wave < low) | (wave > high)
    mine.flags.writeable = False
    return mine


@dataclass(frozen=True)
class SpectralRepresentation:
    """How spectra become the inputs of a model."""

    says: str
    """One sentence for people."""
    make: Callable[[Looked], dict[str, NDArray[Any]]]
    """Inputs of the model by name, the spectra first."""


def _flux(seen: Looked) -> dict[str, NDArray[Any]]:
    return {"flux": 1.0 + seen.light.astype(np.float32)}


def _companions(seen: Looked) -> dict[str, NDArray[Any]]:
    sigma = seen.sigma.astype(np.float32)
    most = _MOST * np.sqrt(sigma**2 + np.float32(FLOOR**2))
    left = np.clip(seen.left.astype(np.float32), -most, most)
    channels = np.stack([seen.light.astype(np.float32), left, sigma], axis=1)
    channels[:, :, ~own_pixels()] = 0.0
    return {"spectrum": channels, "numbers": seen.numbers}


SPECTRAL: dict[str, SpectralRepresentation] = {
    "spectrum-flux": SpectralRepresentation("flux over continuum alone, as seed 4 has it", _flux),
    "spectrum-companions": SpectralRepresentation(
        "flux, what is left beside the best single star, noise of pixels, numbers of the star; of its own pixels alone",
        _companions,
    ),
}
"""Name -> row. Shapes: ``flux`` (N, P); ``spectrum`` (N, 3, P), ``numbers`` (N, K)."""


def spectral(name: object) -> SpectralRepresentation:
    """The row of a name.

    Raises
    ------
    ModelError
        If there is none.

    Examples
    --------
    >>> spectral("spectrum-flux").says
    'flux over continuum alone, as seed 4 has it'
    """
    if not isinstance(name, str) or name not in SPECTRAL:
        near = get_close_matches(str(name), SPECTRAL, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(SPECTRAL)}."
        raise ModelError(
            f"representation of spectra {str(name)[:60]!r} is not known; {hint} A newer goodricke may know it"
        )
    return SPECTRAL[name]
