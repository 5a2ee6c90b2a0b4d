"""Distillation (Hinton et al. 2015, arXiv:1503.02531): what a larger model says of the stars a network learns from.

The teacher is fitted to the very stars that its pupil sees, in a workshop of its own: what tests the one is unseen by
the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from goodricke.errors import OptionError
from goodricke.models.predictor import log_softmax
from goodricke.train.config import Member
from goodricke.train.examples import Examples

if TYPE_CHECKING:  # it fits the teacher, and asks one when it fits the pupil
    from goodricke.train.members import Workshop

__all__ = ["Teacher", "matched", "softened"]

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Rows = NDArray[np.int64]

_UNLIKELY = -1e4  # log probability of a class that a model rules out, so that among such classes none is likelier


@dataclass(frozen=True, eq=False)
class Teacher:
    """A member of another recipe, and what its stars are to those of a pupil.

    Parameters
    ----------
    member : Member
        Who teaches.
    shop : Workshop
        Where it is fitted: M stars.
    rows : (N,) int
        Row there of every star of the pupil; -1 where the teacher has no such star.
    """

    member: Member
    shop: Workshop
    rows: Rows

    def seen(self, seen: Flags) -> Flags:
        """The stars (M,) that the teacher learns from, out of those (N,) that the pupil learns from."""
        found = np.zeros(len(self.shop.task.examples), dtype=bool)
        found[self.rows[seen & (self.rows >= 0)]] = True
        return found

    def logits(self, seen: Flags, what: str) -> Floats:
        """What the teacher says of the seen stars of the pupil (N, C), having learned from them; NaN of all others."""
        own = self.seen(seen)
        found = np.full((len(own) + 1, len(self.shop.task.classes)), np.nan)  # the last row is that of strangers
        found[np.flatnonzero(own)] = self.shop.logits(self.member, own, own, what)
        return found[self.rows]


def matched(pupil: Examples, teacher: Examples) -> Rows:
    """Row in the teacher's stars of every star of the pupil (N,); -1 where it has none.

    Raises
    ------
    OptionError
        If their parts hold other stars, or they have none in common.
    """
    found = np.full(len(pupil), -1, dtype=np.int64)
    if len(pupil) and len(teacher):
        width = int(max(pupil.place.max(), teacher.place.max())) + 1
        asked, there = pupil.part * width + pupil.place, teacher.part * width + teacher.place
        order = np.argsort(there)
        near = order[np.minimum(np.searchsorted(there, asked, sorter=order), len(order) - 1)]
        found = np.where(there[near] == asked, near, -1)
    known = np.flatnonzero(found >= 0)
    if not len(known):
        raise OptionError(f"the teacher has none of the {len(pupil)} stars of its pupil; give both the same [examples]")
    for name in ("survey", "kind", "object_id"):
        own, other = getattr(pupil, name)[known], getattr(teacher, name)[found[known]]
        if (own != other).any():
            k = int(np.argmax(own != other))
            raise OptionError(
                f"star {pupil.place[known[k]]} of part {pupil.part[known[k]]} has {name} {other[k]} for the teacher "
                f"and {own[k]} for its pupil; give both the same [examples], and the same data"
            )
    return found


def softened(allowed: Flags, logits: Floats, share: float) -> NDArray[np.float32]:
    """What a pupil is taught of N stars (N, C): probabilities, or a row of ones where there is but an ambiguous label.

    Parameters
    ----------
    allowed : (N, C) bool
        What each star may be.
    logits : (N, C)
        Of the teacher; NaN where it does not know the star.
    share : float
        Of the teacher, where the label is certain. Where it is not, the teacher says how likely each class that the
        star may be is: the label says no more than that it is one of them.

    Examples
    --------
    Of a star with one label, of one that may be the first or the second class, and of a stranger:

    >>> allowed = np.array([[True, False, False], [True, True, False], [True, True, False]])
    >>> logits = np.log([[0.2, 0.2, 0.6], [0.2, 0.2, 0.6], [np.nan, np.nan, np.nan]])
    >>> softened(allowed, logits, 0.5)
    array([[0.6, 0.1, 0.3],
           [0.5, 0.5, 0. ],
           [1. , 1. , 0. ]], dtype=float32)
    """
    label = allowed.astype(np.float64)
    known = ~np.isnan(logits).any(axis=1, keepdims=True)
    certain = allowed.sum(axis=1, keepdims=True) == 1
    said = np.maximum(log_softmax(np.where(known, logits, 0.0)), _UNLIKELY)
    blend = (1.0 - share) * label + share * np.exp(said)
    among = np.exp(log_softmax(np.where(allowed, said, -np.inf)))
    return np.where(known, np.where(certain, blend, among), label).astype(np.float32)
