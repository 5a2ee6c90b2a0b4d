"""A common ladder of wavelengths, even in the logarithm: a shift by one step is the same velocity everywhere."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["LAMOST_LATTICE", "LIGHT_KM_S", "MODEL_LATTICE", "Lattice"]

LIGHT_KM_S = 299792.458
"""Speed of light."""


@dataclass(frozen=True)
class Lattice:
    """Wavelengths ``10 ** (first + step * k)`` for k = 0 ... n - 1.

    Parameters
    ----------
    first : float
        log10 of the first wavelength in Angstrom, in vacuum.
    step : float
        Step in log10; 1e-4 is 69 km/s.
    n : int
        Number of pixels.

    Examples
    --------
    >>> MODEL_LATTICE.wave[[0, -1]].round(1)
    array([3850.3, 7249.4])
    >>> round(MODEL_LATTICE.km_s, 1)
    69.0
    """

    first: float
    step: float
    n: int

    @property
    def wave(self) -> NDArray[np.float64]:
        """Wavelengths (n,) in Angstrom, in vacuum."""
        return np.asarray(10.0 ** (self.first + self.step * np.arange(self.n)))

    @property
    def km_s(self) -> float:
        """Velocity of one step."""
        return float(LIGHT_KM_S * np.log(10.0) * self.step)


LAMOST_LATTICE = Lattice(3.5670, 1e-4, 3980)
"""The native pixels of every LAMOST low-resolution spectrum lie on it: 3690 to 9224 Angstrom."""

MODEL_LATTICE = Lattice(3.5855, 1e-4, 2749)
"""What models see, in the star's rest frame: 3850 to 7249 Angstrom, a stretch of `LAMOST_LATTICE` that ends before the
worst residues of the night sky, and inside what MILES covers."""
