"""Stars good and bad, and a model whose probabilities are not all 0 or 1."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from goodricke.decide import Calibration
from goodricke.lightcurves import LightCurves, concatenate
from goodricke.line import Model, load_model
from period import made

KINDS = (("EA", 2.1), ("EW", 0.5), ("RRAB", 0.6), ("CONST", 1.0), ("EB", 1.3))


def soft_model(bundle: Path) -> Model:
    """The small model, less sure of itself."""
    model = load_model(bundle)
    return replace(model, calibration=Calibration("temperature", len(model.classes_), slope=(0.4,)))


def star(kind: str, period: float, name: str, seed: int = 0, n: int = 90) -> LightCurves:
    """One star of this name."""
    return replace(made.star(kind, period, seed, n=n), object_id=np.array([name]))


def good_stars() -> LightCurves:
    """Five stars, ``good 0`` to ``good 4``."""
    return concatenate([star(kind, period, f"good {k}", 50 + k) for k, (kind, period) in enumerate(KINDS)])


def bad_stars() -> dict[str, tuple[LightCurves, str]]:
    """Stars that no period can be found for -> why."""
    one = star("EA", 2.1, "bad")
    nothing = "0 points are too few for a period: 20 is the least"
    changed = {
        "few": (star("EA", 2.0, "bad", n=8), "8 points are too few for a period: 20 is the least"),
        "times": (replace(one, time=np.full(90, 5.0)), "1 points are too few for a period: 20 is the least"),
        "fluxes": (replace(one, flux=np.ones(90)), "all points have the same flux"),
        "nan flux": (replace(one, flux=np.full(90, np.nan)), nothing),
        "infinite flux": (replace(one, flux=np.full(90, np.inf)), nothing),
        "nan time": (replace(one, time=np.full(90, np.nan)), nothing),
        "no errors": (replace(one, flux_err=np.zeros(90)), nothing),
        "no points": (one.keep_points(np.zeros(90, dtype=bool)), nothing),
    }
    return {name: (replace(lcs, object_id=np.array([name])), why) for name, (lcs, why) in changed.items()}
