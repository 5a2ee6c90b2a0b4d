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

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from goodricke.errors import DataError, OptionError
from goodricke.simulate.spectra.libraries import LIBRARIES, Library
from goodricke.simulate.spectra.resampling import TEMPLATE_LATTICE, on_lattice, v_band
from goodricke.simulate.spectra.velocity_zero import rezeroed
from goodricke.spectra.lattice import Lattice

__all__ = ["KNOWN_BINARIES", "Templates", "load_templates", "star_key"]

KNOWN_BINARIES = frozenset(
    f"HD {number}" for number in (78418, 76943, 81809, 32923, 44691, 202447, 110379, 224930, 10307)
)
"""Stars of the libraries that are binaries themselves: they are kept for tests and out of everything else."""


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
        parts.append(rezeroed(LIBRARIES[name](root), miles))
    read = _joined([_templates(part) for part in parts])
    return read if known_binaries else read[~np.isin(read.star, sorted(KNOWN_BINARIES))]


def _templates(part: Library) -> Templates:
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


def star_key(name: str, library: str = "") -> str:
    """One name for one star, however a library writes it.

    Means of many stars and names that are no HD number are marked with the library, since ``K5`` is no star's name.

    >>> star_key("HD000249"), star_key("HD249"), star_key("HD044691A"), star_key("BD+130013", "miles")
    ('HD 249', 'HD 249', 'HD 44691', 'miles BD+130013')
    """
    number = re.match(r"HD\s*0*(\d+)", name)
    return f"HD {number[1]}" if number else f"{library} {' '.join(name.split())}".strip()
