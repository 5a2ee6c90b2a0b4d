"""ZTF alert packets (Avro): one file may hold one alert or many, of one object or many.

Schema: https://zwickytransientfacility.github.io/ztf-avro-alert/ (3.x, and 4.x with forced photometry). An alert holds
the detection that caused it (``candidate``), detections and limits of the 30 days before (``prv_candidates``) and,
since schema 4, forced photometry (``fp_hists``). ``magpsf`` is the magnitude of a difference flux whose sign is
``isdiffpos``. Where the nearest source of the reference image lies within 1.4 arcsec, the total flux is the reference
flux plus the difference, as in ALeRCE's light curves (Forster et al. 2021, AJ 161, 242, section 3.2); its error is
that of the difference, since the error of the reference is the same for all points.

Alerts of one object repeat their history: equal detections are kept once. Times are the Julian dates (UTC) of the
packet, which are those of the start of the exposure, for an observer on the ground.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from goodricke.errors import ReadError
from goodricke.lightcurves import Measurements
from goodricke.surveys.containers.avro import AvroFile
from goodricke.surveys.difference import ZERO_POINT, by_level, first_of_star, from_mag, sigma_from_mag
from goodricke.surveys.options import Quality, ReadOptions
from goodricke.surveys.source import Source
from goodricke.timeframes import TimeFrame

__all__ = ["NEAR_ARCSEC", "QUALITY", "STITCH", "read", "recognises", "signs"]

NEAR_ARCSEC = 1.4
"""A reference source nearer than this is the star itself."""

# The cuts are those of the ZTF alert documentation; 0.55 for rb is ALeRCE's. The real-bogus scores were trained on
# transients: points of known variables that fail them scatter no more than the others (see alerce.py), so by default
# only dead pixels, failed forced photometry and points without a level count.
QUALITY = Quality(
    {
        "bad_pixels": 1,  # nbad > 0
        "low_rb": 2,  # rb < 0.55
        "no_reference": 4,  # the star has total fluxes, this point has not
        "forced_status": 8,  # procstatus of forced photometry neither 0 nor 57 (no reference source near)
        "low_drb": 16,  # drb < 0.5
        "wide": 32,  # fwhm > 5 pixels
        "elongated": 64,  # elong > 1.2
        "aperture_differs": 128,  # |magdiff| > 0.1
    },
    default=1 | 4 | 8,
    hard=1 | 2 | 4 | 8 | 16 | 32,
    hardest=255,
)
STITCH = False

_BANDS = ("g", "r", "i")
_IMAGES = ("cutoutScience", "cutoutTemplate", "cutoutDifference")
_NUMBERS = ("jd", "fid", "magpsf", "sigmapsf", "diffmaglim", "ra", "dec", "distnr", "magnr", "rb", "drb", "nbad",
            "fwhm", "elong", "magdiff", "magzpsci", "forcediffimflux", "forcediffimfluxunc")  # fmt: skip
_MISSING = -9998.0  # -99999 and -999 stand for "no value" in forced photometry


def recognises(source: Source) -> bool:
    """The top fields of ZTF's schema."""
    return {"objectId", "candid", "candidate", "prv_candidates"} <= set(AvroFile(source).field_names)


def read(source: Source, options: ReadOptions) -> Iterator[Measurements]:
    """Yield the stars; a long file comes in pieces, and equal detections are then found within a piece only."""
    rows: dict[str, dict[tuple[Any, ...], Mapping[str, Any]]] = {}
    n = 0
    for alert in AvroFile(source).records(skip=_IMAGES):
        star = rows.setdefault(str(alert["objectId"]), {})
        n -= len(star)
        _collect(alert, star)
        n += len(star)
        if n >= options.batch_points:
            yield from _measured(rows)
            rows, n = {}, 0
    if not rows:
        raise ReadError("the file holds no alert", "download it again", source.name)
    yield from _measured(rows)


def _collect(alert: Mapping[str, Any], star: dict[tuple[Any, ...], Mapping[str, Any]]) -> None:
    """Add the measurements of an alert under keys that are equal for equal measurements."""
    for row in (alert["candidate"], *(alert.get("prv_candidates") or ())):
        if row.get("candid") is not None:
            star.setdefault(("detection", row["candid"]), row)
        else:
            star.setdefault(("limit", row.get("pid"), row["jd"], row["fid"]), row)
    detected = {(row.get("pid"), row["fid"]) for key, row in star.items() if key[0] == "detection"}
    for row in alert.get("fp_hists") or ():
        # The same image was measured as a detection already, at the star's own place.
        if row.get("pid") is None or (row["pid"], row["fid"]) not in detected:
            star.setdefault(("forced", row.get("pid"), row["jd"], row["fid"]), row)


def _measured(rows: dict[str, dict[tuple[Any, ...], Mapping[str, Any]]]) -> Iterator[Measurements]:
    points = [row for star in rows.values() for row in star.values()]
    column = {
        name: np.array([row.get(name) for row in points], dtype=np.float64) for name in _NUMBERS
    }  # None becomes NaN
    star = np.repeat(np.arange(len(rows)), [len(star) for star in rows.values()])
    fid = column["fid"]
    if not np.isin(fid, (1, 2, 3)).all():
        raise ReadError(f"fid holds {np.nanmin(fid):g}...{np.nanmax(fid):g}; ZTF has 1, 2 and 3", "is this ZTF?")
    for name in ("forcediffimflux", "forcediffimfluxunc", "magnr", "distnr"):
        column[name][column[name] < _MISSING] = np.nan

    flux = signs([row.get("isdiffpos") for row in points]) * from_mag(column["magpsf"])
    error = sigma_from_mag(flux, column["sigmapsf"])
    forced = np.isfinite(column["forcediffimflux"])
    scale = 10 ** (-0.4 * (column["magzpsci"][forced] - ZERO_POINT))
    flux[forced] = column["forcediffimflux"][forced] * scale
    error[forced] = column["forcediffimfluxunc"][forced] * scale
    limit = ~np.isfinite(flux) & np.isfinite(column["diffmaglim"])

    reference = from_mag(np.where(np.abs(column["distnr"]) < NEAR_ARCSEC, column["magnr"], np.nan))
    difference = Measurements(
        object_id=np.array(list(rows), dtype=str),
        time=column["jd"],
        value=np.where(limit, from_mag(column["diffmaglim"]), flux),
        error=error,
        kind="difference",
        frame=TimeFrame("utc", "observer", 0.0),
        star=star,
        band=(fid - 1).astype(np.int8),
        bands=_BANDS,
        limit=limit,
        quality=_quality(column, points),
        zero_point=ZERO_POINT,
        ra=first_of_star(column["ra"], star, len(rows)),
        dec=first_of_star(column["dec"], star, len(rows)),
    )
    yield from by_level(difference, reference + flux, error, QUALITY.bits["no_reference"])


def signs(words: list[Any]) -> NDArray[np.float64]:
    """+1 or -1 for the spellings of ``isdiffpos``: t f, 1 0, 1 -1, True False, as text or numbers; NaN for none."""
    spelled = {"t": 1.0, "1": 1.0, "1.0": 1.0, "true": 1.0, "f": -1.0, "0": -1.0, "0.0": -1.0, "-1": -1.0, "-1.0": -1.0,
               "false": -1.0}  # fmt: skip
    return np.array([spelled.get(str(word).strip().lower(), np.nan) for word in words])


def _quality(column: Mapping[str, NDArray[np.float64]], points: list[Mapping[str, Any]]) -> NDArray[np.int64]:
    with np.errstate(invalid="ignore"):
        flags = {
            "bad_pixels": column["nbad"] > 0,
            "low_rb": column["rb"] < 0.55,
            "low_drb": column["drb"] < 0.5,
            "wide": column["fwhm"] > 5,
            "elongated": column["elong"] > 1.2,
            "aperture_differs": np.abs(column["magdiff"]) > 0.1,
        }
    flags["forced_status"] = np.array([str(row.get("procstatus") or "0") not in ("0", "57") for row in points])
    bits = np.zeros(len(points), dtype=np.int64)
    for name, raised in flags.items():
        bits |= raised * QUALITY.bits[name]
    return bits
