"""Decisions, and the table of predictions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from goodricke.decide import estimated_priors, parse_priors, reasons, set_names, shifted
from goodricke.errors import OptionError
from goodricke.line.seen import Seen
from goodricke.line.shape import SHAPE, shapes
from goodricke.period.choice import chooser
from goodricke.predictions import Predictions

if TYPE_CHECKING:
    from goodricke.line.model import Model

__all__ = ["check_wishes", "column", "decided", "not_pure", "provenance"]

Floats = NDArray[np.float64]

APERIODIC = ("CONST", "LPV", "BE", "YSO", "AGN", "TRANSIENT")
"""Classes that are told by their light and not by a period: neither a long cycle nor a weak one speaks against them."""


def check_wishes(model: Model, priors: str | None, purity: float | None) -> None:
    """Raise OptionError for what cannot be wished of a model, before the work and not after it."""
    if priors not in (None, "estimate"):
        parse_priors(str(priors), model.classes_, model.priors)
    if purity is not None and model.thresholds is None:
        raise OptionError(f"the model {model.name} has no table of thresholds, so no purity can be asked of it")
    if purity is not None and not 0.0 < purity <= 1.0:
        raise OptionError(f"a purity lies above 0 and up to 1; {purity} was asked for")


def decided(seen: Seen, model: Model, priors: str | None, purity: float | None) -> Predictions:
    """Probabilities at the wanted priors, labels, sets, and reasons to abstain; one row per star."""
    import pyarrow as pa

    fine = seen.failure == ""
    wanted = _priors(seen, model, priors, fine)
    trained, probabilities = (np.full(seen.logits.shape, np.nan) for _ in range(2))
    trained[fine] = model.calibration.apply(seen.logits[fine])
    probabilities[fine] = shifted(trained[fine], model.priors, wanted) if priors else trained[fine]
    classes = model.classes_
    best = np.where(fine, np.argmax(np.nan_to_num(probabilities), axis=1), -1)
    label = np.array([classes[k] if k >= 0 else None for k in best], dtype=object)
    why = seen.failure.copy()
    if fine.any():
        why[fine] = _reasons(seen, probabilities, label, model)[fine]
        if purity is not None:
            why[fine] = not_pure(trained, label, why, model, wanted, purity)[fine]
    status = np.where(~fine, "failed", np.where(why == "", "ok", "abstained"))
    sets = np.full(len(fine), None, dtype=object)
    if model.conformal is not None and fine.any():
        sets[fine] = set_names(model.conformal.apply(trained[fine]), classes)
    columns: dict[str, Any] = {
        **seen.star,
        "model": np.full(len(fine), model.name),
        "label": label,
        "probability": np.where(fine, np.nan_to_num(probabilities).max(axis=1, initial=0.0), np.nan),
        **{f"prob_{name}": probabilities[:, k] for k, name in enumerate(classes)},
        "prediction_set": sets,
        SHAPE: shapes(probabilities, classes, seen.extras.get(SHAPE)),
        "novelty": seen.novelty,
        **seen.periods,
        **seen.facts,
        "status": status,
        "reason": why,
    }
    table = pa.table({name: column(values) for name, values in columns.items()})
    return Predictions(table.replace_schema_metadata(provenance(model, wanted, priors)), classes)


def column(values: NDArray[Any]) -> Any:
    """A column of a table of Arrow: NaN and None as nothing."""
    import pyarrow as pa

    text = values.dtype.kind in "UO"
    return pa.array(values.tolist(), pa.string()) if text else pa.array(values, from_pandas=True)


def _priors(seen: Seen, model: Model, asked: str | None, fine: NDArray[np.bool_]) -> Floats:
    if asked is None or (asked == "estimate" and not fine.any()):
        return model.priors
    if asked == "estimate":
        return np.asarray(estimated_priors(model.calibration.apply(seen.logits[fine]), model.priors, n_draws=1).priors)
    return parse_priors(asked, model.classes_, model.priors)


def _reasons(seen: Seen, probabilities: Floats, label: NDArray[Any], model: Model) -> NDArray[Any]:
    return reasons(
        n_points=seen.facts["n_points"],
        span_days=seen.facts["span_days"],
        period_days=seen.periods["period_days"],
        amplitude_over_noise=seen.facts["snr"],
        false_alarm=seen.periods["false_alarm"],
        novelty=seen.novelty,
        probabilities=probabilities,
        limits=model.limits,
        periodic=~np.isin(label.astype(str), APERIODIC),
    )


def not_pure(
    trained: Floats, label: NDArray[Any], why: NDArray[Any], model: Model, wanted: Floats, purity: float
) -> NDArray[Any]:
    """The reasons, and that a label is not as pure as asked: cuts are on probabilities at the shares of training."""
    assert model.thresholds is not None  # as check_wishes saw to
    cuts = model.thresholds.cuts_for_purity(purity, wanted)
    more = reasons(
        probabilities=trained, classes=model.classes_, cuts=cuts, limits=replace(model.limits, probability=0.0)
    )
    # The table counts stars by the class that is likeliest at the shares of training: of others it promises nothing.
    moved = label != np.array(model.classes_, dtype=object)[np.argmax(np.nan_to_num(trained), axis=1)]
    more[moved] = "too unsure for the purity asked for: likeliest only with the shares asked for"
    return np.array(["; ".join(filter(None, both)) for both in zip(why, more, strict=True)], dtype=object)


def provenance(model: Model, wanted: Floats, asked: str | None) -> dict[str, str]:
    """How a table was made, for its metadata."""
    from importlib.metadata import version

    said = {
        "model": model.name,
        "model_sha256": str(model.bundle.manifest["weights"]["sha256"]),
        **({"period_chooser_sha256": chooser().sha256} if model.looks_at == "light curves" else {}),
        "goodricke_version": version("goodricke"),
    }
    if asked is not None:
        shares = zip(model.classes_, wanted.tolist(), strict=True)
        said["priors"] = ",".join(f"{name}={share:.6g}" for name, share in shares)
    return said
