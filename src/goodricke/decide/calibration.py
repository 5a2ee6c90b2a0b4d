"""From logits to probabilities that mean what they say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from goodricke.decide.isotonic import rising_curve
from goodricke.decide.scaling import fitted, scaled
from goodricke.decide.simplex import (
    checked_probabilities,
    checked_target,
    checked_weights,
    log_probabilities,
    softmax,
)
from goodricke.errors import DataError, OptionError

__all__ = ["KINDS", "Calibration", "Kind", "best_of", "fit"]

Kind = Literal["none", "temperature", "vector", "dirichlet", "isotonic"]
KINDS: tuple[Kind, ...] = get_args(Kind)
"""From the fewest numbers to the most."""

Curve = tuple[tuple[float, ...], tuple[float, ...]]


@dataclass(frozen=True)
class Calibration:
    """A fitted map from logits (N, C) to probabilities (N, C).

    Parameters
    ----------
    kind : {"none", "temperature", "vector", "dirichlet", "isotonic"}
        "none" is the plain softmax.
    n_classes : int
        C.
    slope : tuple of float
        1, C or C x C numbers (row by row) that multiply the log-probabilities; 1 / temperature for that kind.
    intercept : tuple of float
        C numbers, or none.
    curves : tuple
        Isotonic: corners (x, y) per class; a class that was absent has none and keeps its probability.
    floor : float
        Isotonic: least probability of a class before the row is normalised.

    Examples
    --------
    >>> halved = Calibration("temperature", 2, slope=(0.5,))
    >>> halved.apply(np.log([[1.0, 9.0]]))
    array([[0.25, 0.75]])
    >>> Calibration.from_dict(halved.to_dict()) == halved
    True
    """

    kind: Kind
    n_classes: int
    slope: tuple[float, ...] = ()
    intercept: tuple[float, ...] = ()
    curves: tuple[Curve, ...] = ()
    floor: float = 0.0

    def __post_init__(self) -> None:
        c = self.n_classes
        shapes = {
            "none": (0, 0, 0),
            "temperature": (1, 0, 0),
            "vector": (c, c, 0),
            "dirichlet": (c * c, c, 0),
            "isotonic": (0, 0, c),
        }
        if shapes.get(self.kind) != (len(self.slope), len(self.intercept), len(self.curves)):
            raise DataError(f"not a calibration of kind {self.kind!r} for {c} classes; there are {', '.join(KINDS)}")

    def apply(self, logits: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
        """Probabilities (N, C); every row sums to 1, or is NaN where the logits say nothing."""
        if np.ndim(logits) != 2 or np.shape(logits)[1] != self.n_classes:
            raise DataError(f"logits of {self.n_classes} classes are wanted; their shape is {np.shape(logits)}")
        if self.kind == "isotonic":
            return self._along_curves(softmax(logits))
        if self.kind == "none":
            return softmax(logits)
        slope, intercept = np.array(self.slope), np.array(self.intercept)
        if self.kind == "dirichlet":
            slope = slope.reshape(self.n_classes, self.n_classes)
        return softmax(scaled(log_probabilities(logits), slope, intercept))

    def _along_curves(self, p: NDArray[np.float64]) -> NDArray[np.float64]:
        for k, (x, y) in enumerate(self.curves):
            if x:
                p[:, k] = np.interp(p[:, k], x, y)
        np.clip(p, self.floor, 1.0 - self.floor, out=p)
        return np.asarray(p / p.sum(axis=1, keepdims=True))

    def to_dict(self) -> dict[str, Any]:
        """What JSON can hold; empty fields are left out."""
        return {name: value for name, value in asdict(self).items() if value or name == "kind"}

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Calibration:
        """The calibration that `to_dict` wrote, before or after JSON."""
        return cls(
            stored["kind"],
            stored["n_classes"],
            tuple(stored.get("slope", ())),
            tuple(stored.get("intercept", ())),
            tuple((tuple(x), tuple(y)) for x, y in stored.get("curves", ())),
            stored.get("floor", 0.0),
        )


def fit(
    logits: NDArray[np.floating[Any]],
    target: ArrayLike,
    weights: ArrayLike | None = None,
    kind: Kind = "temperature",
    ridge: float = 1e-3,
) -> Calibration:
    """Fit a calibration to stars that the model did not learn from.

    Parameters
    ----------
    logits : (N, C)
        Finite, or minus infinity for a class that the model excludes.
    target : (N,) int
        Column of the true class.
    weights : (N,), optional
        How much a star counts. The probabilities get the class shares of these stars (times weights), so stars that
        were sampled by class need weights that undo it.
    kind : {"temperature", "vector", "dirichlet", "isotonic", "none"}
        What to fit. Nothing is drawn at random.
    ridge : float
        How firmly the vector and Dirichlet kinds hold intercepts, and Dirichlet its off-diagonal, near 0.

    Raises
    ------
    DataError
        If there is no star, or logits or target are not what is asked for.
    OptionError
        If there is no such kind.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> truth = rng.integers(0, 2, 4000)
    >>> overconfident = 10 * (np.stack([-truth, truth], axis=1) + rng.normal(0, 1, (4000, 2)))
    >>> bool(fit(overconfident, truth).slope[0] < 0.3)
    True
    """
    if kind not in KINDS:
        raise OptionError(f"calibration {kind!r} is not known; there are {', '.join(KINDS)}")
    log_p = checked_probabilities(log_probabilities(np.asarray(logits)), target)
    n, c = log_p.shape
    t, w = checked_target(target, n, c), checked_weights(weights, n)
    if kind == "none":
        return Calibration("none", c)
    if kind == "isotonic":
        return _isotonic(softmax(log_p), t, w)
    slope, intercept = fitted(log_p, t, w, kind, ridge)
    return Calibration(kind, c, tuple(slope.ravel().tolist()), tuple(intercept.tolist()))


def _isotonic(p: NDArray[np.float64], target: NDArray[np.int64], weights: NDArray[np.float64]) -> Calibration:
    c = p.shape[1]
    present = np.bincount(target, weights, minlength=c) > 0
    empty: Curve = ((), ())
    corners = [
        rising_curve(p[:, k], (target == k).astype(np.float64), weights) if present[k] else None for k in range(c)
    ]
    curves = tuple(
        empty if found is None else (tuple(found[0].tolist()), tuple(found[1].tolist())) for found in corners
    )
    # Half a star beyond those seen: what never came true among n stars is not impossible.
    return Calibration("isotonic", c, curves=curves, floor=min(0.5 / (len(p) + 1), 0.5 / c))


def best_of(
    logits: NDArray[np.floating[Any]],
    target: ArrayLike,
    folds: ArrayLike,
    weights: ArrayLike | None = None,
    kinds: Sequence[Kind] = KINDS,
    ridge: float = 1e-3,
) -> tuple[Calibration, dict[str, float]]:
    """Choose the kind by log loss on stars that its fit did not see, then fit it to all.

    The kind with the fewest numbers wins whose loss is within one standard error, star by star, of the least.

    Parameters
    ----------
    logits, target, weights, ridge
        See `fit`.
    folds : (N,) int
        Fold of every star, at least two; all rows of a star have the same.
    kinds : sequence of str
        What to try.

    Returns
    -------
    calibration : Calibration
        Fitted to all stars.
    losses : dict
        Kind -> cross-validated mean log loss (natural logarithm).
    """
    z, t, fold = np.asarray(logits), np.asarray(target), np.asarray(folds)
    if fold.shape != t.shape or len(np.unique(fold)) < 2:
        raise DataError("a choice needs a fold per star, and at least two folds")
    w = checked_weights(weights, len(t))
    loss = {kind: np.empty(len(t)) for kind in KINDS if kind in kinds}
    if not loss or set(kinds) - set(loss):
        raise OptionError(f"calibrations {', '.join(kinds) or '(none)'} were asked for; there are {', '.join(KINDS)}")
    for number in np.unique(fold):
        out = fold == number
        for kind, values in loss.items():
            p = fit(z[~out], t[~out], w[~out], kind, ridge).apply(z[out])
            values[out] = -np.log(p[np.arange(len(p)), t[out]])
    means = {kind: float(np.average(values, weights=w)) for kind, values in loss.items()}
    least = min(means, key=lambda kind: means[kind])
    winner = next(kind for kind in loss if means[kind] - means[least] <= _error(loss[kind] - loss[least], w))
    return fit(z, t, w, winner, ridge), {str(kind): mean for kind, mean in means.items()}


def _error(values: NDArray[np.float64], weights: NDArray[np.float64]) -> float:
    """Standard error of a weighted mean."""
    spread = weights * (values - np.average(values, weights=weights))
    return float(np.sqrt(np.sum(spread**2)) / weights.sum())
