"""Stars of a catalogue that are known to have planets: a table of hosts from a file, matched by place or by name."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from goodricke.errors import DataError, OptionError, ReadError
from goodricke.evaluate.crossmatch import degrees_of_text, nearest, plain_names, same_name
from goodricke.output.arrays import numbers_of, words_of
from goodricke.output.reading_tables import read_table

__all__ = ["Hosts", "host_words", "hosts_of", "match_hosts", "read_hosts"]

Floats = NDArray[np.float64]

_NAME = (
    "hostname",
    "host_name",
    "host",
    "star_name",
    "star",
    "object_id",
    "main_id",
    "name",
    "gaia_id",
    "tic_id",
    "id",
)
_RA = ("ra", "ra_deg", "ra_icrs", "raj2000", "_raj2000", "ra_j2000", "radeg", "right_ascension", "rastr")
_DEC = (
    "dec", "dec_deg", "de_icrs", "dec_icrs", "dej2000", "_dej2000", "dec_j2000", "decdeg", "decl", "declination",
    "decstr",
)  # fmt: skip
_PLANET = ("pl_name", "planet_name", "planet")
_MULTIPLICITY = ("sy_snum", "n_stars", "binary", "known_binary")


@dataclass(frozen=True, eq=False)
class Hosts:
    """K host stars, each once.

    Parameters
    ----------
    name : (K,) str
        As the file writes it; empty where it gives none.
    ra, dec : (K,)
        Degrees; NaN where unknown.
    planets : (K,) str
        Their names with commas between, where the file has one row per planet.
    n_planets : (K,) int64
        Rows of the file.
    known_binary : (K,) bool
        Whether the file counts more than one star in the system; False where it does not say.
    says_binary : bool
        Whether the file has a column for it.
    notes : tuple of str
        What was guessed.
    """

    name: NDArray[np.str_]
    ra: Floats
    dec: Floats
    planets: NDArray[np.object_]
    n_planets: NDArray[np.int64]
    known_binary: NDArray[np.bool_]
    says_binary: bool
    notes: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.name)


def read_hosts(path: str | os.PathLike[str], name: str = "", ra: str = "", dec: str = "") -> Hosts:
    """Read a table of host stars: csv (as the NASA Exoplanet Archive writes it), ECSV, FITS, VOTable or Parquet.

    Parameters
    ----------
    path : str or path
        The file, with one row per host or per planet.
    name, ra, dec : str
        Its columns, where they are not to be guessed.

    Raises
    ------
    ReadError
        If the file is no table, or has neither names nor positions.
    """
    try:
        return hosts_of(read_table(path), name, ra, dec)
    except DataError as error:
        raise ReadError(str(error), "give a table of host stars", os.fspath(path)) from error


def hosts_of(table: pa.Table, name: str = "", ra: str = "", dec: str = "") -> Hosts:
    """Host stars of a table; rows of one host (its planets) become one.

    Examples
    --------
    >>> rows = {"pl_name": ["X b", "X c"], "hostname": ["X", "X"], "ra": [10.0, 10.0], "dec": [5.0, 5.0]}
    >>> hosts = hosts_of(pa.table(rows))
    >>> hosts.name, hosts.planets[0], hosts.notes
    (array(['X'], dtype='<U1'), 'X b, X c', ('hosts: name from hostname, position from ra and dec in degrees',))
    """
    names, place = _column(table, name, _NAME), (_column(table, ra, _RA), _column(table, dec, _DEC))
    if not all(place):
        if any(place):
            raise DataError(f"the table of hosts has {place[0] or place[1]} but not the other coordinate; name it")
        if not names:
            raise DataError(
                f"the table of hosts has neither names nor positions; it has {', '.join(table.schema.names)}"
            )
    words = _words(table, names) if names else np.full(table.num_rows, "", dtype="U1")
    a, hours = _coordinates(table, place[0], True) if all(place) else (np.full(table.num_rows, np.nan), False)
    d, _ = _coordinates(table, place[1], False) if all(place) else (a, False)
    if (np.abs(d) > 90).any() or (np.abs(a) > 360).any():
        raise DataError(f"{place[0]} and {place[1]} of the hosts are no degrees on the sky; name other columns")
    # Hosts without a name are told apart by where they are.
    key = np.array(
        [word or f"\x1f{x:.6f},{y:.6f}" for word, x, y in zip(plain_names(words), a, d, strict=True)], dtype=str
    )
    _, first, code = np.unique(key, return_index=True, return_inverse=True)
    planet = _column(table, "", _PLANET)
    each: list[list[str]] = [[] for _ in first]
    if planet:
        for k, word in zip(code, _words(table, planet), strict=True):
            if word and word not in each[k]:
                each[k].append(word)
    several = _column(table, "", _MULTIPLICITY)
    binary = _is_several(table, several) if several else np.zeros(table.num_rows, dtype=bool)
    said = f"hosts: name from {names}" if names else "hosts: no names"
    said += (
        f", position from {place[0]} and {place[1]} {'as sexagesimal text' if hours else 'in degrees'}"
        if all(place)
        else ", no positions"
    )
    order = np.argsort(first, kind="stable")
    kept = first[order]
    return Hosts(
        words[kept],
        a[kept],
        d[kept],
        np.array([", ".join(each[k]) for k in order], dtype=object),
        np.bincount(code, minlength=len(first))[order],
        np.bincount(code, binary, len(first))[order] > 0,
        bool(several),
        (said,),
    )


def match_hosts(stars: pa.Table, hosts: Hosts, radius_arcsec: float = 3.0) -> tuple[pa.Table, tuple[str, ...]]:
    """Rows of a catalogue that are host stars.

    Parameters
    ----------
    stars : pyarrow.Table
        One row per star, with ``ra`` and ``dec`` in ICRS degrees; where one side has no positions, ``object_id`` is
        matched with the names of the hosts.
    hosts : Hosts
        Of `read_hosts`.
    radius_arcsec : float
        Largest separation.

    Returns
    -------
    table : pyarrow.Table
        The rows of `stars` that match, with ``host_name``, ``host_separation`` (arcsec, null when matched by name),
        ``host_planets``, ``host_n_planets`` and ``host_known_binary`` (null when the file does not say). Of several
        stars near one host the nearest alone is kept.
    notes : tuple of str
        How was matched, in sentences.

    Examples
    --------
    >>> hosts = hosts_of(pa.table({"hostname": ["X"], "ra": [10.0], "dec": [5.0]}))
    >>> stars = pa.table({"object_id": ["a", "b"], "ra": [10.0001, 50.0], "dec": [5.0, 5.0]})
    >>> found, notes = match_hosts(stars, hosts)
    >>> found.select(["object_id", "host_name"]).to_pylist(), round(found["host_separation"][0].as_py(), 2)
    ([{'object_id': 'a', 'host_name': 'X'}], 0.36)
    """
    ra, dec = (numbers_of(stars, name) for name in ("ra", "dec"))
    by_place = bool(
        (np.isfinite(ra) & np.isfinite(dec)).any() and (np.isfinite(hosts.ra) & np.isfinite(hosts.dec)).any()
    )
    if by_place:
        row, apart = nearest(ra, dec, hosts.ra, hosts.dec, radius_arcsec)
        notes = (
            *hosts.notes,
            f"matched by position within {radius_arcsec:g} arcsec; proper motion was not applied, so stars that moved"
            " further between the epochs of the two lists are missed",
        )
    elif "object_id" in stars.schema.names and (hosts.name != "").any():
        row = same_name(_words(stars, "object_id"), hosts.name)
        apart = np.full(len(row), np.nan)
        notes = (*hosts.notes, "matched by name: one of the tables has no positions")
    else:
        raise OptionError("stars and hosts share neither positions (ra, dec) nor names; give a table that has them")
    matched = np.flatnonzero(row >= 0)
    order = np.lexsort((np.nan_to_num(apart[matched]), row[matched]))
    nearest_only = matched[order[np.unique(row[matched][order], return_index=True)[1]]]
    kept = np.sort(nearest_only)
    host = row[kept]
    found = stars.take(pa.array(kept))
    new: dict[str, pa.Array] = {
        "host_name": pa.array(hosts.name[host]),
        "host_separation": pa.array(apart[kept], from_pandas=True),
        "host_planets": pa.array(hosts.planets[host], pa.string()),
        "host_n_planets": pa.array(hosts.n_planets[host]),
        "host_known_binary": pa.array(hosts.known_binary[host], mask=np.full(len(host), not hosts.says_binary)),
    }
    for name, column in new.items():
        found = found.append_column(name, column)
    return found, notes


def host_words(matched: pa.Table, threshold: float = 0.5, column: str = "prob_BINARY") -> str:
    """What the match holds, in a sentence.

    >>> rows = {"prob_BINARY": [0.9, 0.8, 0.1], "host_n_planets": [2, 1, 1], "host_known_binary": [True, False, False]}
    >>> host_words(pa.table(rows))
    '2 binaries (p > 0.5) host 3 known planets; 1 of them single there; 3 hosts were observed in all'
    """
    flagged = numbers_of(matched, column) > threshold
    n = int(flagged.sum())
    planets = int(numbers_of(matched, "host_n_planets")[flagged].sum())
    who = f"{n:,} binar{'y' if n == 1 else 'ies'} (p > {threshold:g}) host{'s' if n == 1 else ''}"
    said = f"{who} {planets:,} known planet{'' if planets == 1 else 's'}"
    known = matched.column("host_known_binary")
    if known.null_count < len(known):
        single = int((flagged & ~known.fill_null(False).to_numpy(zero_copy_only=False)).sum())
        said += f"; {single:,} of them single there"
    total: int = matched.num_rows
    return f"{said}; {total:,} host{' was' if total == 1 else 's were'} observed in all"


def _column(table: pa.Table, chosen: str, usual: Sequence[str]) -> str:
    """The column that was chosen, or the first of the usual ones, whatever the size of its letters."""
    there = {name.casefold(): name for name in reversed(table.schema.names)}
    if chosen:
        if chosen.casefold() not in there:
            raise OptionError(f"the table of hosts has no column {chosen!r}; it has {', '.join(table.schema.names)}")
        return str(there[chosen.casefold()])
    found: str = next((there[name] for name in usual if name in there), "")
    return found


def _coordinates(table: pa.Table, name: str, hours: bool) -> tuple[Floats, bool]:
    """Degrees, and whether they were text of three numbers."""
    column = table.column(name)
    if pa.types.is_integer(column.type) or pa.types.is_floating(column.type):
        return numbers_of(table, name), False
    return degrees_of_text(_words(table, name), hours), True


def _is_several(table: pa.Table, name: str) -> NDArray[np.bool_]:
    column = table.column(name)
    if pa.types.is_boolean(column.type):
        return np.asarray(column.fill_null(False).to_numpy(zero_copy_only=False), dtype=bool)
    if pa.types.is_integer(column.type) or pa.types.is_floating(column.type):
        # A count of stars, or a flag of 0 and 1.
        least = 1 if "binary" in name.casefold() else 2
        return np.asarray(numbers_of(table, name) >= least)
    return np.isin(np.char.lower(_words(table, name)), ["true", "yes", "y", "t", "1"])


def _words(table: pa.Table, name: str) -> NDArray[np.str_]:
    return np.char.strip(words_of(table, name))
