from __future__ import annotations

import hashlib
import io
import json
from pathlib import Path

import numpy as np
import pytest

from goodricke.errors import ReadError
from goodricke.period.candidates import FEATURES
from goodricke.period.trees import load_trees

ARRAYS = {
    "feature": np.array([0, -1, 1, -1, -1]), "threshold": np.array([0.5, 0, 2.0, 0, 0]),
    "left": np.array([1, 1, 3, 3, 4]), "right": np.array([2, 1, 4, 3, 4]),
    "value": np.array([0, -1.0, 0, 0.5, 3.0]), "root": np.array([0]),
}  # fmt: skip
ROWS = [[0.0, 0.0], [1.0, 1.0], [1.0, 5.0]]


def bundle(folder: Path, arrays: dict, log_odds: list[float]) -> Path:
    stream = io.BytesIO()
    np.savez(stream, **arrays)
    (folder / "trees.npz").write_bytes(stream.getvalue())
    manifest = {
        "features": ["a", "b"], "baseline": 0.25, "scale": 0.8, "none": -1.0,
        "sha256": hashlib.sha256(stream.getvalue()).hexdigest(), "golden": {"rows": ROWS, "log_odds": log_odds},
    }  # fmt: skip
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return folder


def test_a_tree_is_walked_as_drawn(tmp_path: Path) -> None:
    trees = load_trees(bundle(tmp_path, ARRAYS, [-0.75, 0.75, 3.25]), ("a", "b"))
    np.testing.assert_allclose(trees.log_odds(np.array(ROWS)), [-0.75, 0.75, 3.25])


def test_a_bundle_that_is_not_what_it_says_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="other features"):
        load_trees(bundle(tmp_path, ARRAYS, [-0.75, 0.75, 3.25]), ("a", "c"))
    with pytest.raises(ReadError, match="output that its manifest promises"):
        load_trees(bundle(tmp_path, ARRAYS, [-0.75, 0.75, 3.0]), ("a", "b"))
    # A walk in a circle would never end.
    for wrong in (
        {"left": np.array([1, 1, 0, 3, 4])},
        {"right": np.array([2, 1, 9, 3, 4])},
        {"feature": np.full(5, 7)},
    ):
        with pytest.raises(ReadError, match="lead nowhere"):
            load_trees(bundle(tmp_path, ARRAYS | wrong, [0, 0, 0]), ("a", "b"))
    folder = bundle(tmp_path, ARRAYS, [-0.75, 0.75, 3.25])
    (folder / "trees.npz").write_bytes((folder / "trees.npz").read_bytes() + b"x")
    with pytest.raises(ReadError, match="not those that its manifest names"):
        load_trees(folder, ("a", "b"))


def test_pickled_arrays_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="allow_pickle"):
        load_trees(bundle(tmp_path, ARRAYS | {"value": np.array([{}] * 5, dtype=object)}, [0, 0, 0]), ("a", "b"))


def test_the_bundle_that_ships_loads_and_has_a_card() -> None:
    from importlib.resources import files

    folder = Path(str(files("goodricke"))) / "models" / "bundles" / "period-chooser-1"
    assert len(load_trees(folder, FEATURES).root) > 20
    assert "python -m goodricke.train.period_chooser" in (folder / "card.md").read_text()
    assert sum(file.stat().st_size for file in folder.iterdir()) < 3 << 20
