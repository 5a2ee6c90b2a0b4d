"""Quarters of Kepler."""

from __future__ import annotations

from datetime import datetime

import numpy as np

from goodricke.simulate.files.quarters import STAMPS, quarter_of


def test_the_end_that_a_stamp_says_lies_in_its_quarter() -> None:
    """A stamp is the last cadence on a clock that runs some hours behind UTC."""
    end = [datetime.strptime(s + "+0000", "%Y%j%H%M%S%z").timestamp() / 86400.0 + 2440587.5 - 2454833.0 for s in STAMPS]
    assert quarter_of(np.array(end)).tolist() == list(range(18))
    assert len(STAMPS) == 18


def test_a_real_quarter() -> None:
    """TSTART and TSTOP of quarter 3 in the archive."""
    assert quarter_of(np.array([260.21395547, 349.50613976])).tolist() == [3, 3]
    # Quarters 2 to 16 last about 90 days: four times a year the spacecraft turns to the Sun.
    days = np.bincount(quarter_of(np.arange(120.0, 1591.0)))
    assert ((days[2:17] > 69) & (days[2:17] < 102)).all()
