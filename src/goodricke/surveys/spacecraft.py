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

__all__ = ["BKJD", "BTJD", "KEPLER_QUALITY", "SPACE_COLUMNS", "TESS_QUALITY", "photometry"]

BTJD = TimeFrame("tdb", "barycentre", 2457000.0)
BKJD = TimeFrame("tdb", "barycentre", 2454833.0)
SPACE_COLUMNS = ("time", "flux", "err", "quality")
TESS_ZERO_POINT = 20.44  # mag of 1 e-/s: TESS Instrument Handbook (Vanderspek et al. 2018), section 4
KEPLER_ZERO_POINT = 25.28  # Kp of 1 e-/s: 1.74e5 e-/s at Kp = 12 (Kepler Instrument Handbook, section 2)

# TESS Science Data Products Description Document (EXP-TESS-ARC-ICD-TM-0014 rev F), table 32.
_TESS = {
    "attitude_tweak": 1, "safe_mode": 2, "coarse_point": 4, "earth_point": 8, "argabrightening": 16, "desaturation": 32,
    "aperture_cosmic": 64, "manual_exclude": 128, "discontinuity": 256, "impulsive_outlier": 512, "collateral_cosmic": 1024,
    "straylight": 2048, "straylight_predicted": 4096, "planet_search_exclude": 8192, "bad_calibration": 16384,
    "insufficient_targets": 32768,
}  # fmt: skip
_TESS_DEFAULT = 1 | 2 | 4 | 8 | 32 | 128 | 512 | 16384 | 32768
TESS_QUALITY = Quality(_TESS, default=_TESS_DEFAULT, hard=_TESS_DEFAULT | 64 | 1024 | 2048 | 4096, hardest=0xFFFF)

# Kepler Archive Manual (KDMC-10008-006), table 2-3.
_KEPLER = {
    "attitude_tweak": 1, "safe_mode": 2, "coarse_point": 4, "earth_point": 8, "zero_crossing": 16, "desaturation": 32,
    "argabrightening": 64, "aperture_cosmic": 128, "manual_exclude": 256, "sensitivity_dropout": 1024,
    "impulsive_outlier": 2048, "argabrightening_ccd": 4096, "collateral_cosmic": 8192, "detector_anomaly": 16384,
    "no_fine_point": 32768, "no_data": 65536, "rolling_band_aperture": 131072, "rolling_band_mask": 262144,
    "possible_thruster": 524288, "thruster": 1048576,
}  # fmt: skip
_KEPLER_DEFAULT = 1 | 2 | 4 | 8 | 32 | 256 | 16384 | 32768 | 65536 | 1048576
KEPLER_QUALITY = Quality(
    _KEPLER, default=_KEPLER_DEFAULT, hard=_KEPLER_DEFAULT | 64 | 128 | 1024 | 8192 | 524288, hardest=0x1FFFFF
)


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
    bits: NDArray[Any] | None = table.column(quality) if quality and quality in table else None
    if bits is not None and bits.dtype.kind not in "iu":
        raise ReadError(f"the quality column {quality} holds no integers", "choose another: --columns quality=...")
    return Measurements(
        object_id=np.array([object_id]),
        time=table.column(time),
        value=value,
        error=None if err is None else table.column(err),
        kind="flux",
        frame=frame,
        bands=(band,),
        quality=bits,
        zero_point=zero_point,
        ra=np.array([ra]),
        dec=np.array([dec]),
        meta={key: np.array([value]) for key, value in (meta or {}).items()},
        variant=variant,
        notes=notes,
    )


def frame_of(header: Header, default: TimeFrame) -> TimeFrame:
    """Barycentric frame with the zero point that the header states (BJDREFI, BJDREFF); `default` without one."""
    if "BJDREFI" not in header:
        return default
    zero = header.number("BJDREFI") + header.number("BJDREFF", 0.0)
    return TimeFrame("tdb", "barycentre", zero) if np.isfinite(zero) else default
