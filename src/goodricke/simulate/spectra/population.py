"""Which stars LAMOST sees: labels and signal-to-noise ratios of its catalogues and of models of the main sequence."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from goodricke.errors import DataError, ReadError

__all__ = ["Population", "dwarf_gravity", "load_population"]

_EVEN_TEFF = (4000.0, 7000.0)
_CATALOGUE_ERRORS = np.array([60.0, 0.05, 0.05])  # draws are spread by these, so that no row comes back unchanged
_LOWEST_SNR = 8.0


@dataclass(frozen=True, eq=False)
class Population:
    """Labels of primaries, and signal-to-noise ratios, to draw from.

    Parameters
    ----------
    labels : (M, 3) float64
        Teff in K, log g, [Fe/H] of dwarfs.
    weight : (M,) float64
        How often each is drawn, in any unit.
    snr : (S,) float64
        Per pixel.

    Examples
    --------
    >>> few = Population(np.array([[5800.0, 4.4, 0.0], [4500.0, 4.6, -0.2]]), np.array([1.0, 3.0]), np.array([30.0]))
    >>> few.draw(3, np.random.default_rng(0)).shape
    (3, 3)
    """

    labels: NDArray[np.float64]
    weight: NDArray[np.float64]
    snr: NDArray[np.float64]

    def __post_init__(self) -> None:
        if self.labels.shape != (len(self.weight), 3) or not len(self.weight) or not len(self.snr):
            raise DataError(f"labels of shape {self.labels.shape} for {len(self.weight)} weights, {len(self.snr)} S/N")

    def draw(self, n: int, rng: np.random.Generator) -> NDArray[np.float64]:
        """Labels (n, 3) of primaries."""
        rows = rng.choice(len(self.weight), n, p=self.weight / self.weight.sum())
        return np.asarray(self.labels[rows] + rng.normal(size=(n, 3)) * _CATALOGUE_ERRORS)

    def draw_snr(self, n: int, rng: np.random.Generator) -> NDArray[np.float64]:
        """Signal-to-noise ratios (n,), spread by a tenth."""
        return np.asarray(rng.choice(self.snr, n) * np.exp(rng.normal(0.0, 0.1, n)))


def load_population(folder: str | Path) -> Population:
    """What the data folder knows: half of the draws are LAMOST's dwarfs, half MIST's, even in Teff from 4000 to 7000 K.

    The half that is even is for the sake of models, which would else see few K and late F dwarfs. Signal-to-noise
    ratios are those of LAMOST's pilot survey (most below 50) and of its tenth data release (most above), in equal
    parts.

    Parameters
    ----------
    folder : path
        The folder ``spectra`` of the data, with ``catalogues/`` and ``isochrones/``.
    """
    root = Path(folder)
    release = _columns(root / "catalogues" / "lamost_dr10_AFG_params_3000.csv")
    pilot = _columns(root / "catalogues" / "lamost_pilot_params_3165.csv")
    lamost = np.concatenate([part[:, :3] for part in (release, pilot)])
    mist = _mist(root / "isochrones" / "binspec_mock_dwarf_binary_labels_20000.npz")
    lamost, mist = (part[_dwarf(part)] for part in (lamost, mist))
    counts, edges = np.histogram(mist[:, 0], bins=30, range=_EVEN_TEFF)
    bins = np.clip(np.searchsorted(edges, mist[:, 0], side="right") - 1, 0, len(counts) - 1)
    even = 1.0 / counts[bins]
    weight = np.concatenate([np.full(len(lamost), 1.0 / len(lamost)), even / even.sum()])
    ratios = [part[:, 3][np.isfinite(part[:, 3]) & (part[:, 3] > _LOWEST_SNR)] for part in (release, pilot)]
    fewest = min(len(part) for part in ratios)
    snr = np.concatenate([np.sort(part)[np.linspace(0, len(part) - 1, fewest).astype(int)] for part in ratios])
    return Population(np.concatenate([lamost, mist]), weight, np.minimum(snr, 300.0))


def _dwarf(labels: NDArray[np.float64]) -> NDArray[np.bool_]:
    teff, logg, feh = labels.T
    low, high = _EVEN_TEFF
    return np.asarray((teff > low) & (teff < high) & (logg > 3.8) & (logg < 5.0) & (feh > -1.0) & (feh < 0.5))


def _columns(path: Path) -> NDArray[np.float64]:
    """Teff, log g, [Fe/H] and S/N of g of a table."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        return np.array([[float(row[name] or "nan") for name in ("teff", "logg", "feh", "snrg")] for row in rows])
    except (OSError, KeyError, ValueError) as error:
        raise ReadError(f"no table of stars ({error})", "give the data folder `spectra`", str(path)) from error


def _mist(path: Path) -> NDArray[np.float64]:
    try:
        with np.load(path, allow_pickle=False) as held:
            return np.asarray(held["mock_labels"][:, :3], dtype=np.float64)
    except (OSError, KeyError, ValueError) as error:
        raise ReadError(f"no labels of MIST ({error})", "give the data folder `spectra`", str(path)) from error


def dwarf_gravity(teff: NDArray[np.float64]) -> NDArray[np.float64]:
    """Log g of a mean dwarf of solar metals (Pecaut & Mamajek 2013), at Teff in K.

    >>> dwarf_gravity(np.array([5800.0])).round(1)
    array([4.4])
    """
    return np.interp(teff, [3500, 4000, 4500, 5000, 5500, 5800, 6200, 6600, 7200], [
        4.82, 4.66, 4.61, 4.57, 4.49, 4.42, 4.32, 4.26, 4.22,
    ])  # fmt: skip
