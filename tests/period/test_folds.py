from __future__ import annotations

import numpy as np

from goodricke.period.folds import binned, scatter


def test_bins_are_weighted_means_by_brute_force() -> None:
    rng = np.random.default_rng(0)
    time, value, weight = rng.uniform(0, 50, 80), rng.normal(size=80), rng.uniform(0.5, 2, 80)
    frequencies = np.array([0.31, 1.7])
    mean, total = binned(time, value, weight, frequencies, 12)
    chi2, filled = scatter(time, value, weight, frequencies, 12)
    for k, f in enumerate(frequencies):
        place = np.floor((time * f % 1.0) * 12).astype(int)
        left = 0.0
        for b in range(12):
            here = place == b
            np.testing.assert_allclose(total[k, b], weight[here].sum())
            if here.any():
                np.testing.assert_allclose(mean[k, b], np.average(value[here], weights=weight[here]))
                left += np.sum(weight[here] * (value[here] - mean[k, b]) ** 2)
        np.testing.assert_allclose(chi2[k], left)
        assert filled[k] == len(set(place))
