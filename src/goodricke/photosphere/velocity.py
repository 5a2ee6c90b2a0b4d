"""Radial velocity of spectra that come without one: the peak of the cross-correlation with stars of many kinds."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from goodricke.clean.spectra import Prepared
from goodricke.errors import DataError, OptionError
from goodricke.photosphere.doppler import pixels_of
from goodricke.photosphere.emulator import Emulator
from goodricke.photosphere.emulator import emulator as shipped
from goodricke.photosphere.single import start_grid
from goodricke.spectra.lattice import LIGHT_KM_S, MODEL_LATTICE

__all__ = ["Velocity", "velocity"]

_BLOCK = 64
_LENGTH = 4096  # of the transforms: the lattice, and room for shifts that must not come in again at the other end
_CLIP = 0.5  # of the continuum: emission and broken pixels have no more say than a deep line


@dataclass(frozen=True, eq=False)
class Velocity:
    """Velocities of N spectra.

    Parameters
    ----------
    velocity : (N,) float64
        km/s, positive to the red, that is left after `Prepared.velocity`; NaN for rows that are not to be used.
    peak : (N,) float64
        Coefficient of correlation there, weighted by the inverse variance; 1 for the very same lines. Real dwarfs of
        types A to K have 0.5 to 0.9, noise alone less than 0.1: below 0.2 the velocity means nothing.
    """

    velocity: NDArray[np.float64]
    peak: NDArray[np.float64]


def velocity(prepared: Prepared, emulator: Emulator | None = None, reach_km_s: float = 600.0) -> Velocity:
    """Velocity by cross-correlation, by Fourier transforms, with the stars that `fit_single` begins at.

    Parameters
    ----------
    prepared : Prepared
        On `MODEL_LATTICE`, prepared with no velocity taken out.
    emulator : Emulator, optional
        Of dwarfs; the one that ships when left out.
    reach_km_s : float
        Velocities up to this are tried.

    Examples
    --------
    >>> from goodricke.clean.spectra import prepare
    >>> from goodricke.photosphere import emulator, shift
    >>> from goodricke.spectra import Spectra
    >>> ours = emulator()
    >>> flux = shift(ours.flux([[5200.0, 4.5, 0.0]]), ours.lattice, [150.0])
    >>> star = prepare(Spectra.from_arrays(ours.lattice.wave, flux, (50 / flux) ** 2, velocity=0.0))
    >>> (velocity(star).velocity / 10).round()
    array([15.])
    """
    ours = emulator or shipped()
    if prepared.lattice != MODEL_LATTICE:
        raise DataError(f"the lattice is {prepared.lattice}; prepare the spectra on MODEL_LATTICE")
    n = len(prepared)
    most = int(np.ceil(float(pixels_of(reach_km_s, MODEL_LATTICE))))
    if not 0 < most < _LENGTH - MODEL_LATTICE.n:
        raise OptionError(f"velocities up to {reach_km_s} km/s were asked for; give between 0 and 60,000")
    found, peak = np.full(n, np.nan), np.full(n, np.nan)
    rows = np.flatnonzero(prepared.usable & (prepared.ivar > 0).any(axis=1))
    lines, squares = _lines(ours)
    shifts = np.arange(-most, most + 1)
    for start in range(0, len(rows), _BLOCK):
        some = rows[start : start + _BLOCK]
        ivar = prepared.ivar[some]
        # A few pixels that are known too well must not decide.
        weight = np.minimum(ivar, 4.0 * _median(ivar)[:, None])
        away = np.clip(prepared.flux[some] - 1.0, -1.0, _CLIP)
        data, known = (np.fft.rfft(each.astype(np.float32), _LENGTH) for each in (away * weight, weight))
        cross = np.fft.irfft(data[:, None, :] * lines.conj(), _LENGTH)[..., shifts]
        norm = np.fft.irfft(known[:, None, :] * squares.conj(), _LENGTH)[..., shifts]
        size = np.sqrt((away**2 * weight).sum(axis=1))[:, None, None]
        match = cross / np.maximum(size * np.sqrt(np.maximum(norm, 1e-12)), 1e-12)
        star = match.max(axis=2).argmax(axis=1)
        curve = match[np.arange(len(some)), star]
        top = np.clip(curve.argmax(axis=1), 1, len(shifts) - 2)
        low, high, right = (curve[np.arange(len(some)), top + k] for k in (-1, 0, 1))
        between = 0.5 * (low - right) / np.minimum(low - 2.0 * high + right, -1e-9)
        pixels = shifts[top] + np.clip(between, -0.5, 0.5)
        found[some] = LIGHT_KM_S * (10.0 ** (pixels * MODEL_LATTICE.step) - 1.0)
        peak[some] = high
    return Velocity(found, peak)


@functools.lru_cache(maxsize=2)
def _lines(emulator: Emulator) -> tuple[NDArray[np.complex64], NDArray[np.complex64]]:
    """Transforms (G, F) of stars less their continuum, and of the squares of that."""
    looks = start_grid(emulator)[1] - 1.0
    lines, squares = (np.fft.rfft(each.astype(np.float32), _LENGTH) for each in (looks, looks**2))
    return lines.astype(np.complex64), squares.astype(np.complex64)


def _median(ivar: NDArray[np.float32]) -> NDArray[np.float64]:
    """Median of the known pixels of each row."""
    return np.array([np.median(row[row > 0]) for row in ivar])
