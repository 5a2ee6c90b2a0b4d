"""Libraries of real stars, each in its own pixels: MILES, STELIB and the BOSS means of PyHammer."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from goodricke.errors import ReadError
from goodricke.simulate.spectra.resampling import TEMPLATE_LATTICE, vacuum

__all__ = ["LIBRARIES", "Library", "main_sequence_by_type"]

_PATCH = 0.01  # share of pixels that may be missing and are filled from their neighbours


@dataclass(frozen=True, eq=False)
class Library:
    """Spectra of a library in its own pixels."""

    library: str
    name: NDArray[np.str_]
    kind: NDArray[np.str_]
    labels: NDArray[np.float64]
    wave: NDArray[np.float64]
    """(Q,) Angstrom in vacuum."""
    flux: NDArray[np.float64]
    """(K, Q)."""
    fwhm: Callable[[NDArray[np.float64]], NDArray[np.float64]]
    """Angstrom, at wavelengths."""
    velocity: NDArray[np.float64]
    """(K,) km/s to take out."""


def _miles(root: Path) -> Library:
    held = _arrays(root / "templates" / "miles_984.npz", ("flux", "wave_air", "name", "sptype_raw", "teff", "logg"))
    width = float(held["fwhm_angstrom"])
    labels = np.stack([held[name].astype(np.float64) for name in ("teff", "logg", "feh")], axis=1)
    return _library(
        "miles", held["name"], held["sptype_raw"], labels, vacuum(held["wave_air"].astype(np.float64)), held["flux"],
        lambda wave: np.full_like(wave, width),
    )  # fmt: skip


def _stelib(root: Path) -> Library:
    held = _arrays(root / "templates" / "stelib_255.npz", ("flux_norm5500", "wave", "object", "sptype", "teff"))
    labels = np.stack([held[name].astype(np.float64) for name in ("teff", "logg", "feh")], axis=1)
    return _library(
        "stelib", held["object"], held["sptype"], labels, vacuum(held["wave"].astype(np.float64)),
        held["flux_norm5500"], lambda wave: np.full_like(wave, 3.0),  # "less than 3 Angstrom", Le Borgne et al. 2003
    )  # fmt: skip


def _boss(root: Path) -> Library:
    held = _arrays(root / "templates" / "pyhammer_boss.npz", ("flux", "wave_vac", "name", "sptype", "feh_bin", "teff"))
    labels = np.stack([held[name].astype(np.float64) for name in ("teff", "logg", "feh_bin")], axis=1)
    dwarf = np.char.endswith(held["name"], "_Dwarf")
    by_type = main_sequence_by_type(root)
    for k in np.flatnonzero(dwarf & ~np.isfinite(labels[:, 0])):
        labels[k, :2] = by_type.get(str(held["sptype"][k]), (np.nan, np.nan))
    return _library("boss", held["name"], held["sptype"], labels, held["wave_vac"], held["flux"], _boss_fwhm)


def _boss_fwhm(wave: NDArray[np.float64]) -> NDArray[np.float64]:
    """Resolving power of the BOSS spectrographs rises along each arm (Smee et al. 2013, figure 36)."""
    power = np.where(
        wave < 6000.0, np.interp(wave, [3700, 6000], [1560, 2270]), np.interp(wave, [6000, 9000], [1850, 2650])
    )
    return np.asarray(wave / power)


LIBRARIES: dict[str, Callable[[Path], Library]] = {"miles": _miles, "stelib": _stelib, "boss": _boss}
"""Name of a library -> what reads it."""


def _library(
    library: str,
    name: NDArray[Any],
    kind: NDArray[Any],
    labels: NDArray[np.float64],
    wave: NDArray[Any],
    flux: NDArray[Any],
    fwhm: Callable[[NDArray[np.float64]], NDArray[np.float64]],
) -> Library:
    """Only the spectra, and only the pixels, that can be used."""
    ladder = wave.astype(np.float64)
    edge = TEMPLATE_LATTICE.wave[[0, -1]] * [0.99, 1.01]  # room for the broadening and for a change of velocity
    inside = (ladder > edge[0]) & (ladder < edge[1])
    light = flux[:, inside].astype(np.float64)
    missing = ~(np.isfinite(light) & (light > 0))
    kept = missing.mean(axis=1) <= _PATCH
    light, missing, ladder = light[kept], missing[kept], ladder[inside]
    for k in np.flatnonzero(missing.any(axis=1)):
        light[k, missing[k]] = np.interp(ladder[missing[k]], ladder[~missing[k]], light[k, ~missing[k]])
    light /= np.median(light, axis=1, keepdims=True)
    names, kinds = (np.char.strip(column.astype(str))[kept] for column in (name, kind))
    return Library(library, names, kinds, labels[kept], ladder, light, fwhm, np.zeros(int(kept.sum())))


def _arrays(path: Path, needed: Sequence[str]) -> dict[str, NDArray[Any]]:
    """What an npz holds; nothing is unpickled."""
    try:
        with np.load(path, allow_pickle=False) as held:
            arrays = {name: held[name] for name in held.files}
    except (OSError, ValueError) as error:
        raise ReadError(
            f"no library of templates ({error})", "give the data folder `spectra`", path=str(path)
        ) from error
    lacking = [name for name in needed if name not in arrays]
    if lacking:
        raise ReadError(f"the file lacks {', '.join(lacking)}", "is it the right one?", path=str(path))
    return arrays


def main_sequence_by_type(folder: str | Path) -> dict[str, tuple[float, float]]:
    """Teff in K and log g of dwarfs by spectral type without the V, as ``K5`` (Pecaut & Mamajek 2013)."""
    path = Path(folder) / "isochrones" / "EEM_dwarf_table.csv"
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
    except OSError as error:
        raise ReadError("the table of dwarfs cannot be read", "give the data folder `spectra`", str(path)) from error
    found = {}
    for row in rows:
        if row["Msun"] and row["R_Rsun"]:
            logg = 4.438 + np.log10(float(row["Msun"])) - 2.0 * np.log10(float(row["R_Rsun"]))
            found[row["SpT"].removesuffix("V")] = (float(row["Teff"]), float(logg))
    return found
