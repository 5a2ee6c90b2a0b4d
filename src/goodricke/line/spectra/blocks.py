"""Blocks of spectra through the line, and what becomes of a spectrum that breaks it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial

import numpy as np

from goodricke.line.memory import keep_freed_memory
from goodricke.line.model import Model, load_model
from goodricke.line.processes import BREAKS, in_turn
from goodricke.line.spectra.rows import check_spectral_wishes, decided_spectra
from goodricke.line.spectra.told import Told, broken, joined, told
from goodricke.predictions import Predictions
from goodricke.spectra import Spectra

__all__ = ["classify_spectra", "told_of"]

_BLOCK = 256  # spectra: some 100 MB on the way; fits share the cost of their tables


def classify_spectra(
    spectra: Spectra,
    model: str | Model = "spectra-binary",
    *,
    priors: str | Mapping[str, float] | None = None,
    purity: float | None = None,
    selection: str | None = None,
    jobs: int = 1,
    on_spectra: Callable[[int], None] | None = None,
) -> Predictions:
    """Whether each spectrum is that of a binary, and what could have been seen in it at all.

    Parameters
    ----------
    spectra : Spectra
        N spectra as read; they are brought to rest and prepared here.
    model : str or Model
        Name of a bundle that ships, folder of one, or a loaded model; see ``goodricke models``.
    priors : str or mapping, optional
        How common binaries are among these stars: ``"BINARY=0.33"``, or the ratio of binaries to singles, ``"1:2"``;
        otherwise one in two, as in training.
    purity : float, optional
        Abstain from every spectrum whose class cannot be told with this purity.
    selection : str, optional
        Abstain from stars that a published sample would not have taken, such as ``"jing2025"``; see
        ``goodricke.clean.spectra.SELECTIONS``. Cuts on colours that did not come with the spectra are left out.
    jobs : int
        Processes; more than one pays from some thousand spectra on. The result does not depend on it but for the last
        digits: sums in 32 bits are taken in another order.
    on_spectra : callable, optional
        Called with the number of spectra just done (progress).

    Returns
    -------
    Predictions
        One row per spectrum, in the order of the spectra. What is no spectrum of a dwarf is ``abstained`` without a
        probability, or ``failed`` where nothing could be computed; the reason says why.

    Examples
    --------
    >>> wave = np.linspace(4000.0, 5000.0, 500)
    >>> one = Spectra.from_arrays(wave, np.ones(500), np.full(500, 100.0), object_id="short")
    >>> row = classify_spectra(one)[0]  # doctest: +SKIP
    >>> row["status"], row["prob_BINARY"]  # doctest: +SKIP
    ('abstained', None)
    """
    loaded = model if isinstance(model, Model) else load_model(model)
    asked = ",".join(f"{name}={share}" for name, share in priors.items()) if isinstance(priors, Mapping) else priors
    check_spectral_wishes(loaded, asked, purity, selection)
    parts = []
    for block, part in told_of([spectra], loaded, jobs=jobs):
        parts.append(part)
        if on_spectra is not None:
            on_spectra(len(block))
    return decided_spectra(joined(parts), loaded, asked, purity, selection)


def told_of(
    batches: Iterable[Spectra], model: Model, *, explain: bool = False, jobs: int = 1
) -> Iterator[tuple[Spectra, Told]]:
    """Blocks of spectra with what is known of each, however many batches there are: a few blocks are held at a time.

    Parameters
    ----------
    batches : iterable of Spectra
        Such as ``goodricke.surveys.spectra.scan_spectra`` gives.
    model : Model
        Of spectra.
    explain : bool
        Whether ``Told.share`` is filled.
    jobs : int
        Processes.

    Yields
    ------
    block : Spectra
    told : Told
        The first pair is an empty one, so that a table has its columns even if there is no spectrum.
    """
    model.must_look_at("spectra")
    keep_freed_memory()
    none = Spectra.from_arrays(np.zeros(0), np.zeros((0, 0)), object_id=np.zeros(0, "U1"))
    yield none, told(none, model)
    yield from in_turn(_blocks(batches), model, partial(_whatever_comes, explain=explain), jobs)


def _blocks(batches: Iterable[Spectra]) -> Iterator[Spectra]:
    for batch in batches:
        for first in range(0, len(batch), _BLOCK):
            yield batch[first : first + _BLOCK]


def _whatever_comes(spectra: Spectra, model: Model, explain: bool) -> Told:
    """All spectra of the block, come what may: one that breaks is halved until the spectrum at fault stands alone."""
    try:
        return told(spectra, model, explain)
    except BREAKS as error:
        if len(spectra) == 1:
            return broken(spectra, len(model.classes_), f"{type(error).__name__}: {error}; please report this spectrum")
    half = len(spectra) // 2
    parts: tuple[slice, ...] = (slice(0, half), slice(half, len(spectra)))
    return joined([_whatever_comes(spectra[part], model, explain) for part in parts])
