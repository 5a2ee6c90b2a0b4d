"""Trees against a walk node by node, and ensembles in which a walk would go astray."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from goodricke.trees import Ensemble


def grown(rng: np.random.Generator, trees: int, leaves: int, features: int, outputs: int, shared: bool) -> Ensemble:
    """Trees split at random leaves, so of very different depths."""
    nodes: list[list[Any]] = []
    roots = []
    for _ in range(trees):
        roots.append(len(nodes))
        open_leaves = [len(nodes)]
        nodes.append([-1, 0.0, 0, 0])
        for _ in range(int(rng.integers(0, leaves))):
            here = open_leaves.pop(int(rng.integers(len(open_leaves))))
            nodes[here] = [int(rng.integers(features)), round(rng.normal(), 1), len(nodes), len(nodes) + 1]
            open_leaves += [len(nodes), len(nodes) + 1]
            nodes += [[-1, 0.0, 0, 0], [-1, 0.0, 0, 0]]
    feature, threshold, left, right = (np.array(column) for column in zip(*nodes, strict=True))
    return Ensemble(
        feature.astype(np.int16), threshold.astype(np.float32), rng.random(len(nodes)) < 0.5, left.astype(np.int32),
        right.astype(np.int32), rng.normal(size=(len(nodes), outputs) if shared else len(nodes)).astype(np.float32),
        rng.integers(outputs, size=0 if shared else trees).astype(np.int16), np.array(roots, dtype=np.int32),
        rng.normal(size=outputs),
    )  # fmt: skip


def walked(trees: Ensemble, row: NDArray[np.float32]) -> NDArray[np.float64]:
    total = trees.baseline.copy()
    for tree, root in enumerate(trees.root):
        node = int(root)
        while trees.feature[node] >= 0:
            number = row[trees.feature[node]]
            goes_left = number <= trees.threshold[node] if np.isfinite(number) else trees.missing_left[node]
            node = int(trees.left[node] if goes_left else trees.right[node])
        if trees.value.ndim == 1:
            total[trees.output[tree]] += trees.value[node]
        else:
            total += trees.value[node]
    return total


def rows_of(rng: np.random.Generator, n: int, features: int) -> NDArray[np.float32]:
    """Numbers with one digit, so that many of them are thresholds, and some unknown ones."""
    rows = rng.normal(size=(n, features)).round(1).astype(np.float32)
    rows[rng.random(rows.shape) < 0.15] = np.nan
    rows[rng.random(rows.shape) < 0.05] = np.inf
    rows[rng.random(rows.shape) < 0.05] = -np.inf
    return rows


@pytest.mark.parametrize("shared", [False, True])
@pytest.mark.parametrize(("trees", "leaves"), [(1, 1), (7, 3), (40, 31), (600, 8)])
def test_same_as_walking_node_by_node(shared: bool, trees: int, leaves: int) -> None:
    rng = np.random.default_rng(trees)
    ensemble = grown(rng, trees, leaves, 5, 3, shared)
    rows = rows_of(rng, 150, 5)
    assert ensemble.is_sound(5)
    # Sums of float32 leaves in float64: only the order of adding differs.
    np.testing.assert_allclose(ensemble.raw(rows), [walked(ensemble, row) for row in rows], rtol=0, atol=1e-10)


def test_a_row_does_not_depend_on_its_batch() -> None:
    rng = np.random.default_rng(1)
    ensemble = grown(rng, 50, 20, 4, 2, False)
    rows = rows_of(rng, 300, 4)
    alone = np.concatenate([ensemble.raw(row[None]) for row in rows[::50]])
    np.testing.assert_allclose(ensemble.raw(rows)[::50], alone, rtol=0, atol=1e-12)


def test_wide_leaves_are_added_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(2)
    ensemble = grown(rng, 50, 20, 4, 6, True)
    rows = rows_of(rng, 20, 4)
    whole = ensemble.raw(rows)
    monkeypatch.setattr("goodricke.trees._CELLS", 1)
    np.testing.assert_allclose(ensemble.raw(rows), whole, rtol=0, atol=1e-12)


def test_an_infinite_threshold_parts_the_known_from_the_unknown() -> None:
    stump = grown(np.random.default_rng(0), 1, 1, 1, 1, False)
    stump = replace(
        stump, feature=np.array([0, -1, -1], np.int16), threshold=np.array([np.inf, 0, 0], np.float32),
        missing_left=np.zeros(3, bool), left=np.array([1, 0, 0], np.int32), right=np.array([2, 0, 0], np.int32),
        value=np.array([0, 1, 2], np.float32), baseline=np.zeros(1),
    )  # fmt: skip
    rows = np.array([[np.finfo(np.float32).max], [-1.0], [np.nan]], dtype=np.float32)
    assert stump.raw(rows).ravel().tolist() == [1, 1, 2]


def test_no_rows_and_no_trees() -> None:
    ensemble = grown(np.random.default_rng(0), 3, 4, 2, 2, False)
    assert ensemble.raw(np.zeros((0, 2), np.float32)).shape == (0, 2)
    nothing = replace(ensemble, root=np.zeros(0, np.int32), output=np.zeros(0, np.int16))
    assert nothing.is_sound(2)
    np.testing.assert_array_equal(nothing.raw(np.zeros((2, 2), np.float32)), [nothing.baseline] * 2)


def changed(name: str, place: int | tuple[int, ...], value: float) -> Ensemble:
    ensemble = grown(np.random.default_rng(3), 4, 9, 3, 2, name == "shared")
    array = getattr(ensemble, name).copy()
    array[place] = value
    return replace(ensemble, **{name: array})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("feature", 3), ("feature", -2), ("left", -1), ("left", 10_000), ("left", 0), ("right", 0), ("root", -1),
        ("root", 10_000), ("output", 2), ("output", -1), ("value", np.nan), ("threshold", np.nan),
        ("baseline", np.inf),
    ],
)  # fmt: skip
def test_unsound(name: str, value: float) -> None:
    assert not changed(name, 0, value).is_sound(3)


def test_a_circle_is_unsound_even_away_from_the_root() -> None:
    ensemble = grown(np.random.default_rng(5), 1, 12, 3, 1, False)
    inner = np.flatnonzero(ensemble.feature >= 0)
    left = ensemble.left.copy()
    left[inner[-1]] = inner[1]
    assert not replace(ensemble, left=left).is_sound(3)


def test_lengths_that_differ_are_unsound() -> None:
    ensemble = grown(np.random.default_rng(4), 4, 9, 3, 2, False)
    for name in ("threshold", "missing_left", "left", "right", "value", "output"):
        assert not replace(ensemble, **{name: getattr(ensemble, name)[:-1]}).is_sound(3), name
    shared = grown(np.random.default_rng(4), 4, 9, 3, 2, True)
    assert not replace(shared, value=shared.value[:, :1]).is_sound(3)


def test_a_chain_that_is_too_deep_is_unsound() -> None:
    def chain(steps: int) -> Ensemble:
        inner = np.arange(2 * steps + 1) % 2 == 0
        inner[-1] = False
        here = np.arange(2 * steps + 1)
        return Ensemble(
            np.where(inner, 0, -1).astype(np.int16), np.zeros(len(here), np.float32), inner,
            np.where(inner, here + 1, 0).astype(np.int32), np.where(inner, here + 2, 0).astype(np.int32),
            here.astype(np.float32), np.zeros(1, np.int16), np.zeros(1, np.int32), np.zeros(1),
        )  # fmt: skip

    assert chain(512).is_sound(1)
    assert chain(512).raw(np.ones((1, 1), np.float32)).item() == 1024
    assert not chain(513).is_sound(1)
