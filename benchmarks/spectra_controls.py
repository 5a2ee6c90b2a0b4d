"""Which control matters: models that learnt without one of them, or without one of their parts, on the same tests.

    OMP_NUM_THREADS=1 python benchmarks/spectra_controls.py DATA CACHE WORK [--only NAME ...] [--shards 24] [--epochs 3]

Every row learns from as many spectra for as long. WORK keeps the models; a run that was stopped goes on with the first
row that is not there. The tests are those of the full recipe: made spectra of stars that nothing has seen, sums of real
LAMOST spectra, real spectra as they are. Beside them stands the figure that a row would have quoted of itself.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from goodricke.evaluate.odds import log_odds
from goodricke.line.spectra import classify_spectra
from goodricke.models import Bundle, load_bundle
from goodricke.simulate.spectra import real_pairs
from goodricke.train.spectra.classifier import train_spectral
from goodricke.train.spectra.material import material
from goodricke.train.spectra.recipe import SpectralRecipe, load_spectral
from spectra_real import real_spectra
from spectra_rungs import area, ends, odds_at, real_dwarfs, scored

RESULTS = Path(__file__).parent / "results"
ROWS: dict[str, tuple[str, dict[str, Any]]] = {
    "all": ("all controls", {}),
    "labels": ("singles with the labels of primaries", {"without": ("labels",)}),
    "widths": ("singles with the line width of binaries", {"without": ("widths",)}),
    "noise": ("singles with 1.5 times the S/N", {"without": ("noise",)}),
    "alike": ("components deviate as two stars, singles as one", {"without": ("alike",)}),
    "summed": ("binaries interpolated, singles not", {"without": ("summed",)}),
    "survey": ("what LAMOST does to all spectra neither free nor varied", {"survey": False}),
    "blends": ("no mixtures of real stars", {"blends": 0}),
    "white": ("white noise", {"noise": "white"}),
    "convolutions": ("without convolutions", {"settings": {"with_lines": False}}),
    "filters": ("without the filters", {"settings": {"with_filters": False}}),
    "seed 1": ("all controls, another seed", {"seed": 1}),
    "seed 2": ("all controls, a third seed", {"seed": 2}),
    "flux": ("the seed's network, flux alone", {"network": "residual"}),
}
COLUMNS = (
    "its own test", "test of the full recipe", "the same, q 0.6 to 0.9 and dv below 50", "twins at rest",
    "twins, dv 150 to 400", "pairs at rest", "pairs, dv 150 to 400", "singles flagged", "real spectra flagged",
)  # fmt: skip

ABOUT = """# Which control matters: `python benchmarks/spectra_controls.py DATA CACHE WORK`

Areas under the ROC curve with 95% intervals over stars; shares at a probability of 0.5. Every model learnt from
{shards} shards of 2,048 spectra for {epochs} epochs, one seed. A control matters where a row's own test is better than
that of the full recipe (it found something else than binaries), where twins at rest, which are singles, are not at 0.5,
or where more singles are flagged.
"""


def recipe_of(name: str, shards: int, epochs: int) -> SpectralRecipe:
    """The full recipe, smaller, and what the row changes."""
    full = load_spectral("spectra-binary")
    small = replace(full, shards=shards, judged=2, training={**full.training, "epochs": epochs, "stop": epochs})
    return replace(small, name=f"spectra-{name.replace(' ', '-')}", **ROWS[name][1])


def judged(bundle: Bundle, data: Path, cache: Path, full: SpectralRecipe) -> dict[str, Any]:
    """Areas with intervals, and shares above one half."""
    name = bundle.name
    own = bundle.manifest["metrics"]["cells"]["all"]["auc"]
    found: dict[str, Any] = {COLUMNS[0]: [own["value"], own["low"], own["high"]]}
    test = material(full, "test", data, cache)
    odds = log_odds(bundle, test.seen)
    binary, star = test.truth["binary"], test.truth["star"]
    q, dv = test.truth["match_q"], np.abs(test.truth["match_dv"])
    for column, rows in ((COLUMNS[1], q > 0), (COLUMNS[2], (q > 0.6) & (q < 0.9) & (dv < 50))):
        value, samples = area(odds[rows], binary[rows], star[rows])
        found[column] = [value, *ends(samples)]
    stars, single = real_dwarfs(data), []
    for k, (kind, apart) in enumerate(
        (("twin", 0.0), ("twin", (150.0, 400.0)), ("pair", 0.0), ("pair", (150.0, 400.0)))
    ):
        spectra, truth = real_pairs(stars, 1000, np.random.default_rng([11, k]), snr=30.0, dv=apart, kinds=(kind,))
        cell = scored(spectra, truth, {name: bundle})
        value, samples = area(cell.scores[name], cell.binary, cell.star)
        found[COLUMNS[3 + k]] = [value, *ends(samples)]
        single.append(cell.scores[name][~cell.binary] >= odds_at(bundle, 0.5))
    found[COLUMNS[7]] = [float(np.concatenate(single).mean())]
    said = classify_spectra(real_spectra(data), str(bundle.folder))
    p = said.column("prob_BINARY").astype(float)[said.column("status") == "ok"]
    found[COLUMNS[8]] = [float((p >= 0.5).mean())]
    return found


def table(found: dict[str, dict[str, Any]]) -> str:
    """Markdown."""
    lines = [f"| | {' | '.join(COLUMNS)} |", f"| --- |{' --- |' * len(COLUMNS)}"]
    for name, row in found.items():
        cells = [
            f"{row[c][0]:.3f} ({row[c][1]:.3f} to {row[c][2]:.3f})" if len(row[c]) == 3 else f"{row[c][0]:.3f}"
            for c in COLUMNS
        ]
        lines.append(f"| {ROWS[name][0]} | {' | '.join(cells)} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("cache", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("--only", action="append", choices=[*ROWS], default=[])
    parser.add_argument("--shards", type=int, default=24)
    parser.add_argument("--epochs", type=int, default=3)
    asked = parser.parse_args()
    kept = RESULTS / "spectra_controls.json"
    found: dict[str, Any] = json.loads(kept.read_text()) if kept.exists() else {}
    full = recipe_of("all", asked.shards, asked.epochs)
    for name in asked.only or ROWS:
        recipe = recipe_of(name, asked.shards, asked.epochs)
        folder = asked.work / f"{recipe.name}-{recipe.version}"
        if not (folder / "manifest.json").exists():
            train_spectral(recipe, asked.data, asked.cache, asked.work, "benchmarks/spectra_controls.py")
        found[name] = judged(load_bundle(folder), asked.data, asked.cache, full)
        kept.write_text(json.dumps(found, indent=1) + "\n")
        print(table({name: found[name]}), flush=True)
    rows = {name: found[name] for name in ROWS if name in found}
    text = ABOUT.format(shards=asked.shards, epochs=asked.epochs)
    (RESULTS / "spectra_controls.md").write_text(f"{text}\n{table(rows)}\n")


if __name__ == "__main__":
    main()
