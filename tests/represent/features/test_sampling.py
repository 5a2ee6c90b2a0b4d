from __future__ import annotations

import numpy as np

from goodricke.represent.features import features
from represent import made


def test_by_hand() -> None:
    time = np.array([0.0, 0.1, 1.0, 2.0, 10.0])
    lcs = made.star("a", time, np.arange(5.0), 1.0, np.array(list("ggggr")))
    table = features(lcs, names=["sampling"])
    row = dict(zip(table.names, table.values[0], strict=True))
    # The main band is g: gaps 0.1, 0.9, 1.0; span 2; the whole span is 10.
    assert np.isclose(row["log_n"], np.log10(5))
    assert row["log_span"] == 1
    assert row["n_bands"] == 2
    assert np.isclose(row["main_band_share"], 0.8)
    assert np.isclose(row["log_median_gap"], np.log10(0.9))
    assert row["longest_gap"] == 0.5
    assert np.isclose(row["within_night"], 1 / 3)
    assert np.isclose(row["time_evenness"], np.sqrt(12) * time[:4].std() / 2, rtol=1e-6)


def test_an_even_cadence_is_even() -> None:
    lcs = made.star("a", np.arange(5000.0), np.arange(5000.0) % 7, 1.0)
    # n even steps have a variance of (n^2 - 1) / 12 steps
    assert np.isclose(made.value(lcs, "time_evenness"), 1.0, atol=1e-3)
