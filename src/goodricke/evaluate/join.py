"""Rows of predictions and rows of truth that are about the same star. What finds no partner is counted and said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from goodricke.errors import DataError

__all__ = ["Matched", "match", "need", "number_columns", "text_column"]

_PARTED = "\x1f"  # the ASCII unit separator stands in no name


@dataclass(frozen=True, eq=False)
class Matched:
    """Rows that belong together: entry k of each array is about one star.

    Parameters
    ----------
    rows : dict of (K,) int64
        Row in the table of every model.
    truth : (K,) int64
        Row in the table of truth.
    object_id : (K,) str
        Name of the star.
    counts : dict of int
        What was matched, and what was not.
    notes : tuple of str
        What a reader of the figures should know, in sentences.
    """

    rows: dict[str, NDArray[np.int64]]
    truth: NDArray[np.int64]
    object_id: NDArray[np.str_]
    counts: dict[str, int]
    notes: tuple[str, ...] = field(default=())


def match(models: Mapping[str, pa.Table], truth: pa.Table, label: str) -> Matched:
    """Match tables by ``object_id``, and by ``survey`` too where both sides have one and agree on its words.

    Parameters
    ----------
    models : mapping of str to pyarrow.Table
        Predictions; a star counts when every one of them has a row for it.
    truth : pyarrow.Table
        True classes. A star that stands there twice with unlike words is left out.
    label : str
        Column of the words in `truth`.

    Raises
    ------
    DataError
        If a column is missing, a star has several rows of predictions, or nothing matches.

    Examples
    --------
    >>> said = pa.table({"object_id": ["a", "b"], "label": ["EA", "EW"]})
    >>> known = pa.table({"object_id": ["b", "c"], "label": ["EW", "EW"]})
    >>> found = match({"model": said}, known, "label")
    >>> found.rows["model"], found.truth, found.counts["predictions_without_truth"]
    (array([1]), array([0]), 1)
    """
    names = list(models)
    first = models[names[0]]
    for name, table in models.items():
        _one_row_each(table, name)
    notes: list[str] = []
    in_truth = _partner(first, truth, names[0], "the truth", notes)
    words = text_column(truth, label, "the truth")
    in_truth[np.isin(in_truth, _contradicted(in_truth, truth, words, names[0], first))] = -2
    kept = in_truth >= 0
    if not kept.any():
        raise DataError(_strangers(first, truth, names[0]))
    counts = {
        "predictions": len(first),
        "truth": len(truth),
        "predictions_without_truth": int((in_truth == -1).sum()),
        "truth_without_predictions": len(truth) - len(np.unique(in_truth[kept])) - int((in_truth == -2).sum()),
        "contradicting_truth": int((in_truth == -2).sum()),
    }
    rows = {names[0]: np.arange(len(first))}
    for name in names[1:]:
        rows[name] = _partner(first, models[name], names[0], name, notes)
        counts[f"missing_in_{name}"] = int((kept & (rows[name] < 0)).sum())
    for name in names[1:]:
        kept &= rows[name] >= 0
    if not kept.any():
        raise DataError(f"no star with a truth is in all of {', '.join(names)}; evaluate them one by one")
    object_id = text_column(first, "object_id", names[0])[kept]
    return Matched(
        {name: found[kept] for name, found in rows.items()}, in_truth[kept], object_id, counts, tuple(notes)
    )  # fmt: skip


def need(table: pa.Table, column: str, where: str) -> pa.ChunkedArray:
    """A column; a DataError that says what there is when it is missing."""
    if column not in table.schema.names:
        raise DataError(f"{where} has no column {column!r}; it has {', '.join(table.schema.names) or 'none at all'}")
    return table.column(column)


def text_column(table: pa.Table, column: str, where: str) -> NDArray[np.str_]:
    """A column as text (N,), without space around it; whole numbers as such (7, not 7.0), nothing as an empty word."""
    values = need(table, column, where)
    if pa.types.is_dictionary(values.type):
        values = values.cast(values.type.value_type)
    if pa.types.is_floating(values.type) and pc.all(pc.equal(pc.round(values), values)).as_py():
        values = values.cast(pa.int64())
    words = pc.utf8_trim_whitespace(pc.fill_null(values.cast(pa.string()), ""))
    return np.asarray(words.to_numpy(zero_copy_only=False), dtype=str)


def number_columns(table: pa.Table) -> list[str]:
    """Names of the columns that hold numbers."""
    return [field.name for field in table.schema if pa.types.is_integer(field.type) or pa.types.is_floating(field.type)]


def _keys(table: pa.Table, where: str, surveys: bool) -> pa.Array:
    words = pa.array(text_column(table, "object_id", where))
    named = pc.if_else(pc.equal(words, ""), None, words)
    if surveys:
        return pc.binary_join_element_wise(named, pa.array(text_column(table, "survey", where)), _PARTED)
    return named


def _one_row_each(table: pa.Table, where: str) -> None:
    keys = _keys(table, where, "survey" in table.schema.names)
    counts = pc.value_counts(keys.drop_null())
    often = counts.filter(pc.greater(counts.field("counts"), 1))
    if len(often):
        star = often.field("values")[0].as_py().split(_PARTED)[0]
        raise DataError(
            f"{where} has several rows for {len(often):,} of its stars (as {star!r}); give one row per star"
        )


def _partner(table: pa.Table, other: pa.Table, name: str, where: str, notes: list[str]) -> NDArray[np.int64]:
    """Row (N,) of `other` for every row of `table`; -1 where there is none."""
    both = all("survey" in one.schema.names for one in (table, other))
    found = _found(table, other, name, where, both)
    if both and (found < 0).all():
        found = _found(table, other, name, where, False)
        if (found >= 0).any():
            notes.append(f"{name} and {where} call their surveys by other names; stars were matched by object_id alone")
    return found


def _found(table: pa.Table, other: pa.Table, name: str, where: str, surveys: bool) -> NDArray[np.int64]:
    place = pc.index_in(_keys(table, name, surveys), _keys(other, where, surveys), skip_nulls=True)
    return np.asarray(pc.fill_null(place, -1).to_numpy(zero_copy_only=False), dtype=np.int64)


def _contradicted(
    in_truth: NDArray[np.int64], truth: pa.Table, words: NDArray[np.str_], name: str, first: pa.Table
) -> NDArray[np.int64]:
    """Rows of truth that were matched although a later row of the same star has another word."""
    surveys = (
        all("survey" in one.schema.names for one in (first, truth))
        and (_found(first, truth, name, "the truth", True) >= 0).any()
    )
    keys = _keys(truth, "the truth", bool(surveys))
    codes = pc.dictionary_encode(keys).indices
    code = pc.fill_null(codes, -1).to_numpy(zero_copy_only=False)
    known = np.flatnonzero(code >= 0)
    _, begins, inverse = np.unique(code[known], return_index=True, return_inverse=True)
    unlike = words[known] != words[known][begins][inverse]
    return np.asarray(known[begins[np.unique(inverse[unlike])]], dtype=np.int64)


def _strangers(first: pa.Table, truth: pa.Table, name: str) -> str:
    ours, theirs = (
        ", ".join(map(repr, text_column(table, "object_id", "")[:3].tolist())) or "nothing" for table in (first, truth)
    )
    return f"no star of {name} is in the truth: object_id there is {ours} ..., in the truth {theirs} ..."
