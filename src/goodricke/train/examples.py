"""What a classifier of variables learns from: features of labelled stars at periods found by trees that never saw them.

The stars of several sets, some of them again with fewer points, and some with noise in place of their light. The choice
among candidate periods is trained here too, fold by fold, so that a star's period is as often wrong in training as it
will be for a star of a user.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import goodricke
from goodricke.clean import CleanOptions
from goodricke.evaluate.splits import folds_of
from goodricke.labels import LEAVES
from goodricke.lightcurves import LightCurves
from goodricke.output.atomic import whole_file
from goodricke.period.candidates import Candidates
from goodricke.period.choice import chooser
from goodricke.period.periods import Periods, assembled, given_periods, unsearched
from goodricke.period.search import StarPeriod, chosen
from goodricke.represent.features import features
from goodricke.train import augment, period_chooser
from goodricke.train.datasets import Labelled
from goodricke.train.described import Described, described
from goodricke.train.simulated import KIND, simulated

__all__ = ["Examples", "Recipe", "gather", "parts_of"]

Say = Callable[[str], None]


@dataclass(frozen=True)
class Recipe:
    """Which stars, and how they are described."""

    sets: tuple[str, ...]
    """Data sets; see ``goodricke.train.datasets``."""
    groups: tuple[str, ...]
    """Groups of features; see ``goodricke.represent.features``."""
    period: str = "search"
    """``search``: as found here; ``given``: the catalogue's where there is one; ``none``: nobody asks."""
    thinned: float = 0.25
    """Share of the stars that are taken a second time with fewer points."""
    constant: float = 0.05
    """Share of the stars whose sampling is taken for a constant star."""
    elsewhere: float = 0.3
    """Share of the stars with a period to trust that are taken a second time as another survey would see them."""
    simulated: int = 0
    """Simulated stars for every survey of ``goodricke.train.simulated``."""
    without: tuple[str, ...] = ()
    """Words of the catalogues whose stars are left out."""
    most: int = 0
    """Stars per set, a random choice; 0: all."""
    folds: int = 5
    """Folds by star."""
    seed: int = 0
    """Of every random choice."""


@dataclass(frozen=True)
class Examples:
    """N stars in K numbers.

    Parameters
    ----------
    values : (N, K) float32
        Features, NaN where unknown.
    names : K names
        Of the columns.
    allowed : (N, L) bool
        Which of ``goodricke.labels.LEAVES`` the star may be.
    fold : (N,) int
        Stars of one fold are tested by a model of the others.
    object_id, survey, label, kind : (N,) str
        Name, data set, catalogue's word, and ``whole``, ``thinned``, ``constant``, ``elsewhere`` or ``simulated``.
    n_points, span, period : (N,)
        Points, days, and the period that the features were made with.
    part, place : (N,) int
        Number of the part (see `parts_of`) and of the star in it.
    tried : (N, 8) float64
        Frequencies of the likeliest candidates; see ``goodricke.period.Periods``.
    strengths : (N, 8, 46) float32
        Numbers of each.
    truth : (N,) float64
        The period in days where the catalogue's is to be trusted, NaN elsewhere.
    """

    values: NDArray[np.float32]
    names: tuple[str, ...]
    allowed: NDArray[np.bool_]
    fold: NDArray[np.int64]
    object_id: NDArray[np.str_]
    survey: NDArray[np.str_]
    label: NDArray[np.str_]
    kind: NDArray[np.str_]
    n_points: NDArray[np.int64]
    span: NDArray[np.float64]
    period: NDArray[np.float64]
    part: NDArray[np.int64]
    place: NDArray[np.int64]
    tried: NDArray[np.float64]
    strengths: NDArray[np.float32]
    truth: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.fold)

    def some(self, which: NDArray[Any]) -> Examples:
        """The chosen rows."""
        fields = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return Examples(**{name: value if name == "names" else value[which] for name, value in fields.items()})


def parts_of(recipe: Recipe, folder: Path, cleaning: CleanOptions | None = None) -> list[Labelled]:
    """The sets of a recipe and what is made of their stars, then the simulated ones; cleaned."""
    return [
        *augment.all_parts(
            folder, recipe.sets, recipe.most, recipe.seed, recipe.thinned, recipe.constant, recipe.elsewhere, cleaning
        ),
        *simulated(recipe.simulated, recipe.seed),
    ]


def gather(
    recipe: Recipe, folder: Path, cache: Path, jobs: int = 1, say: Say = print, parts: list[Labelled] | None = None
) -> Examples:
    """Load, search, describe: minutes for tens of thousands of stars, seconds when the cache has them.

    `parts` may be given by who has them already; see `parts_of`.
    """
    parts = parts_of(recipe, folder) if parts is None else parts
    path = cache / f"examples-{_key(recipe, parts)}.npz"
    if not path.exists():
        rows = []
        for number, (one, periods) in enumerate(zip(parts, _periods(parts, recipe, cache, jobs, say), strict=True)):
            say(f"features of {len(one.lcs)} stars of {one.title}")
            rows.append(_rows(number, one, periods, recipe))
        _save(path, rows)
    return _load(path)


def _periods(parts: list[Labelled], recipe: Recipe, cache: Path, jobs: int, say: Say) -> Iterator[Periods]:
    """Periods of every part, chosen by trees that never saw its stars."""
    if recipe.period == "none":
        yield from (unsearched(one.lcs) for one in parts)
        return
    sets = []
    for one in parts:
        say(f"candidate periods of {len(one.lcs)} stars of {one.title}")
        sets.append((one, described(one, cache, jobs)))
    say("choosing among candidate periods, fold by fold")
    real = [(one, found) for one, found in sets if one.kind != KIND]
    yield from _unseen_periods(real, cache, recipe.seed)
    trees = chooser()  # it never saw a simulated star
    for one, found in sets:
        if one.kind == KIND:
            odds = trees.log_odds(found.features.astype(np.float64)) if len(found.frequency) else np.empty(0)
            yield _chosen_periods(one.lcs, found, odds, (trees.scale, trees.none))


def _key(recipe: Recipe, sets: list[Labelled]) -> str:
    digest = hashlib.sha256(json.dumps(asdict(recipe)).encode())
    for one in sets:
        digest.update(one.sha256.encode())
    package = Path(goodricke.__file__).parent
    for room in (
        "clean",
        "period",
        "represent",
        "train/augment.py",
        "train/datasets.py",
        "train/period_chooser.py",
        "train/examples.py",
    ):
        for file in sorted((package / room).rglob("*.py")) or [package / room]:
            digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def _unseen_periods(sets: list[tuple[Labelled, Described]], cache: Path, seed: int) -> Iterator[Periods]:
    _, _, _, odds, trust = period_chooser.chosen_unseen(sets, cache, seed)
    first = 0
    for part, one in sets:
        here = odds[first : first + len(one.frequency)]
        first += len(one.frequency)
        yield _chosen_periods(part.lcs, one, here, trust)


def _chosen_periods(lcs: LightCurves, one: Described, odds: NDArray[np.float64], trust: tuple[float, float]) -> Periods:
    def star(k: int, time: Any, flux: Any, err: Any) -> StarPeriod | str:
        rows = slice(int(one.offsets[k]), int(one.offsets[k + 1]))
        looked = Candidates(one.frequency[rows], one.features[rows].astype(np.float64))
        return chosen(time, flux, err, looked, odds[rows], trust, float(one.power[k]))

    return assembled(lcs, star)


def _rows(number: int, one: Labelled, periods: Periods, recipe: Recipe) -> Examples:
    if recipe.period == "given":
        known = np.where(np.isfinite(one.period), one.period, periods.period[:, 0])
        periods = given_periods(one.lcs, known)
    table = features(one.lcs, None if recipe.period == "none" else periods, recipe.groups)
    taught = np.array([len(leaves) > 0 for leaves in one.leaves]) & ~np.isin(one.label, recipe.without)
    allowed = np.array([[leaf in leaves for leaf in LEAVES] for leaves in one.leaves], dtype=bool)
    first, last = one.lcs.offsets[:-1], np.maximum(one.lcs.offsets[1:] - 1, one.lcs.offsets[:-1])
    last = np.minimum(last, len(one.lcs.time) - 1)
    rows = Examples(
        values=table.values,
        names=table.names,
        allowed=allowed.reshape(len(one.lcs), len(LEAVES)),
        fold=folds_of(one.lcs.object_id, recipe.folds),
        object_id=one.lcs.object_id,
        survey=np.full(len(one.lcs), one.name),
        label=one.label,
        kind=np.full(len(one.lcs), one.kind),
        n_points=one.lcs.lengths,
        span=one.lcs.time[last] - one.lcs.time[np.minimum(first, last)],
        period=periods.period[:, 0],
        part=np.full(len(one.lcs), number),
        place=np.arange(len(one.lcs)),
        tried=periods.tried,
        strengths=periods.strengths,
        truth=np.where(one.trusted, one.period, np.nan),
    )
    # Twenty points are the least for a period, and for a class.
    return rows.some(taught & (periods.status == "ok"))


def _save(path: Path, rows: list[Examples]) -> None:
    fields = {
        name: np.concatenate([getattr(one, name) for one in rows])
        for name in Examples.__dataclass_fields__
        if name != "names"
    }
    with whole_file(path) as temporary, temporary.open("wb") as file:
        np.savez(file, names=np.array(rows[0].names), **fields)  # type: ignore[arg-type]


def _load(path: Path) -> Examples:
    with np.load(path, allow_pickle=False) as arrays:
        fields = {name: arrays[name] for name in Examples.__dataclass_fields__}
    return Examples(**{**fields, "names": tuple(fields["names"].tolist())})
