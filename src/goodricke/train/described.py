"""Candidate periods of every star of a set, described once and kept outside the project.

The file's name holds a hash of the data and of the code that describes, so that a change of either makes it anew. Parts
of a few hundred stars are kept as they are done: a killed run goes on where it was.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from goodricke import period
from goodricke.lightcurves import LightCurves
from goodricke.output.atomic import whole_file
from goodricke.period.candidates import FEATURES
from goodricke.period.periods import levelled, why_not
from goodricke.period.search import candidates
from goodricke.train.datasets import Labelled

__all__ = ["Described", "cache_folder", "described"]

_PART = 250
_CODE = ("transform", "spectrum", "grid", "folds", "candidates", "search")


@dataclass(frozen=True)
class Described:
    """Candidates of N stars: star i owns the rows from ``offsets[i]`` up to ``offsets[i + 1]``, perhaps none."""

    offsets: NDArray[np.int64]
    frequency: NDArray[np.float64]
    features: NDArray[np.float32]
    power: NDArray[np.float64]


def cache_folder(asked: Path | None = None) -> Path:
    """Where intermediate results are kept: as asked, else ``$GOODRICKE_CACHE``, else ``~/.cache/goodricke``."""
    folder = asked or Path(os.environ.get("GOODRICKE_CACHE", Path.home() / ".cache" / "goodricke"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def described(
    labelled: Labelled, folder: Path, jobs: int = 1, on_part: Callable[[int], None] | None = None
) -> Described:
    """Candidates of all stars, from the cache when they are there; some 20 ms a star otherwise.

    Parameters
    ----------
    labelled : Labelled
        The set.
    folder : Path
        The cache; see `cache_folder`.
    jobs : int
        Processes.
    on_part : callable, optional
        Called with the number of stars just done.
    """
    key = _key(labelled)
    whole = folder / f"candidates-{labelled.name}-{key}.npz"
    if not whole.exists():
        starts = range(0, len(labelled.lcs), _PART)
        parts = [folder / f"candidates-{labelled.name}-{key}-{k:06d}.npz" for k in starts]
        todo = [k for k, part in zip(starts, parts, strict=True) if not part.exists()]
        with ProcessPoolExecutor(jobs) as pool:
            pieces = (labelled.lcs[k : k + _PART] for k in todo)
            for k, piece in zip(todo, pool.map(_describe, pieces), strict=True):
                _save(parts[k // _PART], piece)
                if on_part is not None:
                    on_part(len(piece.power))
        _save(whole, _joined([_load(part) for part in parts]))
        for part in parts:
            part.unlink()
    return _load(whole)


def _key(labelled: Labelled) -> str:
    digest = hashlib.sha256(labelled.sha256.encode())
    digest.update("\n".join(labelled.lcs.object_id).encode())
    room = Path(period.__file__).parent
    for name in _CODE:
        digest.update((room / f"{name}.py").read_bytes())
    return digest.hexdigest()[:16]


def _describe(lcs: LightCurves) -> Described:
    level = levelled(lcs)
    frequency, features, power = [], [], []
    for a, b in pairwise(lcs.offsets):
        time, flux = lcs.time[a:b], level[a:b]
        if why_not(time, flux):
            frequency.append(np.empty(0))
            features.append(np.empty((0, len(FEATURES)), dtype=np.float32))
            power.append(np.nan)
            continue
        looked = candidates(time, flux, lcs.flux_err[a:b].astype(np.float64))
        frequency.append(looked.candidates.frequency)
        features.append(looked.candidates.features.astype(np.float32))
        power.append(looked.power)
    lengths = [len(one) for one in frequency]
    return Described(
        np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
        np.concatenate(frequency),
        np.concatenate(features),
        np.array(power),
    )


def _joined(parts: list[Described]) -> Described:
    lengths = np.concatenate([np.diff(part.offsets) for part in parts])
    return Described(
        np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
        np.concatenate([part.frequency for part in parts]),
        np.concatenate([part.features for part in parts]),
        np.concatenate([part.power for part in parts]),
    )


def _save(path: Path, found: Described) -> None:
    with whole_file(path) as temporary, temporary.open("wb") as file:
        np.savez(file, offsets=found.offsets, frequency=found.frequency, features=found.features, power=found.power)


def _load(path: Path) -> Described:
    with np.load(path, allow_pickle=False) as arrays:
        return Described(**{name: arrays[name] for name in ("offsets", "frequency", "features", "power")})
