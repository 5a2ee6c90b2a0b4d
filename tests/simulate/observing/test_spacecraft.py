"""A telescope made up for the test: what is written when nothing, or one thing, goes wrong."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
import pytest

from goodricke.simulate.compiled import Floats, Ints
from goodricke.simulate.observing.observatory import Visits
from goodricke.simulate.observing.space import Detector, Drift
from goodricke.simulate.observing.spacecraft import Circumstances, Spacecraft
from goodricke.timeframes import TimeFrame

pytest.importorskip("numba")

STILL = Drift(red=1e-9, red_share=0.0, red_days=1.0, step=0.0, ramp=0.0, ramp_days=0.1, spread=0.0)


class Quiet(Spacecraft):
    survey, bands, filters = "kepler", ("Kepler",), ("Kepler",)
    frame = TimeFrame("tdb", "barycentre", 2450000.0)
    seconds, exposure = 1800.0, 1800.0 / 86400.0
    span = (2450000.0, 2460000.0)
    limits, slope = (8.0, 12.0), 0.3
    drift = STILL
    misjudged = (0.5, 0.0)
    blank, impulse_bit = 4, 8
    impulse_share, spikes = 0.0, 0.0
    magnitude_name = "some_mag"
    detector = Detector(zero_point=20.0, collecting=100.0, excess=1.0, background=1e4, reference=10.0)
    glow: ClassVar[float] = 0.0

    def visits(self, n: int, rng: np.random.Generator) -> Visits:
        time = np.tile(2450010.0 + 0.02 * np.arange(5000), n)
        zero = np.zeros(n)
        return Visits(time, np.zeros(len(time), np.int8), 5000 * np.arange(n + 1), zero, zero)

    def circumstances(self, time: Floats, star: Ints, n: int, rng: np.random.Generator) -> Circumstances:
        quality = np.where(np.arange(len(time)) % 5000 == 7, 4, 0).astype(np.int32)
        return Circumstances(star, star, time - 2450010.0, self.glow, 0.0, quality)


def test_noise_is_the_detectors_and_errors_are_misjudged() -> None:
    rng = np.random.default_rng(0)
    for survey, glow in ((Quiet(), 0.0), (type("Lit", (Quiet,), {"glow": 3.0})(), 3.0)):
        visits = survey.visits(2, rng)
        measured = survey.measure(np.array(["a", "b"]), visits, np.full(10_000, 10.0), rng)
        sigma = np.sqrt((1e4 + 1e4 * (1.0 + glow)) / 100.0)  # of 1e4 electrons a second
        good = np.isfinite(measured.value)
        assert np.count_nonzero(~good) == 2
        assert measured.value[good].mean() == pytest.approx(1e4, abs=0.05 * sigma)
        assert measured.value[good].std() == pytest.approx(sigma, rel=0.03)
        assert measured.error is not None
        np.testing.assert_allclose(measured.error, np.exp(0.5) * sigma, rtol=1e-6)
        assert measured.meta["some_mag"].tolist() == [10.0, 10.0]
        assert measured.time[0] == pytest.approx(10.0)


def test_impulses_are_marked_and_spikes_are_not() -> None:
    rng = np.random.default_rng(0)
    for name, bit in (("impulse_share", 8), ("spikes", 0)):
        survey = type("Hit", (Quiet,), {name: 0.01})()
        measured = survey.measure(np.array(["a"]), survey.visits(1, rng), np.full(5000, 10.0), rng)
        assert measured.quality is not None
        off = np.abs(measured.value - 1e4) / np.sqrt(200.0) > 5.5
        assert 20 < np.count_nonzero(off) < 60  # 50 are hit by 4 deviations and more
        assert (measured.quality[off] == bit).all()


def test_a_faint_background_grows_from_the_mean_magnitude_and_not_the_eclipse() -> None:
    survey, rng = Quiet(), np.random.default_rng(0)
    magnitude = np.where(np.arange(5000) < 100, 25.0, 10.0)
    measured = survey.measure(np.array(["a"]), survey.visits(1, rng), magnitude, rng)
    aperture = 1e4 * 10.0 ** (-0.1 * (magnitude.mean() - 10.0))
    assert measured.error is not None
    dark = np.exp(0.5) * np.sqrt((0.01 + aperture) / 100.0)
    assert measured.error[0] == pytest.approx(dark, rel=1e-5)


def test_magnitudes_lie_between_the_limits() -> None:
    drawn = Quiet().magnitudes(1000, np.random.default_rng(0))
    assert 8.0 <= drawn.min() < drawn.max() <= 12.0
