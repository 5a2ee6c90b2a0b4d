"""goodricke's own Parquet layout, one row per star with list columns (see ``goodricke.lightcurves.arrow``).

The columns are the arrays of ``LightCurves`` already, so batches of rows become batches of light curves as they are:
nothing is dropped, sorted or normalised again. Each star keeps the name of the survey that it was first read from.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pyarrow as pa

from goodricke.lightcurves import LightCurves
from goodricke.lightcurves.arrow import POINT_COLUMNS, REQUIRED_COLUMNS
from goodricke.surveys.containers.parquet import batches
from goodricke.surveys.options import NO_FLAGS, ReadOptions
from goodricke.surveys.source import Source

__all__ = ["QUALITY", "STITCH", "read", "recognises"]

QUALITY = NO_FLAGS
STITCH = False


def recognises(source: Source) -> bool:
    """All columns that the layout asks for, the points as lists of numbers."""
    schema = source.schema
    return set(REQUIRED_COLUMNS) <= set(schema.names) and all(
        pa.types.is_list(kind) or pa.types.is_large_list(kind)
        for kind in (schema.field(name).type for name in (*POINT_COLUMNS, "bands"))
    )


def read(source: Source, options: ReadOptions) -> Iterator[LightCurves]:
    """Yield the stars in batches of about ``options.batch_points`` points."""
    for batch in batches(source, source.schema.names, options.batch_points, long="time"):
        lcs = LightCurves.from_arrow(batch)
        if options.time_frame is not None:
            lcs = replace(lcs, frames=(options.time_frame,), frame=np.zeros(len(lcs), dtype=np.int8))
        yield lcs
