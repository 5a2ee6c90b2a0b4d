"""Where to cut the probability of a class for a wanted purity or completeness, with what held-out stars promise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from goodricke.decide.intervals import clopper_pearson
from goodricke.decide.priors import checked_priors, column_of
from goodricke.errors import OptionError

__all__ = ["Threshold", "ThresholdTable"]

Floats = NDArray[np.float64]

_FEWEST = 10  # a purity from fewer held-out stars is a coin thrown a few times
_DRAWS = 2_000


@dataclass(frozen=True)
class Threshold:
    """A cut and what it gives, on held-out stars (with the user's priors, when they were given).

    Parameters
    ----------
    name : str
        The class.
    threshold : float
        Take stars with at least this probability.
    purity, purity_low, purity_high : float
        Share of the stars taken that are of the class, with a 95% interval.
    completeness, completeness_low, completeness_high : float
        Share of the stars of the class that are taken, with a 95% interval.
    reached : bool
        Whether the wish is met. If not, this is the nearest that can be had.
    """

    name: str
    threshold: float
    purity: float
    purity_low: float
    purity_high: float
    completeness: float
    completeness_low: float
    completeness_high: float
    reached: bool

    def __str__(self) -> str:
        said = (
            f"purity {self.purity:.3f} ({self.purity_low:.3f} to {self.purity_high:.3f}), completeness "
            f"{self.completeness:.3f} ({self.completeness_low:.3f} to {self.completeness_high:.3f}) "
            f"at probability {self.threshold:g}"
        )
        return f"{self.name}: {said}" if self.reached else f"{self.name}: not to be had; the nearest is {said}"


@dataclass(frozen=True)
class ThresholdTable:
    """How many held-out stars of every class pass each cut; made by `goodricke.decide.fit_thresholds`.

    Parameters
    ----------
    classes : C names
        In the order of the columns.
    stars : C numbers
        Held-out stars of every class.
    labelled : bool
        Whether only stars whose likeliest class it is were counted.
    cuts : per class, a rising tuple of probabilities
        Where was counted.
    passed : per class and cut, C numbers
        Held-out stars of every true class that pass.
    """

    classes: tuple[str, ...]
    stars: tuple[float, ...]
    labelled: bool
    cuts: tuple[tuple[float, ...], ...]
    passed: tuple[tuple[tuple[float, ...], ...], ...]

    def rows(self, name: str, priors: ArrayLike | None = None) -> dict[str, Floats]:
        """The table of one class, rising in threshold: the columns are the numbers of `Threshold`.

        With `priors` (C,), stars of every true class are weighted to these shares; the interval of the purity then
        comes from Jeffreys' posterior of every rate, drawn with a fixed seed. Rates are those of classes as they look
        among the held-out stars.
        """
        k = column_of(name, self.classes)
        return self._columns(k, slice(None), self._shares(priors))

    def _shares(self, priors: ArrayLike | None) -> Floats | None:
        return None if priors is None else checked_priors(priors, len(self.classes))

    def _passed(self, k: int) -> Floats:
        return np.array(self.passed[k], dtype=np.float64).reshape(-1, len(self.classes))

    def _columns(self, k: int, places: slice, priors: Floats | None) -> dict[str, Floats]:
        passed = self._passed(k)[places]
        own, n = passed[:, k], self.stars[k]
        purity = self._purity(k, passed, priors)
        low, high = clopper_pearson(own, passed.sum(axis=1))
        if priors is not None:
            # The posterior leaves out 0 and 1, which an estimate may be.
            low, high = self._drawn(k, passed, priors)
            low, high = np.fmin(low, purity), np.fmax(high, purity)
        part_low, part_high = clopper_pearson(own, n)
        return {
            "threshold": np.array(self.cuts[k])[places],
            "purity": purity,
            "purity_low": low,
            "purity_high": high,
            "completeness": own / n if n > 0 else np.full(len(own), np.nan),
            "completeness_low": part_low,
            "completeness_high": part_high,
        }

    def _purity(self, k: int, passed: Floats, priors: Floats | None) -> Floats:
        n = np.array(self.stars, dtype=np.float64)
        seen = passed if priors is None else priors * passed / np.where(n > 0, n, 1.0)
        total = seen.sum(axis=1)
        return np.asarray(seen[:, k] / np.where(total > 0, total, np.nan))

    def _drawn(self, k: int, passed: Floats, priors: Floats) -> tuple[Floats, Floats]:
        n = np.array(self.stars, dtype=np.float64)
        ends = np.empty((2, len(passed)))
        for place, row in enumerate(passed):  # every row from the same seed, so that it does not depend on its table
            rate = np.random.default_rng(0).beta(row + 0.5, np.maximum(n - row, 0.0) + 0.5, (_DRAWS, len(n))) * priors
            ends[:, place] = np.quantile(rate[:, k] / rate.sum(axis=1), [0.025, 0.975])
        return ends[0], ends[1]

    def for_purity(self, name: str, purity: float, priors: ArrayLike | None = None, sure: bool = False) -> Threshold:
        """The lowest cut (most stars) that has this purity; with `sure`, whose interval lies above it.

        Cuts that fewer than 10 held-out stars pass are not trusted. When no cut does it, the purest is returned with
        ``reached=False``.
        """
        _checked_wish("purity", purity)
        k, shares = column_of(name, self.classes), self._shares(priors)
        passed = self._passed(k)
        purities = self._purity(k, passed, shares)
        sought = self._columns(k, slice(None), shares)["purity_low"] if sure else purities
        counted = passed.sum(axis=1) >= _FEWEST
        reached = counted & (np.nan_to_num(sought, nan=-1.0) >= purity)
        if reached.any():
            return self._threshold(k, int(np.argmax(reached)), True, shares)
        rank = np.where(counted, np.nan_to_num(purities, nan=-1.0), -2.0)
        return self._threshold(k, int(np.argmax(rank)), False, shares)

    def for_completeness(self, name: str, completeness: float, priors: ArrayLike | None = None) -> Threshold:
        """The highest cut (purest) that still has this completeness; if none has, the one that takes the most."""
        _checked_wish("completeness", completeness)
        k = column_of(name, self.classes)
        own = self._passed(k)[:, k] / max(self.stars[k], 1e-300)
        reached = np.flatnonzero(own >= completeness)
        return self._threshold(k, int(reached[-1]) if len(reached) else 0, bool(len(reached)), self._shares(priors))

    def _threshold(self, k: int, place: int, reached: bool, priors: Floats | None) -> Threshold:
        row = self._columns(k, slice(place, place + 1), priors)
        return Threshold(name=self.classes[k], reached=reached, **{key: float(value[0]) for key, value in row.items()})

    def cuts_for_purity(self, purity: float, priors: ArrayLike | None = None, sure: bool = False) -> Floats:
        """One cut per class (C,), infinite where the purity cannot be had."""
        found = [self.for_purity(name, purity, priors, sure) for name in self.classes]
        return np.array([cut.threshold if cut.reached else np.inf for cut in found])

    def to_dict(self) -> dict[str, Any]:
        """What JSON can hold."""
        return asdict(self)

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> ThresholdTable:
        """The table that `to_dict` wrote, before or after JSON."""
        return cls(
            tuple(stored["classes"]),
            tuple(stored["stars"]),
            stored["labelled"],
            tuple(tuple(cuts) for cuts in stored["cuts"]),
            tuple(tuple(tuple(row) for row in rows) for rows in stored["passed"]),
        )


def _checked_wish(what: str, value: float) -> None:
    if not 0.0 < value <= 1.0:
        raise OptionError(f"a {what} lies above 0 and up to 1; {value} was asked for")
