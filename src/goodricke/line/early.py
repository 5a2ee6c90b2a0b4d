"""Early classification: every star as it was known at moments of the past."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from goodricke import ragged
from goodricke.errors import DataError, OptionError
from goodricke.lightcurves import LightCurves, Measurements, concatenate
from goodricke.lightcurves.assemble import assemble
from goodricke.line.batches import classify
from goodricke.line.model import Model, load_model
from goodricke.line.moments import Wanted, When, moments_of, when
from goodricke.predictions import Predictions

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["as_known", "classify_as_of"]

Stars = NDArray[np.int64]
Times = NDArray[np.float64]

_POINTS = 2_000_000  # cut out at once: some 200 MB while they are read anew


def classify_as_of(
    lcs: LightCurves,
    model: str | Model = "variables",
    moments: Wanted = 12,
    *,
    period_days: ArrayLike | None = None,
    priors: str | Mapping[str, float] | None = None,
    purity: float | None = None,
    jobs: int = 1,
    on_rows: Callable[[int], None] | None = None,
) -> Predictions:
    """What would have been said of every star at each of several moments, from the points up to then.

    Parameters
    ----------
    lcs : LightCurves
        N stars as read, not cleaned: cleaning looks at the whole curve.
    model : str or Model
        As for ``goodricke.classify``.
    moments : int, str, or several
        A number of moments, spread evenly in the logarithm of the number of points from 20 (fewer make no period) to
        all; or times in days; or words such as ``"100p"``, ``"2021-03-01"``, ``"all"``: see
        ``goodricke.line.moments.moments_of``.
    period_days, purity, jobs
        As for ``goodricke.classify``. A period that is given is known from the first point on.
    priors : str or mapping, optional
        As for ``goodricke.classify``, but not ``"estimate"``.
    on_rows : callable, optional
        Called with the number of rows just done (progress).

    Returns
    -------
    Predictions
        One row per star and moment, by star and then by time, with the columns of ``goodricke.classify`` and, after
        ``survey``, ``as_of`` (days; empty for a number of points that the star never had) and ``time_frame``. Too few
        points up to a moment make a row with status ``failed`` and the reason.

    Notes
    -----
    Stars are cut before anything else is done, so that no later point has a say in what is clipped, in the level, or in
    the errors of a star that came without any. What was done to the data before they were read cannot be undone, nor
    the stitching of sectors and quarters, each at its own median.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> time = np.sort(rng.uniform(0, 500, 300))
    >>> flux = 1 - 0.4 * np.exp(-0.5 * (((time / 2.5) % 1 - 0.5) / 0.03) ** 2) + rng.normal(0, 0.01, 300)
    >>> lcs = LightCurves.from_arrays(time, flux=flux, err=np.full(300, 0.01), object_id="made")
    >>> for row in classify_as_of(lcs, moments=["10p", "300p"]):
    ...     print(row["n_points"], row["label"], row["status"])
    10 None failed
    300 EA ok
    """
    if priors == "estimate":
        raise OptionError("shares of classes are estimated from whole stars, later points too; give them as numbers")
    loaded = model if isinstance(model, Model) else load_model(model)
    asked = when(lcs, moments_of(moments))
    days = None if period_days is None else np.asarray(period_days, dtype=np.float64)
    if days is not None and days.shape not in ((), (len(lcs),)):
        raise DataError(f"period_days has shape {days.shape}; give one number, or one for each of the {len(lcs)} stars")
    lengths = _points_then(lcs, asked.star, asked.time)
    parts = []
    for rows in _portions(lengths):
        star = asked.star[rows]
        known = days[star] if days is not None and days.ndim else days
        then = as_known(lcs, star, asked.time[rows])
        parts.append(
            classify(then, loaded, period_days=known, priors=priors, purity=purity, jobs=jobs, on_stars=on_rows)
        )
    return replace(parts[0], table=_dated([part.table for part in parts], lcs, asked))


def as_known(lcs: LightCurves, star: Stars, time: Times) -> LightCurves:
    """Stars as they would have been read at some moment, from the points up to then.

    Parameters
    ----------
    lcs : LightCurves
        N stars as read.
    star : (P,) int64
        Numbers of stars, any of them any number of times.
    time : (P,) float64
        The moment, in days of the star's frame; a point at that very time is in, and NaN is before all points.

    Returns
    -------
    LightCurves
        P stars: the level, the unit of a difference flux and the errors of stars that came without any are found anew.

    Examples
    --------
    >>> lcs = LightCurves.from_arrays([1.0, 2.0, 3.0, 4.0], flux=[4.0, 5.0, 8.0, 90.0], err=[1.0] * 4)
    >>> as_known(lcs, np.array([0, 0]), np.array([1.0, 3.0])).flux.round(2)
    array([1. , 0.8, 1. , 1.6], dtype=float32)
    """
    if not len(star):
        return lcs[:0]
    order = np.argsort(lcs.difference[star], kind="stable")
    first = int(np.count_nonzero(~lcs.difference[star]))
    kinds = (("flux", order[:first]), ("difference", order[first:]))
    parts = [_read_anew(lcs, star[rows], time[rows], kind) for kind, rows in kinds if len(rows)]
    return parts[0] if len(parts) == 1 else concatenate(parts)[np.argsort(order)]


def _read_anew(lcs: LightCurves, star: Stars, time: Times, kind: Any) -> LightCurves:
    """Stars of one kind through the door of the readers; their fluxes of today are the unit they are given in."""
    lengths = _points_then(lcs, star, time)
    offsets = ragged.offsets_from_lengths(lengths)
    index = np.arange(offsets[-1]) + np.repeat(lcs.offsets[star] - offsets[:-1], lengths)
    error = lcs.flux_err[index].astype(np.float64)
    if "error_estimated" in lcs.meta:
        error[np.repeat(lcs.meta["error_estimated"].astype(bool)[star], lengths)] = np.nan
    anew = assemble(
        Measurements(
            object_id=lcs.object_id[star],
            time=lcs.time[index],
            value=lcs.flux[index],
            error=error,
            kind=kind,
            star=ragged.segment_ids(offsets),
            band=lcs.band[index],
            bands=lcs.bands,
            ra=lcs.ra[star],
            dec=lcs.dec[star],
            meta={name: values[star] for name, values in lcs.meta.items()},
        ),
        survey="",
    )
    return replace(
        anew,
        survey=lcs.survey[star],
        frame=lcs.frame[star],
        frames=lcs.frames,
        ref_mag=lcs.ref_mag[star] - 2.5 * np.log10(anew.ref_flux),
        ref_flux=lcs.ref_flux[star] * anew.ref_flux,
    )


def _points_then(lcs: LightCurves, star: Stars, time: Times) -> NDArray[np.int64]:
    """How many points (P,) each star had up to its moment."""
    found = np.zeros(len(star), dtype=np.int64)
    for k, (i, until) in enumerate(zip(star.tolist(), time.tolist(), strict=True)):
        found[k] = np.searchsorted(lcs.time[lcs.offsets[i] : lcs.offsets[i + 1]], until, side="right")
    return np.where(np.isnan(time), 0, found)


def _portions(lengths: NDArray[np.int64]) -> list[slice]:
    """Rows in their order, about `_POINTS` points at a time; no rows at all are one portion."""
    portion = np.cumsum(lengths) // _POINTS
    edges = [0, *(np.flatnonzero(np.diff(portion)) + 1).tolist(), len(lengths)]
    return [slice(first, last) for first, last in pairwise(edges)]


def _dated(tables: list[pa.Table], lcs: LightCurves, asked: When) -> pa.Table:
    """One table with the moments in it, and the reason of those that never came."""
    import pyarrow as pa

    table = pa.concat_tables(tables)
    frames = np.array([str(frame) for frame in lcs.frames], dtype=object)[lcs.frame]
    words = frames[asked.star].tolist()
    lacks = zip(table["reason"].to_pylist(), lcs.lengths[asked.star].tolist(), asked.lacks.tolist(), strict=True)
    reason = [f"{had} points, and {n} were asked for" if n else why for why, had, n in lacks]
    table = table.set_column(table.column_names.index("reason"), "reason", pa.array(reason, pa.string()))
    place = table.column_names.index("survey") + 1
    table = table.add_column(place, "as_of", pa.array(asked.time, pa.float64(), from_pandas=True))
    return table.add_column(place + 1, "time_frame", pa.array(words, pa.string()))
