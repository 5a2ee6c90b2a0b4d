"""Whether periods are right, and if not, how they are wrong."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from goodricke.evaluate.breakdown import quantile_bins
from goodricke.evaluate.resampling import wilson

__all__ = ["TOLERANCE", "VERDICTS", "period_tables", "verdicts"]

Floats = NDArray[np.float64]
Verdict = Literal["right", "half", "double", "alias", "other", "none"]

VERDICTS: dict[Verdict, str] = {
    "right": "within 0.2% of the true period",
    "half": "within 0.2% of half of it",
    "double": "within 0.2% of twice it",
    "alias": "1 or 2 cycles per day, solar or sidereal, away from the true frequency or twice it",
    "other": "anything else",
    "none": "no period given",
}
TOLERANCE = 0.002
_SIDEREAL = 1.00273790935  # sidereal days in a solar day
_ODD_COLUMNS: tuple[Verdict, ...] = ("half", "double", "alias", "other", "none")


def verdicts(found: Floats, true: Floats, tolerance: float = TOLERANCE) -> NDArray[np.str_]:
    """How every period (N,) compares with the true one: a key of `VERDICTS`.

    Parameters
    ----------
    found, true : (N,)
        Days; NaN in `found` where the model gives none.
    tolerance : float
        Relative, of the period; for aliases of the aliased frequency.

    Examples
    --------
    >>> verdicts(np.array([2.001, 1.0, 4.0, 2 / 3, 1.7, np.nan]), np.full(6, 2.0)).tolist()
    ['right', 'half', 'double', 'alias', 'other', 'none']
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = found / true
        f, f0 = 1 / found, 1 / true
    near = {
        name: np.abs(ratio / factor - 1) <= tolerance
        for name, factor in (("right", 1.0), ("half", 0.5), ("double", 2.0))
    }
    alias = np.zeros(len(found), dtype=bool)
    for per_day in (1.0, 2.0, _SIDEREAL, 2 * _SIDEREAL):
        for base in (f0, 2 * f0):
            for shifted in (base + per_day, np.abs(base - per_day)):
                alias |= np.abs(f - shifted) <= tolerance * shifted
    said = np.select(
        [~np.isfinite(found) | (found <= 0), near["right"], near["half"], near["double"], alias],
        ["none", "right", "half", "double", "alias"],
        "other",
    )
    return np.asarray(said, dtype=str)


def period_tables(
    found: Floats, true: Floats, group: NDArray[np.str_], by: dict[str, Floats], alternatives: Floats | None = None
) -> dict[str, Any]:
    """Shares of every verdict: per class, per class and bin of each property, and per class and bins of all together.

    Parameters
    ----------
    found, true : (N,)
        Days; `true` finite and positive.
    group : (N,) str
        Class of every star.
    by : dict of (N,)
        Properties to break down by, such as ``mag`` and ``n_points``: three bins of equal counts each.
    alternatives : (N, K), optional
        Other periods of the model; ``listed`` is the share of stars whose true period is among all of them.

    Returns
    -------
    dict
        ``rows``: list of dicts with ``class``, the ranges of properties, ``n``, ``right`` with ``right_low`` and
        ``right_high`` (Wilson, 95%) and the share of every other verdict.
    """
    said = verdicts(found, true)
    every = found[:, None] if alternatives is None else np.column_stack([found, alternatives])
    listed = np.asarray((np.abs(every / true[:, None] - 1) <= TOLERANCE).any(axis=1))
    bins = {name: quantile_bins(values, most=3) for name, values in by.items()}
    rows = _rows(said, listed, group, by, bins, [])
    for name in by:
        rows += _rows(said, listed, group, by, bins, [name])
    if len(by) > 1:
        rows += _rows(said, listed, group, by, bins, list(by))
    return {"n": len(true), "rows": rows, "properties": list(by)}


def _rows(
    said: NDArray[np.str_], listed: NDArray[np.bool_], group: NDArray[np.str_], by: dict[str, Floats],
    bins: dict[str, NDArray[np.int64]], names: list[str],
) -> list[dict[str, Any]]:  # fmt: skip
    """One row per class and cell of the bins of `names`; with no names, also one for all classes."""
    rows = []
    if not names:
        rows.append(_row("all", {}, said, listed))
    known = np.all([bins[name] >= 0 for name in names], axis=0) if names else np.ones(len(said), dtype=bool)
    for word in np.unique(group).tolist():
        mine = known & (group == word)
        cells = np.column_stack([bins[name][mine] for name in names]) if names else np.zeros((int(mine.sum()), 1))
        for cell in np.unique(cells, axis=0).tolist():
            here = mine.copy()
            here[mine] = (cells == cell).all(axis=1)
            ranges = {
                name: [float(by[name][bins[name] == k].min()), float(by[name][bins[name] == k].max())]
                for name, k in zip(names, cell, strict=False)
            }
            rows.append(_row(word, ranges, said[here], listed[here]))
    return rows


def _row(
    word: str, ranges: dict[str, list[float]], said: NDArray[np.str_], listed: NDArray[np.bool_]
) -> dict[str, Any]:
    n, right = len(said), int((said == "right").sum())
    low, high = wilson(right, n)
    shares: dict[str, float] = {name: float((said == name).mean()) for name in _ODD_COLUMNS}
    return {
        "class": word, "ranges": ranges, "n": n, "right": right / n, "right_low": float(low), "right_high": float(high),
        **shares, "listed": float(listed.mean()),
    }  # fmt: skip
