"""Tiny files of every survey format, written by us: one module per row of the survey table, of the same name.

Each module has ``write(folder) -> list[Path]``: it writes one file per variant of the format that we know, with MADE in
the file name. The contract tests read them all; unit tests of a reader use its own. The star is always the same one, so
that a test can compare what was read with what was written.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["DEC", "PERIOD", "RA", "N", "Star", "star"]

RA, DEC, PERIOD, N = 150.25, -20.5, 0.8125, 60
"""Position (degrees), period (days) and number of points of the star."""


@dataclass(frozen=True)
class Star:
    """A made-up eclipsing star, observed N times over 100 d."""

    jd: NDArray[np.float64]
    mag: NDArray[np.float64]
    err: NDArray[np.float64]

    @property
    def flux(self) -> NDArray[np.float64]:
        """Linear flux, 1 at magnitude 15."""
        return 10 ** (-0.4 * (self.mag - 15.0))


def star(n: int = N, start_jd: float = 2458500.0, mag: float = 13.0, seed: int = 1) -> Star:
    """The star, seen `n` times from `start_jd` on."""
    rng = np.random.default_rng(seed)
    jd = np.round(start_jd + np.sort(rng.uniform(0.0, 100.0, n)), 5)
    phase = (jd / PERIOD) % 1.0
    dip = 0.6 * np.exp(-0.5 * ((phase - 0.5) / 0.04) ** 2)
    return Star(jd, np.round(mag + dip + rng.normal(0, 0.01, n), 3), np.round(rng.uniform(0.008, 0.02, n), 3))
