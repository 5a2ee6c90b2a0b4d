"""Columns of Arrow tables as NumPy arrays, with one meaning of what is missing: NaN, and the empty text."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

__all__ = ["numbers_of", "words_of"]


def numbers_of(table: pa.Table, name: str) -> NDArray[np.float64]:
    """A column (N,) with NaN where nothing is; all NaN when there is no such column.

    >>> numbers_of(pa.table({"p": [0.5, None]}), "p"), numbers_of(pa.table({"p": [0.5, None]}), "q")
    (array([0.5, nan]), array([nan, nan]))
    """
    if name not in table.schema.names:
        return np.full(table.num_rows, np.nan)
    values = table.column(name).cast(pa.float64()).fill_null(np.nan)
    return np.asarray(values.to_numpy(zero_copy_only=False), dtype=np.float64)


def words_of(table: pa.Table, name: str) -> NDArray[np.str_]:
    """A column (N,) that is there, as text; empty where nothing is.

    >>> words_of(pa.table({"status": ["ok", None]}), "status")
    array(['ok', ''], dtype='<U2')
    """
    column = table.column(name).cast(pa.string()).fill_null("")
    return np.asarray(column.to_numpy(zero_copy_only=False), dtype=str)
