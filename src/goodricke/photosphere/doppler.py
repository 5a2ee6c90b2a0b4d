"""Shifts and broadenings of spectra on a lattice that is even in the logarithm: one multiplication in Fourier space.

A shift in Fourier space smooths nothing, whatever the fraction of a pixel. Interpolation would, by an amount that
depends on the fraction, and a sum of two interpolated spectra could then be told from one spectrum by that alone.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from goodricke.errors import DataError
from goodricke.spectra.lattice import LIGHT_KM_S, Lattice

__all__ = ["pixels_of", "shift", "to_fourier", "to_pixels"]

_PAD = 160  # pixels at least over which the end of a spectrum is led back to its beginning


def pixels_of(velocity: ArrayLike, lattice: Lattice) -> NDArray[np.float64]:
    """Pixels by which a velocity in km/s moves a spectrum; not relativistic, as pipelines' z = v / c."""
    return np.asarray(np.log10(1.0 + np.asarray(velocity, float) / LIGHT_KM_S) / lattice.step)


def shift(
    flux: NDArray[np.floating[Any]], lattice: Lattice, velocity: ArrayLike, broadening: ArrayLike = 0.0
) -> NDArray[np.float64]:
    """Spectra of sources that recede, and of lines that are wider.

    Parameters
    ----------
    flux : (N, P) or (P,)
        On `lattice`; N may be 1 while there are more velocities.
    lattice : Lattice
        Where `flux` lies and the result will.
    velocity : (N,) or float
        km/s, positive to the red. Within this of the edges the result means nothing: have pixels to spare.
    broadening : (N,) or float
        Variance in pixels squared of a Gaussian to fold with; below 0 it sharpens, which a noiseless model bears.

    Returns
    -------
    (N, P) or (P,) float64

    Examples
    --------
    >>> from goodricke.spectra.lattice import MODEL_LATTICE
    >>> line = 1.0 - np.exp(-0.5 * ((np.arange(MODEL_LATTICE.n) - 1000.0) / 1.5) ** 2)
    >>> int(shift(line, MODEL_LATTICE, 2.0 * MODEL_LATTICE.km_s).argmin())
    1002
    """
    many = np.atleast_2d(flux)
    if many.shape[-1] != lattice.n:
        raise DataError(f"flux has {many.shape[-1]} pixels and the lattice {lattice.n}; give the lattice of the flux")
    waves, parts = to_fourier(many)
    moved = parts * kernel(waves, pixels_of(velocity, lattice), broadening)
    out = to_pixels(moved, lattice.n)
    return out[0] if np.ndim(flux) == 1 and np.ndim(velocity) == 0 and np.ndim(broadening) == 0 else out


def kernel(
    waves: NDArray[np.float64], pixels: ArrayLike, broadening: ArrayLike, dtype: type = np.float64
) -> NDArray[Any]:
    """Fourier transform, (N, F), of a shift by `pixels` and a Gaussian of variance `broadening`; complex of `dtype`."""
    angle = (-waves * np.atleast_1d(np.asarray(pixels, float))[:, None]).astype(dtype)
    widths: NDArray[Any] = np.atleast_1d(np.asarray(broadening, dtype))[:, None]
    size = np.exp(widths * (-0.5 * waves**2).astype(dtype))
    out = np.empty(angle.shape, np.result_type(dtype, np.complex64))
    out.real, out.imag = size * np.cos(angle), size * np.sin(angle)
    return out


def to_fourier(flux: NDArray[np.floating[Any]]) -> tuple[NDArray[np.float64], NDArray[np.complex128]]:
    """Angular frequencies (F,) per pixel and the transform (N, F) of spectra that are led back to their beginning."""
    n = flux.shape[-1]
    length = _length(n)
    rise = np.linspace(0.0, np.pi, length - n + 2)[1:-1]
    weight = 0.5 * (1.0 - np.cos(rise))
    back = flux[..., -1:] * (1.0 - weight) + flux[..., :1] * weight
    waves = np.asarray(2.0 * np.pi * np.fft.rfftfreq(length), np.float64)
    return waves, np.fft.rfft(np.concatenate([flux, back], axis=-1))


def to_pixels(parts: NDArray[np.complex128], n: int) -> NDArray[np.float64]:
    """The first n pixels of spectra given by their transforms."""
    return np.asarray(np.fft.irfft(parts, _length(n))[..., :n])


def _length(n: int) -> int:
    """A length that is fast to transform: 2 or 3 times a power of two, with some room."""
    power = 1 << (n + _PAD - 1).bit_length()
    return power * 3 // 4 if power * 3 // 4 >= n + _PAD else power
