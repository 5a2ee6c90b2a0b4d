"""LSST alerts: one with total fluxes, history, forced photometry and limits; and several of two objects."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import fastavro
import numpy as np

from samples import DEC, RA, star

_FLOAT, _BOOL = ["null", "float"], ["null", "boolean"]
_SOURCE = [
    ("diaSourceId", "long"), ("visit", "long"), ("detector", "int"), ("diaObjectId", ["null", "long"]),
    ("midpointMjdTai", "double"), ("ra", "double"), ("dec", "double"), ("psfFlux", _FLOAT), ("psfFluxErr", _FLOAT),
    ("psfFlux_flag", _BOOL), ("scienceFlux", _FLOAT), ("scienceFluxErr", _FLOAT), ("pixelFlags_bad", _BOOL),
    ("band", ["null", "string"]),
]  # fmt: skip
_FORCED = [
    ("diaForcedSourceId", "long"), ("visit", "long"), ("detector", "int"), ("midpointMjdTai", "double"),
    ("psfFlux", _FLOAT), ("psfFluxErr", _FLOAT), ("scienceFlux", _FLOAT), ("scienceFluxErr", _FLOAT),
    ("band", ["null", "string"]),
]  # fmt: skip


def _record(name: str, fields: list[tuple[str, Any]]) -> dict[str, Any]:
    return {"type": "record", "name": f"lsst.v7_4.{name}", "fields": [{"name": n, "type": t} for n, t in fields]}


SCHEMA = _record(
    "alert",
    [
        ("alertId", "long"),
        ("diaSource", _record("diaSource", _SOURCE)),
        ("prvDiaSources", ["null", {"type": "array", "items": "lsst.v7_4.diaSource"}]),
        ("prvDiaForcedSources", ["null", {"type": "array", "items": _record("diaForcedSource", _FORCED)}]),
        ("prvDiaNondetectionLimits", ["null", {"type": "array", "items": _record(
            "limit", [("midpointMjdTai", "double"), ("band", "string"), ("diaNoise", "float")])}]),
        ("diaObject", ["null", _record("diaObject", [("diaObjectId", "long"), ("ra", "double"), ("dec", "double")])]),
        ("cutoutScience", ["null", "bytes"]),
    ],
)  # fmt: skip


def sources(n: int = 30) -> list[dict[str, Any]]:
    """Detections with total and difference flux in nJy."""
    made = star(mag=19.0)
    total = 10 ** (-0.4 * (made.mag - 31.4))
    return [
        {
            "diaSourceId": 100 + k, "visit": 7000 + k, "detector": 42, "diaObjectId": 55,
            "midpointMjdTai": made.jd[k] - 2400000.5, "ra": RA, "dec": DEC,
            "psfFlux": total[k] - float(np.median(total)), "psfFluxErr": 0.01 * total[k],
            "psfFlux_flag": k == 2, "scienceFlux": total[k],
            "scienceFluxErr": 0.01 * total[k], "pixelFlags_bad": False, "band": "gr"[k % 2],
        }
        for k in range(n)
    ]  # fmt: skip


def forced(row: dict[str, Any], later: float = 1.0) -> dict[str, Any]:
    """Forced photometry at the same place."""
    made = {name: row.get(name) for name, _ in _FORCED if name in row}
    return {**made, "diaForcedSourceId": row["diaSourceId"], "visit": row["visit"] + (500 if later else 0),
            "midpointMjdTai": row["midpointMjdTai"] + later}  # fmt: skip


def alert(rows: list[dict[str, Any]], number: int | None = 55) -> dict[str, Any]:
    """An alert caused by the last of `rows`."""
    about = None if number is None else {"diaObjectId": number, "ra": RA, "dec": DEC}
    return {
        "alertId": 1, "diaSource": rows[-1], "prvDiaSources": rows[:-1], "diaObject": about,
        "prvDiaForcedSources": [forced(row) for row in rows[:10]] + [forced(rows[0], 0.0)],
        "prvDiaNondetectionLimits": [{"midpointMjdTai": 58400.5, "band": "g", "diaNoise": 100.0}],
        "cutoutScience": bytes(1000),
    }  # fmt: skip


def write(folder: Path) -> list[Path]:
    """Two files."""
    rows = sources()
    none = {"diaObjectId": 56, "scienceFlux": None, "scienceFluxErr": None}
    others = [{**row, **none, "diaSourceId": row["diaSourceId"] + 1000} for row in rows[:5]]
    one, many = folder / "MADE_one.avro", folder / "MADE_many.avro"
    moving = alert([{**rows[0], "diaObjectId": None}], None)
    for path, alerts in ((one, [alert(rows)]), (many, [alert(rows[:20]), alert(rows), alert(others, 56), moving])):
        with path.open("wb") as file:
            fastavro.writer(file, SCHEMA, alerts, codec="deflate")
    return [one, many]
