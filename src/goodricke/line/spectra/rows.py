"""Decisions on spectra, and the table."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from goodricke.clean.spectra import SELECTIONS, select
from goodricke.decide import parse_priors, prior_of_ratio, shifted
from goodricke.errors import OptionError
from goodricke.line.model import Model
from goodricke.line.rows import check_wishes, column, not_pure, provenance
from goodricke.line.spectra.told import CARRIED, Told
from goodricke.predictions import Predictions

__all__ = ["check_spectral_wishes", "correlation_of", "decided_spectra", "spectral_priors"]

Floats = NDArray[np.float64]

_BINARY = "BINARY"
_TOLD_OF_PAIRS = 0.5  # probability from which on q and dv are given: of single stars they say nothing


def spectral_priors(model: Model, asked: str | None) -> Floats:
    """Shares of the classes (C,) from what the user writes; those of training when nothing.

    Parameters
    ----------
    model : Model
        Of spectra.
    asked : str, optional
        ``BINARY=0.33``, a file, or a ratio of binaries to singles such as ``1:2``.
    """
    if asked is None:
        return model.priors
    if ":" in asked and "=" not in asked:
        asked = f"{_BINARY}={prior_of_ratio(asked)!r}"
    return parse_priors(asked, model.classes_, model.priors)


def correlation_of(model: Model) -> float:
    """Of the errors of two spectra of one star; 1, the most cautious, where the bundle does not say."""
    said = model.bundle.manifest["settings"].get("correlation")
    return float(said) if isinstance(said, int | float) and 0 <= said <= 1 else 1.0


def check_spectral_wishes(model: Model, priors: str | None, purity: float | None, selection: str | None) -> None:
    """Raise OptionError for what cannot be wished of a model of spectra, before the work and not after it."""
    model.must_look_at("spectra")
    if _BINARY not in model.classes_:
        raise OptionError(f"the model {model.name} has no class {_BINARY}; it has {', '.join(model.classes_)}")
    if priors == "estimate":
        raise OptionError("shares are not estimated from spectra; give BINARY=0.33, or the ratio 1:2")
    spectral_priors(model, priors)
    check_wishes(model, None, purity)
    if selection is not None and selection not in SELECTIONS:
        raise OptionError(f"no selection is called {selection!r}; there are {', '.join(SELECTIONS)}")


def decided_spectra(
    told: Told, model: Model, priors: str | None = None, purity: float | None = None, selection: str | None = None
) -> Predictions:
    """Probabilities at the wanted share of binaries, labels, and reasons to abstain; one row per spectrum.

    Parameters
    ----------
    told : Told
        N spectra.
    model : Model
        That told it.
    priors, purity, selection
        As for `goodricke.line.spectra.classify_spectra`.
    """
    import pyarrow as pa

    status, why = told.status.copy(), told.reason.copy()
    if selection is not None:
        outside = _outside(told, selection)
        fresh = (status == "ok") & (outside != "")
        status[fresh], why[fresh] = "abstained", outside[fresh]
    fine = status == "ok"
    wanted = spectral_priors(model, priors)
    trained, probabilities = (np.full(told.logits.shape, np.nan) for _ in range(2))
    trained[fine] = model.calibration.apply(told.logits[fine])
    probabilities[fine] = shifted(trained[fine], model.priors, wanted) if priors else trained[fine]
    classes = np.array(model.classes_, dtype=object)
    label = np.full(len(told), None, dtype=object)
    label[fine] = classes[np.argmax(probabilities[fine], axis=1)]
    if purity is not None and fine.any():
        why[fine] = not_pure(trained, label, why, model, wanted, purity)[fine]
        status[fine & (why != "")] = "abstained"
    pair = np.nan_to_num(probabilities[:, model.classes_.index(_BINARY)]) >= _TOLD_OF_PAIRS
    facts, star = told.facts, told.star
    # What a dwarf would have to be like to look like a quasar is no property of the quasar.
    dwarf = told.status == "ok"
    columns: dict[str, Any] = {
        **{name: star[name] for name in ("object_id", "survey", "ra", "dec")},
        "model": np.full(len(told), model.name, dtype=object),
        "label": label,
        "probability": np.where(fine, np.nan_to_num(probabilities).max(axis=1, initial=0.0), np.nan),
        **{f"prob_{name}": probabilities[:, k] for k, name in enumerate(model.classes_)},
        "spectrum_id": star["spectrum_id"],
        "mjd": star["mjd"],
        "snr": facts["snr"],
        **{name: star[name] for name in ("velocity", "velocity_err")},
        **{name: np.where(dwarf, facts[name], np.nan) for name in ("teff", "logg", "feh", "goodness")},
        **{name: np.where(pair, facts[name], np.nan) for name in ("q", "dv")},
        **{name: facts[name] for name in ("found_share", "detectability")},
        **{name: star[name] for name in CARRIED if name in star},
        "path": star["path"],
        "status": status,
        "reason": why,
        "notes": facts["notes"],
    }
    table = pa.table({name: column(values) for name, values in columns.items()})
    said = provenance(model, wanted, priors) | {"correlation": f"{correlation_of(model):g}"}
    return Predictions(table.replace_schema_metadata(said), model.classes_)


def _outside(told: Told, selection: str) -> NDArray[Any]:
    """Why a published sample would not have taken each star (N,); empty where it would."""
    known: dict[str, Any] = {name: told.facts[name] for name in ("teff", "logg", "feh")}
    known["snr_g"] = told.facts["snr"]
    known |= {name: told.star[name] for name in CARRIED if name in told.star}
    missing = {cut.quantity for cut in SELECTIONS[selection]} & {"g_ks0", "parallax", "m_g"} - set(known)
    why = select(known, selection, without=missing)[1]
    return np.array([f"outside the selection {selection}: {words}" if words else "" for words in why], dtype=object)
