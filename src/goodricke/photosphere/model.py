"""One star as it is seen: at a velocity, with lines of some width, over its own continuum; with derivatives."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from goodricke.clean.spectra.continuum import continuum
from goodricke.photosphere.doppler import kernel, pixels_of, to_fourier, to_pixels
from goodricke.photosphere.emulator import MARGIN, Emulator
from goodricke.spectra.lattice import LIGHT_KM_S, MODEL_LATTICE

__all__ = ["PARAMETERS", "flatten", "over_continuum", "seen"]

PARAMETERS = ("teff", "logg", "feh", "velocity", "broadening")
"""Columns of the parameters: K, cgs, dex, km/s, pixels squared."""

_INNER = slice(MARGIN, -MARGIN)
_REPEATS = 2


def seen(
    emulator: Emulator, parameters: NDArray[np.float64], slopes: bool = False
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Flux of stars on the lattice of models, and its derivatives.

    Parameters
    ----------
    emulator : Emulator
        Of stars at rest.
    parameters : (N, 5)
        As `PARAMETERS`.
    slopes : bool
        Whether derivatives are wanted.

    Returns
    -------
    flux : (N, P) float32
        Not normalised.
    by : (N, 5, P) or (N, 0, P) float32
        Derivatives by the parameters.
    """
    labels = parameters[:, :3]
    flux = emulator.flux(labels)
    waves, parts = to_fourier(flux.astype(np.float32))
    n = emulator.lattice.n
    filters = kernel(waves, pixels_of(parameters[:, 3], emulator.lattice), parameters[:, 4], np.float32)
    moved = parts * filters
    light = to_pixels(moved, n)[:, _INNER]
    if not slopes:
        return light.astype(np.float32), np.empty((len(light), 0, light.shape[1]), np.float32)
    by = np.empty((len(light), 5, light.shape[1]), np.float32)
    change = emulator.slopes(labels) * flux[:, None, :]
    _, inner = to_fourier(change.astype(np.float32))
    by[:, :3] = to_pixels(inner * filters[:, None, :], n)[..., _INNER]
    per_km_s = 1.0 / (np.log(10.0) * emulator.lattice.step * (LIGHT_KM_S + parameters[:, 3, None]))
    by[:, 3] = to_pixels(moved * (-1j * waves).astype(np.complex64) * per_km_s.astype(np.float32), n)[:, _INNER]
    by[:, 4] = to_pixels(moved * (-0.5 * waves**2).astype(np.float32), n)[:, _INNER]
    return light.astype(np.float32), by


def over_continuum(
    flux: NDArray[np.float32], by: NDArray[np.float32], ivar: NDArray[np.floating[Any]]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Flux of models over their continuum as spectra have theirs taken out, and derivatives of that.

    The continuum of a spectrum is weighted by its inverse variance as it was before it was normalised, w. What is
    known is ivar = w c^2 with the continuum c, so c is found by repetition: it is the mean weighted by ivar / c^2.
    Spectra are reddened and models are not. What this does to the continuum, near the ends above all, is mostly undone
    by a second continuum that both get, the spectra by `flatten`; the rest is left to the covariance.

    Parameters
    ----------
    flux : (N, P) float32
        Of models.
    by : (N, M, P) float32
        Derivatives of `flux`; M may be 0.
    ivar : (N, P)
        Inverse variance of the normalised spectra.

    Returns
    -------
    (N, P) and (N, M, P) float32
    """
    known = np.asarray(ivar, np.float32)
    level = _continuum(flux, np.ones_like(known))
    for _ in range(_REPEATS):
        level = _continuum(flux, known / level**2)
    once = flux / level
    smooth = _continuum(once, known)
    normal = once / smooth
    n, m, p = by.shape
    if not m:
        return normal, by
    # The first continuum is held here: what it changes with the labels is smooth, and the second takes that out.
    change = by / level[:, None, :]
    moved = _continuum(change.reshape(n * m, p), np.repeat(known, m, axis=0)).reshape(n, m, p)
    return normal, np.asarray((change - normal[:, None, :] * moved) / smooth[:, None, :], np.float32)


def flatten(flux: NDArray[np.float32], ivar: NDArray[np.floating[Any]]) -> NDArray[np.float32]:
    """Normalised spectra (N, P), normalised once more, as `over_continuum` does with models."""
    return np.where(ivar > 0, flux / _continuum(flux, ivar), np.float32(1.0))


def _continuum(flux: NDArray[np.float32], ivar: NDArray[np.floating[Any]]) -> NDArray[np.float32]:
    smooth = continuum(flux, ivar, MODEL_LATTICE)
    # Far from any known pixel there is no continuum, and no weight either.
    return np.where(np.isfinite(smooth), smooth, np.float32(1.0))
