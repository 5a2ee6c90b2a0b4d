"""What the TESS and Kepler formats share: quality bits, and the way one FITS table becomes Measurements."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from goodricke.errors import ReadError
from goodricke.lightcurves import Measurements
from goodricke.surveys.containers.fits import FitsTable, Header
from goodricke.surveys.options import Quality, ReadOptions
from goodricke.timeframes import TimeFrame

__all__ = [
    "BKJD",
    "BTJD",
    "KEPLER_QUALITY",
    "KEPLER_ZERO_POINT",
    "SPACE_COLUMNS",
    "TESS_BITS",
    "TESS_DEFAULT",
    "TESS_HARD",
    "TESS_QUALITY",
    "TESS_ZERO_POINT",
    "dates",
    "flags",
    "frame_of",
    "name_of",
    "photometry",
]

BTJD = TimeFrame("tdb", "barycentre", 2457000.0)
BKJD = TimeFrame("tdb", "barycentre", 2454833.0)
SPACE_COLUMNS = ("time", "flux", "err", "quality")
TESS_ZERO_POINT = 20.44  # mag of 1 e-/s: TESS Instrument Handbook (Vanderspek et al. 2018), section 4
KEPLER_ZERO_POINT = 25.3  # Kp of 1 e-/s: Lund et al. 2015 (ApJ 806, 30)

_FIRST_JD = {"TESS": BTJD.zero_jd + 0.5, "Kepler": BKJD.zero_jd + 0.5}
_LAST_JD = 2500000.0
_MOST_BAD_TIMES = 0.01
"""Times that are no date of the mission mean damage. CHECKSUM cannot tell: astropy finds that the light curve tables of
SPOC (TESS 2-min, TESS-SPOC, Kepler), as served by the archive, fail their own."""

# TESS Science Data Products Description Document (EXP-TESS-ARC-ICD-TM-0014 rev F), data quality flags. Scattered light
# (4096) is left to "hard": it is set from a limit on the background, and much photometry under it is good.
TESS_BITS = {
    "attitude_tweak": 1, "safe_mode": 2, "coarse_point": 4, "earth_point": 8, "argabrightening": 16, "desaturation": 32,
    "aperture_cosmic": 64, "manual_exclude": 128, "discontinuity": 256, "impulsive_outlier": 512,
    "collateral_cosmic": 1024, "straylight": 2048, "straylight_predicted": 4096, "planet_search_exclude": 8192,
    "bad_calibration": 16384, "insufficient_targets": 32768,
}  # fmt: skip
TESS_DEFAULT = 1 | 2 | 4 | 8 | 16 | 32 | 128 | 512 | 16384
TESS_HARD = TESS_DEFAULT | 64 | 1024 | 2048 | 4096 | 32768
TESS_QUALITY = Quality(TESS_BITS, default=TESS_DEFAULT, hard=TESS_HARD, hardest=0xFFFF)

# Kepler Archive Manual (KDMC-10008-006), table 2-3.
_KEPLER = {
    "attitude_tweak": 1, "safe_mode": 2, "coarse_point": 4, "earth_point": 8, "zero_crossing": 16, "desaturation": 32,
    "argabrightening": 64, "aperture_cosmic": 128, "manual_exclude": 256, "sensitivity_dropout": 1024,
    "impulsive_outlier": 2048, "argabrightening_ccd": 4096, "collateral_cosmic": 8192, "detector_anomaly": 16384,
    "no_fine_point": 32768, "no_data": 65536, "rolling_band_aperture": 131072, "rolling_band_mask": 262144,
    "possible_thruster": 524288, "thruster": 1048576,
}  # fmt: skip
_KEPLER_DEFAULT = 1 | 2 | 4 | 8 | 32 | 256 | 16384 | 65536 | 1048576
_KEPLER_HARD = _KEPLER_DEFAULT | 64 | 128 | 1024 | 8192 | 32768 | 524288
KEPLER_QUALITY = Quality(_KEPLER, default=_KEPLER_DEFAULT, hard=_KEPLER_HARD, hardest=0x1FFFFF)


def photometry(
    table: FitsTable,
    options: ReadOptions,
    *,
    object_id: str,
    frame: TimeFrame,
    band: str,
    ra: float,
    dec: float,
    time: str = "TIME",
    flux: str,
    err: str | None,
    quality: str | None = "QUALITY",
    zero_point: float = np.nan,
    variant: str = "",
    meta: dict[str, Any] | None = None,
    notes: tuple[str, ...] = (),
) -> Measurements:
    """One star from one FITS table.

    The column names are those of the format; ``options.columns`` overrules them, so ``--columns flux=SAP_FLUX`` works
    for every mission. The error column follows the flux when the user names only a flux and ``<flux>_ERR`` exists.
    """
    chosen = options.columns.get("flux")
    if chosen:
        err = f"{chosen}_ERR" if f"{chosen}_ERR" in table else err
        flux = chosen
    err = options.columns.get("err", err)
    time, quality = options.columns.get("time", time), options.columns.get("quality", quality)
    value = table.column(flux)
    if value.ndim != 1:
        raise ReadError(f"column {flux} holds {value.shape[1]} values a row", "choose another: --columns flux=...")
    overruled = options.time_frame is not None or "time" in options.columns
    times, doubts = (table.column(time), ()) if overruled else dates(table, time, frame, band)
    return Measurements(
        object_id=np.array([object_id]),
        time=times,
        value=value,
        error=None if err is None else table.column(err),
        kind="flux",
        frame=frame,
        bands=(band,),
        quality=flags(table, quality),
        zero_point=zero_point,
        ra=np.array([ra]),
        dec=np.array([dec]),
        meta={key: np.array([value]) for key, value in (meta or {}).items()},
        variant=variant,
        notes=(*notes, *doubts),
    )


def dates(table: FitsTable, name: str, frame: TimeFrame, band: str) -> tuple[NDArray[Any], tuple[str, ...]]:
    """Times (n,) of a mission, NaN where they are no date of it, and what the user should know of the file.

    Raises
    ------
    ReadError
        If more than one in a hundred is no date: then the bytes are not those that the mission wrote.
    """
    with np.errstate(invalid="ignore"):
        time = np.asarray(table.column(name), dtype=np.float64)
    notes: tuple[str, ...] = ()
    if table.source.fits.damaged:
        notes = ("the file is cut short or damaged behind the light curve, which is whole; download it again",)
    first, last = _FIRST_JD[band] - frame.zero_jd, _LAST_JD - frame.zero_jd
    with np.errstate(invalid="ignore"):
        wrong = (time < first) | (time > last)
    n = int(np.count_nonzero(wrong))
    if n > max(1, _MOST_BAD_TIMES * len(time)):
        raise ReadError(
            f"{n:,} of {len(time):,} times are no dates of {band} (column {name} has {time[wrong][0]:.6g}, in {frame})",
            "the file is damaged: download it again; or state what the times mean with --time-frame",
            table.source.name,
        )
    if n:
        time[wrong] = np.nan
        notes = (*notes, f"{n:,} times are no dates of {band} and were left out: the file may be damaged")
    return time, notes


def flags(table: FitsTable, name: str | None) -> NDArray[np.int64] | None:
    """Quality bits (n,); None when the table has no such column."""
    if not name or name not in table:
        return None
    bits = table.column(name)
    # Some pipelines write their flags through a table library that turns them into floats.
    if bits.dtype.kind not in "iuf" or bits.ndim != 1:
        raise ReadError(f"the quality column {name} holds no integers", "choose another: --columns quality=...")
    if bits.dtype.kind == "f":
        bits = np.where(np.abs(bits) < 2.0**62, bits, 0.0)
    return np.asarray(bits.astype(np.int64))


def name_of(header: Header, catalogue: str, key: str, otherwise: str) -> str:
    """Name of the star: ``TIC 123`` from the card `key`, else what OBJECT says, else `otherwise`."""
    number = header.integer(key)
    if number > 0:
        return f"{catalogue} {number}"
    text = header.text("OBJECT")
    return f"{catalogue} {text}" if text.isdecimal() else text or otherwise


def frame_of(header: Header, default: TimeFrame) -> TimeFrame:
    """Barycentric frame with the zero point that the header states (BJDREFI, BJDREFF); `default` without one."""
    if "BJDREFI" not in header:
        return default
    zero = header.number("BJDREFI") + header.number("BJDREFF", 0.0)
    return TimeFrame("tdb", "barycentre", zero) if np.isfinite(zero) else default
