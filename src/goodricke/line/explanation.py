"""What was found out of a decision: which part of the light curve carried it, in numbers, in a sentence, in a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from goodricke.lightcurves import LightCurve

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["MEANING", "Explanation", "Explanations", "Stretch"]

Floats = NDArray[np.float64]

_NONE = np.empty(0)
_SIGMAS = 1.5
_LEAST = 0.7  # log odds, a factor of two: a light curve that gains less says nothing
_OF_MOST = 0.1  # of the share of the strongest half window
_WORTH_A_WORD = 0.15  # of all that speaks for the class
_MOST_NAMED = 2
_ALL = 0.5  # of the half windows; to name more of them says nothing
_WIDEST = 0.3  # of the cycle; what is wider is not the minimum alone


@dataclass(frozen=True)
class Stretch:
    """Neighbouring half windows that speak alike."""

    start: float
    """Where it begins, in cycles (0 to 1) or days."""
    width: float
    """In cycles or days."""
    part: float
    """Which part of all half windows it is."""
    share: float
    """Sum of their shares, log odds."""


@dataclass(frozen=True, eq=False)
class Explanation:
    """What carried the decision on one star; log odds are natural logarithms: 2.3 is a factor of ten.

    Parameters
    ----------
    star : LightCurve
        As the model saw it: cleaned, with n points.
    label : str
        The class that is explained; empty when there is none, and `reason` says why.
    log_odds, level : float
        Log odds of the class against all others, from calibrated probabilities: of the star, and of the star were its
        light levelled.
    axis : {"phase", "time", ""}
        What the windows are of.
    period_days, epoch : float
        Of the fold; NaN for windows of time.
    edges : (H + 1,)
        Bounds of half windows, in cycles or in days.
    points : (H,) int
        How many points are in each.
    share, point_share : (H,), (n,)
        What each half window and each point adds to the log odds; they add up to ``log_odds - level``. Positive: speaks
        for the class.
    noise : float
        Log odds that other scatter in a window makes, which means nothing: root mean square.
    landmarks : mapping
        Name -> phase of what people see in a fold.
    candidates, attention : (C,)
        Periods in days that a network looked at, and how much it believed each (they sum to 1); empty for a model that
        does not say.
    groups : mapping
        Group of features -> what the log odds lose when it is that of the median star of training.
    reason : str
        Why there is no explanation.
    """

    star: LightCurve
    label: str = ""
    log_odds: float = np.nan
    level: float = np.nan
    axis: Literal["phase", "time", ""] = ""
    period_days: float = np.nan
    epoch: float = np.nan
    edges: Floats = field(default_factory=lambda: _NONE)
    points: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    share: Floats = field(default_factory=lambda: _NONE)
    point_share: Floats = field(default_factory=lambda: _NONE)
    noise: float = np.nan
    landmarks: Mapping[str, float] = field(default_factory=dict)
    candidates: Floats = field(default_factory=lambda: _NONE)
    attention: Floats = field(default_factory=lambda: _NONE)
    groups: Mapping[str, float] = field(default_factory=dict)
    reason: str = ""

    def stretches(self, sign: Literal[1, -1]) -> list[Stretch]:
        """Where the light speaks for the class (1) or against it (-1) by more than noise, most first."""
        speaks = sign * self.share
        if not len(speaks):
            return []
        clear = _over_gaps(speaks > max(_OF_MOST * float(speaks.max()), 0.0), self.points == 0, self.axis == "phase")
        first = int(np.argmin(clear)) if self.axis == "phase" else 0  # a stretch may go on beyond the last half window
        turned, shares = np.roll(clear, -first), np.roll(self.share, -first)
        bounds = np.flatnonzero(np.diff(np.concatenate([[False], turned, [False]]).astype(np.int8)))
        found = []
        for low, high in bounds.reshape(-1, 2).tolist():
            begin = float(self.edges[(low + first) % len(clear)])
            if self.axis == "phase":
                begin, width = begin % 1.0, (high - low) / len(clear)
            else:
                width = float(self.edges[high]) - begin
            found.append(Stretch(begin, width, (high - low) / len(clear), float(shares[low:high].sum())))
        loud = [one for one in found if sign * one.share > _SIGMAS * self.noise]
        return sorted(loud, key=lambda one: -sign * one.share)

    @property
    def sentence(self) -> str:
        """The same for people, in plain letters; empty when there is no explanation."""
        if not self.label:
            return ""
        said = [part for part in (self._speaking(), self._against()) if part]
        if not said:
            said = [f"no part of the light curve stands out: on level light {self.label} is as likely"]
        if len(self.attention):
            best = int(np.argmax(self.attention))
            said.append(f"period {self.candidates[best]:.6g} d has {100 * self.attention[best]:.0f}% of the attention")
        clear = {name: effect for name, effect in self.groups.items() if effect > _LEAST}
        if clear:
            said.append("features that matter most: " + ", ".join(sorted(clear, key=lambda name: -clear[name])[:3]))
        return "; ".join(said)

    @property
    def _gain(self) -> float:
        return float(self.share[self.share > 0].sum())

    def _speaking(self) -> str:
        """Where what speaks for the class is; empty when there is little of it."""
        worth = [one for one in self.stretches(1) if one.share > _WORTH_A_WORD * self._gain]
        if self.log_odds - self.level < _LEAST:
            return ""
        if not worth or worth[0].part > _ALL:
            return f"what speaks for {self.label} is spread over the light curve"
        parts = [f"{100 * one.share / self._gain:.0f}%" for one in worth]
        named = [f"{part} in {self._place(one)}" for part, one in zip(parts, worth[:_MOST_NAMED], strict=False)]
        return ", ".join([named[0].replace(" in ", f" of what speaks for {self.label} is in ", 1), *named[1:]])

    def _against(self) -> str:
        least = max(_LEAST, _WORTH_A_WORD * self._gain)
        worth = [one for one in self.stretches(-1) if -one.share > least and one.part < _ALL]
        return f"{self._place(worth[0])} speaks against {self.label}" if worth else ""

    def _place(self, one: Stretch) -> str:
        if self.axis == "time":
            return f"time {one.start:.1f} to {one.start + one.width:.1f} d"
        where = f"phase {_phase(one.start)} to {_phase(one.start + one.width)}"
        inside = [name for name, phase in self.landmarks.items() if (phase - one.start) % 1.0 < one.width < _WIDEST]
        return f"the {' and '.join(inside)} ({where})" if inside else where


def _over_gaps(clear: NDArray[np.bool_], empty: NDArray[np.bool_], around: bool) -> NDArray[np.bool_]:
    """Clear half windows, and those without points that have clear ones on both sides."""
    filled = np.flatnonzero(~empty)
    if len(filled) < 2:
        return clear
    after = np.searchsorted(filled, np.arange(len(clear)))
    before = np.searchsorted(filled, np.arange(len(clear)), side="right") - 1
    inside = (before >= 0) & (after < len(filled)) | around
    return clear | (empty & inside & clear[filled[before % len(filled)]] & clear[filled[after % len(filled)]])


def _phase(value: float) -> str:
    return f"{round(value, 2) % 1.0:.2f}"


@dataclass(frozen=True, eq=False)
class Explanations:
    """One for every star, in the order of the stars."""

    stars: tuple[Explanation, ...]

    def __len__(self) -> int:
        return len(self.stars)

    def __iter__(self) -> Iterator[Explanation]:
        return iter(self.stars)

    def __getitem__(self, k: int) -> Explanation:
        return self.stars[k]

    @property
    def sentences(self) -> list[str]:
        """One per star; empty for a star without an explanation."""
        return [one.sentence for one in self.stars]

    def to_arrow(self) -> pa.Table:
        """One row per star, lists where there is more than a number; ``goodricke.output.explained`` draws its rows."""
        import pyarrow as pa

        numbers, text, lists = pa.float64(), pa.string(), pa.list_(pa.float64())
        columns: list[tuple[str, pa.DataType, list[Any]]] = [
            ("object_id", text, [one.star.object_id for one in self.stars]),
            ("survey", text, [one.star.survey for one in self.stars]),
            ("explained_class", text, [one.label or None for one in self.stars]),
            ("explained", text, [one.sentence or None for one in self.stars]),
            ("axis", text, [one.axis or None for one in self.stars]),
            *((name, numbers, [_known(getattr(one, name)) for one in self.stars]) for name in _NUMBERS),
            *((name, lists, [getattr(one, name).tolist() for one in self.stars]) for name in _LISTS),
            ("group", pa.list_(text), [list(one.groups) for one in self.stars]),
            ("group_effect", lists, [list(one.groups.values()) for one in self.stars]),
            ("status", text, ["failed" if one.reason else "ok" for one in self.stars]),
            ("reason", text, [one.reason for one in self.stars]),
        ]
        fields = [pa.field(name, kind, metadata=_meaning(name)) for name, kind, _ in columns]
        arrays = [pa.array(values, kind) for _, kind, values in columns]
        return pa.Table.from_arrays(arrays, schema=pa.schema(fields))


_NUMBERS = ("log_odds", "level", "noise", "period_days", "epoch")
_LISTS = ("edges", "points", "share", "point_share", "candidates", "attention")

MEANING = "Which part of the light curve carried the decision"
_SAYS = {
    "explained_class": "Class that is explained",
    "explained": MEANING,
    "axis": "What the half windows are of: phase or time",
    "log_odds": "Natural logarithm of the odds for the class",
    "level": "The same were the light of the star levelled",
    "noise": "Log odds that a change without meaning makes",
    "edges": "Bounds of the half windows, in cycles or days",
    "points": "How many points are in each half window",
    "share": "What each half window adds to the log odds",
    "point_share": "What each point adds, in the order of the cleaned light curve",
    "candidates": "Periods that the network looked at, in days",
    "attention": "How much the network believed each of them",
    "group": "Groups of features",
    "group_effect": "Log odds that are lost when the group is that of the median star of training",
}


def _meaning(name: str) -> dict[str, str]:
    return {"description": _SAYS[name]} if name in _SAYS else {}


def _known(value: float) -> float | None:
    return value if np.isfinite(value) else None
