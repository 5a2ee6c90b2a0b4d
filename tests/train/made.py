"""Made data sets in the layout of the real ones, and a small bundle trained on them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from goodricke.models import Bundle
from goodricke.train import figures, period_chooser, run_folder
from goodricke.train.classifier import train
from goodricke.train.config import Config, Member
from goodricke.train.examples import Examples, Recipe
from goodricke.train.material import Material
from goodricke.train.members import Workshop
from goodricke.train.task import Task
from period import made

POINTS = 90
# Label of the catalogue -> the shapes that stand behind it, in turn.
SHAPES = {
    "EA": ("EA",), "EW": ("EW",), "EB": ("EB",), "ECL": ("EA", "EW"), "RRAB": ("RRAB",), "EW_EB": ("EW",),
    "VAR": ("RRAB",), "CEP": ("RRAB",),
}  # fmt: skip
SETS: dict[str, dict[str, int]] = {
    "asas3_acvs": {"EA": 14, "EW": 14, "EB": 3, "ECL": 4},
    "crts_sss": {"RRAB": 14, "EW_EB": 4},
    "ogle2_misc_small": {"VAR": 2, "CEP": 2},
}
TREES = {"max_iter": 12, "max_leaf_nodes": 7, "min_samples_leaf": 3, "learning_rate": 0.2}


def write_sets(folder: Path, sets: dict[str, dict[str, int]] = SETS, shuffled: bool = False, seed: int = 0) -> Path:
    """Both files of every set; with labels dealt out to the wrong stars when `shuffled`."""
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(seed)
    for name, counts in sets.items():
        rows, labels = [], []
        words = [word for word, n in counts.items() for _ in range(n)]
        for k, word in enumerate(words):
            kind, period = SHAPES[word][k % len(SHAPES[word])], float(np.exp(rng.uniform(np.log(0.4), np.log(3.0))))
            lcs = made.star(kind, period, 1000 * seed + k, n=POINTS)
            star = f"{name}-{k}"
            rows.append(
                {"object_id": [star] * POINTS, "band": ["V"] * POINTS, "time": lcs.time + 2450000.0,
                 "mag": 15 - 2.5 * np.log10(lcs.flux), "err": lcs.flux_err / lcs.flux}
            )  # fmt: skip
            labels.append({"object_id": star, "label_mapped": word, "period_days": period})
        if shuffled:
            for row, k in zip(labels, rng.permutation(len(words)), strict=True):
                row["label_mapped"] = words[k]
        table = {key: np.concatenate([row[key] for row in rows]) for key in rows[0]}
        pq.write_table(pa.table(table), folder / f"{name}_obs.parquet")
        pq.write_table(pa.Table.from_pylist(labels), folder / f"{name}_labels.parquet")
    return folder


def config(members: tuple[Member, ...] = (Member("boosted_trees", settings=TREES),), **changed: object) -> Config:
    """A recipe that takes seconds."""
    recipe = {
        "sets": tuple(SETS), "groups": ("log_n", "moments", "percentiles", "periodogram", "fourier", "eclipses"),
        "thinned": 0.2, "constant": 0.3, "elsewhere": 0.0, "folds": 5, "seed": 3,
    }  # fmt: skip
    own = {key: changed.pop(key) for key in list(changed) if key in Recipe.__dataclass_fields__}
    whole = {"name": "small", "version": "1", "says": "Made stars.", "fewest": 8, "left_out": ("crts_sss",)}
    return Config(**{**whole, **changed}, examples=Recipe(**{**recipe, **own}), members=members)  # type: ignore[arg-type]


def table(**columns: Any) -> Examples:
    """Examples of which only some columns matter; the others say nothing."""
    n = len(columns["values"])
    rest = {
        "fold": np.arange(n) % 5, "object_id": np.array([f"star {k}" for k in range(n)]),
        "survey": np.full(n, "asas3_acvs"), "label": np.full(n, "x"), "kind": np.full(n, "whole"),
        "n_points": np.full(n, 100), "span": np.full(n, 1000.0), "period": np.full(n, 2.0),
        "part": np.zeros(n, dtype=np.int64), "place": np.arange(n), "tried": np.full((n, 8), np.nan),
        "strengths": np.full((n, 8, 46), np.nan, dtype=np.float32), "truth": np.full(n, np.nan),
    }  # fmt: skip
    return Examples(**{**rest, **columns})


def workshop(task: Task, folder: Path, said: list[str] | None = None) -> Workshop:
    """Where classical members are fitted, with its cache in the folder itself."""
    nothing = np.full(len(task.examples), -1)
    material = Material("features", {"name": "features"}, task.examples, None, None, nothing)
    return Workshop(task, material, folder, folder / "runs", 1, ([] if said is None else said).append)


def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few trees for the choice among periods, few resamples for the figures, no report of the run."""
    monkeypatch.setattr(run_folder, "_VIEWS", ())
    monkeypatch.setitem(period_chooser._SETTINGS, "max_iter", 8)
    monkeypatch.setitem(period_chooser._SETTINGS, "max_bins", 15)  # with weights, scikit-learn takes long to find 255
    monkeypatch.setattr(figures, "_RESAMPLES", 10)


def trained(recipe: Config, folder: Path, cache: Path, output: Path, said: list[str] | None = None) -> Bundle:
    """The bundle of a recipe, quickly."""
    cache.mkdir(parents=True, exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        quick(patch)
        say = [].append if said is None else said.append
        return train(recipe, folder, cache, output, "goodricke train small.toml --data LIGHTCURVES_DIR", 1, say)


def small_folder(factory: pytest.TempPathFactory) -> Path:
    """Folder with ``sets``, ``cache`` and ``models/small-1``; made once for all test files."""
    folder = factory.getbasetemp() / "small-bundle"
    if not (folder / "models" / "small-1" / "manifest.json").exists():
        write_sets(folder / "sets")
        trained(config(), folder / "sets", folder / "cache", folder / "models")
    return folder


def small_bundle(factory: pytest.TempPathFactory) -> Path:
    """The folder of the small bundle."""
    return small_folder(factory) / "models" / "small-1"
