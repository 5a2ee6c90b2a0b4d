"""Embeddings: every star as a list of numbers in which like stars are near each other."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from goodricke.errors import ModelError
from goodricke.lightcurves import LightCurves
from goodricke.line.batches import see_all
from goodricke.line.model import Model, load_model
from goodricke.line.rows import decided
from goodricke.models import list_bundles, load_bundle
from goodricke.models.manifest import signature_of

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["EMBEDDING", "embed", "embedder"]

EMBEDDING = "embedding"
"""The column, and the output of a model that fills it."""

_COLUMNS = (
    "object_id", "survey", "ra", "dec", "label", "probability", "period_days", "epoch", "epoch_max", "status", "reason",
)  # fmt: skip


def embed(
    lcs: LightCurves,
    model: str | Model = "variables",
    *,
    period_days: ArrayLike | None = None,
    jobs: int = 1,
    on_stars: Callable[[int], None] | None = None,
) -> pa.Table:
    """Where a network places every star among all others, beside its class and period.

    Parameters
    ----------
    lcs : LightCurves
        N stars as read; they are cleaned here.
    model : str or Model
        Name of a bundle that ships, folder of one, or a loaded model; it must have a network that gives embeddings.
    period_days : (N,) or float, optional
        Periods that are known; they are searched for otherwise.
    jobs : int
        Processes; the result does not depend on it.
    on_stars : callable, optional
        Called with the number of stars just done (progress).

    Returns
    -------
    pyarrow.Table
        N rows in the order of the stars: ``object_id, survey, ra, dec`` (degrees), ``label, probability`` (as of
        `goodricke.classify`), ``period_days, epoch, epoch_max`` (days), ``status, reason``, and ``embedding``, a list
        of E float32 per star, all NaN for a star that failed. The metadata of the schema name the model and its
        SHA-256: only embeddings of one model can be compared.

    Raises
    ------
    ModelError
        If the model has no embedding; the message names those that have.

    Notes
    -----
    A star has the same embedding alone as among others, to 1e-5; a star with other points has another one. The cost is
    that of `goodricke.classify`.

    Examples
    --------
    >>> embed(LightCurves.empty(), "variables-with-period-1")
    Traceback (most recent call last):
    goodricke.errors.ModelError: the model variables-with-period-1 gives no embedding...
    """
    loaded = embedder(model)
    seen = see_all(lcs, loaded, period_days, extras=(EMBEDDING,), jobs=jobs, on_stars=on_stars)
    given = seen.extras.get(EMBEDDING)
    vectors = np.full((len(lcs), _width(loaded)), np.nan, dtype=np.float32) if given is None else given
    return _with_vectors(decided(seen, loaded, None, None).table.select(_COLUMNS), vectors)


def embedder(model: str | Model) -> Model:
    """A model that gives embeddings, loaded.

    Raises
    ------
    ModelError
        If it gives none.
    """
    loaded = model if isinstance(model, Model) else load_model(model)
    if EMBEDDING not in loaded.bundle.extras:
        raise ModelError(f"the model {loaded.name} gives no embedding; {_that_do()}")
    return loaded


def _with_vectors(table: pa.Table, vectors: NDArray[np.float32]) -> pa.Table:
    import pyarrow as pa

    flat = pa.array(np.ascontiguousarray(vectors).ravel(), pa.float32())
    return table.append_column(EMBEDDING, pa.FixedSizeListArray.from_arrays(flat, vectors.shape[1]))


def _width(model: Model) -> int:
    """Numbers of an embedding, by looking at a star of ones: a table has its width even if every star failed."""
    tensors = signature_of(model.bundle.manifest).inputs
    ones = {name: np.ones([side or 1 for side in tensor.shape], tensor.dtype) for name, tensor in tensors.items()}
    return int(model.bundle.outputs(ones, (EMBEDDING,))[EMBEDDING].shape[1])


def _that_do() -> str:
    """Which bundles on the shelf have an embedding. They are loaded to find out, which this error is worth."""
    names = []
    for folder in list_bundles():
        try:
            bundle = load_bundle(folder)
        except ModelError:
            continue  # what cannot be loaded is of no help here
        if EMBEDDING in bundle.extras:
            names.append(folder.name)
    if not names:
        return "nor does any other that is installed: train one with a network, and name its folder"
    return f"{', '.join(names)} {'does' if len(names) == 1 else 'do'}"
