"""How good the fits of single stars and pairs are, what bounds them, and what they cost.

    OMP_NUM_THREADS=1 python benchmarks/photosphere.py DIR [--folds 5]

DIR is the folder with ``templates/``, ``isochrones/`` and ``lamost_lrs_real.npz``. Prints Markdown: labels of MILES
dwarfs that the emulator has not seen, the bound beside an earlier calculation and beside the same discriminant on real
deviations of stars left out, velocities and temperatures of real LAMOST spectra beside the survey's own, what is taken
for no dwarf, and CPU time of one process.
"""

from __future__ import annotations

import argparse
import csv
import time
from pathlib import Path

import numpy as np
from scipy.special import ndtr

from goodricke.clean.spectra import Prepared, prepare
from goodricke.photosphere import bound_auc, distances, emulator, fit_pair, fit_single, signal, unlike, velocity
from goodricke.photosphere.emulator import EMULATOR_LATTICE
from goodricke.photosphere.noise import FLOOR, noise_of
from goodricke.photosphere.single import single_model
from goodricke.simulate.spectra.templates import load_templates
from goodricke.spectra import LAMOST_LATTICE, Spectra
from goodricke.spectra.lattice import LIGHT_KM_S
from goodricke.train.emulator import fit, stars_of

SUN = np.array([[5800.0, 4.4, 0.0]])
UNITS = np.array([100.0, 0.1, 0.1, 10.0, 0.1])
RATIOS, LEVELS = (0.6, 0.7, 0.8, 0.9), (10.0, 20.0, 50.0, 100.0)


def noisy(flux: np.ndarray, snr: float, rng: np.random.Generator) -> Prepared:
    sigma = flux / snr
    seen = flux + sigma * rng.normal(size=flux.shape)
    return prepare(Spectra.from_arrays(EMULATOR_LATTICE.wave, seen, 1.0 / sigma**2, velocity=0.0))


def left_out(root: Path, folds: int) -> None:
    stars = stars_of(load_templates(root, ("miles", "boss")), root / "isochrones" / "EEM_dwarf_table.csv")
    fold = np.random.default_rng(1).integers(0, folds, len(stars))
    teff = stars.labels[:, 0]
    inner = (stars.library == "miles") & (teff > 4200) & (teff < 7500)
    rng = np.random.default_rng(0)
    away, gain, scores = [], [], {}
    for k in range(folds):
        ours = fit(stars[fold != k])
        rows = np.flatnonzero((fold == k) & inner)
        ready = noisy(np.exp(stars.log_flux[rows]), 100.0, rng)
        single = fit_single(ready, ours)
        away.append(single.labels - stars.labels[rows])
        gain.append(np.sqrt(fit_pair(ready, single, ours).delta_chi2))
        near = np.flatnonzero((fold == k) & inner & (teff > 5400) & (teff < 6200))
        for key, value in discriminant(ours, np.exp(stars.log_flux[near])).items():
            scores.setdefault(key, []).append(value)
    print("\n## Labels of MILES dwarfs of 4,200 to 7,500 K that were left out, S/N 100\n")
    print("| label | median | robust scatter (labels of the catalogue included) |\n|---|---|---|")
    away = np.concatenate(away)
    for name, values in zip(("Teff (K)", "log g", "[Fe/H]"), away.T, strict=True):
        values = values[np.isfinite(values)]
        middle = np.median(values)
        print(f"| {name} | {middle:.3g} | {1.4826 * np.median(np.abs(values - middle)):.3g} |")
    gain = np.concatenate(gain)
    parts = ", ".join(f"{p}%: {np.nanpercentile(gain, p):.1f}" for p in (50, 75, 90, 95))
    print(f"\nsqrt(delta chi2) of these {np.isfinite(gain).sum()} stars, which should be single: {parts}")
    print("\n## The bound at 5800 K, dv 0: ideal discriminant (AUC)\n")
    print(
        "Left out: the same discriminant on real deviations of MILES dwarfs of 5,400 to 6,200 K, emulator without them."
    )
    theirs = earlier(root)
    print("\n| q | S/N | bound | left out | earlier calculation |\n|---|---|---|---|---|")
    means: dict[float, list[list[float]]] = {}
    for q in RATIOS:
        for snr in LEVELS:
            size = np.mean([each[0] for each in scores[q, snr]])
            pixel = np.mean([each[1] for each in scores[q, snr]])
            star = np.concatenate([each[2] for each in scores[q, snr]])
            apart = (size + star[:, None] - star)[~np.eye(len(star), dtype=bool)]
            bound, seen = bound_auc(5800.0, q, 0.0, snr)[0], ndtr(apart / (pixel * np.sqrt(2))).mean()
            row = [float(bound), float(seen), theirs[q, snr]]
            print(f"| {q} | {snr:g} | " + " | ".join(f"{each:.3f}" for each in row) + " |")
            if q > 0.65:
                means.setdefault(snr, []).append(row)
    for snr, rows in means.items():
        print(f"| mean 0.7 to 0.9 | {snr:g} | " + " | ".join(f"{each:.3f}" for each in np.mean(rows, axis=0)) + " |")


def discriminant(ours, flux):
    """Of the ideal discriminant: d', the part of its variance that pixels have, and its values for real stars."""
    ready = prepare(Spectra.from_arrays(ours.lattice.wave, flux, np.full_like(flux, 1e4), velocity=0.0))
    apart = (ready.flux - fit_single(ready, ours).model).astype(float)
    out = {}
    for snr in LEVELS:
        ivar = np.full((1, apart.shape[1]), snr**2, np.float32)
        noise = noise_of(ivar, ours, components=len(ours.variances))
        weight, basis, core = noise.weight[0].astype(float), noise.shape.components.astype(float), noise.core[0]

        def inverse(rows, weight=weight, basis=basis, core=core):
            return rows * weight - (((rows * weight) @ basis.T) @ core @ basis) * weight

        slopes = single_model(ours)(np.column_stack([SUN, [[0.0, 0.1]]]), ivar, True)[1][0] * UNITS[:, None]
        held = inverse(slopes.astype(float))
        for q in RATIOS:
            left = signal(SUN, q, 0.0, ours)[0].astype(float)
            filtered = inverse(left)
            filtered = filtered - np.linalg.solve(slopes @ held.T, slopes @ filtered) @ held
            square = filtered @ left
            pixel = np.sqrt((filtered**2).sum() * (1 / snr**2 + FLOOR**2) / square)
            out[q, snr] = (np.sqrt(square), pixel, apart @ filtered / np.sqrt(square))
    return out


def earlier(root: Path) -> dict[tuple[float, float], float]:
    with (root / "detectability_star_scatter.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if float(row["dv"]) == 0]
    return {
        (round(float(row["q"]), 1), float(row["snr"])): float(ndtr(float(row["d_star"]) / np.sqrt(2))) for row in rows
    }


def real(root: Path) -> None:
    with (root / "lamost_lrs_real_meta.csv").open(encoding="utf-8", newline="") as file:
        about = list(csv.DictReader(file))
    kind = np.array([row["subclass"][:1] for row in about])
    star = np.array([row["cls"] == "STAR" for row in about])
    header = np.array([float(row["z"] or "nan") for row in about]) * LIGHT_KM_S
    with np.load(root / "lamost_lrs_real.npz") as held:
        bad = np.unpackbits(held["ormask"], axis=1)[:, : LAMOST_LATTICE.n].astype(bool)
        spectra = Spectra.from_arrays(LAMOST_LATTICE.wave, held["flux"], held["ivar"], bad, velocity=header)
    ready, still = prepare(spectra), prepare(spectra, velocity=0.0)
    single = fit_single(ready)
    found = velocity(still).velocity - header
    reasons = unlike(ready, single)
    print("\n## Real LAMOST spectra (the survey's own type and velocity, no S/N cut)\n")
    print("| type | spectra | Teff 10, 50, 90% | velocity less the survey's, 5, 50, 95% (km/s) | beyond 30"
          " | chi2 per pixel, median | taken for no dwarf |\n|---|---|---|---|---|---|---|")  # fmt: skip
    for letter in "AFGKM":
        rows = star & (kind == letter) & np.isfinite(single.teff)
        away = found[rows & np.isfinite(found)]
        temperature = ", ".join(f"{each:.0f}" for each in np.percentile(single.teff[rows], [10, 50, 90]))
        speed = ", ".join(f"{each:.1f}" for each in np.percentile(away, [5, 50, 95]))
        print(f"| {letter} | {rows.sum()} | {temperature} | {speed} | {(np.abs(away) > 30).sum()} |"
              f" {np.median(single.goodness[rows]):.2f} | {(reasons[rows] != '').sum()} |")  # fmt: skip


def speed() -> None:
    rng = np.random.default_rng(0)
    n = 512
    labels = np.column_stack([rng.uniform(4500, 7000, n), rng.uniform(4.2, 4.6, n), rng.uniform(-0.6, 0.2, n)])
    ready = noisy(emulator().flux(labels), 60.0, rng)
    single = fit_single(ready)
    print("\n## CPU time of one process\n\n| step | spectra/s |\n|---|---|")
    for name, step in (
        ("velocity", lambda: velocity(ready)),
        ("fit_single", lambda: fit_single(ready)),
        ("unlike", lambda: unlike(ready, single)),
        ("fit_pair, tables made", lambda: fit_pair(ready, single)),
        ("distances, tables made", lambda: distances(single, ready.ivar)),
    ):
        if "tables" in name:
            begun = time.process_time()
            step()
            first = time.process_time() - begun
        begun = time.process_time()
        step()
        spent = time.process_time() - begun
        print(f"| {name} | {n / spent:.0f} |")
        if "tables" in name:
            print(f"| its tables, once per process for these temperatures: {first - spent:.1f} s | |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--folds", type=int, default=5)
    arguments = parser.parse_args()
    print("# Photosphere: `OMP_NUM_THREADS=1 python benchmarks/photosphere.py DIR`")
    speed()
    real(arguments.data)
    left_out(arguments.data, arguments.folds)


if __name__ == "__main__":
    main()
