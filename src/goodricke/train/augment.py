"""Stars made of others: with fewer points, seen by another survey, with none of their variation.

All keep the star's name, and so its fold.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from goodricke import ragged
from goodricke.clean import CleanOptions
from goodricke.lightcurves import LightCurves
from goodricke.train import elsewhere
from goodricke.train.datasets import SETS, Labelled, load

__all__ = ["all_parts", "constant", "light_sha256", "seen_elsewhere", "thinned"]

FEWEST = 20
_OUTLIERS = 0.01


def all_parts(
    folder: Path, names: Sequence[str], most: int = 0, seed: int = 0,
    fewer: float = 0.25, flat: float = 0.05, other: float = 0.3, cleaning: CleanOptions | None = None,
) -> list[Labelled]:  # fmt: skip
    """The sets, and shares of their stars: with fewer points, with noise in place of their light, seen elsewhere."""
    parts = []
    for k, name in enumerate(names):
        whole = load(folder, name, most, seed, cleaning)
        parts += [whole, thinned(whole, fewer, seed + k), constant(whole, flat, seed + k)]
        parts.append(seen_elsewhere(whole, other, seed + k))
    return [part for part in parts if len(part.lcs)]


def thinned(labelled: Labelled, share: float, seed: int) -> Labelled:
    """A share of the stars with fewer points: half of them a random choice, half the first so many.

    The number that stays is drawn evenly in its logarithm between 20 and three quarters of what there is, so that a
    model learns how little a short curve tells.
    """
    rng = np.random.default_rng(seed)
    lengths = labelled.lcs.lengths
    able = np.flatnonzero(lengths >= 2 * FEWEST)
    stars = np.sort(rng.permutation(able)[: round(share * len(able))])
    keep = np.zeros(len(labelled.lcs.time), dtype=bool)
    for i in stars:
        a, n = int(labelled.lcs.offsets[i]), int(lengths[i])
        fewer = int(np.exp(rng.uniform(np.log(FEWEST), np.log(0.75 * n))))
        chosen = np.arange(fewer) if rng.random() < 0.5 else rng.permutation(n)[:fewer]
        keep[a + chosen] = True
    return _some(labelled, stars, labelled.lcs.keep_points(keep)[stars], "thinned", f"{share} {seed}")


def constant(labelled: Labelled, share: float, seed: int) -> Labelled:
    """A share of the stars with noise in place of their light: same times, same errors, a few wild points.

    The noise is Gaussian, 0.5 to 1.5 times the errors of the star (surveys over- and underestimate them), part of it in
    common to the points of one night, since nights differ.
    """
    rng = np.random.default_rng(seed)
    stars = np.sort(rng.permutation(len(labelled.lcs))[: round(share * len(labelled.lcs))])
    lcs = labelled.lcs[stars]
    ids = ragged.segment_ids(lcs.offsets)
    size = rng.uniform(0.5, 1.5, len(lcs))[ids] * lcs.flux_err
    nightly = rng.uniform(0.0, 0.4, len(lcs))[ids]
    _, night = np.unique(np.stack([ids, np.floor(lcs.time)]), axis=1, return_inverse=True)
    noise = np.sqrt(1.0 - nightly) * rng.normal(size=len(lcs.time))
    noise += np.sqrt(nightly) * rng.normal(size=int(night.max(initial=0)) + 1)[night.ravel()]
    wild = rng.random(len(lcs.time)) < _OUTLIERS
    noise[wild] *= 4.0
    flat = replace(lcs, flux=(1.0 + size * noise).astype(np.float32))
    leaves = (("CONST",),) * len(stars)
    made = _some(labelled, stars, flat, "constant", f"{share} {seed}")
    nothing = np.full(len(stars), np.nan)
    return replace(
        made, leaves=leaves, label=np.full(len(stars), "CONST"), period=nothing, morphology=np.full(len(stars), -1)
    )


def seen_elsewhere(labelled: Labelled, share: float, seed: int) -> Labelled:
    """A share of the stars whose period is to be trusted, as another survey would see them.

    See ``goodricke.train.elsewhere``; stars whose folded curve is not well known are left out.
    """
    rng = np.random.default_rng(seed)
    trusted = np.isin(labelled.label, SETS[labelled.name].periodic) & np.isfinite(labelled.period)
    stars = np.sort(rng.permutation(np.flatnonzero(trusted))[: round(share * trusted.sum())])
    if not len(stars):
        return _some(labelled, stars, labelled.lcs[stars], "elsewhere", f"{share} {seed}")
    found = elsewhere.donors(labelled.lcs[stars], labelled.period[stars])
    stars = stars[found.star]
    lcs = elsewhere.observed(found, labelled.lcs.object_id[stars], rng)
    return _some(labelled, stars, lcs, "elsewhere", f"{share} {seed} {light_sha256(lcs)}")


def light_sha256(lcs: LightCurves) -> str:
    """Of times, flux and errors: what the name of a cached file is made of."""
    return hashlib.sha256(lcs.time.tobytes() + lcs.flux.tobytes() + lcs.flux_err.tobytes()).hexdigest()


def _some(labelled: Labelled, stars: NDArray[np.int64], lcs: LightCurves, kind: str, how: str) -> Labelled:
    return Labelled(
        name=labelled.name,
        lcs=lcs,
        label=labelled.label[stars],
        leaves=tuple(labelled.leaves[k] for k in stars),
        period=labelled.period[stars],
        sha256=hashlib.sha256(f"{labelled.sha256} {kind} {how}".encode()).hexdigest(),
        morphology=labelled.morphology[stars],
        kind=kind,
    )
