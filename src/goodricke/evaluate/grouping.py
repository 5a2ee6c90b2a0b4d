"""Words of catalogues and columns of predictions in the groups of a view (`goodricke.labels`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from goodricke.errors import DataError
from goodricke.evaluate.answers import Answers
from goodricke.evaluate.join import text_column
from goodricke.labels import group_of, leaf_of, view_of

__all__ = ["Groups", "answers_from", "groups_seen", "to_groups"]

_PREFIX = "prob_"
_SLACK = 0.01  # probabilities are stored as float32 and rounded in text; a sum farther from 1 is worth a word


@dataclass(frozen=True, eq=False)
class Groups:
    """The group (N,) of every word; empty where it has none. ``ambiguous`` and ``unknown`` count the words left out."""

    name: NDArray[np.str_]
    ambiguous: dict[str, int]
    unknown: dict[str, int]


def to_groups(words: NDArray[np.str_], catalogue: str, view: str) -> Groups:
    """Groups of a catalogue's words.

    A word that may mean leaves of several groups (ECL in the view ``4class``) is ambiguous; one without a leaf is
    unknown.

    >>> found = to_groups(np.array(["EC", "EC/ESD", "ECL"]), "acvs", "4class")
    >>> found.name.tolist(), found.ambiguous, found.unknown
    (['EW', '', ''], {'ECL': 1}, {'EC/ESD': 1})
    """
    seen, inverse = np.unique(words, return_inverse=True)
    leaves = [leaf_of(catalogue, word) for word in seen.tolist()]
    names = [group_of(found, view) for found in leaves]
    counts = np.bincount(inverse, minlength=len(seen)).tolist()
    left = [(word or "(empty)", n, bool(found)) for word, n, found, name in zip(
        seen.tolist(), counts, leaves, names, strict=True) if not name]  # fmt: skip
    return Groups(
        np.array(names, dtype=str)[inverse] if len(names) else np.zeros(0, dtype=str),
        {word: n for word, n, some in left if some},
        {word: n for word, n, some in left if not some},
    )


def groups_seen(tables: Sequence[pa.Table], truth: NDArray[np.str_], view: str) -> tuple[str, ...]:
    """The groups that a true star has, or that a model can name, in the order of the view."""
    seen = set(truth.tolist())
    for table in tables:
        columns = _columns(table, view, "the predictions")
        seen |= set(columns.values()) or set(to_groups(_labels(table, "the predictions"), "", view).name.tolist())
    return tuple(group for group in view_of(view) if group in seen)


def answers_from(
    table: pa.Table, rows: NDArray[np.int64], truth: NDArray[np.int64], groups: tuple[str, ...], view: str,
    star: NDArray[np.int64], name: str,
) -> tuple[Answers, dict[str, int]]:  # fmt: skip
    """What a table of predictions says, in the groups of a view.

    Parameters
    ----------
    table : pyarrow.Table
        Predictions: ``prob_<CLASS>`` columns, or ``label`` alone; ``status`` and ``prediction_set`` when there.
    rows : (N,) int64
        Its rows that are wanted.
    truth, star : (N,) int64
        See `Answers`.
    groups : G names
        See `groups_seen`.
    view, name : str
        The view; what to call the table in messages.

    Returns
    -------
    answers : Answers
        The label is the group with the largest summed probability.
    odd : dict of int
        Counts: ``no_answer`` (rows not marked as failed that hold no usable answer), ``rescaled`` (sums of
        probabilities more than 0.01 from 1).
    """
    status = text_column(table, "status", name)[rows] if "status" in table.schema.names else np.full(len(rows), "ok")
    status = np.where(np.isin(status, ("ok", "abstained")), status, "failed")
    columns = _columns(table, view, name)
    probability: NDArray[np.float64] | None = None
    if columns:
        probability, label, odd = _from_probabilities(table, rows, columns, groups, status)
    else:
        label, odd = _from_words(table, rows, groups, view, status, name)
    status = np.where(label < 0, "failed", status)
    sets = _sets(table, rows, groups, view, name) if "prediction_set" in table.schema.names else None
    return Answers(groups, truth, label, probability, status, star, sets), odd


def _columns(table: pa.Table, view: str, where: str) -> dict[str, str]:
    """Column of a class -> its group."""
    found = {}
    for column in table.schema.names:
        if column.startswith(_PREFIX):
            word = column.removeprefix(_PREFIX)
            leaves = leaf_of("", word)
            group = group_of(leaves, view)
            if not group:
                why = (
                    f"its leaves {', '.join(leaves)} lie in several groups" if leaves else "the tree has no such class"
                )
                raise DataError(f"{where}: column {column!r} cannot be shown in the view {view!r}: {why}")
            found[column] = group
    return found


def _from_probabilities(
    table: pa.Table, rows: NDArray[np.int64], columns: dict[str, str], groups: tuple[str, ...], status: NDArray[np.str_]
) -> tuple[NDArray[np.float64], NDArray[np.int64], dict[str, int]]:
    summed = np.zeros((len(rows), len(groups)))
    for column, group in columns.items():
        values = np.asarray(table.column(column).to_numpy(), dtype=np.float64)[rows]
        summed[:, groups.index(group)] += values
    total = summed.sum(axis=1)
    usable = np.isfinite(summed).all(axis=1) & (summed >= 0).all(axis=1) & (total > 0)
    failed = (status == "failed") | ~usable
    odd = {
        "no_answer": int((failed & (status != "failed")).sum()),
        "rescaled": int((~failed & (np.abs(total - 1) > _SLACK)).sum()),
    }
    shared = np.where(failed[:, None], 1.0 / len(groups), summed / np.where(failed, 1.0, total)[:, None])
    return shared, np.where(failed, -1, shared.argmax(axis=1)), odd


def _from_words(
    table: pa.Table, rows: NDArray[np.int64], groups: tuple[str, ...], view: str, status: NDArray[np.str_], name: str
) -> tuple[NDArray[np.int64], dict[str, int]]:
    said = to_groups(_labels(table, name)[rows], "", view).name
    number = {group: k for k, group in enumerate(groups)}
    label = np.array([number.get(word, -1) for word in said.tolist()], dtype=np.int64)
    label[status == "failed"] = -1
    return label, {"no_answer": int(((label < 0) & (status != "failed")).sum())}


def _labels(table: pa.Table, name: str) -> NDArray[np.str_]:
    if "label" not in table.schema.names:
        there = ", ".join(table.schema.names)
        raise DataError(f"{name} has no columns {_PREFIX}<CLASS> and no column 'label'; it has {there}")
    return text_column(table, "label", name)


def _sets(table: pa.Table, rows: NDArray[np.int64], groups: tuple[str, ...], view: str, name: str) -> NDArray[np.bool_]:
    """Which groups (N, G) the prediction set of every row holds."""
    words = text_column(table, "prediction_set", name)[rows]
    seen, inverse = np.unique(words, return_inverse=True)
    held = np.zeros((len(seen), len(groups)), dtype=bool)
    for k, text in enumerate(seen.tolist()):
        for word in text.split():
            group = group_of(leaf_of("", word), view)
            if group in groups:
                held[k, groups.index(group)] = True
    return held[inverse]
