"""A user's list of spectra and of what is known of their stars: which column is what, and who is a binary."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import ArrayLike, NDArray

from goodricke.errors import DataError, OptionError
from goodricke.evaluate.join import text_column

__all__ = ["NAMES", "BinaryList", "binary_list", "class_of_delta"]

Floats = NDArray[np.float64]

NAMES: dict[str, tuple[str, ...]] = {
    "path": ("path", "file", "filename", "file_name", "spectrum", "fits"),
    "obsid": ("obsid", "obs_id"),
    "star": ("star", "star_id", "uid", "gaia_source_id", "source_id", "designation", "desig", "object_id"),
    "binary": ("binary", "is_binary", "label", "class"),
    "delta_mg": ("delta_mg", "delta_m_g", "dmg", "delta"),
    "eclipsing": ("eclipsing", "eclipsing_class", "vartype", "var_type", "eb_type"),
    "rv_difference": ("rv_max_difference", "rv_difference", "delta_rv_max", "drv_max", "drv"),
    "n_visits": ("n_visits", "n_epochs", "n_obs", "rv_n"),
    "q": ("q", "mass_ratio"),
}
"""What is looked for -> names that its column may have, in any case; the first that is there counts."""

_LAMOST = ("lmjd", "planid", "spid", "fiberid")
_YES = frozenset({"1", "1.0", "true", "yes", "binary", "b", "sb", "sb1", "sb2"})
_NO = frozenset({"0", "0.0", "false", "no", "single", "s"})
_LOOSE = ("label", "class")  # LAMOST's own class is STAR
_ECLIPSING = frozenset({"ea", "eb", "ew", "ec", "esd", "ed"})
_UNKNOWN = frozenset({"", "nan", "none", "null", "bright", "faint", "unknown", "?"})


@dataclass(frozen=True, eq=False)
class BinaryList:
    """N rows, one per spectrum.

    Parameters
    ----------
    file : (N,) str
        Name or path of the file; empty where only `obsid` is known.
    obsid : (N,) str
        LAMOST's number of the spectrum; empty where unknown.
    star : (N,) str
        Empty where the list does not say: names in the files then count.
    target : (N,) int64
        1 binary, 0 single, -1 not said.
    eclipsing : (N,) str
        EA, EW, another word, or nothing.
    rv_difference : (N,) float64
        Largest difference of the star's radial velocities, km/s; NaN where unknown.
    n_visits : (N,) float64
        From how many; NaN where unknown.
    q : (N,) float64
        Mass ratio; NaN where unknown.
    columns : mapping
        What was taken for what.
    """

    file: NDArray[np.str_]
    obsid: NDArray[np.str_]
    star: NDArray[np.str_]
    target: NDArray[np.int64]
    eclipsing: NDArray[np.str_]
    rv_difference: Floats
    n_visits: Floats
    q: Floats
    columns: Mapping[str, str]

    def __len__(self) -> int:
        return len(self.file)

    def __getitem__(self, which: Any) -> BinaryList:
        return BinaryList(
            self.file[which], self.obsid[which], self.star[which], self.target[which], self.eclipsing[which],
            self.rv_difference[which], self.n_visits[which], self.q[which], self.columns,
        )  # fmt: skip


def binary_list(
    table: pa.Table, columns: Mapping[str, str] | None = None, single: float = 0.25, bright: float = 0.5
) -> BinaryList:
    """Find the columns of a list.

    Parameters
    ----------
    table : pyarrow.Table
        A row per spectrum. Spectra are named by a file, by LAMOST's ``lmjd, planid, spid, fiberid``, or by ``obsid``.
        Who is a binary is said by a column of 0 and 1 (or words), or by ``delta_mg``, magnitudes above the main
        sequence (`class_of_delta`).
    columns : mapping, optional
        Overrule: a key of `NAMES` -> the list's column.
    single, bright : float
        Limits of `class_of_delta`.

    Raises
    ------
    DataError
        If nothing names the spectra, or nothing is known of any star.

    Examples
    --------
    >>> rows = {"lmjd": [55862], "planid": ["B6212"], "spid": [6], "fiberid": [3], "is_binary": [1]}
    >>> found = binary_list(pa.table(rows))
    >>> found.file, found.target
    (array(['spec-55862-B6212_sp06-003.fits'], dtype='<U30'), array([1]))
    """
    chosen = _chosen(table, columns or {})
    n = len(table)

    def text(key: str) -> NDArray[np.str_]:
        return text_column(table, chosen[key], "the list") if key in chosen else np.full(n, "", dtype="U1")

    def number(key: str) -> Floats:
        return _numbers(table, chosen[key]) if key in chosen else np.full(n, np.nan)

    file = text("path") if "path" in chosen else _lamost_files(table)
    obsid = text("obsid")
    if not ((file != "") | (obsid != "")).all():
        raise DataError(
            "the list does not say which spectrum each row is about; give a column path, or lmjd, planid, spid and"
            f" fiberid, or obsid; it has {', '.join(table.schema.names)}"
        )
    target = np.full(n, -1, dtype=np.int64)
    if "binary" in chosen:
        target = _targets(text("binary"), chosen["binary"])
    elif "delta_mg" in chosen:
        target = class_of_delta(number("delta_mg"), single, bright)
    found = BinaryList(
        file, obsid, text("star"), target, np.char.upper(text("eclipsing")), number("rv_difference"),
        number("n_visits"), number("q"), chosen,
    )  # fmt: skip
    if (target < 0).all() and not (found.eclipsing != "").any() and not np.isfinite(found.rv_difference).any():
        raise DataError(
            "nothing is known of any star of the list; give a column binary (0 and 1), delta_mg, eclipsing (EA, EW) or"
            f" rv_max_difference with n_visits; it has {', '.join(table.schema.names)}"
        )
    return found


def class_of_delta(delta: ArrayLike, single: float = 0.25, bright: float = 0.5) -> NDArray[np.int64]:
    """1 for binaries, 0 for singles, -1 for others by M_G less that of the main sequence (Jing et al. 2025, 2.1).

    >>> class_of_delta([0.0, -0.3, -0.6, np.nan]).tolist()
    [0, 1, -1, -1]
    """
    above = np.asarray(delta, dtype=np.float64)
    with np.errstate(invalid="ignore"):
        return np.where(np.abs(above) < single, 0, np.where((above > -bright) & (above < -single), 1, -1))


def _chosen(table: pa.Table, columns: Mapping[str, str]) -> dict[str, str]:
    there = {name.lower(): name for name in reversed(table.schema.names)}
    found = {}
    for key, name in columns.items():
        if key not in NAMES:
            raise OptionError(f"columns names {key!r}, which is not known; there are {', '.join(NAMES)}")
        if name not in table.schema.names:
            raise DataError(f"the list has no column {name!r}; it has {', '.join(table.schema.names)}")
        found[key] = name
    for key, usual in NAMES.items():
        for word in usual if key not in found else ():
            if word not in there or there[word] in found.values():
                continue
            meant = _meant(table, there[word]) if word in _LOOSE else key
            if meant and meant not in found:
                found[meant] = there[word]
                break
    return found


def _meant(table: pa.Table, name: str) -> str:
    """What a column with a loose name tells: who is a binary, kinds of eclipsing ones, or something else."""
    words = {word.lower() for word in text_column(table, name, "the list").tolist()} - _UNKNOWN
    if words and words <= _ECLIPSING:
        return "eclipsing"
    return "binary" if words and words <= _YES | _NO else ""


def _targets(words: NDArray[np.str_], name: str) -> NDArray[np.int64]:
    low = np.char.lower(words)
    known = _YES | _NO | _UNKNOWN
    strange = sorted(set(low.tolist()) - known)
    if strange:
        raise DataError(
            f"the column {name} has the word {strange[0]!r}; 1, true or binary and 0, false or single are understood,"
            " and nothing where it is not known; another column can be named with --columns binary=COLUMN"
        )
    return np.where(np.isin(low, sorted(_YES)), 1, np.where(np.isin(low, sorted(_NO)), 0, -1))


def _lamost_files(table: pa.Table) -> NDArray[np.str_]:
    """Names of files as LAMOST gives them, from the columns of its catalogues."""
    there = {name.lower(): name for name in table.schema.names}
    if not all(name in there for name in _LAMOST):
        return np.full(len(table), "", dtype="U1")
    day, plan, spectrograph, fibre = (text_column(table, there[name], "the list").tolist() for name in _LAMOST)
    parts = zip(day, plan, spectrograph, fibre, strict=True)
    return np.array([f"spec-{d}-{p}_sp{int(s):02d}-{int(f):03d}.fits" for d, p, s, f in parts])


def _numbers(table: pa.Table, name: str) -> Floats:
    words = text_column(table, name, "the list")
    try:
        return np.array([float(word) if word else np.nan for word in words.tolist()])
    except ValueError as error:
        raise DataError(f"the column {name} holds what is no number ({error})") from error
