from __future__ import annotations

import builtins
import json
import os
import platform
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from goodricke.labels import LEAVES
from goodricke.train.run_folder import environment, write_run
from goodricke.train.task import Task
from train.made import table

CLASSES = ("EA", "EB", "EW", "RRAB")
MANIFEST: dict[str, Any] = {
    "settings": {"recipe": {"name": "small", "examples": {"sets": ["asas3_acvs"]}}}, "command": "goodricke train small",
    "data": [{"name": "asas3_acvs", "stars": 80}], "metrics": {"calibration": {"kind": "none", "loss": np.array(0.5)}},
}  # fmt: skip
HISTORY = [
    {
        "number": k,
        "loss": 1 / k,
        "accuracy": 0.5 + 0.1 * k,
        "held_out_loss": 1.1 / k,
        "held_out_accuracy": 0.4 + 0.1 * k,
    }
    for k in range(1, 4)
]


def judged(n: int = 80) -> tuple[Task, np.ndarray]:
    target = np.arange(n) % 4
    leaves = np.array([[leaf == CLASSES[k] for leaf in LEAVES] for k in target])
    examples = table(values=np.zeros((n, 1), dtype=np.float32), names=("a",), allowed=leaves)
    p = np.full((n, 4), 0.1) + 0.6 * np.eye(4)[np.where(np.arange(n) % 9, target, (target + 1) % 4)]
    return Task(examples, CLASSES, np.eye(4, dtype=bool)[target]), p


def test_what_a_run_was_and_what_came_of_it(tmp_path: Path) -> None:
    (tmp_path / "run" / "folds-1").mkdir(parents=True)
    (tmp_path / "run" / "folds-1" / "history.jsonl").write_text("".join(json.dumps(row) + "\n" for row in HISTORY))
    write_run(tmp_path / "run", MANIFEST, *judged())
    stored = {name: json.loads((tmp_path / "run" / f"{name}.json").read_text()) for name in ("config", "metrics")}
    assert stored["config"]["recipe"] == MANIFEST["settings"]["recipe"]
    assert stored["config"]["command"] == "goodricke train small"
    assert stored["config"]["data"] == MANIFEST["data"]
    assert len(stored["config"]["sha256"]) == 64
    assert stored["metrics"] == {"calibration": {"kind": "none", "loss": 0.5}}
    assert (tmp_path / "run" / "folds-1" / "learning.png").read_bytes()[:4] == b"\x89PNG"
    for view in ("4class", "leaves"):
        report = tmp_path / "run" / f"report-{view}"
        assert any(report.rglob("*confusion*.png")), sorted(report.rglob("*"))


def test_the_hash_is_that_of_the_stars(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from goodricke.train import run_folder

    monkeypatch.setattr(run_folder, "_pictures", lambda *_: None)

    def hashed(task: Task) -> str:
        write_run(tmp_path, MANIFEST, task, np.zeros((len(task.examples), 4)))
        return str(json.loads((tmp_path / "config.json").read_text())["sha256"])

    task, _ = judged()
    same, other = hashed(task), task.examples.some(np.arange(80))
    other.values[3, 0] += 1
    renamed = task.examples.some(np.arange(80))
    renamed.object_id[0] = "else"
    assert hashed(judged()[0]) == same
    found = {
        same, hashed(Task(other, CLASSES, task.allowed)), hashed(Task(renamed, CLASSES, task.allowed)),
        hashed(Task(task.examples, CLASSES, task.allowed[:, ::-1])), hashed(task.some(np.arange(79))),
    }  # fmt: skip
    assert len(found) == 5


def test_the_environment_tells_versions_and_not_whose_machine_it_was() -> None:
    found = environment()
    assert found["numpy"] == np.__version__
    assert found["python"] == platform.python_version()
    assert found["cores"] == os.cpu_count()
    text = json.dumps(found)
    assert platform.node() not in text
    assert str(Path.home()) not in text


def test_without_matplotlib_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "folds-1").mkdir(parents=True)
    (tmp_path / "folds-1" / "history.jsonl").write_text(json.dumps(HISTORY[0]) + "\n")
    real = builtins.__import__

    def refused(name: str, *rest: Any) -> Any:
        if name.split(".")[0] == "matplotlib":
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", refused)
    write_run(tmp_path, MANIFEST, *judged())
    assert "pip install 'goodricke[plot]'" in (tmp_path / "pictures.txt").read_text()
    assert (tmp_path / "metrics.json").exists()
