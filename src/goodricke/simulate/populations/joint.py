"""Random numbers with given quantiles and rank correlations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from statistics import NormalDist

import numpy as np

from goodricke.simulate.compiled import Floats

__all__ = ["Quantiles", "joint_normals"]

REACH = 4.0
"""Standard deviations of the normal number at which a distribution has its least and greatest value."""


@dataclass(frozen=True)
class Quantiles:
    """A distribution through given quantiles: a monotone cubic in the normal number of a probability.

    Slopes at the quantiles are harmonic means of those beside them (Fritsch & Butland 1984, SIAM J. Sci. Stat. Comput.
    5, 300), so values never turn back.

    Examples
    --------
    >>> mass = Quantiles({0.16: 0.8, 0.5: 1.2, 0.84: 1.7}, least=0.3, greatest=4.0)
    >>> mass.of(np.array([-9.0, 0.0, 9.0]))
    array([0.3, 1.2, 4. ])
    """

    known: Mapping[float, float]
    """Probability -> value, both increasing."""
    least: float
    """Never below."""
    greatest: float
    """Never above."""

    @cached_property
    def _nodes(self) -> tuple[Floats, Floats, Floats]:
        """Normal numbers, values and slopes."""
        z = np.array([-REACH, *(NormalDist().inv_cdf(p) for p in self.known), REACH])
        y = np.array([self.least, *self.known.values(), self.greatest])
        step = np.diff(z)
        rise = np.diff(y) / step
        weight = (2.0 * step[1:] + step[:-1]) / (3.0 * (step[1:] + step[:-1]))
        middle = rise[1:] * rise[:-1] / (weight * rise[1:] + (1.0 - weight) * rise[:-1])
        return z, y, np.array([rise[0], *middle, rise[-1]])

    def of(self, normal: Floats) -> Floats:
        """Turn normal numbers (N,) into values (N,) of this distribution."""
        z, y, slope = self._nodes
        x = np.clip(normal, -REACH, REACH)
        k = np.clip(np.searchsorted(z, x, side="right") - 1, 0, len(z) - 2)
        h = z[k + 1] - z[k]
        t = (x - z[k]) / h
        low, high = (1.0 + 2.0 * t) * (1.0 - t) ** 2, t * t * (3.0 - 2.0 * t)
        bend = h * t * (1.0 - t) * (slope[k] * (1.0 - t) - slope[k + 1] * t)
        return np.asarray(low * y[k] + high * y[k + 1] + bend)


def joint_normals(ranks: Floats, n: int, rng: np.random.Generator) -> Floats:
    """Draw normal numbers (K, n) whose rank correlations are `ranks`: a Gaussian copula.

    Parameters
    ----------
    ranks : numpy.ndarray, (K, K)
        Spearman's correlations; the normal numbers' own are ``2 sin(pi ranks / 6)`` (Pearson 1907).
    n : int
        How many of each.
    rng : numpy.random.Generator

    Examples
    --------
    >>> x, y = joint_normals(np.array([[1.0, -0.9], [-0.9, 1.0]]), 1000, np.random.default_rng(0))
    >>> bool(np.corrcoef(x, y)[0, 1] < -0.85)
    True
    """
    root = np.linalg.cholesky(2.0 * np.sin(np.pi / 6.0 * ranks))
    # Not a matrix product: its sums may depend on the library and its threads.
    free = rng.standard_normal((len(ranks), n))
    return np.array([sum(row[j] * free[j] for j in range(k + 1)) for k, row in enumerate(root)])
