"""What a kind of star provides: parameters drawn at random, and its light at given times."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from goodricke.simulate.compiled import Floats, Ints

__all__ = ["Columns", "Kind", "Moments"]

Columns = dict[str, NDArray[Any]]
"""A table of stars: name of a column -> its values (N,)."""


@dataclass(frozen=True)
class Moments:
    """When each of N stars is looked at through one filter.

    Examples
    --------
    >>> Moments(np.array([1.0, 2.0, 7.0]), np.array([0, 2, 3])).star
    array([0, 0, 1])
    """

    time: Floats
    """(M,) Julian dates, increasing in a star."""
    offsets: Ints
    """(N + 1,) where each star begins in ``time``."""
    exposure: float = 0.0
    """Days over which the light is averaged."""

    @cached_property
    def star(self) -> Ints:
        """(M,) index of the star of every moment."""
        return np.repeat(np.arange(len(self.offsets) - 1), np.diff(self.offsets))


class Kind(ABC):
    """One kind of star or of trouble.

    A kind is a class with two methods and a row in ``goodricke.simulate.kinds.table``. It keeps nothing between calls:
    all that makes a star is in the columns that ``draw`` returns, so that a star can be seen again by another survey.
    """

    label: ClassVar[str]
    """Leaf of ``goodricke.labels``; a column ``label`` of ``draw`` goes before it."""

    @abstractmethod
    def draw(self, n: int, rng: np.random.Generator, span: tuple[float, float]) -> Columns:
        """Draw `n` stars that will be observed between two Julian dates.

        Columns that every kind returns: ``period_days`` (NaN: none), ``epoch`` (Julian date within or near `span` of
        the primary minimum of a binary, of the maximum of a pulsator, of the middle of an event; NaN: none) and
        ``temperature`` (kelvin, for the star's colours). A kind whose light is partly chance adds ``seed`` (int64) and
        makes that chance from it alone. Other columns are the kind's own parameters: numbers in the units that their
        names say, text or truth values; they all go into the truth table.
        """

    @abstractmethod
    def light(self, stars: Columns, moments: Moments, band: str) -> Floats:
        """Linear flux (M,) of the stars at those moments through one of ``BANDS``; about 1, not negative."""
