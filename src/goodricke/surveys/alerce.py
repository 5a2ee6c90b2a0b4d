"""ALeRCE light curves of ZTF alerts: detections as Parquet, and the answers of the web service as JSON.

Reference: Forster et al. 2021, AJ 161, 242; https://api.alerce.online. ``magpsf`` is the magnitude of a difference flux
with the sign ``isdiffpos``; ``magpsf_corr`` is the total magnitude where the star is in the reference image
(``corrected``). A star is read as total flux when at least half of its detections are corrected, as difference flux
otherwise. The error of the total flux is ``sigmapsf_corr_ext``, which leaves out the error of the reference.

JSON comes as ``{"detections": [...], "non_detections": [...]}`` or as a plain list of detections, in the names of the
first web service or of the one for several surveys (``mag``, ``mag_corr``, ``e_mag_corr_ext``, ``extra_fields``).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from goodricke.errors import ReadError
from goodricke.lightcurves import Measurements
from goodricke.lightcurves.measurements import codes_of
from goodricke.lightcurves.tables import numbers
from goodricke.surveys.containers.parquet import batches, whole_stars
from goodricke.surveys.difference import ZERO_POINT, by_level, first_of_star, from_mag, sigma_from_mag
from goodricke.surveys.options import Quality, ReadOptions
from goodricke.surveys.source import Source
from goodricke.surveys.ztf_alert import signs
from goodricke.timeframes import TimeFrame

__all__ = ["QUALITY", "STITCH", "read", "recognises"]

# ALeRCE calls a point dubious when it is fainter than a reference that is not there, or corrected unlike the others.
# A low real-bogus score is no reason to drop a point by default: it was trained on transients, a quarter of the points
# in ALeRCE's sample of variable stars have one, and they scatter no more than the others.
QUALITY = Quality(
    {"dubious": 1, "low_rb": 2, "no_reference": 4, "low_drb": 8}, default=1 | 4, hard=15, hardest=15
)  # fmt: skip
STITCH = False

_BANDS = ("g", "r", "i")
_FILTER = {"1": 0, "2": 1, "3": 2, "g": 0, "r": 1, "i": 2}
_WORDS = ("oid", "isdiffpos", "fid", "corrected", "dubious")
_NUMBERS = ("mjd", "magpsf", "sigmapsf", "magpsf_corr", "sigmapsf_corr_ext", "ra", "dec", "rb", "drb")
_NEWER = {"magpsf": "mag", "sigmapsf": "e_mag", "magpsf_corr": "mag_corr", "sigmapsf_corr_ext": "e_mag_corr_ext"}
_NEEDED = ("mjd", "fid", "isdiffpos", "magpsf", "sigmapsf")
_REMEDY = "read the detections of these objects instead"


def recognises(source: Source) -> bool:
    """Detections or non-detections under ALeRCE's names."""
    if source.container == "parquet":
        names = set(source.schema.names)
        return {"oid", "mjd", "fid"} <= names and bool({"magpsf_corr", "diffmaglim"} & names)
    head = source.head[:20_000]
    if b'"detections"' in head[:2000] or b'"non_detections"' in head[:2000]:
        return b'"mjd"' in head or b"[]" in head
    return head.lstrip().startswith(b"[") and all(word in head for word in (b'"mjd"', b'"fid"', b'"isdiffpos"'))


def read(source: Source, options: ReadOptions) -> Iterator[Measurements]:
    """Yield the stars; Parquet comes in pieces."""
    if source.container == "parquet":
        yield from _parquet(source, options)
    else:
        yield from _json(source)


def _parquet(source: Source, options: ReadOptions) -> Iterator[Measurements]:
    there = source.schema.names
    if "magpsf_corr" not in there or not set(_NEEDED) <= set(there):
        raise ReadError("these are non-detections only: upper limits of objects", _REMEDY, source.name)
    names = [name for name in (*_WORDS, *_NUMBERS) if name in there]
    stream = batches(source, names, options.batch_points)
    for table in whole_stars(stream, "oid", options.batch_points):
        words = {name: table.column(name).to_pylist() for name in _WORDS if name in names and name != "oid"}
        values = {name: np.asarray(numbers(table.column(name), name), dtype=np.float64)
                  for name in _NUMBERS if name in names}  # fmt: skip
        star, stars = codes_of(table.column("oid"), table.num_rows)
        yield from _measured(star, stars, words, values)


def _json(source: Source) -> Iterator[Measurements]:
    try:
        content = json.loads(source.data)
    except (ValueError, RecursionError) as error:
        said = "it nests too deep" if isinstance(error, RecursionError) else str(error)
        raise ReadError(f"the JSON is damaged or cut short ({said})", "download it again", source.name) from error
    found = content.get("detections") if isinstance(content, dict) else content
    rows = [_flattened(row) for row in found or () if isinstance(row, dict)]
    limits = [row for row in (content.get("non_detections") or () if isinstance(content, dict) else ())
              if isinstance(row, dict) and "mjd" in row and "fid" in row]  # fmt: skip
    if not rows and limits:
        raise ReadError(f"there are {len(limits):,} non-detections and no detection", _REMEDY, source.name)
    if not rows:
        raise ReadError("there is no detection in this answer", "ask ALeRCE again", source.name)
    missing = [name for name in _NEEDED if not any(name in row for row in rows)]
    if missing:
        raise ReadError(
            f"the detections have no {', '.join(missing)}", "ask ALeRCE for detections of ZTF objects", source.name
        )
    rows += [{**row, "magpsf": None} for row in limits]
    home = next((str(row["oid"]) for row in rows if row.get("oid")), _named(source.stem))
    star, stars = codes_of([str(row.get("oid") or home) for row in rows], len(rows))
    words = {name: [row.get(name) for row in rows] for name in _WORDS if name != "oid"}
    values = {name: _floats([row.get(name) for row in rows]) for name in _NUMBERS}
    yield from _measured(star, stars, words, values)


def _named(stem: str) -> str:
    """The object in the name of a file, for answers that do not repeat what was asked."""
    found = re.search(r"ZTF\d{2}[a-z]{7}", stem)
    return found[0] if found else stem


def _flattened(row: Mapping[str, Any]) -> dict[str, Any]:
    """A detection in the names of the first web service."""
    extra = row.get("extra_fields")
    flat = {**extra, **row} if isinstance(extra, dict) else dict(row)
    for ours, newer in _NEWER.items():
        if ours not in flat and newer in flat:
            flat[ours] = flat[newer]
    return flat


def _floats(values: Sequence[Any]) -> NDArray[np.float64]:
    try:
        return np.array(values, dtype=np.float64)
    except (TypeError, ValueError):
        return np.array([_float(value) for value in values])


def _float(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError):
        return float("nan")


def _measured(
    star: NDArray[np.int64], stars: list[str], words: Mapping[str, list[Any]], values: Mapping[str, NDArray[np.float64]]
) -> Iterator[Measurements]:
    m = len(star)
    nothing = np.full(m, np.nan)
    band = np.array([_FILTER.get(str(word).removesuffix(".0"), -1) for word in words["fid"]], dtype=np.int8)
    if (band < 0).any():
        odd = next(word for word, k in zip(words["fid"], band, strict=True) if k < 0)
        raise ReadError(f"fid holds {odd!r}; ZTF has 1, 2 and 3", "read ZTF objects only")
    flux = signs(words["isdiffpos"]) * from_mag(values["magpsf"])
    corrected = np.array([bool(word) for word in words.get("corrected", [True] * m)])
    total = from_mag(np.where(corrected, values.get("magpsf_corr", nothing), np.nan))
    difference = Measurements(
        object_id=np.asarray(stars, dtype=str),
        time=values["mjd"],
        value=flux,
        error=sigma_from_mag(flux, values["sigmapsf"]),
        kind="difference",
        frame=TimeFrame("utc", "observer", 2400000.5),
        star=star,
        band=band,
        bands=_BANDS,
        limit=~np.isfinite(values["magpsf"]),
        quality=_quality(m, words, values),
        zero_point=ZERO_POINT,
        ra=first_of_star(values.get("ra", nothing), star, len(stars)),
        dec=first_of_star(values.get("dec", nothing), star, len(stars)),
    )
    error = sigma_from_mag(total, values.get("sigmapsf_corr_ext", nothing))
    yield from by_level(difference, total, error, QUALITY.bits["no_reference"])


def _quality(m: int, words: Mapping[str, list[Any]], values: Mapping[str, NDArray[np.float64]]) -> NDArray[np.int64]:
    bits = np.array([bool(word) for word in words.get("dubious", [False] * m)], dtype=np.int64)
    with np.errstate(invalid="ignore"):
        if "rb" in values:
            bits |= (values["rb"] < 0.55) * QUALITY.bits["low_rb"]
        if "drb" in values:
            bits |= (values["drb"] < 0.5) * QUALITY.bits["low_drb"]
    return bits
