"""What became of many spectra, in lines for the terminal."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from goodricke.output.spectral_catalogue import PROBABILITY, THRESHOLDS, catalogue_words
from goodricke.output.summary import lined_up

__all__ = ["spectral_lines"]

_SHOWN = 20
_REASONS = 4
_WIDEST = 110


def spectral_lines(spectra: pa.Table, stars: pa.Table, written: Sequence[str] = ()) -> list[str]:
    """A short table, counts of binaries by spectrum and by star, and why others have no answer.

    Parameters
    ----------
    spectra : pyarrow.Table
        One row per spectrum, as the line for spectra gives it.
    stars : pyarrow.Table
        One row per star (`goodricke.output.spectral_catalogue.stars_of`).
    written : sequence of str
        Files that were written.

    Examples
    --------
    >>> rows = {"object_id": ["a"], "spectrum_id": ["1"], "prob_BINARY": [0.9], "snr": [50.0], "teff": [5800.0],
    ...         "found_share": [0.4], "status": ["ok"], "reason": [""]}
    >>> stars = pa.table({"prob_BINARY": [0.9], "n_epochs": [1]})
    >>> print("\\n".join(spectral_lines(pa.table(rows), stars)))
    star  spectrum  p(binary)  S/N  Teff  found  status  reason
    a     1             0.900   50  5800    40%  ok
    <BLANKLINE>
    1 of 1 spectra have an answer: 1 at p > 0.5, 1 at p > 0.8
    1 binary of 1 stars (1 spectra) at p > 0.5, 1 at p > 0.8
    """
    names = ("object_id", "spectrum_id", PROBABILITY, "snr", "teff", "found_share", "status", "reason")
    rows = [
        (
            row["object_id"] or "-",
            row["spectrum_id"] or "-",
            _number(row[PROBABILITY], ".3f"),
            _number(row["snr"], ".0f"),
            _number(row["teff"], ".0f"),
            _number(row["found_share"], ".0%"),
            row["status"],
            _short(row["reason"] or ""),
        )
        for row in spectra.select(names).slice(0, _SHOWN).to_pylist()
    ]
    head = ("star", "spectrum", "p(binary)", "S/N", "Teff", "found", "status", "reason")
    lines = lined_up(head, rows, right={2, 3, 4, 5})
    if spectra.num_rows > len(rows):
        lines.append(f"... and {spectra.num_rows - len(rows):,} more spectra")
    p = spectra.column(PROBABILITY).cast(pa.float64()).fill_null(np.nan).to_numpy(zero_copy_only=False)
    each = ", ".join(f"{int((p > cut).sum()):,} at p > {cut:g}" for cut in THRESHOLDS)
    lines += ["", f"{int(np.isfinite(p).sum()):,} of {len(p):,} spectra have an answer: {each}"]
    lines += catalogue_words(stars)
    for word in ("abstained", "failed"):
        lines += _why(word, spectra)
    return [*lines, *(f"wrote {path}" for path in written)]


def _why(word: str, spectra: pa.Table) -> list[str]:
    """How many spectra were left out, and the commonest reasons: those that differ in numbers alone are one."""
    status, reason = (spectra.column(name).to_pylist() for name in ("status", "reason"))
    why = [text or "" for text, said in zip(reason, status, strict=True) if said == word]
    if not why:
        return []
    kinds = Counter(re.sub(r"[\d.,]+", "#", text) for text in why)
    example = {re.sub(r"[\d.,]+", "#", text): text for text in reversed(why)}
    told = [f"  {n:,} x {_short(example[kind])}" for kind, n in kinds.most_common(_REASONS)]
    more = len(why) - sum(n for _, n in kinds.most_common(_REASONS))
    return [f"{len(why):,} {word}:", *told, *([f"  {more:,} for other reasons"] if more else [])]


def _short(text: str) -> str:
    return text if len(text) <= _WIDEST else f"{text[: _WIDEST - 1]}…"


def _number(value: float | None, form: str) -> str:
    return "-" if value is None or not np.isfinite(value) else format(value, form)
