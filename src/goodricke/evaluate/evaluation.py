"""Truth and predictions in, figures out: the whole evaluation, without reading, writing or drawing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from goodricke.errors import DataError
from goodricke.evaluate.answers import Answers
from goodricke.evaluate.baselines import BASELINES, majority, random_by_share
from goodricke.evaluate.breakdown import break_down
from goodricke.evaluate.figures import differences, figures, from_table, scorers
from goodricke.evaluate.grouping import Groups, answers_from, groups_seen, to_groups
from goodricke.evaluate.join import Matched, match, number_columns, text_column
from goodricke.evaluate.periods import period_tables
from goodricke.evaluate.properties import Properties, numbers
from goodricke.evaluate.report import USUAL_PROPERTIES, EvaluationOptions, Report
from goodricke.evaluate.resampling import bootstrap

__all__ = ["evaluate"]

_ODD = {
    "no_answer": "rows that are not marked as failed hold no usable answer; they count as failed",
    "rescaled": "rows have probabilities that do not add up to 1; they were rescaled",
}


def evaluate(predictions: Mapping[str, pa.Table], truth: pa.Table, options: EvaluationOptions | None = None) -> Report:
    """Compare predictions with the truth.

    Parameters
    ----------
    predictions : mapping of str to pyarrow.Table
        Name -> predictions; the first is the one that the report is about, the others stand beside it. Columns:
        ``object_id``, ``prob_<CLASS>`` (or ``label`` alone), and when there ``survey``, ``status``, ``reason``,
        ``prediction_set``, ``period_days``.
    truth : pyarrow.Table
        Columns ``object_id``, ``label`` or ``label_mapped``, and when there ``survey`` and ``period_days``.
    options : EvaluationOptions, optional
        What to compare and how.

    Returns
    -------
    Report
        Two baselines stand beside the models: the majority class, and classes drawn by their shares.

    Raises
    ------
    DataError
        If a column is missing or no star can be compared.

    Examples
    --------
    >>> said = pa.table({"object_id": ["a", "b", "c"], "prob_EA": [0.9, 0.2, 0.1], "prob_EW": [0.1, 0.8, 0.9]})
    >>> known = pa.table({"object_id": ["a", "b", "c"], "label": ["EA", "EW", "EA"]})
    >>> report = evaluate({"model": said}, known)
    >>> round(report.models["model"]["scopes"]["all"]["accuracy"]["value"], 3)
    0.667
    """
    options = options or EvaluationOptions()
    label = options.label or ("label" if "label" in truth.schema.names else "label_mapped")
    matched = match(predictions, truth, label)
    words = text_column(truth, label, "the truth")[matched.truth]
    groups = to_groups(words, options.catalogue, options.view)
    usable = groups.name != ""
    if not usable.any():
        raise DataError(_no_class(groups, options))
    models, notes = _answers(predictions, matched, groups.name, options)
    first = next(iter(models.values()))
    values, samples = bootstrap(scorers(models), first.star, options.n_resamples, options.seed)
    found = {name: figures(name, answers, values, samples) for name, answers in models.items()}
    looked_up = Properties(next(iter(predictions.values())), truth, next(iter(matched.rows.values())), matched.truth)
    columns = {name: looked_up.column(name) for name in options.by} or looked_up.some(USUAL_PROPERTIES)
    given = {name: models[name] for name in predictions}
    columns = {name: column[usable] for name, column in columns.items()}
    broken = break_down(given, columns, options.n_resamples, options.seed)
    group = np.where(usable, groups.name, words)
    for name, table in predictions.items():
        found[name] |= from_table(table, matched.rows[name][usable]) | {"breakdown": broken[name]}
        found[name] |= _periods(table, matched.rows[name], looked_up, group)
    return Report(
        about=_about(options, label, list(predictions), models),
        counts={**matched.counts, "compared": len(first), "ambiguous": groups.ambiguous, "unknown": groups.unknown},
        notes=[*matched.notes, *notes],
        models=found,
        differences=differences(list(models), values, samples),
    )


def _about(options: EvaluationOptions, label: str, given: list[str], models: Mapping[str, Answers]) -> dict[str, Any]:
    first = models[given[0]]
    support = np.bincount(first.truth, minlength=len(first.groups)).tolist()
    return {
        **asdict(options), "label": label, "by": list(options.by), "given": given, "models": list(models),
        "groups": list(first.groups), "support": dict(zip(first.groups, support, strict=True)),
        "n_rows": len(first), "n_stars": int(first.star.max()) + 1,
    }  # fmt: skip


def _no_class(groups: Groups, options: EvaluationOptions) -> str:
    seen = ", ".join([*groups.ambiguous, *groups.unknown][:8])
    return (
        f"no matched star has a class in the view {options.view!r}: the truth says {seen}; try --view eclipsing, "
        "or --catalogue when these are the words of one"
    )


def _answers(
    predictions: Mapping[str, pa.Table], matched: Matched, group: NDArray[np.str_], options: EvaluationOptions
) -> tuple[dict[str, Answers], list[str]]:
    """Answers of the models and baselines about the stars that have a group, and what was odd in the tables."""
    usable = group != ""
    names = groups_seen(list(predictions.values()), group[usable], options.view)
    number = {name: k for k, name in enumerate(names)}
    true = np.array([number[name] for name in group[usable].tolist()], dtype=np.int64)
    star = np.unique(matched.object_id[usable], return_inverse=True)[1]
    models: dict[str, Answers] = {}
    notes = []
    for name, table in predictions.items():
        rows = matched.rows[name][usable]
        models[name], odd = answers_from(table, rows, true, names, options.view, star, name)
        notes += [f"{name}: {n:,} {_ODD[what]}" for what, n in odd.items() if n]
    first = next(iter(models.values()))
    baselines = (majority(first), random_by_share(first, options.seed))
    return models | dict(zip(BASELINES, baselines, strict=True)), notes


def _periods(
    table: pa.Table, rows: NDArray[np.int64], properties: Properties, group: NDArray[np.str_]
) -> dict[str, Any]:
    """Tables of periods over all matched stars with a true one, whatever their class."""
    truth = properties.truth
    if any("period_days" not in number_columns(one) for one in (table, truth)):
        return {}
    true = numbers(truth, "period_days")[properties.truth_rows]
    known = np.isfinite(true) & (true > 0)
    if not known.any():
        return {}
    columns = [f"period_days_{k}" for k in range(2, 10) if f"period_days_{k}" in number_columns(table)]
    alternatives = [numbers(table, column)[rows][known] for column in columns]
    magnitude = [name for name in ("mag", "vmag") if name in properties.names][:1]
    by = properties.some([*magnitude, "n_points"])
    tables = period_tables(
        numbers(table, "period_days")[rows][known], true[known], group[known],
        {name: column[known] for name, column in by.items()}, np.array(alternatives).T if alternatives else None,
    )  # fmt: skip
    return {"periods": tables}
