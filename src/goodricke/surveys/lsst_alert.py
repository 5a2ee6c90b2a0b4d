"""LSST / Rubin alert packets (Avro object containers, schema 7 and later).

Reference: https://github.com/lsst/alert_packet. An alert holds the detection that caused it (``diaSource``), those
before it (``prvDiaSources``), forced photometry (``prvDiaForcedSources``) and noise limits of earlier visits. Fluxes,
times and flags are those of ``lsst.py``. Alerts of objects of the solar system have no star and are left out.

Packets as they come off the stream (a zero byte and four bytes of schema number) do not carry their schema, so they are
not recognised: save them with their schema, as ``fastavro.writer`` does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from goodricke.errors import ReadError
from goodricke.lightcurves import Measurements
from goodricke.surveys import lsst
from goodricke.surveys.containers.avro import AvroFile
from goodricke.surveys.options import ReadOptions
from goodricke.surveys.source import Source

__all__ = ["QUALITY", "STITCH", "read", "recognises"]

QUALITY = lsst.QUALITY
STITCH = False

_IMAGES = ("cutoutDifference", "cutoutScience", "cutoutTemplate")


class _Star:
    """The measurements of one object, each once."""

    def __init__(self) -> None:
        self.rows: dict[tuple[Any, ...], Mapping[str, Any]] = {}
        self.ra = self.dec = float("nan")

    def add(self, alert: Mapping[str, Any]) -> None:
        """Take up the measurements of an alert."""
        about = alert.get("diaObject") or alert["diaSource"]
        self.ra, self.dec = (float("nan") if about.get(key) is None else about[key] for key in ("ra", "dec"))
        for row in (alert["diaSource"], *(alert.get("prvDiaSources") or ())):
            self.rows.setdefault(("seen", row.get("diaSourceId")), row)
        seen = {(row.get("visit"), row.get("detector")) for key, row in self.rows.items() if key[0] == "seen"}
        for row in alert.get("prvDiaForcedSources") or ():
            image = (row.get("visit"), row.get("detector"))
            if image == (None, None) or image not in seen:
                self.rows.setdefault(("forced", *image, row["midpointMjdTai"]), row)
        for row in alert.get("prvDiaNondetectionLimits") or ():
            limit = {**row, "psfFlux": row.get("diaNoise"), "limit": True}
            self.rows.setdefault(("limit", row["midpointMjdTai"], row.get("band")), limit)


def recognises(source: Source) -> bool:
    """The top fields of the alert schema."""
    return {"diaSource", "prvDiaSources"} <= set(AvroFile(source).field_names)


def read(source: Source, options: ReadOptions) -> Iterator[Measurements]:
    """Yield the stars; a long file comes in pieces, and equal measurements are then found within a piece only."""
    stars: dict[str, _Star] = {}
    n_alerts = n_points = n_stars = 0
    for alert in AvroFile(source).records(skip=_IMAGES):
        n_alerts += 1
        name = (alert.get("diaObject") or {}).get("diaObjectId") or alert["diaSource"].get("diaObjectId")
        if not name:
            continue
        star = stars.setdefault(str(name), _Star())
        n_points -= len(star.rows)
        star.add(alert)
        n_points += len(star.rows)
        if n_points >= options.batch_points:
            yield from _measured(stars)
            n_stars += len(stars)
            stars, n_points = {}, 0
    if not n_stars and not stars:
        said = f"all {n_alerts:,} alerts are of objects of the solar system" if n_alerts else "the file holds no alert"
        raise ReadError(said, "only alerts with a diaObject have a star", source.name)
    if stars:
        yield from _measured(stars)


def _measured(stars: dict[str, _Star]) -> Iterator[Measurements]:
    rows = [row for star in stars.values() for row in star.rows.values()]
    names = [name for name in lsst.POINT_COLUMNS if any(row.get(name) is not None for row in rows)]
    columns = {name: pa.array([row.get(name) for row in rows]) for name in names}
    columns.setdefault("diaSourceId", pa.nulls(len(rows)))
    if "midpointMjdTai" not in columns:
        raise ReadError("no measurement has a time (midpointMjdTai)", "is this an LSST alert?")
    if not {"psfFlux", "scienceFlux"} & set(columns):
        raise ReadError("no measurement has a flux (psfFlux, scienceFlux)", "is this an LSST alert?")
    yield from lsst.photometry(
        columns,
        np.repeat(np.arange(len(stars)), [len(star.rows) for star in stars.values()]),
        list(stars),
        np.array([star.ra for star in stars.values()], dtype=np.float64),
        np.array([star.dec for star in stars.values()], dtype=np.float64),
        limit=np.array([bool(row.get("limit")) for row in rows]),
    )
