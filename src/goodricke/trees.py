"""Decision trees as plain arrays, walked with NumPy only: no pickle, no library, the same answer everywhere."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Ensemble"]

_ROWS = 128  # rows walked together, and trees together: what they touch stays in the cache of one core
_TREES = 256
_CELLS = 1 << 18  # numbers gathered at once where a leaf holds one for every output
_DEEPEST = 512
_LARGEST = np.finfo(np.float32).max


@dataclass(frozen=True, eq=False)
class Ensemble:
    """Many decision trees that add up to K outputs.

    Parameters
    ----------
    feature : (n,) int16
        Column that a node looks at; -1 in a leaf.
    threshold : (n,) float32
        A row goes left when its number is not larger.
    missing_left : (n,) bool
        Whether a number that is not finite goes left.
    left, right : (n,) int32
        Nodes below.
    value : (n,) or (n, K) float32
        What a leaf adds to the output of its tree, or to every output.
    output : (t,) int16
        Output that every tree adds to; not looked at when `value` is (n, K).
    root : (t,) int32
        First node of every tree.
    baseline : (K,) float64
        Outputs before any tree.

    Examples
    --------
    >>> stump = Ensemble(
    ...     feature=np.array([0, -1, -1], np.int16), threshold=np.array([0.5, 0, 0], np.float32),
    ...     missing_left=np.array([False, False, False]), left=np.array([1, 0, 0], np.int32),
    ...     right=np.array([2, 0, 0], np.int32), value=np.array([0, -1, 1], np.float32),
    ...     output=np.array([0], np.int16), root=np.array([0], np.int32), baseline=np.array([0.25]))
    >>> stump.raw(np.array([[0.5], [0.6], [np.nan]], np.float32))
    array([[-0.75],
           [ 1.25],
           [ 1.25]])
    """

    feature: NDArray[np.int16]
    threshold: NDArray[np.float32]
    missing_left: NDArray[np.bool_]
    left: NDArray[np.int32]
    right: NDArray[np.int32]
    value: NDArray[np.float32]
    output: NDArray[np.int16]
    root: NDArray[np.int32]
    baseline: NDArray[np.float64]

    def raw(self, rows: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
        """Outputs (N, K) for rows (N, k) of numbers, which are compared with the thresholds as float32."""
        rows = np.asarray(rows, dtype=np.float32)
        result = np.tile(np.asarray(self.baseline, dtype=np.float64), (len(rows), 1))
        cells = np.zeros((rows.shape[1], 2, _ROWS), dtype=np.float32)
        for first in range(0, len(rows), _ROWS):
            block = rows[first : first + _ROWS].T
            known = np.isfinite(block)
            # Every column twice: the unknown as -inf, which goes left of everything, and as inf.
            cells[:, 0, : block.shape[1]] = np.where(known, block, np.float32(-np.inf))
            cells[:, 1, : block.shape[1]] = np.where(known, block, np.float32(np.inf))
            for trees in self._groups:
                leaf = self._leaves(trees, cells.ravel(), block.shape[1])
                self._add(trees, leaf, result[first : first + _ROWS])
        return result

    def _leaves(self, trees: NDArray[np.int64], cells: NDArray[np.float32], n_rows: int) -> NDArray[np.int64]:
        """Slots (t, n_rows) where the walks of these trees end."""
        cell, threshold, left, _ = self._slots
        depth = self._depth[trees]
        line = np.arange(n_rows)
        slot = np.repeat(trees[:, None], n_rows, axis=1)
        for step in range(int(depth[0])):
            # Deepest trees stand first: those that have ended drop out at the end.
            here = slot[: int(np.searchsorted(-depth, -step))]
            number = cells.take(cell.take(here) + line)
            goes_right = number > threshold.take(here)
            left.take(here, out=here, mode="clip")
            here += goes_right
        return slot

    def _add(self, trees: NDArray[np.int64], leaf: NDArray[np.int64], result: NDArray[np.float64]) -> None:
        node = self._slots[3]
        if self.value.ndim == 1:
            result[:, self.output[trees[0]]] += self.value.take(node.take(leaf)).sum(axis=0, dtype=np.float64)
            return
        step = max(1, _CELLS // (leaf.shape[1] * self.value.shape[1]))
        for first in range(0, len(leaf), step):
            result += self.value[node[leaf[first : first + step]]].sum(axis=0, dtype=np.float64)

    def is_sound(self, n_features: int) -> bool:
        """Whether every walk ends in a leaf, at most 512 steps down, and looks only at features that there are."""
        n, trees, outputs = len(self.feature), len(self.root), len(self.baseline)
        alike = (self.threshold, self.missing_left, self.left, self.right, self.value)
        if any(len(array) != n for array in alike) or (self.value.ndim == 1 and len(self.output) != trees):
            return False
        if self.value.ndim > 1 and self.value.shape != (n, outputs):
            return False
        inner = self.feature >= 0
        below = np.concatenate([self.root, self.left[inner], self.right[inner]])
        if not (
            ((self.feature >= -1) & (self.feature < n_features)).all()
            and ((below >= 0) & (below < n)).all()
            and ((self.output >= 0) & (self.output < outputs)).all()
            and np.isfinite(self.value).all()
            and np.isfinite(self.baseline).all()
            and not np.isnan(self.threshold).any()
        ):
            return False
        # A node with one way to it at most, roots included, cannot be met twice on a walk.
        return bool(trees == 0 or (np.bincount(below).max() == 1 and self._depth.max() <= _DEEPEST))

    @cached_property
    def _depth(self) -> NDArray[np.int64]:
        """Steps from every root to its deepest leaf (t,)."""
        depth = np.zeros(len(self.root), dtype=np.int64)
        node, tree = self.root, np.arange(len(self.root))
        for step in range(1, _DEEPEST + 2):
            inner = self.feature[node] >= 0
            node, tree = node[inner], tree[inner]
            if not len(node):
                break
            depth[tree] = step
            node, tree = np.concatenate([self.left[node], self.right[node]]), np.concatenate([tree, tree])
        return depth

    @cached_property
    def _slots(self) -> tuple[NDArray[Any], ...]:
        """Cell of the first row, threshold, left child and node, in an order in which siblings are neighbours.

        A leaf leads to itself, so that walks need no test of whether they have ended.
        """
        inner = np.flatnonzero(self.feature >= 0)
        pairs = np.stack([self.left[inner], self.right[inner]], axis=1).ravel()
        node = np.concatenate([self.root, pairs]).astype(np.int64)
        place = np.full(len(self.feature), -1, dtype=np.int64)
        place[inner] = len(self.root) + 2 * np.arange(len(inner))
        is_leaf = self.feature[node] < 0
        cell = np.where(is_leaf, 0, 2 * self.feature[node].astype(np.int64) + ~self.missing_left[node]) * _ROWS
        threshold = np.where(is_leaf, np.inf, np.minimum(self.threshold[node], _LARGEST)).astype(np.float32)
        return cell, threshold, np.where(is_leaf, np.arange(len(node)), place[node]), node

    @cached_property
    def _groups(self) -> list[NDArray[np.int64]]:
        """Trees that are walked together, deepest first: those of one output."""
        output = self.output if self.value.ndim == 1 else np.zeros(len(self.root), dtype=np.int16)
        result = []
        for k in np.unique(output):
            trees = np.flatnonzero(output == k)
            trees = trees[np.argsort(-self._depth[trees], kind="stable")]
            result += [trees[first : first + _TREES] for first in range(0, len(trees), _TREES)]
        return result
