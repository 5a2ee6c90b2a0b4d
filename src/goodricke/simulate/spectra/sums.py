"""Light of two stars as one spectrum: each moved, both broadened, added."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from goodricke.photosphere.doppler import pixels_of, to_fourier, to_pixels
from goodricke.simulate.spectra.noise import OBSERVED_LATTICE
from goodricke.spectra.lattice import Lattice

__all__ = ["summed"]

_SHARPEST = 0.4  # logarithm of the most that sharpening to R 2100 may amplify: nothing of a star is left beyond


def summed(
    one: NDArray[np.float64],
    two: NDArray[np.float64],
    ratio: NDArray[np.float64],
    v1: NDArray[np.float64],
    v2: NDArray[np.float64],
    lines: NDArray[np.float64],
    lattice: Lattice,
    whole: bool = False,
    interpolated: NDArray[np.bool_] | None = None,
) -> NDArray[np.float64]:
    """Sums (N, P) of two spectra, each moved by its velocity, with lines broadened by a variance in pixels squared.

    In Fourier space, where a shift by any part of a pixel smooths nothing. Where `interpolated` (N,), the second is
    moved by straight lines between pixels instead, as careless code would do it.
    """
    waves, first = to_fourier(one)
    _, second = to_fourier(two)
    second *= ratio[:, None]
    for parts, velocity in ((first, v1), (second, v2)):
        if velocity.any():
            moved = np.exp(-1j * waves * pixels_of(velocity, lattice)[:, None])
            if parts is second and interpolated is not None:
                moved[interpolated] = _by_straight_lines(waves, pixels_of(velocity[interpolated], lattice))
            parts *= moved
    first += second
    first *= np.exp(np.minimum(-0.5 * lines[:, None] * waves**2, _SHARPEST)) / (1.0 + ratio)[:, None]
    light = to_pixels(first, lattice.n)
    if whole:
        return light
    margin = round((OBSERVED_LATTICE.first - lattice.first) / lattice.step)
    return light[:, margin : margin + OBSERVED_LATTICE.n]


def _by_straight_lines(waves: NDArray[np.float64], pixels: NDArray[np.float64]) -> NDArray[np.complex128]:
    """Fourier transform (N, F) of a shift by linear interpolation: whole pixels, and a mean of two neighbours."""
    whole = np.floor(pixels)[:, None]
    part = pixels[:, None] - whole
    return np.asarray(np.exp(-1j * waves * whole) * (1.0 - part + part * np.exp(-1j * waves)))
