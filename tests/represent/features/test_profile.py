from __future__ import annotations

import numpy as np

from goodricke.represent.features import features
from represent import made

PHASE = np.arange(2000) / 2000


def test_the_profile_is_the_curve_from_its_minimum() -> None:
    lcs = made.phased(0.3 * np.cos(2 * np.pi * (PHASE - 0.41)), n=20000)
    values = features(lcs, made.periods_of(lcs, 1.7), ["profile"]).values[0]
    expected = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(24) / 24)
    # smoothing by 1.2 bins and straight lines between bins cost less than 1%
    np.testing.assert_allclose(values, expected, atol=0.02)
