"""The table of representations: what a model wants to see of a star, by the name that its manifest gives.

Training and prediction both go through here, so that a model sees the same numbers in both. To add one: a function of
cleaned light curves, their periods and the manifest's ``representation``, and one row.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

import numpy as np
from numpy.typing import NDArray

from goodricke.clean import CleanOptions
from goodricke.errors import ModelError
from goodricke.lightcurves import LightCurves
from goodricke.period import Periods
from goodricke.represent.features import features
from goodricke.represent.folds import Points, folded, magnitudes
from goodricke.represent.sequences import sequences
from goodricke.represent.steps import steps

__all__ = ["REPRESENTATIONS", "Representation", "fold_inputs", "representation", "step_inputs"]

Arrays = dict[str, NDArray[Any]]
About = Mapping[str, Any]


@dataclass(frozen=True)
class Representation:
    """How stars become the inputs of a model."""

    says: str
    """One sentence for people."""
    needs_periods: bool
    """Whether periods are searched for; what is known of them is then in the table of predictions."""
    make: Callable[[LightCurves, Periods | None, About], Arrays]
    """Inputs of the model by name, the stars first, of N cleaned light curves."""
    settings: Mapping[str, type] = field(default_factory=dict)
    """What ``representation`` in the manifest must say, and the kind of value."""
    cleaning: CleanOptions = CleanOptions()  # noqa: RUF009 - a frozen dataclass
    """How light curves are cleaned first."""


def _features(lcs: LightCurves, periods: Periods | None, about: About) -> Arrays:
    return {"features": features(lcs, periods, tuple(about["names"])).values}


def _folds(lcs: LightCurves, periods: Periods | None, about: About) -> Arrays:
    assert periods is not None
    values = features(lcs, periods, tuple(about["names"])).values
    return fold_inputs(magnitudes(lcs), periods.tried, periods.strengths, values, about)


def fold_inputs(
    points: Points, tried: NDArray[np.float64], strengths: NDArray[np.float32], values: NDArray[np.float32],
    about: About,
) -> Arrays:  # fmt: skip
    """Inputs of ``folds`` from what they are made of: points, candidates (N, 8), their numbers, features (N, K)."""
    return {
        "folds": folded(points, tried),
        "strengths": strengths,
        "steps": steps(points, int(about["steps"])),
        "features": values,
    }


def _steps(lcs: LightCurves, periods: Periods | None, about: About) -> Arrays:
    return step_inputs(magnitudes(lcs), features(lcs, None, tuple(about["names"])).values, about)


def step_inputs(points: Points, values: NDArray[np.float32], about: About) -> Arrays:
    """Inputs of ``steps``: points and features (N, K)."""
    return {"steps": steps(points, int(about["steps"])), "features": values}


def _sequences(lcs: LightCurves, periods: Periods | None, about: About) -> Arrays:
    values, lengths = sequences(lcs).padded(np.arange(len(lcs)), int(about["steps"]))
    return {"sequence": values, "lengths": lengths}


_NAMES: dict[str, type] = {"names": list}
_STEPS: dict[str, type] = {"steps": int}

REPRESENTATIONS: dict[str, Representation] = {
    "features": Representation("numbers that describe the light curve and its fold", True, _features, _NAMES),
    "folds": Representation(
        "folds at several candidate periods, the raw points, and the features", True, _folds, _NAMES | _STEPS
    ),
    "steps": Representation("the raw points, and features that need no period", False, _steps, _NAMES | _STEPS),
    "sequences": Representation(
        "time, scaled magnitude and error of every point, as seed 0 has them", False, _sequences, _STEPS,
        CleanOptions(spare_variation=False, error_factor=1.0),
    ),
}  # fmt: skip
"""Name -> row. Shapes: ``features`` (N, K); ``folds`` (N, 8, 3, 64); ``strengths`` (N, 8, 46); ``steps`` (N, S, 5);
``sequence`` (N, L, 3) with ``lengths`` (N,), L that of the longest star."""


def representation(name: object) -> Representation:
    """The row of a name.

    Raises
    ------
    ModelError
        If there is none.

    Examples
    --------
    >>> representation("sequences").needs_periods
    False
    """
    if not isinstance(name, str) or name not in REPRESENTATIONS:
        near = get_close_matches(str(name), REPRESENTATIONS, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(REPRESENTATIONS)}."
        raise ModelError(f"representation {str(name)[:60]!r} is not known; {hint} A newer goodricke may know it")
    return REPRESENTATIONS[name]
