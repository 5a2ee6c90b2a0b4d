"""Moments."""

import numpy as np

from goodricke.simulate.stars import Moments


def test_every_moment_knows_its_star_also_when_a_star_has_none() -> None:
    seen = Moments(np.arange(5.0), np.array([0, 2, 2, 5]))
    assert list(seen.star) == [0, 0, 2, 2, 2]
