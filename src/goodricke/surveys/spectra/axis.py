"""From the numbers of a file to vacuum wavelengths in Angstrom, and to inverse variances, saying what was guessed."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from goodricke.errors import ReadError
from goodricke.spectra.wavelength import ANGSTROM, Medium, Unit, likely_unit, vacuum_from_air
from goodricke.surveys.spectra.options import SpectrumOptions

__all__ = ["estimated_ivar", "ivar_of_error", "ivar_of_variance", "per_angstrom", "vacuum_wavelengths"]

_SEEN = (1000.0, 50_000.0)  # Angstrom: a spectrum of a star touches this, else its unit is another
_INFRARED = 9500.0  # Angstrom: beyond, vacuum is the custom
_LATTICE_STEP = 1e-4
_BLOCK = 100  # pixels over which noise is taken as constant


def vacuum_wavelengths(
    values: NDArray[Any], unit: Unit | None, medium: Medium, options: SpectrumOptions, notes: list[str]
) -> tuple[NDArray[np.float64], str]:
    """Vacuum wavelengths in Angstrom (P,), and in which medium the file had them.

    Parameters
    ----------
    values : (P,)
        The numbers of the file.
    unit, medium
        What the file says of them; None and empty where it says nothing.
    options : SpectrumOptions
        What the user says of them, which is believed first.
    notes : list of str
        Receives what was guessed.
    """
    numbers = np.asarray(values, dtype=np.float64)
    there = numbers[np.isfinite(numbers)]
    if not len(there):
        raise ReadError("no wavelength is a finite number", "name their column: columns={'wave': ...}")
    low, high = float(there.min()), float(there.max())
    size = likely_unit(there[there > 0])
    chosen = options.unit or unit or size
    if chosen is None:
        raise ReadError(
            f"the wavelengths go from {low:.6g} to {high:.6g}, which fits no unit",
            "say it: wavelengths='nm' (or Angstrom, micron, m, log10(Angstrom)); or name their column",
        )
    if options.unit is None and unit is None and chosen != ANGSTROM:
        notes.append(f"the wavelengths are taken to be in {chosen.name}, from their size; wavelengths=... overrules")
    wave = chosen.angstrom_of(numbers)
    seen = wave[np.isfinite(wave) & (wave > 0)]
    if not len(seen) or seen.max() < _SEEN[0] or seen.min() > _SEEN[1]:
        remedy = "check their unit and say it: wavelengths='nm'"
        if size is not None and size != chosen:
            word = "log10(Angstrom)" if size.logarithm else size.name
            remedy = f"they look like {size.name}: if they are, read the file with wavelengths='{word}'"
        raise ReadError(f"the wavelengths go from {low:.6g} to {high:.6g} {chosen.name}: no star is seen there", remedy)
    known = options.medium or medium
    if known:
        return (vacuum_from_air(wave) if known == "air" else wave), known
    guess, why = _likely_medium(wave, bool(chosen.logarithm))
    if guess == "air":
        notes.append(f"nothing says whether the wavelengths are in air or vacuum: air is assumed, {why}; overrule with "
                     "wavelengths='vacuum'")  # fmt: skip
        return vacuum_from_air(wave), "air, assumed"
    notes.append(f"nothing says whether the wavelengths are in air or vacuum: vacuum is assumed, {why}; overrule with "
                 "wavelengths='air'")  # fmt: skip
    return wave, "vacuum, assumed"


def _likely_medium(wave: NDArray[np.float64], logged: bool) -> tuple[Medium, str]:
    good = wave[np.isfinite(wave) & (wave > 0)]
    logarithm = np.log10(good)
    step = np.diff(logarithm)
    if len(step) and abs(float(np.median(step)) / _LATTICE_STEP - 1) < 2e-3:
        place = logarithm / _LATTICE_STEP
        if float(np.median(np.abs(place - np.rint(place)))) < 0.02:
            return "vacuum", "since the pixels are those of LAMOST and SDSS"
    if logged:
        return "vacuum", "as is usual for columns of logarithms, which SDSS brought up"
    middle = float(np.median(good))
    if middle > _INFRARED:
        return "vacuum", "as is usual in the infrared"
    if middle < 2000:
        return "vacuum", "as is usual in the ultraviolet"
    return "air", "as is usual for optical spectra"


def per_angstrom(wave: NDArray[np.float64], unit: str, name: str, notes: list[str]) -> NDArray[np.float64] | None:
    """The factor (P,) that turns fluxes per Hertz into fluxes per Angstrom; None when they are that already."""
    words = unit.lower()
    if "hz" not in words and "jy" not in words and name.lower().replace("_", "") != "fnu":
        return None
    notes.append("the flux is per Hertz; it is turned into flux per Angstrom")
    return np.asarray((5500.0 / wave) ** 2)


def ivar_of_error(error: NDArray[Any]) -> NDArray[np.float64]:
    """Inverse variances of errors; 0 where an error is not positive.

    >>> ivar_of_error(np.array([0.5, 0.0, np.nan]))
    array([4., 0., 0.])
    """
    sigma = np.asarray(error, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        ivar = sigma**-2.0
    return np.where(np.isfinite(ivar) & (sigma > 0), ivar, 0.0)


def ivar_of_variance(variance: NDArray[Any]) -> NDArray[np.float64]:
    """Inverse variances of variances; 0 where a variance is not positive."""
    values = np.asarray(variance, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        ivar = 1.0 / values
    return np.where(np.isfinite(ivar) & (values > 0), ivar, 0.0)


def estimated_ivar(flux: NDArray[Any], notes: list[str]) -> NDArray[np.float64]:
    """Inverse variances from the scatter of neighbours, in blocks of a hundred pixels, for files that give no errors.

    The estimator is DER_SNR (Stoehr et al. 2008, ASP Conf. 394, 505): the third-order difference of every other pixel,
    which leaves out the continuum and wide lines. It says too little where pixels are correlated.

    >>> flux = 1 + np.random.default_rng(0).normal(0, 0.02, 4000)
    >>> round(float(np.median(estimated_ivar(flux, []))) ** -0.5, 3)
    0.02
    """
    light = np.asarray(flux, dtype=np.float64)
    n = len(light)
    if n < 20:
        return np.zeros(n)
    rough = np.abs(2 * light[2:-2] - light[:-4] - light[4:])
    finite = np.isfinite(rough)
    blocks = max(n // _BLOCK, 1)
    edges = np.linspace(0, len(rough), blocks + 1).astype(int)
    sigma = np.full(blocks, np.nan)
    for k in range(blocks):
        here = rough[edges[k] : edges[k + 1]][finite[edges[k] : edges[k + 1]]]
        if len(here):
            sigma[k] = 1.482602 / np.sqrt(6.0) * np.median(here)
    middle = (edges[:-1] + edges[1:]) / 2 + 2
    known = sigma > 0
    notes.append("the file gives no errors; they are estimated from the scatter of neighbouring pixels")
    if not known.any():
        return np.zeros(n)
    return ivar_of_error(np.interp(np.arange(n), middle[known], sigma[known]))
