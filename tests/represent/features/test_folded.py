from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from represent import made

PHASE = np.arange(6400) / 6400
COSINE = -np.cos(2 * np.pi * PHASE)


def test_a_cosine_is_known_exactly() -> None:
    lcs = made.phased(0.2 * COSINE, n=20000)
    expected = {
        "log_folded_amplitude": np.log10(0.4),
        "folded_skew": 0.0,
        "folded_kurtosis": 1.5,
        "below_middle": 0.5,
        "rise_fraction": 0.5,
        "mirror_asymmetry": 0.0,
        "n_minima": 1.0,
        "sharp_minimum": 0.5 - 0.5 * np.cos(2 * np.pi / 32),
        "sharp_maximum": 0.5 - 0.5 * np.cos(2 * np.pi / 32),
        "bright_fraction": np.arccos(0.8) / np.pi,
        "steepest_rise": np.pi,
        "steepest_fall": np.pi,
        "bins_filled": 1.0,
    }
    for name, one in expected.items():
        # a bin is 1/64 of a cycle, and holds points whose mean phase is off its centre by a few % of its width
        assert made.value(lcs, name, 1.7) == pytest.approx(one, rel=0.05, abs=0.02), name


def test_the_scatter_about_the_fold() -> None:
    lcs = made.phased(0.2 * COSINE, n=6000, noise=0.04)
    # 0.4 of height over 0.04 of noise; noise makes the extremes a little more so
    assert made.value(lcs, "log_folded_snr", 1.7) == pytest.approx(1.0, abs=0.06)


def test_skew_is_that_of_the_curve_not_of_the_sampling() -> None:
    shape = -np.exp(-0.5 * ((PHASE - 0.5) / 0.08) ** 2)
    lcs = made.phased(shape, n=20000)
    twice = lcs.keep_points((lcs.time / 1.7 % 1.0 < 0.6) | (np.arange(lcs.n_points) % 5 == 0))
    expected = stats.skew(shape)
    assert made.value(lcs, "folded_skew", 1.7) == pytest.approx(expected, abs=0.05)
    assert made.value(twice, "folded_skew", 1.7) == pytest.approx(expected, abs=0.05)


def test_sawtooth_and_two_waves() -> None:
    saw = made.phased(np.where(PHASE < 0.2, PHASE / 0.2, (1 - PHASE) / 0.8))
    # smoothing by 2 bins moves a lopsided maximum, and by 1.5 the minimum, to their slow sides: 0.03 each
    assert made.value(saw, "rise_fraction", 1.7) == pytest.approx(0.2, abs=0.06)
    assert made.value(saw, "mirror_asymmetry", 1.7) > 0.3
    rise, fall = (made.value(saw, f"steepest_{side}", 1.7) for side in ("rise", "fall"))
    # slopes of 1/0.2 and 1/0.8 amplitudes a cycle
    assert rise == pytest.approx(5.0, rel=0.2)
    assert fall < 2.5
    assert made.value(made.phased(np.cos(4 * np.pi * PHASE)), "n_minima", 1.7) == 2
