"""Make what the room `photosphere` ships: ``python -m goodricke.train.emulator ../shared/data/spectra``."""

from __future__ import annotations

import csv
import hashlib
import itertools
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from goodricke.errors import OptionError, ReadError
from goodricke.output.atomic import whole_file
from goodricke.photosphere.emulator import EMULATOR_LATTICE, Emulator, scatter
from goodricke.photosphere.main_sequence import Sequence, companion, mass
from goodricke.simulate.spectra.templates import Templates, load_templates

__all__ = ["Stars", "fit", "left_out", "residues", "stars_of"]

_PAIRS = "isochrones/binspec_mock_dwarf_binary_labels_20000.npz"
_EEM = "isochrones/EEM_dwarf_table.csv"
_INPUTS = (_PAIRS, _EEM, "templates/miles_984.npz", "templates/pyhammer_boss.npz")
_OUT = Path(__file__).parents[1] / "photosphere" / "data"
_COOLEST_OF_EEM, _HOTTEST_OF_EEM = 2300.0, 10800.0


@dataclass(frozen=True, eq=False)
class Stars:
    """Stars to learn from: rows of `Templates` with labels that are whole.

    Parameters
    ----------
    star, library : (N,) str
        As `Templates`.
    labels : (N, 3) float64
        Teff in K, logg, [Fe/H].
    log_flux : (N, P) float64
        On the emulator's lattice.
    """

    star: NDArray[np.str_]
    library: NDArray[np.str_]
    labels: NDArray[np.float64]
    log_flux: NDArray[np.float64]

    def __getitem__(self, which: NDArray[Any]) -> Stars:
        return Stars(self.star[which], self.library[which], self.labels[which], self.log_flux[which])

    def __len__(self) -> int:
        return len(self.star)


def stars_of(templates: Templates, table: Path) -> Stars:
    """Dwarfs of MILES, and the BOSS means of K5 to M5 dwarfs, where MILES has next to none.

    A BOSS mean has the Teff of its type in the table of Pecaut and Mamajek, and the middle of its bin as [Fe/H]; bins
    beyond half a dex from the Sun are left out, as they are means of very few spectra.

    Parameters
    ----------
    templates : Templates
        Of MILES and, if wanted, BOSS.
    table : path
        Of the main sequence, ``EEM_dwarf_table.csv``.
    """
    by_type = {}
    for row in _rows(table):
        if row["Msun"] and row["R_Rsun"]:
            logg = 4.438 + np.log10(float(row["Msun"])) - 2.0 * np.log10(float(row["R_Rsun"]))
            by_type[row["SpT"].removesuffix("V")] = (float(row["Teff"]), float(logg))
    labels = np.array(templates.labels)
    teff, logg, feh = labels.T
    cool = (teff < 4500.0) & (logg > 4.0)
    feh[cool & ~np.isfinite(feh)] = 0.0  # most stars near the Sun
    miles = (templates.library == "miles") & (teff > 3100.0) & (teff < 8600.0) & (logg > 3.6)
    kept = miles & (feh > -1.2) & (feh < 0.6)
    for k in np.flatnonzero((templates.library == "boss") & np.char.endswith(templates.name, "_Dwarf")):
        kind = str(templates.kind[k])
        edge = float(templates.name[k].split("_")[1])
        if kind in by_type and 3000.0 < by_type[kind][0] < 4500.0 and abs(edge) <= 0.5:
            labels[k] = (*by_type[kind], edge - 0.25)
            kept[k] = True
    return Stars(templates.star[kept], templates.library[kept], labels[kept], templates.log_flux[kept].astype(float))


def fit(stars: Stars) -> Emulator:
    """An emulator of stars, with the scatter of those of MILES."""
    teff, logg, feh = stars.labels.T
    counts = (stars.library == "miles") & (teff > 3700.0) & (teff < 8200.0) & (logg > 3.7) & (feh > -1.0)
    return Emulator.fit(stars.labels, stars.log_flux, counts)


def residues(emulator: Emulator, stars: Stars) -> NDArray[np.float64]:
    """What normalised log fluxes (N, P) of stars, at rest, have over those of the emulator with refined labels."""
    labels, light = emulator.refine(stars.labels, stars.log_flux)
    return scatter(light, emulator.log_flux(labels), emulator.lattice)


def left_out(stars: Stars, folds: int = 8, seed: int = 1) -> NDArray[np.float64]:
    """Root mean square (N,) of the residues of stars that the emulator has not seen, by fold."""
    fold = np.random.default_rng(seed).integers(0, folds, len(stars))
    rms = np.empty(len(stars))
    for k in range(folds):
        away = residues(fit(stars[fold != k]), stars[fold == k])
        rms[fold == k] = np.sqrt((away**2).mean(axis=1))
    return rms


def _pairs(path: Path) -> NDArray[np.float64]:
    with np.load(path, allow_pickle=False) as held:
        mock = held["mock_labels"].astype(float)
    teff1, logg1, feh, _, mass1, _, mass2, teff2, logg2 = mock.T
    kept = mass2 / mass1 > 0.18
    # There are few pairs of nearly equal stars, and these are what is looked for.
    weight = 1.0 + 4.0 * np.clip((mass2 / mass1 - 0.6) / 0.4, 0.0, 1.0)
    return np.asarray(np.column_stack([teff1, logg1, feh, mass1, mass2, teff2, logg2, weight])[kept])


def _rows(path: Path) -> list[dict[str, str]]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))
    except OSError as error:
        raise ReadError("the table of dwarfs cannot be read", "give the data folder `spectra`", str(path)) from error


def _write_excerpt(table: Path, path: Path) -> None:
    """Teff and bolometric correction of dwarfs by type, with the source."""
    lines = [
        "# Mean dwarf sequence of E. Mamajek, version 2024.05.15 (emamajek/SpectralType), excerpt;",
        "# cite Pecaut & Mamajek 2013, ApJS 208, 9",
        "SpT,Teff,BCv,Mv,Msun,R_Rsun",
    ]
    names = lines[-1].split(",")
    whole = [row for row in _rows(table) if all(row[name] for name in names)]
    near = [row for row in whole if _COOLEST_OF_EEM < float(row["Teff"]) < _HOTTEST_OF_EEM]
    lines += [",".join(row[name] for name in names) for row in near]
    with whole_file(path) as temporary:
        temporary.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _report_sequence(pairs: NDArray[np.float64]) -> dict[str, Any]:
    """How far the polynomials are from pairs, of which a fifth were not fitted."""
    other = np.arange(len(pairs)) % 5 == 0
    part = Sequence.fit(pairs[~other])
    teff1, logg1, feh, mass1, mass2, teff2, logg2, _ = pairs[other].T
    found = companion(teff1, logg1, feh, mass2 / mass1, using=part)
    away = np.log(found[0] / teff2), found[1] - logg2
    masses = np.log(mass(teff1, logg1, feh, using=part) / mass1)
    return {
        name: {"rms": round(float(np.sqrt((x**2).mean())), 4), "worst": round(float(np.abs(x).max()), 4)}
        for name, x in (("ln_teff2", away[0]), ("logg2", away[1]), ("ln_mass", masses))
    }


def main(arguments: list[str]) -> None:
    """Fit, write, and say how good it is."""
    if len(arguments) != 1:
        raise OptionError("say where the data are: python -m goodricke.train.emulator ../shared/data/spectra")
    root = Path(arguments[0])
    _OUT.mkdir(exist_ok=True)
    _write_excerpt(root / _EEM, _OUT / "main_sequence.csv")
    pairs = _pairs(root / _PAIRS)
    shipped = Sequence.fit(pairs)
    with whole_file(_OUT / "main_sequence.npz") as temporary, temporary.open("wb") as file:
        np.savez(file, **{name: getattr(shipped, name) for name in Sequence.__dataclass_fields__})
    stars = stars_of(load_templates(root, ("miles", "boss")), root / _EEM)
    made = fit(stars)
    with whole_file(_OUT / "emulator.npz") as temporary:
        made.save(temporary)
    teff = stars.labels[:, 0]
    inner = (stars.library == "miles") & (teff > 3700.0) & (teff < 8200.0)
    seen = np.sqrt((residues(made, stars) ** 2).mean(axis=1))
    unseen = left_out(stars)
    report: dict[str, Any] = {
        "command": "python -m goodricke.train.emulator DATA",
        "inputs": {name: hashlib.sha256((root / name).read_bytes()).hexdigest() for name in _INPUTS},
        "stars": {name: int((stars.library == name).sum()) for name in np.unique(stars.library).tolist()},
        "lattice": {"first": EMULATOR_LATTICE.first, "step": EMULATOR_LATTICE.step, "n": EMULATOR_LATTICE.n},
        "star_to_star_rms_percent": round(100.0 * float(np.sqrt(made.variances.sum() + made.rest.mean())), 3),
        "median_residue_percent": {
            "seen": round(100.0 * float(np.median(seen[inner])), 3),
            "left_out": round(100.0 * float(np.median(unseen[inner])), 3),
        },
        "median_left_out_percent_by_teff": {
            f"{low}-{high}": round(100.0 * float(np.median(unseen[(teff >= low) & (teff < high)])), 2)
            for low, high in itertools.pairwise(_EDGES)
        },
        "main_sequence_left_out": _report_sequence(pairs),
    }
    with whole_file(_OUT / "provenance.json") as temporary:
        temporary.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(report, indent=1))


_EDGES = (3000, 3700, 4400, 5000, 5500, 6000, 6500, 7200, 8600)


if __name__ == "__main__":
    main(sys.argv[1:])
