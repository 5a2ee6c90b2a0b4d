"""What a model said of every star, beside the truth, in the groups of a view."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from goodricke.errors import DataError

__all__ = ["SCOPES", "Answers", "Scope"]

Scope = Literal["all", "answered", "decided"]
SCOPES: dict[Scope, str] = {
    "all": "every star; a failed row is wrong, an abstaining one is taken at its likeliest class",
    "answered": "without the failed rows",
    "decided": "without failed and abstaining rows",
}
"""Which stars a figure is about."""


@dataclass(frozen=True, eq=False)
class Answers:
    """One row per star and survey.

    Parameters
    ----------
    groups : G names
        Groups of the view, in the order of the columns.
    truth : (N,) int64
        True group, 0 ... G - 1.
    label : (N,) int64
        The model's group; -1 when it failed.
    probability : (N, G) float64 or None
        Sum 1; failed rows have 1/G everywhere, which says nothing. None for a model that gives no probabilities.
    status : (N,) str
        ok, abstained or failed.
    star : (N,) int64
        Number of the star; rows of one star share it.
    sets : (N, G) bool, optional
        Which groups the prediction set holds.

    Examples
    --------
    >>> answers = Answers.of(("EA", "EW"), [0, 1, 1], [[0.9, 0.1], [0.6, 0.4], [0.2, 0.8]])
    >>> answers.label, answers.right
    (array([0, 0, 1]), array([ True, False,  True]))
    """

    groups: tuple[str, ...]
    truth: NDArray[np.int64]
    label: NDArray[np.int64]
    probability: NDArray[np.float64] | None
    status: NDArray[np.str_]
    star: NDArray[np.int64]
    sets: NDArray[np.bool_] | None = None

    def __post_init__(self) -> None:
        n, g = len(self.truth), len(self.groups)
        if self.probability is not None and self.probability.shape != (n, g):
            raise DataError(
                f"probabilities have the shape {self.probability.shape}; {n} stars and {g} groups ask ({n}, {g})"
            )
        if n and not (self.truth.min() >= 0 and self.truth.max() < g and self.label.max() < g):
            raise DataError(f"a true or predicted group lies outside 0 ... {g - 1}")

    @classmethod
    def of(cls, groups: tuple[str, ...], truth: object, probability: object, status: object = None) -> Answers:
        """Answers from probabilities alone: the label is the likeliest group, every row a star of its own."""
        t = np.asarray(truth, dtype=np.int64)
        p = np.asarray(probability, dtype=np.float64)
        said = np.full(len(t), "ok") if status is None else np.asarray(status, dtype=str)
        failed = said == "failed"
        p = np.where(failed[:, None], 1.0 / len(groups), p)
        return cls(groups, t, np.where(failed, -1, p.argmax(axis=1)), p, said, np.arange(len(t)))

    def __len__(self) -> int:
        return len(self.truth)

    @property
    def right(self) -> NDArray[np.bool_]:
        """Whether (N,) the label is true."""
        return np.asarray(self.label == self.truth)

    @property
    def failed(self) -> NDArray[np.bool_]:
        """Which rows (N,) hold no answer."""
        return np.asarray(self.label < 0)

    @property
    def confidence(self) -> NDArray[np.float64]:
        """Probability (N,) of the label; 1 for a model that gives none, 0 for a failed row."""
        if self.probability is None:
            said = np.ones(len(self))
        else:
            said = self.probability[np.arange(len(self)), np.maximum(self.label, 0)]
        return np.where(self.failed, 0.0, said)

    def within(self, scope: Scope) -> NDArray[np.bool_]:
        """Which rows (N,) belong to a scope."""
        choose: dict[Scope, Callable[[], NDArray[np.bool_]]] = {
            "all": lambda: np.ones(len(self), dtype=bool),
            "answered": lambda: ~self.failed,
            "decided": lambda: ~self.failed & (self.status != "abstained"),
        }
        return choose[scope]()

    def take(self, rows: NDArray[np.bool_]) -> Answers:
        """The answers of some rows."""
        return Answers(
            self.groups, self.truth[rows], self.label[rows],
            None if self.probability is None else self.probability[rows],
            self.status[rows], self.star[rows], None if self.sets is None else self.sets[rows],
        )  # fmt: skip
