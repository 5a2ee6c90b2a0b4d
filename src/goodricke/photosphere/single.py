"""The single star that fits a spectrum best: damped Gauss-Newton steps for many spectra at once."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from goodricke.clean.spectra import Prepared
from goodricke.errors import DataError
from goodricke.photosphere.emulator import BOUNDS, Emulator
from goodricke.photosphere.emulator import emulator as shipped
from goodricke.photosphere.model import flatten, over_continuum, seen
from goodricke.photosphere.noise import FLOOR, Noise, noise_of, weights
from goodricke.spectra.lattice import MODEL_LATTICE

__all__ = ["LIMITS", "Single", "best_start", "better_of", "descend", "fit_single", "informed"]

LIMITS = np.concatenate([BOUNDS, [[-400.0, 400.0], [-0.6, 8.0]]])
"""Of what is fitted, as `goodricke.photosphere.model.PARAMETERS`: beyond them the emulator is not believed."""

BLOCK = 128
"""Spectra fitted at once: some 100 MB, and small enough for the processor's cache to help."""

_UNITS = np.array([100.0, 0.1, 0.1, 10.0, 0.1])  # steps of like effect, so that the equations are well conditioned
# What is believed without a look at the spectrum, in the same order: so weak that it says something below S/N 5 only.
_USUAL = np.array([5500.0, 4.4, -0.2, 0.0, 0.0])
_WIDE = np.array([3000.0, 1.0, 1.0, 100.0, 1.0])
_TURNS = 7
_NEAR = 5.0  # of chi2: a star that comes nearer by less than this keeps the derivatives that it has
_SETTLED = 0.1  # of chi2

Model = Callable[[NDArray[np.float64], NDArray[np.float32], bool], tuple[NDArray[np.float32], NDArray[np.float32]]]
"""Parameters (N, M) and ivar (N, P) to a normalised model (N, P), and derivatives (N, M, P) when asked for."""


@dataclass(frozen=True, eq=False)
class Single:
    """The best single star of N spectra; rows that were not to be used are NaN.

    Parameters
    ----------
    teff, logg, feh : (N,) float64
        K, cgs, dex.
    velocity : (N,) float64
        km/s that is left after `Prepared.velocity`.
    broadening : (N,) float64
        Variance in pixels squared by which lines are wider than at R 1800 and no rotation; may be negative.
    chi2 : (N,) float64
        With the noise of pixels, the floor and the star-to-star scatter as covariance.
    n : (N,) int64
        Pixels that are known.
    errors : (N, 5) float64
        Standard errors of the five, in their order.
    at_edge : (N,) bool
        Whether a label lies at the end of what the emulator knows: the star is then not one of its stars.
    model : (N, P) float32
        Flux over continuum.
    """

    teff: NDArray[np.float64]
    logg: NDArray[np.float64]
    feh: NDArray[np.float64]
    velocity: NDArray[np.float64]
    broadening: NDArray[np.float64]
    chi2: NDArray[np.float64]
    n: NDArray[np.int64]
    errors: NDArray[np.float64]
    at_edge: NDArray[np.bool_]
    model: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.teff)

    def __getitem__(self, which: Any) -> Single:
        rows = [which] if isinstance(which, int | np.integer) else which
        return Single(**{each.name: getattr(self, each.name)[rows] for each in fields(self)})

    @property
    def labels(self) -> NDArray[np.float64]:
        """Teff, logg, [Fe/H], (N, 3)."""
        return np.column_stack([self.teff, self.logg, self.feh])

    @property
    def parameters(self) -> NDArray[np.float64]:
        """All that was fitted, (N, 5)."""
        return np.column_stack([self.labels, self.velocity, self.broadening])

    @property
    def goodness(self) -> NDArray[np.float64]:
        """chi2 per pixel: 1 for a star like those of the emulator, with noise as it says."""
        return self.chi2 / np.maximum(self.n, 1)


def fit_single(prepared: Prepared, emulator: Emulator | None = None, floor: float = FLOOR) -> Single:
    """Fit a single star to every usable spectrum.

    Parameters
    ----------
    prepared : Prepared
        On `MODEL_LATTICE`.
    emulator : Emulator, optional
        Of dwarfs; the one that ships when left out.
    floor : float
        Of the continuum: what pixels differ by however bright the star.

    Returns
    -------
    Single

    Examples
    --------
    >>> from goodricke.clean.spectra import prepare
    >>> from goodricke.photosphere import emulator
    >>> from goodricke.spectra import Spectra
    >>> ours = emulator()
    >>> flux = ours.flux([[5800.0, 4.4, 0.0]])
    >>> star = prepare(Spectra.from_arrays(ours.lattice.wave, flux, (100 / flux) ** 2, velocity=0.0))
    >>> fit_single(star).teff.round(-1)
    array([5800.])
    """
    ours = emulator or shipped()
    if prepared.lattice != MODEL_LATTICE:
        raise DataError(f"the lattice is {prepared.lattice}; prepare the spectra on MODEL_LATTICE")
    n, p = prepared.flux.shape
    best = np.full((n, 5), np.nan)
    errors = np.full((n, 5), np.nan)
    chi2 = np.full(n, np.nan)
    model = np.ones((n, p), np.float32)
    rows = np.flatnonzero(prepared.usable & (prepared.ivar > 0).any(axis=1))
    for start in range(0, len(rows), BLOCK):
        some = rows[start : start + BLOCK]
        ivar = informed(prepared, some)
        flux = flatten(prepared.flux[some], ivar)
        noise = noise_of(ivar, ours, floor)
        first = best_start(flux, ivar, ours, floor)
        found = descend(flux, ivar, noise, first, single_model(ours), LIMITS, (_USUAL, _WIDE), _UNITS)
        best[some], chi2[some], errors[some], model[some] = (
            found.parameters,
            found.chi2,
            found.errors,
            found.model * np.where(ivar > 0, prepared.flux[some] / flux, 1.0),
        )
    with np.errstate(invalid="ignore"):
        slack = 1e-6 * (BOUNDS[:, 1] - BOUNDS[:, 0])
        at_edge = ((best[:, :3] <= BOUNDS[:, 0] + slack) | (best[:, :3] >= BOUNDS[:, 1] - slack)).any(axis=1)
    known = (prepared.ivar > 0).sum(axis=1)
    teff, logg, feh, velocity, broadening = best.T
    return Single(teff, logg, feh, velocity, broadening, chi2, known, errors, at_edge, model)


def informed(prepared: Prepared, rows: NDArray[np.integer[Any]]) -> NDArray[np.float32]:
    """Inverse variances (N, P) of some rows, freed of what neighbours share by interpolation."""
    return np.asarray(prepared.ivar[rows] * prepared.independent[rows, None], np.float32)


def single_model(emulator: Emulator) -> Model:
    """The model of one star that `descend` asks for."""

    def model(
        parameters: NDArray[np.float64], ivar: NDArray[np.float32], slopes: bool
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        return over_continuum(*seen(emulator, parameters, slopes), ivar)

    return model


@functools.lru_cache(maxsize=4)
def start_grid(emulator: Emulator) -> tuple[NDArray[np.float64], NDArray[np.float32]]:
    """Stars to begin with, (G, 5), and how they look, (G, P)."""
    teff = np.r_[3200:4800:200, 4800:7000:300, 7000:8400:400]
    stars = np.array([[hot, 4.75 if hot < 4700 else 4.35, feh, 0.0, 0.2] for hot in teff for feh in (-0.7, 0.0)])
    flux, by = seen(emulator, stars)
    return stars, over_continuum(flux, by, np.ones_like(flux))[0]


def best_start(
    flux: NDArray[np.float32], ivar: NDArray[np.float32], emulator: Emulator, floor: float = FLOOR
) -> NDArray[np.float64]:
    """Of a few stars the one that is nearest, (N, 5)."""
    stars, looks = start_grid(emulator)
    weight = weights(ivar, noise_of(ivar[:0], emulator).shape, floor)
    away = weight @ (looks**2).T - 2.0 * (weight * flux) @ looks.T
    return np.array(stars[np.argmin(away, axis=1)])


@dataclass(frozen=True, eq=False)
class Found:
    """What `descend` found: parameters (N, M), their standard errors, chi2 (N,) and the model (N, P)."""

    parameters: NDArray[np.float64]
    errors: NDArray[np.float64]
    chi2: NDArray[np.float64]
    model: NDArray[np.float32]


def descend(
    flux: NDArray[np.float32],
    ivar: NDArray[np.float32],
    noise: Noise,
    first: NDArray[np.float64],
    model: Model,
    limits: NDArray[np.float64],
    prior: tuple[NDArray[np.float64], NDArray[np.float64]],
    units: NDArray[np.float64],
    turns: int = _TURNS,
) -> Found:
    """Levenberg-Marquardt on N spectra at once; those that have settled drop out.

    Parameters
    ----------
    flux, ivar : (N, P) float32
        Normalised.
    noise : Noise
        Of the same rows.
    first : (N, M)
        Where to begin.
    model : function
        As `Model`.
    limits : (M, 2)
        Parameters stay within.
    prior : (M,), (M,)
        Mean and width.
    units : (M,)
        Steps of like effect.
    turns : int
        Steps at most.
    """
    n, m = first.shape
    usual, wide = prior
    best = np.clip(first, limits[:, 0], limits[:, 1])
    score = np.full(n, np.inf)
    chi2 = np.full(n, np.inf)
    damping = np.full(n, 1e-3)
    looks = np.ones(flux.shape, np.float32)
    far = np.ones(n, bool)
    slopes = np.empty((n, m, flux.shape[1]), np.float32)
    curve, pull = np.zeros((n, m, m)), np.zeros((n, m))
    trial = best.copy()
    going = np.arange(n)
    ridge = np.diag((units / wide) ** 2)
    for turn in range(turns + 1):
        here = trial[going]
        light = np.empty((len(going), flux.shape[1]), np.float32)
        fresh = far[going]
        for some, wanted in ((fresh, True), (~fresh, False)):
            if some.any():
                light[some], by = model(here[some], ivar[going[some]], wanted)
                if wanted:
                    slopes[going[some]] = by
        by = slopes[going]
        rows = np.concatenate([by * units[None, :, None].astype(np.float32), (flux[going] - light)[:, None, :]], axis=1)
        product = noise[going].products(rows)
        now = product[:, m, m] + (((here - usual) / wide) ** 2).sum(axis=1)
        better = now < score[going]
        drop = np.where(better, score[going] - now, 0.0)
        won = going[better]
        best[won], score[won], chi2[won], looks[won] = here[better], now[better], product[better, m, m], light[better]
        curve[won] = product[better, :m, :m] + ridge
        pull[won] = product[better, :m, m] + ((usual - here[better]) / wide**2) * units
        far[going] = drop > _NEAR
        damping[going] = np.where(better, damping[going] / 5.0, damping[going] * 20.0)
        if turn == turns:
            break
        settled = (better & (drop < _SETTLED)) | (damping[going] > 1e4)
        going = going[~settled]
        if not len(going):
            break
        matrix = np.array(curve[going])
        diagonal = np.arange(m)
        # A parameter at its limit that is pushed beyond stays there, and the others are solved without it.
        low, high = best[going] <= limits[:, 0], best[going] >= limits[:, 1]
        held = (low & (pull[going] < 0)) | (high & (pull[going] > 0))
        matrix[:, diagonal, diagonal] *= 1.0 + damping[going, None]
        matrix = np.where(held[:, :, None] | held[:, None, :], 0.0, matrix)
        matrix[:, diagonal, diagonal] += held
        step = np.linalg.solve(matrix, np.where(held, 0.0, pull[going])[:, :, None])[:, :, 0]
        trial[going] = np.clip(best[going] + step * units, limits[:, 0], limits[:, 1])
    errors = np.sqrt(np.maximum(np.diagonal(np.linalg.pinv(curve, hermitian=True), axis1=1, axis2=2), 0.0)) * units
    return Found(best, errors, chi2, looks)


def better_of(one: Found, other: Found, rows: NDArray[np.integer[Any]] | None = None) -> Found:
    """The better of two fits, row by row; `rows` are those of `one` that `other` has, all when left out."""
    places = np.arange(len(one.chi2)) if rows is None else rows
    better = other.chi2 < one.chi2[places]
    merged = {}
    for each in fields(Found):
        values = np.array(getattr(one, each.name))
        values[places[better]] = getattr(other, each.name)[better]
        merged[each.name] = values
    return Found(**merged)
