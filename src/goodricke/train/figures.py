"""Figures of merit of a classifier for its card: of stars that neither model, nor period, nor calibration had seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from goodricke.decide import Calibration, calibration_error, fit_conformal
from goodricke.decide import fit as fit_calibration
from goodricke.evaluate import EvaluationOptions, evaluate
from goodricke.evaluate.baselines import BASELINES
from goodricke.labels import LEAVES, VIEWS, leaf_of
from goodricke.models.predictor import log_softmax

if TYPE_CHECKING:
    from goodricke.train.classifier import Task

__all__ = ["calibrated_elsewhere", "figures_of", "predictions_of", "unseen_table"]

Floats = NDArray[np.float64]

_VIEWS = ("4class", "eclipsing", "leaves")
_RESAMPLES = 300
_OF_A_CLASS = ("precision", "recall", "f1", "average_precision")
_TOLD_TWICE = {("eclipsing", "OTHER")}
_KEPT = ("accuracy", "macro_f1", "ece", "aurc", "set_coverage", "set_size")


def figures_of(
    task: Task, unseen: Floats, calibration: Calibration, strangers: dict[str, Floats], losses: dict[str, float],
    alpha: float = 0.05,
) -> dict[str, Any]:  # fmt: skip
    """All that the card tells, by survey and view, with 95% intervals from a bootstrap over stars.

    Parameters
    ----------
    task : Task
        Stars and classes.
    unseen : (N, C)
        Logits of every star by a model that had not seen its fold.
    calibration : Calibration
        The one that ships; here every fold is calibrated by a fit to the others, of the same kind.
    strangers : dict
        Set -> logits of its stars by a model that had no star of the set.
    losses : dict
        Kind of calibration -> log loss on unseen stars.
    alpha : float
        Share of the stars whose prediction set may miss the truth.
    """
    fair = calibrated_elsewhere(task, unseen, calibration)
    whole = task.examples.kind == "whole"
    found: dict[str, Any] = {"calibration": _before_and_after(task, unseen, fair, calibration, losses)}
    found["prediction sets"] = _sets(task, unseen, fair, alpha)
    for title, rows in _samples(task):
        found |= _figures(task, fair, rows, title)
    for name, logits in strangers.items():
        rows = task.examples.survey == name
        p = np.full(fair.shape, np.nan)
        p[rows] = calibration.apply(logits)
        found |= _figures(task, p, rows & whole, f"{name}, by a model that never saw the survey")
    return found


def predictions_of(task: Task, probabilities: Floats, rows: NDArray[np.bool_]) -> tuple[pa.Table, pa.Table]:
    """Tables of predictions and of truth, as ``goodricke evaluate`` takes them."""
    ids = task.examples.object_id[rows].tolist()
    survey = task.examples.survey[rows].tolist()
    words = np.array(["/".join(np.array(task.classes)[row]) for row in task.allowed[rows]], dtype=str)
    said = pa.table(
        {
            "object_id": ids,
            "survey": survey,
            **{f"prob_{name}": probabilities[rows, k] for k, name in enumerate(task.classes)},
            "period_days": task.examples.period[rows],
            "n_points": task.examples.n_points[rows],
            "span_days": task.examples.span[rows],
        }
    )
    return said, pa.table({"object_id": ids, "survey": survey, "label": words.tolist()})


def unseen_table(task: Task, unseen: Floats, calibration: Calibration) -> pa.Table:
    """Predictions of all whole curves by models and calibrations that never saw the star, with what they were told.

    ``truth`` is what the catalogue says, several classes joined by a stroke where it leaves them open.
    """
    rows = task.examples.kind == "whole"
    said, truth = predictions_of(task, calibrated_elsewhere(task, unseen, calibration), rows)
    return said.append_column("truth", truth["label"])


def _samples(task: Task) -> list[tuple[str, NDArray[np.bool_]]]:
    whole = task.examples.kind == "whole"
    found = []
    for name in dict.fromkeys(task.examples.survey.tolist()):
        rows = (task.examples.survey == name) & whole
        if rows.sum() >= 100:
            found.append((name, rows))
    found.append(("all surveys, fewer points", task.examples.kind == "thinned"))
    found.append(("all surveys, seen by another one", task.examples.kind == "elsewhere"))
    found.append(("all surveys, noise in place of light", task.examples.kind == "constant"))
    return [(title, rows) for title, rows in found if rows.any()]


def calibrated_elsewhere(task: Task, unseen: Floats, calibration: Calibration) -> Floats:
    """Probabilities of every star by a calibration that was fitted to the stars of other folds."""
    probabilities = np.empty(unseen.shape)
    for k in np.unique(task.examples.fold):
        test = task.examples.fold == k
        rows, target, weights = task.weighted(unseen)
        other = ~test[rows]
        fold_calibration = fit_calibration(unseen[rows[other]], target[other], weights[other], calibration.kind)
        probabilities[test] = fold_calibration.apply(unseen[test])
    return probabilities


def _before_and_after(
    task: Task, unseen: Floats, fair: Floats, calibration: Calibration, losses: dict[str, float]
) -> dict[str, Any]:
    held = task.certain
    raw = np.exp(log_softmax(unseen))
    return {
        "kind": calibration.kind,
        "log loss before": losses.get("none"),
        "log loss after": losses.get(calibration.kind),
        "expected calibration error before": calibration_error(raw[held], task.target[held]),
        "expected calibration error after": calibration_error(fair[held], task.target[held]),
    }


def _sets(task: Task, unseen: Floats, fair: Floats, alpha: float) -> dict[str, Any]:
    """How often the sets hold the truth, and how large they are, with limits from the stars of other folds."""
    target, sets = task.likeliest(unseen), np.zeros(fair.shape, dtype=bool)
    for k in np.unique(task.examples.fold):
        test = task.examples.fold == k
        sets[test] = fit_conformal(fair[~test], target[~test], alpha).apply(fair[test])
    certain, size = task.certain, sets.sum(axis=1)
    return {
        "promised coverage": 1.0 - alpha,
        "coverage": float(sets[np.arange(len(sets)), target].mean()),
        "coverage of stars with one label": float(sets[certain, task.target[certain]].mean()),
        "mean size": float(size.mean()),
        "of one class": float(np.mean(size == 1)),
    }


def _figures(task: Task, probabilities: Floats, rows: NDArray[np.bool_], title: str) -> dict[str, Any]:
    """Two tables: figures by view, and of every class."""
    found: dict[str, Any] = {}
    classes: dict[str, Any] = {}
    said, truth = predictions_of(task, probabilities, rows)
    for view in _VIEWS:
        if view == "leaves" and not set(task.classes) <= set(LEAVES):
            continue
        groups = [_group(word, view) for word in truth["label"].to_pylist()]
        usable = np.array([group != "" for group in groups])
        if usable.sum() < 30 or len(set(groups) - {""}) < 2 - (view == "eclipsing"):
            continue
        known = truth.set_column(2, "label", pa.array(groups)).filter(pa.array(usable))
        report = evaluate(
            {"model": said.filter(pa.array(usable))},
            known.set_column(2, "label", pa.array([_word(g, view) for g in known["label"].to_pylist()])),
            EvaluationOptions(view=view, n_resamples=_RESAMPLES),
        )
        scope = report.models["model"]["scopes"]["all"]
        guess = report.models[BASELINES[0]]["scopes"]["all"]["accuracy"]["value"]
        told = {name: scope[name] for name in _KEPT if name in scope}
        found[view] = {"stars": int(usable.sum()), "majority": guess, **told}
        for name, one in scope["classes"].items():
            stars = report.about["support"].get(name, 0)
            if stars and (view, name) not in _TOLD_TWICE:
                classes[f"{name} ({view})"] = {"stars": stars, **{key: one[key] for key in _OF_A_CLASS}}
    return {title: found, f"{title}: classes": classes} if found else {}


def _group(word: str, view: str) -> str:
    leaves = {leaf for part in word.split("/") for leaf in leaf_of("", part)}
    return next((group for group, members in VIEWS[view].items() if leaves <= set(members)), "")


def _word(group: str, view: str) -> str:
    """A leaf that stands for the group."""
    return VIEWS[view][group][0]
