"""How common the classes are among stars without labels: two estimates that fail in different ways."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from goodricke.decide.priors import checked_priors
from goodricke.decide.simplex import checked_probabilities, checked_target
from goodricke.errors import DataError

__all__ = ["Prevalence", "confusion", "estimated_priors", "priors_by_confusion"]

Floats = NDArray[np.float64]

_ROUNDS = 2_000


@dataclass(frozen=True, eq=False)
class Prevalence:
    """Class shares with the interval that the sample of stars leaves.

    Parameters
    ----------
    priors : (C,)
        The estimate; sums to 1.
    low, high : (C,)
        95% percentile interval of a bootstrap over stars, NaN when none was drawn. It knows nothing of stars that
        look unlike their class in training.
    """

    priors: Floats
    low: Floats
    high: Floats


def estimated_priors(probabilities: ArrayLike, trained: ArrayLike, n_draws: int = 100, seed: int = 0) -> Prevalence:
    """Class shares of the greatest likelihood, by expectation and maximisation (Saerens et al. 2002, eq. 2.9).

    Sharper than `priors_by_confusion`, and it leans on the calibration of every star. When the two disagree by more
    than their intervals, the stars differ from those of training in more than their shares: believe neither.

    Parameters
    ----------
    probabilities : (N, C)
        Calibrated; rows with NaN are left out.
    trained : (C,)
        Class shares that the probabilities carry.
    n_draws : int
        Bootstrap samples for the interval.
    seed : int
        Of the bootstrap.

    Examples
    --------
    >>> found = estimated_priors([[0.9, 0.1]] * 30 + [[0.1, 0.9]] * 10, [0.5, 0.5])
    >>> found.priors.round(4)
    array([0.8125, 0.1875])
    """
    p = _finite(probabilities)
    old = checked_priors(trained, p.shape[1])
    ratio = p[:, old > 0] / old[old > 0]
    ratio /= ratio.max(axis=1, keepdims=True)

    def shares(weights: Floats, start: Floats, accuracy: float) -> Floats:
        q = start
        for _ in range(_ROUNDS):
            new = q * (weights / np.maximum(ratio @ q, 1e-300) @ ratio)
            new /= new.sum()
            done = np.abs(new - q).max() < accuracy
            q = new
            if done:
                break
        return q

    n = len(p)
    best = shares(np.full(n, 1 / n), old[old > 0], 1e-9)
    # A bootstrap sample starts at the estimate, moved off the border, where the steps of the method would stay.
    start = 0.99 * best + 0.01 / len(best)

    def whole(q: Floats) -> Floats:
        full = np.zeros(len(old))
        full[old > 0] = q
        return full

    return _with_interval(whole(best), lambda weights: whole(shares(weights, start, 1e-5)), n, n_draws, seed)


def confusion(probabilities: ArrayLike, target: ArrayLike) -> Floats:
    """Mean probabilities (C, C) of held-out stars of every true class (row); a class without a star has a row of 0.

    >>> confusion([[0.9, 0.1], [0.7, 0.3], [0.2, 0.8]], [0, 0, 1])
    array([[0.8, 0.2],
           [0.2, 0.8]])
    """
    p = checked_probabilities(probabilities, target)
    t = checked_target(target, *p.shape)
    c = p.shape[1]
    total = np.stack([np.bincount(t, p[:, k], c) for k in range(c)], axis=1)
    return np.asarray(total / np.maximum(np.bincount(t, minlength=c), 1)[:, None])


def priors_by_confusion(probabilities: ArrayLike, matrix: ArrayLike, n_draws: int = 100, seed: int = 0) -> Prevalence:
    """Class shares whose mixture of held-out rows gives the mean probabilities seen.

    Black-box shift estimation (Lipton et al. 2018, with mean probabilities in place of counts), by least squares with
    no negative share. It needs no calibration; a class whose row looks like others' is found badly.

    Parameters
    ----------
    probabilities : (N, C)
        Of the stars without labels; rows with NaN are left out.
    matrix : (C, C)
        `confusion` of held-out stars, made with the same probabilities.

    Examples
    --------
    >>> matrix = confusion([[0.9, 0.1], [0.1, 0.9]], [0, 1])
    >>> priors_by_confusion([[0.9, 0.1]] * 30 + [[0.1, 0.9]] * 10, matrix).priors
    array([0.75, 0.25])
    """
    from scipy.optimize import nnls

    p = _finite(probabilities)
    held = np.asarray(matrix, dtype=np.float64)
    if held.shape != (p.shape[1],) * 2 or not np.isfinite(held).all() or not held.any():
        raise DataError(f"the confusion matrix has to be {p.shape[1]} x {p.shape[1]} finite numbers, not {held.shape}")

    def shares(weights: Floats) -> Floats:
        q, _ = nnls(held.T, weights @ p)
        return np.asarray(q / q.sum())

    return _with_interval(shares(np.full(len(p), 1 / len(p))), shares, len(p), n_draws, seed)


def _finite(probabilities: ArrayLike) -> Floats:
    p = checked_probabilities(probabilities)
    p = p[np.isfinite(p).all(axis=1)]
    if not len(p):
        raise DataError("there is no star with probabilities to estimate prevalences from")
    return p


def _with_interval(best: Floats, redo: Callable[[Floats], Floats], n: int, n_draws: int, seed: int) -> Prevalence:
    if n_draws < 2:
        unknown = np.full(len(best), np.nan)
        return Prevalence(best, unknown, unknown)
    rng = np.random.default_rng(seed)
    drawn = np.stack([redo(np.bincount(rng.integers(0, n, n), minlength=n) / n) for _ in range(n_draws)])
    low, high = np.quantile(drawn, [0.025, 0.975], axis=0)
    return Prevalence(best, low, high)
