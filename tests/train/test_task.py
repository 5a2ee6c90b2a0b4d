"""Classes of a task, and the rows that an ambiguous star stands in."""

from __future__ import annotations

import numpy as np
import pytest

from goodricke.labels import LEAVES, VIEWS
from goodricke.train.task import SURE_ENOUGH, Task
from train.made import table


def made(words: list[tuple[str, ...]], **more: object) -> Task:
    n = len(words)
    allowed = np.array([[leaf in word for leaf in LEAVES] for word in words])
    examples = table(values=np.arange(n, dtype=np.float32)[:, None], names=("number",), allowed=allowed)
    return Task.of(examples, **{"fewest": 1, **more})  # type: ignore[arg-type]


def test_groups_of_a_view_are_told_apart() -> None:
    words = [("EA",), ("RRAB",), ("CEP",), ("EB", "EW"), ("RRAB", "CEP"), ("EW",), ("EB",), ("EA", "RRAB")]
    task = made(words, view="4class")
    assert task.classes == tuple(VIEWS["4class"])
    by_name = [{task.classes[k] for k in np.flatnonzero(row)} for row in task.allowed]
    # What may be one of two pulsators is certainly VAR.
    assert by_name == [{"EA"}, {"VAR"}, {"VAR"}, {"EB", "EW"}, {"VAR"}, {"EW"}, {"EB"}, {"EA", "VAR"}]
    assert task.certain.tolist() == [True, True, True, False, True, True, True, False]
    assert [task.classes[k] for k in task.target[task.certain]] == ["EA", "VAR", "VAR", "VAR", "EW", "EB"]


def test_leaves_outside_the_view_are_left_out() -> None:
    outside = [leaf for leaf in LEAVES if not any(leaf in leaves for leaves in VIEWS["4class"].values())]
    words = [("EA",), ("EW",), ("EB",), ("RRAB",), *[(leaf,) for leaf in outside]]
    assert len(made(words, view="4class").examples) == 4


def test_some_of_the_stars() -> None:
    task = made([("EA",), ("EW",), ("EA", "EW"), ("EW",)])
    few = task.some(np.array([3, 2]))
    assert few.classes == task.classes
    assert few.examples.values[:, 0].tolist() == [3.0, 2.0]
    np.testing.assert_array_equal(few.allowed, task.allowed[[3, 2]])


def test_rows_and_weights_are_the_probabilities_among_what_may_be() -> None:
    task = made([("EA",), ("EB",), ("EW",), ("RRAB",), ("EB", "EW"), ("EA", "EB", "EW"), ("EB", "EW")])
    p = np.array([
        [0.1, 0.1, 0.1, 0.7], [0.7, 0.1, 0.1, 0.1], [0.25] * 4, [0.25] * 4,
        [0.5, 0.15, 0.25, 0.1], [0.8, 0.02, 0.08, 0.1], [0.4, 0.3, 0.003, 0.297],
    ])  # fmt: skip
    row, column, weight = task.weighted(np.log(p))
    found = {(int(r), task.classes[c]): float(w) for r, c, w in zip(row, column, weight, strict=True)}
    # Certain stars stand once, whatever a model thinks of them.
    for k, name in enumerate(("EA", "EB", "EW", "RRAB")):
        assert found[k, name] == 1.0
    assert found[4, "EB"] == pytest.approx(0.375, abs=1e-3)
    assert found[4, "EW"] == pytest.approx(0.625, abs=1e-3)
    # A class that gets less than a tenth is not worth a row; the others are not made up for it.
    assert found[5, "EA"] == pytest.approx(8 / 9, abs=1e-3)
    assert found[6, "EB"] == pytest.approx(1.0, abs=0.02)
    assert len(found) == 8
    assert min(found.values()) > SURE_ENOUGH


def test_a_model_that_rules_out_all_that_may_be() -> None:
    task = made([("EA",), ("EB",), ("EW",), ("EB", "EW")])
    row, column, weight = task.weighted(np.array([[0.0, -900.0, -900.0]] * 4))
    assert row[-2:].tolist() == [3, 3]
    np.testing.assert_allclose(weight[-2:], 0.5)
    assert set(column[-2:].tolist()) == {1, 2}


def test_the_likeliest_of_what_may_be() -> None:
    task = made([("EA",), ("EB",), ("EW",), ("EB", "EW")])
    logits = np.array([[-5.0, 1.0, 0.0], [9.0, 0.0, 0.0], [0.0, 1.0, -1.0], [9.0, 1.0, 2.0]])
    assert task.likeliest(logits).tolist() == [0, 1, 2, 2]
