"""Stars like this one: the nearest of a table of embeddings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

from goodricke.errors import DataError, OptionError
from goodricke.line.closest import METRICS, Metric, Pairs, Points, closest
from goodricke.line.embed import EMBEDDING

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["Neighbours", "nearest"]

_SHOWN = ("object_id", "survey", "label", "probability", "period_days", "ra", "dec")
_SHA, _NAME = b"model_sha256", b"model"


@dataclass(frozen=True, eq=False, repr=False)
class Neighbours:
    """A table of embeddings that can be asked for stars like another.

    Parameters
    ----------
    stars : pyarrow.Table
        N rows, without the embeddings.
    points : Points
        The embeddings (N, E).

    Examples
    --------
    >>> import pyarrow as pa
    >>> table = pa.table({"object_id": ["a", "b", "c"], "embedding": [[1.0, 0.0], [0.0, 1.0], [1.0, 0.1]]})
    >>> like_a = Neighbours.from_table(table).nearest(table[:1], k=1)
    >>> like_a.select(["query_id", "rank", "object_id"]).to_pylist()
    [{'query_id': 'a', 'rank': 1, 'object_id': 'c'}]
    """

    stars: pa.Table
    points: Points

    @classmethod
    def from_table(cls, table: pa.Table) -> Self:
        """Of a table that `goodricke.line.embed.embed` made, or of one with ``object_id`` and lists ``embedding``.

        Raises
        ------
        DataError
            If a column is missing, or the embeddings are not lists of one length.
        """
        if "object_id" not in table.column_names:
            raise DataError(f"a table of embeddings has a column object_id; there are {', '.join(table.column_names)}")
        return cls(table.drop_columns([EMBEDDING]) if EMBEDDING in table.column_names else table, _points(table))

    def __len__(self) -> int:
        return len(self.points.lengths)

    def __repr__(self) -> str:
        return f"<Neighbours: {len(self):,} stars, embeddings of {self.model or 'an unknown model'}>"

    @property
    def model(self) -> str:
        """Name of the model that the embeddings are of; empty when the table does not say."""
        return _said(self.stars, _NAME)

    @property
    def model_sha256(self) -> str:
        """SHA-256 of its weights; empty when the table does not say."""
        return _said(self.stars, _SHA)

    def rows(self, object_ids: Sequence[str]) -> pa.Table:
        """The stars of these names with their embeddings, in the order of the names: queries for `nearest`.

        A name that several surveys have gives several rows, one that is not there gives none.
        """
        import pyarrow as pa
        import pyarrow.compute as pc

        asked = pa.array(list(dict.fromkeys(object_ids)), pa.string())
        place = pc.index_in(self._text("object_id"), value_set=asked).fill_null(len(asked)).to_numpy()
        rows = np.flatnonzero(place < len(asked))
        rows = rows[np.argsort(place[rows], kind="stable")]
        vectors = pa.FixedSizeListArray.from_arrays(
            pa.array(self.points.vectors[rows].ravel()), self.points.vectors.shape[1]
        )
        return self.stars.take(rows).append_column(EMBEDDING, vectors)

    def nearest(
        self, queries: pa.Table | ArrayLike, k: int = 10, metric: Metric = "cosine", include_self: bool = False
    ) -> pa.Table:
        """The `k` stars most like every query.

        Parameters
        ----------
        queries : pyarrow.Table or (Q, E) or (E,)
            A table as `goodricke.line.embed.embed` makes it, made with the same model; or embeddings alone.
        k : int
            Stars for each, fewer when the table has not so many.
        metric : {"cosine", "euclidean"}
            Distance: 1 less the cosine of the angle between embeddings, or the length of their difference.
        include_self : bool
            Whether a star of the same name and survey as the query counts too.

        Returns
        -------
        pyarrow.Table
            A row per query and neighbour, queries in their order and the nearest first: ``query_id, query_survey``,
            ``rank`` (from 1), ``distance``, then of the neighbour ``object_id, survey, label, probability, period_days,
            ra, dec`` as far as the table has them; ``status, reason``. A query without neighbours is one row that says
            why (``failed``).

        Raises
        ------
        DataError
            If the queries were embedded with another model, or have embeddings of another length.
        OptionError
            If `k` or `metric` is not allowed.

        Notes
        -----
        Every query is compared with every star: N E multiplications each, exact, with ties in the order of
        ``object_id`` and ``survey``. The embeddings take 4 N E bytes; the search takes some 40 MB more whatever N and
        Q, and up to 700 MB where nearly all distances are equal or `k` is in the thousands.
        On one core, among a million stars of 192 numbers, ``python benchmarks/neighbours.py`` took 75 ms for one query
        and 6.5 s for a thousand, of which 61 ms and 5.1 s are the product of matrices alone.
        """
        if metric not in METRICS:
            raise OptionError(f"metric {metric!r} is not known; there are {', '.join(METRICS)}")
        if k < 1:
            raise OptionError(f"{k} neighbours were asked for; 1 is the least")
        asked = _Queries.of(queries)
        self._check(asked)
        nobody = Pairs(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))
        own = nobody if include_self or asked.table is None else self._own(asked)
        found = closest(self.points, asked.points, k, metric, own, lambda: self._rank)
        return self._table(asked, found)

    def _check(self, asked: _Queries) -> None:
        """Raise DataError for what cannot be compared."""
        if asked.table is not None and _said(asked.table, _SHA) != self.model_sha256:
            raise DataError(
                f"the queries were embedded with {_named(asked.table)}, the table with {_named(self.stars)}: embeddings"
                " of different models cannot be compared; embed both with the same"
            )
        width, theirs = self.points.vectors.shape[1], asked.points.vectors.shape[1]
        if width != theirs and all(np.isfinite(points.lengths).any() for points in (self.points, asked.points)):
            raise DataError(f"the queries have embeddings of {theirs} numbers, the table of {width}")

    def _text(self, name: str) -> pa.ChunkedArray:
        """A column of text; empty texts where the table has none."""
        import pyarrow as pa

        if name not in self.stars.column_names:
            return pa.chunked_array([pa.array([""] * len(self), pa.string())])
        return self.stars[name].cast(pa.string()).fill_null("")

    def _own(self, asked: _Queries) -> Pairs:
        """Every query with its own rows."""
        import pyarrow as pa
        import pyarrow.compute as pc

        queries: dict[tuple[str, str], list[int]] = {}
        for number, star in enumerate(zip(asked.names, asked.surveys, strict=True)):
            queries.setdefault(star, []).append(number)
        names = self._text("object_id")
        rows = np.flatnonzero(pc.is_in(names, value_set=pa.array(asked.names, pa.string())))
        here = zip(names.take(rows).to_pylist(), self._text("survey").take(rows).to_pylist(), strict=True)
        pairs = [(query, row) for star, row in zip(here, rows, strict=True) for query in queries.get(star, ())]
        query, row = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
        return Pairs(query, row, np.zeros(len(row)))

    @cached_property
    def _rank(self) -> NDArray[np.int64]:
        """Place of every row (N,) by name and survey."""
        import pyarrow as pa
        import pyarrow.compute as pc

        keys = pa.table({"object_id": self._text("object_id"), "survey": self._text("survey")})
        order = pc.sort_indices(keys, sort_keys=[(name, "ascending") for name in keys.column_names]).to_numpy()
        rank = np.empty(len(order), dtype=np.int64)
        rank[order] = np.arange(len(order))
        return rank

    def _table(self, asked: _Queries, found: Pairs) -> pa.Table:
        """Rows of what was found, and of queries for which nothing was."""
        import pyarrow as pa

        n = len(asked.points.lengths)
        count = np.bincount(found.query, minlength=n)
        alone = np.flatnonzero(count == 0)
        query = np.concatenate([found.query, alone])
        order = np.argsort(query, kind="stable")  # within a query they are sorted
        query = query[order]
        none = np.concatenate([np.zeros(len(found.row), bool), np.ones(len(alone), bool)])[order]
        row = pa.array(np.concatenate([found.row, np.zeros(len(alone), np.int64)])[order], mask=none)
        rank = np.arange(len(query)) - np.searchsorted(query, query) + 1
        distance = np.concatenate([found.distance, np.zeros(len(alone))])[order]
        columns: dict[str, Any] = {
            "query_id": pa.array(asked.names).take(pa.array(query)),
            "query_survey": pa.array(asked.surveys).take(pa.array(query)),
            "rank": pa.array(rank, mask=none),
            "distance": pa.array(distance, mask=none),
            **{name: self.stars[name].take(row) for name in _SHOWN if name in self.stars.column_names},
            "status": pa.array(np.where(none, "failed", "ok").tolist(), pa.string()),
            "reason": pa.array([asked.why(q) if bad else "" for q, bad in zip(query, none, strict=True)], pa.string()),
        }
        made = {key: word for key, word in (self.stars.schema.metadata or {}).items() if key != b"command"}
        return pa.table(columns).replace_schema_metadata(made)


def nearest(
    table: pa.Table,
    queries: pa.Table | ArrayLike,
    k: int = 10,
    metric: Metric = "cosine",
    include_self: bool = False,
) -> pa.Table:
    """The `k` stars of a table of embeddings most like every query; see `Neighbours.nearest`.

    Examples
    --------
    >>> import pyarrow as pa
    >>> table = pa.table({"object_id": ["a", "b"], "embedding": [[1.0, 0.0], [0.0, 1.0]]})
    >>> nearest(table, [0.1, 2.0])["object_id"].to_pylist()
    ['b', 'a']
    """
    return Neighbours.from_table(table).nearest(queries, k, metric, include_self)


@dataclass(frozen=True, eq=False)
class _Queries:
    """Who is asked for."""

    points: Points
    names: list[str]
    surveys: list[str]
    table: pa.Table | None
    """None for embeddings alone."""

    @classmethod
    def of(cls, queries: pa.Table | ArrayLike) -> _Queries:
        """From either kind of queries."""
        import pyarrow as pa

        if isinstance(queries, pa.Table):
            table = Neighbours.from_table(queries)
            names, surveys = (table._text(name).to_pylist() for name in ("object_id", "survey"))
            return cls(table.points, names, surveys, queries)
        vectors = np.atleast_2d(np.asarray(queries, dtype=np.float32))
        if vectors.ndim != 2:
            raise DataError(f"queries have the shape {vectors.shape}; give a table, (Q, E) numbers or E of them")
        return cls(Points.measured(vectors), [str(k) for k in range(len(vectors))], [""] * len(vectors), None)

    def why(self, number: int) -> str:
        """The reason why a query has no neighbours."""
        length = self.points.lengths[number]
        if length > 0 and np.isfinite(length):
            return "the table has no other star with an embedding"
        reason = self.table["reason"][number].as_py() if self.table and "reason" in self.table.column_names else None
        return reason or f"its embedding is {'all zero' if length == 0 else 'not finite'}"


def _points(table: pa.Table) -> Points:
    """The embeddings (N, E); NaN where there is none."""
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = table.schema.field(EMBEDDING).type if EMBEDDING in table.column_names else None
    lists = (
        pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind) if kind else False
    )
    if kind is None or not lists or not pa.types.is_floating(kind.value_type):
        seen = f"there it is {kind}" if kind is not None else "there is none"
        raise DataError(f"a table of embeddings has a column embedding with a list of numbers per star; {seen}")
    column = table[EMBEDDING]
    widths = pc.unique(pc.list_value_length(column)).drop_null().to_pylist()
    if len(widths) > 1:
        raise DataError(f"embeddings of one table have one length; there are {sorted(widths)}")
    width = kind.list_size if pa.types.is_fixed_size_list(kind) else widths[0] if widths else 1
    vectors = np.full((len(column), width), np.nan, dtype=np.float32)
    first = 0
    for chunk in column.chunks:
        known = chunk.is_valid().to_numpy(zero_copy_only=False)
        flat = chunk.flatten().to_numpy(zero_copy_only=False)  # of those that are not null
        vectors[first : first + len(chunk)][known] = flat.reshape(known.sum(), width)
        first += len(chunk)
    return Points.measured(vectors)


def _said(table: pa.Table, key: bytes) -> str:
    return cast(bytes, (table.schema.metadata or {}).get(key, b"")).decode()


def _named(table: pa.Table) -> str:
    return f"{_said(table, _NAME) or 'an unknown model'} (SHA-256 {_said(table, _SHA)[:12] or 'not stated'})"
