from __future__ import annotations

import numpy as np

from goodricke.period.search import search


def test_boxes_find_an_eclipse_that_waves_do_not_see() -> None:
    found = {False: 0, True: 0}
    for seed in range(8):
        rng = np.random.default_rng(seed)
        period = float(rng.uniform(2.0, 6.0))
        time = np.sort(rng.choice(2700, 450, replace=False) + rng.normal(0, 0.08, 450))
        dip = np.abs((time / period + rng.random()) % 1.0 - 0.5) < 0.01
        flux = 1.0 - 0.05 * dip + rng.normal(0, 0.02, 450)
        for boxes in found:
            best = search(time, flux, np.full(450, 0.02), boxes=boxes).period
            ratio = best[:, None] / (period * np.array([0.5, 1.0, 2.0]))
            found[boxes] += bool((np.abs(ratio - 1.0) < 2e-3).any())
    # The benchmark box.py: 33% of such stars are among the candidates without boxes, 70% with them.
    assert found[True] > found[False]
    assert found[True] >= 3
