"""Radial velocities of several epochs: do they scatter more than their errors, and as those of binaries would?"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from goodricke.decide.orbits import OrbitPrior, Orbits, drawn_orbits
from goodricke.errors import DataError, OptionError

__all__ = ["VelocityErrors", "VelocityScatter", "velocity_scatter"]

Floats = NDArray[np.float64]

_CELLS = 1 << 17  # velocities of orbits held at once
_FEWEST = 60  # draws that a likelihood may rest on
_MORE = 16  # times as many draws for the stars whose likelihood rests on fewer
_NEGLIGIBLE = 0.01  # share of a likelihood
_UNDATED_DAYS = 1234.5678  # steps between epochs without a date: far apart, and no multiple of anything


@dataclass(frozen=True)
class VelocityErrors:
    """Errors of velocities from low-resolution spectra: a floor, and a part that falls with the signal-to-noise ratio.

    Parameters
    ----------
    floor_km_s : float
        What remains at any S/N: wavelength calibration from plate to plate, fibre to fibre. Repeat visits of LAMOST
        stars (DR8) differ as if it were 4 km/s.
    noise_km_s : float
        Error that noise makes at S/N 1; at S/N 20 it is a twentieth.
    wrong_share : float
        Share of stars whose velocities are worse than said, binaries and singles alike. It bounds what a single wild
        velocity can prove.
    wrong_factor : float
        By how much they are worse.

    Examples
    --------
    >>> VelocityErrors().of_snr([10.0, 20.0, 100.0]).round(1)
    array([7.2, 5. , 4. ])
    """

    floor_km_s: float = 4.0
    noise_km_s: float = 60.0
    wrong_share: float = 0.01
    wrong_factor: float = 5.0

    def __post_init__(self) -> None:
        if self.floor_km_s <= 0 or self.noise_km_s < 0:
            raise OptionError("the floor of velocity errors lies above 0 km/s, what noise adds not below")
        if not 0 <= self.wrong_share < 1 or self.wrong_factor < 1:
            raise OptionError("wrong_share lies in 0 ... 1 and wrong_factor is 1 or more")

    def of_snr(self, snr: ArrayLike) -> Floats:
        """Standard deviation (M,) in km/s at these S/N; NaN where the S/N is unknown or not positive."""
        s = np.asarray(snr, dtype=np.float64)
        return np.hypot(self.floor_km_s, self.noise_km_s / np.where(s > 0, s, np.nan))


@dataclass(frozen=True, eq=False)
class VelocityScatter:
    """G stars, each with what its velocities say.

    Parameters
    ----------
    stars : (G,)
        Names, sorted.
    n : (G,) int64
        Epochs with a velocity and an error.
    mean, mean_error : (G,)
        Weighted mean and its error if the velocity is constant, km/s.
    chi2 : (G,)
        Of a constant velocity, with n - 1 degrees of freedom; NaN for fewer than two epochs, as all that follows.
    p_constant : (G,)
        Chance of so large a chi2 if the velocity is constant and the errors are right.
    difference : (G,)
        Largest difference of two velocities, km/s: what Jing et al. (2025) cut at 5 and 25.
    log_ratio : (G,)
        ln of the likelihood ratio, a binary of the prior against a single star. Most binaries are too wide to move,
        so a constant velocity says little: the ratio falls slowly, and rises without much bound. 0 for one epoch.
    """

    stars: NDArray[Any]
    n: NDArray[np.int64]
    mean: Floats
    mean_error: Floats
    chi2: Floats
    p_constant: Floats
    difference: Floats
    log_ratio: Floats


def velocity_scatter(
    velocity: ArrayLike,
    error: ArrayLike,
    groups: ArrayLike,
    time: ArrayLike | None = None,
    *,
    mass: ArrayLike = 1.0,
    prior: OrbitPrior | None = None,
    n_draws: int = 2048,
    errors: VelocityErrors | None = None,
) -> VelocityScatter:
    """Compare the velocities of every star with a constant one, and with those of binaries.

    The likelihood of a binary is the mean over orbits of a prior; the velocity of the star itself is free, with an even
    prior, in both. Velocities of one star have to share a zero point: surveys differ by kilometres per second, and so
    do the releases of one.

    Parameters
    ----------
    velocity, error : (M,)
        km/s; an epoch where either is not finite, or the error not positive, is left out.
    groups : (M,)
        Star of every epoch: numbers or names.
    time : (M,), optional
        Days, such as MJD: two spectra of one night say less than two of two years. Unknown ones are taken as far
        apart.
    mass : float or (M,)
        Of the primary, in suns; unknown ones count as 1.
    prior : OrbitPrior
        The binaries of the population; by default those around stars like the Sun.
    n_draws : int
        Orbits drawn from the prior, with a fixed seed; 16 times as many for stars whose epochs few orbits fit.
    errors : VelocityErrors
        Gives the share of stars with wrong errors; the errors themselves are `error`.

    Examples
    --------
    >>> found = velocity_scatter([0.0, 80.0, 1.0, -2.0], [5.0] * 4, ["a", "a", "b", "b"], [0.0, 40.0, 0.0, 40.0])
    >>> found.difference, found.p_constant.round(2), found.log_ratio.round(2)
    (array([80.,  3.]), array([0.  , 0.67]), array([ 1.64, -0.06]))
    """
    v, sigma = (np.asarray(value, dtype=np.float64) for value in (velocity, error))
    names, which = np.unique(np.asarray(groups), return_inverse=True)
    code: NDArray[np.int64] = which.astype(np.int64)
    t = np.full(v.shape, np.nan) if time is None else np.asarray(time, dtype=np.float64)
    m = np.broadcast_to(np.asarray(mass, dtype=np.float64), v.shape)
    if v.ndim != 1 or not v.shape == sigma.shape == code.shape == t.shape:
        raise DataError(
            f"velocity, error, groups, time: {v.shape}, {sigma.shape}, {code.shape} and {t.shape} do not fit"
        )
    good = np.flatnonzero(np.isfinite(v) & np.isfinite(sigma) & (sigma > 0))
    good = good[np.argsort(code[good], kind="stable")]
    v, w, code, t, m = v[good], sigma[good] ** -2.0, code[good], t[good], m[good]
    g = len(names)
    n = np.bincount(code, minlength=g)
    weight = np.bincount(code, weights=w, minlength=g).astype(np.float64)
    some = n > 0
    whole = np.where(some, weight, 1.0)
    # Means are taken of differences to the first epoch, so that large velocities lose no digits.
    start = np.zeros(g)
    start[code[::-1]] = v[::-1]
    mean = start + np.bincount(code, w * (v - start[code]), g) / whole
    rest = v - mean[code]
    chi2 = np.bincount(code, weights=w * rest**2, minlength=g).astype(np.float64)
    several: NDArray[np.bool_] = np.asarray(n > 1)
    ends = np.full((2, g), np.nan)
    starts = np.cumsum(n) - n
    if several.any():
        kept = several[code]
        at = np.concatenate([[0], np.cumsum(n[several])[:-1]])
        ends[:, several] = np.maximum.reduceat(v[kept], at), np.minimum.reduceat(v[kept], at)
    from scipy.special import gammaincc

    step = np.arange(len(v)) - starts[code]
    t = np.where(np.isfinite(t), t, _UNDATED_DAYS * step)
    # Only differences of time matter: phases are even.
    first = np.zeros(g)
    first[code[::-1]] = t[::-1]
    scale = np.cbrt(np.where(np.isfinite(m) & (m > 0), m, 1.0))
    ratio = np.zeros(g)
    stars = _Epochs(rest, w, t - first[code], scale, starts, n, chi2).of(np.flatnonzero(several))
    ratio[several] = _log_ratios(stars, prior or OrbitPrior(), n_draws, errors or VelocityErrors())
    nothing = np.where(several, 1.0, np.nan)
    return VelocityScatter(
        names,
        n,
        np.where(some, mean, np.nan),
        np.where(some, whole**-0.5, np.nan),
        chi2 * nothing,
        gammaincc(np.maximum(n - 1, 1) / 2, chi2 / 2) * nothing,
        ends[0] - ends[1],
        ratio,
    )


@dataclass(frozen=True, eq=False)
class _Epochs:
    """Epochs that stand star by star: velocity less its mean, weight, time and scale (m,); start, n and chi2 (g,)."""

    rest: Floats
    weight: Floats
    time: Floats
    scale: Floats
    start: NDArray[np.int64]
    n: NDArray[np.int64]
    chi2: Floats

    def of(self, stars: NDArray[np.int64]) -> _Epochs:
        n = self.n[stars]
        start = np.cumsum(n) - n
        rows = np.arange(n.sum()) + np.repeat(self.start[stars] - start, n)
        each = (self.rest[rows], self.weight[rows], self.time[rows], self.scale[rows])
        return _Epochs(*each, start, n, self.chi2[stars])


def _log_ratios(epochs: _Epochs, prior: OrbitPrior, n_draws: int, errors: VelocityErrors) -> Floats:
    """ln of the likelihood ratio of stars that have two or more epochs."""
    result, rests_on = _of_orbits(epochs, drawn_orbits(prior, n_draws), errors)
    few = np.flatnonzero(rests_on < _FEWEST)
    if len(few):
        result[few], _ = _of_orbits(epochs.of(few), drawn_orbits(prior, _MORE * n_draws), errors)
    return result


def _of_orbits(epochs: _Epochs, orbits: Orbits, errors: VelocityErrors) -> tuple[Floats, Floats]:
    """ln of the ratio, and how many draws it rests on."""
    n = epochs.n
    bounds = np.concatenate([epochs.start, [len(epochs.rest)]])
    edges, log_weight = orbits.measured_edges(), np.log(orbits.weight)
    most = max(1, _CELLS // len(orbits))
    result, rests_on = np.empty(len(n)), np.empty(len(n))
    begin = 0
    while begin < len(n):
        end = max(begin + 1, int(np.searchsorted(bounds, bounds[begin] + most, "right")) - 1)
        rows, stars = slice(bounds[begin], bounds[end]), slice(begin, end)
        product, variance = _products(epochs, rows, bounds[begin:end] - bounds[begin], orbits)
        gain = _gains(product, variance, edges)
        chi2, count = epochs.chi2[stars, None], n[stars, None]
        right = _log_likelihood(gain, 0.5 * chi2, count, 1.0, 1.0 - errors.wrong_share) + log_weight
        single = _log_likelihood(0.0, 0.5 * chi2, count, 1.0, 1.0 - errors.wrong_share)[:, 0]
        # Wrong errors let every orbit fit; how many do with right ones is what tells whether the draws are enough.
        binary, rests_on[stars] = _log_mean(right)
        if errors.wrong_share > 0:
            factor = errors.wrong_factor
            worse = _log_likelihood(0.0, 0.5 * chi2, count, factor, errors.wrong_share)[:, 0]
            # Velocities that fit well say nothing of wrong errors: at most a hundredth is left out.
            some = np.flatnonzero(worse - single > np.log(_NEGLIGIBLE))
            single[some] = np.logaddexp(single[some], worse[some])
            if len(some):
                gain = _gains(product[some] / factor**2, variance[some] / factor**2, edges)
                wrong = _log_likelihood(gain, 0.5 * chi2[some], count[some], factor, errors.wrong_share) + log_weight
                binary[some] = np.logaddexp(binary[some], _log_mean(wrong)[0])
        result[stars] = binary - single
        begin = end
    return result, rests_on


def _log_mean(weighted: Floats) -> tuple[Floats, Floats]:
    """ln of the sum of likelihoods (stars, K) given by their ln, and how many of equal size would make it."""
    top = weighted.max(axis=1, keepdims=True)
    share = np.exp(weighted - top)
    total = share.sum(axis=1)
    return top[:, 0] + np.log(total), total**2 / (share**2).sum(axis=1)


def _log_likelihood(
    gain: Floats | float, half_chi2: Floats, n: NDArray[np.int64], factor: float, share: float
) -> Floats:
    """Of n velocities whose errors are `factor` times as large as said, up to what all hypotheses have in common."""
    with np.errstate(divide="ignore"):
        return np.asarray(np.log(share) - (n - 1) * np.log(factor) - half_chi2 / factor**2 + gain)


def _products(epochs: _Epochs, rows: slice, at: NDArray[np.int64], orbits: Orbits) -> tuple[Floats, Floats]:
    """Weighted product of every orbit with the velocities less their mean, and its weighted variance (stars, K)."""
    w = epochs.weight[rows]
    x = orbits.velocities(epochs.time[rows]) * epochs.scale[rows, None].astype(np.float32)
    wx = x * w[:, None].astype(np.float32)
    linear = np.add.reduceat(wx, at, axis=0).astype(np.float64)
    square = np.add.reduceat(wx * x, at, axis=0).astype(np.float64)
    product = np.add.reduceat(wx * epochs.rest[rows, None].astype(np.float32), at, axis=0).astype(np.float64)
    return product, square - linear**2 / np.add.reduceat(w, at)[:, None]


def _gains(product: Floats, variance: Floats, edges: Floats) -> Floats:
    """ln of how much likelier an orbit makes the velocities than a constant does (stars, K).

    With the velocity of the star free, half the chi2 of a x, where x is the orbit for an amplitude factor of 1, is that
    of a constant less a p - a^2 s / 2, with p the weighted product of x and the rests and s the weighted variance of x.
    The factor a (mass ratio, inclination, blend) is integrated out in steps that hold equally many binaries; draws
    would seldom hit it when velocities are good.
    """
    from scipy.special import log_ndtr, ndtr

    # An orbit that hardly moves is no motion at all, and no division by zero.
    sharp = np.sqrt(np.maximum(variance, 1e-6))
    best = product / sharp
    # From the side where the normal distribution is small, so that its differences keep their digits.
    side = np.where(best < 0, -1.0, 1.0)
    below = ndtr(side * (edges[0] * sharp - best))
    inside = np.zeros_like(best)
    for low, high in pairwise(edges):
        above = ndtr(side * (high * sharp - best))
        inside += (above - below) / (high - low)
        below = above
    inside *= side
    # Where it is smaller than floats can be, the nearest end is all that counts.
    tiny = inside < 1e-290
    found = np.log(np.where(tiny, 1.0, inside))
    end = np.where(best < 0, edges[0], edges[-1])
    width = np.where(best < 0, edges[1] - edges[0], edges[-1] - edges[-2])
    found[tiny] = log_ndtr((side * (end * sharp - best))[tiny]) - np.log(width[tiny])
    return np.asarray(found + 0.5 * best**2 + 0.5 * np.log(2 * np.pi) - np.log(sharp * (len(edges) - 1)))
