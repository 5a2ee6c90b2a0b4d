"""Batches of stars through the line, and what becomes of a star that breaks it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import numpy as np
from numpy.typing import ArrayLike, NDArray

from goodricke.errors import DataError
from goodricke.lightcurves import LightCurves
from goodricke.line.memory import keep_freed_memory
from goodricke.line.model import Model, load_model
from goodricke.line.processes import BREAKS, in_turn
from goodricke.line.rows import check_wishes, decided
from goodricke.line.searched import periods_of
from goodricke.line.seen import Seen, failed, joined, see
from goodricke.period import Periods
from goodricke.predictions import Predictions

__all__ = ["classify", "classify_keeping_periods", "see_all"]

Work = tuple[LightCurves, NDArray[np.float64] | None]
"""A batch of stars, and their periods when they are known."""

How = Callable[[LightCurves, Model, NDArray[np.float64] | None], Seen]
"""`see`, and what it is asked for besides logits."""

_BATCH = 250  # stars: enough to share the cost of a call, few enough for progress to be seen


def classify(
    lcs: LightCurves,
    model: str | Model = "variables",
    *,
    period_days: ArrayLike | None = None,
    priors: str | Mapping[str, float] | None = None,
    purity: float | None = None,
    jobs: int = 1,
    on_stars: Callable[[int], None] | None = None,
) -> Predictions:
    """Class, period and what else can be said of every star.

    Parameters
    ----------
    lcs : LightCurves
        N stars as read; they are cleaned here.
    model : str or Model
        Name of a bundle that ships, folder of one, or a loaded model; see ``goodricke models``.
    period_days : (N,) or float, optional
        Periods that are known; they are searched for otherwise. With them ``variables-with-period`` is the better
        model.
    priors : str or mapping, optional
        How common the classes are among these stars, such as ``"EA=0.1,EW=0.3"``, or ``"estimate"`` to find out from
        the stars themselves; otherwise as in training.
    purity : float, optional
        Abstain from every star whose class cannot be told with this purity.
    jobs : int
        Processes; more than one pays from some hundred stars on. The result does not depend on it.
    on_stars : callable, optional
        Called with the number of stars just done (progress).

    Returns
    -------
    Predictions
        One row per star, in the order of the stars; a star that cannot be classified is a row with the reason.

    Notes
    -----
    Cost per star of 450 points over 7 years: some 20 ms for the search for its period, 1 ms for all else.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> time = np.sort(rng.uniform(0, 500, 300))
    >>> flux = 1 - 0.4 * np.exp(-0.5 * (((time / 2.5) % 1 - 0.5) / 0.03) ** 2) + rng.normal(0, 0.01, 300)
    >>> lcs = LightCurves.from_arrays(time, flux=flux, err=np.full(300, 0.01), object_id="made")
    >>> classify(lcs)[0]["label"]
    'EA'
    """
    return _classified(lcs, model, period_days, priors, purity, jobs, on_stars, keep_periods=False)[0]


def classify_keeping_periods(
    lcs: LightCurves,
    model: str | Model = "variables",
    *,
    period_days: ArrayLike | None = None,
    priors: str | Mapping[str, float] | None = None,
    purity: float | None = None,
    jobs: int = 1,
    on_stars: Callable[[int], None] | None = None,
) -> tuple[Predictions, Periods]:
    """As `classify`, and all that was found out about periods: ``goodricke.line.explain.explain`` then searches none.

    Parameters
    ----------
    lcs, model, period_days, priors, purity, jobs, on_stars
        As for `classify`.

    Returns
    -------
    Predictions
        As of `classify`.
    Periods
        One row per star, some 2.5 kB each, with the candidates that models look at; a star that cannot be classified is
        ``failed``, with the reason.

    Examples
    --------
    >>> lcs = LightCurves.from_arrays(np.arange(9.0), flux=np.arange(9.0) + 9, err=np.full(9, 0.1), object_id="few")
    >>> found, periods = classify_keeping_periods(lcs)
    >>> found[0]["status"], periods.reason.tolist()
    ('failed', ['9 points are too few for a period: 20 is the least'])
    """
    found, seen = _classified(lcs, model, period_days, priors, purity, jobs, on_stars, keep_periods=True)
    return found, periods_of(seen)


def _classified(
    lcs: LightCurves, model: str | Model, period_days: ArrayLike | None, priors: str | Mapping[str, float] | None,
    purity: float | None, jobs: int, on_stars: Callable[[int], None] | None, keep_periods: bool,
) -> tuple[Predictions, Seen]:  # fmt: skip
    loaded = model if isinstance(model, Model) else load_model(model)
    loaded.must_look_at("light curves")
    asked = ",".join(f"{name}={share}" for name, share in priors.items()) if isinstance(priors, Mapping) else priors
    check_wishes(loaded, asked, purity)
    seen = see_all(lcs, loaded, period_days, keep_periods=keep_periods, jobs=jobs, on_stars=on_stars)
    return decided(seen, loaded, asked, purity), seen


def see_all(
    lcs: LightCurves,
    model: Model,
    period_days: ArrayLike | None = None,
    *,
    extras: Sequence[str] = (),
    keep_periods: bool = False,
    jobs: int = 1,
    on_stars: Callable[[int], None] | None = None,
) -> Seen:
    """What the model says of every star, before any decision; arguments as for `classify`.

    Parameters
    ----------
    extras : sequence of str
        What the model shall give besides logits (``model.bundle.extras``); a column is not there when no star could be
        looked at.
    keep_periods : bool
        Whether ``searched`` is filled.
    """
    keep_freed_memory()
    known = None if period_days is None else _one_each(period_days, len(lcs))
    batches = [slice(first, min(first + _BATCH, len(lcs))) for first in range(0, len(lcs), _BATCH)]
    work = [(lcs[stars], None if known is None else known[stars]) for stars in batches]
    # No star at all has every column, of the right kind: then the table has them too, even if every star breaks.
    how = partial(see, extras=tuple(extras), keep_periods=keep_periods)
    parts = [how(lcs[:0], model, None)]
    for _, part in in_turn(work, model, partial(_whatever_comes, how=how), jobs):
        parts.append(part)
        if on_stars is not None:
            on_stars(len(part.failure))
    return joined(parts)


def _one_each(period_days: ArrayLike, n: int) -> NDArray[np.float64]:
    days = np.asarray(period_days, dtype=np.float64)
    if days.shape not in ((), (n,)):
        raise DataError(f"period_days has shape {days.shape}; give one number, or one for each of the {n} stars")
    return np.broadcast_to(days, (n,))


def _whatever_comes(batch: Work, model: Model, how: How) -> Seen:
    """All stars of the batch, come what may: a batch that breaks is halved until the star at fault stands alone."""
    lcs, known = batch
    try:
        return how(lcs, model, known)
    except BREAKS as error:
        if len(lcs) == 1:
            reason = f"{type(error).__name__}: {error}; please report this star"
            return failed(lcs, len(model.classes_), reason)
    half = len(lcs) // 2
    halves = (slice(0, half), slice(half, len(lcs)))
    return joined([
        _whatever_comes((lcs[part], None if known is None else known[part]), model, how) for part in halves
    ])  # fmt: skip
