from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from goodricke.decide.intervals import clopper_pearson, wilson


@pytest.mark.parametrize(("function", "method"), [(wilson, "wilson"), (clopper_pearson, "exact")])
@pytest.mark.parametrize("level", [0.68, 0.95])
def test_intervals_are_those_of_scipy(function, method, level) -> None:
    for n in (1, 7, 250):
        for k in {0, 1, n // 2, n}:
            found = stats.binomtest(k, n).proportion_ci(level, method)
            np.testing.assert_allclose(function(k, n, level), (found.low, found.high), rtol=1e-9, atol=1e-12)


def test_nothing_counted_says_nothing() -> None:
    for function in (wilson, clopper_pearson):
        low, high = function([0, 0], [0, 5])
        assert (low[0], high[0], low[1]) == (0.0, 1.0, 0.0)


def test_shared_votes_widen_the_interval() -> None:
    whole, half = clopper_pearson(90, 100), clopper_pearson(45.0, 50.0)
    assert half[0] < whole[0] < whole[1] < half[1]
