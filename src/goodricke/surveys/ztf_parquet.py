"""ZTF data-release light curves as served in bulk (Parquet): a row per object and filter, with list columns.

Reference: ZTF Science Data System Explanatory Supplement, section "Light curves"
(https://irsa.ipac.caltech.edu/data/ZTF/docs/). Times are HMJD, heliocentric and UTC. An object of a data release is one
star in one filter, field and quadrant, so the g and the r curve of one star have different names.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from goodricke import ragged
from goodricke.errors import ReadError
from goodricke.lightcurves import Measurements
from goodricke.lightcurves.layout import Nest, is_list, one_chunk, points_of_stars
from goodricke.lightcurves.tables import numbers
from goodricke.surveys.containers.parquet import batches
from goodricke.surveys.options import Quality, ReadOptions
from goodricke.surveys.source import Source
from goodricke.timeframes import TimeFrame

__all__ = ["BANDS", "QUALITY", "STITCH", "read", "recognises"]

# Bit 15 marks epochs that the survey calls unusable (clouds, moonlight); lower bits are warnings of the photometry.
QUALITY = Quality({"photometry": 0x7FFF, "unusable": 32768}, default=32768, hard=0xFFFF, hardest=0xFFFF)
STITCH = False
BANDS = ("g", "r", "i")
"""ZTF's filters 1, 2 and 3."""

_STAR = ("objectid", "filterid", "objra", "objdec")
_POINT = ("hmjd", "mag", "magerr", "catflags")


def recognises(source: Source) -> bool:
    """The columns of the bulk files, the times as lists."""
    schema = source.schema
    return {*_STAR, "hmjd", "mag", "magerr"} <= set(schema.names) and is_list(schema.field("hmjd").type)


def read(source: Source, options: ReadOptions) -> Iterator[Measurements]:
    """Yield the stars in batches of about ``options.batch_points`` points."""
    point = tuple(name for name in _POINT if name in source.schema.names)
    nest = Nest("", "lists", {})
    for batch in batches(source, (*_STAR, *point), options.batch_points, long="hmjd"):
        columns, offsets = points_of_stars(batch, nest, point)
        star = ragged.segment_ids(offsets)
        filters = numbers(one_chunk(batch.column("filterid")), "filterid")
        if not np.isin(filters, (1, 2, 3)).all():
            raise ReadError(f"filterid holds {filters.min():g}...{filters.max():g}; ZTF has 1, 2 and 3", "is this ZTF?")
        flags = columns.get("catflags")
        yield Measurements(
            object_id=np.array([f"ZTF {name}" for name in batch.column("objectid").to_pylist()], dtype=str),
            time=np.asarray(numbers(columns["hmjd"], "hmjd"), dtype=np.float64),
            value=numbers(columns["mag"], "mag"),
            error=numbers(columns["magerr"], "magerr"),
            kind="mag",
            frame=TimeFrame("utc", "heliocentre", 2400000.5),
            star=star,
            band=(filters.astype(np.int8) - np.int8(1))[star],
            bands=BANDS,
            quality=None if flags is None else np.nan_to_num(numbers(flags, "catflags")).astype(np.int64),
            ra=np.asarray(numbers(batch.column("objra"), "objra"), dtype=np.float64),
            dec=np.asarray(numbers(batch.column("objdec"), "objdec"), dtype=np.float64),
            notes=_coarse(columns["hmjd"]),
        )


def _coarse(times: pa.Array) -> tuple[str, ...]:
    if not pa.types.is_float32(times.type):
        return ()
    return ("the times are stored in single precision: steps of 0.004 d (6 minutes)",)
