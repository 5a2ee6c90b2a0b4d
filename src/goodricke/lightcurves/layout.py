"""Arrow tables of any layout to flat columns: a row per point, or a row per star with list columns.

A row per star comes in three shapes: several list columns side by side (``lists``), one struct of lists, the layout of
nested-pandas and HATS (``struct``), and one list of structs (``structs``). All become flat columns plus offsets without
a loop over stars.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from goodricke import ragged
from goodricke.errors import ReadError
from goodricke.lightcurves.guess import Column, Guess, guess_columns, identity, in_words
from goodricke.lightcurves.measurements import codes_of

__all__ = [
    "Nest",
    "Points",
    "columns_of",
    "guessed_nest",
    "is_list",
    "names_of",
    "nests",
    "one_chunk",
    "points_of_nest",
    "points_of_rows",
    "points_of_stars",
]


@dataclass(frozen=True)
class Nest:
    """The columns of a schema that hold the points of a star per row."""

    column: str
    """Name of the struct or list column; empty when several list columns stand side by side."""
    shape: str
    """``lists``, ``struct`` or ``structs``."""
    fields: Mapping[str, pa.DataType]
    """Name -> type of one value."""

    def path(self, name: str) -> str:
        """What to ask Parquet for, to get a field: a list of structs comes whole."""
        if self.shape == "structs":
            return self.column
        return f"{self.column}.{name}" if self.column else name


@dataclass(frozen=True)
class Points:
    """Flat columns of points and what is known of their stars."""

    columns: Mapping[str, pa.Array | pa.ChunkedArray]
    """Name -> (M,) values, one per point."""
    star: NDArray[np.int64]
    """(M,) index into `names`."""
    names: Sequence[str]
    """(N,) names of the stars."""
    stars: Mapping[str, pa.Array | pa.ChunkedArray]
    """Name -> (N,) values, one per star."""
    limit: NDArray[np.bool_] | None = None
    """(M,) where the brightness is an upper limit."""


def is_list(kind: pa.DataType) -> bool:
    """Whether an Arrow type is a list of whatever offsets."""
    return bool(pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind))


def nests(schema: pa.Schema) -> list[Nest]:
    """Every way in which the rows of a schema can be stars with points."""
    found = []
    flat = {f.name: f.type.value_type for f in schema if is_list(f.type) and not pa.types.is_nested(f.type.value_type)}
    for f in schema:
        kind = f.type
        if pa.types.is_struct(kind):
            inner = {c.name: c.type.value_type for c in kind.fields if is_list(c.type)}
            if len(inner) >= 2:
                found.append(Nest(f.name, "struct", inner))
        elif is_list(kind) and pa.types.is_struct(kind.value_type):
            found.append(Nest(f.name, "structs", {c.name: c.type for c in kind.value_type.fields}))
    if len(flat) >= 2:
        found.append(Nest("", "lists", flat))
    return found


def columns_of(schema: pa.Schema) -> list[Column]:
    """What a guess can know of Arrow fields: those that can hold numbers, times or words.

    Unit and UCD are taken from the metadata of a field, where goodricke writes them.
    """
    columns = []
    for field in schema:
        name, kind = field.name, field.type
        told = {key.decode(): word.decode("utf-8", "replace") for key, word in (field.metadata or {}).items()}
        while pa.types.is_dictionary(kind):
            kind = kind.value_type
        number = (
            pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)
            or pa.types.is_temporal(kind)
        )  # fmt: skip
        if not pa.types.is_nested(kind):
            columns.append(Column(name, told.get("unit", ""), told.get("ucd", ""), bool(number)))
    return columns


# Flattening ----------------------------------------------------------------------------------------------------------


def one_chunk(array: pa.Array | pa.ChunkedArray) -> pa.Array:
    if isinstance(array, pa.ChunkedArray):
        return array.chunk(0) if array.num_chunks == 1 else array.combine_chunks()
    return array


def _flat(array: pa.Array, name: str) -> tuple[pa.Array, NDArray[np.int64]]:
    """Values of a list column and offsets from 0; a null list is an empty one."""
    if not is_list(array.type):
        raise ReadError(f"column {name!r} is {array.type}; a list per star is asked for", "choose with --columns")
    lengths = pc.list_value_length(array).fill_null(0).to_numpy(zero_copy_only=False)
    return array.flatten(), ragged.offsets_from_lengths(lengths)


def points_of_stars(batch: pa.Table | pa.RecordBatch, nest: Nest, names: Sequence[str]) -> tuple[
    dict[str, pa.Array], NDArray[np.int64]
]:  # fmt: skip
    """Flat values of the fields `names` of a nest, and offsets (N + 1,) of the stars.

    Raises
    ------
    ReadError
        If the lists of a row differ in length.
    """
    if nest.shape == "structs":
        structs, offsets = _flat(one_chunk(batch.column(nest.column)), nest.column)
        return {name: pc.struct_field(structs, name) for name in names}, offsets
    offsets = np.zeros(batch.num_rows + 1, dtype=np.int64)
    values: dict[str, pa.Array] = {}
    for name in names:
        if nest.shape == "struct":
            # struct_field keeps the nulls of the struct itself: a star without any points.
            lists = pc.struct_field(one_chunk(batch.column(nest.column)), name)
        else:
            lists = one_chunk(batch.column(name))
        flat, bounds = _flat(lists, name)
        if values and not np.array_equal(bounds, offsets):
            raise ReadError(
                f"the lists of {name!r} differ in length from those of {next(iter(values))!r}",
                "choose other columns with --columns",
            )
        values[name], offsets = flat, bounds
    return values, offsets


def points_of_rows(
    table: pa.Table | pa.RecordBatch, guess: Guess, default_name: str, limit: NDArray[np.bool_] | None = None
) -> Points:
    """Points of a table with a row per point; stars are told apart by the guessed column."""
    columns = {name: one_chunk(table.column(name)) for name in guess.names if name in table.schema.names}
    n = table.num_rows
    if guess.object_id is None:
        star, names = np.zeros(n, dtype=np.int64), [default_name]
    else:
        star, names = names_of(columns[guess.object_id], n)
    first = np.zeros(len(names), dtype=np.int64)
    first[star[::-1]] = np.arange(n - 1, -1, -1)
    index = pa.array(first) if n else pa.array([], pa.int64())
    per_star = {name: columns[name].take(index) for name in (guess.ra, guess.dec, guess.time_frame) if name}
    return Points(columns, star, names if n else [], per_star, limit)


def names_of(array: pa.Array | pa.ChunkedArray, n: int) -> tuple[NDArray[np.int64], list[str]]:
    """Number the names in a column (n,) in the order they appear; empty ones are ``unknown``.

    Text, integers, bytes and dictionaries will do.
    """
    array = one_chunk(array)
    kind = array.type.value_type if pa.types.is_dictionary(array.type) else array.type
    if pa.types.is_nested(kind):
        raise ReadError(f"names of stars or bands cannot be {kind}", "choose another column with --columns")
    if pa.types.is_string_view(kind):
        array = array.cast(pa.large_string())
    elif pa.types.is_binary_view(kind) or pa.types.is_fixed_size_binary(kind):
        array = array.cast(pa.large_binary())
    code, names = codes_of(array, n)
    tidy = [name.strip() or "unknown" for name in names]
    different = list(dict.fromkeys(tidy))
    if len(different) < len(tidy):
        place = {name: k for k, name in enumerate(different)}
        code = np.array([place[name] for name in tidy], dtype=np.int64)[code]
    return code, different


def guessed_nest(schema: pa.Schema, chosen: Mapping[str, str] | None = None) -> tuple[Nest, Guess]:
    """The first nest of a schema that holds a time and a brightness, and what its fields are.

    Raises
    ------
    ReadError
        If there is none.
    """
    chosen = chosen or {}
    stars = columns_of(schema)
    told = {ours: name for ours, name in chosen.items() if name in {column.name for column in stars}}
    failure = ReadError("no column holds lists", "is there one row per star?")
    for nest in nests(schema):
        points = columns_of(pa.schema(list(nest.fields.items())))
        try:
            guess = guess_columns(points, {ours: name for ours, name in chosen.items() if ours not in told})
        except ReadError as error:
            failure = error
            continue
        about = identity(stars, told)
        if guess.band is not None and "band" not in told:
            about["band"] = guess.band
        guess = replace(guess, **about)
        where = f" in {nest.column!r}" if nest.column else ""
        return nest, replace(guess, said=(in_words(guess) + where,))
    raise failure


def points_of_nest(
    batch: pa.Table | pa.RecordBatch, nest: Nest, guess: Guess, default_name: str, already: int = 0
) -> Points:
    """Points of a table with a row per star; stars without a name are numbered from `already` + 1."""
    fields = [name for name in guess.names if name in nest.fields]
    columns, offsets = points_of_stars(batch, nest, fields)
    stars = {name: one_chunk(batch.column(name)) for name in guess.names if name not in nest.fields}
    n = batch.num_rows
    if guess.object_id in stars:
        code, different = names_of(stars[guess.object_id], n)
        names = [different[k] for k in code]
    else:
        names = [f"{default_name} {already + k + 1}" for k in range(n)] if n > 1 or already else [default_name]
    return Points(columns, ragged.segment_ids(offsets), names, stars)
