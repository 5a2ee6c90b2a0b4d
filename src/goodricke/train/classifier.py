"""Train a classifier of variables from its recipe: folds by star, calibration on unseen stars, figures, bundle.

Every step is cached, so that a killed run goes on where it was.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from goodricke.decide import AbstentionLimits, Calibration, best_of, fit_conformal, fit_novelty, fit_thresholds
from goodricke.errors import OptionError
from goodricke.evaluate.splits import folds_of
from goodricke.models import Bundle
from goodricke.networks import NAMES
from goodricke.output import write_table
from goodricke.represent.table import representation
from goodricke.train import classical
from goodricke.train.config import Config, teacher_of
from goodricke.train.datasets import SETS
from goodricke.train.examples import gather, parts_of
from goodricke.train.export import card_text, save_bundle
from goodricke.train.figures import calibrated_elsewhere, figures_of, unseen_table
from goodricke.train.importance import permutation_importance
from goodricke.train.material import material_of
from goodricke.train.members import Workshop, best_shares
from goodricke.train.run_folder import write_run
from goodricke.train.simulated import KIND as SIMULATED
from goodricke.train.simulated import SAYS
from goodricke.train.task import Task
from goodricke.train.teacher import Teacher, matched

__all__ = ["Task", "train", "workshop"]

Floats = NDArray[np.float64]
Say = Callable[[str], None]

_ALPHA = 0.05
_GOLDEN = 8


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
        Folder of bundles; the bundle gets its own folder in it. Beside it stand ``NAME-VERSION-unseen.parquet``: what
        models that never saw them say of the training stars, for ``goodricke evaluate``; and ``NAME-VERSION-run``: the
        recipe, the machine, the figures, and pictures of them.
    command : str
        What rebuilds it, for the card.
    jobs : int
        Processes and threads.
    say : callable
        Told what is going on.
    """
    output.mkdir(parents=True, exist_ok=True)
    folder_of_bundle = output / f"{config.name}-{config.version}"
    runs = output / f"{config.name}-{config.version}-run"
    shop = workshop(config, folder, cache, runs, jobs, say)
    task = shop.task
    say(f"{len(task.examples)} stars in {len(task.classes)} classes: {', '.join(task.classes)}")
    tested: list[classical.Fitted] = []
    if config.protocol == "single":
        seen = task.examples.fold != 0
        tested = _tested(shop, config, seen)
        unseen = [shop.asked(one, np.flatnonzero(~seen)) for one in tested]
        judged = _refolded(task.some(~seen), config)
    else:
        unseen = [_unseen(shop, config, number) for number in range(len(config.members))]
        judged = task
    shares = best_shares(judged, unseen)
    together = _mean(unseen, shares)
    if len(shares) > 1:
        say("shares: " + ", ".join(f"{one.title} {s:.2f}" for one, s in zip(config.members, shares, strict=True)))
    rows, target, weights = judged.weighted(together)
    calibration, losses = best_of(together[rows], target, judged.examples.fold[rows], weights)
    say("log loss on unseen stars: " + ", ".join(f"{kind} {loss:.4f}" for kind, loss in losses.items()))
    strangers = _strangers(shop, config, shares) if config.protocol == "folds" else {}
    fitted = _final(shop, config, shares, tested)
    about = shop.material.about
    novelty = (
        fit_novelty(judged.examples.values, judged.likeliest(together), judged.examples.fold)
        if "names" in about
        else None
    )
    manifest = {
        "name": config.name,
        "version": config.version,
        "description": config.says,
        "family": fitted.family,
        "classes": list(task.classes),
        "inputs": {name: {"shape": list(shape.shape), "dtype": shape.dtype} for name, shape in fitted.takes.items()},
        "representation": _representation(shop, fitted),
        "settings": {**fitted.settings, "recipe": _recipe(config)},
        **_decisions(judged, together, calibration),
        "data": _data(task),
        "split": _split(config),
        "metrics": _figures(judged, unseen, together, config, calibration, strangers, losses),
        "importance": _importance(shop, config, tested) if about["name"] != "sequences" else [],
        "command": command,
    }
    some = np.linspace(0, len(task.examples) - 1, _GOLDEN).astype(int)
    inputs = shop.material.inputs(some)
    golden = {name: inputs[name] for name in fitted.takes}
    arrays = {**fitted.arrays, **(novelty.to_arrays() if novelty else {})}
    write_table(
        unseen_table(judged, together, calibration),
        folder_of_bundle.with_name(f"{folder_of_bundle.name}-unseen.parquet"),
    )
    bundle = save_bundle(folder_of_bundle, manifest, arrays, card_text(_for_card(manifest)), golden)
    write_run(runs, manifest, judged, calibrated_elsewhere(judged, together, calibration))
    return bundle


def workshop(config: Config, folder: Path, cache: Path, runs: Path, jobs: int, say: Say) -> Workshop:
    """Stars described and laid out for the members of a recipe; see `train`."""
    seen_as = {NAMES[member.network] if member.family == "network" else "features" for member in config.members}
    name = next(iter(seen_as - {"features"}), "features")
    parts = parts_of(config.examples, folder, representation(name).cleaning)
    examples = gather(config.examples, folder, cache, jobs, say, parts)
    task = Task.of(examples, config.fewest, config.classes)
    about: dict[str, Any] = {"name": name}
    if name != "sequences":
        about |= {"groups": list(config.examples.groups), "period": config.examples.period}
        about["names"] = list(task.examples.names)
    if name != "features":
        about["steps"] = config.steps
    material = material_of(name, about, task.examples, parts)
    teachers = _teachers(config, task, folder, cache, runs, jobs, say)
    return Workshop(task, material, cache, runs, jobs, say, teachers)


def _teachers(
    config: Config, task: Task, folder: Path, cache: Path, runs: Path, jobs: int, say: Say
) -> dict[str, Teacher]:
    """Who teaches the members of a recipe; fitted where a training of the teacher itself would go on from it."""
    found: dict[str, Teacher] = {}
    for member in config.members:
        if not member.teacher or member.teacher in found:
            continue
        recipe = teacher_of(config, member)
        alone = replace(recipe, members=recipe.members[:1])
        shop = workshop(alone, folder, cache, runs.with_name(f"{recipe.name}-{recipe.version}-run"), jobs, say)
        if shop.task.classes != task.classes:
            raise OptionError(
                f"the teacher {recipe.name} tells apart {', '.join(shop.task.classes)}, and {config.name} "
                f"{', '.join(task.classes)}; give both the same stars and `fewest`"
            )
        rows = matched(task.examples, shop.task.examples)
        say(f"the teacher {recipe.name} has {int((rows >= 0).sum())} of the {len(rows)} stars")
        found[member.teacher] = Teacher(alone.members[0], shop, rows)
    return found


def _recipe(config: Config) -> dict[str, Any]:
    """What made the bundle, the recipes of teachers in place of their names; what a search would have tried did not."""
    recipe: dict[str, Any] = json.loads(json.dumps(asdict(config)))
    for stored, member in zip(recipe["members"], config.members, strict=True):
        if member.teacher:
            stored["teacher"] = _recipe(teacher_of(config, member))
        else:
            del stored["teacher"], stored["teacher_share"]
    return {key: value for key, value in recipe.items() if key != "search"}


def _representation(shop: Workshop, fitted: classical.Fitted) -> dict[str, Any]:
    """What the manifest says: no more than what goes in."""
    about = shop.material.about
    if set(fitted.takes) == {"features"}:
        return {key: value for key, value in about.items() if key != "steps"} | {"name": "features"}
    return dict(about)


def _tested(shop: Workshop, config: Config, seen: NDArray[np.bool_]) -> list[classical.Fitted]:
    """The members, fitted to the seen stars; others test them, and they themselves are what ships."""
    found = []
    for member in config.members:
        what = f"{member.title}, all folds but one"
        shop.say(f"fitting: {what}")
        found.append(shop.fitted(member, seen, what))
    return found


def _final(shop: Workshop, config: Config, shares: list[float], tested: list[classical.Fitted]) -> classical.Fitted:
    """What ships: the members that are worth a share, fitted to all stars unless those that were tested are meant."""
    used = [k for k, share in enumerate(shares) if share > 0]
    if tested:
        fits = [tested[k] for k in used]
    else:
        shop.say("the final fit")
        everybody = np.ones(len(shop.task.examples), dtype=bool)
        members = [config.members[k] for k in used]
        fits = [shop.fitted(member, everybody, f"{member.title}, final") for member in members]
    return fits[0] if len(fits) == 1 else classical.averaged(fits, [shares[k] for k in used])


def _refolded(task: Task, config: Config) -> Task:
    """Test stars in folds of their own, in which calibration is fitted and judged."""
    fold = folds_of([f"{name} again" for name in task.examples.object_id], config.examples.folds)
    return Task(replace(task.examples, fold=fold), task.classes, task.allowed)


def _mean(logits: list[Floats], shares: list[float]) -> Floats:
    from goodricke.models.predictor import log_softmax

    if len(logits) == 1:
        return logits[0]
    return np.asarray(np.sum([share * log_softmax(one) for one, share in zip(logits, shares, strict=True)], axis=0))


def _split(config: Config) -> dict[str, Any]:
    single = "all folds but the first learn, the first is the test"
    return {
        "how": "folds by a hash of the star's name; the choice among periods is trained in the same folds"
        if config.protocol == "folds" else f"folds by a hash of the star's name; {single}",
        "folds": config.examples.folds,
        "seed": config.examples.seed,
    }  # fmt: skip


def _unseen(shop: Workshop, config: Config, number: int) -> Floats:
    """Logits (N, C) of every star by a member that had no star of its fold."""
    task, member = shop.task, config.members[number]
    logits = np.empty(task.allowed.shape)
    for k in range(config.examples.folds):
        test = task.examples.fold == k
        logits[test] = shop.logits(member, ~test, test, f"fold {k}")
    return logits


def _strangers(shop: Workshop, config: Config, shares: list[float]) -> dict[str, Floats]:
    """Logits of the stars of a set by a model that had no star of the set."""
    found = {}
    for name in config.left_out:
        test = shop.task.examples.survey == name
        if test.any() and not test.all():
            parts = [shop.logits(member, ~test, test, f"without {name}") for member in config.members]
            found[name] = _mean(parts, shares)
    return found


def _figures(
    judged: Task, unseen: list[Floats], together: Floats, config: Config, calibration: Calibration,
    strangers: dict[str, Floats], losses: dict[str, float],
) -> dict[str, Any]:  # fmt: skip
    """Of the whole, and in a few numbers of every member alone."""
    found = figures_of(judged, together, calibration, strangers, losses, _ALPHA)
    if len(config.members) > 1:
        alone = {}
        for member, logits in zip(config.members, unseen, strict=True):
            rows, target, weights = judged.weighted(logits)
            own, loss = best_of(logits[rows], target, judged.examples.fold[rows], weights)
            right = np.argmax(np.where(judged.certain[:, None], own.apply(logits), 0.0), axis=1) == judged.target
            alone[member.title] = {
                "log loss": min(loss.values()), "accuracy of stars with one label": float(right[judged.certain].mean()),
            }  # fmt: skip
        found["members alone"] = alone
    return found


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
        here = (task.examples.survey == name) & np.isin(task.examples.kind, ("whole", SIMULATED))
        counts = {c: int(task.allowed[here & task.certain, k].sum()) for k, c in enumerate(task.classes)}
        rows.append(
            {
                "name": name,
                "source": SETS[name].says if name in SETS else SAYS,
                "stars": int(here.sum()),
                "ambiguous": int((here & ~task.certain).sum()),
                "classes": ", ".join(f"{c} {n}" for c, n in counts.items() if n),
            }
        )
    return rows


def _importance(shop: Workshop, config: Config, tested: list[classical.Fitted]) -> list[dict[str, Any]]:
    """How much worse a model gets on unseen stars when the numbers of one group are shuffled among them."""
    from goodricke.represent.features import describe

    task = shop.task
    if config.members[0].family == "network":
        return []
    shop.say("importance of the groups of features")
    seen, test = task.examples.fold != 0, (task.examples.fold == 0) & task.certain
    some = np.flatnonzero(test)[:3000]
    fitted = tested[0] if tested else shop.fitted(config.members[0], seen, "importance")
    predictor = fitted.predictor()
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
    recipe = manifest["settings"]["recipe"]["examples"]
    limits = [*(_GIVEN if recipe["period"] == "given" else ()), *_COMMON]
    return {**shown, "representation": {}, "limits": [*limits, *(_SIMULATED if recipe["simulated"] else ())]}


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
_GIVEN = [
    "Periods were the catalogue's where it had one, otherwise those found here: all of ASAS-3's pulsators, and EROS-1."
]
_SIMULATED = [
    "Simulated stars teach too: their EA, EB and EW are told apart by geometry, and their surveys are models.",
]
