"""The table of truth: what every simulated star is, whatever its survey made of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from goodricke import ragged
from goodricke.lightcurves import LightCurves
from goodricke.simulate.compiled import Floats, Ints
from goodricke.simulate.stars import Columns, Kind
from goodricke.simulate.truth_columns import TRUTH_COLUMNS

__all__ = ["truth_table"]

_FIRST = ("label", "period_days", "epoch", "temperature")


def truth_table(
    kinds: NDArray[np.str_],
    parts: Sequence[tuple[Ints, Kind, Columns]],
    lcs: LightCurves,
    mag: Floats,
    range_mag: Floats,
) -> pa.Table:
    """One row per star: what it is, how it was seen, then every parameter of its kind (null for other kinds).

    Parameters
    ----------
    kinds : (N,) str
        Kind of every star.
    parts : sequence of (rows, kind, columns)
        Parameters and labels of the stars of each kind.
    lcs : LightCurves
        The stars as observed.
    mag, range_mag : (N,)
        Mean magnitude in the first band, and the range of the magnitudes without noise at the visits in that band.
    """
    n = len(kinds)
    named: dict[str, list[tuple[Ints, NDArray[Any]]]] = {name: [] for name in _FIRST}
    for rows, made, columns in parts:
        whole = columns if "label" in columns else {"label": np.full(len(rows), made.label), **columns}
        for name, values in whole.items():
            named.setdefault(name, []).append((rows, np.asarray(values)))
    error = ragged.medians(lcs.flux_err, lcs.offsets) if lcs.n_points else np.full(n, np.nan)
    seen = {
        "object_id": pa.array(lcs.object_id.astype(str)),
        "survey": pa.array(lcs.survey.astype(str)),
        "kind": pa.array(kinds.astype(str)),
    }
    observed = {
        "ra": lcs.ra,
        "dec": lcs.dec,
        "mag": mag,
        "n_points": lcs.lengths,
        "span_days": _spans(lcs),
        "range_mag": range_mag,
        "snr": range_mag / (2.5 / np.log(10.0) * error),
    }
    columns = seen | {name: _spread(named.pop(name), n) for name in _FIRST}
    columns |= {name: pa.array(values) for name, values in observed.items()}
    whole = pa.table(columns | {name: _spread(values, n) for name, values in named.items()})
    return whole.cast(pa.schema([_explained(field) for field in whole.schema]))


def _explained(field: pa.Field) -> pa.Field:
    unit, says = TRUTH_COLUMNS.get(field.name, ("", ""))
    words = {"unit": unit, "description": says}
    return field.with_metadata({key: word for key, word in words.items() if word})


def _spans(lcs: LightCurves) -> Floats:
    """Days from the first point to the last, 0 where there is none."""
    span = np.zeros(len(lcs))
    some = lcs.lengths > 0
    span[some] = lcs.time[lcs.offsets[1:][some] - 1] - lcs.time[lcs.offsets[:-1][some]]
    return span


def _spread(parts: Sequence[tuple[Ints, NDArray[Any]]], n: int) -> pa.Array:
    """A column of all stars from those of some: null for the others, and where a number is not one."""
    known = np.zeros(n, bool)
    kind = parts[0][1].dtype.kind if parts else "f"
    empty: Any = {"U": "", "b": False, "i": 0}.get(kind, np.nan)
    values = np.full(n, empty, dtype=object if kind == "U" else {"b": bool, "i": np.int64}.get(kind, np.float64))
    for rows, some in parts:
        values[rows] = some
        known[rows] = np.isfinite(some) if some.dtype.kind == "f" else True
    return pa.array(values, mask=~known, type=pa.string() if kind == "U" else None)
