"""How far claimed probabilities are from what happens: calibration error and its diagram."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from goodricke.decide.intervals import wilson
from goodricke.decide.simplex import checked_probabilities, checked_target
from goodricke.errors import OptionError

__all__ = ["Reliability", "calibration_error", "reliability"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Reliability:
    """A reliability diagram: one entry per bin that holds stars, in rising order.

    Parameters
    ----------
    claimed, happened : (B,)
        Mean probability that was claimed, and share of stars for which it came true.
    low, high : (B,)
        95% interval of `happened` (Wilson 1927).
    count : (B,) int
        Stars.
    """

    claimed: Floats
    happened: Floats
    low: Floats
    high: Floats
    count: NDArray[np.int64]

    @property
    def error(self) -> float:
        """Expected calibration error: mean over stars of the distance in their bin (Naeini et al. 2015)."""
        return float(np.average(np.abs(self.claimed - self.happened), weights=self.count))


def reliability(
    probabilities: ArrayLike, target: ArrayLike, bins: int = 15, column: int | None = None, adaptive: bool = True
) -> Reliability:
    """Bin stars by what was claimed of them.

    Parameters
    ----------
    probabilities : (N, C)
        Calibrated or not.
    target : (N,) int
        Column of the true class.
    bins : int
        Most bins.
    column : int, optional
        Look at the probability of this class; without it, at that of the likeliest.
    adaptive : bool
        Bins of like counts (Nixon et al. 2019), equal claims in one bin; otherwise of equal width.

    Examples
    --------
    >>> diagram = reliability([[0.8, 0.2]] * 10, [0] * 7 + [1] * 3)
    >>> diagram.claimed, diagram.happened, round(diagram.error, 3)
    (array([0.8]), array([0.7]), 0.1)
    """
    p = checked_probabilities(probabilities, target)
    t = checked_target(target, *p.shape)
    if bins < 1:
        raise OptionError(f"a diagram has at least 1 bin; {bins} were asked for")
    if column is None:
        said = p.max(axis=1)
        hit = p.argmax(axis=1) == t
    else:
        said, hit = p[:, column], t == column
    if adaptive:
        edges = np.quantile(said, np.linspace(0, 1, bins + 1)[1:-1], method="inverted_cdf")
    else:
        edges = np.linspace(0, 1, bins + 1)[1:-1]
    _, code, count = np.unique(np.searchsorted(edges, said, "left"), return_inverse=True, return_counts=True)
    hits = np.bincount(code, hit)
    return Reliability(np.bincount(code, said) / count, hits / count, *wilson(hits, count), count)


def calibration_error(
    probabilities: ArrayLike,
    target: ArrayLike,
    bins: int = 15,
    kind: Literal["confidence", "classwise"] = "confidence",
    adaptive: bool = True,
) -> float:
    """Expected calibration error, in [0, 1].

    "confidence" looks at the likeliest class of every star; "classwise" is the mean over the classes that occur
    (Kull et al. 2019). It is never 0 for a finite number of stars, since counts scatter.

    >>> calibration_error([[0.75, 0.25]] * 4, [0, 0, 1, 1])
    0.25
    """
    if kind == "confidence":
        return reliability(probabilities, target, bins, None, adaptive).error
    if kind != "classwise":
        raise OptionError(f"calibration error {kind!r} is not known; there are confidence and classwise")
    present = np.unique(np.asarray(target))
    return float(np.mean([reliability(probabilities, target, bins, int(k), adaptive).error for k in present]))
