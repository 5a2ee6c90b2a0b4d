"""ASAS-SN csv of Sky Patrol v1 (Kochanek et al. 2017) and of the variable star pages: V and g, HJD in UTC.

Upper limits are written ``>17.9`` or 99.990. Files from before the g band have no Filter column: there the camera tells
the band. Sky Patrol can also send image-subtracted fluxes without the flux of the reference image, which have no
magnitudes: they are read as differences. The file does not name the star, so the file's name does.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from goodricke.lightcurves import Measurements
from goodricke.lightcurves.measurements import codes_of
from goodricke.surveys.asassn_v2 import band_of_camera
from goodricke.surveys.containers.text import TextTable
from goodricke.surveys.options import NO_FLAGS, ReadOptions
from goodricke.surveys.source import Source
from goodricke.timeframes import TimeFrame

__all__ = ["QUALITY", "STITCH", "read", "recognises"]

QUALITY = NO_FLAGS
STITCH = False
FRAME = TimeFrame("utc", "heliocentre", 0.0)

_SENTINEL = 90.0
_ERR = ("mag_err", "mag err")
_FLUX = ("flux(mJy)", "flux (mJy)", "flux")
_FLUX_ERR = ("flux_err", "flux err")
_BAND = ("Filter", "phot_filter")


def recognises(source: Source) -> bool:
    """The columns of Sky Patrol v1: HJD and camera beside magnitude and flux."""
    table = source.table
    return (
        table.has("HJD", "Camera")
        and not table.has("JD")
        and bool(_name(table, _FLUX) and _name(table, _FLUX_ERR))
        and ("mag" not in table or bool(_name(table, _ERR)))
    )


def read(source: Source, options: ReadOptions) -> Iterator[Measurements]:
    """Yield the one star of the file."""
    table = source.table
    kind, value, error, limit = _brightness(table)
    band, bands = codes_of(_bands(table), table.n_rows)
    yield Measurements(
        object_id=np.array([source.stem]),
        time=table.numbers("HJD"),
        value=value,
        error=error,
        kind=kind,
        frame=FRAME,
        band=band.astype(np.int8),
        bands=tuple(bands),
        limit=limit,
        notes=table.notes + (("no magnitudes: fluxes are read as differences",) if kind == "difference" else ()),
    )


def _name(table: TextTable, spellings: tuple[str, ...]) -> str:
    """The spelling that the file uses; empty when it has none of them."""
    return next((name for name in spellings if name in table), "")


def _brightness(
    table: TextTable,
) -> tuple[Literal["mag", "difference"], NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]]:
    """Magnitudes with their limits; fluxes (mJy) where there is no magnitude in the whole file."""
    if "mag" in table:
        mag, limit = table.numbers("mag"), table.limits("mag")
        if limit.any() or (mag < _SENTINEL).any():
            return "mag", mag, table.numbers(_name(table, _ERR)), limit
    flux, flux_err = table.numbers(_name(table, _FLUX)), table.numbers(_name(table, _FLUX_ERR))
    unmeasured = (flux_err > _SENTINEL) & (np.abs(flux - flux_err) < 1e-6)  # 99.990,99.990
    return "difference", flux, flux_err, unmeasured


def _bands(table: TextTable) -> NDArray[np.str_]:
    name = _name(table, _BAND)
    if name:
        bands = np.asarray(table.strings(name).to_pylist(), dtype=str)
        return np.where(bands == "", "unknown", bands)
    return band_of_camera(table.strings("Camera"))
