"""How well binaries are told in a list of real stars: the figures that Jing et al. (2025) give, with intervals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from goodricke.errors import DataError
from goodricke.evaluate.resampling import Scores, Weights, bootstrap, estimate, wilson
from goodricke.evaluate.roc import roc

__all__ = ["CONSTANT_KM_S", "LOW", "MOVING_KM_S", "PUBLISHED", "THRESHOLDS", "VISITS", "binary_figures"]

Floats = NDArray[np.float64]

THRESHOLDS = (0.5, 0.8)
LOW = 0.2
MOVING_KM_S, CONSTANT_KM_S, VISITS = 25.0, 5.0, 4
"""Stars whose velocities differ by more are called binaries, those by less, in at least so many visits, singles."""

PUBLISHED: dict[str, float] = {
    "auc": 0.949, "singles below 0.2": 0.955, "binaries above 0.8": 0.73, "precision 0.5 at 1:2": 0.79,
    "precision 0.8 at 1:2": 0.89, "EA above 0.5": 0.9645, "EW above 0.5": 0.9640, "moving above 0.5": 0.928,
    "constant below 0.5": 0.688,
}  # fmt: skip
"""What Jing et al. (2025) found for their network, on their own held-out spectra and lists."""

_STEP_Q = 0.05


def binary_figures(
    probability: ArrayLike,
    star: ArrayLike,
    target: ArrayLike,
    eclipsing: ArrayLike | None = None,
    rv_difference: ArrayLike | None = None,
    n_visits: ArrayLike | None = None,
    q: ArrayLike | None = None,
    combined: ArrayLike | None = None,
    ratios: Sequence[float] = (0.5,),
    n_draws: int = 1000,
    seed: int = 0,
) -> dict[str, Any]:
    """All figures that the columns of a list allow, as plain dicts that JSON holds.

    Parameters
    ----------
    probability : (N,)
        Of a binary, from each spectrum; NaN where there is no answer.
    star : (N,)
        Name of the star of each spectrum: intervals are of a bootstrap over stars.
    target : (N,)
        1 binary, 0 single, -1 not said.
    eclipsing : (N,) str, optional
        EA, EW.
    rv_difference, n_visits : (N,), optional
        Largest difference of the star's radial velocities in km/s, and from how many visits.
    q : (N,), optional
        Mass ratios.
    combined : (N,), optional
        Probability of the star from all its spectra, the same in each of its rows.
    ratios : sequence of float
        Of binaries to singles on the sky, for the precision.
    n_draws, seed : int
        Of the bootstrap.

    Returns
    -------
    dict
        ``counts``, and as far as there are rows ``test`` (AUC, shares, precision), ``eclipsing``, ``velocity``,
        ``catalogue``, ``mass_ratio``. A figure is ``value, low, high`` and ``n``.

    Examples
    --------
    >>> p, truth = np.array([0.9, 0.7, 0.95, 0.1, 0.2, 0.6]), np.array([1, 1, 1, 0, 0, 0])
    >>> found = binary_figures(p, list("abcdef"), truth, n_draws=100)
    >>> found["test"]["auc"]["value"], found["test"]["precision"][0]["value"]
    (1.0, 0.6)
    """
    p, kind = np.asarray(probability, dtype=np.float64), np.asarray(target, dtype=np.int64)
    names, code = np.unique(np.asarray(star).astype(str), return_inverse=True)
    code = code.reshape(-1).astype(np.int64)
    if not len(p) == len(kind) == len(code):
        raise DataError(f"{len(p)} probabilities, {len(code)} stars and {len(kind)} targets do not fit together")
    known = np.isfinite(p)
    found: dict[str, Any] = {
        "counts": {
            "spectra": len(p), "with an answer": int(known.sum()), "stars": len(names),
            "spectra of binaries": int((kind == 1).sum()), "spectra of singles": int((kind == 0).sum()),
            "stars called both": _contradicted(code, kind),
        }
    }  # fmt: skip
    told = known & (kind >= 0)
    if (kind[told] == 1).any() and (kind[told] == 0).any():
        found["test"] = _test(p[told], kind[told] == 1, code[told], ratios, n_draws, seed)
    highest = _by_star(code, np.where(known, p, -np.inf), len(names))
    if eclipsing is not None:
        words = np.asarray(eclipsing).astype(str)
        found["eclipsing"] = {
            str(word): _share(highest[np.unique(code[(words == word) & known])] >= THRESHOLDS[0])
            for word in np.unique(words[(words != "") & known])
        }
    if rv_difference is not None:
        moves = np.asarray(rv_difference, dtype=np.float64)
        visits = np.full(len(p), np.inf) if n_visits is None else np.asarray(n_visits, dtype=np.float64)
        moving = np.unique(code[known & (moves > MOVING_KM_S)])
        constant = np.unique(code[known & (moves < CONSTANT_KM_S) & (visits >= VISITS)])
        if len(moving) or len(constant):
            found["velocity"] = {
                "moving above 0.5": _share(highest[moving] >= THRESHOLDS[0]),
                "constant below 0.5": _share(highest[constant] < THRESHOLDS[0]),
            }
    found["catalogue"] = _catalogue(p, highest, None if combined is None else np.asarray(combined, float), code)
    if q is not None:
        found["mass_ratio"] = _by_mass_ratio(p, np.asarray(q, dtype=np.float64), kind)
    return found


def _test(
    p: Floats, binary: NDArray[np.bool_], code: NDArray[np.int64], ratios: Sequence[float], n_draws: int, seed: int
) -> dict[str, Any]:
    """Of the spectra with a known class, as the paper's test set."""
    curve = roc(p, binary, code, n_draws=n_draws, seed=seed)
    flagged = {cut: p >= cut for cut in THRESHOLDS}

    def shares(weights: Weights) -> Scores:
        ones, twos = weights[:, ~binary], weights[:, binary]
        n_single, n_binary = ones.sum(axis=1), twos.sum(axis=1)
        with np.errstate(invalid="ignore", divide="ignore"):
            scores = {
                "singles below 0.2": ones @ (p[~binary] < LOW) / n_single,
                "binaries above 0.8": twos @ (p[binary] > 0.8) / n_binary,
            }
            for cut, hit in flagged.items():
                right, wrong = twos @ hit[binary], ones @ hit[~binary]
                scores[f"recall {cut:g}"], scores[f"false {cut:g}"] = right / n_binary, wrong / n_single
                for ratio in ratios:
                    # N_TP / (N_TP + N_FP (N_b / N_s) / r), the paper's formula.
                    scores[f"precision {cut:g} {ratio!r}"] = right / (right + wrong * n_binary / n_single / ratio)
        return scores

    stars = np.unique(code, return_inverse=True)[1].astype(np.int64)
    value, samples = bootstrap({"": shares}, stars, n_draws, seed)
    figures = {key: estimate(float(score), samples[""][key]) for key, score in value[""].items()}
    _widen(figures, len(np.unique(code[~binary])), len(np.unique(code[binary])), ratios)
    plain = {key: figure for key, figure in figures.items() if not key.startswith("precision")}
    return {
        "n_binaries": int(binary.sum()), "n_singles": int((~binary).sum()),
        "auc": {"value": curve.auc, "low": _or_none(curve.low), "high": _or_none(curve.high)}, **plain,
        "precision": [
            {"threshold": cut, "ratio": float(ratio), **figures[f"precision {cut:g} {ratio!r}"]}
            for cut in THRESHOLDS for ratio in ratios
        ],
    }  # fmt: skip


def _widen(figures: dict[str, Any], n_single: int, n_binary: int, ratios: Sequence[float]) -> None:
    """Intervals of shares that are 0 or 1 by Wilson's formula for as many stars: resamples of none are all none."""
    for key, figure in figures.items():
        if figure["value"] in (0.0, 1.0) and not key.startswith("precision"):
            n = n_single if key.startswith(("singles", "false")) else n_binary
            low, high = wilson(figure["value"] * n, n)
            figure["low"], figure["high"] = float(low), float(high)
    for cut in THRESHOLDS:
        right, wrong = figures[f"recall {cut:g}"], figures[f"false {cut:g}"]
        if wrong["value"] == 0.0 and right["value"]:
            for ratio in ratios:
                share = right["value"] * ratio
                figures[f"precision {cut:g} {ratio!r}"]["low"] = share / (share + wrong["high"])


def _catalogue(p: Floats, highest: Floats, combined: Floats | None, code: NDArray[np.int64]) -> dict[str, Any]:
    """Counts at the thresholds: spectra, stars by the highest of their spectra, stars by all of them together."""
    found: dict[str, Any] = {"spectra": {}, "stars by the highest": {}}
    first = np.unique(code, return_index=True)[1]
    whole = None if combined is None else combined[first]
    if whole is not None:
        found["stars by all spectra"] = {}
    for cut in THRESHOLDS:
        found["spectra"][f"{cut:g}"] = int((np.nan_to_num(p, nan=-1.0) > cut).sum())
        found["stars by the highest"][f"{cut:g}"] = int((highest > cut).sum())
        if whole is not None:
            found["stars by all spectra"][f"{cut:g}"] = int((np.nan_to_num(whole, nan=-1.0) > cut).sum())
    return found


def _by_mass_ratio(p: Floats, q: Floats, kind: NDArray[np.int64]) -> list[dict[str, Any]]:
    """Share of the spectra of binaries that is flagged, in steps of 0.05."""
    there = np.isfinite(p) & np.isfinite(q) & (kind != 0) & (q > 0) & (q <= 1)
    if not there.any():
        return []
    cell = np.minimum(np.floor(q[there] / _STEP_Q + 1e-9).astype(np.int64), round(1.0 / _STEP_Q) - 1)
    rows = []
    for k in np.unique(cell).tolist():
        mine = p[there][cell == k]
        rows.append(
            {"q": [round(k * _STEP_Q, 2), round((k + 1) * _STEP_Q, 2)], "n": len(mine)}
            | {f"flagged {cut:g}": _share(mine >= cut) for cut in THRESHOLDS}
        )
    return rows


def _share(hits: NDArray[np.bool_]) -> dict[str, Any]:
    if not len(hits):
        return {"value": None, "low": None, "high": None, "n": 0}
    low, high = wilson(hits.sum(), len(hits))
    return {"value": float(hits.mean()), "low": float(low), "high": float(high), "n": len(hits)}


def _by_star(code: NDArray[np.int64], value: Floats, n: int) -> Floats:
    highest = np.full(n, -np.inf)
    np.maximum.at(highest, code, value)
    return highest


def _contradicted(code: NDArray[np.int64], kind: NDArray[np.int64]) -> int:
    return len(np.intersect1d(code[kind == 0], code[kind == 1]))


def _or_none(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
