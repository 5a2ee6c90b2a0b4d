"""From light curves to logits, and what else is known of each star."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from goodricke import ragged
from goodricke.clean import clean
from goodricke.lightcurves import LightCurves
from goodricke.line.searched import columns_of
from goodricke.line.shape import SHAPE
from goodricke.period import Periods, find_periods, given_periods, unsearched
from goodricke.represent.features import features

if TYPE_CHECKING:
    from goodricke.line.model import Model

__all__ = ["Seen", "failed", "joined", "periods_for", "see"]

Floats = NDArray[np.float64]

_FACTS = ("log_amplitude", "amplitude_mag", "log_signal_to_noise")


@dataclass(frozen=True, eq=False)
class Seen:
    """What the model and the measurements say of N stars, before any decision.

    Parameters
    ----------
    star : columns of (N,)
        ``object_id``, ``survey``, ``ra``, ``dec``.
    logits : (N, C)
        NaN in the rows of stars that failed.
    novelty : (N,)
        Share of training-like stars that look as odd.
    facts, periods : columns of (N,)
        Points, span, amplitude, magnitude; period and all that was measured with it.
    failure : (N,) object
        Why the star failed; empty when it did not.
    extras : columns of (N, ...)
        What the model was asked for besides logits, such as ``embedding`` (N, E), and ``morphology`` (N, L) of a model
        that has it; NaN in the rows of stars that failed.
    searched : columns of (N, ...)
        All that was found out about periods, if it was to be kept: for ``goodricke.line.searched.periods_of``.
    """

    star: dict[str, NDArray[Any]]
    logits: Floats
    novelty: Floats
    facts: dict[str, NDArray[Any]]
    periods: dict[str, NDArray[Any]]
    failure: NDArray[Any]
    extras: dict[str, NDArray[Any]] = field(default_factory=dict)
    searched: dict[str, NDArray[Any]] = field(default_factory=dict)


def see(
    lcs: LightCurves,
    model: Model,
    period_days: Floats | None,
    extras: Sequence[str] = (),
    keep_periods: bool = False,
) -> Seen:
    """Clean, find periods where the model asks for them, describe, ask the model: the steps that training shares."""
    cleaned = clean(lcs, model.representation.cleaning)
    periods = periods_for(cleaned, model, period_days)
    fine = periods.status == "ok"
    logits = np.full((len(lcs), len(model.classes_)), np.nan)
    novelty = np.full(len(lcs), np.nan)
    inputs: dict[str, NDArray[Any]] = {}
    more: dict[str, NDArray[Any]] = {}
    if fine.any():
        inputs = model.inputs(cleaned, periods)
        told = {name: array[fine] for name, array in inputs.items()}
        given = model.bundle.outputs(told, list(dict.fromkeys(["logits", *extras, *_shape(model)])))
        logits[fine] = given.pop("logits")
        more = {name: _spread(array, fine) for name, array in given.items()}
        if model.novelty is not None and "features" in told:
            novelty[fine] = model.novelty.of(told["features"])
    measured = periods.to_arrow().drop_columns(["object_id", "survey", "status", "reason"])
    return Seen(
        star=_star(lcs),
        logits=logits,
        novelty=novelty,
        facts=_facts(cleaned, _described(cleaned, model.feature_names, inputs)),
        periods={name: measured[name].to_numpy() for name in measured.column_names},
        failure=np.where(fine, "", periods.reason).astype(object),
        extras=more,
        searched=columns_of(periods) if keep_periods else {},
    )


def _shape(model: Model) -> list[str]:
    """What the table needs for the morphology of every star, where the model has it."""
    return [name for name in model.bundle.extras if name == SHAPE]


def _spread(given: NDArray[np.float32], fine: NDArray[np.bool_]) -> NDArray[np.float32]:
    """What the model gave of some stars, in the rows of all."""
    whole = np.full((len(fine), *given.shape[1:]), np.nan, dtype=np.float32)
    whole[fine] = given
    return whole


def periods_for(cleaned: LightCurves, model: Model, period_days: Floats | None) -> Periods:
    """Periods of N cleaned light curves: those that are known, or found where the model asks for them."""
    if period_days is not None:
        return given_periods(cleaned, period_days)
    return find_periods(cleaned) if model.representation.needs_periods else unsearched(cleaned)


def failed(lcs: LightCurves, n_classes: int, reason: str) -> Seen:
    """Rows of stars of which nothing could be found out but the number of their points."""
    n = len(lcs)
    unknown, facts = np.full(n, np.nan), {"n_points": lcs.lengths}
    return Seen(_star(lcs), np.full((n, n_classes), np.nan), unknown, facts, {}, np.full(n, reason, object))


def joined(parts: Sequence[Seen]) -> Seen:
    """All stars of several parts; what a part lacks is NaN, empty text or False."""
    if len(parts) == 1:
        return parts[0]
    lengths = [len(part.failure) for part in parts]
    whole: dict[str, Any] = {}
    for one in fields(Seen):
        values = [getattr(part, one.name) for part in parts]
        if isinstance(values[0], dict):
            like = {name: column for value in values[::-1] for name, column in value.items()}
            whole[one.name] = {
                name: np.concatenate([
                    value.get(name, _blank(like[name], n)) for value, n in zip(values, lengths, strict=True)
                ])
                for name in dict.fromkeys(name for value in values for name in value)
            }  # fmt: skip
        else:
            whole[one.name] = np.concatenate(values)
    return Seen(**whole)


def _blank(like: NDArray[Any], n: int) -> NDArray[Any]:
    """What a star has that failed: as ``goodricke.period.Periods`` of such a star."""
    kind = like.dtype
    nothing = np.nan if kind.kind == "f" else "" if kind.kind in "UO" else False
    return np.full((n, *like.shape[1:]), nothing, dtype=kind)


def _star(lcs: LightCurves) -> dict[str, NDArray[Any]]:
    return {"object_id": lcs.object_id, "survey": lcs.survey, "ra": lcs.ra, "dec": lcs.dec}


def _described(lcs: LightCurves, names: Sequence[str], inputs: dict[str, NDArray[Any]]) -> dict[str, Floats]:
    """The features `_FACTS` (N,); where the model has looked at them too, they are not computed again."""
    seen = inputs.get("features")
    if seen is not None and seen.shape[1] == len(names) and set(_FACTS) <= set(names):
        columns = {name: seen[:, names.index(name)] for name in _FACTS}
    else:
        table = features(lcs, None, _FACTS)
        columns = {name: table.column(name) for name in _FACTS}
    return {name: column.astype(np.float64) for name, column in columns.items()}


def _facts(lcs: LightCurves, measured: dict[str, Floats]) -> dict[str, NDArray[Any]]:
    span = ragged.maxima(lcs.time, lcs.offsets) - ragged.minima(lcs.time, lcs.offsets)
    b = max(len(lcs.bands), 1)
    in_band = np.bincount(ragged.segment_ids(lcs.offsets) * b + lcs.band, minlength=len(lcs) * b).reshape(len(lcs), b)
    main = in_band.argmax(axis=1)
    mag = lcs.ref_mag[np.arange(len(lcs)), main] if lcs.ref_mag.shape[1] else np.full(len(lcs), np.nan)
    return {
        "n_points": lcs.lengths,
        "span_days": np.asarray(span, dtype=np.float64),
        "mag": np.asarray(mag, dtype=np.float64),
        "amplitude": 10.0 ** measured["log_amplitude"],
        "amplitude_mag": measured["amplitude_mag"],
        "snr": 10.0 ** measured["log_signal_to_noise"],
    }
