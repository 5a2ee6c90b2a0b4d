"""Spots of binary stars at random: up to two, cool ones anywhere and hot ones at the neck."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from goodricke.simulate.binary.systems import Spots
from goodricke.simulate.stars import Columns

__all__ = ["MOST_SPOTS", "draw_spots", "spots_of"]

MOST_SPOTS = 2
_FIELDS = ("star", "colatitude", "longitude", "radius", "factor")


def draw_spots(count: NDArray[np.int64], hot_share: float, rng: np.random.Generator) -> Columns:
    """Draw the columns ``spot_count`` and ``spot1_star``, ``spot1_colatitude``, ... of N stars; NaN where none is.

    Cool spots have radii of 12 to 30 degrees and 0.75 to 0.93 of the temperature, at colatitudes 40 to 110 and
    longitudes 60 to 300 degrees; hot ones, 8 to 20 degrees and 1.05 to 1.2, face the companion within 30 degrees either
    way. Two of three spots are on star 1.

    Parameters
    ----------
    count : numpy.ndarray, (N,)
        Spots of every star, at most ``MOST_SPOTS``.
    hot_share : float
        Part of the spots that are hot.
    """
    n = len(count)
    made: Columns = {"spot_count": np.asarray(count, np.int64)}
    for spot in range(1, MOST_SPOTS + 1):
        hot = rng.random(n) < hot_share
        drawn = {
            "star": np.where(rng.random(n) < 0.65, 1.0, 2.0),
            "colatitude": np.where(hot, rng.uniform(60.0, 120.0, n), rng.uniform(40.0, 110.0, n)),
            "longitude": np.where(hot, rng.uniform(-30.0, 30.0, n), rng.uniform(60.0, 300.0, n)) % 360.0,
            "radius": np.where(hot, rng.uniform(8.0, 20.0, n), rng.uniform(12.0, 30.0, n)),
            "factor": np.where(hot, rng.uniform(1.05, 1.2, n), rng.uniform(0.75, 0.93, n)),
        }
        made |= {f"spot{spot}_{name}": np.where(count >= spot, values, np.nan) for name, values in drawn.items()}
    return made


def spots_of(stars: Columns) -> Spots | None:
    """All spots of the stars with those columns."""
    if "spot_count" not in stars or not (stars["spot_count"] > 0).any():
        return None
    rows = [np.flatnonzero(stars["spot_count"] >= spot) for spot in range(1, MOST_SPOTS + 1)]

    def values(name: str) -> NDArray[np.float64]:
        return np.concatenate([stars[f"spot{spot}_{name}"][row] for spot, row in enumerate(rows, 1)])

    return Spots(np.concatenate(rows), *(values(name) for name in _FIELDS))
