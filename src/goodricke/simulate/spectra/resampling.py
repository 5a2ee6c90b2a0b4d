"""Spectra of any ladder on one lattice, at one sharpness: wavelengths in vacuum, lines as at R = 1800."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from goodricke.spectra.lattice import LIGHT_KM_S, MODEL_LATTICE, Lattice

__all__ = ["RESOLUTION", "TEMPLATE_LATTICE", "on_lattice", "v_band", "vacuum"]

_MARGIN = 30
TEMPLATE_LATTICE = Lattice(
    MODEL_LATTICE.first - _MARGIN * MODEL_LATTICE.step, MODEL_LATTICE.step, MODEL_LATTICE.n + 2 * _MARGIN
)
"""Rest-frame lattice of templates and of the emulator: what models see and 30 pixels (2070 km/s) more on each side."""

RESOLUTION = 1800.0
"""lambda / FWHM to which all templates are broadened: that of LAMOST."""

_FINE = 4  # points per pixel of the lattice between which the broadening Gaussian is summed
_FWHM = 2.0 * np.sqrt(2.0 * np.log(2.0))
_BESSELL_V = (  # Bessell (1990, PASP 102, 1181), table 2: 4700 to 7000 Angstrom in steps of 100
    0.000, 0.030, 0.163, 0.458, 0.780, 0.967, 1.000, 0.973, 0.898, 0.792, 0.684, 0.574, 0.461, 0.359, 0.270, 0.197,
    0.135, 0.081, 0.045, 0.025, 0.017, 0.013, 0.009, 0.000,
)  # fmt: skip


def vacuum(wave_air: ArrayLike) -> NDArray[np.float64]:
    """Wavelengths in vacuum of wavelengths in air, Angstrom (Ciddor 1996 as the inverse of Piskunov's fit, VALD).

    >>> vacuum([5000.0]).round(3)
    array([5001.395])
    """
    air = np.asarray(wave_air, dtype=np.float64)
    s = (1e4 / air) ** 2
    n = 1.0 + 8.336624212083e-5 + 2.408926869968e-2 / (130.1065924522 - s) + 1.599740894897e-4 / (38.92568793293 - s)
    return np.asarray(air * n)


def on_lattice(
    wave: NDArray[np.float64],
    flux: NDArray[np.float64],
    lattice: Lattice,
    fwhm: Callable[[NDArray[np.float64]], NDArray[np.float64]],
    velocity: ArrayLike = 0.0,
    resolution: float = RESOLUTION,
) -> NDArray[np.float64]:
    """Flux on a lattice, broadened to a resolving power and freed of a velocity.

    Parameters
    ----------
    wave : (Q,)
        Angstrom, rising; of all spectra.
    flux : (K, Q)
        Finite.
    lattice : Lattice
        Where the flux is wanted.
    fwhm : function
        Of a library: full width in Angstrom that its lines have at wavelengths.
    velocity : (K,) or number
        km/s by which the lines of each spectrum stand to the red; taken out.
    resolution : float
        lambda / FWHM wanted.

    Returns
    -------
    (K, P) array
    """
    from scipy.interpolate import CubicSpline

    reach = 4 * _FINE * 4
    fine = 10.0 ** (lattice.first + lattice.step / _FINE * np.arange(-reach, (lattice.n - 1) * _FINE + 1 + reach))
    moves = np.broadcast_to(np.asarray(velocity, dtype=np.float64), (len(flux),))
    if not moves.any():
        dense = np.asarray(CubicSpline(wave, flux, axis=1)(np.clip(fine, wave[0], wave[-1])))
    else:
        seen = np.clip(fine[None, :] * (1.0 + moves[:, None] / LIGHT_KM_S), wave[0], wave[-1])
        dense = np.stack([CubicSpline(wave, one)(at) for one, at in zip(flux, seen, strict=True)])
    target = lattice.wave
    missing = np.sqrt(np.maximum((target / resolution) ** 2 - fwhm(target) ** 2, 0.0)) / _FWHM
    pixel = target * np.log(10.0) * lattice.step / _FINE
    sigma = missing / pixel
    out = np.zeros((len(flux), lattice.n))
    total = np.zeros(lattice.n)
    for step in range(-reach, reach + 1):
        weight = np.where(
            sigma > 0.2, np.exp(-0.5 * (step / np.maximum(sigma, 0.2)) ** 2), 1.0 if step == 0 else 0.0
        )  # a Gaussian narrower than a fifth of a point is no broadening
        if not weight.max() > 1e-6:
            continue
        out += weight * dense[:, reach + step :: _FINE][:, : lattice.n]
        total += weight
    return out / total


def v_band(flux: NDArray[np.float64], lattice: Lattice = TEMPLATE_LATTICE) -> NDArray[np.float64]:
    """Mean flux per Angstrom of spectra (K, P) over Bessell's V band (K,).

    >>> v_band(np.ones((1, TEMPLATE_LATTICE.n)))
    array([1.])
    """
    wave = lattice.wave
    weight = np.interp(wave, np.arange(4700.0, 7001.0, 100.0), _BESSELL_V, left=0.0, right=0.0) * wave  # even in log
    return np.asarray(flux @ (weight / weight.sum()))
