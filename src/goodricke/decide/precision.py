"""How pure a list of binaries is where binaries are as common as the user says."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import ArrayLike, NDArray

from goodricke.decide.cuts import fit_thresholds
from goodricke.decide.thresholds import Threshold, ThresholdTable
from goodricke.errors import DataError, OptionError

__all__ = [
    "PRIORS",
    "counted",
    "cut_for_purity",
    "precision_at",
    "precision_by_counts",
    "precision_table",
    "prior_of_ratio",
]

Floats = NDArray[np.float64]

PRIORS = (0.1, 0.2, 1 / 3, 0.5)
"""Shares of binaries that tables quote; a third is the 1:2 of Jing et al. (2025)."""

_CLASSES = ("SINGLE", "BINARY")


def prior_of_ratio(ratio: float | str) -> float:
    """Share of binaries for a ratio of binaries to singles, as a number or as people write it.

    >>> prior_of_ratio("1:2") == prior_of_ratio(0.5) == 1 / 3
    True
    """
    try:
        if isinstance(ratio, str):
            binaries, _, singles = ratio.partition(":")
            value = float(Fraction(binaries.strip()) / Fraction(singles.strip() or "1"))
        else:
            value = float(ratio)
    except (ValueError, ZeroDivisionError):
        value = -1.0
    if not 0 < value < np.inf:
        raise OptionError(f"a ratio of binaries to singles is a number above 0 or written as 1:2; it is {ratio!r}")
    return value / (1 + value)


def precision_at(true_rate: ArrayLike, false_rate: ArrayLike, prior: ArrayLike) -> Floats:
    """Share of binaries among what is flagged: TPR pi / (TPR pi + FPR (1 - pi)); NaN where nothing is flagged.

    Parameters
    ----------
    true_rate, false_rate : array
        Share of the binaries and of the singles that are flagged.
    prior : array
        pi, the share of binaries among all stars.

    Examples
    --------
    >>> precision_at(0.8, 0.1, [0.1, 0.2, 1 / 3]).round(2)
    array([0.47, 0.67, 0.8 ])
    """
    caught = np.asarray(true_rate, dtype=np.float64) * np.asarray(prior, dtype=np.float64)
    fooled = np.asarray(false_rate, dtype=np.float64) * (1 - np.asarray(prior, dtype=np.float64))
    flagged = caught + fooled
    return np.asarray(np.where(flagged > 0, caught / np.where(flagged > 0, flagged, 1.0), np.nan))


def precision_by_counts(
    true_positives: ArrayLike, false_positives: ArrayLike, n_binaries: float, n_singles: float, ratio: float = 0.5
) -> Floats:
    """The formula of Jing et al. (2025): TP / (TP + FP (N_b / N_s) / r).

    It is `precision_at` with the rates TP / N_b and FP / N_s and the prior r / (1 + r).

    Parameters
    ----------
    true_positives, false_positives : array
        Binaries and singles of the test set that are flagged.
    n_binaries, n_singles : float
        All of the test set.
    ratio : float
        r, binaries to singles on the sky; 1:2 is theirs.

    Examples
    --------
    >>> round(float(precision_by_counts(80, 180, 100, 1800)), 3)
    0.8
    """
    if n_binaries <= 0 or n_singles <= 0 or ratio <= 0:
        raise DataError(f"binaries, singles and their ratio lie above 0; they are {n_binaries}, {n_singles}, {ratio}")
    return precision_at(
        np.asarray(true_positives, dtype=np.float64) / n_binaries,
        np.asarray(false_positives, dtype=np.float64) / n_singles,
        ratio / (1 + ratio),
    )


def counted(
    probability: ArrayLike, target: ArrayLike, thresholds: Sequence[float], stars: ArrayLike | None = None
) -> ThresholdTable:
    """Count held-out stars at the thresholds asked for, as a table that answers for any prior.

    Parameters
    ----------
    probability : (N,)
        Of a binary, as it meets the threshold; rows with NaN count among all and are never flagged.
    target : (N,) bool
        Whether it is a binary.
    thresholds : sequence of float
        Stars with at least this probability are flagged.
    stars : (N,), optional
        Star of every row; the rows of one star share its one vote.
    """
    p, truth, vote = _checked(probability, target, stars)
    cuts = sorted({float(cut) for cut in thresholds})
    if not cuts or not all(0 <= cut <= 1 for cut in cuts):
        raise OptionError(f"thresholds lie in 0 ... 1; they are {list(thresholds)}")
    passed = tuple(
        tuple(float(np.sum(vote[flagged & (truth == k)])) for k in (False, True))
        for flagged in (np.nan_to_num(p, nan=-1.0) >= cut for cut in cuts)
    )
    total = (float(vote[~truth].sum()), float(vote[truth].sum()))
    return ThresholdTable(_CLASSES, total, False, (tuple(cuts),) * 2, (passed,) * 2)


def precision_table(
    probability: ArrayLike,
    target: ArrayLike,
    thresholds: Sequence[float] = (0.5, 0.8),
    priors: Sequence[float] = PRIORS,
    stars: ArrayLike | None = None,
) -> dict[str, Floats]:
    """Precision and completeness for every threshold and prior, with 95% intervals.

    Parameters
    ----------
    probability, target, thresholds, stars
        As in `counted`.
    priors : sequence of float
        Shares of binaries among all stars.

    Returns
    -------
    dict of (len(thresholds) * len(priors),) arrays
        ``threshold``, ``prior``, ``false_rate`` (share of the singles that are flagged), and the numbers of
        `goodricke.decide.Threshold`: ``purity`` and ``completeness`` with ``_low`` and ``_high``.

    Examples
    --------
    >>> p, binary = np.repeat([0.9, 0.2, 0.9, 0.2], [80, 20, 10, 90]), np.repeat([1, 0], 100)
    >>> rows = precision_table(p, binary, thresholds=(0.5,), priors=(0.1, 1 / 3))
    >>> rows["prior"].round(2), rows["purity"].round(2), rows["false_rate"]
    (array([0.1 , 0.33]), array([0.47, 0.8 ]), array([0.1, 0.1]))
    """
    table = counted(probability, target, thresholds, stars)
    for prior in priors:
        _checked_prior(prior)
    singles = np.array([row[0] for row in table.passed[1]]) / table.stars[0]
    parts = [
        {"prior": np.full(len(singles), prior), "false_rate": singles} | table.rows("BINARY", [1 - prior, prior])
        for prior in priors
    ]
    whole = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    order = np.lexsort((whole["prior"], whole["threshold"]))
    return {name: column[order] for name, column in whole.items()}


def cut_for_purity(
    probability: ArrayLike,
    target: ArrayLike,
    purity: float,
    prior: float = 1 / 3,
    stars: ArrayLike | None = None,
    sure: bool = False,
) -> Threshold:
    """The lowest threshold that gives a wanted purity where binaries have the share `prior`.

    Parameters
    ----------
    probability, target, stars
        As in `counted`, held-out, and not shifted to `prior`: the threshold is one for probabilities as they come.
    purity : float
        Wanted share of binaries among what is flagged.
    prior : float
        Share of binaries among all stars.
    sure : bool
        Whether the whole interval of the purity has to lie above the wish.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> p = rng.random(20_000)
    >>> print(cut_for_purity(p, rng.random(20_000) < p, 0.9, prior=0.5))
    BINARY: purity 0.906 (0.897 to 0.915), completeness 0.329 (0.320 to 0.338) at probability 0.81757
    """
    p, truth, _ = _checked(probability, target, stars)
    _checked_prior(prior)
    good = np.isfinite(p)
    table = fit_thresholds(
        np.stack([1 - p[good], p[good]], axis=1),
        truth[good].astype(np.int64),
        _CLASSES,
        labelled=False,
        stars=None if stars is None else np.asarray(stars)[good],
    )
    return table.for_purity("BINARY", purity, [1 - prior, prior], sure)


def _checked(
    probability: ArrayLike, target: ArrayLike, stars: ArrayLike | None
) -> tuple[Floats, NDArray[np.bool_], Floats]:
    p, truth = np.asarray(probability, dtype=np.float64), np.asarray(target).astype(bool)
    if p.ndim != 1 or p.shape != truth.shape or (np.abs(p - 0.5) > 0.5).any():
        raise DataError(
            f"probabilities in 0 ... 1 and as many targets are wanted; their shapes: {p.shape}, {truth.shape}"
        )
    if not truth.any() or truth.all():
        raise DataError("precision needs held-out binaries and held-out singles; one of them is missing")
    vote = np.ones(len(p))
    if stars is not None:
        _, code, rows_of = np.unique(np.asarray(stars), return_inverse=True, return_counts=True)
        vote = 1.0 / rows_of[code]
    return p, truth, vote


def _checked_prior(prior: float) -> None:
    if not 0 < prior < 1:
        raise OptionError(f"a prior of binaries lies between 0 and 1; it is {prior}")
