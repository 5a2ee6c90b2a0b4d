"""The table of feature groups, and features of many stars."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from functools import cache
from importlib import import_module
from typing import Protocol, cast

import numpy as np
from numpy.typing import NDArray

from goodricke.errors import OptionError
from goodricke.lightcurves import LightCurves
from goodricke.period import Periods
from goodricke.represent.features.curves import Curves
from goodricke.represent.features.feature import Feature

__all__ = ["GROUPS", "NEED_PERIODS", "ON_REQUEST", "FeatureTable", "Group", "describe", "features", "group"]

GROUPS: dict[str, str] = {
    "sampling": "goodricke.represent.features.sampling",
    "moments": "goodricke.represent.features.moments",
    "percentiles": "goodricke.represent.features.percentiles",
    "asymmetry": "goodricke.represent.features.asymmetry",
    "neighbours": "goodricke.represent.features.neighbours",
    "stetson": "goodricke.represent.features.stetson",
    "slopes": "goodricke.represent.features.slopes",
    "structure": "goodricke.represent.features.structure",
    "bands": "goodricke.represent.features.bands",
    "periodogram": "goodricke.represent.features.periodogram",
    "fourier": "goodricke.represent.features.fourier",
    "acvs": "goodricke.represent.features.acvs",
    "folded": "goodricke.represent.features.folded",
    "eclipses": "goodricke.represent.features.eclipses",
    "ordered": "goodricke.represent.features.ordered",
    "profile": "goodricke.represent.features.profile",
}
"""Name -> module, loaded when asked for. A module has ``FEATURES`` and ``compute``."""

NEED_PERIODS = frozenset({"periodogram", "fourier", "acvs", "folded", "eclipses", "ordered", "profile"})
"""Groups that are left out when no periods are given."""
ON_REQUEST = frozenset({"profile"})
"""Groups that are left out unless they are named."""

_PIECE = 1 << 16  # points: half a megabyte in an array; measured best among 2^14 ... 2^17


class Group(Protocol):
    """What a module of the table offers."""

    FEATURES: tuple[Feature, ...]

    def compute(self, curves: Curves) -> dict[str, NDArray[np.float64]]:
        """Every feature of the group (N,), NaN or infinite where it is undefined."""


@dataclass(frozen=True, eq=False)
class FeatureTable:
    """Features of N stars.

    Parameters
    ----------
    names : tuple of K str
        What the columns are.
    values : (N, K) float32
        NaN where a feature is undefined for a star.
    """

    names: tuple[str, ...]
    values: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.values)

    def column(self, name: str) -> NDArray[np.float32]:
        """One feature of all stars (N,)."""
        if name not in self.names:
            raise OptionError(f"no feature {name!r} in this table{_nearest(name, self.names)}")
        return self.values[:, self.names.index(name)]


def features(lcs: LightCurves, periods: Periods | None = None, names: Sequence[str] | None = None) -> FeatureTable:
    """Describe every star by numbers.

    Parameters
    ----------
    lcs : LightCurves
        Cleaned light curves (``goodricke.clean.clean``), N stars.
    periods : Periods, optional
        One row per star, as ``goodricke.period.find_periods`` gives them. Folds use ``period[:, 0]``, and find the
        minimum of light themselves. Without it the groups that need periods are left out.
    names : sequence of str, optional
        Names of features or of groups, in the order wanted; everything but the group ``profile`` when left out.

    Returns
    -------
    FeatureTable
        The columns are described in ``docs/features.md`` and by ``describe()``.

    Raises
    ------
    OptionError
        For an unknown name, for a feature that needs periods when there are none, or for periods of other stars.

    Notes
    -----
    A star has the same features alone as among others.

    Examples
    --------
    >>> time = np.arange(0, 30, 0.1)
    >>> lcs = LightCurves.from_arrays(time, flux=1 + 0.1 * np.sin(time), err=np.full(300, 0.01), object_id="wave")
    >>> table = features(lcs, names=["skew", "log_amplitude"])
    >>> bool(abs(table.column("skew")[0]) < 0.1), round(float(10 ** table.column("log_amplitude")[0]), 2)
    (True, 0.2)
    """
    wanted = _wanted(names, periods is not None)
    if periods is not None and not np.array_equal(periods.object_id, lcs.object_id):
        raise OptionError(
            f"periods of {len(periods)} stars for {len(lcs)} light curves, or in another order; "
            "use find_periods on the same batch"
        )
    column = {feature.name: k for k, (_, feature) in enumerate(wanted)}
    low, high = (np.array([getattr(feature, side) for _, feature in wanted]) for side in ("low", "high"))
    groups = list(dict.fromkeys(name for name, _ in wanted))
    values = np.full((len(lcs), len(wanted)), np.nan, dtype=np.float32)
    for start, stop in _pieces(lcs.offsets):
        curves = Curves(lcs[start:stop], None if periods is None else periods[start:stop])
        found = np.full((stop - start, len(wanted)), np.nan)
        with np.errstate(all="ignore"):
            for name in groups:
                for key, one in group(name).compute(curves).items():
                    if key in column:
                        found[:, column[key]] = one
        found[~np.isfinite(found)] = np.nan
        values[start:stop] = np.clip(found, low, high)
    return FeatureTable(tuple(column), values)


def describe(names: Sequence[str] | None = None) -> list[dict[str, str | float]]:
    """What every feature is: group, name, unit, low, high, meaning, shift, scale.

    >>> describe(["skew"])[0]["unit"], describe(["skew"])[0]["shift"]
    ('', 'same')
    """
    chosen = _wanted(tuple(GROUPS) if names is None else names, True)
    return [
        {"group": name, **{field.name: getattr(feature, field.name) for field in fields(Feature)}}
        for name, feature in chosen
    ]


@cache
def group(name: str) -> Group:
    """The module of a group."""
    return cast(Group, import_module(GROUPS[name]))


def _wanted(names: Sequence[str] | None, has_periods: bool) -> list[tuple[str, Feature]]:
    """Group and feature of every column."""
    if names is None:
        names = [name for name in GROUPS if name not in ON_REQUEST and (has_periods or name not in NEED_PERIODS)]
    offered = {feature.name: (name, feature) for name in GROUPS for feature in group(name).FEATURES}
    chosen: dict[str, tuple[str, Feature]] = {}
    for name in names:
        if name not in GROUPS and name not in offered:
            raise OptionError(f"no feature or group {name!r}{_nearest(name, (*GROUPS, *offered))}")
        for feature in group(name).FEATURES if name in GROUPS else (offered[name][1],):
            chosen[feature.name] = offered[feature.name]
    for key, (name, _) in chosen.items():
        if name in NEED_PERIODS and not has_periods:
            raise OptionError(f"feature {key!r} needs periods; pass periods=find_periods(lcs)")
    return list(chosen.values())


def _nearest(name: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(name, known, 1)
    return f"; did you mean {near[0]!r}?" if near else "; `python -m goodricke.represent.features` lists them"


def _pieces(offsets: NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    """Runs of stars with about _PIECE points in all, or of one star with more."""
    start, n = 0, len(offsets) - 1
    while start < n:
        stop = int(np.searchsorted(offsets, offsets[start] + _PIECE, side="right")) - 1
        stop = min(max(stop, start + 1), start + _PIECE, n)
        yield start, stop
        start = stop
