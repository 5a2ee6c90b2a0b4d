"""Time frames: which clock, seen from where, counted from when.

Surveys write times in many ways (BTJD, BKJD, HJD - 2450000, MJD ...). ``LightCurves`` keeps the survey's own numbers
and states their frame; conversions happen only when asked for, with ``to_jd`` (exact, a shift) or ``to_bjd``
(physics: light travel time and clock scale).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, cast, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from goodricke.errors import DataError, OptionError

__all__ = ["UNKNOWN", "TimeFrame", "to_bjd", "to_jd"]

Scale = Literal["tdb", "utc", "tai", "tt", "tcb", "unknown"]
Place = Literal["barycentre", "heliocentre", "observer", "unknown"]

_PREFIX: dict[Place, str] = {"barycentre": "BJD", "heliocentre": "HJD", "observer": "JD", "unknown": "TIME"}
_NAMED = {
    "MJD": "JD-2400000.5",
    "HMJD": "HJD-2400000.5",
    "RJD": "JD-2400000",
    "BTJD": "BJD_TDB-2457000",
    "BKJD": "BJD_TDB-2454833",
    "MJD_UTC": "JD_UTC-2400000.5",
    "MJD_TAI": "JD_TAI-2400000.5",
    "MJD_TDB": "JD_TDB-2400000.5",
    "HMJD_UTC": "HJD_UTC-2400000.5",
    "BMJD_TDB": "BJD_TDB-2400000.5",
    "GAIA_TCB": "BJD_TCB-2455197.5",
}
_SPELLING = re.compile(r"(BJD|HJD|JD|TIME)(?:_(TDB|UTC|TAI|TT|TCB))?(?:-(-?[0-9.]+))?")
_AU_LIGHT_DAYS = 499.004783836 / 86400.0  # light time of the astronomical unit (IAU 2012)


@dataclass(frozen=True)
class TimeFrame:
    """What the numbers in a time column mean.

    Parameters
    ----------
    scale : str
        Clock: ``tdb``, ``utc``, ``tai``, ``tt``, ``tcb`` or ``unknown``.
    place : str
        Where the light is timed: ``barycentre`` or ``heliocentre`` of the solar system, ``observer`` (no light travel
        time applied), or ``unknown``.
    zero_jd : float
        Julian date of time 0; NaN when unknown.

    Examples
    --------
    >>> TimeFrame.parse("BTJD")
    TimeFrame(scale='tdb', place='barycentre', zero_jd=2457000.0)
    >>> print(TimeFrame("utc", "heliocentre", 2450000.0))
    HJD_UTC-2450000
    """

    scale: Scale
    place: Place
    zero_jd: float

    def __post_init__(self) -> None:
        if self.scale not in get_args(Scale) or self.place not in get_args(Place):
            raise DataError(
                f"no such time frame: scale {self.scale!r}, place {self.place!r}; "
                f"scales are {', '.join(get_args(Scale))}; places are {', '.join(get_args(Place))}"
            )

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, TimeFrame):
            return NotImplemented
        return str(self) == str(other)

    def __hash__(self) -> int:
        return hash(str(self))

    def __str__(self) -> str:
        text = _PREFIX[self.place]
        if self.scale != "unknown":
            text += f"_{self.scale.upper()}"
        if np.isfinite(self.zero_jd):
            # A frame of unknown place names its zero point always: "TIME" alone is the unknown frame.
            zero = np.format_float_positional(self.zero_jd, trim="-")
            text += f"-{zero}" if self.zero_jd or self.place == "unknown" else ""
        else:
            text = "TIME"
        return next((name for name, spelling in _NAMED.items() if spelling == text), text)

    @classmethod
    def parse(cls, text: str) -> TimeFrame:
        """Read a frame from its name, such as ``BTJD``, ``MJD_UTC`` or ``HJD_UTC-2450000``."""
        word = text.strip().upper().replace(" ", "")
        match = _SPELLING.fullmatch(_NAMED.get(word, word))
        if not match:
            raise OptionError(
                f"no time frame is called {text!r}; use one of {', '.join(_NAMED)}, or a spelling such as "
                "BJD_TDB-2457000, HJD_UTC, JD_UTC-2450000"
            )
        prefix, scale, zero = match.groups()
        if prefix == "TIME" and zero is None:
            return UNKNOWN
        place = next(key for key, value in _PREFIX.items() if value == prefix)
        try:
            zero_jd = float(zero or 0.0)
        except ValueError:
            raise OptionError(f"the zero point of time frame {text!r} is not a number: {zero!r}") from None
        return cls(cast(Scale, (scale or "unknown").lower()), place, zero_jd)


UNKNOWN = TimeFrame("unknown", "unknown", float("nan"))


def to_jd(time: ArrayLike, frame: TimeFrame) -> NDArray[np.float64]:
    """Return Julian dates in the frame's own clock and place: only the zero point moves.

    Examples
    --------
    >>> to_jd([1325.5], TimeFrame.parse("BTJD"))
    array([2458325.5])
    """
    if not np.isfinite(frame.zero_jd):
        raise DataError("the zero point of these times is unknown; state it with --time-frame (or time_frame=)")
    return np.asarray(time, dtype=np.float64) + frame.zero_jd


def to_bjd(time: ArrayLike, frame: TimeFrame, ra: ArrayLike, dec: ArrayLike) -> NDArray[np.float64]:
    """Return BJD in TDB.

    Times of an observer on the ground are treated as if taken at the centre of the Earth (error below 22 ms); an
    unknown clock is taken as UTC (error up to 70 s). The Earth moves as in the IAU SOFA routine ``epv00`` (1 ms is
    300 km; the routine is good to some 20 km).

    Parameters
    ----------
    time : array_like, (n,)
        Times in days, in `frame`.
    frame : TimeFrame
        What they mean.
    ra, dec : float or (n,)
        ICRS position of the star, or of the star of every point, in degrees; not needed for barycentric times.

    Examples
    --------
    >>> to_bjd([1325.5], TimeFrame.parse("BTJD"), 0.0, 0.0)
    array([2458325.5])
    """
    jd = to_jd(time, frame)
    if frame.place == "barycentre" and frame.scale == "tdb":
        return jd
    if frame.place == "unknown":
        raise DataError("it is not known where these times were taken; state the frame with --time-frame")
    from astropy.time import Time

    whole = np.floor(jd)
    stamp = Time(whole, jd - whole, format="jd", scale="utc" if frame.scale == "unknown" else frame.scale)
    seen = cast("NDArray[np.float64]", stamp.tdb.jd)
    if frame.place == "barycentre" or not seen.size:
        return seen
    star = _direction(ra, dec)
    if frame.place == "heliocentre":
        at_sun = seen
        # The Earth comes nearer by up to 50 ms of light in the 8 minutes that the first guess is off.
        for _ in range(2):
            seen = at_sun - _light_days(seen, star, "pvh")
    return seen + _light_days(seen, star, "pvb")


def _direction(ra: ArrayLike, dec: ArrayLike) -> NDArray[np.float64]:
    """Unit vectors (3,) or (3, n) towards stars."""
    alpha, delta = np.radians(np.asarray(ra, dtype=np.float64)), np.radians(np.asarray(dec, dtype=np.float64))
    star = np.stack(np.broadcast_arrays(np.cos(delta) * np.cos(alpha), np.cos(delta) * np.sin(alpha), np.sin(delta)))
    if not np.isfinite(star).all():
        raise DataError("the position of the star is unknown, so its light travel time cannot be computed")
    return star


def _light_days(tdb: NDArray[np.float64], star: NDArray[np.float64], origin: str) -> NDArray[np.float64]:
    """Days that light of a star takes less to the Earth than to the Sun (``pvh``) or the barycentre (``pvb``)."""
    import erfa
    from scipy.interpolate import CubicHermiteSpline

    first, last = np.floor(tdb.min()), np.ceil(tdb.max()) + 1.0
    if last - first < tdb.size:
        # Between daily positions and velocities the spline is off by 0.1 km (the Moon's pull), 0.3 microseconds.
        days = np.arange(first, last + 1.0)
        earth = erfa.epv00(days, 0.0)[origin == "pvb"]
        place = CubicHermiteSpline(days, earth["p"], earth["v"])(tdb)
    else:
        place = erfa.epv00(tdb, 0.0)[origin == "pvb"]["p"]
    return np.asarray((place.T * star.reshape(3, -1)).sum(axis=0) * _AU_LIGHT_DAYS)
