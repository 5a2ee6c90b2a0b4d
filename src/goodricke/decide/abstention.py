"""Why a star should not be given a class, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from goodricke.errors import DataError, OptionError

__all__ = ["AbstentionLimits", "reasons"]

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class AbstentionLimits:
    """What a star must have to be given a class. A limit of 0 (1 for `false_alarm`) asks for nothing.

    Parameters
    ----------
    n_points : int
        Least number of points. Twenty: a period search has no fewer, and a fold of fewer shows no eclipse of usual
        width twice.
    cycles : float
        Least length of the light curve, in periods. Two: nothing repeats in less.
    amplitude_over_noise : float
        Least amplitude in units of the typical error of a point. One: a judgement; below, only a
        fold of many points shows a shape.
    false_alarm : float
        Greatest probability that noise alone makes so strong a periodicity. One in ten: of constant stars, one
        in ten shows as strong a peak.
    novelty : float
        Least share of training-like stars that look as odd. One in a hundred: as many good stars are lost.
    probability : float
        Least probability of the likeliest class. Even odds: below, the label is more often wrong than right.

    Examples
    --------
    >>> AbstentionLimits(n_points=30).to_dict()["n_points"]
    30
    """

    n_points: int = 20
    cycles: float = 2.0
    amplitude_over_noise: float = 1.0
    false_alarm: float = 0.1
    novelty: float = 0.01
    probability: float = 0.5

    def to_dict(self) -> dict[str, Any]:
        """What JSON can hold."""
        return asdict(self)

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> AbstentionLimits:
        """The limits that `to_dict` wrote; those that are missing keep their defaults."""
        unknown = set(stored) - {field.name for field in fields(cls)}
        if unknown:
            names = ", ".join(field.name for field in fields(cls))
            raise OptionError(f"limits {', '.join(sorted(unknown))} are not known; there are {names}")
        return cls(**stored)


def reasons(
    n_points: ArrayLike | None = None,
    span_days: ArrayLike | None = None,
    period_days: ArrayLike | None = None,
    amplitude_over_noise: ArrayLike | None = None,
    false_alarm: ArrayLike | None = None,
    novelty: ArrayLike | None = None,
    probabilities: ArrayLike | None = None,
    limits: AbstentionLimits | None = None,
    periodic: ArrayLike | None = None,
    classes: Sequence[str] = (),
    cuts: ArrayLike | None = None,
) -> NDArray[Any]:
    """Every reason not to decide, joined by "; ", per star (N,); "" for a star that can be decided.

    What is not given, or NaN, is no reason.

    Parameters
    ----------
    n_points, span_days, period_days : (N,)
        Points, days between the first and the last, and the period.
    amplitude_over_noise : (N,)
        Amplitude of the folded curve over the typical error of a point.
    false_alarm : (N,)
        Of the period.
    novelty : (N,)
        As `Novelty.of` gives it.
    probabilities : (N, C)
        Calibrated.
    limits : AbstentionLimits, optional
        Other than the defaults.
    periodic : (N,) bool, optional
        False for stars whose class needs no period and no amplitude (constant stars, quasars, ...): span, amplitude
        and false alarm are no reason for them.
    classes : C names
        For the words about cuts.
    cuts : (C,), optional
        Probability that a label needs for a wanted purity, infinite where it cannot be had
        (`ThresholdTable.cuts_for_purity`).

    Returns
    -------
    (N,) object
        Text.

    Examples
    --------
    >>> reasons(n_points=[14, 300], novelty=[0.004, 0.6]).tolist()
    ['too few points: 14, at least 20; unlike anything in training: novelty 0.004, at least 0.01', '']
    """
    asked = limits or AbstentionLimits()
    given = [
        np.asarray(a)
        for a in (n_points, span_days, period_days, amplitude_over_noise, false_alarm, novelty, probabilities)
        if a is not None
    ]
    if len({len(array) for array in given}) > 1:
        raise DataError(f"every array has one row per star; there are {[len(array) for array in given]}")
    text = np.full(len(given[0]) if given else 0, "", dtype=object)
    regular = np.ones(len(text), dtype=bool) if periodic is None else np.asarray(periodic, dtype=bool)
    if n_points is not None:
        points = np.asarray(n_points)
        _add(text, points < asked.n_points, f"too few points: %d, at least {asked.n_points}", points)
    if span_days is not None and period_days is not None:
        _add_span(text, np.asarray(span_days, np.float64), np.asarray(period_days, np.float64), regular, asked.cycles)
    if amplitude_over_noise is not None:
        ratio = np.asarray(amplitude_over_noise, dtype=np.float64)
        words = f"amplitude below noise: %.2g of it, at least {asked.amplitude_over_noise:g}"
        _add(text, (ratio < asked.amplitude_over_noise) & regular, words, ratio)
    if false_alarm is not None:
        alarm = np.asarray(false_alarm, dtype=np.float64)
        words = f"no period stands out: false-alarm probability %.2g, at most {asked.false_alarm:g}"
        _add(text, (alarm > asked.false_alarm) & regular, words, alarm)
    if novelty is not None:
        odd = np.asarray(novelty, dtype=np.float64)
        _add(text, odd < asked.novelty, f"unlike anything in training: novelty %.2g, at least {asked.novelty:g}", odd)
    if probabilities is not None:
        _add_doubt(text, np.asarray(probabilities, np.float64), asked.probability, classes, cuts)
    return text


def _add_span(text: NDArray[Any], span: Floats, period: Floats, regular: Flags, least: float) -> None:
    cycles = span / np.where(period > 0, period, np.nan)
    short = (cycles < min(1.0, least)) & regular
    _add(text, short, "span shorter than the period: %.3g d of %.3g d", span, period)
    few = (cycles < least) & regular & ~short
    _add(text, few, f"span of few periods: %.3g, at least {least:g}", cycles)


def _add_doubt(text: NDArray[Any], p: Floats, least: float, classes: Sequence[str], cuts: ArrayLike | None) -> None:
    top = p.argmax(axis=1)
    best = p[np.arange(len(p)), top]
    unclear = best < least
    _add(text, unclear, f"no class stands out: the likeliest has %.2f, at least {least:g}", best)
    if cuts is None:
        return
    need, names = np.asarray(cuts, dtype=np.float64), np.array(classes, dtype=object)
    if need.shape != (p.shape[1],) or names.shape != need.shape:
        raise DataError(f"{p.shape[1]} classes need as many cuts and names; there are {need.size} and {names.size}")
    nowhere = np.isinf(need[top]) & np.isfinite(best)
    _add(text, nowhere, "the purity asked for cannot be had for %s", names[top])
    low = (best < need[top]) & ~nowhere
    _add(text, low, "too unsure for the purity asked for: %s has %.3f, at least %.3f", names[top], best, need[top])


def _add(text: NDArray[Any], flagged: Flags, words: str, *values: NDArray[Any]) -> None:
    """Append words, with a star's values filled in, to the flagged stars; only these are walked through."""
    for k in np.flatnonzero(flagged).tolist():
        said = words % tuple(array[k] for array in values)
        text[k] = f"{text[k]}; {said}" if text[k] else said
