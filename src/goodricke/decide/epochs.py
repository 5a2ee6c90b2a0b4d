"""Several spectra of one star as one answer: evidence added up, beside the highest of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from goodricke.decide.evidence import combined
from goodricke.errors import DataError, OptionError

__all__ = ["Correlation", "EpochAnswers", "answers_of_epochs", "error_correlation", "log_odds", "with_log_ratio"]

Floats = NDArray[np.float64]

_FLOOR = 1e-6  # of a probability: no network is surer than that of one spectrum


@dataclass(frozen=True, eq=False)
class EpochAnswers:
    """G stars, each with the answers of all its spectra.

    Parameters
    ----------
    stars : (G,)
        Names, sorted.
    n : (G,) int64
        Spectra that have an answer.
    probability : (G,)
        Of a binary, evidence of all spectra added up; NaN where no spectrum has an answer.
    highest, lowest : (G,)
        Of the spectra. The highest is what Jing et al. (2025) take. It rises with the number of spectra: a single star
        that passes a cut with the chance f in one spectrum passes it with 1 - (1 - f)^n in one of n independent ones.
    scatter : (G,)
        Standard deviation of the log odds of the spectra; NaN for fewer than two.
    """

    stars: NDArray[Any]
    n: NDArray[np.int64]
    probability: Floats
    highest: Floats
    lowest: Floats
    scatter: Floats


def log_odds(probability: ArrayLike) -> Floats:
    """Natural log odds; probabilities of 0 and 1 are taken as a millionth from there, NaN stays.

    >>> log_odds([0.5, 0.9, 1.0]).round(2)
    array([ 0.  ,  2.2 , 13.82])
    """
    p = np.clip(np.asarray(probability, dtype=np.float64), _FLOOR, 1 - _FLOOR)
    return np.asarray(np.log(p) - np.log1p(-p))


def answers_of_epochs(
    probability: ArrayLike, groups: ArrayLike, prior: float = 0.5, correlation: float = 0.0
) -> EpochAnswers:
    """Add up the evidence of the spectra of every star (`goodricke.decide.combined` for two classes).

    Parameters
    ----------
    probability : (M,)
        Calibrated probability of a binary from each spectrum; one with NaN is left out.
    groups : (M,)
        Star of every spectrum: numbers or names.
    prior : float
        Share of binaries that the probabilities carry, that of training.
    correlation : float
        r between the errors of any two spectra of one star, 0 to 1; `error_correlation` measures it. What a star has of
        its own (odd abundances, spots, rotation) is the same in all its spectra, and so is whether its companion can be
        seen at all: r is seldom near 0.

    Examples
    --------
    >>> found = answers_of_epochs([0.9, 0.9, 0.2], ["a", "a", "b"], prior=0.5, correlation=0.5)
    >>> found.stars, found.probability.round(3), found.highest
    (array(['a', 'b'], dtype='<U1'), array([0.949, 0.2  ]), array([0.9, 0.2]))
    """
    p = np.asarray(probability, dtype=np.float64)
    if p.ndim != 1:
        raise DataError(f"one probability of a binary per spectrum is wanted; the array has shape {p.shape}")
    if not 0.0 < prior < 1.0:
        raise OptionError(f"the prior of a binary lies between 0 and 1; it is {prior}")
    # Certainty of one spectrum would outvote all others.
    bounded = np.clip(p, _FLOOR, 1 - _FLOOR)
    both, stars = combined(np.stack([1 - bounded, bounded], axis=1), groups, [1 - prior, prior], correlation)
    code = np.unique(np.asarray(groups), return_inverse=True)[1]
    good = np.isfinite(p)
    here, values = code[good], p[good]
    n = np.bincount(here, minlength=len(stars))
    highest, lowest = np.full(len(stars), -np.inf), np.full(len(stars), np.inf)
    np.maximum.at(highest, here, values)
    np.minimum.at(lowest, here, values)
    none = n == 0
    highest[none] = lowest[none] = np.nan
    logits = log_odds(values)
    mean = np.bincount(here, logits, len(stars)) / np.maximum(n, 1)
    square = np.bincount(here, (logits - mean[here]) ** 2, len(stars))
    scatter = np.where(n > 1, np.sqrt(square / np.maximum(n - 1, 1)), np.nan)
    return EpochAnswers(stars, n, both[:, 1], highest, lowest, scatter)


def with_log_ratio(probability: ArrayLike, log_ratio: ArrayLike) -> Floats:
    """Probabilities (G,) after evidence of another kind, such as the scatter of velocities.

    Exact when, among binaries and among singles, the two kinds of evidence know nothing of each other. Close binaries
    both scatter in velocity and have broader lines, so it is a little too sure of these.

    Parameters
    ----------
    probability : (G,)
        Of a binary; NaN stays.
    log_ratio : (G,)
        ln of the likelihood ratio binary to single; NaN counts as nothing known.

    Examples
    --------
    >>> with_log_ratio([0.5, 0.5], [np.log(9.0), np.nan])
    array([0.9, 0.5])
    """
    p = np.asarray(probability, dtype=np.float64)
    ratio = np.nan_to_num(np.asarray(log_ratio, dtype=np.float64), nan=0.0, posinf=700.0, neginf=-700.0)
    logit = log_odds(p) + ratio
    with np.errstate(over="ignore"):
        return np.where(ratio == 0, p, 1.0 / (1.0 + np.exp(-logit)))


@dataclass(frozen=True)
class Correlation:
    """How alike the errors of two spectra of one star are.

    Parameters
    ----------
    value, low, high : float
        r with its 95% percentile interval of a bootstrap over stars.
    n_stars, n_spectra : int
        Stars with repeats, and their spectra.
    labelled : bool
        Whether classes were known. If not, r holds what binaries and singles differ by as well: an upper bound.
    """

    value: float
    low: float
    high: float
    n_stars: int
    n_spectra: int
    labelled: bool

    def __str__(self) -> str:
        bound = "" if self.labelled else ", an upper bound: classes were not known"
        return (
            f"r = {self.value:.2f} ({self.low:.2f} to {self.high:.2f}) from {self.n_spectra:,} spectra of "
            f"{self.n_stars:,} stars{bound}"
        )


def error_correlation(
    probability: ArrayLike, groups: ArrayLike, target: ArrayLike | None = None, n_draws: int = 1000, seed: int = 0
) -> Correlation:
    """Estimate r of `answers_of_epochs` from stars with repeats: the intraclass correlation of their log odds.

    For log odds that are normal in each class, with one variance and one correlation r between any two spectra of a
    star, the log odds of n spectra together are exactly their sum over 1 + (n - 1) r. r is estimated by the analysis of
    variance (Fisher 1925; unbalanced groups as in Donner 1986), classes having means of their own.

    Parameters
    ----------
    probability : (M,)
        Of a binary from each spectrum.
    groups : (M,)
        Star of every spectrum. Stars with one spectrum say nothing here and are left out.
    target : (M,) bool, optional
        Whether the star is a binary. Without it the estimate is an upper bound, and still a safe one to use: it makes
        the answer more cautious.
    n_draws : int
        Bootstrap samples for the interval.
    seed : int
        Of the bootstrap.

    Raises
    ------
    DataError
        If there are not more stars with repeats than classes.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> star = np.repeat(np.arange(500), 2)
    >>> logit = rng.normal(size=500)[star] + rng.normal(size=1000)
    >>> print(error_correlation(1 / (1 + np.exp(-logit)), star, np.zeros(1000, bool)))
    r = 0.51 (0.45 to 0.57) from 1,000 spectra of 500 stars
    """
    p = np.asarray(probability, dtype=np.float64)
    known = np.isfinite(p)
    code = np.unique(np.asarray(groups), return_inverse=True)[1]
    truth = np.zeros(len(p), dtype=np.int64) if target is None else np.asarray(target).astype(np.int64)
    if not len(p) == len(code) == len(truth):
        raise DataError(f"{len(p)} probabilities, {len(code)} groups and {len(truth)} targets do not fit together")
    known &= (np.bincount(code[known], minlength=code.max(initial=-1) + 1) > 1)[code]
    code = np.unique(code[known], return_inverse=True)[1]
    x, truth = log_odds(p[known]), truth[known]
    n = np.bincount(code).astype(np.float64)
    mean = np.bincount(code, x) / np.maximum(n, 1)
    star_class = np.zeros(len(n), dtype=np.int64)
    star_class[code] = truth
    if (star_class[code] != truth).any():
        raise DataError("the spectra of one star have unlike targets; a star is a binary or it is not")
    classes = np.unique(star_class)
    if len(n) <= len(classes):
        raise DataError(f"{len(n)} stars with repeats are too few to measure the correlation of their errors")
    within = np.bincount(code, (x - mean[code]) ** 2)
    member = star_class == classes[:, None]

    def estimate(weight: Floats) -> Floats:
        """r (B,) for weights (B, G): how often each star counts."""
        total, inner = weight @ n, weight @ within
        spectra, first, second, squares = (
            np.stack([weight[:, mine] @ value[mine] for mine in member], axis=1)
            for value in (n, n * mean, n * mean**2, n**2)
        )
        filled = np.maximum(spectra, 1e-300)
        between = (second - np.where(spectra > 0, first**2 / filled, 0.0)).sum(axis=1)
        free = weight.sum(axis=1) - (spectra > 0).sum(axis=1)
        size = (total - (squares / filled).sum(axis=1)) / np.maximum(free, 1)
        outer, inner = between / np.maximum(free, 1), inner / np.maximum(total - weight.sum(axis=1), 1)
        whole = outer + (size - 1) * inner
        return np.clip(np.where(whole > 0, (outer - inner) / np.where(whole > 0, whole, 1.0), 0.0), 0.0, 1.0)

    rng = np.random.default_rng(seed)
    # A few draws at a time: a million stars would not fit otherwise.
    step = max(1, (1 << 22) // len(n))
    drawn = [
        estimate(rng.multinomial(len(n), np.full(len(n), 1 / len(n)), min(step, n_draws - k)).astype(np.float64))
        for k in range(0, n_draws, step)
    ]
    low, high = np.quantile(np.concatenate(drawn), [0.025, 0.975]) if drawn else (np.nan, np.nan)
    value = float(estimate(np.ones((1, len(n))))[0])
    return Correlation(value, float(low), float(high), len(n), len(x), target is not None)
