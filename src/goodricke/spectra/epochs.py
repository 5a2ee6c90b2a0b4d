"""Epochs: which spectra show the same star, told by name and by position."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from goodricke.errors import DataError
from goodricke.spectra.batch import Spectra

__all__ = ["RADIUS_ARCSEC", "same_star", "star_names", "unite"]

RADIUS_ARCSEC = 3.7
"""Positions within this belong to one star: a fibre of LAMOST sees 3.3 arcsec of the sky."""
_DESIGNATION = re.compile(r"\bJ\d{6}")
_FAR_ARCSEC = 60.0
"""Spectra of one name but further apart than this are not one star: the name is a counter, or a field's."""
_CELLS_BESIDE = [(x, y, z) for x in (-1, 0, 1) for y in (-1, 0, 1) for z in (-1, 0, 1) if (x, y, z) > (0, 0, 0)]


def same_star(
    ra: ArrayLike, dec: ArrayLike, name: ArrayLike | None = None, radius_arcsec: float = RADIUS_ARCSEC
) -> NDArray[np.int64]:
    """Number the stars that spectra show, in the order in which they appear.

    Two spectra show one star when they lie within `radius_arcsec`, or have the same name and do not lie a minute of arc
    apart; chains of such pairs are one star.

    Parameters
    ----------
    ra, dec : (N,)
        ICRS degrees; NaN when unknown.
    name : (N,) str, optional
        What the files call the star; empty when they do not say.
    radius_arcsec : float
        How near is the same.

    Returns
    -------
    (N,) int64
        Number of the star of every spectrum.

    Examples
    --------
    >>> same_star([359.9999, 0.0, 10.0, np.nan], [0.0, 0.0, 0.0, np.nan], ["a", "b", "c", "c"])
    array([0, 0, 1, 1])
    """
    unit, known = _unit_vectors(ra, dec)
    n = len(unit)
    if not 0 <= radius_arcsec < 3600:
        raise DataError(f"radius_arcsec is {radius_arcsec}; give 0 to 3600")
    group = _joined(n, _near(unit, known, _chord(radius_arcsec)))
    if name is not None:
        names = np.asarray(name).astype(str)
        if names.shape != (n,):
            raise DataError(f"there are {names.size} names for {n} spectra")
        group = _joined(n, _alike(unit, known, names, group))
    return _by_appearance(group)


def _unit_vectors(ra: ArrayLike, dec: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Directions (N, 3), in which poles and the wrap of right ascension are nothing special, and which are known."""
    a, d = np.radians(np.asarray(ra, dtype=np.float64)), np.radians(np.asarray(dec, dtype=np.float64))
    if a.shape != d.shape or a.ndim != 1:
        raise DataError(f"ra has shape {a.shape} and dec {d.shape}; give (N,) and (N,)")
    with np.errstate(invalid="ignore"):
        unit = np.stack([np.cos(d) * np.cos(a), np.cos(d) * np.sin(a), np.sin(d)], axis=1)
    return unit, np.isfinite(unit).all(axis=1)


def _chord(arcsec: float) -> float:
    return float(2 * np.sin(np.radians(arcsec / 3600) / 2))


def _near(unit: NDArray[np.float64], known: NDArray[np.bool_], chord: float) -> NDArray[np.int64]:
    """Pairs (K, 2) of rows no further apart than `chord`; rows of one place are chained, not all paired."""
    rows = np.flatnonzero(known)
    if len(rows) < 2:
        return np.zeros((0, 2), np.int64)
    # Most epochs repeat the catalogue's position to the last digit: one of each place stands for all.
    places, first, place = np.unique(unit[rows], axis=0, return_index=True, return_inverse=True)
    place = place.reshape(-1)
    chains = np.stack([rows, rows[first[place]]], axis=1)
    if chord <= 0:
        return chains
    pairs = _close_pairs(places, chord)
    return np.concatenate([chains, rows[first[pairs]]])


def _close_pairs(points: NDArray[np.float64], chord: float) -> NDArray[np.int64]:
    """All pairs (K, 2) within `chord`, by cells of that size: a pair lies in one cell or in two that touch."""
    cell = np.floor(points / (chord * (1 + 1e-9))).astype(np.int64)
    keys = _Cells(cell - cell.min(axis=0) + 1)
    found = [keys.within()] + [keys.beside(step) for step in _CELLS_BESIDE]
    pairs: NDArray[np.int64] = np.concatenate(found)
    apart = points[pairs[:, 0]] - points[pairs[:, 1]]
    near: NDArray[np.bool_] = np.einsum("ij,ij->i", apart, apart) <= chord**2
    return pairs[near]


class _Cells:
    """Points sorted into cells, so that those of a neighbouring cell are one stretch."""

    def __init__(self, cell: NDArray[np.int64]) -> None:
        # A number per column of cells and not per cell: at a radius of milliarcseconds the cells are too many to count.
        self.cell, self.span = cell, cell.max(axis=0) + 2
        self.columns, where = np.unique(cell[:, 0] * self.span[1] + cell[:, 1], return_inverse=True)
        self.key = where.reshape(-1).astype(np.int64) * self.span[2] + cell[:, 2]
        self.order = np.argsort(self.key, kind="stable")
        self.sorted = self.key[self.order]

    def within(self) -> NDArray[np.int64]:
        """Pairs inside a cell, each once."""
        place = np.empty(len(self.key), np.int64)
        place[self.order] = np.arange(len(self.key))
        end = np.searchsorted(self.sorted, self.key, side="right")
        return self._expanded(place + 1, end)

    def beside(self, step: tuple[int, int, int]) -> NDArray[np.int64]:
        """Pairs of a point and those in the cell that lies `step` away."""
        column = (self.cell[:, 0] + step[0]) * self.span[1] + self.cell[:, 1] + step[1]
        where = np.searchsorted(self.columns, column)
        there = self.columns[np.minimum(where, len(self.columns) - 1)] == column
        key = where * self.span[2] + self.cell[:, 2] + step[2]
        start = np.searchsorted(self.sorted, key, side="left")
        end = np.searchsorted(self.sorted, key, side="right")
        return self._expanded(np.where(there, start, 0), np.where(there, end, 0))

    def _expanded(self, start: NDArray[np.int64], end: NDArray[np.int64]) -> NDArray[np.int64]:
        count = np.maximum(end - start, 0)
        left = np.repeat(np.arange(len(count)), count)
        inside = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
        return np.stack([left, self.order[np.repeat(start, count) + inside]], axis=1)


def _alike(
    unit: NDArray[np.float64], known: NDArray[np.bool_], names: NDArray[np.str_], group: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Pairs that unite `group` further: rows of one name, unless their positions lie far apart."""
    _, code = np.unique(names, return_inverse=True)
    code = code.reshape(-1)
    order = np.lexsort((~known, code))  # of every name, those with a position first
    named = names[order] != ""
    fresh = np.append(True, np.diff(code[order]) != 0)
    head = order[np.maximum.accumulate(np.where(fresh, np.arange(len(order)), 0))]
    apart = np.linalg.norm(unit[order] - unit[head], axis=1)
    near = named & ~(apart > _chord(_FAR_ARCSEC))  # an unknown position is no reason against
    by_name = np.stack([order[near], head[near]], axis=1)
    first = np.unique(group, return_index=True)[1]
    by_place = np.stack([np.arange(len(group)), first[_rank(group)]], axis=1)
    return np.concatenate([by_name, by_place])


def _rank(group: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.unique(group, return_inverse=True)[1].reshape(-1)


def _joined(n: int, pairs: NDArray[np.int64]) -> NDArray[np.int64]:
    """The smallest row (n,) that hangs together with each row: union-find, all rows at a time."""
    root = np.arange(n, dtype=np.int64)
    while len(pairs):
        ends = root[pairs]
        pairs = pairs[ends[:, 0] != ends[:, 1]]
        ends = root[pairs]
        np.minimum.at(root, ends.max(axis=1), ends.min(axis=1))
        while (root != root[root]).any():
            root = root[root]
    return root


def _by_appearance(group: NDArray[np.int64]) -> NDArray[np.int64]:
    _, first, code = np.unique(group, return_index=True, return_inverse=True)
    rank = np.empty(len(first), np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    return rank[code.reshape(-1)]


def star_names(
    name: ArrayLike,
    ra: ArrayLike,
    dec: ArrayLike,
    radius_arcsec: float = RADIUS_ARCSEC,
    own: ArrayLike | None = None,
) -> NDArray[np.str_]:
    """One name per star for every spectrum (N,): a designation, or else the first name that its spectra have.

    Different stars whose files say the same name (a counter, a field) get a number behind it.

    Parameters
    ----------
    name : (N,) str
        What the files call the star.
    ra, dec : (N,)
        ICRS degrees; NaN when unknown.
    radius_arcsec : float
        How near is the same.
    own : (N,) bool, optional
        Whether the name is the star's own; one that only a file has, such as ``spectrum``, unites nothing.

    Examples
    --------
    >>> star_names(["LAMOST J1", "SDSS J1", "LAMOST J1"], [10.0, 10.0002, np.nan], [5.0, 5.0, np.nan]).tolist()
    ['LAMOST J1', 'LAMOST J1', 'LAMOST J1']
    """
    names = np.asarray(name).astype(str)
    known = names if own is None else np.where(np.asarray(own, dtype=bool), names, "")
    group = same_star(ra, dec, known, radius_arcsec)
    n = int(group.max()) + 1 if len(group) else 0
    chosen = np.full(n, "", dtype=object)
    # Designations of a survey last, so that they stay; among those of one rank the first.
    rank = np.array([_rank_of_name(name) for name in names.tolist()])
    for row in np.lexsort((-np.arange(len(names)), rank)):
        if rank[row]:
            chosen[group[row]] = str(names[row])
    for k in np.flatnonzero(chosen == "").tolist():
        chosen[k] = f"star {k + 1}"
    seen: dict[str, int] = {}
    for k in range(n):
        count = seen[chosen[k]] = seen.get(chosen[k], 0) + 1
        if count > 1:
            chosen[k] = f"{chosen[k]} ({count})"
    return np.asarray(chosen[group] if n else [], dtype=str)


def _rank_of_name(name: str) -> int:
    """How good a name is: nothing, anything such as a file's name, a name made of a position, LAMOST's designation."""
    if not name:
        return 0
    return 3 if name.startswith("LAMOST J") else 2 if _DESIGNATION.search(name) else 1


def unite(spectra: Spectra, radius_arcsec: float = RADIUS_ARCSEC) -> Spectra:
    """The same spectra, with one ``object_id`` per star.

    Names count as the star's own unless ``meta["name_from"]`` is ``file``.

    Examples
    --------
    >>> wave = [4000.0, 4001.0]
    >>> two = Spectra.from_arrays(wave, [[1, 2], [1, 2]], object_id=["a", "b"], ra=[10.0, 10.0003], dec=[0.0, 0.0])
    >>> unite(two)
    <Spectra: 2 spectra of 1 star, 4 pixels, 4000 to 4001 Angstrom>
    """
    if not len(spectra):
        return spectra
    own = spectra.meta["name_from"] != "file" if "name_from" in spectra.meta else None
    names = star_names(spectra.object_id, spectra.ra, spectra.dec, radius_arcsec, own)
    return replace(spectra, object_id=names)
