"""Measurements: what a file says, in its own units, before anything is removed or normalised.

A reader fills one of these and nothing more: it does not drop, sort, convert or group. ``assemble`` does that, once,
for all surveys.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from goodricke.errors import DataError
from goodricke.timeframes import UNKNOWN, TimeFrame

__all__ = ["Brightness", "Measurements", "codes_of"]

Brightness = Literal["mag", "flux", "difference"]


@dataclass(frozen=True, eq=False)
class Measurements:
    """Points of one or more stars as a survey writes them, in any order.

    Parameters
    ----------
    object_id : (N,) str
        Names of the stars.
    time : (M,) float64
        Days in `frame`.
    value, error : (M,)
        Brightness and its standard deviation, in the unit that `kind` says; `error` is None when the file has none.
    kind : {"mag", "flux", "difference"}
        Magnitudes; linear fluxes; or linear fluxes above a template, which have no level of their own.
    star : (M,) int, optional
        Index into `object_id`; may be left out for one star.
    band : (M,) int8, optional
        Index into `bands`; may be left out for one band.
    bands : tuple of str
        Band names.
    frame : TimeFrame
        What the times mean.
    limit : (M,) bool, optional
        True where the value is an upper limit and not a detection.
    quality : (M,) int, optional
        The survey's quality bits (see its ``QUALITY``); 0 is good.
    zero_point : float or (B,)
        Magnitude of a flux of 1, for fluxes; NaN when unknown.
    ra, dec : (N,)
        ICRS degrees, NaN when unknown.
    meta : mapping of str to (N,) array
        Whatever else the file tells of the stars.
    variant : str
        Part of the survey's name that keeps like with like: the 20-s and the 2-min curve of one star are not merged.
    notes : tuple of str
        Things that the user should know: guesses made, oddities seen.
    """

    object_id: NDArray[np.str_]
    time: NDArray[np.float64]
    value: NDArray[Any]
    error: NDArray[Any] | None
    kind: Brightness
    frame: TimeFrame = UNKNOWN
    star: NDArray[np.integer[Any]] | None = None
    band: NDArray[np.int8] | None = None
    bands: tuple[str, ...] = ("unknown",)
    limit: NDArray[np.bool_] | None = None
    quality: NDArray[np.integer[Any]] | None = None
    zero_point: ArrayLike = np.nan
    ra: NDArray[np.float64] | None = None
    dec: NDArray[np.float64] | None = None
    meta: Mapping[str, NDArray[Any]] = field(default_factory=dict)
    variant: str = ""
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        m = len(self.time)
        for name in ("value", "error", "star", "band", "limit", "quality"):
            array = getattr(self, name)
            if array is not None and array.shape != (m,):
                raise DataError(f"{name} has {array.shape} entries for {m} times")
        if self.star is None and len(self.object_id) != 1:
            raise DataError(f"{len(self.object_id)} stars, but no index says which point belongs to which")

    @classmethod
    def from_columns(
        cls,
        time: ArrayLike,
        *,
        mag: ArrayLike | None = None,
        flux: ArrayLike | None = None,
        err: ArrayLike | None = None,
        object_id: ArrayLike = "star",
        band: ArrayLike = "unknown",
        frame: TimeFrame = UNKNOWN,
        ra: ArrayLike = np.nan,
        dec: ArrayLike = np.nan,
        zero_point: float = np.nan,
    ) -> Measurements:
        """Group the rows of one long table by star and band; see ``LightCurves.from_arrays`` for the arguments."""
        if (mag is None) == (flux is None):
            raise DataError("give either mag or flux" + (", not both" if mag is not None else ""))
        times = _column("time", time)
        value = _column("mag" if flux is None else "flux", mag if flux is None else flux)
        star, names = codes_of(object_id, len(times))
        code, bands = codes_of(band, len(times))
        if len(bands) > 127:
            raise DataError(
                f"{len(bands)} bands ({', '.join(bands[:3])}, ...); 127 is the most. Is that the band column?"
            )
        return cls(
            object_id=np.asarray(names, dtype=str),
            time=times,
            value=value,
            error=None if err is None else _column("err", err),
            kind="mag" if flux is None else "flux",
            frame=frame,
            star=star,
            band=code.astype(np.int8),
            bands=tuple(bands),
            zero_point=zero_point,
            ra=np.broadcast_to(np.asarray(ra, dtype=np.float64), (len(names),)),
            dec=np.broadcast_to(np.asarray(dec, dtype=np.float64), (len(names),)),
        )


def _column(name: str, values: ArrayLike | None) -> NDArray[np.float64]:
    try:
        array = np.asarray(np.ma.filled(np.ma.asarray(values, dtype=np.float64), np.nan))
    except (TypeError, ValueError) as error:
        raise DataError(f"{name} is not numeric: {error}") from error
    if array.ndim != 1:
        raise DataError(f"{name} has shape {array.shape}; one number per point is asked for")
    return array


def codes_of(values: ArrayLike, n: int) -> tuple[NDArray[np.int64], list[str]]:
    """Number the different names among `values` (n,), or one name for all, in the order they appear.

    >>> codes_of(["b", "a", "b"], 3)
    (array([0, 1, 0]), ['b', 'a'])
    """
    if isinstance(values, str):
        return np.zeros(n, dtype=np.int64), [values] if n else []
    import pyarrow as pa

    column: Any = values
    if not isinstance(column, pa.Array | pa.ChunkedArray):
        array = np.asarray(column)
        column = pa.array(array.astype(str) if array.dtype.kind in "US" else array)
    if isinstance(column, pa.ChunkedArray):  # pyarrow cuts long arrays of text by itself
        column = column.dictionary_encode().unify_dictionaries().combine_chunks()
    if len(column) != n:
        raise DataError(f"{len(column)} names for {n} points")
    coded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    names = [_plain(name) for name in coded.dictionary.to_pylist()]
    indices = coded.indices
    if indices.null_count:
        indices = indices.fill_null(len(names))
        names.append("unknown")
    return indices.to_numpy(zero_copy_only=False).astype(np.int64), names


def _plain(name: object) -> str:
    if isinstance(name, bytes):
        return name.decode("utf-8", "replace")
    if isinstance(name, float) and name.is_integer():
        return str(int(name))  # an integer id that went through a float column
    return str(name)
