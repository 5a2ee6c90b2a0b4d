from __future__ import annotations

import numpy as np
import pytest

from goodricke.represent.features import features
from represent import made

PHASE = np.arange(2000) / 2000
COSINES = {1: -0.03, 2: -0.20, 3: -0.02, 4: -0.05}


def test_coefficients_count_from_the_primary_minimum() -> None:
    shape = sum(a * np.cos(2 * np.pi * k * (PHASE - 0.123)) for k, a in COSINES.items())
    lcs = made.phased(np.asarray(shape))
    table = features(lcs, made.periods_of(lcs, 1.7), ["acvs"])
    row = dict(zip(table.names, table.values[0].tolist(), strict=True))
    for k, a in COSINES.items():
        # the minimum is found to a tenth of a bin, which turns the fourth harmonic by 0.04
        assert row[f"acvs_a{k}"] == pytest.approx(a, abs=1e-3)
        assert row[f"acvs_a{k}_relative"] == pytest.approx(a / np.ptp(shape), abs=3e-3)
    assert row["contact_distance"] == pytest.approx(-0.05 + 0.2 * (-0.2 + 0.125), abs=1e-3)
    assert row["sine_share"] < 1e-3


def test_a_sawtooth_has_sines() -> None:
    lcs = made.phased(-PHASE)
    assert made.value(lcs, "sine_share", 1.7) > 0.5
