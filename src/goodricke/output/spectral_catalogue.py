"""From a table with one row per spectrum to one with a row per star, and what it holds in a sentence."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from goodricke.decide.epochs import answers_of_epochs, with_log_ratio
from goodricke.decide.orbits import OrbitPrior
from goodricke.decide.velocity_scatter import VelocityErrors, VelocityScatter, velocity_scatter
from goodricke.errors import DataError
from goodricke.output.arrays import numbers_of, words_of

__all__ = ["PROBABILITY", "THRESHOLDS", "catalogue_words", "stars_of"]

Floats = NDArray[np.float64]

PROBABILITY = "prob_BINARY"
"""Column of the probability of a binary, of a spectrum or of a star."""

THRESHOLDS = (0.5, 0.8)
"""Cuts that Jing et al. (2025) count their catalogue at."""


def stars_of(
    table: pa.Table,
    *,
    prior: float = 0.5,
    correlation: float = 0.0,
    use_velocities: bool = True,
    errors: VelocityErrors | None = None,
    orbits: OrbitPrior | None = None,
    carried: Sequence[str] = (),
) -> pa.Table:
    """One row per star, in the order in which stars first appear.

    Parameters
    ----------
    table : pyarrow.Table
        One row per spectrum: ``object_id`` and ``prob_BINARY``, and what there is of ``ra, dec, mjd, velocity,
        velocity_err, snr, survey, model, found_share, detectability, status, reason``. A spectrum whose ``status`` is
        not ``ok`` gives no evidence, its velocity neither.
    prior : float
        Share of binaries that the probabilities carry.
    correlation : float
        Between the errors of two spectra of one star; see `goodricke.decide.error_correlation`.
    use_velocities : bool
        Whether the scatter of velocities counts in ``prob_BINARY``; ``prob_spectra`` is always without it. Only
        velocities of the survey that has most of the star's epochs are compared, as zero points differ.
    errors : VelocityErrors
        Errors of velocities at the S/N of each spectrum, where there is no ``velocity_err``.
    orbits : OrbitPrior
        How the velocities of binaries scatter.
    carried : sequence of str
        Further columns that belong to the star, such as ``parallax``: taken from its spectrum of the highest S/N.

    Returns
    -------
    pyarrow.Table
        ``object_id``, ``survey, ra, dec, model`` where known, ``n_epochs``, ``n_answers`` (spectra with an answer),
        ``prob_BINARY, prob_spectra, prob_max, prob_min, logit_scatter``, the velocities' ``rv_n, rv_mean, rv_mean_err,
        rv_chi2, rv_p_constant, rv_difference, rv_log_ratio``, ``snr`` (of the best spectrum), ``found_share,
        detectability`` (of the spectrum that shows most), ``status`` and ``reason``.

    Examples
    --------
    >>> rows = {"object_id": ["a", "a", "b"], "prob_BINARY": [0.9, 0.8, 0.1], "snr": [30.0, 50.0, 20.0]}
    >>> stars = stars_of(pa.table(rows), prior=0.5)
    >>> stars.select(["object_id", "n_epochs", "prob_max", "snr"]).to_pylist()[0]
    {'object_id': 'a', 'n_epochs': 2, 'prob_max': 0.9, 'snr': 50.0}
    >>> round(stars["prob_BINARY"][0].as_py(), 3)
    0.973
    """
    for name in ("object_id", PROBABILITY, *carried):
        if name not in table.schema.names:
            raise DataError(f"a table of spectra needs the column {name!r}; it has {', '.join(table.schema.names)}")
    names = words_of(table, "object_id")
    stars, first, code = np.unique(names, return_index=True, return_inverse=True)
    # Rows of the result follow the file, not the alphabet.
    rank = np.empty(len(stars), dtype=np.int64)
    rank[np.argsort(first, kind="stable")] = np.arange(len(stars))
    star = rank[code]
    p = numbers_of(table, PROBABILITY)
    if "status" in table.schema.names:
        p = np.where(words_of(table, "status") == "ok", p, np.nan)
    answers = answers_of_epochs(p, star, prior, correlation)
    snr = numbers_of(table, "snr")
    best = _best_row(star, snr, len(stars))
    columns: dict[str, pa.Array] = {"object_id": pa.array(stars[np.argsort(rank)])}
    for name in ("survey", "ra", "dec", "model"):
        if name in table.schema.names:
            columns[name] = table.column(name).take(pa.array(best)).combine_chunks()
    columns["n_epochs"] = pa.array(np.bincount(star, minlength=len(stars)))
    columns["n_answers"] = pa.array(answers.n)
    scatter = _velocities(table, star, np.isfinite(p), errors or VelocityErrors(), orbits)
    columns[PROBABILITY] = _nullable(
        with_log_ratio(answers.probability, scatter.log_ratio) if use_velocities else answers.probability
    )
    columns |= {
        "prob_spectra": _nullable(answers.probability),
        "prob_max": _nullable(answers.highest),
        "prob_min": _nullable(answers.lowest),
        "logit_scatter": _nullable(answers.scatter),
        "rv_n": pa.array(scatter.n),
        "rv_mean": _nullable(scatter.mean),
        "rv_mean_err": _nullable(scatter.mean_error),
        "rv_chi2": _nullable(scatter.chi2),
        "rv_p_constant": _nullable(scatter.p_constant),
        "rv_difference": _nullable(scatter.difference),
        "rv_log_ratio": _nullable(np.where(scatter.n > 1, scatter.log_ratio, np.nan)),
        "snr": _nullable(snr[best]),
    }
    if "found_share" in table.schema.names:
        shown = _best_row(star, np.where(np.isfinite(p), numbers_of(table, "found_share"), np.nan), len(stars))
        for name in ("found_share", "detectability"):
            if name in table.schema.names:
                columns[name] = table.column(name).take(pa.array(shown)).combine_chunks()
    for name in carried:
        columns[name] = table.column(name).take(pa.array(best)).combine_chunks()
    columns |= _verdict(table, star, answers.n, best)
    return pa.table(columns)


def catalogue_words(
    stars: pa.Table, thresholds: Sequence[float] = THRESHOLDS, column: str = PROBABILITY
) -> tuple[str, ...]:
    """What a catalogue holds, in sentences: binaries at each threshold, by all epochs together and by the highest.

    >>> columns = {"prob_BINARY": [0.9, 0.6, 0.1, None], "prob_max": [0.95, 0.9, 0.1, None], "n_epochs": [2, 3, 1, 1]}
    >>> print("\\n".join(catalogue_words(pa.table(columns))))
    2 binaries of 3 stars (6 spectra) at p > 0.5, 1 at p > 0.8; 1 star without an answer
    by the highest of a star's spectra: 2 at p > 0.5, 2 at p > 0.8
    """
    p = numbers_of(stars, column)
    known = np.isfinite(p)
    spectra = int(numbers_of(stars, "n_epochs")[known].sum()) if "n_epochs" in stars.schema.names else 0
    missing = int((~known).sum())
    first, *more = (f"at p > {cut:g}" for cut in thresholds)
    counts = [int((p > cut).sum()) for cut in thresholds]
    said = f"{counts[0]:,} {_plural(counts[0], 'binary', 'binaries')} of {int(known.sum()):,} stars"
    said += f" ({spectra:,} spectra)" if spectra else ""
    said += f" {first}" + "".join(f", {count:,} {at}" for count, at in zip(counts[1:], more, strict=True))
    said += f"; {missing:,} {_plural(missing, 'star', 'stars')} without an answer" if missing else ""
    lines = [said]
    if "prob_max" in stars.schema.names:
        highest = numbers_of(stars, "prob_max")
        each = ", ".join(f"{int((highest > cut).sum()):,} at p > {cut:g}" for cut in thresholds)
        lines.append(f"by the highest of a star's spectra: {each}")
    return tuple(lines)


def _velocities(
    table: pa.Table,
    star: NDArray[np.int64],
    answered: NDArray[np.bool_],
    errors: VelocityErrors,
    orbits: OrbitPrior | None,
) -> VelocityScatter:
    # What is wrong with a spectrum is wrong with its velocity too.
    velocity = np.where(answered, numbers_of(table, "velocity"), np.nan)
    sigma = errors.of_snr(numbers_of(table, "snr"))
    if "velocity_err" in table.schema.names:
        given = numbers_of(table, "velocity_err")
        # What a survey gives is the error of the fit; plates differ by more.
        sigma = np.where(np.isfinite(given) & (given > 0), np.hypot(given, errors.floor_km_s), sigma)
    if "survey" in table.schema.names and len(star):
        velocity = np.where(_of_main_survey(star, words_of(table, "survey"), np.isfinite(velocity)), velocity, np.nan)
    return velocity_scatter(velocity, sigma, star, numbers_of(table, "mjd"), prior=orbits, errors=errors)


def _of_main_survey(star: NDArray[np.int64], survey: NDArray[np.str_], counts: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Whether the row is of the survey that has most of its star's rows among those that count."""
    code = np.unique(survey, return_inverse=True)[1]
    pair, which, inverse = np.unique(star * (code.max() + 1) + code, return_index=True, return_inverse=True)
    rows = np.bincount(inverse, counts, len(pair))
    owner = star[which]
    order = np.lexsort((-rows, owner))
    main = np.zeros(len(pair), dtype=bool)
    main[order[np.unique(owner[order], return_index=True)[1]]] = True
    return np.asarray(main[inverse])


def _best_row(star: NDArray[np.int64], value: Floats, n: int) -> NDArray[np.int64]:
    """Row (n,) of every star that has its highest value; its first row when none is known."""
    order = np.lexsort((np.arange(len(star)), -np.nan_to_num(value, nan=-np.inf), star))
    return np.asarray(order[np.searchsorted(star[order], np.arange(n))], dtype=np.int64)


def _verdict(
    table: pa.Table, star: NDArray[np.int64], n_answers: NDArray[np.int64], best: NDArray[np.int64]
) -> dict[str, pa.Array]:
    """A star is ok when one of its spectra is; otherwise its best spectrum says why not."""
    answered = n_answers > 0
    status, reason = (
        words_of(table, name)[best] if name in table.schema.names else np.full(len(best), "", dtype="U1")
        for name in ("status", "reason")
    )
    failed = np.where((status == "") | (status == "ok"), "failed", status)
    return {
        "status": pa.array(np.where(answered, "ok", failed)),
        "reason": pa.array(np.where(answered, "", reason)),
    }


def _nullable(values: Floats) -> pa.Array:
    """NaN as nothing, which formats and readers understand."""
    return pa.array(values, from_pandas=True)


def _plural(n: int, one: str, many: str) -> str:
    return one if n == 1 else many
