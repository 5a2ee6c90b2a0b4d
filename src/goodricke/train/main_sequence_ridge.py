"""The ridge of the main sequence: M_G of single stars by colour and [Fe/H], fitted among stars of all kinds.

Single stars are told from pairs by a mixture, and not by a cut, so that the ridge does not follow the share of pairs.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from goodricke.errors import DataError

__all__ = ["Ridge", "fit_ridge", "memberships"]

Floats = NDArray[np.float64]

_TWINS = -2.5 * np.log10(2.0)  # two equal stars
_WIDE = 1.5  # mag: where stars are that are neither on the ridge nor pairs of it
_FEWEST = 60


@dataclass(frozen=True, eq=False)
class Ridge:
    """M_G of single stars by colour and [Fe/H].

    Parameters
    ----------
    coefficients : (K,) float64
        Of the terms of ``_terms``.
    covariance : (K, K) float64
        Of the coefficients.
    centre, half_width : (2,) float64
        Colour and [Fe/H] are moved and scaled by them before the terms are taken.
    order : (int, int)
        Highest powers of both.
    scatter : float
        Standard deviation of singles around the ridge beyond the errors of measurement, mag.
    shares : (3,) float64
        Of stars on the ridge, of pairs, of others.
    n : int
        Stars that it was fitted to.
    """

    coefficients: Floats
    covariance: Floats
    centre: Floats
    half_width: Floats
    order: tuple[int, int]
    scatter: float
    shares: Floats
    n: int

    def at(self, colour: ArrayLike, feh: ArrayLike) -> tuple[Floats, Floats]:
        """M_G of the ridge and its error, each (N,)."""
        terms = _terms(self, np.asarray(colour, float), np.asarray(feh, float))
        error = np.sqrt(np.einsum("nk,kl,nl->n", terms, self.covariance, terms))
        return np.asarray(terms @ self.coefficients), error

    def slopes(self, colour: ArrayLike, feh: ArrayLike) -> tuple[Floats, Floats]:
        """How fast the ridge changes with colour and with [Fe/H], mag per mag and mag per dex."""
        c, f, step = np.asarray(colour, float), np.asarray(feh, float), 1e-4
        here = self.at(c, f)[0]
        return (self.at(c + step, f)[0] - here) / step, (self.at(c, f + step)[0] - here) / step


def fit_ridge(
    colour: ArrayLike,
    m_g: ArrayLike,
    feh: ArrayLike,
    error: ArrayLike,
    order: tuple[int, int] = (3, 2),
) -> Ridge:
    """Fit the ridge of single stars among stars of all kinds.

    Parameters
    ----------
    colour, m_g, feh : (N,) array
        Finite values.
    error : (N,) array
        Of `m_g`, mag, with that of the colour along the sequence.
    order : (int, int)
        Highest powers of colour and of [Fe/H].

    Returns
    -------
    Ridge

    Raises
    ------
    DataError
        If fewer than 60 stars are given.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> colour, feh = rng.uniform(1.5, 2.6, 2000), rng.normal(0, 0.2, 2000)
    >>> m_g = 1.9 + 2.0 * colour - 0.7 * feh + rng.normal(0, 0.08, 2000)
    >>> m_g[:700] -= rng.uniform(0.0, 0.75, 700)
    >>> ridge = fit_ridge(colour, m_g, feh, np.full(2000, 0.03))
    >>> ridge.at([2.0], [0.0])[0].round(1), round(ridge.scatter, 2)
    (array([5.9]), 0.07)
    """
    c, m, f, e = (np.asarray(values, dtype=np.float64) for values in (colour, m_g, feh, error))
    if len(c) < _FEWEST:
        raise DataError(
            f"a ridge needs {_FEWEST} stars, and {len(c)} passed the cuts; choose a selection with fewer cuts, or give"
            " more stars"
        )
    centre = np.array([np.median(c), np.median(f)])
    half = np.array([max(np.ptp(each) / 2, 1e-6) for each in (c, f)])
    blank = Ridge(np.zeros(0), np.zeros((0, 0)), centre, half, order, 0.15, np.array([0.6, 0.3, 0.1]), len(c))
    terms = _terms(blank, c, f)
    ridge = replace(blank, coefficients=_of_least_distances(terms, m))
    for _ in range(300):
        off = m - terms @ ridge.coefficients
        part = memberships(off, e, ridge)
        weight = part[:, 0] / (ridge.scatter**2 + e**2)
        new: Floats = np.asarray(np.linalg.solve(_square(terms, weight), terms.T @ (weight * m)), dtype=np.float64)
        off = m - terms @ new
        # What a star's own distance and its error say of where it would lie without the error.
        kept = ridge.scatter**2 * e**2 / (ridge.scatter**2 + e**2)
        shrunk = off * ridge.scatter**2 / (ridge.scatter**2 + e**2)
        scatter = float(np.sqrt((part[:, 0] * (shrunk**2 + kept)).sum() / max(part[:, 0].sum(), 1e-9)))
        moved = np.abs(terms @ (new - ridge.coefficients)).max()
        settled = moved < 1e-5 and abs(scatter - ridge.scatter) < 1e-5
        ridge = replace(ridge, coefficients=new, scatter=max(scatter, 0.005), shares=part.mean(axis=0))
        if settled:
            break
    off = m - terms @ ridge.coefficients
    weight = memberships(off, e, ridge)[:, 0] / (ridge.scatter**2 + e**2)
    inverse = np.linalg.inv(_square(terms, weight))
    return replace(ridge, covariance=inverse @ _square(terms, (weight * off) ** 2) @ inverse)


def memberships(off: Floats, error: Floats, ridge: Ridge) -> Floats:
    """Tell whether stars at these distances are on the ridge, pairs of it, or neither.

    Parameters
    ----------
    off, error : (N,) float64
        M_G minus that of the ridge, negative for brighter stars, and its error, mag.
    ridge : Ridge
        Its scatter and shares are used.

    Returns
    -------
    (N, 3) float64
        Probabilities of the three, which add up to 1.

    Examples
    --------
    >>> shares = np.array([0.6, 0.3, 0.1])
    >>> ridge = Ridge(np.zeros(0), np.zeros((0, 0)), np.zeros(2), np.ones(2), (3, 2), 0.05, shares, 100)
    >>> memberships(np.array([0.0, -0.4, 2.0]), np.full(3, 0.02), ridge).argmax(axis=1)
    array([0, 1, 2])
    """
    from scipy.special import ndtr

    sigma = np.sqrt(ridge.scatter**2 + error**2)
    on = np.exp(-0.5 * (off / sigma) ** 2) / (np.sqrt(2 * np.pi) * sigma)
    pairs = (ndtr(-off / sigma) - ndtr((_TWINS - off) / sigma)) / -_TWINS
    others = np.exp(-0.5 * (off / _WIDE) ** 2) / (np.sqrt(2 * np.pi) * _WIDE)
    likely = ridge.shares * np.stack([on, np.maximum(pairs, 0), others], axis=1)
    return np.asarray(likely / likely.sum(axis=1, keepdims=True))


def _terms(ridge: Ridge, colour: Floats, feh: Floats) -> Floats:
    """Powers of colour, powers of [Fe/H] and their product (N, K)."""
    c, f = (colour - ridge.centre[0]) / ridge.half_width[0], (feh - ridge.centre[1]) / ridge.half_width[1]
    powers = [c**k for k in range(ridge.order[0] + 1)] + [f**k for k in range(1, ridge.order[1] + 1)]
    return np.stack([*powers, c * f], axis=1)


def _of_least_distances(terms: Floats, values: Floats) -> Floats:
    """Coefficients of the least sum of absolute distances, by weights that are their inverses."""
    weight = np.ones(len(values))
    for _ in range(30):
        found = np.linalg.solve(_square(terms, weight), terms.T @ (weight * values))
        weight = 1 / np.maximum(np.abs(values - terms @ found), 0.01)
    return np.asarray(found)


def _square(terms: Floats, weight: Floats) -> Floats:
    return np.asarray((terms * weight[:, None]).T @ terms + 1e-9 * np.eye(terms.shape[1]))
