"""How finely stars, outlines and curves are cut."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from goodricke.errors import OptionError
from goodricke.simulate.compiled import Floats

__all__ = ["FAST", "FINE", "Grid", "GridName", "grids", "shapes"]

GridName = Literal["fast", "fine"]


@dataclass(frozen=True)
class Grid:
    """How finely a star is cut, and at how many points a curve is worked out."""

    polar: int = 20
    """Cells from pole to pole of the line of centres."""
    azimuth: int = 20
    """Cells around it; a multiple of 4."""
    outline: int = 24
    """Points of the outline of the star in front; a multiple of 4."""
    points: tuple[int, int, int] = (0, 0, 0)
    """Points of each smooth piece of a curve: outside eclipses, while one begins or ends, and while one is total or
    annular. The rest is interpolated, where that is less work; zeros: every phase is worked out."""


# The neck of an envelope needs more rows than a whole star, and so does the tip of a star that fills its lobe.
FAST, FINE = Grid(24, 24, 40, (9, 13, 5)), Grid(44, 40, 48, (13, 19, 7))
FAST_LOBE, FINE_LOBE = Grid(28, 24, 24, (9, 13, 7)), Grid(40, 36, 48, (13, 19, 7))
FAST_APART, FINE_APART = Grid(20, 24, 24, (9, 11, 5)), Grid(32, 36, 48, (13, 19, 7))


def shapes(numbers: Floats) -> NDArray[np.int64]:
    """(N,) 0 for an envelope, 1 where a star fills its lobe, 2 for others; `numbers` are those of ``Systems``."""
    lobe = np.isinf(numbers[:, (6, 14)]).any(axis=1)
    return np.where(np.isnan(numbers[:, 2]), np.where(lobe, 1, 2), 0)


def grids(asked: Grid | GridName) -> tuple[Grid, Grid, Grid]:
    """Grid of each of the ``shapes``.

    Raises
    ------
    OptionError
        When a name is unknown or a grid cannot be made.

    Examples
    --------
    >>> [one.polar for one in grids("fast")]
    [24, 28, 20]
    """
    named: tuple[Grid, Grid, Grid] | None = None
    if asked == "fast":
        named = (FAST, FAST_LOBE, FAST_APART)
    elif asked == "fine":
        named = (FINE, FINE_LOBE, FINE_APART)
    elif isinstance(asked, Grid):
        sound = asked.polar >= 4 and asked.azimuth >= 8 and asked.outline >= 8
        sound &= len(asked.points) == 3 and (min(asked.points) >= 3 or not any(asked.points))
        named = (asked, asked, asked) if sound and asked.azimuth % 4 == asked.outline % 4 == 0 else None
    if named is None:
        raise OptionError(
            f"grid {asked!r}: give 'fast', 'fine' or a Grid whose azimuth and outline are multiples of 4, "
            "with three points per piece or more"
        )
    return named
