"""The ladder of tests for models of spectra: against the bound, other libraries, real pixels, real spectra; the speed.

    OMP_NUM_THREADS=1 python benchmarks/spectra_ladder.py DATA --model FOLDER [--model FOLDER ...] [--miles FOLDER ...]
        [--rung T0 ...]

DATA is the folder ``spectra`` of the data. FOLDER is a bundle of spectra; ``--miles`` gives those that learnt from
MILES alone, for rung T1. Beside every model stands the fit of two stars against one: the square root of how much chi2
falls. Figures are kept in ``benchmarks/results/spectra_ladder.json``, so that rungs may be run one by one; the tables
(``spectra_ladder.md``) and pictures are made of all that are there.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from typing import Any

import numpy as np

import spectra_pages as pages
from goodricke.models import find, load_bundle
from goodricke.output.binary_charts import draw_classes, draw_mass_ratios, draw_roc
from spectra_rungs import FIT, IDEAL, Settings, area, ends, held_out, odds_at, t0, t0_apart, t1, t2

RESULTS = Path(__file__).parent / "results"
RUNGS = ("T0", "T0v", "T1", "T2", "Q", "T3", "speed")


def plain(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows as JSON holds them, without the samples of the bootstrap."""
    return [{key: value for key, value in row.items() if key != "samples"} for row in rows]


def means(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Means over q 0.7 to 0.9 of T0, with the bootstraps of the three added up."""
    found = []
    for line, snr, method in dict.fromkeys((row["line"], row["snr"], row["method"]) for row in rows):
        some = [r for r in rows if (r["line"], r["snr"], r["method"]) == (line, snr, method) and r["q"] < 0.95]
        samples = np.mean([row["samples"] for row in some], axis=0)
        found.append(
            {"line": line, "snr": snr, "method": method, "auc": float(np.mean([row["auc"] for row in some])),
             "ends": ends(samples)}
            | {key: float(np.mean([row[key] for row in some])) for key in ("bound", "photosphere", "scaled")}
        )  # fmt: skip
    return found


def by_mass_ratio(settings: Settings) -> dict[str, Any]:
    """Held-out stars with the noise of LAMOST: figures and pictures as the seed has them."""
    found = held_out(settings)
    table: dict[str, Any] = {}
    probability = {}
    for name, bundle in settings.models.items():
        score = found.scores[name]
        grid = np.array([odds_at(bundle, p) for p in np.linspace(0.005, 0.995, 199)])
        probability[name] = np.interp(
            score, np.maximum.accumulate(np.clip(grid, -1e3, 1e3)), np.linspace(0.005, 0.995, 199)
        )
    for name in found.scores:
        value, samples = area(found.scores[name], found.binary, found.star)
        table[name] = {"auc": value, "ends": ends(samples), "n": int(np.isfinite(found.scores[name]).sum())}
    for name, p in probability.items():
        slow = np.abs(found.truth["match_dv"]) < 50.0
        value, samples = area(found.scores[name][slow], found.binary[slow], found.star[slow])
        table[name] |= {"auc slow": value, "ends slow": ends(samples)}
        for cut in (0.5, 0.8):
            table[name][f"binaries {cut:g}"] = float((p[found.binary] >= cut).mean())
            table[name][f"singles {cut:g}"] = float((p[~found.binary] >= cut).mean())
    draw_roc(probability, found.binary, RESULTS / "spectra_ladder_roc.png", found.star, title="held-out stars, S/N 50")
    first = next(iter(probability))
    p = probability[first]
    draw_classes(p, found.binary, RESULTS / "spectra_ladder_classes.png", title=f"{first}: held-out stars, S/N 50")
    draw_mass_ratios(
        p[found.binary], found.truth["q"][found.binary], RESULTS / "spectra_ladder_q.png",
        false_rate={cut: float((p[~found.binary] >= cut).mean()) for cut in (0.5, 0.8)},
        title=f"{first}: held-out stars, S/N 50, velocities as in training",
    )  # fmt: skip
    return {"models": table, "spectra": len(found.binary), "stars": len(np.unique(found.star))}


def singles_of(rows: list[dict[str, Any]]) -> dict[str, dict[str, float]]:
    """Shares of the singles of T2 that are flagged, by model and cut."""
    found: dict[str, dict[str, float]] = {}
    for name in dict.fromkeys(row["method"] for row in rows if "singles 0.5" in row):
        mine = [row for row in rows if row["method"] == name]
        found[name] = {cut: float(np.mean([row[f"singles {cut}"][0] for row in mine])) for cut in ("0.5", "0.8")}
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--model", action="append", default=[], help="bundle: folder or name; may be repeated")
    parser.add_argument("--miles", action="append", default=[], help="bundle that learnt from MILES alone")
    parser.add_argument("--rung", action="append", choices=RUNGS, default=[])
    parser.add_argument("-n", type=int, default=2000, help="spectra of a cell and seed")
    parser.add_argument("--fits", type=int, default=500, help="of them, those that two stars are fitted to")
    parser.add_argument("--seeds", type=int, default=2)
    arguments = parser.parse_args()
    loaded = {kind: [load_bundle(find(name)) for name in getattr(arguments, kind)] for kind in ("model", "miles")}
    named = {kind: {f"{b.name}-{b.version}": b for b in bundles} for kind, bundles in loaded.items()}
    settings = Settings(arguments.data, named["model"], arguments.n, arguments.fits, arguments.seeds)
    kept = RESULTS / "spectra_ladder.json"
    found: dict[str, Any] = json.loads(kept.read_text()) if kept.exists() else {}
    for rung in arguments.rung or [rung for rung in RUNGS if rung != "T1" or arguments.miles]:
        begun = time.time()
        if rung == "T0":
            rows = t0(settings)
            found["T0"] = {"cells": plain(rows), "means": means(rows)}
        elif rung == "T0v":
            found["T0v"] = plain(t0_apart(settings))
        elif rung == "T1":
            only = Settings(settings.data, named["miles"], settings.n, settings.fits, settings.seeds)
            found["T1"] = plain(t1(only))
        elif rung == "T2":
            found["T2"] = plain(t2(settings))
        elif rung == "Q":
            found["Q"] = by_mass_ratio(settings)
        elif rung == "T3":
            from spectra_real import t3

            found["T3"] = t3(settings, singles_of(found.get("T2", [])))
        else:
            from spectra_real import speed

            found["speed"] = speed(settings)
        found.setdefault("settings", {})[rung] = {
            "models": [*named["miles" if rung == "T1" else "model"]], "n": settings.n, "fits": settings.fits,
            "seeds": settings.seeds,
        }  # fmt: skip
        kept.write_text(json.dumps(found, indent=1) + "\n")
        print(f"{rung}: {time.time() - begun:.0f} s", flush=True)
    (RESULTS / "spectra_ladder.md").write_text(pages.markdown(found, methods=(FIT, IDEAL)))
    pages.draw(found, RESULTS)


if __name__ == "__main__":
    main()
