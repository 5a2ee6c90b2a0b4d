"""Why a spectrum is taken for that of a binary: what each stretch of wavelengths adds to the log odds.

A stretch that is made to look like the best single star says nothing of a companion. As with light curves
(`goodricke.line.shares`), the model is asked twice about every stretch: with it alone, and with all but it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from goodricke.line.shares import shares, states

if TYPE_CHECKING:
    from goodricke.line.model import Model
    from goodricke.line.spectra.seen import SeenSpectra
    from goodricke.represent.spectra import Looked
    from goodricke.spectra import Spectra

__all__ = ["CELL", "cell_shares", "explain_spectra", "over_pixels"]

Floats = NDArray[np.float64]

CELL = 20
"""Pixels of a cell, 1,400 km/s: a strong line. Windows are two cells, and begin at every cell."""
_WIDTH, _STEP = 2, 1
_SUREST = 1e-9  # of a probability


def explain_spectra(spectra: Spectra, model: str | Model = "spectra-binary") -> Floats:
    """What every pixel adds to the log odds of a binary.

    Parameters
    ----------
    spectra : Spectra
        N spectra, at most some hundred: all is held in memory.
    model : str or Model
        Of spectra.

    Returns
    -------
    (N, P)
        Of the pixels of ``MODEL_LATTICE``, in the rest frame of the star: positive where a pixel speaks for a binary. A
        row adds up to the log odds less those of a spectrum that looks like its best single star all over. NaN for
        spectra that get no answer.
    """
    from goodricke.line.model import Model, load_model
    from goodricke.line.spectra.seen import see

    loaded = model if isinstance(model, Model) else load_model(model)
    seen = see(spectra, loaded)
    found = cell_shares(seen, loaded, (seen.reason == "") & np.isfinite(seen.logits).all(axis=1))
    return over_pixels(found, seen.prepared.lattice.n)


def cell_shares(seen: SeenSpectra, model: Model, wanted: NDArray[np.bool_]) -> Floats:
    """What every cell adds to the log odds (N, H); NaN where it is not wanted."""
    pixels = seen.prepared.lattice.n
    cells = -(-pixels // CELL)
    out = np.full((len(seen), cells), np.nan)
    kept = np.repeat(states(cells, False, _WIDTH, _STEP), CELL, axis=1)[:, :pixels]
    for row in np.flatnonzero(wanted).tolist():
        one = seen.looked_at(np.array([row]))
        star = np.where(one.sigma > 0, seen.single.model[row] - 1.0, 0.0)
        as_star = _log_odds(_mixed(one, star, kept), model)
        whole = float(_log_odds(one, model)[0])
        change = np.add.reduceat(np.square(one.left[0].astype(np.float64)), np.arange(0, pixels, CELL))
        out[row] = shares(as_star, whole, np.sqrt(change), False, _WIDTH, _STEP)
    return out


def over_pixels(share: Floats, pixels: int) -> Floats:
    """Shares of cells (N, H) spread over their pixels (N, P), of which the last cell may have fewer.

    >>> over_pixels(np.array([[20.0, 6.0]]), 23)[0, [0, 19, 20, 22]]
    array([1., 1., 2., 2.])
    """
    starts = np.arange(0, pixels, CELL)
    size = np.diff(np.append(starts, pixels))
    return np.repeat(share / size, size, axis=1)


def _mixed(one: Looked, star: NDArray[np.floating], kept: NDArray[np.bool_]) -> Looked:
    """A spectrum (1, P) in K states: its own pixels where `kept` (K, P), those of its best single star elsewhere."""
    n = len(kept)
    return replace(
        one,
        light=np.where(kept, one.light, star).astype(one.light.dtype),
        left=np.where(kept, one.left, 0).astype(one.left.dtype),
        sigma=np.repeat(one.sigma, n, axis=0),
        numbers=np.repeat(one.numbers, n, axis=0),
    )


def _log_odds(seen: Looked, model: Model) -> Floats:
    """Of a binary (K,), calibrated."""
    p = model.calibration.apply(model.bundle.logits(model.spectral.make(seen)))
    binary = np.clip(p[:, model.classes_.index("BINARY")], _SUREST, 1 - _SUREST)
    return np.asarray(np.log(binary) - np.log1p(-binary))
