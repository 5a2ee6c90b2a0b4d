from __future__ import annotations

import numpy as np

from goodricke.train.splits import folds_of


def test_a_star_stays_in_its_fold_and_folds_are_even() -> None:
    names = [f"TIC {k}" for k in range(5000)]
    fold = folds_of(names, 5)
    np.testing.assert_array_equal(fold, folds_of(names, 5))
    np.testing.assert_array_equal(fold[::-1], folds_of(names[::-1], 5))
    # 1000 expected in each; four standard deviations of a binomial are 113.
    assert np.abs(np.bincount(fold, minlength=5) - 1000).max() < 113
