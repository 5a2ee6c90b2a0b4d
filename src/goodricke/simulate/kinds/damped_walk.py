"""A damped random walk that belongs to a star: the same path however often it is looked at."""

from __future__ import annotations

import numpy as np

from goodricke.simulate.compiled import Floats, Ints, kernel
from goodricke.simulate.kinds.chance import normals
from goodricke.simulate.stars import Moments

__all__ = ["damped_walk"]


@kernel
def _walk(noise: Floats, zero: Ints, offsets: Ints, keep: float) -> Floats:
    """Turn noise into walks, outwards from each star's node 0, whose value is its noise."""
    path = noise.copy()
    fresh = np.sqrt(1.0 - keep * keep)
    for i in range(zero.size):
        for k in range(zero[i] + 1, offsets[i + 1]):
            path[k] = keep * path[k - 1] + fresh * noise[k]
        for k in range(zero[i] - 1, offsets[i] - 1, -1):
            path[k] = keep * path[k + 1] + fresh * noise[k]
    return path


def damped_walk(seed: Ints, origin: Floats, tau: Floats, moments: Moments, place: int = 0, nodes: int = 100) -> Floats:
    """Walk (M,) of mean 0, variance 1 and correlation exp(-|dt| / tau): an Ornstein-Uhlenbeck process.

    It is exact on `nodes` to every tau and straight between them, and grows both ways from a node at `origin`: a walk
    is Markov and the same in both directions of time (Kelly et al. 2009, ApJ 698, 895).

    Parameters
    ----------
    seed : numpy.ndarray, (N,)
        Of the stars.
    origin : numpy.ndarray, (N,)
        Julian date in or near the times; far from it costs time.
    tau : numpy.ndarray, (N,)
        Days.
    moments : Moments
        When to look.
    place : int
        Tells several walks of one star apart.
    nodes : int
        In every `tau`.

    Examples
    --------
    >>> times = Moments(np.array([0.0, 1.0, 50.0]), np.array([0, 3]))
    >>> star = np.array([4]), np.array([20.0]), np.array([10.0])
    >>> one = Moments(times.time[1:2], np.array([0, 1]))
    >>> bool(damped_walk(*star, times)[1] == damped_walk(*star, one)[0])
    True
    """
    star = moments.star
    at = (moments.time - origin[star]) * (nodes / tau[star])
    whole = np.floor(at).astype(np.int64)
    low, high = np.zeros(len(seed), np.int64), np.zeros(len(seed), np.int64)
    np.minimum.at(low, star, whole)
    np.maximum.at(high, star, whole)
    length = high - low + 2
    offsets = np.concatenate([[0], np.cumsum(length)])
    index = np.arange(offsets[-1]) - np.repeat(offsets[:-1] - low, length)
    path = _walk(normals(np.repeat(seed, length), place, index), offsets[:-1] - low, offsets, np.exp(-1.0 / nodes))
    k = whole + (offsets[:-1] - low)[star]
    part = at - whole
    return np.asarray((1.0 - part) * path[k] + part * path[k + 1])
