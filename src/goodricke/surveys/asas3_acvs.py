"""ASAS-3 / ACVS light curves in the survey's own text (Pojmanski 2002): V, HJD - 2450000, five apertures.

A file holds one or more datasets: one per field of the survey, and one per catalogue entry within a field. Each begins
with lines such as ``#dataset= 1 ; 1 F0936-32_174`` and ``#desig= 090432-3222.8``, and has its own column header, whose
order of apertures varies. Datasets within 15 arcsec of each other, the resolution of the catalogue, are one star.

One aperture serves all points of a star. The ASAS pages advise the index 12 - V: MAG_0 (2 pixels) at V = 12 and
fainter, MAG_4 (6 pixels) from about V = 8 on. 29.999 means not measured. Grades are A (best), B (mean), C (A or B with
an aperture that was not measured) and D (worst, probably useless).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from goodricke.errors import ReadError
from goodricke.lightcurves import Measurements
from goodricke.surveys.options import Quality, ReadOptions
from goodricke.surveys.source import Source, decode
from goodricke.timeframes import TimeFrame

__all__ = ["QUALITY", "STITCH", "aperture_for", "read", "recognises"]

QUALITY = Quality({"grade_b": 1, "grade_c": 2, "grade_d": 4, "no_grade": 8}, default=6, hard=15, hardest=15)
STITCH = False
FRAME = TimeFrame("utc", "heliocentre", 2450000.0)

_GRADES = {"A": 0, "B": 1, "C": 2, "D": 4}
_UNMEASURED = 29.0
_SAME_STAR_DEG = 15.0 / 3600.0
_APERTURES = 5
_USUAL = ["HJD", *(f"MAG_{k}" for k in range(5)), *(f"MER_{k}" for k in range(5)), "GRADE", "FRAME"]
_DATASET = re.compile(r"#\s*dataset\s*=", re.IGNORECASE)
_STAR = re.compile(r"#\s*(desig|cmag_\d)\s*=", re.IGNORECASE)
_CARD = re.compile(r"#\s*(\w+)\s*=\s*(\S+)")


@dataclass
class Dataset:
    """One dataset: its header cards, column names, and rows as words."""

    cards: dict[str, str] = field(default_factory=dict)
    names: list[str] = field(default_factory=lambda: _USUAL)
    rows: list[list[str]] = field(default_factory=list)

    def degrees(self, key: str, unit: float = 1.0) -> float:
        """A coordinate of the header."""
        try:
            return float(self.cards[key]) * unit
        except (KeyError, ValueError):
            return float("nan")


def recognises(source: Source) -> bool:
    """Lines that begin a dataset and name its star."""
    head = [line for line in source.lines[:200] if line.startswith("#")]
    return any(map(_DATASET.match, head)) and any(map(_STAR.match, head))


def read(source: Source, options: ReadOptions) -> Iterator[Measurements]:
    """Yield the stars of the file, in the order in which they appear."""
    datasets, n_bad = _datasets(decode(source.data))
    if not datasets:
        raise ReadError("the file holds headers of datasets and no measurements", "download it again", source.name)
    for group in _by_star(datasets):
        yield _star(group, source, n_bad)
        n_bad = 0


def aperture_for(magnitude: float) -> int:
    """Index of the aperture that the ASAS pages advise at this V magnitude.

    >>> [aperture_for(v) for v in (13.0, 11.5, 10.5, 9.5, 7.0)]
    [0, 1, 2, 3, 4]
    """
    return int(np.clip(np.ceil(12.0 - magnitude), 0, _APERTURES - 1)) if np.isfinite(magnitude) else 0


def _datasets(text: str) -> tuple[list[Dataset], int]:
    """The datasets that have rows, and how many lines could not be understood."""
    found: list[Dataset] = []
    now, n_bad = Dataset(), 0
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        if line.startswith("#"):
            if now.rows:
                found.append(now)
                now = Dataset()
            if "MAG_" in line and "HJD" in line:
                now.names = line.lstrip("#").split()
            elif card := _CARD.match(line):
                now.cards[card[1].lower()] = card[2]
        elif words := line.split():
            if len(words) == len(now.names):
                now.rows.append(words)
            else:
                n_bad += 1
    return [*found, now] if now.rows else found, n_bad


def _by_star(datasets: list[Dataset]) -> list[list[Dataset]]:
    groups: list[list[Dataset]] = []
    for dataset in datasets:
        for group in groups:
            if _same_star(group[0], dataset):
                group.append(dataset)
                break
        else:
            groups.append([dataset])
    return groups


def _same_star(a: Dataset, b: Dataset) -> bool:
    if a.cards.get("desig", "") == b.cards.get("desig", ""):
        return True
    north = a.degrees("cdec") - b.degrees("cdec")
    east = (a.degrees("cra", 15.0) - b.degrees("cra", 15.0) + 180.0) % 360.0 - 180.0
    return bool(np.hypot(north, east * np.cos(np.radians(a.degrees("cdec")))) <= _SAME_STAR_DEG)


def _star(group: list[Dataset], source: Source, n_bad: int) -> Measurements:
    columns = [_numbers(dataset, source) for dataset in group]
    grade = np.concatenate([_grades(dataset) for dataset in group])
    # The middle aperture tells how bright the star is, wherever it was measured.
    middle = np.concatenate([column["MAG_2"] for column in columns])
    good = middle[middle < _UNMEASURED]
    k = aperture_for(float(np.median(good)) if len(good) else float("nan"))
    value = np.concatenate([column[f"MAG_{k}"] for column in columns])
    notes = [f"aperture MAG_{k}"] + ([f"{n_bad:,} lines without the columns of the header skipped"] if n_bad else [])
    return Measurements(
        object_id=np.array([group[0].cards.get("desig", source.stem)]),
        time=np.concatenate([column["HJD"] for column in columns]),
        value=value,
        error=np.concatenate([column[f"MER_{k}"] for column in columns]),
        kind="mag",
        frame=FRAME,
        bands=("V",),
        limit=value > _UNMEASURED,
        quality=grade,
        ra=np.array([group[0].degrees("cra", 15.0)]),  # hours
        dec=np.array([group[0].degrees("cdec")]),
        meta={"aperture": np.array([k])},
        notes=tuple(notes),
    )


def _numbers(dataset: Dataset, source: Source) -> dict[str, NDArray[np.float64]]:
    """Times, magnitudes and errors by column name; NaN where a word is no number."""
    wanted = _USUAL[: 1 + 2 * _APERTURES]
    missing = [name for name in wanted if name not in dataset.names]
    if missing:
        raise ReadError(
            f"a dataset has no column {missing[0]}", f"its header names {' '.join(dataset.names[:13])}", source.name
        )
    words = np.array([[row[dataset.names.index(name)] for name in wanted] for row in dataset.rows])
    try:
        table = words.astype(np.float64)
    except ValueError:
        table = np.array([[_number(word) for word in row] for row in words])
    return {name: table[:, k] for k, name in enumerate(wanted)}


def _number(word: str) -> float:
    try:
        return float(word)
    except ValueError:
        return float("nan")


def _grades(dataset: Dataset) -> NDArray[np.int64]:
    if "GRADE" not in dataset.names:
        return np.zeros(len(dataset.rows), dtype=np.int64)
    k = dataset.names.index("GRADE")
    return np.array([_GRADES.get(row[k].upper(), QUALITY.bits["no_grade"]) for row in dataset.rows], dtype=np.int64)
