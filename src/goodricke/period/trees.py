"""An ensemble of decision trees as plain arrays: no pickle, no library, the same bits everywhere."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from goodricke.errors import ReadError

__all__ = ["Trees", "load_trees"]

_ARRAYS = ("feature", "threshold", "left", "right", "value", "root")
_NUMBERS = ("baseline", "scale", "none")
_MOST_BYTES = 16 << 20


@dataclass(frozen=True)
class Trees:
    """Boosted trees for a yes-or-no question.

    Parameters
    ----------
    feature : (n,) int
        Column that a node looks at; -1 in a leaf.
    threshold : (n,) float
        A row goes left when its number is not larger.
    left, right : (n,) int
        Nodes below.
    value : (n,) float
        What a leaf adds to the log odds.
    root : (t,) int
        First node of every tree.
    baseline : float
        Log odds before any tree.
    scale, none : float
        What turns log odds into probabilities; see ``goodricke.period.choice.probabilities``.
    sha256 : str
        Of the file that they come from.
    """

    feature: NDArray[np.int64]
    threshold: NDArray[np.float64]
    left: NDArray[np.int64]
    right: NDArray[np.int64]
    value: NDArray[np.float64]
    root: NDArray[np.int64]
    baseline: float
    scale: float = 1.0
    none: float = 0.0
    sha256: str = ""

    def log_odds(self, rows: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
        """Log odds of yes for every row (r,) of numbers (r, k).

        >>> stump = Trees(np.array([0, -1, -1]), np.array([0.5, 0, 0]), np.array([1, 1, 2]), np.array([2, 1, 2]),
        ...               np.array([0.0, -1.0, 1.0]), np.array([0]), 0.25)
        >>> stump.log_odds(np.array([[0.4], [0.6]]))
        array([-0.75,  1.25])
        """
        line = np.arange(len(rows))[:, None]
        node = np.broadcast_to(self.root, (len(rows), len(self.root))).copy()
        while True:
            column = self.feature[node]
            inner = column >= 0
            if not inner.any():
                return np.asarray(self.baseline + self.value[node].sum(axis=1))
            goes_left = rows[line, np.maximum(column, 0)] <= self.threshold[node]
            node = np.where(inner, np.where(goes_left, self.left[node], self.right[node]), node)


def load_trees(folder: Path, features: tuple[str, ...]) -> Trees:
    """Load a bundle of trees, refusing one that is not what its manifest says.

    Raises
    ------
    ReadError
        If the hash of the arrays, the features or the golden output do not match the manifest.
    """
    manifest = json.loads((folder / "manifest.json").read_text())
    content = (folder / "trees.npz").read_bytes()
    if len(content) > _MOST_BYTES or hashlib.sha256(content).hexdigest() != manifest["sha256"]:
        raise ReadError("the arrays of the model are not those that its manifest names", "install again", str(folder))
    if tuple(manifest["features"]) != features:
        raise ReadError(
            "the model was trained with other features", "install versions that belong together", str(folder)
        )
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            numbers = tuple(float(manifest[name]) for name in _NUMBERS)
            trees = replace(Trees(*(arrays[name] for name in _ARRAYS), *numbers), sha256=manifest["sha256"])
    except (ValueError, KeyError, OSError, zipfile.BadZipFile) as error:
        raise ReadError(f"the arrays of the model cannot be read ({error})", "install again", str(folder)) from error
    if not _is_sound(trees, len(features)):
        raise ReadError("the trees of the model lead nowhere", "install again", str(folder))
    golden = trees.log_odds(np.array(manifest["golden"]["rows"], dtype=np.float64))
    if not np.allclose(golden, manifest["golden"]["log_odds"], rtol=0, atol=1e-9):
        raise ReadError("the model does not give the output that its manifest promises", "install again", str(folder))
    return trees


def _is_sound(trees: Trees, n_features: int) -> bool:
    """Whether every node points forward and inside, so that each walk ends, and looks at a feature that there is."""
    n = len(trees.feature)
    here = np.flatnonzero(trees.feature >= 0)
    below = np.concatenate([trees.left[here], trees.right[here]])
    return bool(
        all(len(array) == n for array in (trees.threshold, trees.left, trees.right, trees.value))
        and (below > np.concatenate([here, here])).all()
        and (below < n).all()
        and (trees.feature < n_features).all()
        and ((trees.root >= 0) & (trees.root < n)).all()
    )
