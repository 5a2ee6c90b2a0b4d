"""What is kept of a spectrum when its pixels are gone: a few hundred numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from goodricke.decide import companion_weights, detectability_words, found_share
from goodricke.line.model import Model
from goodricke.line.spectra.explain import cell_shares
from goodricke.line.spectra.seen import SeenSpectra, see
from goodricke.photosphere.detectability import DV_GRID, Q_GRID
from goodricke.spectra import Spectra

__all__ = ["CARRIED", "Told", "broken", "chance_of", "joined", "told"]

CARRIED = ("parallax", "distance_pc", "phot_g_mean_mag", "bp_rp")
"""Columns that come with spectra and belong to the star: taken over into the tables as they are."""

_SLOW_KM_S = 30.0  # velocity differences are told as log(1 + |dv| / this)


@dataclass(frozen=True, eq=False)
class Told:
    """N spectra, each with what decisions need.

    Parameters
    ----------
    star : columns of (N,)
        Names, place, moment: what came with the spectra.
    logits : (N, C)
        NaN where there is no fit.
    facts : columns of (N,)
        What was measured; NaN or empty where it could not be.
    chance : (N, Q, V)
        That a companion would have been found in this very spectrum.
    status, reason : (N,) object
        ``ok``; ``abstained`` where something is there, but is not to be judged; ``failed`` where nothing could be
        computed.
    share : (N, H)
        Log odds by cell of wavelength, where they were asked for; H is 0 otherwise.
    """

    star: dict[str, NDArray[Any]]
    logits: NDArray[np.float64]
    facts: dict[str, NDArray[Any]]
    chance: NDArray[np.float64]
    status: NDArray[Any]
    reason: NDArray[Any]
    share: NDArray[np.float64] = field(default_factory=lambda: np.zeros((0, 0)))

    def __len__(self) -> int:
        return len(self.status)


def told(spectra: Spectra, model: Model, explain: bool = False) -> Told:
    """What is known of N spectra; all of them are held in memory while it is worked out.

    Parameters
    ----------
    spectra : Spectra
        A block.
    model : Model
        Of spectra.
    explain : bool
        Whether ``share`` is filled: some half second a spectrum.
    """
    seen = see(spectra, model)
    reason = seen.reason
    nothing = (reason != "") & ~(seen.prepared.ivar > 0).any(axis=1)
    unfitted = (reason == "") & ~np.isfinite(seen.logits).all(axis=1)
    reason[unfitted] = "no single star could be fitted to it"
    status = np.where(reason == "", "ok", np.where(nothing | unfitted, "failed", "abstained")).astype(object)
    share = cell_shares(seen, model, status == "ok") if explain else np.zeros((len(spectra), 0))
    chance = chance_of(seen.distance, model)
    chance[status != "ok"] = np.nan
    return Told(_star(spectra, seen), seen.logits, _facts(seen, chance), chance, status, reason, share)


def chance_of(distance: NDArray[np.float64], model: Model) -> NDArray[np.float64]:
    """Chance (N, Q, V) that a companion at distance d' passes p > 0.5, by the curve that the bundle was measured at.

    NaN where the bundle has no curve.
    """
    curve = model.bundle.manifest["settings"].get("detectability")
    if not isinstance(curve, dict) or not curve.get("d"):
        return np.full(distance.shape, np.nan)
    found = np.interp(distance, np.asarray(curve["d"], float), np.asarray(curve["found"], float))
    return np.where(np.isfinite(distance), found, np.nan)


def broken(spectra: Spectra, n_classes: int, reason: str) -> Told:
    """Rows of spectra that broke the line."""
    n = len(spectra)
    nothing = np.full((n, len(Q_GRID), len(DV_GRID)), np.nan)
    text = np.full(n, reason, dtype=object)
    return Told(_star(spectra, None), np.full((n, n_classes), np.nan), {}, nothing, np.full(n, "failed", object), text)


def joined(parts: Sequence[Told]) -> Told:
    """All spectra of several parts; what a part lacks is NaN or empty text."""
    if len(parts) == 1:
        return parts[0]
    whole: dict[str, Any] = {}
    for one in fields(Told):
        values = [getattr(part, one.name) for part in parts]
        if isinstance(values[0], dict):
            like = {name: column for value in values[::-1] for name, column in value.items()}
            whole[one.name] = {
                name: np.concatenate([
                    value.get(name, _blank(like[name], len(part))) for value, part in zip(values, parts, strict=True)
                ])
                for name in dict.fromkeys(name for value in values for name in value)
            }  # fmt: skip
        elif one.name == "share":
            width = max(value.shape[1] for value in values)
            filled = [
                value if value.shape == (len(part), width) else np.full((len(part), width), np.nan)
                for value, part in zip(values, parts, strict=True)
            ]
            whole[one.name] = np.concatenate(filled)
        else:
            whole[one.name] = np.concatenate(values)
    return Told(**whole)


def _blank(like: NDArray[Any], n: int) -> NDArray[Any]:
    return np.full(n, np.nan if like.dtype.kind == "f" else "", dtype=like.dtype)


def _star(spectra: Spectra, seen: SeenSpectra | None) -> dict[str, NDArray[Any]]:
    unknown = np.full(len(spectra), np.nan)
    kept = {name: spectra.meta[name] for name in CARRIED if name in spectra.meta}
    of_file = np.full(len(spectra), "", dtype=object)
    return {
        "object_id": spectra.object_id.astype(object),
        "survey": spectra.survey.astype(object),
        "ra": spectra.ra,
        "dec": spectra.dec,
        "spectrum_id": spectra.spectrum_id.astype(object),
        "mjd": spectra.mjd,
        "velocity": spectra.velocity if seen is None else seen.velocity,
        "velocity_err": unknown if seen is None else seen.velocity_error,
        "path": spectra.meta.get("path", of_file).astype(object),
        "name_from": spectra.meta.get("name_from", of_file).astype(object),
        **{name: column.astype(object if column.dtype.kind == "U" else column.dtype) for name, column in kept.items()},
    }


@cache
def _weights() -> NDArray[np.float64]:
    """Of companions over the grid: the same for all stars, and half a second of orbits."""
    return companion_weights(Q_GRID, DV_GRID)


def _facts(seen: SeenSpectra, chance: NDArray[np.float64]) -> dict[str, NDArray[Any]]:
    star, prepared = seen.single, seen.prepared
    share = found_share(chance, _weights())
    there = seen.quantities.shape[1] >= 2
    q, speed = (seen.quantities[:, k] if there else np.full(len(seen), np.nan) for k in (0, 1))
    # A log of a speed beyond a few thousand km/s is no measurement, and its exponential would overflow.
    dv = _SLOW_KM_S * np.expm1(np.clip(speed, 0.0, 5.0))
    return {
        "snr": prepared.snr * np.sqrt(prepared.independent),
        "teff": star.teff,
        "logg": star.logg,
        "feh": star.feh,
        "goodness": np.where(np.isfinite(star.teff), star.goodness, np.nan),
        "q": np.clip(q, 0.0, 1.0),
        "dv": dv,
        "found_share": share,
        "detectability": detectability_words(chance, Q_GRID, DV_GRID, share),
        "notes": prepared.note,
    }
