"""Labelled stars as surveys that no label comes from would see them: same light, other times and errors.

A class whose examples all come from one survey is told by that survey's precision and sampling as well as by its light,
and a model that has learned so goes astray elsewhere. Here the folded curve of a star with a known period, smoothed, is
observed anew: on nights of a season, in groups of exposures, or from space, with errors from below a millimagnitude to
a twentieth of the flux. The samplings are drawn at random and belong to nobody, so that leaving a survey out leaves all
of it out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from goodricke import ragged
from goodricke.lightcurves import LightCurves
from goodricke.period.periods import levelled
from goodricke.period.template import Template, at, templates

__all__ = ["donors", "observed", "sampling"]

Floats = NDArray[np.float64]

_FEWEST = 60  # points of a donor: fewer leave bins of the fold to a guess
_WORST = 0.95  # share of the bins that are known to the error of the fold, or better
_CLEAR = 6.0  # amplitude of the fold over its error, at least
_FAINT = 1.5  # amplitude over the error of a point, at least: a fainter star would be a constant one
_CYCLES = 2.5  # in the span, at least
_YEAR = 365.25
_ORBIT = 13.7  # days; a space telescope stops to send its data home
_MOST = 1500  # points
_OUTLIERS = 0.005


@dataclass(frozen=True, eq=False)
class Donors:
    """Stars whose folded curve is well known.

    Parameters
    ----------
    star : (N,) int
        Their numbers in the batch.
    curve : (N, BINS)
        Their folded light, of mean level 1.
    period : (N,)
        In days.
    error, amplitude : (N,)
        Of the folded curve: what 95% of its bins are known to, and from its 2nd to its 98th percentile.
    """

    star: NDArray[np.int64]
    curve: Floats
    period: Floats
    error: Floats
    amplitude: Floats


def donors(lcs: LightCurves, period: Floats) -> Donors:
    """The stars with a period, enough points, no gap in the fold, and a curve that stands out of its errors."""
    star = np.flatnonzero(np.isfinite(period) & (lcs.lengths >= _FEWEST))
    some = lcs[star]
    fold = _folded(some, period[star])
    low, high = np.quantile(fold.curve, [0.02, 0.98], axis=1)
    whole: NDArray[np.bool_] = np.asarray(np.isfinite(fold.curve_variance).all(axis=1))
    error = np.sqrt(np.quantile(np.where(whole[:, None], fold.curve_variance, 0.0), _WORST, axis=1))
    able = whole & (error > 0) & (high - low > _CLEAR * error) & (1.0 + fold.curve.min(axis=1) > 0)
    return Donors(star[able], 1.0 + fold.curve[able], period[star[able]], error[able], (high - low)[able])


def _folded(lcs: LightCurves, period: Floats) -> Template:
    ids = ragged.segment_ids(lcs.offsets)
    error = lcs.flux_err.astype(np.float64)
    return templates((lcs.time / period[ids]) % 1.0, levelled(lcs), 1.0 / error**2, ids, len(lcs))


def observed(found: Donors, names: NDArray[np.str_], rng: np.random.Generator) -> LightCurves:
    """Every donor once, at times and with errors of a survey that is drawn for it.

    No error is drawn below that of the folded curve, so that what noise is left in it stays hidden.

    Parameters
    ----------
    found : Donors
        N stars.
    names : (N,) str
        Their names.
    rng : numpy.random.Generator
        Decides all.
    """
    time, flux, err, owner = [], [], [], []
    for k, period in enumerate(found.period):
        t, typical = sampling(period, rng)
        sigma = np.clip(typical, found.error[k], found.amplitude[k] / _FAINT)
        each = sigma * rng.lognormal(0.0, 0.25, len(t))
        noise = rng.normal(size=len(t)) * rng.uniform(0.7, 1.5)
        noise[rng.random(len(t)) < _OUTLIERS] *= 4.0
        phase = (t / period + rng.random()) % 1.0
        light = at(phase, np.zeros(len(t), dtype=np.int64), found.curve[k : k + 1])[0]
        time.append(t)
        flux.append(light + each * noise)
        err.append(each)
        owner.append(np.full(len(t), k))
    lcs = LightCurves.from_arrays(
        np.concatenate(time), flux=np.concatenate(flux), err=np.concatenate(err), object_id=np.concatenate(owner)
    )
    return replace(lcs, object_id=names)


def sampling(period: float, rng: np.random.Generator) -> tuple[Floats, float]:
    """Times in days, rising, and a typical error in units of the flux, of a survey that sees this period.

    Examples
    --------
    >>> time, error = sampling(0.5, np.random.default_rng(1))
    >>> bool((np.diff(time) >= 0).all()), 0.0003 < error < 0.05
    (True, True)
    """
    if period * _CYCLES < 2 * _ORBIT and rng.random() < 0.2:
        return _from_space(rng), float(np.exp(rng.uniform(np.log(0.0003), np.log(0.01))))
    span = np.exp(rng.uniform(np.log(max(150.0, _CYCLES * period)), np.log(max(3500.0, 2 * _CYCLES * period))))
    n = int(np.exp(rng.uniform(np.log(40), np.log(_MOST))))
    group = int(rng.choice([1, 1, 2, 4]))
    nights = np.arange(int(span) + 1)
    clear = nights[(nights / _YEAR + rng.random()) % 1.0 < rng.uniform(0.4, 0.9)]
    night = rng.choice(clear if len(clear) else nights, max(n // group, 10))
    start = night + rng.normal(0.0, rng.uniform(0.03, 0.12), len(night))
    time = (start[:, None] + np.arange(group) * 0.01).ravel()
    return np.unique(time), float(np.exp(rng.uniform(np.log(0.001), np.log(0.05))))


def _from_space(rng: np.random.Generator) -> Floats:
    sectors = int(rng.choice([1, 1, 2, 3]))
    time = np.arange(0.0, 2 * _ORBIT * sectors, rng.choice([10, 30]) / 1440.0)
    time = time[time % _ORBIT < _ORBIT - 1.0]
    return np.sort(rng.permutation(time)[:_MOST])
