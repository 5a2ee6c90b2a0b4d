"""What a pixel of a spectrum may differ by from a model: photons, the survey's floor, and how stars differ.

The covariance is C = W^-1 + U V U^T with a diagonal W and a few star-to-star components U, so that C^-1 needs matrices
no larger than the number of components (Woodbury).
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from goodricke.clean.spectra.continuum import continuum
from goodricke.photosphere.emulator import MARGIN, Emulator
from goodricke.photosphere.model import flatten
from goodricke.spectra.lattice import MODEL_LATTICE

__all__ = ["COMPONENTS", "FLOOR", "Noise", "noise_of", "plain_noise", "weights"]

FLOOR = 0.005
"""Of the continuum: what repeated LAMOST spectra differ by however bright the star (two spectra of 58 stars)."""

COMPONENTS = 60
"""Star-to-star components that fits use; what the others hold is added to every pixel's variance. With 60 the distance
of a pair at S/N 50 is that with all 90 to 2 %; with 40 it is 9 % too large."""


@dataclass(frozen=True, eq=False)
class Shape:
    """Star-to-star scatter on the pixels that models see, and errors of the flux that are smooth.

    Parameters
    ----------
    components : (K, P) float32
        The strongest of the emulator, then the smooth ones.
    variances : (K,) float64
    rest : (P,) float32
        Variance that these components leave.
    products : (P, K (K + 1) / 2) float32
        Products of all pairs of components.
    """

    components: NDArray[np.float32]
    variances: NDArray[np.float64]
    rest: NDArray[np.float32]
    products: NDArray[np.float32]


@functools.cache
def smooth_errors() -> NDArray[np.float64]:
    """What reddening and the flux calibration leave when the continuum is taken out, (6, P): one sigma each."""
    wave = MODEL_LATTICE.wave
    place = (wave - wave[0]) / (wave[-1] - wave[0])
    # Magnitudes: the first is that of E(B-V) = 0.3 from end to end, the others what calibrations wiggle by.
    sizes = np.array([0.3, 0.15, 0.1, 0.07, 0.05, 0.04])
    tilts = np.exp(sizes[:, None] * np.cos(np.pi * np.arange(1, 7)[:, None] * place)).astype(np.float32)
    even = np.ones_like(tilts)
    return np.log(flatten(tilts / continuum(tilts, even, MODEL_LATTICE), even)).astype(np.float64)


@functools.lru_cache(maxsize=4)
def shape_of(emulator: Emulator, components: int = COMPONENTS) -> Shape:
    """The scatter of an emulator, its strongest components."""
    inner = slice(MARGIN, -MARGIN)
    size = emulator.variances
    kept = emulator.components[:components, inner]
    tilts = smooth_errors()
    rest = emulator.rest[inner] + size[components:] @ emulator.components[components:, inner] ** 2
    kept, spread = np.concatenate([kept, tilts]), np.concatenate([size[: len(kept)], np.ones(len(tilts))])
    upper = np.triu_indices(len(kept))
    products = np.ascontiguousarray((kept[upper[0]] * kept[upper[1]]).T, np.float32)
    return Shape(np.ascontiguousarray(kept, np.float32), spread, rest.astype(np.float32), products)


def weights(ivar: NDArray[np.floating[Any]], shape: Shape, floor: float = FLOOR) -> NDArray[np.float32]:
    """Inverse of the diagonal of the covariance, (N, P); 0 where nothing is known."""
    known = ivar > 0
    variance = 1.0 / np.where(known, ivar, 1.0).astype(np.float32) + np.float32(floor**2) + shape.rest
    return np.where(known, 1.0 / variance, 0.0).astype(np.float32)


@dataclass(frozen=True, eq=False)
class Noise:
    """The inverse covariance of N spectra, ready to be multiplied with.

    Parameters
    ----------
    weight : (N, P) float32
        Inverse variance of pixels.
    shape : Shape
        Star-to-star scatter.
    core : (N, K, K) float64
        Inverse of V^-1 + U W U^T.
    """

    weight: NDArray[np.float32]
    shape: Shape
    core: NDArray[np.float64]

    def products(self, rows: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
        """Products r C^-1 r^T, (N, M, M), of M rows (N, M, P) of each spectrum."""
        light = rows.astype(np.float32, copy=False)
        weighted = light * self.weight[:, None, :]
        n, m, p = weighted.shape
        # One product of matrices for all spectra, not one for each.
        along = (weighted.reshape(n * m, p) @ self.shape.components.T).reshape(n, m, -1).astype(np.float64)
        plain = (weighted @ np.swapaxes(light, 1, 2)).astype(np.float64)
        return np.asarray(plain - along @ self.core @ np.swapaxes(along, 1, 2))

    def __getitem__(self, which: Any) -> Noise:
        return Noise(self.weight[which], self.shape, self.core[which])


def plain_noise(ivar: NDArray[np.floating[Any]], scale: float = 4e-3) -> Noise:
    """Noise of pixels only, all alike where ivar (N, P) is above 0: for plain least squares; `scale` is one sigma."""
    weight = np.where(ivar > 0, 1.0 / scale**2, 0.0).astype(np.float32)
    n, p = weight.shape
    none = Shape(np.zeros((0, p), np.float32), np.zeros(0), np.zeros(p, np.float32), np.zeros((p, 0), np.float32))
    return Noise(weight, none, np.zeros((n, 0, 0)))


def noise_of(
    ivar: NDArray[np.floating[Any]], emulator: Emulator, floor: float = FLOOR, components: int = COMPONENTS
) -> Noise:
    """Noise of spectra with inverse variances (N, P) of normalised flux.

    >>> from goodricke.photosphere import emulator
    >>> noise = noise_of(np.full((1, 2749), 1e4, np.float32), emulator())
    >>> noise.products(np.full((1, 1, 2749), 0.01)).shape
    (1, 1, 1)
    """
    shape = shape_of(emulator, components)
    weight = weights(ivar, shape, floor)
    size = len(shape.variances)
    upper = np.triu_indices(size)
    inner = np.empty((len(weight), size, size))
    inner[:, upper[0], upper[1]] = inner[:, upper[1], upper[0]] = weight @ shape.products
    inner[:, np.arange(size), np.arange(size)] += 1.0 / shape.variances
    return Noise(weight, shape, np.asarray(np.linalg.inv(inner), np.float64))
