"""Which star of one list is which of another: by place on the sky, or by name."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from goodricke.errors import DataError, OptionError

__all__ = ["degrees_of_text", "nearest", "plain_names", "same_name"]

Floats = NDArray[np.float64]

_ARCSEC = np.pi / 180.0 / 3600.0
_WIDEST_ARCSEC = 3600.0
_SEXAGESIMAL = re.compile(r"\s*([+\-−]?)\s*(\d+)[\sh:d°]+(\d+)[\sm:'′]+(\d+(?:\.\d*)?)[s\"″]?\s*")


def nearest(
    ra: ArrayLike, dec: ArrayLike, other_ra: ArrayLike, other_dec: ArrayLike, radius_arcsec: float = 3.0
) -> tuple[NDArray[np.int64], Floats]:
    """The nearest star of another list within a radius, on the sphere: at the poles and across 0 h too.

    Positions are compared as they stand: no proper motion is applied. A star that moves a second of arc in a year is
    out of reach of the default after three years between the epochs of the lists.

    Parameters
    ----------
    ra, dec : (N,)
        ICRS degrees; what is not finite matches nothing.
    other_ra, other_dec : (K,)
        Of the other list. One of its stars may be the nearest of several.
    radius_arcsec : float
        Largest separation, up to a degree.

    Returns
    -------
    row : (N,) int64
        Row in the other list; -1 where there is none.
    separation : (N,)
        Seconds of arc; NaN where there is none.

    Examples
    --------
    >>> row, apart = nearest([10.0, 359.9999], [0.0, 5.0], [0.0001, 10.0001], [5.0, 0.0], 3.0)
    >>> row, apart.round(2)
    (array([1, 0]), array([0.36, 0.72]))
    """
    if not 0 < radius_arcsec <= _WIDEST_ARCSEC:
        raise OptionError(f"a match radius lies above 0 and up to {_WIDEST_ARCSEC:g} arcsec; it is {radius_arcsec}")
    here, there = _unit(ra, dec), _unit(other_ra, other_dec)
    row, separation = np.full(len(here), -1, dtype=np.int64), np.full(len(here), np.nan)
    known, partner = (np.flatnonzero(np.isfinite(part).all(axis=1)) for part in (here, there))
    if not len(known) or not len(partner):
        return row, separation
    from scipy.spatial import cKDTree

    chord, found = cKDTree(there[partner]).query(
        here[known], distance_upper_bound=2 * np.sin(radius_arcsec * _ARCSEC / 2) * (1 + 1e-9)
    )
    hit = np.isfinite(chord)
    row[known[hit]] = partner[found[hit]]
    separation[known[hit]] = 2 * np.arcsin(np.minimum(chord[hit] / 2, 1.0)) / _ARCSEC
    return row, separation


def plain_names(names: ArrayLike) -> NDArray[np.str_]:
    """Names as they are compared: small letters and digits, with nothing between.

    >>> plain_names(["HD 209458", "Kepler-16 A", "gaia dr3 123"])
    array(['hd209458', 'kepler16a', 'gaiadr3123'], dtype='<U10')
    """
    return np.array([re.sub(r"[\W_]+", "", str(name)).casefold() for name in np.asarray(names).ravel()], dtype=str)


def same_name(names: ArrayLike, other: ArrayLike) -> NDArray[np.int64]:
    """Row (N,) in another list whose name is the same but for letters' size, blanks and signs; -1 where none is.

    >>> same_name(["hd209458", "HD 1", ""], ["HD 1 ", "HD-209458", ""])
    array([ 1,  0, -1])
    """
    ours, theirs = plain_names(names), plain_names(other)
    if not len(theirs):
        return np.full(len(ours), -1, dtype=np.int64)
    order = np.argsort(theirs, kind="stable")
    place = np.minimum(np.searchsorted(theirs[order], ours), len(theirs) - 1)
    return np.where((theirs[order][place] == ours) & (ours != ""), order[place], -1)


def degrees_of_text(words: ArrayLike, hours: bool) -> Floats:
    """Degrees (N,) from ``12h20m42.91s``, ``12:20:42.9``, ``+17 47 36`` or a number; NaN where it is none of these.

    Parameters
    ----------
    words : (N,) str
        Coordinates as text.
    hours : bool
        Whether the first of three numbers is in hours, as of right ascension. A single number is in degrees.

    Examples
    --------
    >>> degrees_of_text(["12h20m00s", "10.5", "x"], hours=True), degrees_of_text(["-00:30:00"], hours=False)
    (array([185. ,  10.5,   nan]), array([-0.5]))
    """
    return np.array([_degrees(str(word), hours) for word in np.asarray(words).ravel()], dtype=np.float64)


def _degrees(word: str, hours: bool) -> float:
    found = _SEXAGESIMAL.fullmatch(word)
    if found is None:
        try:
            return float(word)
        except ValueError:
            return float("nan")
    sign, whole, minutes, seconds = found.groups()
    size = (float(whole) + float(minutes) / 60 + float(seconds) / 3600) * (15.0 if hours else 1.0)
    return -size if sign in ("-", "−") else size


def _unit(ra: ArrayLike, dec: ArrayLike) -> NDArray[Any]:
    a, d = np.radians(np.asarray(ra, dtype=np.float64)), np.radians(np.asarray(dec, dtype=np.float64))
    if a.ndim != 1 or a.shape != d.shape:
        raise DataError(
            f"as many right ascensions as declinations are wanted; their shapes are {a.shape} and {d.shape}"
        )
    with np.errstate(invalid="ignore"):
        return np.stack([np.cos(d) * np.cos(a), np.cos(d) * np.sin(a), np.sin(d)], axis=1)
