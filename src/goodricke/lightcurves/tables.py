"""Points and a guess to Measurements: numbers, times, bands and what is said of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from goodricke.errors import ReadError
from goodricke.lightcurves.clock import guess_frames
from goodricke.lightcurves.guess import Guess, guess_kind, zero_point_of
from goodricke.lightcurves.layout import Points, names_of, one_chunk
from goodricke.lightcurves.measurements import Measurements
from goodricke.timeframes import TimeFrame

__all__ = ["measured", "numbers", "subset"]

_JD_1970 = 2440587.5
_UTC = TimeFrame("utc", "observer", 0.0)
_DATE = r"^(?P<day>\d{4}-\d{2}-\d{2})(?P<rest>(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?|\.\d+)?)$"
_SECOND: Mapping[str, float] = {"s": 1.0, "ms": 1e3, "us": 1e6, "ns": 1e9}


def numbers(array: pa.Array | pa.ChunkedArray, name: str = "") -> NDArray[Any]:
    """Values of a column as float32 or float64 (n,); NaN for null. Text is parsed when it holds numbers.

    Raises
    ------
    ReadError
        If the column holds something else.
    """
    array = one_chunk(array)
    if pa.types.is_dictionary(array.type):
        array = array.cast(array.type.value_type)
    kind = array.type
    if pa.types.is_float32(kind):
        return np.asarray(array.to_numpy(zero_copy_only=False))
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        try:
            return np.asarray(pc.utf8_trim_whitespace(array).cast(pa.float64()).to_numpy(zero_copy_only=False))
        except pa.ArrowInvalid:
            seen = next((str(v) for v in array.drop_null()[:1].to_pylist()), "")
            raise ReadError(
                f"column {name!r} holds text such as {seen[:40]!r}, not numbers",
                "convert it to numbers (times: to JD or MJD), or choose another column with --columns",
            ) from None
    if not (
        pa.types.is_floating(kind) or pa.types.is_integer(kind) or pa.types.is_decimal(kind)
        or pa.types.is_boolean(kind) or pa.types.is_null(kind)
    ):  # fmt: skip
        raise ReadError(f"column {name!r} is {kind}, not numbers", "choose another column with --columns")
    if pa.types.is_boolean(kind):
        array = array.cast(pa.uint8())
    return np.asarray(array.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False))


def _times(array: pa.Array, name: str, unit: str) -> tuple[NDArray[np.float64], TimeFrame | None]:
    """Days, and their frame when the column holds dates."""
    kind = array.type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        written = _dates(array, name)
        if written is not None:
            return written, _UTC
    if pa.types.is_date(kind):
        array, kind = array.cast(pa.timestamp("s")), pa.timestamp("s")
    if pa.types.is_timestamp(kind):
        whole = array.cast(pa.int64()).to_numpy(zero_copy_only=False).astype(np.float64)
        return whole / _SECOND[kind.unit] / 86400.0 + _JD_1970, _UTC
    if unit.lower() in ("s", "sec", "second", "seconds", "yr", "year", "h", "hour", "min"):
        raise ReadError(f"the times in {name!r} are in {unit!r}", "convert them to days")
    return np.asarray(numbers(array, name), dtype=np.float64), None


def _dates(array: pa.Array, name: str) -> NDArray[np.float64] | None:
    """Julian dates of ``2019-03-01T12:34:56.7`` and of ``2019-03-01.5243``; None when the text is no date."""
    found = pc.extract_regex(pc.utf8_rtrim(pc.utf8_trim_whitespace(array), "Z"), _DATE)
    if len(found) - found.null_count <= (len(array) - array.null_count) // 2:
        return None
    day, rest = pc.struct_field(found, "day"), pc.struct_field(found, "rest")
    fraction = pc.starts_with(rest, ".")
    try:
        whole = day.cast(pa.timestamp("s")).cast(pa.int64()).to_numpy(zero_copy_only=False).astype(np.float64)
        parts = pc.if_else(fraction, rest, "0").cast(pa.float64()).to_numpy(zero_copy_only=False)
        clock = pc.if_else(pc.or_(fraction, pc.equal(rest, "")), "00:00:00", pc.utf8_slice_codeunits(rest, 1))
        hours = pc.utf8_slice_codeunits(clock, 0, 2).cast(pa.float64()).to_numpy(zero_copy_only=False)
        minutes = pc.utf8_slice_codeunits(clock, 3, 5).cast(pa.float64()).to_numpy(zero_copy_only=False)
        seconds = pc.utf8_slice_codeunits(clock, 6)
        seconds = pc.if_else(pc.equal(seconds, ""), "0", seconds).cast(pa.float64()).to_numpy(zero_copy_only=False)
    except pa.ArrowInvalid as error:
        raise ReadError(
            f"the dates in {name!r} cannot be read ({str(error).splitlines()[0][:80]})", "convert them to JD or MJD"
        ) from error
    return np.asarray(whole / 86400.0 + _JD_1970 + parts + ((seconds / 60.0 + minutes) / 60.0 + hours) / 24.0)


# Measurements --------------------------------------------------------------------------------------------------------


def measured(
    points: Points, guess: Guess, *, frame: TimeFrame | None = None, variant: str = "", speak: bool = True
) -> Iterator[Measurements]:
    """Turn points into Measurements, one for every time frame that is met.

    Parameters
    ----------
    points : Points
        The columns.
    guess : Guess
        Which of them are read.
    frame : TimeFrame, optional
        What the times mean, when it is known; guessed per star otherwise.
    variant : str
        Passed on.
    speak : bool
        Whether the choice of columns is a guess that the user should be told.
    """
    n = len(points.names)
    time, dated = _times(one_chunk(points.columns[guess.time]), guess.time, guess.units.get(guess.time, ""))
    band, bands = _bands(points, guess)
    notes = list(guess.said) if speak else []
    which = np.zeros(n, dtype=np.int64)
    frames: tuple[TimeFrame, ...] = () if frame is None else (frame,)
    if dated is not None:
        frames = frames or (dated,)
        notes.append(f"the dates in {guess.time!r} were turned into Julian dates")
    elif frame is None:
        which, frames, said = _frames(points, guess, time, band, bands)
        notes += said
    whole = Measurements(
        object_id=np.asarray(points.names, dtype=str),
        time=time,
        value=np.zeros(len(time), dtype=np.float32),
        error=None,
        kind="mag",
        star=points.star,
        band=band,
        bands=bands,
        limit=points.limit,
        quality=_quality(points, guess),
        ra=_position(points, guess.ra),
        dec=_position(points, guess.dec),
        variant=variant,
    )
    for filled, stars in _with_values(whole, points, guess):
        for k, one in enumerate(frames):
            chosen = stars & (which == k)
            if chosen.any():
                part = filled if chosen.all() else subset(filled, chosen)
                yield replace(part, frame=one, notes=(*notes, *part.notes))


def _with_values(whole: Measurements, points: Points, guess: Guess) -> Iterator[tuple[Measurements, NDArray[np.bool_]]]:
    """The brightness, and for which stars (N,): the fluxes where a star has more of them than magnitudes."""
    n = len(whole.object_id)
    value = numbers(points.columns[guess.value], guess.value)
    kind = guess.kind or guess_kind(value)
    notes = () if guess.kind else (f"the values of {guess.value!r} look like {kind}{'es' if kind == 'flux' else 's'}",)
    error = None if guess.err is None else numbers(points.columns[guess.err], guess.err)
    by_flux = np.zeros(n, dtype=bool)
    if guess.flux is not None:
        flux = numbers(points.columns[guess.flux], guess.flux)
        by_flux = _count(points.star, np.isfinite(flux), n) > _count(points.star, np.isfinite(value), n)
        if by_flux.any():
            sigma = None if guess.flux_err is None else numbers(points.columns[guess.flux_err], guess.flux_err)
            zero = zero_point_of(guess.units.get(guess.flux, ""))
            said = f"stars whose {guess.value!r} is empty are read from {guess.flux!r}"
            yield replace(whole, value=flux, error=sigma, kind="flux", zero_point=zero, notes=(said,)), by_flux
    zero = zero_point_of(guess.units.get(guess.value, "")) if kind == "flux" else np.nan
    yield replace(whole, value=value, error=error, kind=kind, zero_point=zero, notes=notes), ~by_flux


def _count(star: NDArray[np.int64], which: NDArray[np.bool_], n: int) -> NDArray[np.int64]:
    return np.bincount(star[which], minlength=n)


def _quality(points: Points, guess: Guess) -> NDArray[np.int64] | None:
    if guess.quality is None:
        return None
    flags = numbers(points.columns[guess.quality], guess.quality)
    return np.where(np.isfinite(flags), flags, 0).astype(np.int64)


def _bands(points: Points, guess: Guess) -> tuple[NDArray[np.int8], tuple[str, ...]]:
    m = len(points.star)
    if guess.band is None:
        return np.zeros(m, dtype=np.int8), (_band_in_name(guess.value),)
    if guess.band in points.columns:
        code, names = names_of(points.columns[guess.band], m)
    else:  # one band per star
        code, names = names_of(points.stars[guess.band], len(points.names))
        code = code[points.star]
    if len(names) > 127:
        raise ReadError(
            f"column {guess.band!r} holds {len(names)} different bands; 127 is the most",
            "choose another: --columns band=...",
        )
    return code.astype(np.int8), tuple(names) or ("unknown",)


def _band_in_name(value: str) -> str:
    """The band in the name of a brightness column, such as V for Vmag; ``unknown`` when there is none."""
    stem = value.removesuffix("mag").removesuffix("_").removesuffix("MAG") if len(value) > 1 else value
    return stem if stem in ("U", "B", "V", "R", "I", "J", "H", "K", "Ks", "u", "g", "r", "i", "z", "y", "W1", "W2", "G",
                            "BP", "RP") else "unknown"  # fmt: skip


def _frames(
    points: Points, guess: Guess, time: NDArray[np.float64], band: NDArray[np.int8], bands: tuple[str, ...]
) -> tuple[NDArray[np.int64], tuple[TimeFrame, ...], tuple[str, ...]]:
    n = len(points.names)
    if guess.time_frame is not None and guess.time_frame in points.stars:
        code, spelled = names_of(points.stars[guess.time_frame], n)
        return code, tuple(TimeFrame.parse(word) for word in spelled) or (TimeFrame.parse("TIME"),), ()
    # The first finite time of a star stands for all of them.
    sample, seen = np.full(n, np.nan), np.zeros(n, dtype=np.int64)
    good = np.flatnonzero(np.isfinite(time))[::-1]
    sample[points.star[good]] = time[good]
    seen[points.star[good]] = band[good]
    which, frames, said = guess_frames(
        guess.time, sample, [bands[k] for k in seen], points.names, guess.units.get(guess.time, "")
    )
    return which, frames or (TimeFrame.parse("TIME"),), said


def _position(points: Points, name: str | None) -> NDArray[np.float64] | None:
    if name is None or name not in points.stars:
        return None
    return np.asarray(numbers(points.stars[name], name), dtype=np.float64)


def subset(whole: Measurements, stars: NDArray[np.bool_]) -> Measurements:
    """The chosen stars (N,) of some Measurements, with their points."""
    star = np.zeros(len(whole.time), dtype=np.int64) if whole.star is None else whole.star
    keep = stars[star]

    def points(values: NDArray[Any] | None) -> Any:
        return None if values is None else values[keep]

    def per_star(values: NDArray[Any] | None) -> Any:
        return None if values is None else values[stars]

    return replace(
        whole,
        object_id=whole.object_id[stars],
        time=whole.time[keep],
        value=whole.value[keep],
        error=points(whole.error),
        star=(np.cumsum(stars) - 1)[star[keep]],
        band=points(whole.band),
        limit=points(whole.limit),
        quality=points(whole.quality),
        ra=per_star(whole.ra),
        dec=per_star(whole.dec),
        meta={key: values[stars] for key, values in whole.meta.items()},
    )
