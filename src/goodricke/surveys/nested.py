"""Any Parquet with a row per star and the points in lists: nested-pandas frames, HATS partitions, plain list columns.

The points may lie in several list columns, in one struct of lists or in one list of structs. Which field is which is
told by its name. A field of points never names the star: identifiers, positions and a band that holds for the whole
star are looked for among the plain columns.
"""

from __future__ import annotations

from collections.abc import Iterator

from goodricke.errors import ReadError
from goodricke.lightcurves import Measurements
from goodricke.lightcurves.layout import guessed_nest, points_of_nest
from goodricke.lightcurves.tables import measured
from goodricke.surveys import goodricke, lsst, ztf_parquet
from goodricke.surveys.containers.parquet import batches
from goodricke.surveys.observations import COLUMNS, FLAGGED
from goodricke.surveys.options import ReadOptions
from goodricke.surveys.source import Source

__all__ = ["COLUMNS", "QUALITY", "STITCH", "read", "recognises"]

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
    for batch in batches(source, wanted, options.batch_points, long=nest.path(fields[0])):
        points = points_of_nest(batch, nest, guess, source.stem, n)
        yield from measured(points, guess, frame=options.time_frame)
        n += batch.num_rows
