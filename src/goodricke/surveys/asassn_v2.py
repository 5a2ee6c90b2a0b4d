"""ASAS-SN Sky Patrol v2 csv (Hart et al. 2023), as pyasassn and the web page write it: V and g, plain JD in UTC.

Image-subtracted photometry with the reference flux added, in mJy. Where mag_err is 99.99 the epoch is no detection and
mag holds the limit. Fluxes are read, not magnitudes: they are what was measured. One file may hold many stars, told
apart by asas_sn_id. Quality is G (good) or B (bad image).

Files of older versions have no phot_filter. Then the camera tells the band: ba ... bh (small letters) observed in V,
until 2018; bi ... bz and the same telescopes after their change of filter, bA ... bZ, in g (Sky Patrol notice of
September 2018).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from goodricke.lightcurves import Measurements
from goodricke.lightcurves.measurements import codes_of
from goodricke.surveys.containers.text import TextTable
from goodricke.surveys.options import Quality, ReadOptions
from goodricke.surveys.source import Source
from goodricke.timeframes import TimeFrame

__all__ = ["QUALITY", "STITCH", "band_of_camera", "read", "recognises"]

QUALITY = Quality({"bad_image": 1}, default=1, hard=1, hardest=1)
STITCH = False
FRAME = TimeFrame("utc", "observer", 0.0)

_SENTINEL = 90.0
_AB_ZERO = 16.4  # AB magnitude of 1 mJy, to the hundredth that the service uses
_NAMED = re.compile(r"asas[-_ ]?sn[-_ ]?id\W*(\d+)", re.IGNORECASE)
_COLUMNS = ("jd", "flux", "flux_err", "mag", "mag_err", "limit", "fwhm")
_SPELLINGS = {"flux error": "flux_err", "mag error": "mag_err", "cam": "camera", "filter": "phot_filter"}


def recognises(source: Source) -> bool:
    """The columns of Sky Patrol v2, in the spelling of pyasassn or of the web page."""
    names = _names(source.table)
    return all(name in names for name in _COLUMNS) and ("camera" in names or "phot_filter" in names)


def read(source: Source, options: ReadOptions) -> Iterator[Measurements]:
    """Yield the stars of the file."""
    table = source.table
    names = _names(table)
    told = _told(table.comments)
    star, ids = _stars(table, names, told, source.stem)
    flux, mag, mag_err = (table.numbers(names[name]) for name in ("flux", "mag", "mag_err"))
    band, bands = codes_of(_bands(table, names), table.n_rows)
    limit = (mag_err > _SENTINEL) | (mag > _SENTINEL) | table.limits(names["mag"])
    yield Measurements(
        object_id=np.asarray(ids, dtype=str),
        time=table.numbers(names["jd"]),
        value=flux,
        error=table.numbers(names["flux_err"]),
        kind="flux",
        frame=FRAME,
        star=star,
        band=band.astype(np.int8),
        bands=tuple(bands),
        limit=limit,
        quality=_quality(table, names),
        zero_point=_zero_points(flux, np.where(limit, np.nan, mag), band, len(bands)),
        ra=_position(told, "ra_deg", len(ids)),
        dec=_position(told, "dec_deg", len(ids)),
        meta={key: np.array([str(told[key])]) for key in ("gaia_id", "name") if key in told and len(ids) == 1},
        notes=table.notes,
    )


def band_of_camera(cameras: pa.Array) -> NDArray[np.str_]:
    """V or g for every camera name (n,); V where none is written, as in the files from before there was g.

    >>> band_of_camera(pa.array(["ba", "bA", "bi"])).tolist()
    ['V', 'g', 'g']
    """
    in_v = pc.match_substring_regex(cameras, r"^b[a-h]$|^$").to_numpy(zero_copy_only=False)
    return np.where(in_v, "V", "g")


def _names(table: TextTable) -> dict[str, str]:
    """pyasassn's column name -> the file's."""
    return {_SPELLINGS.get(name.lower(), name.lower()): name for name in reversed(table.names)}


def _bands(table: TextTable, names: dict[str, str]) -> NDArray[np.str_]:
    if "phot_filter" not in names:
        return band_of_camera(table.strings(names["camera"]))
    bands = np.asarray(table.strings(names["phot_filter"]).to_pylist(), dtype=str)
    if "camera" in names:
        return np.where(bands == "", band_of_camera(table.strings(names["camera"])), bands)
    return np.where(bands == "", "unknown", bands)


def _quality(table: TextTable, names: dict[str, str]) -> NDArray[np.int64] | None:
    if "quality" not in names:
        return None
    return np.asarray(pc.equal(table.strings(names["quality"]), "B").to_numpy(zero_copy_only=False)).astype(np.int64)


def _stars(
    table: TextTable, names: dict[str, str], told: dict[str, Any], stem: str
) -> tuple[NDArray[np.int64] | None, list[str]]:
    """Index of the star of every row, and their names: from the column, the first comment, or the file."""
    if "asas_sn_id" not in names:
        return None, [str(told.get("asas_sn_id", stem))]
    ids = pc.replace_substring_regex(table.strings(names["asas_sn_id"]), r"\.0$", "")  # an id that went through floats
    star, found = codes_of(ids, table.n_rows)
    return star, [name or stem for name in found]


def _told(comments: list[str]) -> dict[str, Any]:
    """What the first comment says of the star: the inside of a JSON object, by pyasassn."""
    for line in comments:
        if '"asas_sn_id"' in line:
            try:
                told = json.loads("{" + line.strip("{}") + "}")
            except ValueError:
                told = dict(re.findall(r'"(\w+)":\s*"?([^",]+)"?', line))
            return {key: value for key, value in told.items() if value is not None}
        if found := _NAMED.search(line):
            return {"asas_sn_id": found[1]}
    return {}


def _position(told: dict[str, Any], key: str, n: int) -> NDArray[np.float64]:
    try:
        return np.full(n, float(told[key]) if n == 1 else np.nan)
    except (KeyError, TypeError, ValueError):
        return np.full(n, np.nan)


def _zero_points(
    flux: NDArray[np.float64], mag: NDArray[np.float64], band: NDArray[np.int64], n_bands: int
) -> NDArray[np.float64]:
    """Magnitude of 1 mJy in every band, from the epochs that have both; the AB one where none has."""
    with np.errstate(invalid="ignore", divide="ignore"):
        zero = mag + 2.5 * np.log10(flux)
    good = np.isfinite(zero)
    return np.array([
        np.median(zero[good & (band == k)]) if (good & (band == k)).any() else _AB_ZERO for k in range(n_bands)
    ])  # fmt: skip
