"""Counting held-out stars at a few cuts per class."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from goodricke.decide.simplex import checked_probabilities, checked_target
from goodricke.decide.thresholds import ThresholdTable
from goodricke.errors import DataError

__all__ = ["fit_thresholds"]

Floats = NDArray[np.float64]

_LOGITS = np.arange(-5.0, 7.1, 0.5)
_DIGITS = 5


def fit_thresholds(
    probabilities: ArrayLike,
    target: ArrayLike,
    classes: Sequence[str],
    labelled: bool = True,
    stars: ArrayLike | None = None,
) -> ThresholdTable:
    """Count held-out stars at about 50 cuts per class.

    Parameters
    ----------
    probabilities : (N, C)
        Calibrated and before any shift of priors: those that the cuts will meet.
    target : (N,) int
        Column of the true class.
    classes : C names
        In the order of the columns.
    labelled : bool
        Count for a class only the stars whose likeliest class it is, as a table with one label per star holds them.
        Without it, every star with enough probability counts: the list of candidates of one class.
    stars : (N,), optional
        Star of every row; the rows of one star share its one vote, so that intervals are of stars, not of rows.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> p = rng.random(5000)
    >>> table = fit_thresholds(np.stack([p, 1 - p], axis=1), (rng.random(5000) > p).astype(int), ("EA", "VAR"))
    >>> print(table.for_purity("EA", 0.9))
    EA: purity 0.900 (0.880 to 0.918), completeness 0.360 (0.341 to 0.380) at probability 0.80797
    """
    p = checked_probabilities(probabilities, target)
    n, c = p.shape
    t = checked_target(target, n, c)
    if len(classes) != c:
        raise DataError(f"{c} columns of probabilities need {c} names of classes; there are {len(classes)}")
    vote = np.ones(n)
    if stars is not None:
        _, code, rows_of = np.unique(np.asarray(stars), return_inverse=True, return_counts=True)
        vote = 1.0 / rows_of[code]
    if labelled:
        p = np.where(np.arange(c) == p.argmax(axis=1)[:, None], p, 0.0)
    cuts = [_places(p[:, k], t == k) for k in range(c)]
    passed = [_counts(p[:, k], t, vote, cuts[k], c) for k in range(c)]
    total = np.bincount(t, vote, c)
    return ThresholdTable(
        tuple(classes),
        _numbers(np.asarray(total, dtype=np.float64)),
        labelled,
        tuple(map(tuple, cuts)),
        tuple(tuple(map(_numbers, x)) for x in passed),
    )


def _places(p: Floats, own: NDArray[np.bool_]) -> list[float]:
    """Cuts at even steps of completeness, and at round log odds; rounded down, so that files stay short."""
    shares = np.quantile(p[own], np.linspace(0, 1, 26), method="lower") if own.any() else np.zeros(0)
    places = np.concatenate([shares, 1 / (1 + np.exp(-_LOGITS))])
    places = np.unique(np.floor(places * 10**_DIGITS) / 10**_DIGITS)
    found: list[float] = places[(places > 0) & (places <= p.max())].tolist()
    return found or [1.0]


def _counts(p: Floats, target: NDArray[np.int64], vote: Floats, cuts: list[float], n_classes: int) -> Floats:
    level = np.searchsorted(cuts, p, "right")  # number of cuts that the star passes
    cells = np.bincount(level * n_classes + target, vote, (len(cuts) + 1) * n_classes).reshape(-1, n_classes)
    return np.asarray(cells[::-1].cumsum(axis=0)[::-1][1:])


def _numbers(values: Floats) -> tuple[float, ...]:
    """Whole numbers as such, others to a thousandth of a star."""
    return tuple(int(x) if x == int(x) else x for x in np.round(values, 3).tolist())
