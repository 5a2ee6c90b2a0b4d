"""Chance that belongs to a star: random numbers that are a function of its seed and of whole-number places.

A star with spots, flares or red noise must show the same light whenever and through whatever filter it is looked at, so
its chance is not drawn from a generator but looked up: (seed, place, place, ...) -> number, by the mixing function of
SplitMix64 (Steele, Lea & Flood 2014, OOPSLA).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from goodricke.simulate.compiled import Floats, Ints

__all__ = ["new_seeds", "normals", "uniforms"]

_STEP = np.uint64(0x9E3779B97F4A7C15)
_FIRST, _SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


def new_seeds(n: int, rng: np.random.Generator) -> Ints:
    """Draw the column ``seed`` of `n` stars."""
    return rng.integers(0, 2**62, n, dtype=np.int64)


def _mixed(x: NDArray[np.uint64]) -> NDArray[np.uint64]:
    x = (x ^ (x >> np.uint64(30))) * _FIRST
    x = (x ^ (x >> np.uint64(27))) * _SECOND
    return x ^ (x >> np.uint64(31))


def uniforms(seed: ArrayLike, *places: ArrayLike) -> Floats:
    """Even random numbers between 0 and 1, both excluded, one for every seed and place.

    Parameters
    ----------
    seed : integers
        Of the stars.
    *places : integers
        Whatever tells one number of a star from another; they broadcast with `seed`.

    Returns
    -------
    numpy.ndarray
        float64, of the broadcast shape.

    Examples
    --------
    >>> uniforms(7, [0, 1, 2]).round(3)
    array([0.316, 0.327, 0.378])
    >>> bool(uniforms(7, 1) == uniforms([5, 6, 7], 1)[2])
    True
    """
    # At least one dimension: numpy warns when a single unsigned number wraps around, and it is meant to.
    x = _mixed(np.atleast_1d(np.asarray(seed, dtype=np.int64)).view(np.uint64) + _STEP)
    for place in places:
        at = np.atleast_1d(np.asarray(place, dtype=np.int64)).view(np.uint64)
        x = _mixed((x ^ _mixed(at * _STEP + _FIRST)) + _STEP)
    made = ((x >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53
    return made.reshape(np.broadcast_shapes(np.shape(seed), *map(np.shape, places)))


def normals(seed: ArrayLike, *places: ArrayLike) -> Floats:
    """Normal random numbers of mean 0 and variance 1, like ``uniforms`` (Box & Muller 1958).

    Examples
    --------
    >>> many = normals(3, np.arange(100_000))
    >>> bool(abs(many.mean()) < 0.01), bool(abs(many.std() - 1) < 0.01)
    (True, True)
    """
    size, angle = uniforms(seed, *places, 0), uniforms(seed, *places, 1)
    return np.asarray(np.sqrt(-2.0 * np.log(size)) * np.cos(2.0 * np.pi * angle))
