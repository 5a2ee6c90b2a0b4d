"""The rows of a matrix that are closest to others: exact, in bounded memory, the same on every machine.

Products of matrices in float32 say which rows may be among the closest, given the most that their rounding can be. The
distances of these few are then taken in float64, each from its pair alone: neither the order of a sum nor who else is
asked for shows in the result.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

__all__ = ["METRICS", "Metric", "Pairs", "Points", "closest"]

Metric = Literal["cosine", "euclidean"]
METRICS: tuple[Metric, ...] = ("cosine", "euclidean")

Vectors = NDArray[np.float32]
Floats = NDArray[np.float64]
Indices = NDArray[np.int64]

_CELLS = 1 << 22  # scores held at once: 16 MB
_BLOCK = 256  # queries at once, so that a product of matrices is at its full speed
_PAIRS = 1 << 14  # whose exact distances are taken at once: some 75 MB for 192 numbers each
_SHORTEST, _LONGEST = 1e-15, 1e15  # between these, squares of float32 neither vanish nor overflow
_ROUNDING = 2.0**-23  # twice the most that one operation in float32 is wrong by


class Pairs(NamedTuple):
    """P pairs of a query and a row."""

    query: Indices
    row: Indices
    distance: Floats

    def some(self, which: NDArray[Any]) -> Pairs:
        """Those of an index or a mask."""
        return Pairs(self.query[which], self.row[which], self.distance[which])


@dataclass(frozen=True, eq=False)
class Points:
    """Rows of a matrix, and how long each is.

    Parameters
    ----------
    vectors : (N, E) float32
        A row that is not finite is nowhere, and close to nothing.
    lengths : (N,)
        Of the rows.
    """

    vectors: Vectors
    lengths: Floats

    @classmethod
    def measured(cls, vectors: Vectors) -> Self:
        """With the lengths of these rows."""
        lengths = np.empty(len(vectors))
        for first in range(0, len(vectors), _PAIRS):
            piece = vectors[first : first + _PAIRS].astype(np.float64)
            lengths[first : first + _PAIRS] = np.sqrt(np.einsum("ij,ij->i", piece, piece))
        return cls(vectors, lengths)

    def placed(self, metric: Metric) -> NDArray[np.bool_]:
        """Which rows have a place (N,): finite, and for the cosine a direction.

        >>> Points.measured(np.array([[3, 4], [np.nan, 1], [0, 0]], np.float32)).placed("cosine").tolist()
        [True, False, False]
        """
        shortest = _SHORTEST if metric == "cosine" else 0.0
        return (self.lengths >= shortest) & (self.lengths <= _LONGEST)

    def __getitem__(self, which: NDArray[Any] | slice) -> Points:
        return Points(self.vectors[which], self.lengths[which])


def closest(
    points: Points, queries: Points, k: int, metric: Metric, left_out: Pairs, rank: Callable[[], Indices]
) -> Pairs:
    """The `k` rows closest to every query, fewer where there are not so many; best first for each query in turn.

    Parameters
    ----------
    points : Points
        N rows of E numbers.
    queries : Points
        Q rows of E numbers.
    k : int
        From 1.
    metric : {"cosine", "euclidean"}
        Distance: 1 less the cosine of the angle, or the length of the difference.
    left_out : Pairs
        Of a query and a row that do not count.
    rank : callable
        Gives the place (N,) of every row among those of equal distance; asked for only if there are such.

    Examples
    --------
    >>> points = Points.measured(np.array([[1, 0], [0, 1], [1, 1]], np.float32))
    >>> nobody = Pairs(np.zeros(0, int), np.zeros(0, int), np.zeros(0))
    >>> found = closest(points, points[:1], 2, "cosine", nobody, lambda: np.arange(3))
    >>> found.row.tolist(), found.distance.round(3).tolist()
    ([0, 2], [0.0, 0.293])
    """
    placed = points.placed(metric)
    asked = np.flatnonzero(queries.placed(metric))
    size = min(_BLOCK, max(_CELLS // k, 1))
    parts = [Pairs(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))]
    for first in range(0, len(asked), size):
        block = asked[first : first + size]
        mine = left_out.some(np.isin(left_out.query, block))
        mine = mine._replace(query=np.searchsorted(block, mine.query))
        found = _of_block(points, placed, queries[block], k, metric, mine, rank)
        parts.append(found._replace(query=block[found.query]))
    return Pairs(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def _of_block(
    points: Points, placed: NDArray[np.bool_], queries: Points, k: int, metric: Metric, left_out: Pairs,
    rank: Callable[[], Indices],
) -> Pairs:  # fmt: skip
    """As `closest`, of a few queries that all have a place."""
    step = max(_CELLS // len(queries.lengths), 1)
    floor = np.full(len(queries.lengths), -np.inf)  # the score that the k-th best of each query has at least
    best = Pairs(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))
    for first in range(0, len(placed), step):
        rows = slice(first, min(first + step, len(placed)))
        here = placed[rows]
        if not here.any():
            continue
        score, slack = _scores(points[rows], here, queries, metric)
        out = left_out.some((left_out.row >= rows.start) & (left_out.row < rows.stop))
        score[out.query, out.row - first] = -np.inf
        if not len(best.row) and k <= len(here):
            floor = np.partition(score, len(here) - k, axis=1)[:, -k].astype(np.float64) - slack
        least = np.nextafter((floor - slack).astype(np.float32), np.float32(-np.inf))
        may_be = score >= np.maximum(least, np.finfo(np.float32).min)[:, None]
        query, row = np.divmod(np.flatnonzero(may_be), len(here))  # of a flat mask, as nonzero of two sides is slow
        new = Pairs(query, row + first, _distances(points, row + first, queries, query, metric))
        best, kth = _best(best, new, k, rank)
        floor[kth.query] = _score_of(kth.distance, queries.lengths[kth.query], metric)
    return best


def _scores(
    points: Points, here: NDArray[np.bool_], queries: Points, metric: Metric
) -> tuple[NDArray[np.float32], Floats]:
    """Scores (Q, n), higher for the closer, -inf for rows without a place; and how wrong those of a query are (Q,)."""
    lengths = np.where(here, points.lengths, 1.0)
    with np.errstate(invalid="ignore", over="ignore"):  # of rows that have no place
        if metric == "cosine":
            directions = (queries.vectors / queries.lengths[:, None]).astype(np.float32)
            score = directions @ points.vectors.T
            score *= (1.0 / lengths).astype(np.float32)
            most = np.ones(len(score))
        else:
            score = queries.vectors @ points.vectors.T
            score -= (lengths**2 / 2).astype(np.float32)
            most = queries.lengths * lengths.max() + lengths.max() ** 2 / 2
    score[:, ~here] = -np.inf
    return score, (points.vectors.shape[1] + 8) * _ROUNDING * most


def _score_of(distance: Floats, lengths: Floats, metric: Metric) -> Floats:
    """The score that belongs to a distance from queries of these lengths."""
    return 1.0 - distance if metric == "cosine" else (lengths**2 - distance**2) / 2


def _distances(points: Points, row: Indices, queries: Points, query: Indices, metric: Metric) -> Floats:
    """Distances (P,) in float64, each of its two rows alone."""
    found = np.empty(len(row))
    for first in range(0, len(row), _PAIRS):
        pairs = slice(first, first + _PAIRS)
        one, other = points.vectors[row[pairs]].astype(np.float64), queries.vectors[query[pairs]].astype(np.float64)
        if metric == "cosine":
            one /= points.lengths[row[pairs], None]
            other /= queries.lengths[query[pairs], None]
        one -= other
        square = np.einsum("ij,ij->i", one, one)
        # Half the square of the chord is 1 - cos, and does not lose the digits of small angles as that does.
        found[pairs] = square / 2 if metric == "cosine" else np.sqrt(square)
    return found


def _best(old: Pairs, new: Pairs, k: int, rank: Callable[[], Indices]) -> tuple[Pairs, Pairs]:
    """The `k` best of every query, sorted, and of queries that have so many the last."""
    both = Pairs(*(np.concatenate(column) for column in zip(old, new, strict=True)))
    order = np.lexsort((both.distance, both.query))
    query, distance = both.query[order], both.distance[order]
    if ((query[1:] == query[:-1]) & (distance[1:] == distance[:-1])).any():
        order = np.lexsort((rank()[both.row], both.distance, both.query))
    place = np.arange(len(order)) - np.searchsorted(query, query)
    best = both.some(order[place < k])
    return best, best.some(place[place < k] == k - 1)
