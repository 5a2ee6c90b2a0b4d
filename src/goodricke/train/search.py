"""The search of settings: what the table ``[search]`` of a recipe names is tried, and judged on stars held out.

Every trial trains in a folder of its own with checkpoints, so a search that was killed goes on in the middle of a trial
and does what an unbroken one would have done. The test fold is never looked at.
"""

from __future__ import annotations

import hashlib
import json
import math
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from goodricke.errors import DataError, GoodrickeError, MissingDependency, OptionError
from goodricke.train.classifier import workshop
from goodricke.train.config import Config
from goodricke.train.members import Workshop
from goodricke.train.network_fit import fit_network, held_out, settings_of
from goodricke.train.recipes import with_values
from goodricke.train.space import Parameter, space_of
from goodricke.train.study import begin, open_study, trials_of
from goodricke.train.trials import About, Trial, write_trials

if TYPE_CHECKING:
    from optuna import Study
    from optuna.trial import Trial as Drawn

__all__ = ["SearchOptions", "search"]

Say = Callable[[str], None]


@dataclass(frozen=True)
class SearchOptions:
    """How long is searched, and on how much."""

    trials: int = 50
    """In all, those of an earlier run counted."""
    minutes: float = 0.0
    """After which no epoch begins; 0: no limit."""
    most: int = 0
    """Stars of the training folds to learn from and to judge by, a random choice; 0: all."""
    epochs: int = 0
    """Of every trial; 0: as the recipe says."""
    seed: int = 0
    """Of what is drawn, and of the choice of stars."""


class _TimeIsUp(Exception):
    """No error: the trial goes on when the search does."""


def search(
    config: Config, folder: Path, cache: Path, output: Path, command: str, options: SearchOptions = SearchOptions(),
    jobs: int = 1, say: Say = print,
) -> Config:  # fmt: skip
    """Search the settings of a recipe with one network.

    Parameters
    ----------
    config : Config
        With a table ``[search]``.
    folder : Path
        Where the data sets are.
    cache : Path
        Where intermediate results are kept.
    output : Path
        Folder of the search: ``study.jsonl``, ``trials.csv``, ``trials.md`` with the best ten, ``best.toml``, the
        folders of the trials, and where matplotlib is installed ``trials.png``.
    command : str
        What was asked for, for ``trials.md``.
    options : SearchOptions
        How long, and on how much.
    jobs : int
        Threads.
    say : callable
        Told what is going on.

    Returns
    -------
    Config
        The recipe with the values of the best trial.

    Raises
    ------
    OptionError
        If the recipe names nothing to search, a value that its network does not take, or the folder has another search.
    DataError
        If no trial came to its end.
    """
    space = space_of(config.search, config.name)
    if not space:
        raise OptionError(f"the recipe {config.name} has no table [search]; see goodricke.train.space for how it looks")
    _check(config, space)
    output.mkdir(parents=True, exist_ok=True)
    ends = time.monotonic() + 60.0 * options.minutes if options.minutes else math.inf
    shop = workshop(config, folder, cache, output, jobs, say)
    bench = _Bench(config, space, options, shop, _some_stars(shop, options), output, ends)
    study = open_study(output, bench.key, bench.epochs)
    begin(study, space, _own_values(config))
    about = bench.about(command)
    for drawn in trials_of(study, space, options.trials, options.seed, lambda: time.monotonic() < ends):
        try:
            bench.run(study, drawn)
        except _TimeIsUp:
            say("time is up; the trial goes on when the search does")
            break
        write_trials(output, _told(study, space), about)
    done = _told(study, space)
    if not any(one.state == "complete" for one in done):
        why = f"the last of {len(done)} failed: {done[-1].reason}" if done else "time was up before the first was done"
        raise DataError(f"{output}: no trial is complete, {why}; the same command goes on")
    write_trials(output, done, about, picture=True)
    best = min((one for one in done if one.state == "complete"), key=lambda one: one.loss)
    return with_values(config, best.values)


@dataclass(frozen=True, eq=False)
class _Bench:
    """What every trial is made on."""

    config: Config
    space: tuple[Parameter, ...]
    options: SearchOptions
    shop: Workshop
    seen: NDArray[np.bool_]
    output: Path
    ends: float

    @property
    def epochs(self) -> int:
        """The most of a trial."""
        return self.options.epochs or int(_own_values(self.config)["training.epochs"])

    @property
    def key(self) -> str:
        """A hash of recipe, options and stars: trials of one search must be comparable."""
        told = {**asdict(self.options), "trials": 0, "minutes": 0}
        digest = hashlib.sha256(json.dumps([asdict(self.config), told]).encode())
        task = self.shop.task
        for array in (task.examples.object_id, task.allowed, self.seen):
            digest.update(np.ascontiguousarray(array).tobytes())
        return digest.hexdigest()[:16]

    def about(self, command: str) -> About:
        """For the table of trials."""
        names, seed = self.shop.task.examples.object_id, self.config.members[0].seed
        stop = held_out(self.shop.material, self.seen, seed)
        return About(
            config=self.config,
            space=self.space,
            command=command,
            stars=len(np.unique(names[self.seen & ~stop])),
            judges=len(np.unique(names[stop])),
            rows=int(stop.sum()),
        )

    def run(self, study: Study, drawn: Drawn) -> None:
        """Train with what was drawn, and tell the study."""
        from optuna import TrialPruned
        from optuna.trial import TrialState

        values = {one.name: one.value(drawn.params[one.name]) for one in self.space}
        recipe = with_values(self.config, values)
        (member,) = recipe.members
        training = {**member.training, "epochs": self.epochs}
        material = self.shop.material
        if "steps" in material.about:
            material = replace(material, about={**material.about, "steps": recipe.steps})
        place = self.output / "trials" / f"{drawn.number:04d}-{_short(values, self.key)}"
        self.shop.say(f"trial {drawn.number}: {', '.join(f'{name} {value}' for name, value in values.items())}")
        heard = _Listener(study, drawn, place, self.ends, lambda text: self.shop.say(f"trial {drawn.number}: {text}"))
        state, reason = TrialState.COMPLETE, ""
        try:
            fit_network(
                material, self.seen, self.shop.task.allowed.astype(np.float32), self.shop.task.classes, member.network,
                member.settings, training, member.augmentation, place, member.seed, self.shop.jobs, heard,
            )  # fmt: skip
        except TrialPruned:
            state = TrialState.PRUNED
        except GoodrickeError as error:
            state, reason = TrialState.FAIL, str(error)
        history = _history(place)
        losses = [row["held_out_loss"] for row in history]
        if state != TrialState.FAIL and not np.isfinite(losses).all():
            state, reason = TrialState.FAIL, "the loss is not finite"
        best = history[int(np.argmin(losses))] if losses else {}
        found = {
            "accuracy": best.get("held_out_accuracy"), "best_epoch": best.get("number"), "epochs": len(history),
            "seconds": round(sum(row["seconds"] for row in history), 1), "reason": reason,
        }  # fmt: skip
        for name, value in found.items():
            drawn.set_user_attr(name, value)
        study.tell(drawn, min(losses) if state == TrialState.COMPLETE else None, state=state)
        (place / "checkpoint.safetensors").unlink(missing_ok=True)
        self.shop.say(f"trial {drawn.number}: {state.name.lower()} {reason}".rstrip())


class _Listener:
    """Hears the loop after every epoch: reports the loss, and ends a trial that is worse than most were by then."""

    def __init__(self, study: Study, drawn: Drawn, place: Path, ends: float, say: Say) -> None:
        self.drawn, self.place, self.ends, self.say = drawn, place, ends, say
        self.reported = set(study.trials[drawn.number].intermediate_values)

    def __call__(self, text: str) -> None:
        from optuna import TrialPruned

        self.say(text)
        for row in _history(self.place):
            if row["number"] not in self.reported:
                self.drawn.report(row["held_out_loss"], row["number"])
                self.reported.add(row["number"])
        if self.reported and self.drawn.should_prune():
            raise TrialPruned
        if time.monotonic() > self.ends:
            raise _TimeIsUp


def _check(config: Config, space: tuple[Parameter, ...]) -> None:
    """Every value alone, in the network that it is for: a mistake is said before hours of work."""
    try:
        import optuna  # noqa: F401

        from goodricke.networks.table import network
        from goodricke.train.loop import SCHEDULES, LoopSettings
        from goodricke.train.stars import Augmentation
    except ImportError as error:
        raise MissingDependency("optuna", "train") from error
    row = network(config.members[0].network)
    for one in space:
        for value in one.ends():
            (member,) = with_values(config, {one.name: value}).members
            loop = settings_of(LoopSettings, member.training, "the training")
            settings_of(Augmentation, member.augmentation, "the augmentation")
            made = settings_of(row.settings, member.settings, f"the network {member.network}")
            if loop.schedule not in SCHEDULES or loop.batch < 2 or not loop.learning_rate > 0:
                raise OptionError(f"[search] {one.name}: {value!r} is nothing to train with")
            try:
                row.module(2, made)
            except (ValueError, RuntimeError, ZeroDivisionError) as error:
                raise OptionError(
                    f"[search] {one.name}: {value!r} makes no network {member.network} ({error})"
                ) from error


def _some_stars(shop: Workshop, options: SearchOptions) -> NDArray[np.bool_]:
    """Rows (N,) of the training folds, of so many stars as are wanted; the first fold is the test."""
    examples = shop.task.examples
    seen = np.asarray(examples.fold != 0)
    names, first = np.unique(examples.object_id[seen], return_index=True)
    if options.most and options.most < len(names):
        names = names[np.argsort(first)]
        chosen = np.random.default_rng(options.seed).permutation(names)[: options.most]
        seen &= np.isin(examples.object_id, chosen)
    return seen


def _own_values(config: Config) -> dict[str, Any]:
    """What the recipe has for every parameter that could be named."""
    from goodricke.networks.table import network
    from goodricke.train.loop import LoopSettings
    from goodricke.train.stars import Augmentation

    (member,) = config.members
    found: dict[str, Any] = {"steps": config.steps}
    kinds = {"settings": network(member.network).settings, "training": LoopSettings, "augmentation": Augmentation}
    for table, kind in kinds.items():
        values = {**asdict(kind()), **getattr(member, table)}
        found |= {f"{table}.{key}": value for key, value in values.items()}
    return found


def _told(study: Study, space: tuple[Parameter, ...]) -> list[Trial]:
    """The trials that have come to an end."""
    found = []
    for one in study.trials:
        if one.state.is_finished():
            loss = one.value if one.value is not None else math.nan
            values = {p.name: p.value(one.params[p.name]) for p in space if p.name in one.params}
            found.append(Trial(one.number, one.state.name.lower(), float(loss), values, **_attributes(one.user_attrs)))
    return found


def _attributes(stored: Mapping[str, Any]) -> dict[str, Any]:
    accuracy = stored.get("accuracy")
    return {
        "accuracy": math.nan if accuracy is None else float(accuracy),
        "best_epoch": int(stored.get("best_epoch") or 0),
        "epochs": int(stored.get("epochs") or 0),
        "seconds": float(stored.get("seconds") or 0.0),
        "reason": str(stored.get("reason", "")),
    }


def _history(place: Path) -> list[dict[str, Any]]:
    path = place / "history.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def _short(values: Mapping[str, Any], key: str) -> str:
    return hashlib.sha256(f"{json.dumps(values)} {key}".encode()).hexdigest()[:8]
