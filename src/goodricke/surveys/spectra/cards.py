"""What headers say of a star and its exposure: positions, times and numbers, with the many signs for "unknown"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from goodricke.spectra.lattice import LIGHT_KM_S
from goodricke.surveys.containers.fits import Header

__all__ = ["Cards", "Get", "coordinates", "date_mjd", "mjd_of", "number", "signal_to_noise", "text", "velocity_of"]

Get = Callable[[str], Any]
_SEXAGESIMAL = re.compile(r"([+-]?)\s*(\d+)[\s:hd°]+(\d+)[\s:m'′]+(\d+(?:\.\d*)?)[s\"″]*")
_UNKNOWN = (-9999.0, -999.0, -99.0)


class Cards:
    """Several headers asked as one: the first that has a card answers."""

    def __init__(self, headers: Sequence[Header]) -> None:
        self._headers = headers

    def get(self, name: str) -> Any:
        """Value of a card; None when no header has it."""
        return next((header.get(name) for header in self._headers if name in header), None)

    def text(self, name: str) -> str:
        """Value of a card as stripped text."""
        value = self.get(name)
        return "" if value is None else str(value).strip()


def number(get: Get, *names: str) -> float:
    """The first card that holds a number; NaN when none does. LAMOST writes -9999 for what it does not know.

    >>> number({"A": "-9999", "B": "1.5"}.get, "A", "B")
    1.5
    """
    for name in names:
        try:
            value = float(get(name))
        except (TypeError, ValueError):
            continue
        if np.isfinite(value) and value not in _UNKNOWN:
            return value
    return float("nan")


def text(get: Get, *names: str) -> str:
    """The first card that is not empty, as text.

    >>> text({"A": " ", "B": " G5 "}.get, "A", "B")
    'G5'
    """
    for name in names:
        value = get(name)
        word = "" if value is None else str(value).strip()
        if word and word.lower() not in ("none", "null", "nan", "unknown", "n/a", "-", "."):
            return word
    return ""


def coordinates(get: Get, names: Iterable[tuple[str, str]]) -> tuple[float, float]:
    """ICRS degrees from the first pair of cards that hold a place on the sky; sexagesimal right ascensions are hours.

    >>> coordinates({"RA": "01:30:00", "DEC": "-10:30:00"}.get, [("RA", "DEC")])
    (22.5, -10.5)
    """
    for first, second in names:
        ra, dec = _degrees(get(first), 15.0), _degrees(get(second), 1.0)
        if -360.0 <= ra <= 360.0 and -90.0 <= dec <= 90.0:
            return ra % 360.0, dec
    return float("nan"), float("nan")


def _degrees(value: Any, factor: float) -> float:
    """A number of degrees, or sexagesimal words times `factor`."""
    try:
        return float(value)
    except (TypeError, ValueError):
        pass
    match = _SEXAGESIMAL.match(str(value).strip()) if value is not None else None
    if not match:
        return float("nan")
    size = float(match[2]) + float(match[3]) / 60 + float(match[4]) / 3600
    return factor * (-size if match[1] == "-" else size)


def date_mjd(words: Any) -> float:
    """Modified Julian date of an ISO date; NaN when it is none.

    >>> date_mjd("2011-10-24T12:00:00"), date_mjd("2011-10-24")
    (55858.5, 55858.0)
    """
    match = re.match(r"\s*(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?))?", str(words or ""))
    if not match:
        return float("nan")
    try:
        moment = np.datetime64(f"{match[1]}T{match[2] or '00:00'}", "ns")
    except ValueError:
        return float("nan")
    return float((moment - np.datetime64("1858-11-17T00:00", "ns")) / np.timedelta64(1, "D"))


def mjd_of(get: Get) -> float:
    """Modified Julian date of the exposure, from whatever card tells it best; NaN when none does."""
    tai = [number(get, name) / 86400.0 for name in ("TAI", "TAI-BEG", "TAI-END")]
    if np.isfinite(tai[1]) and np.isfinite(tai[2]):
        return (tai[1] + tai[2]) / 2
    for value in (*tai[:2], date_mjd(get("DATE-OBS")), number(get, "MJD-OBS", "MJD", "MJD_OBS", "MJDOBS")):
        # A date without a time of day is only as good as a whole number of days.
        if np.isfinite(value) and value > 0 and value != int(value):
            return value
    whole = number(get, "MJD-OBS", "MJD", "MJD_OBS", "MJDOBS")
    if np.isfinite(whole) and whole > 0:
        return whole - 2400000.5 if whole > 2400000 else whole
    julian = number(get, "JD", "HJD", "BJD", "JD-OBS", "JD_OBS")
    if julian > 2400000:
        return julian - 2400000.5
    return date_mjd(get("DATE-OBS"))


def velocity_of(z: float) -> float:
    """Radial velocity of a redshift, km/s: c z, as surveys of stars mean it.

    >>> round(velocity_of(1e-4), 3)
    29.979
    """
    return LIGHT_KM_S * z


def signal_to_noise(get: Get, names: Iterable[str]) -> dict[str, float]:
    """Signal-to-noise ratio of the bands u, g, r, i, z, in this order of `names`; NaN where it is not positive."""
    values = {}
    for band, name in zip("ugriz", names, strict=True):
        value = number(get, name)
        values[f"snr{band}"] = value if value > 0 else float("nan")
    return values
