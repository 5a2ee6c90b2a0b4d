"""From spectra to logits, and what else is known of each: the steps that training shares."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from goodricke.clean.spectra import Prepared, prepare
from goodricke.line.model import Model
from goodricke.photosphere import Single, distances, fit_pair, fit_single, unlike, velocity
from goodricke.represent.spectra import Looked, looked
from goodricke.spectra import Spectra
from goodricke.spectra.lattice import LIGHT_KM_S

__all__ = ["SeenSpectra", "at_rest", "see"]

Floats = NDArray[np.float64]

_QUANTITIES = "quantities"
_SURE_PEAK = 0.2  # of the correlation: below, the velocity means nothing
_WILD = 1000.0  # km/s: an error as large says that there is no velocity
_MAYBE_TWO = 5.0  # pixels squared: lines as broad as this may be those of two stars, and are looked at again


@dataclass(frozen=True, eq=False)
class SeenSpectra:
    """What the model and the fits say of N spectra, before any decision.

    Parameters
    ----------
    prepared : Prepared
        The spectra at rest, on the lattice, without their continuum; its ``reason`` says why one is not used.
    single : Single
        The best single stars.
    logits : (N, C)
        NaN in the rows of spectra without a fit.
    quantities : (N, K)
        What the model measures besides (``goodricke.networks.companions.QUANTITIES``); K is 0 where it measures none.
    distance : (N, Q, V)
        d' that a companion would have in these very spectra, over ``Q_GRID`` and ``DV_GRID`` of
        ``goodricke.photosphere.detectability``.
    doubt : (N,) object
        Why a spectrum is not that of a dwarf, or of none that the model has learnt from; empty where it may be one.
    velocity, velocity_error : (N,)
        Heliocentric, km/s: the survey's, or measured here where it gives none; NaN where unknown.
    """

    prepared: Prepared
    single: Single
    logits: Floats
    quantities: Floats
    distance: Floats
    doubt: NDArray[Any]
    velocity: Floats
    velocity_error: Floats

    def __len__(self) -> int:
        return len(self.logits)

    @property
    def reason(self) -> NDArray[Any]:
        """Why there is to be no answer (N,): what is wrong with the spectrum, or with taking it for a dwarf's."""
        return np.where(self.prepared.reason == "", self.doubt, self.prepared.reason).astype(object)

    def looked_at(self, rows: NDArray[np.integer[Any]]) -> Looked:
        """What the model was given of some rows."""
        return looked(self.prepared[rows], self.single[rows])


def see(spectra: Spectra, model: Model) -> SeenSpectra:
    """Bring to rest, prepare, fit single stars, ask the model, work out what could have been seen.

    All is held in memory, some 50 kB a spectrum: give blocks of many.

    Parameters
    ----------
    spectra : Spectra
        N spectra of any surveys.
    model : Model
        Of spectra.
    """
    prepared, measured = at_rest(spectra)
    single = fit_single(prepared)
    n, classes = len(spectra), len(model.classes_)
    logits, quantities = np.full((n, classes), np.nan), np.full((n, 0), np.nan)
    fine = np.flatnonzero(prepared.usable & np.isfinite(single.teff))
    if len(fine):
        inputs = model.spectral.make(looked(prepared[fine], single[fine]))
        wanted = ["logits", *(name for name in model.bundle.extras if name == _QUANTITIES)]
        given = model.bundle.outputs(inputs, wanted)
        logits[fine] = given["logits"]
        if _QUANTITIES in given:
            quantities = np.full((n, given[_QUANTITIES].shape[1]), np.nan)
            quantities[fine] = given[_QUANTITIES]
    v, error = _velocities(spectra, prepared, measured, single)
    return SeenSpectra(
        prepared=prepared,
        single=single,
        logits=logits,
        quantities=quantities,
        distance=distances(single, prepared.ivar * prepared.independent[:, None].astype(np.float32)),
        doubt=_beyond(model, single, _doubt(prepared, single)),
        velocity=v,
        velocity_error=error,
    )


def at_rest(spectra: Spectra) -> tuple[Prepared, NDArray[np.bool_]]:
    """Prepared spectra, and which of them had to have their velocity measured, since the survey gives none."""
    prepared = prepare(spectra)
    measured = np.zeros(len(spectra), dtype=bool)
    rows = np.flatnonzero(~np.isfinite(spectra.velocity) & prepared.usable)
    if not len(rows):
        return prepared, measured
    found = velocity(prepared[rows])
    sure = found.peak >= _SURE_PEAK
    again = prepare(spectra[rows[sure]], velocity=found.velocity[sure])
    columns: dict[str, Any] = {
        one.name: np.array(getattr(prepared, one.name)) for one in fields(Prepared) if one.name != "lattice"
    }
    for name, column in columns.items():
        column[rows[sure]] = getattr(again, name)
    for row, v in zip(rows[sure].tolist(), found.velocity[sure].tolist(), strict=True):
        said = f"no velocity was given: {v:.0f} km/s was measured from its lines"
        columns["note"][row] = "; ".join(filter(None, (columns["note"][row], said)))
    for row, peak in zip(rows[~sure].tolist(), found.peak[~sure].tolist(), strict=True):
        columns["reason"][row] = (
            f"no velocity is given, and its lines are too unlike a star's to measure one (correlation {peak:.2f}, "
            f"{_SURE_PEAK:g} is the least)"
        )
    measured[rows[sure]] = True
    return replace(prepared, **columns), measured


def _doubt(prepared: Prepared, single: Single) -> NDArray[Any]:
    """Why spectra are not those of dwarfs; where lines are broad, two stars are tried before they are called that."""
    doubt = unlike(prepared, single)
    rows = np.flatnonzero((doubt != "") & (single.broadening > _MAYBE_TWO))
    if len(rows):
        some, star = prepared[rows], single[rows]
        doubt[rows] = unlike(some, star, fit_pair(some, star))
    return doubt


def _beyond(model: Model, single: Single, doubt: NDArray[Any]) -> NDArray[Any]:
    """The same doubts, and one where the temperature is none of those that the model has learnt from."""
    known = model.bundle.manifest["settings"].get("known_teff")
    if not isinstance(known, list) or len(known) != 2 or not all(isinstance(end, int | float) for end in known):
        return doubt
    low, high = (float(end) for end in known)
    for row in np.flatnonzero((doubt == "") & ((single.teff < low) | (single.teff > high))).tolist():
        doubt[row] = f"the model has not learnt from dwarfs of {single.teff[row]:,.0f} K ({low:,.0f} to {high:,.0f} K)"
    return doubt


def _velocities(
    spectra: Spectra, prepared: Prepared, measured: NDArray[np.bool_], single: Single
) -> tuple[Floats, Floats]:
    """Velocity and its error (N,): the survey's, else ours with the error of the fit."""
    error = np.full(len(spectra), np.nan)
    for name, factor in (("velocity_err", 1.0), ("z_err", LIGHT_KM_S)):
        told = spectra.meta.get(name)
        if told is not None and told.dtype.kind == "f":
            known = np.isnan(error) & (told > 0) & (told * factor < _WILD)
            error = np.where(known, told * factor, error)
    error = np.where(np.isfinite(spectra.velocity), error, np.nan)
    ours = prepared.velocity + single.velocity
    return np.where(measured, ours, spectra.velocity), np.where(measured, single.errors[:, 3], error)
