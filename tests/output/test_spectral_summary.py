"""What is said of many spectra on the terminal."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from goodricke.output.spectral_lines import FEATURES, reasons_in_words
from goodricke.output.spectral_summary import spectral_lines


def table(n: int) -> pa.Table:
    p = [None if k % 5 == 0 else k / n for k in range(n)]
    return pa.table({
        "object_id": [f"star {k}" for k in range(n)], "spectrum_id": [str(k) for k in range(n)], "prob_BINARY": p,
        "snr": [float(k) for k in range(n)], "teff": [5000.0] * n, "found_share": [0.5] * n,
        "status": ["abstained" if one is None else "ok" for one in p],
        "reason": ["" if k % 5 else "too hot" if k % 10 else f"a signal-to-noise ratio of {k / 10}" for k in range(n)],
    })  # fmt: skip


def test_counts_and_the_commonest_reasons() -> None:
    rows = table(101)
    stars = pa.table({"prob_BINARY": rows["prob_BINARY"], "n_epochs": pa.array([1] * 101)})
    lines = spectral_lines(rows, stars, ["a.csv"])
    assert "... and 81 more spectra" in lines
    assert "80 of 101 spectra have an answer: 40 at p > 0.5, 16 at p > 0.8" in lines
    # Reasons that differ in their numbers alone are one.
    assert lines[lines.index("21 abstained:") + 1] == "  11 x a signal-to-noise ratio of 0.0"
    assert "  10 x too hot" in lines
    assert lines[-1] == "wrote a.csv"


@pytest.mark.parametrize("name", ["Mg b", "Hβ", "Na D"])
def test_the_line_that_speaks_is_named(name: str) -> None:
    wave = np.arange(3850.0, 7250.0, 1.2)
    line = next(feature for feature in FEATURES if feature.name == name)
    inside = (wave >= line.low) & (wave <= line.high)
    words = reasons_in_words(wave, np.where(inside, 2.0 / inside.sum(), -1e-5))
    assert words.startswith(f"most speaks for a binary: {name} ")
    assert "(+2.0)" in words


def test_wide_stretches_do_not_come_first_for_their_width() -> None:
    wave = np.arange(3850.0, 7250.0, 1.2)
    share = np.full(len(wave), 1e-3)
    line = next(feature for feature in FEATURES if feature.name == "Mg b")
    share[(wave >= line.low) & (wave <= line.high)] = 6e-3
    assert reasons_in_words(wave, share).startswith("most speaks for a binary: Mg b")


def test_no_reasons_without_an_answer() -> None:
    assert reasons_in_words([5000.0, 5001.0], [np.nan, np.nan]) == ""
