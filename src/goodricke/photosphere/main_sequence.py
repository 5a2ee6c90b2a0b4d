"""Stars of the main sequence: mass, light in V, and what the companion of a mass ratio q looks like.

Masses and companions are polynomials fitted to 20,000 pairs of MIST stars of one age and composition (the mock
binaries of El-Badry et al. 2018, MNRAS 473, 5043), bolometric corrections are those of Pecaut & Mamajek (2013, ApJS
208, 9). `goodricke.train.emulator` fits the polynomials and says how far they are from the pairs.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from importlib.resources import files
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from goodricke.errors import DataError

__all__ = ["Sequence", "abs_mag_v", "companion", "light_ratio", "mass", "radius", "sequence"]

_SUN_TEFF, _SUN_LOGG, _SUN_MBOL = 5772.0, 4.438, 4.74  # IAU 2015 B2, B3
_ORDERS = {"mass": (5, 3, 2), "companion": (5, 3, 2, 5)}
_SPREAD = 1.5  # terms whose orders, as parts of the highest, add up to more than this are left out


@dataclass(frozen=True)
class Sequence:
    """The polynomials, and where they hold.

    Parameters
    ----------
    mass : (T,) float64
        Coefficients of log10 of the mass in Suns.
    companion : (T, 2) float64
        Coefficients of log10(teff2 / teff1) and of logg2 - logg1, both over (1 - q).
    teff_knots : (K,) float64
        Kelvin.
    logg_low, logg_high : (K, 2) float64
        Lowest and highest gravity of a dwarf at each knot: a constant and a slope with [Fe/H].
    """

    mass: NDArray[np.float64]
    companion: NDArray[np.float64]
    teff_knots: NDArray[np.float64]
    logg_low: NDArray[np.float64]
    logg_high: NDArray[np.float64]

    @classmethod
    def fit(cls, pairs: NDArray[np.float64]) -> Sequence:
        """Fit to pairs of stars.

        Parameters
        ----------
        pairs : (N, 8) float64
            Teff1, logg1, [Fe/H], mass1, mass2, Teff2, logg2 and a weight.
        """
        teff1, logg1, feh, mass1, mass2, teff2, logg2, weight = pairs.T
        teff, logg = np.r_[teff1, teff2], np.r_[logg1, logg2]
        knots = np.r_[3000.0, 3400, 3800, 4300, 4800, 5300, 5800, 6300, 6800, 7300]
        low, high = (np.empty((len(knots), 2)) for _ in range(2))
        metals = np.r_[feh, feh]
        for k, knot in enumerate(knots):
            near = np.abs(teff - knot) < 200.0
            slope = np.polyfit(metals[near], logg[near], 1)[0] if near.sum() > 50 else 0.0
            rest = logg[near] - slope * metals[near]
            low[k], high[k] = (np.percentile(rest, 0.5), slope), (np.percentile(rest, 99.5), slope)
        terms = _terms(_ORDERS["mass"], _scaled(teff, logg, np.r_[feh, feh]))
        masses, *_ = np.linalg.lstsq(terms, np.log10(np.r_[mass1, mass2]), rcond=None)
        less = 1.0 - mass2 / mass1
        root = np.sqrt(weight)[:, None]
        terms = _terms(_ORDERS["companion"], [*_scaled(teff1, logg1, feh), less]) * less[:, None]
        wanted = np.column_stack([np.log10(teff2 / teff1), logg2 - logg1])
        pair, *_ = np.linalg.lstsq(terms * root, wanted * root, rcond=None)
        return cls(np.asarray(masses, np.float64), np.asarray(pair, np.float64), knots, low, high)

    def inside(self, teff: ArrayLike, logg: ArrayLike, feh: ArrayLike) -> tuple[NDArray[Any], ...]:
        """The nearest labels for which the polynomials hold."""
        hot = np.clip(np.asarray(teff, float), self.teff_knots[0], 7500.0)
        metals = np.clip(np.asarray(feh, float), -0.95, 0.45)
        low, high = (
            np.interp(hot, self.teff_knots, edge[:, 0]) + np.interp(hot, self.teff_knots, edge[:, 1]) * metals
            for edge in (self.logg_low, self.logg_high)
        )
        return np.broadcast_arrays(hot, np.clip(np.asarray(logg, float), low, high), metals)


@functools.cache
def sequence() -> Sequence:
    """The fit that ships."""
    with np.load(str(files("goodricke.photosphere") / "data" / "main_sequence.npz")) as stored:
        return Sequence(**{name: stored[name].astype(float) for name in Sequence.__dataclass_fields__})


def mass(teff: ArrayLike, logg: ArrayLike, feh: ArrayLike, using: Sequence | None = None) -> NDArray[np.float64]:
    """Mass of a dwarf in Suns, (...,), from Teff in K, logg in cgs and [Fe/H]; `using` another fit than ours.

    >>> bool(abs(mass(5772, 4.44, 0.0) - 1.0) < 0.05)
    True
    """
    ours = using or sequence()
    labels = ours.inside(teff, logg, feh)
    return np.asarray(10.0 ** _value(_ORDERS["mass"], _scaled(*labels), ours.mass))


def radius(teff: ArrayLike, logg: ArrayLike, feh: ArrayLike) -> NDArray[np.float64]:
    """Radius of a dwarf in Suns, (...,): of its mass and gravity."""
    return np.asarray(np.sqrt(mass(teff, logg, feh) * 10.0 ** (_SUN_LOGG - np.asarray(logg, float))))


def abs_mag_v(teff: ArrayLike, logg: ArrayLike, feh: ArrayLike) -> NDArray[np.float64]:
    """Absolute magnitude in V of a dwarf, (...,).

    >>> bool(abs(abs_mag_v(5772, 4.44, 0.0) - 4.83) < 0.1)
    True
    """
    hot = np.asarray(teff, float)
    light = 2.0 * np.log10(radius(hot, logg, feh)) + 4.0 * np.log10(hot / _SUN_TEFF)
    eem_teff, eem_bc = _corrections()
    return np.asarray(_SUN_MBOL - 2.5 * light - np.interp(hot, eem_teff, eem_bc))


def companion(
    teff1: ArrayLike, logg1: ArrayLike, feh: ArrayLike, q: ArrayLike, using: Sequence | None = None
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Temperature and gravity of a companion of the same age and metals.

    Parameters
    ----------
    teff1, logg1, feh : (...)
        Of the primary: K, cgs, dex.
    q : (...)
        Mass of the companion over that of the primary, at most 1; below 0.2 it is taken for 0.2.
    using : Sequence, optional
        Another fit than ours.

    Returns
    -------
    teff2, logg2 : (...)
        At q = 1 those of the primary, exactly.

    Examples
    --------
    >>> teff2, logg2 = companion(5800.0, 4.4, 0.0, [0.6, 0.8, 1.0])
    >>> teff2.round(-2), logg2.round(1)
    (array([4100., 4900., 5800.]), array([4.7, 4.6, 4.4]))
    """
    if np.any(np.asarray(q, float) > 1.0) or np.any(~(np.asarray(q, float) > 0.0)):
        raise DataError("q is the lighter mass over the heavier: give numbers above 0 and up to 1")
    ours = using or sequence()
    labels = ours.inside(teff1, logg1, feh)
    less = 1.0 - np.maximum(np.asarray(q, float), 0.2)
    *scaled, less = np.broadcast_arrays(*_scaled(*labels), less)
    cooler, heavier = np.moveaxis(_value(_ORDERS["companion"], [*scaled, less], ours.companion), -1, 0)
    teff2 = np.asarray(teff1, float) * 10.0 ** (less * cooler)
    return np.maximum(teff2, 2800.0), np.clip(np.asarray(logg1, float) + less * heavier, 3.5, 5.35)


def light_ratio(teff1: ArrayLike, logg1: ArrayLike, feh: ArrayLike, q: ArrayLike) -> NDArray[np.float64]:
    """Light of the companion over that of the primary in V, (...,).

    >>> light_ratio(5800.0, 4.4, 0.0, [0.8, 1.0]).round(1)
    array([0.2, 1. ])
    """
    teff2, logg2 = companion(teff1, logg1, feh, q)
    return np.asarray(10.0 ** (-0.4 * (abs_mag_v(teff2, logg2, feh) - abs_mag_v(teff1, logg1, feh))))


@functools.cache
def _corrections() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Teff, rising, and the bolometric correction in V."""
    text = (files("goodricke.photosphere") / "data" / "main_sequence.csv").read_text("utf-8")
    rows = [line.split(",") for line in text.splitlines() if line and not line.startswith("#")]
    teff, correction = (np.array([row[rows[0].index(name)] for row in rows[1:]], float) for name in ("Teff", "BCv"))
    order = np.argsort(teff)
    return teff[order], correction[order]


def _scaled(teff: NDArray[Any], logg: NDArray[Any], feh: NDArray[Any]) -> list[NDArray[np.float64]]:
    return [(np.log10(teff) - 3.7) / 0.15, logg - 4.6, feh]


@functools.cache
def _powers(orders: tuple[int, ...]) -> NDArray[np.int64]:
    """Powers (T, D) of the terms."""
    every = product(*(range(order + 1) for order in orders))
    return np.array([each for each in every if sum(e / o for e, o in zip(each, orders, strict=True)) <= _SPREAD])


def _terms(orders: tuple[int, ...], values: list[NDArray[np.float64]]) -> NDArray[np.float64]:
    """All products of powers, (..., T)."""
    out = np.ones((len(_powers(orders)), *np.shape(values[0])))
    for value, order, power in zip(values, orders, _powers(orders).T, strict=True):
        out *= np.stack([value**k for k in range(order + 1)])[power]
    return np.moveaxis(out, 0, -1)


def _value(
    orders: tuple[int, ...], values: list[NDArray[np.float64]], coefficients: NDArray[np.float64]
) -> NDArray[np.float64]:
    return np.asarray(_terms(orders, values) @ coefficients)
