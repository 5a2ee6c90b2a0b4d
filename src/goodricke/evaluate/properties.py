"""Columns of numbers that figures are broken down by: from the predictions, or else from the truth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from goodricke.errors import OptionError
from goodricke.evaluate.join import number_columns

__all__ = ["Properties", "numbers"]


@dataclass(frozen=True, eq=False)
class Properties:
    """Looks up a property of matched stars.

    Parameters
    ----------
    predictions, truth : pyarrow.Table
        The tables; a column that both have is taken from the predictions.
    rows, truth_rows : (K,) int64
        Their rows that belong together.
    """

    predictions: pa.Table
    truth: pa.Table
    rows: NDArray[np.int64]
    truth_rows: NDArray[np.int64]

    @property
    def names(self) -> list[str]:
        """What there is, without the columns of probabilities."""
        there = dict.fromkeys([*number_columns(self.predictions), *number_columns(self.truth)])
        return [name for name in there if not name.startswith("prob_")]

    def some(self, usual: Sequence[str]) -> dict[str, NDArray[np.float64]]:
        """Those of the usual names that there are."""
        return {name: self.column(name) for name in usual if name in self.names}

    def column(self, name: str) -> NDArray[np.float64]:
        """Values (K,), NaN where unknown; an OptionError says what there is when `name` is not."""
        if name not in self.names:
            there = ", ".join(self.names) or "none"
            raise OptionError(
                f"neither the predictions nor the truth have a column of numbers {name!r}; there are {there}"
            )
        if name in number_columns(self.predictions):
            return numbers(self.predictions, name)[self.rows]
        return numbers(self.truth, name)[self.truth_rows]


def numbers(table: pa.Table, name: str) -> NDArray[np.float64]:
    """A column as float64 (N,), NaN where there is nothing.

    >>> numbers(pa.table({"mag": [12.5, None]}), "mag")
    array([12.5,  nan])
    """
    return np.asarray(table.column(name).to_numpy(), dtype=np.float64)
