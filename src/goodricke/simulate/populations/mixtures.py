"""Named mixtures of kinds of stars."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches

import numpy as np
from numpy.typing import NDArray

from goodricke.errors import OptionError

__all__ = ["POPULATIONS", "Population", "kinds_of", "population"]


@dataclass(frozen=True)
class Population:
    """A mixture of kinds of stars."""

    name: str
    """As it is asked for."""
    meaning: str
    """What it is for, in a sentence."""
    shares: Mapping[str, float]
    """Kind -> its share; any positive numbers, only their ratios count."""


_ECLIPSING = {"contact": 50.0, "detached": 35.0, "semi_detached": 15.0}
_PULSATING = {
    "rrab": 24.0, "rrc": 9.0, "rrd": 2.0, "cepheid": 6.0, "type2_cepheid": 2.0, "anomalous_cepheid": 1.0,
    "delta_scuti": 12.0, "mira": 15.0, "semi_regular": 30.0,
}  # fmt: skip
_VARYING = {
    **{name: 0.40 * share for name, share in _ECLIPSING.items()},
    **{name: 0.35 * share for name, share in _PULSATING.items()},
    "ellipsoidal": 3.0, "rotator": 11.0, "be_star": 1.0, "young_star": 1.0, "quasar": 1.0,
    "planet": 0.5, "flare_star": 0.5, "microlensing": 0.5, "supernova": 0.5,
}  # fmt: skip
_WHOLE = sum(_VARYING.values())
_TROUBLE = {
    "constant": 40.0, "junk": 30.0, "rotator": 15.0, "young_star": 2.0, "quasar": 2.0,
    "be_star": 1.0, "flare_star": 4.0, "planet": 4.0, "microlensing": 2.0,
}  # fmt: skip

_ALL = (
    Population("contact", "contact binaries as a survey would find them", {"contact": 1.0}),
    Population("detached", "detached eclipsing binaries as a survey would find them", {"detached": 1.0}),
    Population("semi_detached", "Algols and near-contact binaries", {"semi_detached": 1.0}),
    Population("eclipsing", "eclipsing binaries in about the proportions of a survey from the ground", _ECLIPSING),
    Population(
        "total_partial",
        "contact binaries, half with a total eclipse and half without, many near the limit",
        {"contact_total": 1.0, "contact_partial": 1.0},
    ),
    Population("pulsating", "pulsating stars of all kinds, red giants most", _PULSATING),
    Population(
        "variables",
        "what a survey's list of variable candidates holds, some of it not variable",
        _VARYING | {"constant": 3.0, "junk": 3.0},
    ),
    Population(
        "sky",
        "all stars of a field: 90 in 100 constant, 6 with faults of the instrument, 4 variable",
        {"constant": 90.0, "junk": 6.0} | {name: 4.0 * share / _WHOLE for name, share in _VARYING.items()},
    ),
    Population(
        "balanced",
        "equal numbers of every class that is simulated, for training",
        {
            "contact": 2.0, "detached": 2.0, "semi_detached": 2.0, "ellipsoidal": 2.0, "rrab": 2.0, "rrc": 2.0,
            "rrd": 2.0, "cepheid": 2.0, "type2_cepheid": 2.0, "anomalous_cepheid": 2.0, "delta_scuti": 2.0, "mira": 1.0,
            "semi_regular": 1.0,
            "rotator": 2.0, "be_star": 2.0, "young_star": 2.0, "quasar": 2.0, "constant": 1.0, "junk": 1.0,
            "microlensing": 1.0, "supernova": 1.0,
        },
    ),
    Population("negatives", "what a search for eclipsing binaries must not take for one", _TROUBLE),
    Population("transients", "events that happen once", {"microlensing": 1.0, "supernova": 1.0}),
    Population("constants", "stars that do not vary", {"constant": 1.0}),
)  # fmt: skip

POPULATIONS: dict[str, Population] = {one.name: one for one in _ALL}
"""Name -> mixture. Shares are round numbers of our own, after what surveys list; none is a measurement."""


def population(name: str) -> Population:
    """Find the population of that name.

    Raises
    ------
    OptionError
        When there is none.

    Examples
    --------
    >>> population("total_partial").meaning
    'contact binaries, half with a total eclipse and half without, many near the limit'
    """
    if name not in POPULATIONS:
        close = get_close_matches(name, POPULATIONS, 1)
        raise OptionError(
            f"no population is called {name!r}{f'; did you mean {close[0]!r}' if close else ''}? "
            f"There are {', '.join(POPULATIONS)}"
        )
    return POPULATIONS[name]


def kinds_of(population: Population, n: int, rng: np.random.Generator) -> NDArray[np.str_]:
    """Choose the kinds of `n` stars, in random order; every kind has its share of them to less than one star.

    Returns
    -------
    numpy.ndarray of str, (n,)
        Names of kinds.

    Examples
    --------
    >>> chosen = kinds_of(POPULATIONS["total_partial"], 10, np.random.default_rng(0))
    >>> int((chosen == "contact_total").sum())
    5
    """
    edges = np.cumsum(np.array(list(population.shares.values()), float))
    at = (np.arange(n) + rng.random()) / max(n, 1) * edges[-1]
    row = np.minimum(np.searchsorted(edges, at, side="right"), len(edges) - 1)
    return rng.permutation(np.array(list(population.shares))[row])
