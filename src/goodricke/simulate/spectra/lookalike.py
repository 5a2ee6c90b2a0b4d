"""The single star that a binary looks like: labels that fit its sum best.

A sum of two stars, fitted with one, gives a somewhat cooler star. If singles were drawn from the law of primaries, that
alone would betray binaries to a network, and on the sky it would be nonsense: there are singles of every temperature.
So each single is made with the labels of the best fit of a binary of the same law.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from goodricke.photosphere.doppler import shift
from goodricke.photosphere.emulator import BOUNDS, Emulator
from goodricke.spectra.lattice import MODEL_LATTICE, Lattice

__all__ = ["Lookalike"]

_WIDTHS = (0.0, 0.3, 0.7, 1.2, 2.0, 3.2)  # variances of the line broadening tried, pixels squared
_DIMENSIONS = 48
_SAMPLES = 700
_SMOOTH = 195.0  # pixels: the standard deviation of the 35 nm Gaussian at 5500 Angstrom
_SCALE = np.array([300.0, 0.3, 0.2])
_STEPS = 6


@dataclass(frozen=True, eq=False)
class Lookalike:
    """Fits single stars to noiseless spectra, in few numbers per spectrum.

    The logarithm of the emulator's flux is linear in terms of the labels, and so is that of flux over continuum,
    nearly; a projection to the directions in which single stars differ keeps it so. The fit of three labels and a
    broadening is then one of some fifty numbers and not of 2,749 pixels.

    Parameters
    ----------
    projection : (P, D) float64
        From log flux on the emulator's lattice to D numbers, the continuum taken out.
    widths : (W,) float64
        Variances of broadening in pixels squared.
    reduced : W emulators
        Of the D numbers, one per width.

    Examples
    --------
    >>> from goodricke.photosphere import emulator
    >>> look = Lookalike.of(emulator())
    >>> labels, width = look.fit(emulator().flux([[5800.0, 4.4, 0.0]]), np.array([[5500.0, 4.6, 0.1]]))
    >>> labels.round(1) + 0.0, width.round(2)
    (array([[5.8e+03, 4.4e+00, 0.0e+00]]), array([0.]))
    """

    projection: NDArray[np.float64]
    widths: NDArray[np.float64]
    reduced: tuple[Emulator, ...]

    @classmethod
    def of(cls, emulator: Emulator) -> Lookalike:
        """Prepare for an emulator; the labels at which broadened spectra are tried are the same every time."""
        rng = np.random.default_rng(20)
        labels = rng.uniform(BOUNDS[:, 0] + [450, 0.1, 0.1], BOUNDS[:, 1] - [400, 0.2, 0.05], (_SAMPLES, 3))
        flux = emulator.flux(labels)
        flat = _flattener(emulator.lattice)
        terms = replace(emulator, coefficients=np.eye(len(emulator.coefficients))).log_flux(labels)
        lines = []
        for width in _WIDTHS:
            light = np.maximum(shift(flux, emulator.lattice, 0.0, width), 1e-6)
            fitted, *_ = np.linalg.lstsq(terms, np.log(light), rcond=None)
            lines.append(fitted @ flat)
        spread = np.linalg.qr(terms, mode="r")  # of the same size as the terms of all samples, in few rows
        _, _, modes = np.linalg.svd(np.concatenate([spread @ part for part in lines]), full_matrices=False)
        basis = modes[:_DIMENSIONS].T
        small = Lattice(0.0, 1.0, basis.shape[1])
        reduced = tuple(replace(emulator, lattice=small, coefficients=part @ basis) for part in lines)
        return cls(flat @ basis, np.array(_WIDTHS), reduced)

    def fit(
        self, flux: NDArray[np.float64], start: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Labels and broadening of the best single stars.

        Parameters
        ----------
        flux : (N, P)
            Without noise, on the emulator's lattice, at rest.
        start : (N, 3)
            Labels to begin at, such as the primary's.

        Returns
        -------
        labels : (N, 3) float64
        width : (N,) float64
            Variance of the extra broadening, pixels squared, not below 0.
        """
        wanted = np.log(np.maximum(flux, 1e-6)) @ self.projection
        labels = np.empty((len(self.widths), *start.shape))
        misfit = np.empty((len(self.widths), len(start)))
        for k, model in enumerate(self.reduced):
            labels[k], misfit[k] = _gauss_newton(model, wanted, labels[k - 1] if k else start)
        rows = np.arange(len(start))
        best = misfit.argmin(axis=0)
        middle = np.clip(best, 1, len(self.widths) - 2)
        at = self.widths[middle + np.array([-1, 0, 1])[:, None]]
        width = np.where(best == 0, 0.0, _valley(at, misfit[middle + np.array([-1, 0, 1])[:, None], rows]))
        width = np.clip(width, 0.0, self.widths[-1])
        above = np.clip(np.searchsorted(self.widths, width), 1, len(self.widths) - 1)
        part = (width - self.widths[above - 1]) / (self.widths[above] - self.widths[above - 1])
        found = labels[above - 1, rows] * (1.0 - part)[:, None] + labels[above, rows] * part[:, None]
        return found, width


def _flattener(lattice: Lattice) -> NDArray[np.float64]:
    """(P, P'): what takes the smooth part out of log flux and keeps the pixels that models see."""
    margin = round((MODEL_LATTICE.first - lattice.first) / lattice.step)
    inside = np.arange(margin, margin + MODEL_LATTICE.n)
    kernel = np.exp(-0.5 * ((inside[:, None] - inside) / _SMOOTH) ** 2)
    flat = np.zeros((lattice.n, len(inside)))
    flat[inside] = np.eye(len(inside)) - (kernel / kernel.sum(axis=1, keepdims=True)).T
    return flat


def _gauss_newton(
    model: Emulator, wanted: NDArray[np.float64], start: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Labels (N, 3) and sum of squares (N,) of least-squares fits to (N, D)."""
    low, high = BOUNDS[:, 0] + 1e-6, BOUNDS[:, 1] - 1e-6  # inside, where the emulator has slopes
    labels = np.clip(start, low, high)
    damping = np.eye(3) * 1e-6
    for _ in range(_STEPS):
        slopes = model.slopes(labels) * _SCALE[:, None]
        rest = wanted - model.log_flux(labels)
        normal = slopes @ np.swapaxes(slopes, 1, 2)
        normal = normal + damping * np.trace(normal, axis1=1, axis2=2)[:, None, None]
        step = np.linalg.solve(normal, (slopes @ rest[:, :, None]))[:, :, 0]
        labels = np.clip(labels + np.clip(step, -1.5, 1.5) * _SCALE, low, high)
    return labels, ((wanted - model.log_flux(labels)) ** 2).sum(axis=1)


def _valley(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    """Lowest point of parabolas through three points (3, N), or the lowest of the three where they do not curve up."""
    (a, b, c), (fa, fb, fc) = x, y
    first, second = (fb - fa) / (b - a), (fc - fb) / (c - b)
    curve = (second - first) / (c - a)
    lowest = x[y.argmin(axis=0), np.arange(x.shape[1])]
    with np.errstate(divide="ignore", invalid="ignore"):
        bottom = 0.5 * (a + b) - 0.5 * first / curve
    return np.asarray(np.where(curve > 0, np.clip(bottom, a, c), lowest))
