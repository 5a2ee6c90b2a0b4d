"""Simulated stars among those that a model learns from: every class, seen by surveys that no label comes from."""

from __future__ import annotations

import numpy as np

from goodricke.clean import clean
from goodricke.labels import leaf_of
from goodricke.train.augment import light_sha256
from goodricke.train.datasets import Labelled

__all__ = ["KIND", "SAYS", "SURVEYS", "simulated"]

SURVEYS = ("asas3", "asassn_v", "crts", "ogle", "ztf", "tess_30min")
"""The surveys whose sampling and noise the stars are seen with."""
KIND = "simulated"
SAYS = f"goodricke simulate --population balanced, as seen by {', '.join(SURVEYS)}"
_POPULATION = "balanced"


def simulated(n: int, seed: int) -> list[Labelled]:
    """Equal numbers of every class that is simulated, `n` stars for every survey of `SURVEYS`.

    The class is that of the physics, so EA, EB and EW are told apart by geometry where catalogues go by shape.
    """
    from goodricke.simulate.sky import simulate_sky

    return [_labelled(simulate_sky(_POPULATION, name, n, 1000 * (seed + 1) + k)) for k, name in enumerate(SURVEYS) if n]


def _labelled(made: object) -> Labelled:
    from goodricke.simulate.sky import Simulated

    assert isinstance(made, Simulated)
    lcs = clean(made.light_curves)
    label = np.array(made.truth.column("label").to_pylist(), dtype=str)
    period = made.truth.column("period_days").to_numpy(zero_copy_only=False).astype(np.float64)
    return Labelled(
        name=KIND,
        lcs=lcs,
        label=label,
        leaves=tuple(leaf_of("", word) for word in label.tolist()),
        period=period,
        sha256=light_sha256(lcs),
        morphology=np.full(len(lcs), -1),  # the truth's is another scale than the catalogue's
        kind=KIND,
    )
