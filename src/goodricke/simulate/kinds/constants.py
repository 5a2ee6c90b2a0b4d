"""Stars that do not vary."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from goodricke.simulate.compiled import Floats
from goodricke.simulate.stars import Columns, Kind, Moments

__all__ = ["Constant", "field_temperatures"]


def field_temperatures(n: int, rng: np.random.Generator) -> Floats:
    """Draw temperatures (K) of stars of the field as a magnitude-limited survey has them: most are of types F to K.

    Examples
    --------
    >>> field_temperatures(3, np.random.default_rng(0)).round()
    array([5626., 5371., 6172.])
    """
    return np.asarray(np.clip(5500.0 * np.exp(rng.normal(0.0, 0.18, n)), 2800.0, 20000.0))


class Constant(Kind):
    """Stars of constant light: what a survey makes of them is its own doing."""

    label: ClassVar[str] = "CONST"

    def draw(self, n: int, rng: np.random.Generator, span: tuple[float, float]) -> Columns:
        """Draw `n` stars without period or epoch."""
        nothing = np.full(n, np.nan)
        return {"period_days": nothing, "epoch": nothing.copy(), "temperature": field_temperatures(n, rng)}

    def light(self, stars: Columns, moments: Moments, band: str) -> Floats:
        """Ones."""
        return np.ones(len(moments.time))
