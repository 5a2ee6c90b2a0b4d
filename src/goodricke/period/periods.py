"""Periods of many stars."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from goodricke import ragged
from goodricke.lightcurves import LightCurves
from goodricke.period.aliases import is_suspicious
from goodricke.period.choice import MOST_ALTERNATIVES
from goodricke.period.minima import Minima, minima
from goodricke.period.search import FEWEST_POINTS, MOST_TRIED, STRENGTHS, StarPeriod, given, search

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["Periods", "assembled", "find_periods", "given_periods", "levelled", "unsearched", "why_not"]

Floats = NDArray[np.float64]

_NOT_ASKED = "not asked for"
_MEASURED = tuple(
    f"{name}{ending}"
    for name in ("depth", "width", "contact_width", "second_depth", "second_width", "second_phase")
    for ending in ("", "_error")
)


@dataclass(frozen=True, eq=False)
class Periods:
    """One row per star, in the order of the light curves.

    Parameters
    ----------
    object_id, survey : (N,) str
        Which star.
    period : (N, 5) float64
        Periods in days, best first; NaN where there are fewer.
    probability : (N, 5) float64
        How likely each is right; what is missing to one is that none of them is.
    epoch, epoch_max : (N,) float64
        Times of minimum and of maximum light at the best period, in the star's time frame.
    power, false_alarm : (N,) float64
        Height of the strongest peak of the periodogram, and the chance that noise has one as high.
    alias : (N, 5) str
        What each period is to the first: ``"2P"``, ``"P/2"``, ``"1d"`` and so on; see ``goodricke.period.aliases``.
    suspicious : (N,) bool
        The period is near a clock of the sampling (day, month, year) or beyond half the span.
    minima : Minima
        Depths, widths, phases, amplitude and the errors of period and epochs, as measured on the folded curve.
    status, reason : (N,) str
        ``ok``, or ``failed`` with the reason in words.
    tried : (N, 8) float64
        Frequencies of the likeliest candidates in cycles per day, for models that look at several folds; NaN where
        there are fewer. Of a period that was given: that one alone.
    strengths : (N, 8, 46) float32
        The chooser's log odds of each, and ``goodricke.period.candidates.FEATURES``; NaN where unknown. Neither stands
        in the table.
    """

    object_id: NDArray[np.str_]
    survey: NDArray[np.str_]
    period: Floats
    probability: Floats
    epoch: Floats
    epoch_max: Floats
    power: Floats
    false_alarm: Floats
    alias: NDArray[np.str_]
    suspicious: NDArray[np.bool_]
    minima: Minima
    status: NDArray[np.str_]
    reason: NDArray[np.str_]
    tried: Floats
    strengths: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.object_id)

    def __getitem__(self, stars: slice) -> Periods:
        """Some of the stars."""
        columns = {field.name: getattr(self, field.name) for field in fields(self) if field.name != "minima"}
        measured = {field.name: getattr(self.minima, field.name)[stars] for field in fields(self.minima)}
        return Periods(**{name: column[stars] for name, column in columns.items()}, minima=Minima(**measured))

    def to_arrow(self) -> pa.Table:
        """A flat Arrow table; the alternatives are columns ``period_days_2`` and so on."""
        import pyarrow as pa

        columns: dict[str, Any] = {"object_id": self.object_id, "survey": self.survey}
        for k in range(MOST_ALTERNATIVES):
            ending = "" if k == 0 else f"_{k + 1}"
            columns[f"period_days{ending}"] = self.period[:, k]
            columns[f"period_probability{ending}"] = self.probability[:, k]
            if k > 0:
                columns[f"period_alias{ending}"] = self.alias[:, k]
        columns |= {
            "period_error": self.minima.period_error, "period_suspicious": self.suspicious,
            "epoch": self.epoch, "epoch_error": self.minima.epoch_error,
            "epoch_max": self.epoch_max, "epoch_max_error": self.minima.epoch_max_error,
            "power": self.power, "false_alarm": self.false_alarm,
            **{name: getattr(self.minima, name) for name in _MEASURED},
            "status": self.status, "reason": self.reason,
        }  # fmt: skip
        return pa.table({name: pa.array(values, from_pandas=True) for name, values in columns.items()})


def find_periods(
    lcs: LightCurves,
    shortest_days: float | None = None,
    longest_days: float | None = None,
    on_star: Callable[[int], None] | None = None,
    boxes: bool = False,
) -> Periods:
    """Find the period of every star.

    Parameters
    ----------
    lcs : LightCurves
        Cleaned light curves (``goodricke.clean.clean``). The bands of a star are brought to one level and searched
        together.
    shortest_days, longest_days : float, optional
        Range of periods.
    on_star : callable, optional
        Called with the number of the star that is done (progress).
    boxes : bool
        Look for narrow shallow eclipses too, at four times the cost; see ``goodricke.period.box``.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> time = np.sort(rng.uniform(0, 500, 300))
    >>> flux = 1 - 0.4 * np.exp(-0.5 * (((time / 2.5) % 1 - 0.5) / 0.03) ** 2) + rng.normal(0, 0.01, 300)
    >>> lcs = LightCurves.from_arrays(time, flux=flux, err=np.full(300, 0.01), object_id="EA")
    >>> found = find_periods(lcs)
    >>> bool(np.isclose(found.period[0, :2], 2.5, rtol=1e-3).any()), found.status.tolist()
    (True, ['ok'])
    """

    def one(_: int, time: Floats, flux: Floats, err: Floats) -> StarPeriod:
        return search(time, flux, err, shortest_days, longest_days, boxes)

    return assembled(lcs, one, on_star)


def given_periods(lcs: LightCurves, period_days: Floats) -> Periods:
    """What is known of stars whose periods are given: epochs, power, false-alarm probability.

    Parameters
    ----------
    lcs : LightCurves
        N cleaned light curves.
    period_days : (N,)
        Their periods; a star with NaN or a period that is not positive is ``failed``.
    """
    period_days = np.broadcast_to(np.asarray(period_days, dtype=np.float64), (len(lcs),))

    def one(k: int, time: Floats, flux: Floats, err: Floats) -> StarPeriod | str:
        if not period_days[k] > 0 or not np.isfinite(period_days[k]):
            return f"the period that was given is {period_days[k]}; give a positive number of days"
        return given(time, flux, err, float(period_days[k]))

    return assembled(lcs, one)


def unsearched(lcs: LightCurves) -> Periods:
    """Rows for stars whose periods nobody asked for: all unknown; ``failed`` are those that could have none.

    >>> lcs = LightCurves.from_arrays(np.arange(30.0), flux=np.arange(30.0) + 9, err=np.full(30, 0.1), object_id="a")
    >>> unsearched(lcs).status.tolist(), bool(np.isnan(unsearched(lcs).period).all())
    (['ok'], True)
    """
    found = assembled(lcs, lambda *_: _NOT_ASKED)
    asked = found.reason != _NOT_ASKED
    return replace(found, status=np.where(asked, found.status, "ok"), reason=np.where(asked, found.reason, ""))


def assembled(
    lcs: LightCurves,
    one: Callable[[int, Floats, Floats, Floats], StarPeriod | str],
    on_star: Callable[[int], None] | None = None,
) -> Periods:
    """Periods of all stars from a function of one star: its number, times, levelled flux and errors.

    The function gives a `StarPeriod`, or the reason why there is none. It is not called for stars that can have none.
    """
    n = len(lcs)
    period, probability = np.full((n, MOST_ALTERNATIVES), np.nan), np.full((n, MOST_ALTERNATIVES), np.nan)
    numbers = {name: np.full(n, np.nan) for name in ("epoch", "epoch_max", "power", "false_alarm")}
    reasons = [""] * n
    alias = np.full((n, MOST_ALTERNATIVES), "", dtype="U24")
    tried = np.full((n, MOST_TRIED), np.nan)
    strengths = np.full((n, MOST_TRIED, STRENGTHS), np.nan, dtype=np.float32)
    suspicious = np.zeros(n, dtype=bool)
    level = levelled(lcs)
    for i in range(n):
        here = slice(int(lcs.offsets[i]), int(lcs.offsets[i + 1]))
        time, flux, err = lcs.time[here], level[here], lcs.flux_err[here].astype(np.float64)
        reasons[i] = why_not(time, flux)
        if not reasons[i]:
            found = one(i, time, flux, err)
            if isinstance(found, str):
                reasons[i] = found
            else:
                k = len(found.period)
                period[i, :k], probability[i, :k], alias[i, :k] = found.period, found.probability, found.alias
                tried[i, : len(found.tried)] = found.tried
                strengths[i, : len(found.strengths)] = found.strengths
                suspicious[i] = is_suspicious(time, found.period[:1])[0]
                for name, column in numbers.items():
                    column[i] = getattr(found, name)
        if on_star is not None:
            on_star(i)
    measured = minima(lcs, level, period[:, 0], numbers["epoch"])
    for name in ("epoch", "epoch_max"):
        better = getattr(measured, name)
        numbers[name] = np.where(np.isfinite(better), better, numbers[name])
    return Periods(
        object_id=lcs.object_id,
        survey=lcs.survey,
        period=period,
        probability=probability,
        status=np.array(["failed" if reason else "ok" for reason in reasons], dtype=str),
        reason=np.array(reasons, dtype=str),
        alias=alias,
        suspicious=suspicious,
        minima=measured,
        tried=tried,
        strengths=strengths,
        **numbers,
    )


def why_not(time: Floats, flux: Floats) -> str:
    """The reason why a star can have no period; empty when it may have one."""
    if len(time) < FEWEST_POINTS:
        return f"{len(time)} points are too few for a period: {FEWEST_POINTS} is the least"
    if not time[-1] > time[0]:
        return "all points have the same time"
    if not np.ptp(flux) > 0:
        return "all points have the same flux"
    return ""


def levelled(lcs: LightCurves) -> Floats:
    """Flux (M,) with the weighted mean of every star and band at 0, so that bands can be searched together."""
    flux = lcs.flux.astype(np.float64)
    b = max(len(lcs.bands), 1)
    group = ragged.segment_ids(lcs.offsets) * b + lcs.band
    weight = 1.0 / lcs.flux_err.astype(np.float64) ** 2
    total = np.bincount(group, weight, len(lcs) * b)
    summed = np.bincount(group, weight * flux, len(lcs) * b)
    with np.errstate(invalid="ignore"):
        return np.asarray(flux - (summed / total)[group])
