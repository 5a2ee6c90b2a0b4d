"""Train a classifier of variables from its recipe: folds by star, calibration on unseen stars, figures, bundle.

Every step is cached, so that a killed run goes on where it was.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from goodricke.decide import AbstentionLimits, Calibration, best_of, fit_conformal, fit_novelty, fit_thresholds
from goodricke.errors import DataError
from goodricke.labels import LEAVES
from goodricke.models import Bundle
from goodricke.models.predictor import Predictor, log_softmax
from goodricke.output import write_table
from goodricke.output.atomic import whole_file
from goodricke.train import classical, tree_arrays
from goodricke.train.config import Config, Member
from goodricke.train.datasets import SETS
from goodricke.train.examples import Examples, gather
from goodricke.train.export import card_text, save_bundle
from goodricke.train.figures import calibrated_elsewhere, figures_of, unseen_table
from goodricke.train.importance import permutation_importance

__all__ = ["Task", "train"]

Floats = NDArray[np.float64]
Say = Callable[[str], None]

_ALPHA = 0.05
_SURE_ENOUGH = 0.1  # a class that the first model gives less to is not worth a row
_FIRST = {"max_iter": 40, "learning_rate": 0.15, "max_leaf_nodes": 15, "max_features": 0.3}
_GOLDEN = 8


@dataclass(frozen=True, eq=False)
class Task:
    """Stars, the classes to tell apart, and which of them each star may be.

    Parameters
    ----------
    examples : Examples
        N stars.
    classes : C names
        Those with enough certain stars.
    allowed : (N, C) bool
        One class for a certain star, several for an ambiguous one.
    """

    examples: Examples
    classes: tuple[str, ...]
    allowed: NDArray[np.bool_]

    @classmethod
    def of(cls, examples: Examples, fewest: int) -> Task:
        """Keep the classes that have `fewest` certain stars, and the stars that are one of them and have a period."""
        certain = (examples.allowed.sum(axis=1) == 1) & np.isin(examples.kind, ("whole", "constant"))
        kept = np.flatnonzero(examples.allowed[certain].sum(axis=0) >= fewest)
        if len(kept) < 2:
            raise DataError(f"only {len(kept)} classes have {fewest} stars; give more stars, or a smaller `fewest`")
        inside = examples.allowed[:, kept].any(axis=1)
        return cls(examples.some(inside), tuple(LEAVES[k] for k in kept), examples.allowed[inside][:, kept])

    @property
    def certain(self) -> NDArray[np.bool_]:
        """Stars of one class (N,)."""
        return np.asarray(self.allowed.sum(axis=1) == 1)

    def weighted(self, logits: Floats) -> tuple[NDArray[np.int64], NDArray[np.int64], Floats]:
        """Rows, classes and weights: a certain star once, an ambiguous one with every class that it may be.

        Its weights are those that the logits (N, C) of a model give, among the classes that are allowed. Without these
        stars a calibration would learn that surveys whose stars are ambiguous have none of the kind.
        """
        share = np.exp(log_softmax(logits)) + 1e-4
        share = np.where(self.allowed, share, 0.0)
        share /= share.sum(axis=1, keepdims=True)
        row, column = np.nonzero(share > _SURE_ENOUGH)
        return row, column, share[row, column]

    def likeliest(self, logits: Floats) -> NDArray[np.int64]:
        """The class of the certain stars, and of the ambiguous the likeliest that they may be (N,)."""
        return np.asarray(np.argmax(np.where(self.allowed, logits, -np.inf), axis=1))

    @property
    def target(self) -> NDArray[np.int64]:
        """The class of the certain stars (N,)."""
        return np.asarray(np.argmax(self.allowed, axis=1))


def train(
    config: Config, folder: Path, cache: Path, output: Path, command: str, jobs: int = 1, say: Say = print
) -> Bundle:
    """Make the bundle of a recipe.

    Parameters
    ----------
    config : Config
        The recipe.
    folder : Path
        Where the data sets are.
    cache : Path
        Where intermediate results are kept; see ``goodricke.train.described.cache_folder``.
    output : Path
        Folder of bundles; the bundle gets its own folder in it. Beside it stands ``NAME-VERSION-unseen.parquet``: what
        models that never saw them say of the training stars, for ``goodricke evaluate``.
    command : str
        What rebuilds it, for the card.
    jobs : int
        Processes and threads.
    say : callable
        Told what is going on.
    """
    output.mkdir(parents=True, exist_ok=True)
    examples = gather(config.examples, folder, cache, jobs, say)
    task = Task.of(examples, config.fewest)
    say(f"{len(task.examples)} stars in {len(task.classes)} classes: {', '.join(task.classes)}")
    unseen = _unseen(task, config, cache, jobs, say)
    rows, target, weights = task.weighted(unseen)
    calibration, losses = best_of(unseen[rows], target, task.examples.fold[rows], weights)
    say("log loss on unseen stars: " + ", ".join(f"{kind} {loss:.4f}" for kind, loss in losses.items()))
    strangers = _strangers(task, config, cache, jobs, say)
    say("the final fit to all stars")
    everybody = np.ones(len(task.examples), dtype=bool)
    fitted = _fitted(task, everybody, config.members, jobs)
    novelty = fit_novelty(task.examples.values, task.likeliest(unseen), task.examples.fold)
    manifest = {
        "name": config.name,
        "version": config.version,
        "description": config.says,
        "family": fitted.family,
        "classes": list(task.classes),
        "inputs": {"features": {"shape": [None, task.examples.values.shape[1]], "dtype": "float32"}},
        "representation": {
            "name": "features",
            "groups": list(config.examples.groups),
            "period": config.examples.period,
            "names": list(task.examples.names),
        },
        "settings": {**fitted.settings, "recipe": json.loads(json.dumps(asdict(config)))},
        **_decisions(task, unseen, calibration),
        "data": _data(task),
        "split": {
            "how": "folds by a hash of the star's name; the choice among periods is trained in the same folds",
            "folds": config.examples.folds,
            "seed": config.examples.seed,
        },
        "metrics": figures_of(task, unseen, calibration, strangers, losses, _ALPHA),
        "importance": _importance(task, config, jobs, say),
        "command": command,
    }
    rows = np.linspace(0, len(task.examples) - 1, _GOLDEN).astype(int)
    golden = {"features": task.examples.values[rows]}
    arrays = {**fitted.arrays, **novelty.to_arrays()}
    folder = output / f"{config.name}-{config.version}"
    write_table(unseen_table(task, unseen, calibration), folder.with_name(f"{folder.name}-unseen.parquet"))
    return save_bundle(folder, manifest, arrays, card_text(_for_card(manifest)), golden)


def _decisions(task: Task, unseen: Floats, calibration: Calibration) -> dict[str, Any]:
    # An ambiguous star counts as the likeliest class that it may be: what matters is what it may not be.
    target = task.likeliest(unseen)
    p = calibrated_elsewhere(task, unseen, calibration)
    _, column, weights = task.weighted(unseen)
    shares = np.bincount(column, weights, len(task.classes)) / weights.sum()
    stars = np.unique(task.examples.object_id, return_inverse=True)[1]
    return {
        "calibration": calibration.to_dict(),
        "priors": dict(zip(task.classes, shares.tolist(), strict=True)),
        "thresholds": fit_thresholds(p, target, task.classes, stars=stars).to_dict(),
        "conformal": fit_conformal(p, target, _ALPHA).to_dict(),
        "limits": AbstentionLimits().to_dict(),
    }


def _data(task: Task) -> list[dict[str, Any]]:
    rows = []
    for name in dict.fromkeys(task.examples.survey.tolist()):
        here = (task.examples.survey == name) & (task.examples.kind == "whole")
        counts = {c: int(task.allowed[here & task.certain, k].sum()) for k, c in enumerate(task.classes)}
        rows.append(
            {
                "name": name,
                "source": SETS[name].says if name in SETS else name,
                "stars": int(here.sum()),
                "ambiguous": int((here & ~task.certain).sum()),
                "classes": ", ".join(f"{c} {n}" for c, n in counts.items() if n),
            }
        )
    return rows


def _unseen(task: Task, config: Config, cache: Path, jobs: int, say: Say) -> Floats:
    """Logits (N, C) of every star by a model that had no star of its fold."""
    logits = np.empty(task.allowed.shape)
    for k in range(config.examples.folds):
        test = task.examples.fold == k
        logits[test] = _cached(task, ~test, test, config, cache, jobs, f"fold {k}", say)
    return logits


def _strangers(task: Task, config: Config, cache: Path, jobs: int, say: Say) -> dict[str, Floats]:
    """Logits of the stars of a set by a model that had no star of the set."""
    found = {}
    for name in config.left_out:
        test = task.examples.survey == name
        if test.any() and not test.all():
            found[name] = _cached(task, ~test, test, config, cache, jobs, f"leaving out {name}", say)
    return found


def _cached(
    task: Task, seen: NDArray[np.bool_], test: NDArray[np.bool_], config: Config, cache: Path, jobs: int,
    what: str, say: Say,
) -> Floats:  # fmt: skip
    digest = hashlib.sha256(json.dumps([asdict(one) for one in config.members]).encode())
    digest.update(repr((task.classes, task.examples.names, _FIRST, _SURE_ENOUGH)).encode())
    for room in (classical, tree_arrays):
        digest.update(Path(str(room.__file__)).read_bytes())
    for array in (task.examples.values, task.allowed, seen, test):
        digest.update(np.ascontiguousarray(array).tobytes())
    path = cache / f"logits-{digest.hexdigest()[:16]}.npz"
    if not path.exists():
        say(f"fitting: {what}")
        logits = _logits(_fitted(task, seen, config.members, jobs).predictor(), task.examples.values[test])
        with whole_file(path) as temporary, temporary.open("wb") as file:
            np.savez(file, logits=logits)
    with np.load(path, allow_pickle=False) as arrays:
        return np.asarray(arrays["logits"])


def _fitted(task: Task, seen: NDArray[np.bool_], members: Sequence[Member], jobs: int) -> classical.Fitted:
    """The average of the members, fitted to the certain stars and to the likely classes of the ambiguous ones.

    A first model, of the certain stars alone, says how likely each class that an ambiguous star may be is; the star
    then stands in as many rows, with these weights.
    """
    values, c = task.examples.values, len(task.classes)
    certain, doubtful = np.flatnonzero(seen & task.certain), np.flatnonzero(seen & ~task.certain)
    rows, target, weights = certain, task.target[certain], np.ones(len(certain))
    if len(doubtful):
        first = classical.fit("boosted_trees", values[rows], target, c, settings=_FIRST, jobs=jobs)
        ambiguous = Task(task.examples.some(doubtful), task.classes, task.allowed[doubtful])
        star, column, share = ambiguous.weighted(_logits(first.predictor(), values[doubtful]))
        rows, target = np.concatenate([rows, doubtful[star]]), np.concatenate([target, column])
        weights = np.concatenate([weights, share])
    found = [
        classical.fit(one.family, values[rows], target, c, weights, one.settings, one.seed, jobs) for one in members
    ]
    return found[0] if len(found) == 1 else classical.averaged(found)


def _logits(predictor: Predictor, values: NDArray[np.float32]) -> Floats:
    parts = [predictor.logits({"features": values[k : k + 4000]}) for k in range(0, len(values), 4000)]
    return np.concatenate(parts).astype(np.float64)


def _importance(task: Task, config: Config, jobs: int, say: Say) -> list[dict[str, Any]]:
    """How much worse a model gets on unseen stars when the numbers of one group are shuffled among them."""
    from goodricke.represent.features import describe

    say("importance of the groups of features")
    seen, test = task.examples.fold != 0, (task.examples.fold == 0) & task.certain
    some = np.flatnonzero(test)[:3000]
    predictor = _fitted(task, seen, config.members, jobs).predictor()
    group_of = {row["name"]: str(row["group"]) for row in describe(config.examples.groups)}
    groups: dict[str, list[int]] = {}
    for column, name in enumerate(task.examples.names):
        groups.setdefault(group_of[name], []).append(column)
    found = permutation_importance(
        predictor, task.examples.values[some], task.target[some], groups, config.examples.seed, repeats=1
    )
    order = sorted(found, key=lambda one: -one.loss)
    return [{"group": one.group, "log loss": one.loss, "accuracy": one.accuracy} for one in order]


def _for_card(manifest: dict[str, Any]) -> dict[str, Any]:
    """What people read: the tables of thresholds and calibration stay in the manifest."""
    hidden = ("thresholds", "calibration", "conformal", "settings", "limits")
    shown = {key: value for key, value in manifest.items() if key not in hidden}
    return {**shown, "representation": {}, "limits": _LIMITS[manifest["representation"]["period"]]}


_COMMON = [
    "Ground-based sampling of years in one or two bands. Precise photometry, short spans and space telescopes are known"
    " only from smoothed folds of ground-based stars that were observed anew; no star of TESS or Kepler taught.",
    "The labels are those of catalogues made by other classifiers, errors included. EA, EB and EW of ASAS-3 were cut"
    " apart by Fourier coefficients, where nature has no border.",
    "EW and EB are one class in Catalina, ECL is ambiguous in ASAS-3 and EROS-1, RR in EROS-1: such stars teach with"
    " the weights that a first model gives to what they may be.",
    "CONST is made of real sampling with noise in place of the light; that is kinder than the sky.",
    "The shares of the classes are those of the training sets, not of the sky: give --prior, or --estimate-priors.",
    "Classes that are not listed (Be stars, quasars, young stars ...) are given to the listed one that they resemble;"
    " the column novelty tells some of them.",
]
_LIMITS = {
    "search": _COMMON,
    "given": [
        "Periods were the catalogue's where it had one, otherwise those found here: all of ASAS-3's pulsators, and"
        " EROS-1.",
        *_COMMON,
    ],
}
