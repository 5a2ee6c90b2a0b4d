"""Batches one behind the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from goodricke.errors import DataError
from goodricke.lightcurves.batch import PER_POINT, PER_STAR, LightCurves

__all__ = ["concatenate"]


def concatenate(batches: Sequence[LightCurves]) -> LightCurves:
    """Put batches one behind the other; bands, time frames and meta columns are united.

    A meta column that a batch lacks is filled with NaN, -1 or an empty string.

    Examples
    --------
    >>> a = LightCurves.from_arrays([1.0, 2.0], flux=[1.0, 1.0], object_id="a", band="V")
    >>> b = LightCurves.from_arrays([1.0, 2.0], flux=[3.0, 3.0], object_id="b", band="g")
    >>> concatenate([a, b]).bands
    ('V', 'g')
    """
    batches = [batch for batch in batches if len(batch)]
    if not batches:
        return LightCurves.empty()
    if len(batches) == 1:
        return batches[0]
    bands = tuple(dict.fromkeys(name for batch in batches for name in batch.bands))
    frames = tuple(dict.fromkeys(frame for batch in batches for frame in batch.frames))
    if len(bands) > 127:
        raise DataError(f"{len(bands)} bands in one batch; 127 is the most. Read the surveys apart")
    if len(frames) > 127:
        raise DataError(f"{len(frames)} time frames in one batch; 127 is the most. Convert the times with clean.to_bjd")
    ends = np.cumsum([0] + [batch.n_points for batch in batches])
    columns: dict[str, Any] = {
        name: np.concatenate([getattr(batch, name) for batch in batches])
        for name in (*PER_POINT, *PER_STAR)
        if name not in ("band", "frame", "ref_mag", "ref_flux")
    }
    return LightCurves(
        **columns,
        offsets=np.concatenate([[0]] + [batch.offsets[1:] + end for batch, end in zip(batches, ends, strict=False)]),
        band=np.concatenate([_recode(batch.band, batch.bands, bands) for batch in batches]),
        bands=bands,
        frame=np.concatenate([_recode(batch.frame, batch.frames, frames) for batch in batches]),
        frames=frames,
        ref_mag=np.concatenate([_widen(batch.ref_mag, batch.bands, bands) for batch in batches]),
        ref_flux=np.concatenate([_widen(batch.ref_flux, batch.bands, bands) for batch in batches]),
        meta=_united_meta(batches),
    )


def _recode(codes: NDArray[np.int8], old: tuple[Any, ...], new: tuple[Any, ...]) -> NDArray[np.int8]:
    if old == new[: len(old)]:
        return codes
    return np.array([new.index(item) for item in old], dtype=np.int8)[codes]


def _widen(values: NDArray[np.float64], old: tuple[str, ...], new: tuple[str, ...]) -> NDArray[np.float64]:
    if old == new:
        return values
    wide = np.full((len(values), len(new)), np.nan)
    wide[:, [new.index(name) for name in old]] = values
    return wide


def _united_meta(batches: Sequence[LightCurves]) -> dict[str, NDArray[Any]]:
    names = dict.fromkeys(name for batch in batches for name in batch.meta)
    result = {}
    for name in names:
        sample = next(batch.meta[name] for batch in batches if name in batch.meta)
        blank: Any = {"f": np.nan, "i": -1, "u": 0, "b": False}.get(sample.dtype.kind, "")
        parts = [
            batch.meta[name] if name in batch.meta else np.full((len(batch), *sample.shape[1:]), blank, sample.dtype)
            for batch in batches
        ]
        if len({part.dtype.kind in "US" for part in parts}) == 2:
            parts = [part.astype(str) for part in parts]
        result[name] = np.concatenate(parts)
    return result
