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
_SPELLING = re.compile(r"(BJD|HJD|JD|TIME)(?:_(TDB|UTC|TAI|TT|TCB))?(?:-([0-9.]+))?")


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
            text += f"-{self.zero_jd:.10g}" if self.zero_jd else ""
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
        if prefix == "TIME":
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


def to_bjd(time: ArrayLike, frame: TimeFrame, ra: float, dec: float) -> NDArray[np.float64]:
    """Return BJD in TDB for one star.

    Times of an observer on the ground are treated as if taken at the centre of the Earth (error below 21 ms); an
    unknown clock is taken as UTC (error up to 69 s).

    Parameters
    ----------
    time : array_like, (n,)
        Times in days, in `frame`.
    frame : TimeFrame
        What they mean.
    ra, dec : float
        ICRS position of the star in degrees; not needed for barycentric times.

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
    from astropy import units
    from astropy.coordinates import EarthLocation, SkyCoord
    from astropy.time import Time
    from astropy.utils import iers

    scale = "utc" if frame.scale == "unknown" else frame.scale
    whole = np.floor(jd)
    with iers.conf.set_temp("auto_download", False), iers.conf.set_temp("iers_degraded_accuracy", "ignore"):
        stamp = Time(whole, jd - whole, format="jd", scale=scale, location=EarthLocation.from_geocentric(0, 0, 0, "m"))
        if frame.place == "barycentre":
            return cast("NDArray[np.float64]", stamp.tdb.jd)
        if not (np.isfinite(ra) and np.isfinite(dec)):
            raise DataError("the position of the star is unknown, so its light travel time cannot be computed")
        star = SkyCoord(ra * units.deg, dec * units.deg)
        if frame.place == "heliocentre":
            # The light travel time changes by less than 0.1 ms over the 8 minutes that this first guess is off.
            stamp = stamp - stamp.light_travel_time(star, "heliocentric")
        return cast("NDArray[np.float64]", (stamp.tdb + stamp.light_travel_time(star, "barycentric")).jd)
