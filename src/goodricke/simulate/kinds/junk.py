"""Constant stars with instrumental trouble: what a classifier of variables must not fall for."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from goodricke.simulate.compiled import Floats
from goodricke.simulate.kinds.chance import new_seeds
from goodricke.simulate.kinds.constants import field_temperatures
from goodricke.simulate.kinds.troubles import TROUBLES
from goodricke.simulate.stars import Columns, Kind, Moments

__all__ = ["GroundJunk", "Junk", "SpaceJunk"]


def _of(
    stars: Columns, moments: Moments, chosen: np.ndarray[tuple[int], np.dtype[np.bool_]]
) -> tuple[Columns, Moments]:
    """Some of the stars and their moments."""
    lengths = np.diff(moments.offsets)[chosen]
    time = moments.time[chosen[moments.star]]
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    return {name: column[chosen] for name, column in stars.items()}, Moments(time, offsets, moments.exposure)


class Junk(Kind):
    """Each star has one trouble of ``TROUBLES``, and two of five a second one of half its size.

    Sizes on the ground are those of the worst stars of ASAS-3 and CRTS: of 2,000 eclipsing binaries without their
    eclipses one in a hundred has a wave of 0.02 to 0.04 mag with the day or the Moon, or seasons that far apart.
    """

    label: ClassVar[str] = "CONST"
    types: ClassVar[tuple[str, ...]] = tuple(TROUBLES)
    size: ClassVar[tuple[float, float]] = (-1.7, 0.35)
    """Mean and spread of the decimal logarithm of the size."""

    def draw(self, n: int, rng: np.random.Generator, span: tuple[float, float]) -> Columns:
        """Draw `n` stars: ``junk_type``, ``second_junk_type`` (may be empty), ``trouble_size``, ``trouble_start``."""
        nothing = np.full(n, np.nan)
        return {
            "period_days": nothing,
            "epoch": nothing.copy(),
            "temperature": field_temperatures(n, rng),
            "seed": new_seeds(n, rng),
            "junk_type": rng.choice(self.types, n),
            "second_junk_type": np.where(rng.random(n) < 0.4, rng.choice(self.types, n), ""),
            "trouble_size": 10.0 ** rng.normal(*self.size, n),
            "trouble_start": rng.uniform(*span, n),
        }

    def light(self, stars: Columns, moments: Moments, band: str) -> Floats:
        """1 and the troubles, not below 0; the same in all bands."""
        flux = np.ones(len(moments.time))
        for column, share in (("junk_type", 1.0), ("second_junk_type", 0.5)):
            for name in np.unique(stars[column]):
                if name:
                    chosen = stars[column] == name
                    few, seen = _of(stars, moments, chosen)
                    change = TROUBLES[str(name)](few, seen) * share * few["trouble_size"][seen.star]
                    flux[chosen[moments.star]] += change
        return np.asarray(np.maximum(flux, 0.0))


class GroundJunk(Junk):
    """Trouble at telescopes on the ground."""

    types: ClassVar[tuple[str, ...]] = ("jumps", "daily_trend", "moonlight", "focus_drift", "bad_nights", "spikes")
    size: ClassVar[tuple[float, float]] = (-1.6, 0.25)


class SpaceJunk(Junk):
    """Trouble of TESS and Kepler."""

    types: ClassVar[tuple[str, ...]] = ("ramp", "jumps", "momentum_dumps", "scattered_light", "focus_drift", "spikes")
    size: ClassVar[tuple[float, float]] = (-2.3, 0.4)
