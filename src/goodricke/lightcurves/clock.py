"""What the numbers in a time column mean, told from the column's name, their size, the bands and the stars' names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import cast

import numpy as np
from numpy.typing import NDArray

from goodricke.timeframes import UNKNOWN, Place, Scale, TimeFrame

__all__ = ["guess_frames", "named_frame", "plain"]

_CLOCK = re.compile(
    r"(?:time_?|t_|obs_?|date_?)?(?P<place>b|h|g)?(?P<count>m|r|t|k)?jd(?:_?(?P<scale>tdb|utc|tai|tt|tcb))?"
    r"(?:_?(?:minus_)?(?P<zero>\d{2,7}(?:_\d+)?))?(?:_?(?:obs|mid|start|avg|mean|d|days))?"
)
_COUNT = {"m": 2400000.5, "r": 2400000.0, "t": 2457000.0, "k": 2454833.0}


def plain(name: str) -> str:
    """A name in small letters, with single underscores for everything that is no letter or digit.

    >>> plain("BJD - 2457000 (days)")
    'bjd_2457000_days'
    """
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")


def named_frame(name: str) -> tuple[Place, Scale, float | None] | None:
    """Place, clock and zero point that the name of a time column states; None when it states nothing.

    >>> named_frame("HJD-2450000"), named_frame("BTJD"), named_frame("JD")
    (('heliocentre', 'utc', 2450000.0), ('barycentre', 'tdb', 2457000.0), ('observer', 'unknown', None))
    """
    word = plain(name)
    if "midp" in word and word.endswith("tai"):
        return "observer", "tai", 2400000.5
    clock = _CLOCK.fullmatch(word)
    if not clock:
        return None
    spacecraft = clock["count"] in ("t", "k")
    place: Place = {"b": "barycentre", "h": "heliocentre"}.get(clock["place"] or "", "observer")  # type: ignore[assignment]
    place = "barycentre" if spacecraft else place
    usual: dict[str, Scale] = {"barycentre": "tdb", "heliocentre": "utc", "observer": "unknown"}
    scale = cast(Scale, clock["scale"]) if clock["scale"] else usual[place]
    zero = float(clock["zero"].replace("_", ".")) if clock["zero"] else _COUNT.get(clock["count"] or "")
    return place, scale, zero


_TESS, _KEPLER = ("tess",), ("kepler", "kp", "k2")


def guess_frames(
    name: str, first: NDArray[np.float64], bands: Sequence[str], ids: Sequence[str], unit: str = ""
) -> tuple[NDArray[np.int64], tuple[TimeFrame, ...], tuple[str, ...]]:
    """Decide for every star what its times mean.

    Parameters
    ----------
    name : str
        Name of the time column.
    first : (N,) float64
        A typical time of every star.
    bands, ids : (N,) sequences of str
        A band and the name of every star.
    unit : str
        Unit of the time column: FITS files write ``BJD - 2457000, days`` there.

    Returns
    -------
    frame : (N,) int64
        Index into the frames.
    frames : tuple of TimeFrame
    said : tuple of str
        One sentence per frame that was guessed from the values.

    Examples
    --------
    >>> _, frames, said = guess_frames("time", np.array([58812.3]), ["g"], ["a"])
    >>> str(frames[0]), said
    ('MJD', ("the times in 'time' are taken as MJD, from their size; overrule with --time-frame",))
    """
    # 0 JD, 1 five digits, 2 three to five digits below 14,000, 3 anything else
    size = np.select(
        [(first > 2.3e6) & (first < 2.6e6), (first > 15000) & (first < 80000), (first > 50) & (first < 14000)],
        [0, 1, 2], 3,
    )  # fmt: skip
    lower = [str(band).lower() for band in bands]
    craft = np.array([1 if b in _TESS else 2 if b in _KEPLER else 0 for b in lower], dtype=np.int64)
    ogle = np.array([str(i).upper().startswith("OGLE") for i in ids], dtype=np.int64)
    case = size * 6 + craft * 2 + ogle
    stated = named_frame(name) or named_frame(unit)
    frames: list[TimeFrame] = []
    said: list[str] = []
    index = np.zeros(len(first), dtype=np.int64)
    known = np.isfinite(first)
    if known.any() and not known.all():  # a star without points has the frame of its neighbours
        case[~known] = case[known][0]
    for key in np.unique(case):
        mine = case == key
        k = int(np.flatnonzero(mine & (known | ~known.any()))[0])
        sample = float(np.median(first[mine][np.isfinite(first[mine])])) if np.isfinite(first[mine]).any() else np.nan
        frame, certain = _frame(stated, int(size[k]), int(craft[k]), bool(ogle[k]), sample)
        if frame not in frames:
            frames.append(frame)
        index[mine] = frames.index(frame)
        if not certain and _frame_in_words(name, frame) not in said:
            said.append(_frame_in_words(name, frame))
    return index, tuple(frames), tuple(said)


def _frame(
    stated: tuple[Place, Scale, float | None] | None, size: int, craft: int, ogle: bool, sample: float
) -> tuple[TimeFrame, bool]:
    """The frame, and whether the column's name says all of it."""
    if stated is not None:
        place, scale, zero = stated
        if size == 0:  # full Julian dates under a name such as MJD: the values cannot lie
            return TimeFrame(scale, place, 0.0), not zero
        if zero is not None:
            return TimeFrame(scale, place, zero), True
        if size == 1:
            return TimeFrame(scale, place, 2400000.0), False
        if size == 2 and craft == 1:
            return TimeFrame(scale, place, 2457000.0), False
        if size == 2 and craft == 2:
            return TimeFrame(scale, place, 2454833.0), False
        return (TimeFrame(scale, place, 2450000.0), False) if size == 2 and sample > 500 else (UNKNOWN, False)
    if size == 0:
        return (TimeFrame("tdb", "barycentre", 0.0) if craft else TimeFrame("unknown", "observer", 0.0)), False
    if size == 1:
        # The missions count from other days; five digits come from catalogues, which use BJD - 2400000.
        usual = TimeFrame("tdb", "barycentre", 2400000.0) if craft else TimeFrame("unknown", "observer", 2400000.5)
        return usual, False
    if size == 2 and craft:
        return TimeFrame("tdb", "barycentre", 2457000.0 if craft == 1 else 2454833.0), False
    if size == 2 and ogle and sample > 2000:
        return TimeFrame("utc", "heliocentre", 2450000.0), False
    return UNKNOWN, False


def _frame_in_words(name: str, frame: TimeFrame) -> str:
    if frame == UNKNOWN:
        return f"what the times in {name!r} count from is unknown; say it with --time-frame"
    return f"the times in {name!r} are taken as {frame}, from their size; overrule with --time-frame"
