import numpy as np
import pytest

from goodricke.lightcurves import LightCurves, concatenate
from goodricke.represent.folds import BINS, CHANNELS, folded, magnitudes

PERIOD = 2.5


def star(n=400, depth=0.5, seed=0, name="EA", error=0.01):
    """An eclipsing star: primary `depth`, secondary half of it, half a cycle later; magnitudes."""
    rng = np.random.default_rng(seed)
    time = np.sort(rng.uniform(0, 300, n))
    phase = (time / PERIOD + 0.3) % 1.0
    dip = np.exp(-0.5 * ((phase - 0.5) / 0.04) ** 2) + 0.5 * np.exp(-0.5 * (((phase + 0.5) % 1 - 0.5) / 0.04) ** 2)
    mag = 12.0 + depth * dip + rng.normal(0, error, n)
    return LightCurves.from_arrays(time, mag=mag, err=np.full(n, error), object_id=name)


def at(period):
    return 1.0 / np.atleast_2d(np.asarray(period, dtype=np.float64))


def test_shape_and_channels():
    found = folded(magnitudes(star()), at([PERIOD, 2 * PERIOD, np.nan]))
    assert found.shape == (1, 3, len(CHANNELS), BINS)
    assert found.dtype == np.float32
    assert np.isfinite(found).all()
    assert not found[0, 2].any()


def test_primary_stands_in_bin_0_and_secondary_opposite():
    level = folded(magnitudes(star()), at(PERIOD))[0, 0, 0]
    assert level.argmax() == 0
    away = np.abs(np.arange(BINS) - BINS // 2) <= BINS // 4
    assert abs(np.flatnonzero(away)[level[away].argmax()] - BINS // 2) <= 1
    # The range from the 1st to the 99th percentile of 400 points is nearly the depth; bins smooth the tip.
    assert 0.8 < level[0] < 1.1
    assert level[BINS // 2] / level[0] == pytest.approx(0.5, abs=0.06)


def test_level_agrees_with_a_plain_loop_over_bins():
    points = magnitudes(star(n=20000))
    level = folded(points, at(PERIOD))[0, 0, 0]
    cell = ((points.time / PERIOD) % 1.0 * BINS).astype(int)
    low, high = np.quantile(points.mag, [0.01, 0.99])
    plain = np.array([points.mag[cell == k].mean() for k in range(BINS)]) / (high - low)
    plain = np.roll(plain, -np.argmax((np.roll(plain, 1) + plain + np.roll(plain, -1)) / 3))
    assert np.abs(level - plain).max() < 0.06  # the kernel of 0.6 bins rounds the eclipse


def test_error_is_that_of_a_mean():
    points = magnitudes(star(n=20000, error=0.02))
    error = 10.0 ** folded(points, at(PERIOD))[0, 0, 1]
    low, high = np.quantile(points.mag, [0.01, 0.99])
    per_bin = 0.02 / np.sqrt(20000 / BINS) / (high - low)
    # A Gaussian of 0.6 bins takes in some 2.1 bins, so the error of a mean falls by 1.46.
    assert np.median(error) == pytest.approx(per_bin / 1.46, rel=0.05)


def test_gaps_show_in_the_error_and_not_in_the_level():
    lcs = star(n=600)
    phase = (lcs.time / PERIOD + 0.3) % 1.0
    points = magnitudes(lcs.keep_points((phase < 0.62) | (phase > 0.8)))
    level, error, _ = folded(points, at(PERIOD))[0, 0]
    gap = slice(11, 17)  # phases 0.17 to 0.27 after the primary
    assert error[gap].min() > np.median(error) + 0.5
    assert np.abs(level[gap]).max() < 0.2


def test_neither_brightness_nor_start_nor_company_matters():
    one, two = star(), star(depth=0.2, seed=1, name="other")
    alone = folded(magnitudes(one), at(PERIOD))
    both = concatenate([two, one])
    later = one.time + 1000 * PERIOD
    brighter = LightCurves.from_arrays(later, flux=3.0 * one.flux, err=3.0 * one.flux_err, object_id="EA")
    assert np.allclose(folded(magnitudes(brighter), at(PERIOD)), alone, atol=1e-3)
    assert np.allclose(folded(magnitudes(both), at([[PERIOD], [PERIOD]]))[1], alone[0])


def test_some_stars_and_some_points():
    lcs = star()
    points = magnitudes(lcs)
    keep = np.arange(len(lcs.time)) % 2 == 0
    assert np.allclose(points.keep(keep).mag, points.mag[keep])
    assert points.keep(keep).offsets.tolist() == [0, 200]
    assert len(points.some(np.array([0, 0]))) == 2
