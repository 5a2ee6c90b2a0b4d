"""The folder of a training run: recipe, machine, figures, and pictures of how the networks learned."""

from __future__ import annotations

import json
import os
import platform
import sys
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from goodricke.errors import MissingDependency
from goodricke.evaluate import EvaluationOptions, evaluate
from goodricke.labels import LEAVES
from goodricke.output.atomic import whole_file
from goodricke.train.figures import predictions_of
from goodricke.train.task import Task

__all__ = ["environment", "write_run"]

_PACKAGES = ("goodricke", "numpy", "torch", "onnx", "onnxruntime", "scikit-learn", "optuna")
_VIEWS = ("4class", "leaves")


def write_run(folder: Path, manifest: Mapping[str, Any], judged: Task, probabilities: NDArray[np.float64]) -> None:
    """Write what a run was and what came of it.

    Parameters
    ----------
    folder : Path
        Gets ``config.json``, ``environment.json``, ``metrics.json``; for every network trained in it
        ``NAME-.../learning.png`` beside its history; and where matplotlib is installed ``report-VIEW/`` as ``goodricke
        evaluate`` writes it, with the confusion matrix.
    manifest : mapping
        Of the bundle.
    judged : Task
        Stars by which it is judged.
    probabilities : (N, C)
        What models and calibrations that never saw them say of them.
    """
    folder.mkdir(parents=True, exist_ok=True)
    data = {"data": manifest["data"], "sha256": _data_hash(judged)}
    _json(
        folder / "config.json", {"recipe": manifest["settings"].get("recipe"), "command": manifest["command"], **data}
    )
    _json(folder / "environment.json", environment())
    _json(folder / "metrics.json", manifest["metrics"])
    try:
        _pictures(folder, judged, probabilities)
    except MissingDependency:
        (folder / "pictures.txt").write_text(
            "No pictures: matplotlib is not installed; pip install 'goodricke[plot]'\n"
        )


def environment() -> dict[str, Any]:
    """Versions and machine, without its name."""
    found: dict[str, Any] = {
        "python": sys.version.split()[0], "system": platform.system(), "machine": platform.machine(),
        "cores": os.cpu_count(),
    }  # fmt: skip
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = None
    return found


def _pictures(folder: Path, judged: Task, probabilities: NDArray[np.float64]) -> None:
    from goodricke.output.learning import draw_learning
    from goodricke.output.report import write_report

    for history in sorted(folder.glob("*/history.jsonl")):
        epochs = [json.loads(line) for line in history.read_text().splitlines()]
        draw_learning(epochs, history.with_name("learning.png"))
    rows = judged.certain & np.isin(judged.examples.kind, ("whole",))
    for view in _VIEWS:
        if view == "leaves" and not set(judged.classes) <= set(LEAVES):
            continue
        said, truth = predictions_of(judged, probabilities, rows)
        report = evaluate({"model": said}, truth, EvaluationOptions(view=view, n_resamples=200))
        write_report(report, folder / f"report-{view}")


def _data_hash(judged: Task) -> str:
    """Of names, labels and numbers of the stars by which the run is judged."""
    import hashlib

    digest = hashlib.sha256()
    for array in (judged.examples.object_id, judged.examples.label, judged.examples.values, judged.allowed):
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()


def _json(path: Path, content: Any) -> None:
    with whole_file(path) as temporary:
        temporary.write_text(json.dumps(content, indent=1, ensure_ascii=False, default=_plain) + "\n")


def _plain(value: Any) -> Any:
    return value.tolist() if isinstance(value, np.generic | np.ndarray) else str(value)
