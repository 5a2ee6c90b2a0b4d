"""Real stars on one lattice: MILES, STELIB and the BOSS means of PyHammer, alike in frame, velocity and sharpness.

What has to be alike before two of them may be summed (each of these would mimic a companion):

- wavelengths: MILES and STELIB are in air, BOSS in vacuum, 80 km/s apart; all are brought to vacuum;
- velocity: MILES is at rest to some 4 km/s; STELIB and BOSS are off by up to 35 km/s, star by star, and are moved to
  where MILES is;
- sharpness: each is broadened by a Gaussian of the width that it lacks to R = 1800. Where a library is blunter than
  that (MILES below 4500 Angstrom, with 2.5 Angstrom everywhere), it stays what it is: nothing is sharpened. The means
  of BOSS are blunter than their spectrographs (lines as at R 1500), as stars were added that are not quite at rest.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from goodricke.errors import DataError, OptionError, ReadError
from goodricke.spectra.lattice import LIGHT_KM_S, MODEL_LATTICE, Lattice

__all__ = [
    "KNOWN_BINARIES",
    "LIBRARIES",
    "RESOLUTION",
    "TEMPLATE_LATTICE",
    "Templates",
    "load_templates",
    "main_sequence_by_type",
    "on_lattice",
    "star_key",
    "v_band",
    "vacuum",
]

_MARGIN = 30
TEMPLATE_LATTICE = Lattice(
    MODEL_LATTICE.first - _MARGIN * MODEL_LATTICE.step, MODEL_LATTICE.step, MODEL_LATTICE.n + 2 * _MARGIN
)
"""Rest-frame lattice of templates and of the emulator: what models see and 30 pixels (2070 km/s) more on each side."""

RESOLUTION = 1800.0
"""lambda / FWHM to which all templates are broadened: that of LAMOST."""

KNOWN_BINARIES = frozenset(
    f"HD {number}" for number in (78418, 76943, 81809, 32923, 44691, 202447, 110379, 224930, 10307)
)
"""Stars of the libraries that are binaries themselves: they are kept for tests and out of everything else."""

_FINE = 4  # points per pixel of the lattice between which the broadening Gaussian is summed
_FWHM = 2.0 * np.sqrt(2.0 * np.log(2.0))
_PATCH = 0.01  # share of pixels that may be missing and are filled from their neighbours
_BESSELL_V = (  # Bessell (1990, PASP 102, 1181), table 2: 4700 to 7000 Angstrom in steps of 100
    0.000, 0.030, 0.163, 0.458, 0.780, 0.967, 1.000, 0.973, 0.898, 0.792, 0.684, 0.574, 0.461, 0.359, 0.270, 0.197,
    0.135, 0.081, 0.045, 0.025, 0.017, 0.013, 0.009, 0.000,
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Templates:
    """K stars of one or more libraries on one lattice, at rest, in vacuum, at R = 1800.

    Parameters
    ----------
    name : (K,) str
        As the library writes it.
    star : (K,) str
        One name for one star, whatever the library: what splits are made by (see `star_key`).
    library : (K,) str
        ``miles``, ``stelib`` or ``boss``.
    kind : (K,) str
        Spectral type as the library writes it; may be empty.
    labels : (K, 3) float64
        Teff in K, log g in cgs, [Fe/H]; NaN where unknown.
    log_flux : (K, P) float32
        Natural logarithm of the flux per Angstrom, in units of its mean over the V band.
    velocity : (K,) float64
        km/s that were taken out of the library's spectrum; 0 for MILES.
    lattice : Lattice
        Of `log_flux`.

    Examples
    --------
    >>> flat = np.zeros((2, TEMPLATE_LATTICE.n), np.float32)
    >>> name, star, library, kind = np.array([["HD000004", "b"], ["HD 4", "b"], ["miles", "miles"], ["", ""]])
    >>> labels = np.array([[5800, 4.4, 0], [4000, 1.5, 0]])
    >>> two = Templates(name, star, library, kind, labels, flat, np.zeros(2))
    >>> len(two), two[two.dwarf].star.tolist()
    (2, ['HD 4'])
    """

    name: NDArray[np.str_]
    star: NDArray[np.str_]
    library: NDArray[np.str_]
    kind: NDArray[np.str_]
    labels: NDArray[np.float64]
    log_flux: NDArray[np.float32]
    velocity: NDArray[np.float64]
    lattice: Lattice = TEMPLATE_LATTICE

    def __post_init__(self) -> None:
        k = len(self.name)
        shapes = {"labels": (k, 3), "log_flux": (k, self.lattice.n)}
        for part in fields(self):
            if part.name != "lattice" and getattr(self, part.name).shape != shapes.get(part.name, (k,)):
                raise DataError(f"{part.name} has shape {getattr(self, part.name).shape}; {k} templates were given")

    def __len__(self) -> int:
        return len(self.name)

    def __getitem__(self, which: slice | Sequence[int] | NDArray[Any]) -> Templates:
        chosen = {
            part.name: getattr(self, part.name)[which if isinstance(which, slice) else np.asarray(which)]
            for part in fields(self)
            if part.name != "lattice"
        }
        return replace(self, **chosen)

    @property
    def dwarf(self) -> NDArray[np.bool_]:
        """Stars with known labels on or near the main sequence: 3700 < Teff < 8200, log g > 3.7, -1 < [Fe/H] < 0.6."""
        teff, logg, feh = self.labels.T
        inside = (teff > 3700) & (teff < 8200) & (logg > 3.7) & (feh > -1.0) & (feh < 0.6)
        return np.asarray(inside)

    @property
    def flux(self) -> NDArray[np.float64]:
        """Linear flux (K, P), its mean over the V band 1."""
        return np.exp(self.log_flux.astype(np.float64))


# Loading -----------------------------------------------------------------------------------------------------------


def load_templates(
    folder: str | Path, libraries: Sequence[str] = ("miles", "stelib", "boss"), known_binaries: bool = False
) -> Templates:
    """The template libraries of a data folder, made alike.

    Parameters
    ----------
    folder : path
        The folder ``spectra`` of the data, which has ``templates/miles_984.npz``, ``stelib_255.npz``,
        ``pyhammer_boss.npz`` and ``isochrones/EEM_dwarf_table.csv``.
    libraries : names
        Some of ``miles``, ``stelib``, ``boss``. MILES is read in any case where another is asked for: it gives the
        velocity zero.
    known_binaries : bool
        Keep the stars of `KNOWN_BINARIES` too.

    Returns
    -------
    Templates
        Spectra with missing flux in the range (a few) are left out.

    Raises
    ------
    OptionError
        For a library that does not exist.
    ReadError
        When a file is missing or not what it should be.
    """
    root = Path(folder)
    unknown = [name for name in libraries if name not in LIBRARIES]
    if unknown or not libraries:
        raise OptionError(f"no template library {', '.join(unknown) or 'named'}; there are {', '.join(LIBRARIES)}")
    miles = LIBRARIES["miles"](root)
    parts = []
    for name in libraries:
        if name == "miles":
            parts.append(miles)
            continue
        parts.append(_rezeroed(LIBRARIES[name](root), miles))
    read = _joined([_templates(part) for part in parts])
    return read if known_binaries else read[~np.isin(read.star, sorted(KNOWN_BINARIES))]


@dataclass(frozen=True, eq=False)
class _Library:
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


def _miles(root: Path) -> _Library:
    held = _arrays(root / "templates" / "miles_984.npz", ("flux", "wave_air", "name", "sptype_raw", "teff", "logg"))
    width = float(held["fwhm_angstrom"])
    labels = np.stack([held[name].astype(np.float64) for name in ("teff", "logg", "feh")], axis=1)
    return _library(
        "miles", held["name"], held["sptype_raw"], labels, vacuum(held["wave_air"].astype(np.float64)), held["flux"],
        lambda wave: np.full_like(wave, width),
    )  # fmt: skip


def _stelib(root: Path) -> _Library:
    held = _arrays(root / "templates" / "stelib_255.npz", ("flux_norm5500", "wave", "object", "sptype", "teff"))
    labels = np.stack([held[name].astype(np.float64) for name in ("teff", "logg", "feh")], axis=1)
    return _library(
        "stelib", held["object"], held["sptype"], labels, vacuum(held["wave"].astype(np.float64)),
        held["flux_norm5500"], lambda wave: np.full_like(wave, 3.0),  # "less than 3 Angstrom", Le Borgne et al. 2003
    )  # fmt: skip


def _boss(root: Path) -> _Library:
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


LIBRARIES: dict[str, Callable[[Path], _Library]] = {"miles": _miles, "stelib": _stelib, "boss": _boss}
"""Name of a library -> what reads it."""


def _library(
    library: str,
    name: NDArray[Any],
    kind: NDArray[Any],
    labels: NDArray[np.float64],
    wave: NDArray[Any],
    flux: NDArray[Any],
    fwhm: Callable[[NDArray[np.float64]], NDArray[np.float64]],
) -> _Library:
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
    return _Library(library, names, kinds, labels[kept], ladder, light, fwhm, np.zeros(int(kept.sum())))


def _templates(part: _Library) -> Templates:
    flux = on_lattice(part.wave, part.flux, TEMPLATE_LATTICE, part.fwhm, part.velocity)
    # A spline through a few broken pixels may dip below zero; the logarithm needs a floor.
    flux = np.maximum(flux / v_band(flux, TEMPLATE_LATTICE)[:, None], 1e-4)
    star = np.array([star_key(name, part.library) for name in part.name.tolist()])
    return Templates(
        part.name, star, np.full(len(part.name), part.library), part.kind, part.labels,
        np.log(flux).astype(np.float32), part.velocity,
    )  # fmt: skip


def _joined(parts: Sequence[Templates]) -> Templates:
    together: dict[str, Any] = {
        part.name: np.concatenate([getattr(templates, part.name) for templates in parts])
        for part in fields(Templates)
        if part.name != "lattice"
    }
    return Templates(**together)


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


def star_key(name: str, library: str = "") -> str:
    """One name for one star, however a library writes it.

    Means of many stars and names that are no HD number are marked with the library, since ``K5`` is no star's name.

    >>> star_key("HD000249"), star_key("HD249"), star_key("HD044691A"), star_key("BD+130013", "miles")
    ('HD 249', 'HD 249', 'HD 44691', 'miles BD+130013')
    """
    number = re.match(r"HD\s*0*(\d+)", name)
    return f"HD {number[1]}" if number else f"{library} {' '.join(name.split())}".strip()


# Wavelengths and sharpness -----------------------------------------------------------------------------------------


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


# Velocity zero -----------------------------------------------------------------------------------------------------

_MEANS = 12  # mean spectra of MILES, by temperature
_SEARCH_KM_S = 100.0


def _rezeroed(part: _Library, miles: _Library) -> _Library:
    """The library with the velocity of each spectrum against the mean of MILES stars that it is most like.

    Two passes: what the first has moved is measured again, since the correlation is done on whole pixels of a lattice.
    """
    velocity = np.zeros(len(part.name))
    means = _means(miles)
    for _ in range(2):
        flux = on_lattice(part.wave, part.flux, TEMPLATE_LATTICE, part.fwhm, velocity)
        velocity = velocity + velocities(flux, means)
    return replace(part, velocity=velocity)


def _means(miles: _Library) -> NDArray[np.float64]:
    """Lines of MILES stars of like temperature, dwarfs and giants apart (B, P)."""
    lines = _lines(on_lattice(miles.wave, miles.flux, TEMPLATE_LATTICE, miles.fwhm))
    teff, logg, feh = miles.labels.T
    means = []
    for side in (logg > 3.7, logg <= 3.7):
        chosen = np.flatnonzero(side & (feh > -1.0) & np.isfinite(teff))
        order = chosen[np.argsort(teff[chosen])]
        means += [np.median(lines[group], axis=0) for group in np.array_split(order, _MEANS)]
    return np.stack(means)


def velocities(flux: NDArray[np.float64], means: NDArray[np.float64]) -> NDArray[np.float64]:
    """Velocity in km/s (K,) of spectra (K, P) against the one of mean line spectra (B, P) that fits best.

    The peak of the cross-correlation, between pixels by a parabola; lines to the red are positive. 0 where the peak is
    at the edge of the search: a spectrum that is like none of the means, such as that of a Wolf-Rayet star.
    """
    lines = _lines(flux)
    reach = int(np.ceil(_SEARCH_KM_S / TEMPLATE_LATTICE.km_s)) + 1
    inner = slice(reach + 20, TEMPLATE_LATTICE.n - reach - 20)
    here = means[:, inner] / np.linalg.norm(means[:, inner], axis=1, keepdims=True)
    moved = [lines[:, inner.start + k : inner.stop + k] for k in range(-reach, reach + 1)]
    match = np.stack([(m @ here.T) / np.linalg.norm(m, axis=1, keepdims=True) for m in moved], axis=2)
    best = match[np.arange(len(flux)), match.max(axis=2).argmax(axis=1)]
    found = best.argmax(axis=1)
    peak = np.clip(found, 1, 2 * reach - 1)
    low, top, high = (best[np.arange(len(flux)), peak + step] for step in (-1, 0, 1))
    between = 0.5 * (low - high) / np.minimum(low - 2.0 * top + high, -1e-12)
    place = np.where(found == peak, peak - reach + np.clip(between, -1.0, 1.0), 0.0)
    return np.asarray(place * TEMPLATE_LATTICE.km_s)


def _lines(flux: NDArray[np.float64]) -> NDArray[np.float64]:
    """Flux over its running mean of 101 pixels (7000 km/s), less 1."""
    width = 101
    padded = np.pad(flux, ((0, 0), (width // 2 + 1, width // 2)), mode="edge")
    sums = np.cumsum(padded, axis=1)
    smooth = (sums[:, width:] - sums[:, :-width]) / width
    return np.asarray(flux / smooth - 1.0)
