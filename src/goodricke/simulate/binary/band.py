"""Band intensity of a surface as a function of its temperature: black bodies, or a table of the user's own."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from goodricke.errors import OptionError
from goodricke.simulate.compiled import Floats, kernel

__all__ = ["BANDS", "Band", "blackbody", "log_intensity", "named_band"]

BANDS = {
    "U": (366, 65), "B": (436, 89), "V": (545, 84), "R": (641, 158), "I": (798, 154),
    "u": (354, 57), "g": (477, 137), "r": (623, 137), "i": (763, 153), "z": (905, 137), "y": (1000, 100),
    "G": (640, 440), "Kepler": (640, 400), "TESS": (800, 400),
}  # fmt: skip
"""Middle and full width (nm) of the flat bands that stand in for the true ones (Bessell 2005, ARA&A 43, 293)."""

_LOG_T = np.linspace(math.log(300.0), math.log(200_000.0), 4000)


@dataclass(frozen=True)
class Band:
    """Logarithm of the intensity along the normal's mean, on an even grid of the logarithm of temperature."""

    log_temperature: Floats
    """(K,) natural logarithms of kelvin, evenly spaced."""
    log_brightness: Floats
    """(K,) natural logarithms of any unit."""

    @staticmethod
    def from_table(temperature: Floats, intensity: Floats) -> Band:
        """Make a band of a table, interpolated as log intensity against 1 / temperature, straight beyond its ends.

        Parameters
        ----------
        temperature : numpy.ndarray, (K,)
            Kelvin, increasing.
        intensity : numpy.ndarray, (K,)
            Emittance in the band over pi, any unit.

        Raises
        ------
        OptionError
            When the temperatures do not increase or an intensity is not positive.

        Examples
        --------
        >>> band = Band.from_table(np.array([4000.0, 5000.0, 6000.0]), np.array([1.0, 3.0, 6.0]))
        >>> round(float(np.exp(np.interp(np.log(5000.0), band.log_temperature, band.log_brightness))), 3)
        3.0
        """
        t, b = np.asarray(temperature, float), np.asarray(intensity, float)
        if t.ndim != 1 or t.shape != b.shape or t.size < 2 or t[0] <= 0 or (np.diff(t) <= 0).any() or (b <= 0).any():
            raise OptionError("a band's table needs two or more increasing temperatures and positive intensities")
        x, y = -1.0 / t, np.log(b)
        at = -1.0 / np.exp(_LOG_T)
        value = np.interp(at, x, y)
        first, last = (y[1] - y[0]) / (x[1] - x[0]), (y[-1] - y[-2]) / (x[-1] - x[-2])
        value = np.where(at < x[0], y[0] + first * (at - x[0]), value)
        return Band(_LOG_T, np.where(at > x[-1], y[-1] + last * (at - x[-1]), value))


def blackbody(wavelength_nm: Floats, response: Floats) -> Band:
    """Band of black bodies seen through a filter, weighted by energy.

    Parameters
    ----------
    wavelength_nm, response : numpy.ndarray, (K,)
        The filter.

    Returns
    -------
    Band

    Examples
    --------
    >>> band = blackbody(np.linspace(549.0, 551.0, 11), np.ones(11))
    >>> at = np.interp(np.log([5000.0, 10000.0]), band.log_temperature, band.log_brightness)
    >>> planck = np.expm1(14387768.775 / 550 / 5000) / np.expm1(14387768.775 / 550 / 10000)
    >>> bool(abs(np.exp(at[1] - at[0]) / planck - 1) < 1e-4)
    True
    """
    wave = np.asarray(wavelength_nm, float) * 1e-9
    weight = np.gradient(wave) * np.asarray(response, float)
    reach = 0.014387768775 / (wave * np.exp(_LOG_T)[:, None])
    # log sum of w exp(-reach) / (1 - exp(-reach)) without underflow at 300 K
    most = -reach.min(axis=1, keepdims=True)
    total = (weight / wave**5 * np.exp(-reach - most) / -np.expm1(-reach)).sum(axis=1)
    return Band(_LOG_T, np.log(total / weight.sum()) + most[:, 0])


def named_band(name: str) -> Band:
    """Black bodies through one of the flat ``BANDS``.

    Raises
    ------
    OptionError
        When there is no band of that name.
    """
    if name not in BANDS:
        raise OptionError(f"band {name!r} is not one of {', '.join(BANDS)}; make a Band for another")
    middle, width = BANDS[name]
    return blackbody(middle + width * np.linspace(-0.5, 0.5, 41), np.ones(41))


@kernel
def log_intensity(first: float, step: float, table: Floats, log_t: float) -> float:
    """Logarithm of the intensity at a temperature, straight between the nodes."""
    at = (log_t - first) / step
    k = min(max(int(at), 0), table.size - 2)
    return float(table[k] + (at - k) * (table[k + 1] - table[k]))
