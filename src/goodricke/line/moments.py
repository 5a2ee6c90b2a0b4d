"""Moments at which stars are to be judged: from what people write to a time of every star."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from goodricke import ragged
from goodricke.errors import OptionError
from goodricke.lightcurves import LightCurves
from goodricke.period.search import FEWEST_POINTS

__all__ = ["Moment", "Wanted", "When", "moments_of", "when"]

Wanted = int | float | str | Iterable[float | str]
"""A number of moments, or times, or words; see `moments_of`."""

_MOST_SPREAD = 200
_HELP = "write 12 (so many moments), all, 100p (the first 100 points), 2021-03-01, or 58849.5 or 58849d (days)"
_J2000 = datetime(2000, 1, 1, 12, tzinfo=UTC)
_J2000_JD = 2451545.0


@dataclass(frozen=True)
class Moment:
    """One wish: a ``time`` in days of the star's own frame, a ``date`` as a Julian date (UTC), the first so many
    ``points``, so many moments ``spread`` evenly in the logarithm of the number of points, or ``every`` point.
    """

    kind: Literal["time", "date", "points", "spread", "every"]
    value: float = math.nan


@dataclass(frozen=True, eq=False)
class When:
    """Pairs of a star and a moment, by star and then by time.

    Parameters
    ----------
    star : (P,) int64
        Number of the star in its batch.
    time : (P,) float64
        Days in the frame of the star; NaN for a moment that never came.
    lacks : (P,) int64
        How many points were asked for and never came; 0 otherwise.
    """

    star: NDArray[np.int64]
    time: NDArray[np.float64]
    lacks: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.star)


def moments_of(wanted: Wanted) -> tuple[Moment, ...]:
    """What is asked for, from numbers and words.

    Parameters
    ----------
    wanted : int, float, str, or several
        A whole number alone: so many moments. Other numbers, and all those in a list: days in the time frame of the
        star. Words, several with commas between: ``12`` (so many moments), ``all`` (after every point), ``100p`` (the
        first 100 points), ``2021-03-01`` or ``2021-03-01T06:00`` (UTC; a date is its beginning, 0 h), ``58849.5`` or
        ``58849d`` (days).

    Raises
    ------
    OptionError
        If a word is none of these; the message says what may be written.

    Examples
    --------
    >>> moments_of("100p, 58849d")
    (Moment(kind='points', value=100.0), Moment(kind='time', value=58849.0))
    >>> moments_of("2000-01-01T12:00")
    (Moment(kind='date', value=2451545.0),)
    """
    if isinstance(wanted, str):
        return _some(_from_word(word.strip()) for word in wanted.split(",") if word.strip())
    if isinstance(wanted, int | np.integer) and not isinstance(wanted, bool):
        return (_spread(int(wanted)),)
    if isinstance(wanted, float):
        return (_time(wanted),)
    if not isinstance(wanted, Iterable):
        raise OptionError(f"{wanted!r} says no moments; {_HELP}")
    return _some(moment for one in wanted for moment in (moments_of(one) if isinstance(one, str) else (_time(one),)))


def _some(moments: Iterable[Moment]) -> tuple[Moment, ...]:
    found = tuple(moments)
    if not found:
        raise OptionError(f"no moment is given; {_HELP}")
    return found


def _from_word(word: str) -> Moment:
    if word.lower() == "all":
        return Moment("every")
    if re.fullmatch(r"\d+", word):
        return _spread(int(word))
    if match := re.fullmatch(r"(\d+)\s*p(?:oints?)?", word):
        if not int(match[1]):
            raise OptionError(f"{word!r} leaves no point to judge from; {_HELP}")
        return Moment("points", float(match[1]))
    if re.match(r"\d{4}-\d", word):
        return Moment("date", _julian_date(word))
    try:
        days = float(word.removesuffix("d"))
    except ValueError:
        raise OptionError(f"{word!r} says no moment; {_HELP}") from None
    return _time(days)


def _spread(n: int) -> Moment:
    if not 1 <= n <= _MOST_SPREAD:
        raise OptionError(
            f"{n} alone is a number of moments, 1 to {_MOST_SPREAD}; write {n}d for a time in days, {n}p for the first "
            f"{n} points, all for every point"
        )
    return Moment("spread", float(n))


def _time(days: Any) -> Moment:
    value = float(days)
    if not math.isfinite(value):
        raise OptionError(f"{days} is not a time; {_HELP}")
    return Moment("time", value)


def _julian_date(word: str) -> float:
    try:
        date = datetime.fromisoformat(word)
    except ValueError as error:
        raise OptionError(f"{word!r} is not a date ({error}); write 2021-03-01 or 2021-03-01T06:00") from None
    date = date.replace(tzinfo=UTC) if date.tzinfo is None else date
    return _J2000_JD + (date - _J2000).total_seconds() / 86400.0


def when(lcs: LightCurves, moments: Iterable[Moment]) -> When:
    """The moments of every star of a batch.

    Parameters
    ----------
    lcs : LightCurves
        N stars.
    moments : several Moment
        What is asked for. Equal moments of a star count once.

    Returns
    -------
    When
        At least one moment for every star.

    Raises
    ------
    OptionError
        If a date is asked of a star whose times count from an unknown day.

    Notes
    -----
    A date is compared with the star's times as they stand; the time of light between Sun and Earth, up to 8 minutes, is
    left out.

    Examples
    --------
    >>> lcs = LightCurves.from_arrays(np.arange(80.0), flux=np.ones(80), err=np.ones(80))
    >>> when(lcs, moments_of("3, 50p, 10.5")).time
    array([10.5, 19. , 39. , 49. , 79. ])
    """
    parts = [_of_all(lcs, moment) for moment in moments]
    star, time, lacks = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    order = np.lexsort((lacks, time, star))
    star, time, lacks = star[order], time[order], lacks[order]
    again = (np.diff(star) == 0) & (np.diff(lacks) == 0) & ((np.diff(time) == 0) | np.isnan(time[1:] + time[:-1]))
    once = np.concatenate([np.ones(min(len(star), 1), dtype=bool), ~again])
    return When(star[once], time[once], lacks[once])


Pairs = tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.int64]]


def _of_all(lcs: LightCurves, moment: Moment) -> Pairs:
    """Star, time and points that never came, of one wish for all stars."""
    every, value = np.arange(len(lcs)), np.full(len(lcs), moment.value)
    none = np.zeros(len(lcs), dtype=np.int64)
    if moment.kind == "time":
        return every, value, none
    if moment.kind == "date":
        return every, value - _zero_points(lcs), none
    if moment.kind == "points":
        short = lcs.lengths < moment.value
        return every, _time_of(lcs, every, np.where(short, 0, value)), np.where(short, int(moment.value), 0)
    fewest = np.minimum(FEWEST_POINTS, lcs.lengths)
    if moment.kind == "every":
        offsets = ragged.offsets_from_lengths(np.maximum(lcs.lengths - fewest, 0) + 1)
        star = ragged.segment_ids(offsets)
        points = (fewest[star] + np.arange(len(star)) - offsets[star]).astype(np.float64)
    else:
        n = int(moment.value)
        share = np.linspace(0.0, 1.0, n) if n > 1 else np.ones(1)
        star = np.repeat(every, n)
        more = lcs.lengths / np.maximum(fewest, 1)
        points = (fewest[:, None] * more[:, None] ** share).ravel()
    return star, _time_of(lcs, star, points), np.zeros(len(star), dtype=np.int64)


def _time_of(lcs: LightCurves, star: NDArray[np.int64], points: NDArray[np.float64]) -> NDArray[np.float64]:
    """When the star had so many points (P,); NaN when that is none."""
    count = np.rint(points).astype(np.int64)
    time = np.full(len(star), np.nan)
    some = count > 0
    time[some] = lcs.time[lcs.offsets[star[some]] + count[some] - 1]
    return time


def _zero_points(lcs: LightCurves) -> NDArray[np.float64]:
    """Julian date of time 0 of every star (N,)."""
    zero = np.array([frame.zero_jd for frame in lcs.frames], dtype=np.float64)[lcs.frame]
    unknown = np.flatnonzero(~np.isfinite(zero))
    if len(unknown):
        raise OptionError(
            f"{lcs.object_id[unknown[0]]}: what its times count from is unknown, so no date can be found among them; "
            "state it with --time-frame (or time_frame=), or give days"
        )
    return zero
