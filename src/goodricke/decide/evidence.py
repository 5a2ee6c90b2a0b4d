"""Several light curves of one star (bands, sectors, segments), each with its probabilities, as one answer."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from goodricke.decide.priors import checked_priors
from goodricke.decide.simplex import FLOOR, checked_probabilities
from goodricke.errors import DataError, OptionError

__all__ = ["combined"]


def combined(
    probabilities: ArrayLike, groups: ArrayLike, trained_priors: ArrayLike, correlation: float = 0.0
) -> tuple[NDArray[np.float64], NDArray[Any]]:
    """Multiply the likelihood ratios of the light curves of every star.

    By Bayes each light curve says ``p / prior`` about a class; for n independent ones these multiply, and the prior
    counts once. Light curves that share faults count for less: with one correlation r between any two the logarithms
    are summed with the weight ``1 / (1 + (n - 1) r)``, so that n of them are worth the usual effective number
    ``n / (1 + (n - 1) r)``. With r = 1 they count as one.

    Parameters
    ----------
    probabilities : (M, C)
        Calibrated, one row per light curve; a row with NaN is left out.
    groups : (M,)
        Star of every row: numbers or names.
    trained_priors : (C,)
        Class shares that the probabilities carry, those of training.
    correlation : float
        r, from 0 (independent) to 1 (all the same).

    Returns
    -------
    probabilities : (G, C)
        One row per star; NaN where all its rows are.
    stars : (G,)
        Their names, sorted.

    Examples
    --------
    >>> p, stars = combined([[0.8, 0.2], [0.8, 0.2], [0.1, 0.9]], ["a", "a", "b"], [0.5, 0.5])
    >>> p.round(3), stars
    (array([[0.941, 0.059],
           [0.1  , 0.9  ]]), array(['a', 'b'], dtype='<U1'))
    """
    p = checked_probabilities(probabilities)
    prior = checked_priors(trained_priors, p.shape[1])
    names, code = np.unique(np.asarray(groups), return_inverse=True)
    if code.shape != (len(p),):
        raise DataError(f"{len(p)} rows of probabilities need as many groups; there are {code.size}")
    if not 0.0 <= correlation <= 1.0:
        raise OptionError(f"the correlation lies in 0 ... 1; it is {correlation}")
    good = np.isfinite(p).all(axis=1)
    known = prior > 0
    log_prior = np.log(np.where(known, prior, 1.0))
    says = np.log(np.maximum(p[good], np.exp(FLOOR))) - log_prior
    n = np.bincount(code[good], minlength=len(names))
    total = np.stack([np.bincount(code[good], says[:, k], len(names)) for k in range(p.shape[1])], axis=1)
    z = log_prior + total / (1.0 + (n - 1.0).clip(0) * correlation)[:, None]
    z[:, ~known] = -np.inf
    z -= z.max(axis=1, keepdims=True)
    result = np.exp(z)
    result /= result.sum(axis=1, keepdims=True)
    result[n == 0] = np.nan
    return result, names
