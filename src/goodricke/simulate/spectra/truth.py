"""What is known of spectra that were made."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Truth"]


@dataclass(frozen=True, eq=False)
class Truth:
    """What N made spectra are.

    Parameters
    ----------
    binary : (N,) bool
        Two different stars, or one at two velocities.
    q, dv : (N,) float64
        Mass ratio and velocity of star 2 less that of star 1 in km/s; NaN for singles.
    teff1, logg1, feh, teff2 : (N,) float64
        Of the primary, or of the single; `teff2` is NaN for singles.
    light_ratio : (N,) float64
        Light of star 2 over that of star 1 in V; NaN for singles.
    match_q, match_dv : (N,) float64
        For singles, those of the binary that they match; for binaries `q` and `dv`. What breakdowns are made by.
    snr : (N,) float64
        Median per pixel that was asked for.
    v_true, v_measured : (N,) float64
        Light-weighted velocity, and what a pipeline would have measured, km/s.
    vsini : (N,) float64
        km/s, by one law of Teff for both.
    ebv : (N,) float64
        Colour excess.
    resolution : (N,) float64
        lambda / FWHM.
    star, star2 : (N,) str
        Names of the real stars whose deviations (or pixels) were used; `star2` differs where two were.
    """

    binary: NDArray[np.bool_]
    q: NDArray[np.float64]
    dv: NDArray[np.float64]
    teff1: NDArray[np.float64]
    logg1: NDArray[np.float64]
    feh: NDArray[np.float64]
    teff2: NDArray[np.float64]
    light_ratio: NDArray[np.float64]
    match_q: NDArray[np.float64]
    match_dv: NDArray[np.float64]
    snr: NDArray[np.float64]
    v_true: NDArray[np.float64]
    v_measured: NDArray[np.float64]
    vsini: NDArray[np.float64]
    ebv: NDArray[np.float64]
    resolution: NDArray[np.float64]
    star: NDArray[np.str_]
    star2: NDArray[np.str_]

    def __len__(self) -> int:
        return len(self.binary)

    def __getitem__(self, which: Any) -> Truth:
        return Truth(**{name: column[which] for name, column in self.columns().items()})

    def columns(self) -> dict[str, NDArray[Any]]:
        """Name -> column."""
        return {part.name: getattr(self, part.name) for part in fields(self)}
