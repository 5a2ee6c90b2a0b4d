"""Predictions: one row per star, from its class and probabilities to the reason why there is none."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from goodricke.errors import DataError

if TYPE_CHECKING:
    import pyarrow as pa
    from astropy.table import Table

__all__ = ["LEADING", "Predictions"]

LEADING = ("object_id", "survey", "ra", "dec", "model", "label", "probability")
"""The first columns of every table of predictions; the probabilities of the classes follow."""


@dataclass(frozen=True, eq=False, repr=False)
class Predictions:
    """A table of N stars.

    Parameters
    ----------
    table : pyarrow.Table
        The columns of `LEADING`, ``prob_<CLASS>`` for every class, and what else is known of each star: ``status`` is
        ``ok``, ``abstained`` (``reason`` says why not to trust the probabilities, or, of a spectrum that is no dwarf's,
        why there are none) or ``failed`` (there are none).
    classes : tuple of str
        In the order of the probability columns.

    Examples
    --------
    >>> import goodricke as gr
    >>> lcs = gr.LightCurves.from_arrays([1.0, 2.0], mag=[9.0, 9.5], err=[0.1, 0.1], object_id="Algol")
    >>> row = gr.classify(lcs)[0]
    >>> row["status"], row["reason"]
    ('failed', '2 points are too few for a period: 20 is the least')
    """

    table: pa.Table
    classes: tuple[str, ...]

    def __post_init__(self) -> None:
        missing = [
            name
            for name in (*LEADING, *self.probability_columns, "status", "reason")
            if name not in self.table.column_names
        ]
        if missing:
            raise DataError(f"a table of predictions needs the columns {', '.join(missing)}")

    @property
    def probability_columns(self) -> tuple[str, ...]:
        """``prob_EA`` and so on, one per class."""
        return tuple(f"prob_{name}" for name in self.classes)

    def __len__(self) -> int:
        return int(self.table.num_rows)

    def __getitem__(self, k: int) -> dict[str, Any]:
        """One star as a dictionary."""
        found: dict[str, Any] = self.table.slice(range(len(self))[k], 1).to_pylist()[0]
        return found

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return (self[k] for k in range(len(self)))

    def __repr__(self) -> str:
        status = self.column("status")
        counts = ", ".join(f"{np.sum(status == word)} {word}" for word in ("ok", "abstained", "failed"))
        return f"<Predictions: {len(self)} star{'' if len(self) == 1 else 's'} ({counts}), {len(self.classes)} classes>"

    def column(self, name: str) -> NDArray[Any]:
        """One column (N,)."""
        if name not in self.table.column_names:
            raise DataError(f"there is no column {name!r}; there are {', '.join(self.table.column_names)}")
        return np.asarray(self.table[name].to_numpy(zero_copy_only=False))

    @property
    def label(self) -> NDArray[Any]:
        """The likeliest class of every star (N,); None for a star that failed."""
        return self.column("label")

    @property
    def probabilities(self) -> NDArray[np.float64]:
        """(N, C), NaN for a star that failed."""
        columns = [self.column(name).astype(np.float64) for name in self.probability_columns]
        return np.stack(columns, axis=1) if columns else np.empty((len(self), 0))

    def to_arrow(self) -> pa.Table:
        """The Arrow table itself."""
        return self.table

    def to_table(self) -> Table:
        """An astropy Table; empty cells are masked."""
        import pyarrow as pa
        from astropy.table import MaskedColumn, Table

        columns = {}
        for name in self.table.column_names:
            column = self.table[name]
            null = np.asarray(column.is_null())
            text = str(column.type) == "string"
            filled = column.fill_null("" if text else pa.scalar(0).cast(column.type)).to_numpy(zero_copy_only=False)
            data = filled.astype(str) if text else filled
            columns[name] = MaskedColumn(data, mask=null) if null.any() else data
        return Table(columns, meta=self.provenance)

    @property
    def provenance(self) -> Mapping[str, str]:
        """Model, hash, version and command that made the table."""
        stored = self.table.schema.metadata or {}
        return {key.decode(): value.decode() for key, value in stored.items() if key != b"pandas"}

    def with_provenance(self, **words: str) -> Predictions:
        """The same rows with more said of how they were made, such as the command."""
        return replace(self, table=self.table.replace_schema_metadata({**self.provenance, **words}))

    def write(self, path: str | os.PathLike[str]) -> None:
        """Write to a file whose suffix chooses the format: .parquet .csv .ecsv .fits .xml."""
        from goodricke.output import write_table

        write_table(self.table, path)
