"""What networks learn from: the points of the stars of a task, from which inputs are made batch by batch.

Inputs come from the functions that the line uses at prediction (``goodricke.represent``), so that both see the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from goodricke import ragged
from goodricke.represent.folds import Points, magnitudes
from goodricke.represent.sequences import Sequences, sequences
from goodricke.represent.table import fold_inputs, step_inputs
from goodricke.train.datasets import Labelled
from goodricke.train.examples import Examples

__all__ = ["Material", "material_of"]

Rows = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Material:
    """N stars in one representation.

    Parameters
    ----------
    representation : str
        A row of ``goodricke.represent.table``.
    about : dict
        What the manifest will say of it.
    examples : Examples
        The stars.
    points : Points, optional
        Theirs, for folds and steps.
    raw : Sequences, optional
        Theirs, for sequences.
    morphology : (N,) int64
        From 0, contact, to 6, detached, where the catalogue says so; -1 elsewhere.
    """

    representation: str
    about: dict[str, Any]
    examples: Examples
    points: Points | None
    raw: Sequences | None
    morphology: NDArray[np.int64]

    @property
    def lengths(self) -> Rows:
        """Steps of every star: stars of like length share a batch; all alike where inputs have one size."""
        if self.raw is None:
            return np.ones(len(self.examples), dtype=np.int64)
        return np.minimum(np.diff(self.raw.offsets), int(self.about["steps"]))

    def inputs(self, rows: Rows, points: Points | None = None, tried: NDArray[np.float64] | None = None) -> dict[
        str, NDArray[Any]
    ]:  # fmt: skip
        """Inputs of the chosen stars by name; of other points and candidates of the same stars, if they are given."""
        values = self.examples.values[rows]
        if self.representation == "features":
            return {"features": values}
        if self.representation == "sequences":
            assert self.raw is not None
            sequence, lengths = self.raw.padded(rows, int(self.about["steps"]))
            return {"sequence": sequence, "lengths": lengths}
        assert self.points is not None
        own = self.points.some(rows) if points is None else points
        if self.representation == "steps":
            return step_inputs(own, values, self.about)
        some = self.examples.tried[rows] if tried is None else tried
        return fold_inputs(own, some, self.examples.strengths[rows], values, self.about)


def material_of(representation: str, about: dict[str, Any], examples: Examples, parts: Sequence[Labelled]) -> Material:
    """The points of the examples, out of the parts that they were gathered from."""
    points: list[Points] = []
    raw: list[Sequences] = []
    for number, part in enumerate(parts):
        rows = examples.place[examples.part == number]
        if representation in ("folds", "steps"):
            points.append(magnitudes(part.lcs).some(rows))
        elif representation == "sequences":
            whole = sequences(part.lcs)
            index, offsets = ragged.take(whole.offsets, rows)
            raw.append(Sequences(whole.values[index], offsets))
    levels = [part.morphology[examples.place[examples.part == number]] for number, part in enumerate(parts)]
    return Material(
        representation, about, examples,
        points=_points(points) if points else None,
        raw=Sequences(np.concatenate([one.values for one in raw]), _offsets([one.offsets for one in raw]))
        if raw else None,
        morphology=np.concatenate(levels),
    )  # fmt: skip


def _points(parts: Sequence[Points]) -> Points:
    time, mag, weight = (np.concatenate([getattr(one, name) for one in parts]) for name in ("time", "mag", "weight"))
    return Points(time, mag, weight, _offsets([one.offsets for one in parts]))


def _offsets(parts: Sequence[NDArray[np.int64]]) -> NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum(np.concatenate([np.diff(one) for one in parts]))]).astype(np.int64)
