"""Light of a dwarf of given temperature, gravity and metals, learnt from real stars (as Ness et al. 2015)."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from goodricke.errors import DataError
from goodricke.photosphere.doppler import shift
from goodricke.photosphere.normal import normalise
from goodricke.spectra.lattice import MODEL_LATTICE, Lattice

__all__ = ["BOUNDS", "EMULATOR_LATTICE", "MARGIN", "Emulator", "emulator", "scatter", "star_weights", "v_flux"]

MARGIN = 30
"""Pixels that the emulator has more than models on each side, so that a shift by 2,000 km/s brings in no edge."""

EMULATOR_LATTICE = Lattice(MODEL_LATTICE.first - MARGIN * MODEL_LATTICE.step, MODEL_LATTICE.step, MODEL_LATTICE.n + 60)
"""Rest frame, vacuum."""

BOUNDS = np.array([[3050.0, 8400.0], [3.6, 5.2], [-1.2, 0.6]])
"""Lowest and highest Teff, logg, [Fe/H] that are believed; what lies outside is moved to the edge."""

_KNOTS = (-0.3, 0.0, 0.5, 1.0)  # of the cubic spline in temperature: at 5860, 5305, 4580 and 4032 K
_TERMS = 17
_RIDGE = 1e-3
_STEPS = (1.0, 0.01, 0.01, 10.0, 0.1)  # of Teff, logg, [Fe/H], velocity in km/s, broadening in pixels squared
_TRUST = (100.0, 0.15, 0.1, 8.0, 0.3)  # errors of catalogues in the same units
_FIT_NOISE = 0.1  # of a pixel, so large since deviations of stars are alike in thousands of pixels
_COMPONENTS = 90

# Bessell (1990, PASP 102, 1181), V, every 100 Angstrom from 4700.
_V_BAND = (
    0.0, 0.030, 0.163, 0.458, 0.780, 0.967, 1.0, 0.973, 0.898, 0.792, 0.684, 0.574, 0.461,
    0.359, 0.270, 0.197, 0.135, 0.081, 0.045, 0.025, 0.017, 0.013, 0.009, 0.0,
)  # fmt: skip


def v_flux(flux: NDArray[np.floating[Any]], lattice: Lattice = EMULATOR_LATTICE) -> NDArray[np.float64]:
    """Mean flux in the V band, (N,), of spectra (N, P) per Angstrom.

    >>> v_flux(np.ones((1, EMULATOR_LATTICE.n))).round(6)
    array([1.])
    """
    band = np.interp(lattice.wave, 4700.0 + 100.0 * np.arange(len(_V_BAND)), _V_BAND, left=0.0, right=0.0)
    weight = band * lattice.wave
    return np.asarray(flux @ (weight / weight.sum()))


@dataclass(frozen=True, eq=False, repr=False)
class Emulator:
    """Log flux as a polynomial of labels, and how real stars scatter about it.

    Parameters
    ----------
    lattice : Lattice
        Rest frame, vacuum, R 1800.
    coefficients : (T, P) float64
        Of the terms of the labels.
    components : (K, P) float64
        Star-to-star deviations of the normalised log flux: orthogonal, with mean square 1, the strongest first.
    variances : (K,) float64
        Mean square of the stars' deviations along each.
    rest : (P,) float64
        Variance per pixel that the components leave.

    Examples
    --------
    >>> sun = emulator().flux([[5772.0, 4.44, 0.0]])
    >>> sun.shape, bool(abs(v_flux(sun)[0] - 1.0) < 0.01)
    ((1, 2809), True)
    """

    lattice: Lattice
    coefficients: NDArray[np.float64]
    components: NDArray[np.float64]
    variances: NDArray[np.float64]
    rest: NDArray[np.float64]

    @classmethod
    def fit(
        cls,
        labels: NDArray[np.floating[Any]],
        log_flux: NDArray[np.floating[Any]],
        counts: NDArray[np.bool_] | None = None,
        lattice: Lattice = EMULATOR_LATTICE,
        components: int = _COMPONENTS,
        passes: int = 2,
    ) -> Emulator:
        """Learn from stars; those unlike others of their temperature count little.

        Labels of catalogues are off by some 80 K and 0.1 dex, which would be most of the scatter of stars about the
        emulator. So it is fitted again to stars with the labels and velocities that `refine` gives.

        Parameters
        ----------
        labels : (N, 3)
            Teff in K, logg in cgs, [Fe/H].
        log_flux : (N, P)
            Natural logarithm of the flux on `lattice`, scaled to 1 in V (`v_flux`).
        counts : (N,) bool, optional
            Stars whose deviations make the star-to-star scatter; by default those of 3,700 to 8,200 K.
        components : int
            At most so many are kept; fewer when there are fewer stars.
        passes : int
            Times that labels are refined.
        """
        given, light = np.asarray(labels, float), np.asarray(log_flux, float)
        if given.shape != (len(light), 3) or light.shape[1:] != (lattice.n,):
            raise DataError(f"labels {given.shape} and log_flux {light.shape} do not fit (N, 3) and (N, {lattice.n})")
        if len(given) < 2 * _TERMS:
            raise DataError(f"{len(given)} stars for {_TERMS} terms; give at least {2 * _TERMS} stars")
        good = (given[:, 0] > 3700.0) & (given[:, 0] < 8200.0) if counts is None else np.asarray(counts)
        catalogue, as_seen, weight = given, light, np.ones(len(given))
        for turn in range(passes + 1):
            terms = _terms(given)
            for _ in range(3):
                coefficients = _least_squares(terms, light, weight)
                apart = scatter(light, terms @ coefficients, lattice)
                weight = star_weights(given[:, 0], np.sqrt((apart**2).mean(axis=1)))
            if turn < passes:
                bare = cls(lattice, coefficients, np.zeros((0, lattice.n)), np.zeros(0), np.zeros(lattice.n))
                given, light = bare.refine(catalogue, as_seen)
        apart = apart[good & (weight > 0.3)]
        apart = apart - apart.mean(axis=0)
        _, size, modes = np.linalg.svd(apart, full_matrices=False)
        size, modes = size[:components], modes[:components]
        modes = modes * np.sqrt(lattice.n)
        variances = size**2 / lattice.n / max(len(apart), 1)
        rest = np.maximum((apart**2).mean(axis=0) - variances @ modes**2, 0.0)
        return cls(lattice, coefficients, modes, variances, rest)

    def log_flux(self, labels: ArrayLike) -> NDArray[np.float64]:
        """Natural logarithm of the flux, (N, P), of labels (N, 3)."""
        return np.asarray(_terms(np.atleast_2d(np.asarray(labels, float))) @ self.coefficients)

    def flux(self, labels: ArrayLike) -> NDArray[np.float64]:
        """Flux per Angstrom, (N, P), 1 in the V band, of labels (N, 3): Teff in K, logg, [Fe/H]."""
        return np.exp(self.log_flux(labels))

    def slopes(self, labels: ArrayLike) -> NDArray[np.float64]:
        """Derivatives of the log flux, (N, 3, P), by Teff (per K), logg and [Fe/H]; 0 beyond the bounds."""
        given = np.atleast_2d(np.asarray(labels, float))
        return np.asarray(np.swapaxes(_slopes(given), 0, 1) @ self.coefficients)

    def refine(
        self, labels: NDArray[np.floating[Any]], log_flux: NDArray[np.floating[Any]]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Labels (N, 3) of stars as their own spectra have them, and log fluxes (N, P) at rest.

        One linear step towards the best fit of labels, velocity and broadening, held by what catalogues are worth.
        """
        given, light = np.asarray(labels, float), np.asarray(log_flux, float)
        flux = self.flux(given)
        normal = np.log(normalise(flux, self.lattice))
        slopes = np.swapaxes(self.slopes(given), 0, 1)
        moved = [flux * (1.0 + step * slope) for step, slope in zip(_STEPS, slopes, strict=False)]
        moved += [shift(flux, self.lattice, _STEPS[3]), shift(flux, self.lattice, 0.0, _STEPS[4])]
        by = np.stack(
            [(np.log(normalise(each, self.lattice)) - normal) / h for each, h in zip(moved, _STEPS, strict=True)],
            axis=1,
        )
        away = np.clip(np.log(normalise(np.exp(light), self.lattice)) - normal, -_FIT_NOISE, _FIT_NOISE)
        weight = by @ np.swapaxes(by, 1, 2) / _FIT_NOISE**2 + np.diag(1.0 / np.array(_TRUST) ** 2)
        step = np.linalg.solve(weight, (by @ away[:, :, None]) / _FIT_NOISE**2)[:, :, 0]
        better = given + step[:, :3]
        rest = shift(np.exp(light), self.lattice, -step[:, 3])
        return better, np.log(np.maximum(rest, 1e-4))

    def __repr__(self) -> str:
        return f"<Emulator: {self.lattice.n} pixels, {len(self.coefficients)} terms, {len(self.variances)} components>"

    def save(self, path: Path) -> None:
        """Write as float32; `load` reads it."""
        arrays = {name: getattr(self, name).astype(np.float32) for name in _ARRAYS}
        with path.open("wb") as file:
            np.savez_compressed(
                file, **arrays, lattice=np.array([self.lattice.first, self.lattice.step, self.lattice.n])
            )

    @classmethod
    def load(cls, path: str | Path) -> Emulator:
        """Read what `save` wrote."""
        with np.load(path, allow_pickle=False) as stored:
            first, step, n = stored["lattice"]
            return cls(Lattice(float(first), float(step), int(n)), *(stored[name].astype(float) for name in _ARRAYS))


_ARRAYS = ("coefficients", "components", "variances", "rest")


@functools.cache
def emulator() -> Emulator:
    """The emulator that ships."""
    return Emulator.load(str(files("goodricke.photosphere") / "data" / "emulator.npz"))


def scatter(
    log_flux: NDArray[np.floating[Any]], model: NDArray[np.floating[Any]], lattice: Lattice = EMULATOR_LATTICE
) -> NDArray[np.float64]:
    """What normalised log fluxes (N, P) have over those of a model: abundances, errors of labels, noise."""
    return np.asarray(np.log(normalise(np.exp(log_flux), lattice)) - np.log(normalise(np.exp(model), lattice)))


def star_weights(teff: NDArray[np.float64], rms: NDArray[np.float64]) -> NDArray[np.float64]:
    """Weights of stars, (N,): less than 1 for those that deviate twice as much as their 30 neighbours in Teff do."""
    order = np.argsort(teff)
    half = 15
    usual = np.empty(len(rms))
    for place, star in enumerate(order):
        first = min(max(place - half, 0), max(len(order) - 2 * half, 0))
        usual[star] = np.median(rms[order[first : first + 2 * half]])
    return np.clip((2.0 * usual / np.maximum(rms, 1e-12)) ** 2, 0.0, 1.0) ** 2


def _least_squares(terms: NDArray[np.float64], light: NDArray[np.float64], weight: NDArray[np.float64]) -> Any:
    size = np.sqrt((terms**2).mean(axis=0))
    scaled = terms / size
    ridge = np.eye(scaled.shape[1]) * _RIDGE
    ridge[0, 0] = 0.0
    weighted = scaled * weight[:, None]
    return np.linalg.solve(weighted.T @ scaled + ridge, weighted.T @ light) / size[:, None]


def _terms(labels: NDArray[np.float64]) -> NDArray[np.float64]:
    """Terms (N, T) of the polynomial: a cubic spline in 1 / Teff, squares of the others, and products."""
    x, g, h = _scaled(labels)
    hinges = [np.maximum(x - knot, 0.0) ** 3 for knot in _KNOTS]
    one = np.ones_like(x)
    return np.stack(
        [one, x, x * x, x**3, *hinges, g, g * g, h, h * h, g * x, h * x, g * h, g * x * x, h * x * x], axis=1
    )


def _slopes(labels: NDArray[np.float64]) -> NDArray[np.float64]:
    """Derivatives of the terms by Teff, logg and [Fe/H], (3, N, T)."""
    x, g, h = _scaled(labels)
    one, no = np.ones_like(x), np.zeros_like(x)
    hinges = [3.0 * np.maximum(x - knot, 0.0) ** 2 for knot in _KNOTS]
    none = [no] * len(_KNOTS)
    by_x = [no, one, 2 * x, 3 * x * x, *hinges, no, no, no, no, g, h, no, 2 * g * x, 2 * h * x]
    by_g = [no, no, no, no, *none, one, 2 * g, no, no, x, no, h, x * x, no]
    by_h = [no, no, no, no, *none, no, no, one, 2 * h, no, x, g, no, x * x]
    out = np.stack([np.stack(by, axis=1) for by in (by_x, by_g, by_h)])
    out[0] *= (-5040.0 / labels[:, 0] ** 2 / 0.3)[:, None]
    inside = (labels >= BOUNDS[:, 0]) & (labels <= BOUNDS[:, 1])
    return out * inside.T[:, :, None]


def _scaled(labels: NDArray[np.float64]) -> tuple[NDArray[np.float64], ...]:
    if not np.isfinite(labels).all():
        raise DataError("labels are not finite; give Teff, logg and [Fe/H] of every star")
    teff, logg, feh = np.clip(labels, BOUNDS[:, 0], BOUNDS[:, 1]).T
    return (5040.0 / teff - 0.95) / 0.3, logg - 4.4, feh
