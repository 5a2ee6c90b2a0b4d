from __future__ import annotations

import numpy as np
import pytest
from astropy.timeseries import BoxLeastSquares

from goodricke.period.box import N_BINS, WIDTHS, box_search, boxes, has_dips
from goodricke.period.grid import FrequencyGrid
from period import made


def narrow(seed: int, period: float, depth: float, width: float = 0.03) -> tuple[made.Floats, made.Floats, made.Floats]:
    rng = np.random.default_rng(seed)
    time = made.nights(rng, 350, 900.0)
    flux = 1.0 - made.eclipse(time / period, 0.3, depth, width) + rng.normal(0, 0.02, 350)
    return time, flux, np.full(350, 0.02)


def test_boxes_are_brute_force() -> None:
    time, flux, err = narrow(0, 3.77, 0.3)
    err = err * np.random.default_rng(1).uniform(0.5, 2.0, len(err))
    frequency = np.array([1 / 3.77, 0.4321])
    found = boxes(time, flux, err, frequency)
    weight = err**-2 / np.sum(err**-2)
    value = flux - np.sum(weight * flux)
    for k, f in enumerate(frequency):
        bins = np.floor((f * time % 1.0) * N_BINS).astype(int)
        best = (0.0, 0.0, 0.0, 0.0)
        for width in WIDTHS:
            for first in range(N_BINS):
                inside = (bins - first) % N_BINS < width
                r = weight[inside].sum()
                level, low = (np.average(value[m], weights=weight[m]) if m.any() else 0.0 for m in (~inside, inside))
                if level > low:
                    gain = 1.0 - np.sum(weight * (value - np.where(inside, low, level)) ** 2) / np.sum(
                        weight * value**2
                    )
                    best = max(
                        best, (gain if r else 0.0, level - low, width / N_BINS, (first + width / 2) / N_BINS % 1)
                    )
        assert (found.power[k], found.depth[k]) == pytest.approx(best[:2], rel=1e-6)
        # Boxes that hold the same points are equally good; the brute force keeps another of them.
        assert abs(found.width[k] - best[2]) <= 4 / N_BINS


def test_the_best_period_is_astropys() -> None:
    for seed, period in enumerate((1.2345, 3.3221, 7.9113)):
        time, flux, err = narrow(seed, period, 0.25, 0.05)
        frequency = np.arange(0.6, 1.6, 1.5e-4) / period
        found = boxes(time, flux, err, frequency)
        peer = BoxLeastSquares(time, flux, err).power(1 / frequency, np.array([2, 3, 5, 8]) / N_BINS * period)
        ours, theirs = frequency[np.argmax(found.power)], 1 / peer.period[np.argmax(peer.power)]
        # Bins of 1/150 cycle over 900 d know the frequency to about that over the span.
        assert ours == pytest.approx(theirs, abs=0.02 / 900)
        assert ours * period == pytest.approx(1.0, abs=1e-3)


def test_search_finds_shallow_eclipses_that_a_sine_does_not_see() -> None:
    found = 0
    for seed in range(3):
        time, flux, err = narrow(seed, 2.7183, 0.12)
        top = box_search(time, flux, err, FrequencyGrid(3 / 2700, 1 / 2700, 27_000))
        found += bool((np.abs(top.frequency * 2.7183 - 1.0) < 2e-3).any())
        assert (np.diff(top.power) <= 0).all()
        assert len(top.frequency) == 5
    assert found >= 2


def test_the_box_measures_the_eclipse() -> None:
    time, flux, err = narrow(5, 2.7183, 0.4)
    top = box_search(time, flux, err, FrequencyGrid(3 / 2700, 1 / 2700, 27_000), most=1)
    # A box of the best power is narrower than the contacts and its depth is the mean inside.
    assert 0.25 < top.depth[0] < 0.42
    assert 0.01 < top.width[0] < 0.035
    assert (top.phase[0] + time[0] * top.frequency[0]) % 1.0 == pytest.approx(0.3, abs=0.03)
    assert top.significance[0] > 15


def test_dips_are_told_from_noise_flares_and_waves() -> None:
    rng = np.random.default_rng(6)
    err = np.full(400, 0.01)
    noise = rng.normal(1.0, 0.01, 400)
    dip = np.where(np.arange(400) % 20 == 0, 0.1, 0.0)
    assert has_dips(noise - dip, err)
    assert not has_dips(noise + dip, err)
    assert not has_dips(noise, err)
    assert not has_dips(noise + 0.3 * np.sin(np.arange(400)), err)
    assert not has_dips(noise + np.where(np.arange(400) % 20 < 10, 1, -1) * dip, err)


def test_a_star_without_dips_has_no_boxes() -> None:
    time = np.linspace(0.0, 100.0, 60)
    found = box_search(time, 1.0 + 0.01 * np.cos(time), np.full(60, 0.1), FrequencyGrid(0.01, 0.003, 500))
    assert len(found.frequency) == len(found.depth) == 0
