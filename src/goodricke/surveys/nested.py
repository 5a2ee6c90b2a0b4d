"""Any Parquet with a row per star and the points in lists: nested-pandas frames, HATS partitions, plain list columns.

The points may lie in several list columns, in one struct of lists or in one list of structs. Which field is which is
told by its name. A field of points never names the star: identifiers, positions and a band that holds for the whole
star are looked for among the plain columns.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import pyarrow as pa

from goodricke import ragged
from goodricke.errors import ReadError
from goodricke.lightcurves import Measurements
from goodricke.lightcurves.guess import Guess, guess_columns, identity, in_words
from goodricke.lightcurves.layout import Nest, Points, columns_of, names_of, nests, one_chunk, points_of_stars
from goodricke.lightcurves.tables import measured
from goodricke.surveys import goodricke, lsst, ztf_parquet
from goodricke.surveys.containers.parquet import batches
from goodricke.surveys.observations import COLUMNS, FLAGGED
from goodricke.surveys.options import ReadOptions
from goodricke.surveys.source import Source

__all__ = ["COLUMNS", "QUALITY", "STITCH", "guessed_nest", "read", "recognises"]

QUALITY = FLAGGED
STITCH = False


def recognises(source: Source) -> bool:
    """Lists with a time and a brightness that belong to no survey of their own."""
    if any(module.recognises(source) for module in (goodricke, ztf_parquet, lsst)):
        return False
    try:
        guessed_nest(source.schema)
    except ReadError:
        return False
    return True


def read(source: Source, options: ReadOptions) -> Iterator[Measurements]:
    """Yield the stars in batches of about ``options.batch_points`` points."""
    nest, guess = guessed_nest(source.schema, options.columns)
    fields = [name for name in guess.names if name in nest.fields]
    plain = [name for name in guess.names if name not in nest.fields]
    wanted = list(dict.fromkeys([*plain, *(nest.path(name) for name in fields)]))
    n = 0
    for batch in batches(source, wanted, options.batch_points, long=nest.column or fields[0]):
        columns, offsets = points_of_stars(batch, nest, fields)
        if guess.object_id is None:
            names = [f"{source.stem} {n + k + 1}" for k in range(batch.num_rows)]
        else:
            code, different = names_of(batch.column(guess.object_id), batch.num_rows)
            names = [different[k] for k in code]
        stars = {name: one_chunk(batch.column(name)) for name in plain}
        points = Points(columns, ragged.segment_ids(offsets), names, stars)
        yield from measured(points, guess, frame=options.time_frame)
        n += batch.num_rows


def guessed_nest(schema: pa.Schema, chosen: Mapping[str, str] | None = None) -> tuple[Nest, Guess]:
    """The first nest of a schema that holds a time and a brightness, and what its fields are.

    Raises
    ------
    ReadError
        If there is none.
    """
    chosen = chosen or {}
    stars = columns_of({f.name: f.type for f in schema})
    told = {ours: name for ours, name in chosen.items() if name in {column.name for column in stars}}
    failure = ReadError("no column holds lists", "is there one row per star?")
    for nest in nests(schema):
        points = columns_of(nest.fields)
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
