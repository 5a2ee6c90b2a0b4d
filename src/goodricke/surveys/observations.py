"""A flat table of observations: a row per point with ``object_id``, ``time``, ``mag`` or ``flux``, and more.

Columns ``band``, ``err``, ``ra``, ``dec`` and ``time_frame`` are used when they are there. The same table with the
time column called after its clock (``mjd``, ``hjd``, ``bjd`` ...), as in the partitions of HATS source catalogues, is
read too. What the times count from is not in such a file: it is guessed from the name and the values, star by star,
and said.

Parquet is read in pieces. Rows of a star that stand together stay together; a star whose rows are scattered over pieces
is united when the files of a star are merged, as they are by default.
"""

from __future__ import annotations

from collections.abc import Iterator

from goodricke.lightcurves import Measurements
from goodricke.lightcurves.guess import Guess, guess_columns
from goodricke.lightcurves.layout import columns_of, points_of_rows
from goodricke.lightcurves.tables import measured
from goodricke.surveys.containers.flat import arrow_table, describe, limits
from goodricke.surveys.containers.parquet import batches, whole_stars
from goodricke.surveys.options import Quality, ReadOptions
from goodricke.surveys.source import Source

__all__ = ["COLUMNS", "FLAGGED", "QUALITY", "STITCH", "parquet_rows", "read", "recognises", "table_rows"]

FLAGGED = Quality({"flagged": (1 << 62) - 1}, *[(1 << 62) - 1] * 3)
"""For tables whose flags nobody knows: every point that is not 0 in ``--columns quality=...`` is dropped."""
QUALITY = FLAGGED
STITCH = False
COLUMNS = ("time", "mag", "flux", "err", "band", "object_id", "ra", "dec", "quality")

_TIMES = {"time", "mjd", "hjd", "bjd", "jd", "btjd", "bkjd", "hmjd", "bmjd", "rjd", "mjd_utc", "mjd_tai", "bjd_tdb"}


def recognises(source: Source) -> bool:
    """An ``object_id``, a time and a brightness under their plain names, one value a row."""
    if source.container == "text":
        names = {name.lower() for name in source.table.names} if source.table.named else set()
    else:
        names = {column.name.lower() for column in columns_of(source.schema)}
    return "object_id" in names and bool(names & _TIMES) and bool(names & {"mag", "flux"})


def read(source: Source, options: ReadOptions) -> Iterator[Measurements]:
    """Yield the stars, in pieces of about ``options.batch_points`` points."""
    if source.container == "text":
        guess = guess_columns(describe(source), options.columns)
        yield from table_rows(source, guess, options)
    else:
        guess = guess_columns(columns_of(source.schema), options.columns)
        yield from parquet_rows(source, guess, options)


def table_rows(source: Source, guess: Guess, options: ReadOptions, speak: bool = False) -> Iterator[Measurements]:
    """Measurements of a table of text, FITS or VOTable with a row per point."""
    numeric = [name for name in (guess.time, guess.value, guess.err, guess.flux, guess.flux_err, guess.ra, guess.dec,
                                 guess.quality) if name]  # fmt: skip
    table = arrow_table(source, guess.names, numeric)
    points = points_of_rows(table, guess, source.stem, limits(source, guess.value))
    yield from measured(points, guess, frame=options.time_frame, speak=speak)


def parquet_rows(source: Source, guess: Guess, options: ReadOptions, speak: bool = False) -> Iterator[Measurements]:
    """Measurements of a Parquet file with a row per point."""
    stream = batches(source, guess.names, options.batch_points)
    tables = stream if guess.object_id is None else whole_stars(stream, guess.object_id, options.batch_points)
    for table in tables:
        points = points_of_rows(table, guess, source.stem)
        yield from measured(points, guess, frame=options.time_frame, speak=speak)
