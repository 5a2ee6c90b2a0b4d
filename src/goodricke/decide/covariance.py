"""A covariance matrix that can always be inverted."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["shrunk_covariance", "shrunk_whitening", "whitening"]

Floats = NDArray[np.float64]


def shrunk_whitening(rows: Floats) -> Floats:
    """Whitening (K, K) of rows (N, K) with mean 0, by a covariance whose correlations are shrunk.

    Columns are brought to variance 1 before, so that one with long tails does not set the level for all; one that
    never changes counts as it is.
    """
    width = np.sqrt(np.mean(rows**2, axis=0))
    width[width == 0] = 1.0
    return np.asarray(whitening(shrunk_covariance(rows / width)[0]) / width[:, None])


def shrunk_covariance(rows: Floats) -> tuple[Floats, float]:
    """Covariance (K, K) of rows (N, K) with mean 0, pulled towards a multiple of the unit matrix, and how far.

    The pull of least expected square error, from the data themselves (Ledoit & Wolf 2004, section 3).

    >>> matrix, pull = shrunk_covariance(np.array([[1.0, 0.0], [-1.0, 0.0], [0.0, 1.0], [0.0, -1.0]]))
    >>> matrix
    array([[0.5, 0. ],
           [0. , 0.5]])
    """
    n, k = rows.shape
    sample = rows.T @ rows / n
    level = np.trace(sample) / k
    squares = rows**2
    distance = np.sum(sample**2) - k * level**2
    noise = (np.sum(squares.sum(axis=1) ** 2) / n - np.sum(sample**2)) / n
    pull = float(np.clip(noise / distance, 0.0, 1.0)) if distance > 1e-12 * np.sum(sample**2) else 1.0
    return (1 - pull) * sample + pull * level * np.eye(k), pull


def whitening(covariance: Floats) -> Floats:
    """Matrix W (K, K) with ``W.T @ covariance @ W`` the unit matrix, so that lengths of ``x @ W`` are Mahalanobis'.

    Directions with less than 1e-6 of the mean variance are given that much.
    """
    value, vector = np.linalg.eigh(covariance)
    least = max(1e-6 * float(np.mean(value)), 1e-12)
    return np.asarray(vector / np.sqrt(np.maximum(value, least)))
