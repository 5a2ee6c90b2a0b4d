"""Any other table with a time and a brightness: csv and text, ECSV, VOTable, FITS and Parquet, with guessed columns.

Names, units and UCDs tell which column is which; ``--columns time=...,mag=...`` overrules. What was guessed is said in
the notes. A file is taken only when a time and a brightness can be told apart with confidence, and a catalogue (a row
per star) is not taken for a light curve, unless columns are named.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from goodricke.errors import ReadError
from goodricke.lightcurves import Measurements
from goodricke.lightcurves.clock import plain
from goodricke.lightcurves.guess import Guess, guess_columns, in_words
from goodricke.lightcurves.layout import Nest, columns_of, nests, points_of_nest
from goodricke.lightcurves.tables import measured
from goodricke.surveys import nested
from goodricke.surveys.containers.flat import arrow_table, describe, sample
from goodricke.surveys.observations import COLUMNS, FLAGGED, parquet_rows, table_rows
from goodricke.surveys.options import ReadOptions
from goodricke.surveys.source import Source

__all__ = ["COLUMNS", "QUALITY", "STITCH", "read", "recognises"]

QUALITY = FLAGGED
STITCH = False

_ROW_NUMBERS = ("id", "source_id", "sourceid", "source", "name", "star", "object", "target")
"""Names that may number the rows just as well as the stars."""


def recognises(source: Source) -> bool:
    """A time that moves and a brightness, and no sign of a catalogue."""
    try:
        guess = _guess(source, ReadOptions())
        return _moves(source, guess) and not _is_catalogue(source, guess)
    except ReadError:
        return False


def read(source: Source, options: ReadOptions) -> Iterator[Measurements]:
    """Yield the stars of the table."""
    if source.container == "parquet" and nests(source.schema) and not _flat_names(source, options):
        yield from nested.read(source, options)
        return
    guess = _guess(source, options)
    if source.container == "fits" and _is_vector(source, guess.time):
        yield from _rows_of_vectors(source, guess, options)
        return
    if guess.object_id is not None and "object_id" not in options.columns and _all_different(source, guess.object_id):
        guess = replace(guess, object_id=None)
        guess = replace(guess, said=(in_words(guess),))
    if source.container == "parquet":
        yield from parquet_rows(source, guess, options, speak=True)
    else:
        yield from table_rows(source, guess, options, speak=True)


def _flat_names(source: Source, options: ReadOptions) -> bool:
    """Whether a Parquet file has a light curve outside its lists."""
    try:
        guess_columns(columns_of(source.schema), options.columns)
    except ReadError:
        return False
    return True


def _guess(source: Source, options: ReadOptions) -> Guess:
    if source.container == "parquet":
        return guess_columns(columns_of(source.schema), options.columns)
    if source.container == "text" and not source.table.named and not {"time", "mag", "flux"} & set(options.columns):
        return _by_place(source)
    return guess_columns(describe(source), options.columns)


def _by_place(source: Source) -> Guess:
    """Two or three columns of numbers without a header: time, brightness and its error, in this order."""
    columns = describe(source)
    if not 2 <= len(columns) <= 3 or not all(column.numeric for column in columns):
        raise ReadError(
            f"there is no header, and {len(columns)} columns could be anything",
            "name them by place: --columns time=col1,mag=col2,err=col3",
            source.name,
        )
    err = columns[2].name if len(columns) == 3 else None
    guess = Guess(columns[0].name, columns[1].name, "", err)
    return replace(guess, said=(f"there is no header: {in_words(guess)}",))


def _moves(source: Source, guess: Guess) -> bool:
    """Whether the first column of a table without a header can be a time: it varies, and not in even steps."""
    if guess.kind or source.container != "text" or source.table.named:
        return True
    time = source.table.numbers(guess.time)
    time = time[np.isfinite(time)]
    steps = np.diff(time)
    if len(time) < 2 or not steps.any():
        return False
    if ((time > 2.3e6) & (time < 2.6e6)).all() or ((time > 40000) & (time < 80000)).all():
        return True
    # A spectrum has a wavelength there, in steps that are even or grow slowly.
    return not (len(steps) > 2 and (steps > 0).all() and steps.max() < 3 * steps.min())


def _is_catalogue(source: Source, guess: Guess) -> bool:
    """Whether every row is a star of its own, with one time."""
    if source.container == "fits" and _is_vector(source, guess.time):
        return False
    if guess.object_id is None or plain(guess.object_id) in _ROW_NUMBERS:
        name = guess.ra
        if name is None or guess.object_id is None:
            return False
        positions = np.array([_float(word) for word in _sample(source, name)])
        return _all_different(source, guess.object_id) and _spread(positions) > 0.1
    return _all_different(source, guess.object_id)


def _spread(values: NDArray[np.float64]) -> float:
    good = values[np.isfinite(values)]
    return float(np.ptp(good)) if len(good) else 0.0


def _all_different(source: Source, name: str) -> bool:
    values = _sample(source, name)
    return len(values) > 1 and len(set(values)) == len(values)


def _sample(source: Source, name: str) -> list[str]:
    if source.container != "parquet":
        return sample(source, name)
    batch = next(source.parquet.iter_batches(batch_size=1000, columns=[name]), None)
    return [] if batch is None else [str(value) for value in batch.column(0).to_pylist()]


def _float(word: str) -> float:
    try:
        return float(word)
    except ValueError:
        return float("nan")


# FITS rows that hold whole light curves ------------------------------------------------------------------------------


def _is_vector(source: Source, name: str) -> bool:
    _, letter, repeat, _ = next(table for table in source.fits.tables if name in table).columns[name.upper()]
    return letter in "PQ" or (letter != "A" and repeat > 1)


def _rows_of_vectors(source: Source, guess: Guess, options: ReadOptions) -> Iterator[Measurements]:
    """A FITS table with a star per row and vectors of points."""
    fields = {name: pa.float64() for name in guess.names if _is_vector(source, name)}
    table = arrow_table(source, guess.names, [])
    points = points_of_nest(table, Nest("", "lists", fields), guess, source.stem)
    yield from measured(points, guess, frame=options.time_frame)
