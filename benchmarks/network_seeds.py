"""Figures of several runs of one recipe, such as of several seeds: a Markdown table from their metrics.json.

    python benchmarks/network_seeds.py SET FOLDER-run [FOLDER-run ...]

FOLDER-run is what ``goodricke train`` writes beside a bundle; SET is a key of its figures, such as asas3_acvs.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np

VIEW = "4class"
FIGURES = ("accuracy", "macro_f1", "ece")


def main(name: str, folders: list[str]) -> None:
    """Print the table, and the mean over the runs."""
    runs = [json.loads((Path(folder) / "metrics.json").read_text()) for folder in folders]
    classes = [key.split(" ")[0] for key in runs[0][f"{name}: classes"] if key.endswith(f"({VIEW})")]
    print(f"| run | stars | {' | '.join(FIGURES)} | {' | '.join(f'F1 {one}' for one in classes)} |")
    print("|---" * (2 + len(FIGURES) + len(classes)) + "|")
    rows = []
    for number, run in enumerate(runs):
        of = run[name][VIEW]
        row = [of[one]["value"] for one in FIGURES]
        row += [run[f"{name}: classes"][f"{one} ({VIEW})"]["f1"]["value"] for one in classes]
        rows.append(row)
        low, high = of["accuracy"]["low"], of["accuracy"]["high"]
        cells = [f"{row[0]:.4f} ({low:.3f} to {high:.3f})", *(f"{value:.4f}" for value in row[1:])]
        print(f"| {number} | {of['stars']} | {' | '.join(cells)} |")
    mean, spread = np.mean(rows, axis=0), np.std(rows, axis=0, ddof=1) if len(rows) > 1 else np.zeros(len(rows[0]))
    print(f"| mean | | {' | '.join(f'{m:.4f} +- {s:.4f}' for m, s in zip(mean, spread, strict=True))} |")


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2:])
