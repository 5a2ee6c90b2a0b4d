"""The figures of every model as plain dicts, and how the first differs from the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from goodricke.evaluate.answers import SCOPES, Answers, Scope
from goodricke.evaluate.confusion import confusion_matrix
from goodricke.evaluate.join import text_column
from goodricke.evaluate.metrics import METRICS, model_scorer, told
from goodricke.evaluate.ranking import precision_recall, risk_coverage
from goodricke.evaluate.reliability import ece_of_perfect, reliability
from goodricke.evaluate.resampling import Scorer, Scores, estimate

__all__ = ["differences", "figures", "from_table", "scorers"]

_COMPARED = ("accuracy", "balanced_accuracy", "macro_f1", "macro_average_precision", "brier", "log_loss", "ece", "aurc")
_MOST_REASONS = 12

Told = dict[tuple[str, Scope], Scores]


def _scopes(answers: Answers) -> list[Scope]:
    """The scopes that differ from each other and hold a star."""
    found: list[Scope] = []
    sizes: set[int] = set()
    for scope in SCOPES:
        n = int(answers.within(scope).sum())
        if n and n not in sizes:
            sizes.add(n)
            found.append(scope)
    return found


def scorers(models: Mapping[str, Answers]) -> dict[tuple[str, Scope], Scorer]:
    """The scorer of every model and scope, for `bootstrap`."""
    return {
        (name, scope): model_scorer(answers, scope) for name, answers in models.items() for scope in _scopes(answers)
    }


def figures(name: str, answers: Answers, values: Told, samples: Told) -> dict[str, Any]:
    """All that can be said of one model from its answers.

    Parameters
    ----------
    name : str
        The model.
    answers : Answers
        What it said.
    values, samples : dict
        What `bootstrap` gave for `scorers`.
    """
    scopes = {
        scope: {"n": int(answers.within(scope).sum()),
                **told(values[name, scope], samples[name, scope], answers.groups)}
        for scope in _scopes(answers)
    }  # fmt: skip
    curve = {key: column.tolist() for key, column in risk_coverage(answers).items()}
    bounds = samples[name, "all"]["risk"]
    if len(bounds):
        curve |= dict(zip(("low", "high"), np.quantile(bounds, [0.025, 0.975], axis=0).tolist(), strict=True))
    found: dict[str, Any] = {"scopes": scopes, "confusion": confusion_matrix(answers).tolist(), "risk_coverage": curve}
    if answers.probability is not None and not answers.failed.all():
        found["reliability"] = {key: column.tolist() for key, column in reliability(answers).items()}
        found["ece_of_perfect"] = ece_of_perfect(answers)
        found["precision_recall"] = {
            group: {key: column.tolist() for key, column in precision_recall(answers, g).items()}
            for g, group in enumerate(answers.groups)
            if (answers.truth == g).any()
        }
    found["statuses"] = {
        "ok": int(answers.within("decided").sum()),
        "abstained": int((answers.within("answered") & ~answers.within("decided")).sum()),
        "failed": int(answers.failed.sum()),
    }
    return found


def from_table(table: pa.Table, rows: NDArray[np.int64]) -> dict[str, Any]:
    """What only the table knows: the name of its model, the reasons of rows that failed or abstained."""
    found: dict[str, Any] = {}
    if "model" in table.schema.names:
        found["model"] = sorted(set(text_column(table, "model", "")[rows].tolist()))[:_MOST_REASONS]
    if {"status", "reason"} <= set(table.schema.names):
        status, reason = text_column(table, "status", "")[rows], text_column(table, "reason", "")[rows]
        odd = status != "ok"
        both, n = np.unique(np.stack([status[odd], reason[odd]], axis=1), axis=0, return_counts=True)
        order = np.argsort(-n, kind="stable")[:_MOST_REASONS]
        found["reasons"] = [{"status": both[k, 0].item(), "reason": both[k, 1].item(), "n": int(n[k])} for k in order]
    return found


def differences(names: Sequence[str], values: Told, samples: Told) -> dict[str, dict[str, Any]]:
    """First model minus each other one, resample by resample."""
    first: tuple[str, Scope] = (names[0], "all")
    found: dict[str, dict[str, Any]] = {}
    for other in names[1:]:
        mine, theirs = values[first], values[other, "all"]
        found[other] = {
            key: {
                **estimate(float(mine[key] - theirs[key]), samples[first][key] - samples[other, "all"][key]),
                "more_is_better": METRICS[key].more_is_better,
            }
            for key in _COMPARED
            if key in mine and key in theirs
        }
    return found
