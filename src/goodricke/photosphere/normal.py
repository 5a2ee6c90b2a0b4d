"""Flux over its continuum, for models and data alike."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from goodricke.clean.spectra.continuum import continuum
from goodricke.spectra.lattice import Lattice

__all__ = ["normalise"]


def normalise(
    flux: NDArray[np.floating[Any]], lattice: Lattice, ivar: NDArray[np.floating[Any]] | None = None
) -> NDArray[np.float64]:
    """Flux over its smooth part, (N, P): as spectra are prepared, weighted by ivar (N, P) or evenly.

    >>> from goodricke.spectra.lattice import MODEL_LATTICE
    >>> bool(abs(normalise(np.full((1, MODEL_LATTICE.n), 2.0), MODEL_LATTICE) - 1.0).max() < 1e-5)
    True
    """
    light = np.asarray(flux, dtype=np.float64)
    weight = np.ones_like(light, np.float32) if ivar is None else ivar
    return np.asarray(light / continuum(light, weight, lattice))
