"""Steps: a fixed number of points of every star in the order of time, for networks that look at raw light curves."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from goodricke import ragged
from goodricke.represent.folds import Points

__all__ = ["CHANNELS", "steps"]

CHANNELS = ("level", "error", "wait", "when", "there")
"""Magnitude from the median and log10 of its error, in units of the amplitude; log10 of the days since the step before;
share of the span that has gone by; 1 for a step, 0 for padding behind the last."""
_RANGE = (0.01, 0.99)
_CLIP = 2.5
_LOG_ERROR = (-3.0, 1.0)
_LOG_WAIT = (-4.0, 3.0)


def steps(points: Points, most: int) -> NDArray[np.float32]:
    """Up to `most` points of every star: all of them, or as many that lie evenly among them.

    Parameters
    ----------
    points : Points
        N stars, in the order of time.
    most : int
        S.

    Returns
    -------
    (N, S, 5) float32
        The `CHANNELS`; padding is 0.

    Examples
    --------
    >>> time = np.arange(4.0)
    >>> star = Points(time, np.array([-0.5, 0.0, 0.0, 0.5]), np.ones(4), np.array([0, 4]))
    >>> steps(star, 6)[0, :, 4]
    array([1., 1., 1., 1., 0., 0.], dtype=float32)
    """
    n = len(points)
    lengths = np.diff(points.offsets)
    kept = np.minimum(lengths, most)
    found = np.zeros((n, most, len(CHANNELS)), dtype=np.float32)
    if not len(points.time):
        return found
    place = np.arange(most)[None, :]
    there = place < kept[:, None]
    stride = np.maximum(lengths, 1) / np.maximum(kept, 1)
    index = (points.offsets[:-1, None] + np.floor(place * stride[:, None]).astype(np.int64))[there]
    star = np.repeat(np.arange(n), kept)
    low, high = ragged.quantiles(points.mag, points.offsets, _RANGE).T
    amplitude = np.maximum(high - low, 1e-4)[star]
    span = np.maximum(ragged.maxima(points.time, points.offsets), 1e-6)[star]
    wait = np.diff(points.time[index], prepend=0.0)
    wait[np.concatenate([[0], np.cumsum(kept)[:-1]])[kept > 0]] = 0.0
    error = 1.0 / np.sqrt(points.weight[index]) / amplitude
    found[there] = np.stack(
        [
            np.clip(points.mag[index] / amplitude, -_CLIP, _CLIP),
            np.log10(np.clip(error, 10 ** _LOG_ERROR[0], 10 ** _LOG_ERROR[1])),
            np.log10(np.clip(wait, 10 ** _LOG_WAIT[0], 10 ** _LOG_WAIT[1])),
            points.time[index] / span,
            np.ones(len(index)),
        ],
        axis=1,
    )
    return found
