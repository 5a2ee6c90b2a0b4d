"""What is promised of a feature."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["Behaviour", "Feature"]

Behaviour = Literal["same", "times", "log", "free"]
"""What becomes of a feature when the fluxes change: it stays, it is multiplied by the factor, the decimal logarithm of
the factor is added to it, or nothing is promised."""


@dataclass(frozen=True)
class Feature:
    """One number per star."""

    name: str
    """Lower case with underscores; logarithms begin with ``log_`` and are decimal."""
    unit: str
    """Such as ``d``; empty for a pure number."""
    low: float
    """Smallest value; what would lie below is brought here."""
    high: float
    """Largest value; what would lie above is brought here."""
    meaning: str
    """One sentence."""
    shift: Behaviour = "same"
    """When a constant is added to every flux."""
    scale: Behaviour = "same"
    """When every flux and error is multiplied by a factor."""
