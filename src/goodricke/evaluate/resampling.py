"""Bootstrap over stars: a score is a function of how often each star was drawn, and is taken of many resamples at once.

Weights are (B, N): one row per resample, one column per row of the table. With all weights 1 the score is the figure
itself, so estimate and interval come from the same lines. Models scored with the same weights are compared in pairs.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from typing import Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["Estimate", "Scorer", "Scores", "Weights", "bootstrap", "estimate", "star_weights", "summed_by", "wilson"]

Weights = NDArray[np.float64]
Scores = dict[str, NDArray[np.float64]]
Scorer = Callable[[Weights], Scores]
Estimate = dict[str, float | None]
Name = TypeVar("Name", bound=Hashable)

_CELLS = 1 << 20  # weights held at once: 8 MB, which caches hold


def star_weights(star: NDArray[np.int64], n: int, rng: np.random.Generator) -> Iterator[Weights]:
    """Yield weights (b, N), `n` rows in all: how often each star was drawn when as many as there are were drawn anew.

    Parameters
    ----------
    star : (N,) int64
        Number of the star of every row, 0 ... S - 1: rows of one star are drawn together.
    n : int
        Resamples wanted.
    rng : numpy.random.Generator
        Source of randomness.
    """
    s = int(star.max(initial=-1)) + 1
    step = max(1, _CELLS // max(s, len(star), 1))
    for start in range(0, n if s else 0, step):
        b = min(step, n - start)
        drawn = rng.integers(0, s, (b, s)) + s * np.arange(b)[:, None]
        times = np.bincount(drawn.ravel(), minlength=b * s).reshape(b, s)
        yield times[:, star].astype(np.float64)


def bootstrap(
    scorers: Mapping[Name, Scorer], star: NDArray[np.int64], n: int, seed: int
) -> tuple[dict[Name, Scores], dict[Name, Scores]]:
    """Scores of all scorers: the figures (...), and the same for `n` resamples (n, ...), paired between scorers.

    Examples
    --------
    >>> right = np.array([1.0, 1.0, 0.0, 1.0])
    >>> mean = {"model": lambda w: {"accuracy": w @ right / w.sum(axis=1)}}
    >>> value, samples = bootstrap(mean, np.arange(4), 1000, seed=0)
    >>> float(value["model"]["accuracy"]), samples["model"]["accuracy"].shape
    (0.75, (1000,))
    """
    values = {name: {key: score[0] for key, score in f(np.ones((1, len(star)))).items()} for name, f in scorers.items()}
    parts: dict[Name, dict[str, list[Any]]] = {name: {key: [] for key in found} for name, found in values.items()}
    for weights in star_weights(star, n, np.random.default_rng(seed)):
        for name, scorer in scorers.items():
            for key, score in scorer(weights).items():
                parts[name][key].append(score)
    samples = {
        name: {
            key: np.concatenate(pieces) if pieces else np.zeros((0, *values[name][key].shape))
            for key, pieces in found.items()
        }
        for name, found in parts.items()
    }
    return values, samples


def estimate(value: float | np.floating[Any], samples: NDArray[np.float64], level: float = 0.95) -> Estimate:
    """A figure with its percentile interval (Efron & Tibshirani 1993, ch. 13); None where there is none.

    >>> {key: round(number, 3) for key, number in estimate(0.5, np.linspace(0, 1, 101)).items()}
    {'value': 0.5, 'low': 0.025, 'high': 0.975}
    """
    good = samples[np.isfinite(samples)]
    if not np.isfinite(value):
        return {"value": None, "low": None, "high": None}
    if not len(good):
        return {"value": float(value), "low": None, "high": None}
    low, high = np.quantile(good, [(1 - level) / 2, (1 + level) / 2])
    return {"value": float(value), "low": float(low), "high": float(high)}


def wilson(k: ArrayLike, n: ArrayLike, z: float = 1.959964) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Interval of a share, `k` of `n` (Wilson 1927); 0 to 1 where there is nothing to count.

    >>> low, high = wilson(9, 10)
    >>> print(f"{low:.3f} {high:.3f}")
    0.596 0.982
    """
    hits, total = np.asarray(k, dtype=np.float64), np.asarray(n, dtype=np.float64)
    some = np.where(total > 0, total, 1.0)
    share = hits / some
    middle = (share + z**2 / (2 * some)) / (1 + z**2 / some)
    half = z / (1 + z**2 / some) * np.sqrt(share * (1 - share) / some + z**2 / (4 * some**2))
    empty = total == 0
    return np.where(empty, 0.0, np.maximum(middle - half, 0)), np.where(empty, 1.0, np.minimum(middle + half, 1))


def summed_by(code: NDArray[np.int64], n_codes: int, values: ArrayLike = 1.0) -> Callable[[Weights], Weights]:
    """A function of weights (B, N) that gives sums (B, n_codes) of weight times value over the rows of each code.

    >>> summed_by(np.array([0, 1, 1]), 2)(np.array([[1.0, 2.0, 5.0]]))
    array([[1., 7.]])
    """
    from scipy.sparse import csr_array

    rows = np.arange(len(code))
    data = np.broadcast_to(np.asarray(values, dtype=np.float64), len(code))
    matrix = csr_array((data, (code, rows)), shape=(n_codes, len(code)))
    return lambda weights: np.asarray((matrix @ weights.T).T)
