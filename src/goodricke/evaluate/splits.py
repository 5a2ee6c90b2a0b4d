"""Which stars train and which test: by a hash of the name or of the place in the sky, the same on every machine."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from goodricke.errors import OptionError
from goodricke.surveys.positions import same_place

__all__ = ["RADIUS_ARCSEC", "folds_of", "folds_on_sky", "held_out", "leave_one_survey_out", "sky_names"]

# Wide against the errors of a survey's positions, so that few stars lie near an edge; small against a field of the
# Magellanic Clouds, so that the folds of one field come out even.
_CELL_ARCMIN = 10.0
# ASAS-3 and Catalina share three stars 12 to 15 arcsec apart, and two more, 49 and 51 arcsec apart, whose equal periods
# say that they are one star or its blend: the pixels of ASAS are 15 arcsec wide.
RADIUS_ARCSEC = 60.0


def folds_of(names: Iterable[str], n: int) -> NDArray[np.int64]:
    """Fold 0 ... n - 1 of every star; all pieces of a star fall into the same one.

    >>> folds_of(["TIC 1", "TIC 2", "TIC 1"], 5)
    array([0, 4, 0])
    """
    return np.array([_hash(name) % n for name in names], dtype=np.int64)


def held_out(names: Iterable[str], fraction: float) -> NDArray[np.bool_]:
    """Whether a star belongs to the part (about `fraction` of all) that is not trained on.

    A star once held out stays so at any larger fraction.

    >>> held_out(["TIC 1", "TIC 4", "TIC 5", "TIC 4"], 0.5)
    array([False,  True, False,  True])
    """
    if not 0 < fraction < 1:
        raise OptionError(f"the fraction to hold out is {fraction}; it must lie between 0 and 1")
    return np.array([_hash(name) < fraction * 2**64 for name in names], dtype=bool)


def folds_on_sky(
    ra: ArrayLike, dec: ArrayLike, names: Sequence[str], n: int, radius_arcsec: float = RADIUS_ARCSEC
) -> NDArray[np.int64]:
    """Fold of every star by its place, so that one star seen by two surveys falls on one side.

    See `sky_names` for what holds.

    Examples
    --------
    >>> folds_on_sky([10.0, 10.0002, 200.0], [5.0, 5.0, -30.0], ["ASAS 1", "CSS 7", "CSS 9"], 5)
    array([4, 4, 1])
    """
    return folds_of(sky_names(ra, dec, names, radius_arcsec), n)


def sky_names(ra: ArrayLike, dec: ArrayLike, names: Sequence[str], radius_arcsec: float = RADIUS_ARCSEC) -> list[str]:
    """A name for the place of every star, to be hashed in the stead of its own.

    Parameters
    ----------
    ra, dec : (N,)
        ICRS degrees; a star without a position keeps its own name.
    names : N strings
        Names of the stars.
    radius_arcsec : float
        Stars that hang together by steps of about this or less have the same name.

    Returns
    -------
    list of str
        The name of a cell of 10 arcmin. Within one call neighbours share it without exception. Between calls (two
        catalogues hashed apart) it differs for the few stars that have an edge between their two positions: 0.2% of
        them where the surveys disagree by 1 arcsec. Hash catalogues together where that matters.
    """
    a, d = np.asarray(ra, dtype=np.float64), np.asarray(dec, dtype=np.float64)
    known = np.isfinite(a) & np.isfinite(d)
    found = [str(name) for name in names]
    group = same_place(a[known], d[known], radius_arcsec)
    band = np.floor((d[known] + 90.0) * 60.0 / _CELL_ARCMIN).astype(np.int64)
    middle = np.radians((band + 0.5) * _CELL_ARCMIN / 60.0 - 90.0)
    around = np.maximum(1, np.round(360.0 * 60.0 / _CELL_ARCMIN * np.abs(np.cos(middle)))).astype(np.int64)
    cell = band * 100_000 + np.floor((a[known] % 360.0) / 360.0 * around).astype(np.int64)
    lowest = np.full(int(group.max(initial=-1)) + 1, np.iinfo(np.int64).max)
    np.minimum.at(lowest, group, cell)  # the cell of a group does not depend on the order of its stars
    for k, place in zip(np.flatnonzero(known).tolist(), lowest[group].tolist(), strict=True):
        found[k] = f"sky {place}"
    return found


def leave_one_survey_out(
    survey: Sequence[str], place: Sequence[str] | None = None
) -> Iterator[tuple[str, NDArray[np.bool_], NDArray[np.bool_]]]:
    """For every survey: its name, which stars (N,) train, which (N,) test.

    Parameters
    ----------
    survey : N strings
        Survey of every star.
    place : N strings, optional
        Names of places (`sky_names`): a star of another survey at the place of a test star does not train.

    Examples
    --------
    >>> for name, train, test in leave_one_survey_out(["asas", "crts", "crts"], ["a", "a", "b"]):
    ...     print(name, train, test)
    asas [False False  True] [ True False False]
    crts [False False False] [False  True  True]
    """
    surveys = np.asarray(survey, dtype=str)
    places = None if place is None else np.asarray(place, dtype=str)
    for name in np.unique(surveys).tolist():
        test = surveys == name
        train = ~test if places is None else ~test & ~np.isin(places, places[test])
        yield name, train, test


def _hash(name: str) -> int:
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "little")
