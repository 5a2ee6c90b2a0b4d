"""Detrending: slow trends go, eclipses and fast variation stay."""

from __future__ import annotations

import numpy as np
import pytest

from clean import made
from goodricke.clean import default_window, detrend, trend
from goodricke.errors import OptionError
from goodricke.lightcurves import LightCurves, concatenate

W = 2.0  # days: the default window of these light curves
DAY = np.arange(0.0, 27.4, 10.0 / 1440.0)
TIME = DAY[(DAY < 13.2) | (DAY > 14.4)]  # one TESS sector with the gap in its middle
NOISE = 5e-4


def sector(flux: made.Floats, noise: float = NOISE, seed: int = 0, time: made.Floats = TIME) -> LightCurves:
    noisy = flux * (1.0 + np.random.default_rng(seed).normal(0.0, noise, len(time)))
    return LightCurves.from_arrays(time, flux=noisy, err=np.full(len(time), noise))


def drift(days: float, size: float = 0.02, time: made.Floats = TIME) -> made.Floats:
    return 1.0 + size * np.sin(2.0 * np.pi * time / days + 0.7)


def eclipses(period: float, hours: float, depth: float, time: made.Floats = TIME) -> tuple[made.Floats, made.Floats]:
    """Flux of a trapezoid with ingresses of an eighth of the duration, and distance from mid-eclipse in days."""
    off = np.abs((time + period / 2.0) % period - period / 2.0)
    half = hours / 48.0
    return 1.0 - depth * np.clip((half - off) / (half / 4.0), 0.0, 1.0), off


def depth_of(flux: made.Floats, off: made.Floats, hours: float) -> float:
    """Depth of the flat bottom below the light on both sides."""
    half = hours / 48.0
    return float(1.0 - np.mean(flux[off < 0.7 * half]) / np.mean(flux[(off > half) & (off < 2.0 * half)]))


@pytest.mark.parametrize(("days", "left"), [(20.0, 0.1), (30.0, 0.06), (60.0, 0.03)])
def test_slow_trends_go(days: float, left: float) -> None:
    flux = detrend(sector(drift(days), noise=1e-5)).flux
    assert np.ptp(flux) < left * np.ptp(drift(days))


@pytest.mark.parametrize(("period", "hours"), [(0.9, 2.0), (2.1, 5.0), (5.0, 8.0), (5.0, 15.0), (8.3, 3.0)])
@pytest.mark.parametrize("depth", [0.6, 0.05, 0.01])
def test_eclipses_shorter_than_a_third_of_the_window_keep_their_depth(
    period: float, hours: float, depth: float
) -> None:
    shape, off = eclipses(period, hours, depth)
    found = detrend(sector(shape * drift(20.0))).flux
    # 3% of the depth, plus what the trend (2% in 20 d) changes by itself within an eclipse
    assert depth_of(found, off, hours) == pytest.approx(depth, rel=0.03, abs=2e-4)


def test_shallow_eclipses_below_the_noise_of_a_point_keep_most_of_their_depth() -> None:
    shape, off = eclipses(3.1, 6.0, 5e-4)
    assert depth_of(detrend(sector(shape * drift(30.0, 0.005))).flux, off, 6.0) == pytest.approx(5e-4, rel=0.15)


@pytest.mark.parametrize("phase", [0.0, 0.1, 0.3])
def test_an_eclipse_at_the_edge_of_a_segment(phase: float) -> None:
    off = np.abs(TIME - 14.4 - phase)
    shape = 1.0 - 0.3 * (off < 0.25)
    found = detrend(sector(shape)).flux
    assert 1.0 - found[off < 0.2].mean() == pytest.approx(0.3, rel=0.03)


@pytest.mark.parametrize("period", [0.25, 0.4, 0.66])
@pytest.mark.parametrize("size", [0.0, 0.02])
def test_contact_binaries_keep_their_amplitude(period: float, size: float) -> None:
    found = detrend(sector(made.contact(TIME / period) * drift(20.0, size))).flux
    angle = 2 * np.pi * TIME / period
    terms = np.stack([np.ones_like(angle), *(f(k * angle) for k in (1, 2) for f in (np.cos, np.sin))], axis=1)
    fit = np.linalg.lstsq(terms, found.astype(float), rcond=None)[0]
    assert np.hypot(fit[1], fit[2]) / fit[0] == pytest.approx(0.03, rel=0.05)
    assert np.hypot(fit[3], fit[4]) / fit[0] == pytest.approx(0.15, rel=0.02)


def test_pulsation_keeps_its_amplitude() -> None:
    shape = made.rr_lyrae(TIME / 0.55)
    found = detrend(sector(shape * drift(25.0))).flux
    assert np.std(found / np.median(found)) == pytest.approx(np.std(shape / np.median(shape)), rel=0.03)


def test_a_flare_does_not_lift_the_trend() -> None:
    since = TIME - 6.0
    flare = 0.3 * np.exp(-np.clip(since, 0, None) / 0.1) * (since >= 0)
    slow = trend(sector(1.0 + flare))
    assert np.abs(slow - np.median(slow)).max() < 2e-3


def test_stars_bands_and_segments_do_not_touch_each_other() -> None:
    shape, _ = eclipses(2.1, 5.0, 0.3)
    a, b = sector(shape * drift(20.0)), sector(drift(33.0, 0.05), seed=1)
    # The same two light curves as two stars, and as two bands of one star.
    both = concatenate([a, b])
    assert np.array_equal(trend(both), np.concatenate([trend(a), trend(b)]))
    times = np.concatenate([TIME, TIME + 1e-4])
    bands = LightCurves.from_arrays(
        times,
        flux=np.concatenate([a.flux, b.flux]),
        err=np.full(times.size, NOISE),
        band=np.repeat(["x", "y"], len(TIME)),
    )
    found = trend(bands)
    # other times by 1e-4 d and other rounding
    assert np.allclose(found[bands.band == 0], trend(a), rtol=1e-3)
    assert np.allclose(found[bands.band == 1], trend(b), rtol=1e-3)
    # A step at the gap, where the satellite pointed anew, is taken away.
    step = sector(np.where(TIME < 14.0, 1.0, 1.05))
    assert np.ptp(trend(step)) > 0.045
    assert np.std(detrend(step).flux) < 1.1 * NOISE


def test_errors_keep_their_share() -> None:
    lcs = sector(drift(20.0))
    done = detrend(lcs)
    assert np.allclose(done.flux_err / done.flux, lcs.flux_err / lcs.flux, rtol=1e-6)


@pytest.mark.parametrize("days", [2.9, 0.5])
def test_short_segments_are_left_alone(days: float) -> None:
    time = np.arange(0.0, days, 0.01)
    lcs = sector(drift(2.0, time=time), time=time)
    assert (trend(lcs, window_days=W) == 1.0).all()


def test_sparse_and_difference_fluxes_are_left_alone() -> None:
    nights = np.arange(0.0, 300.0, 0.4)
    assert (trend(sector(drift(200.0, time=nights), time=nights)) == 1.0).all()
    below = LightCurves.from_arrays(TIME, flux=drift(20.0) - 2.0, err=np.full(len(TIME), 1e-3))
    assert below.difference.all()
    assert (trend(below) == 1.0).all()
    assert len(detrend(LightCurves.empty())) == 0


def test_a_hole_shorter_than_a_gap_is_bridged() -> None:
    lcs = sector(drift(20.0))
    hole = lcs.keep_points((lcs.time < 4.0) | (lcs.time > 8.5))
    assert np.abs(trend(hole, gap_days=10.0) - trend(lcs, gap_days=10.0)[(TIME < 4.0) | (TIME > 8.5)]).max() < 5e-3


def test_default_window() -> None:
    times = {1.0: np.arange(0.0, 3.0, 0.02), 9.0 / 6.0: np.arange(0.0, 9.001, 0.02), 2.0: np.arange(0.0, 90.0, 0.02)}
    for expected, time in times.items():
        assert default_window(sector(np.ones_like(time), time=time))[0] == pytest.approx(expected, abs=0.01)
    assert default_window(LightCurves.empty()).shape == (0,)


@pytest.mark.parametrize("change", [{"window_days": 0.0}, {"window_days": np.nan}, {"gap_days": 0.0}])
def test_numbers_that_make_no_sense(change: dict[str, float]) -> None:
    with pytest.raises(OptionError, match="days above 0"):
        detrend(sector(np.ones_like(TIME)), **change)
