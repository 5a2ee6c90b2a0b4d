"""ZTF alerts: one of schema 3.3, many of two objects in one file, and schema 4.02 with forced photometry."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import fastavro
import numpy as np

from samples import DEC, RA, star

REFERENCE = 14.0
"""Magnitude of the star in the reference image."""

_OPTIONAL = ["float", "null"]
_CANDIDATE = [
    ("jd", "double"), ("fid", "int"), ("pid", "long"), ("diffmaglim", _OPTIONAL), ("candid", ["long", "null"]),
    ("isdiffpos", ["string", "null"]), ("ra", ["double", "null"]), ("dec", ["double", "null"]),
    ("magpsf", _OPTIONAL), ("sigmapsf", _OPTIONAL), ("distnr", _OPTIONAL), ("magnr", _OPTIONAL), ("rb", _OPTIONAL),
    ("drb", _OPTIONAL), ("nbad", ["int", "null"]), ("fwhm", _OPTIONAL), ("elong", _OPTIONAL), ("magdiff", _OPTIONAL),
    ("magzpsci", _OPTIONAL),
]  # fmt: skip
_FORCED = [
    ("jd", "double"), ("fid", "int"), ("pid", "long"), ("diffmaglim", _OPTIONAL), ("magzpsci", _OPTIONAL),
    ("forcediffimflux", _OPTIONAL), ("forcediffimfluxunc", _OPTIONAL), ("procstatus", ["string", "null"]),
    ("distnr", _OPTIONAL), ("magnr", _OPTIONAL),
]  # fmt: skip


def _record(name: str, fields: list[tuple[str, Any]]) -> dict[str, Any]:
    return {"type": "record", "name": name, "fields": [{"name": n, "type": t} for n, t in fields]}


def schema(version: str) -> dict[str, Any]:
    """The parts of ZTF's schema that a reader meets."""
    image = {
        "type": "record",
        "name": "cutout",
        "fields": [{"name": "fileName", "type": "string"}, {"name": "stampData", "type": "bytes"}],
    }
    fields: list[tuple[str, Any]] = [
        ("schemavsn", "string"), ("publisher", "string"), ("objectId", "string"), ("candid", "long"),
        ("candidate", _record("candidate", _CANDIDATE)),
        ("prv_candidates", ["null", {"type": "array", "items": _record("prv_candidate", _CANDIDATE)}]),
    ]  # fmt: skip
    if version.startswith("4"):
        fields.append(("fp_hists", ["null", {"type": "array", "items": _record("fp_hist", _FORCED)}]))
    fields += [("cutoutScience", ["null", image]), ("cutoutTemplate", ["null", "cutout"])]
    return {**_record("alert", fields), "namespace": "ztf", "version": version}


def detection(jd: float, mag: float, err: float, k: int, spelling: tuple[str, str] = ("t", "f")) -> dict[str, Any]:
    """A detection of a star of magnitude `mag` over a reference of ``REFERENCE``."""
    difference = 10 ** (-0.4 * mag) - 10 ** (-0.4 * REFERENCE)
    return {
        "jd": jd, "fid": 1 + k % 2, "pid": 5000 + k, "diffmaglim": 20.5, "candid": 9000 + k,
        "isdiffpos": spelling[0] if difference > 0 else spelling[1], "ra": RA, "dec": DEC,
        "magpsf": -2.5 * np.log10(abs(difference)), "sigmapsf": err * 10 ** (-0.4 * mag) / abs(difference),
        "distnr": 0.3, "magnr": REFERENCE, "rb": 0.8, "drb": 0.99, "nbad": 0, "fwhm": 2.5, "elong": 1.1, "magdiff": 0.0,
        "magzpsci": 26.2,
    }  # fmt: skip


def limit(jd: float, k: int) -> dict[str, Any]:
    """A visit without a detection."""
    empty = dict.fromkeys(name for name, _ in _CANDIDATE)
    return {**empty, "jd": jd, "fid": 1, "pid": 7000 + k, "diffmaglim": 19.5, "magzpsci": 26.2}


def alert(name: str, rows: list[dict[str, Any]], history: list[dict[str, Any]], version: str = "3.3") -> dict[str, Any]:
    """An alert caused by the last of `rows`."""
    image = {"fileName": "candid_made.fits.gz", "stampData": bytes(range(256)) * 40}
    return {
        "schemavsn": version, "publisher": "ZTF", "objectId": name, "candid": rows[-1]["candid"], "candidate": rows[-1],
        "prv_candidates": [*rows[:-1], *history], "fp_hists": None, "cutoutScience": image, "cutoutTemplate": None,
    }  # fmt: skip


def rows() -> list[dict[str, Any]]:
    """Detections of the star."""
    made = star(mag=13.8)
    return [
        detection(jd, mag, err, k) for k, (jd, mag, err) in enumerate(zip(made.jd, made.mag, made.err, strict=True))
    ]


def forced(row: dict[str, Any], k: int) -> dict[str, Any]:
    """Forced photometry of the same star a day later."""
    sign = 1 if row["isdiffpos"] in ("t", "1") else -1
    flux = sign * 10 ** (-0.4 * (row["magpsf"] - row["magzpsci"]))
    return {"jd": row["jd"] + 1, "fid": row["fid"], "pid": 8000 + k, "diffmaglim": 20.5, "magzpsci": row["magzpsci"],
            "forcediffimflux": flux, "forcediffimfluxunc": abs(flux) * 0.05, "procstatus": "0" if k else "61",
            "distnr": 0.3, "magnr": REFERENCE}  # fmt: skip


def write(folder: Path) -> list[Path]:
    """Three files."""
    seen = rows()
    limits = [limit(seen[0]["jd"] - 10 + k, k) for k in range(4)]
    one, many, newer = (folder / f"MADE_{name}.avro" for name in ("one_3_3", "many_3_3", "forced_4_02"))
    first = alert("ZTF18aaaaaaa", seen, limits)
    other = copy.deepcopy(alert("ZTF18bbbbbbb", seen[:6], []))
    for row in (other["candidate"], *other["prv_candidates"]):
        row.update(distnr=25.0, isdiffpos="1")  # far from any reference source: a transient
    with_forced = alert("ZTF18aaaaaaa", seen[:20], limits, "4.02")
    # The last has the pid of a detection: the same image twice.
    with_forced["fp_hists"] = [forced(row, k) for k, row in enumerate(seen[:15])] + [
        {**forced(seen[3], 3), "pid": seen[3]["pid"]}
    ]
    for path, version, alerts, codec in (
        (one, "3.3", [first], "null"),
        (many, "3.3", [alert("ZTF18aaaaaaa", seen[:n], limits) for n in (20, 40, len(seen))] + [other], "deflate"),
        (newer, "4.02", [with_forced], "null"),
    ):
        with path.open("wb") as file:
            fastavro.writer(file, schema(version), alerts, codec=codec)
    return [one, many, newer]
