"""The pair of stars on the main sequence that fits a spectrum best, and how much better than a single star (as El-Badry
et al. 2018, MNRAS 476, 528)."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from goodricke.clean.spectra import Prepared
from goodricke.errors import DataError
from goodricke.photosphere.detectability import Table, by_node, table
from goodricke.photosphere.emulator import BOUNDS, Emulator
from goodricke.photosphere.emulator import emulator as shipped
from goodricke.photosphere.main_sequence import companion, light_ratio
from goodricke.photosphere.model import flatten, over_continuum, seen
from goodricke.photosphere.noise import FLOOR, Noise, noise_of
from goodricke.photosphere.single import BLOCK, LIMITS, Found, Model, Single, better_of, descend, informed
from goodricke.spectra.lattice import MODEL_LATTICE

__all__ = ["Pair", "fit_pair"]

PAIR_LIMITS = np.concatenate([LIMITS, [[0.35, 1.0], [-450.0, 450.0]]])
"""Of Teff, logg, [Fe/H] and velocity of the primary, broadening of both, q and dv."""

_Q_STARTS = (0.55, 0.7, 0.8, 0.9, 1.0)
_DV_STARTS = (-380.0, -240.0, -120.0, 0.0, 120.0, 240.0, 380.0)
_APART = 75.0  # km/s: pairs with less are sought apart from those with more
_UNITS = np.array([100.0, 0.1, 0.1, 10.0, 0.1, 0.05, 20.0])
_USUAL = np.array([5500.0, 4.4, -0.2, 0.0, 0.0, 0.7, 0.0])
_WIDE = np.array([3000.0, 1.0, 1.0, 100.0, 1.0, 1e3, 1e6])
_TURNS = 8
_BROAD, _SHARP = 0.8, 0.2  # pixels squared: lines that may be two, and what one star of LAMOST has
_STEPS = np.array([10.0, 0.02, 0.02, 0.005])  # in Teff, logg, [Fe/H] and q, for derivatives of the companion


@dataclass(frozen=True, eq=False)
class Pair:
    """The best pair of N spectra; rows that were not to be used are NaN.

    Parameters
    ----------
    q : (N,) float64
        Mass ratio, 0.35 to 1. Without light of a second star it means nothing.
    dv : (N,) float64
        Velocity of the companion less that of the primary, km/s.
    teff1, logg1, feh, teff2, logg2 : (N,) float64
        Of both stars.
    velocity : (N,) float64
        Of the primary, km/s, after `Prepared.velocity`.
    light_ratio : (N,) float64
        Of the companion over the primary, in V.
    chi2 : (N,) float64
        With the covariance of `fit_single`.
    delta_chi2 : (N,) float64
        By how much the single star is worse, at least 0; its square root is what `detectability.chance` compares.
    errors : (N, 2) float64
        Standard errors of q and dv.
    model : (N, P) float32
        Flux over continuum.
    """

    q: NDArray[np.float64]
    dv: NDArray[np.float64]
    teff1: NDArray[np.float64]
    logg1: NDArray[np.float64]
    feh: NDArray[np.float64]
    teff2: NDArray[np.float64]
    logg2: NDArray[np.float64]
    velocity: NDArray[np.float64]
    light_ratio: NDArray[np.float64]
    chi2: NDArray[np.float64]
    delta_chi2: NDArray[np.float64]
    errors: NDArray[np.float64]
    model: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.q)

    def __getitem__(self, which: Any) -> Pair:
        rows = [which] if isinstance(which, int | np.integer) else which
        return Pair(**{each.name: getattr(self, each.name)[rows] for each in fields(self)})


def fit_pair(prepared: Prepared, single: Single, emulator: Emulator | None = None, floor: float = FLOOR) -> Pair:
    """Fit a pair to every spectrum that has a single star.

    What the single star leaves is compared with what pairs of a grid leave; from the best of those with like and of
    those with unlike velocities the fit goes on, with Teff, logg, [Fe/H], velocity, broadening, q and dv free.

    Parameters
    ----------
    prepared : Prepared
        As `fit_single` had it.
    single : Single
        What `fit_single` found.
    emulator, floor
        As there.

    Examples
    --------
    >>> from goodricke.clean.spectra import prepare
    >>> from goodricke.photosphere import emulator, fit_single, pair_flux
    >>> from goodricke.spectra import Spectra
    >>> ours = emulator()
    >>> flux = pair_flux(ours, [[5800.0, 4.4, 0.0]], 0.8, -100.0, 125.0)
    >>> star = prepare(Spectra.from_arrays(ours.lattice.wave, flux, (100 / flux) ** 2, velocity=0.0))
    >>> found = fit_pair(star, fit_single(star))
    >>> found.q.round(1), bool(abs(found.dv[0] - 225.0) < 20.0), bool(found.delta_chi2[0] > 50)
    (array([0.8]), True, True)
    """
    ours = emulator or shipped()
    n, p = prepared.flux.shape
    if len(single) != n:
        raise DataError(f"{len(single)} single stars for {n} spectra; give what fit_single made of the same spectra")
    best = np.full((n, 7), np.nan)
    errors = np.full((n, 7), np.nan)
    chi2 = np.full(n, np.nan)
    model = np.ones((n, p), np.float32)
    fitted = np.flatnonzero(np.isfinite(single.teff))
    for start in range(0, len(fitted), BLOCK):
        some = fitted[start : start + BLOCK]
        ivar = informed(prepared, some)
        flux = flatten(prepared.flux[some], ivar)
        noise = noise_of(ivar, ours, floor)
        once = np.where(ivar > 0, prepared.flux[some] / flux, np.float32(1.0))
        residue = np.asarray(flux - single.model[some] / once, np.float32)
        firsts = np.empty((2, len(some), 7))
        for hot, metals, rows in by_node(single.teff[some], single.feh[some]):
            grid = table(ours, hot, metals, _Q_STARTS, _DV_STARTS)
            firsts[:, rows] = _starts(single[some[rows]], residue[rows], noise[rows], grid)
        every = np.arange(len(some))
        found: Found | None = None
        for rows, first in [(every, firsts[0]), (every, firsts[1]), *_broad_starts(single[some])]:
            if not len(rows):
                continue
            each = descend(
                flux[rows],
                ivar[rows],
                noise[rows],
                first,
                pair_model(ours),
                PAIR_LIMITS,
                (_USUAL, _WIDE),
                _UNITS,
                _TURNS,
            )
            found = each if found is None else better_of(found, each, rows)
        assert found is not None
        best[some], errors[some], chi2[some] = found.parameters, found.errors, found.chi2
        model[some] = found.model * once
    teff1, logg1, feh, velocity, _, q, dv = best.T
    known = np.isfinite(q)
    usable = np.where(known[:, None], best, [5500.0, 4.5, 0.0, 0.0, 0.0, 1.0, 0.0])
    of = usable[:, 0], usable[:, 1], usable[:, 2], usable[:, 5]
    teff2, logg2 = (np.where(known, each, np.nan) for each in companion(*of))
    ratio = np.where(known, light_ratio(*of), np.nan)
    gain = np.maximum(single.chi2 - chi2, 0.0)
    return Pair(q, dv, teff1, logg1, feh, teff2, logg2, velocity, ratio, chi2, gain, errors[:, 5:], model)


def _starts(single: Single, residue: NDArray[np.float32], noise: Noise, grid: Table) -> NDArray[np.float64]:
    """Where to begin, (2, N, 7): pairs that explain most of what is left, one with like, one with unlike velocities."""
    n, m = len(single), len(grid.slopes)
    fixed = np.concatenate([grid.slopes, grid.left])
    rows = np.concatenate([np.broadcast_to(fixed, (n, *fixed.shape)), residue[:, None, :]], axis=1)
    product = noise.products(rows)
    inner = product[:, :m, :m] + 1e-6 * np.eye(m)
    taken = np.linalg.solve(inner, product[:, :m, m:])
    rest = product[:, m:, m:] - np.swapaxes(product[:, :m, m:], 1, 2) @ taken
    gain = 2.0 * rest[:, :-1, -1] - np.diagonal(rest, axis1=1, axis2=2)[:, :-1]
    starts = []
    for side in (np.abs(grid.dv) < _APART, np.abs(grid.dv) >= _APART):
        pick = np.where(side, gain, -np.inf).argmax(axis=1)
        labels = single.parameters + grid.back[pick]
        labels[:, 4] = np.maximum(labels[:, 4], -0.3)
        starts.append(np.column_stack([labels, np.minimum(grid.q[pick], 0.97), grid.dv[pick]]))
    return np.stack(starts)


def _broad_starts(single: Single) -> list[tuple[NDArray[np.int64], NDArray[np.float64]]]:
    """Other beginnings for stars with broad lines, as rows and (R, 7): what a pair must be to look so broad.

    Two sets of lines dv apart with the light ratio r, taken for one, have the variance r / (1 + r)^2 dv^2 more.
    """
    rows = np.flatnonzero(single.broadening > _BROAD)
    out = []
    for q, side in ((0.97, 1.0), (0.8, 1.0), (0.8, -1.0)):
        start = np.column_stack([single.parameters[rows], np.full(len(rows), q), np.zeros(len(rows))])
        ratio = light_ratio(start[:, 0], start[:, 1], start[:, 2], q)
        pixels = np.sqrt(np.maximum(start[:, 4] - _SHARP, 0.0)) * (1.0 + ratio) / np.sqrt(ratio)
        start[:, 6] = side * pixels * MODEL_LATTICE.km_s
        start[:, 3] -= ratio / (1.0 + ratio) * start[:, 6]
        start[:, 4] = _SHARP
        out.append((rows, start))
    return out


def pair_model(emulator: Emulator) -> Model:
    """The model of a pair that `descend` asks for."""

    def model(
        parameters: NDArray[np.float64], ivar: NDArray[np.float32], slopes: bool
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        first, q, dv = parameters[:, :5], parameters[:, 5], parameters[:, 6]
        second = _second(first[:, :3], q)
        other = np.column_stack([second[:, :2], first[:, 2], first[:, 3] + dv, first[:, 4]])
        one, by_one = seen(emulator, first, slopes)
        two, by_two = seen(emulator, np.column_stack([np.clip(other[:, :3], *BOUNDS.T), other[:, 3:]]), slopes)
        ratio = second[:, 2, None].astype(np.float32)
        flux = one + ratio * two
        if not slopes:
            return over_continuum(flux, by_one, ivar)
        by = np.empty((len(flux), 7, flux.shape[1]), np.float32)
        by[:, :5] = by_one
        by[:, 2:5] += ratio[:, None] * by_two[:, 2:]
        by[:, 6] = ratio * by_two[:, 3]
        by[:, 5] = 0.0
        for column, change in zip((0, 1, 2, 5), _chain(first[:, :3], q), strict=True):
            hotter, heavier, brighter = (change[:, k, None].astype(np.float32) for k in range(3))
            by[:, column] += ratio * (hotter * by_two[:, 0] + heavier * by_two[:, 1]) + brighter * two
        return over_continuum(flux, by, ivar)

    return model


def _second(labels: NDArray[np.float64], q: NDArray[np.float64]) -> NDArray[np.float64]:
    """Teff, logg and light in V of companions, (N, 3)."""
    teff2, logg2 = companion(labels[:, 0], labels[:, 1], labels[:, 2], q)
    return np.column_stack([teff2, logg2, light_ratio(labels[:, 0], labels[:, 1], labels[:, 2], q)])


def _chain(labels: NDArray[np.float64], q: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    """Derivatives of what `_second` gives by Teff, logg, [Fe/H] and q of the primary, each (N, 3)."""
    whole = np.column_stack([labels, q])
    out = []
    for k, step in enumerate(_STEPS):
        up, down = whole.copy(), whole.copy()
        up[:, k] += step
        down[:, k] -= step
        up[:, 3] = np.minimum(up[:, 3], 1.0)
        apart = (up[:, k] - down[:, k])[:, None]
        out.append((_second(up[:, :3], up[:, 3]) - _second(down[:, :3], down[:, 3])) / apart)
    return out
