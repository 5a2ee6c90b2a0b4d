"""The light of two stars in one spectrum."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from goodricke.photosphere.doppler import shift
from goodricke.photosphere.emulator import Emulator
from goodricke.photosphere.main_sequence import companion, light_ratio

__all__ = ["pair_flux", "velocities"]


def velocities(q: ArrayLike, dv: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Velocities v1, v2 in km/s about the centre of mass, of q and dv = v2 - v1.

    >>> velocities(1.0, 100.0)
    (array(-50.), array(50.))
    """
    ratio, apart = np.asarray(q, float), np.asarray(dv, float)
    return np.asarray(-apart * ratio / (1.0 + ratio)), np.asarray(apart / (1.0 + ratio))


def pair_flux(
    emulator: Emulator, labels1: ArrayLike, q: ArrayLike, v1: ArrayLike, v2: ArrayLike
) -> NDArray[np.float64]:
    """Flux of pairs on the main sequence, of one age and the same metals.

    Parameters
    ----------
    emulator : Emulator
        Light of one star.
    labels1 : (N, 3)
        Teff in K, logg and [Fe/H] of the primary.
    q : (N,) or float
        Mass ratio, up to 1.
    v1, v2 : (N,) or float
        Radial velocities in km/s.

    Returns
    -------
    (N, P) float64
        On the emulator's lattice; 1 is the primary's flux in V.

    Examples
    --------
    >>> from goodricke.photosphere import emulator
    >>> pair_flux(emulator(), [[5800.0, 4.4, 0.0]], 0.8, -40.0, 50.0).shape
    (1, 2809)
    """
    first: NDArray[Any] = np.atleast_2d(np.asarray(labels1, float))
    teff2, logg2 = companion(first[:, 0], first[:, 1], first[:, 2], q)
    ratio = light_ratio(first[:, 0], first[:, 1], first[:, 2], q)
    second = np.column_stack(np.broadcast_arrays(teff2, logg2, first[:, 2]))
    one = shift(emulator.flux(first), emulator.lattice, np.broadcast_to(v1, len(second)))
    two = shift(emulator.flux(second), emulator.lattice, np.broadcast_to(v2, len(second)))
    return np.asarray(one + np.asarray(ratio)[:, None] * two)
