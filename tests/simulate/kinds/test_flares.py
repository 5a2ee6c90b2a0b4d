"""Flares: their shape, number, energies, colour, and that they are the same however they are looked at."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("numba")

from scipy.integrate import quad

from goodricke.simulate.kinds.brightness import surface_ratio
from goodricke.simulate.kinds.flares import FlareStar, flare_shape, flares_of_days
from goodricke.simulate.stars import Columns, Moments

SPAN = (2459000.0, 2459027.0)


def stars(n: int = 1, rate: float = 0.5, slope: float = 1.8, seed: int = 1) -> Columns:
    made = FlareStar().draw(n, np.random.default_rng(seed), SPAN)
    return {**made, "flares_per_day": np.full(n, rate), "energy_slope": np.full(n, slope)}


def quiet(made: Columns) -> Columns:
    return {**made, "spot_cover": np.zeros_like(made["spot_cover"])}


def test_shape_is_that_of_davenport() -> None:
    # A width is that of half of the maximum; the published fit is 0.91 of it wide, and jumps by 0.008 at the peak.
    x = np.linspace(-1, 5, 60_001)
    assert np.ptp(x[flare_shape(x) > 0.5]) == pytest.approx(1.0, abs=0.1)
    assert np.abs(np.diff(flare_shape(x))).max() < 0.01
    assert flare_shape(np.array([-1.5, 400.0])).max() < 1e-12


def test_number_and_energies_are_those_asked() -> None:
    made = stars(rate=0.7)
    days = np.arange(20_000)
    place, peak, height, width = flares_of_days(made, np.zeros(20_000, int), days)
    assert len(peak) == pytest.approx(14_000, abs=4 * np.sqrt(14_000))
    counts = np.bincount(place, minlength=20_000)
    assert counts.var() == pytest.approx(counts.mean(), rel=0.05)
    assert (np.floor(peak) == days[place]).all()
    area, _ = quad(lambda t: float(flare_shape(np.array([t]))[0]), -1, 40, points=[0], limit=200)
    energy = area * height * width * 86400
    # Slope of a power law by maximum likelihood (Clauset, Shalizi & Newman 2009); the upper end is far.
    slope = 1 + len(energy) / np.log(energy / energy.min()).sum()
    assert slope == pytest.approx(1.8, abs=0.04)
    assert energy.min() == pytest.approx(10.0, rel=0.01)
    assert energy.max() < 1.01e5


def test_light_is_the_sum_of_the_flares_about() -> None:
    made = quiet(stars(rate=2.0))
    time = np.linspace(2459010.0, 2459012.0, 4000)
    flux = FlareStar().light(made, Moments(time, np.array([0, 4000])), "Kepler")
    days = np.arange(2459008, 2459014)
    _, peak, height, width = flares_of_days(made, np.zeros(6, int), days)
    expected = 1 + (height * flare_shape((time[:, None] - peak) / width)).sum(axis=1)
    # Flares of two days before have faded to this.
    np.testing.assert_allclose(flux, expected, atol=1e-6)
    assert flux.max() > 1.02


def test_exposures_keep_the_energy_and_lower_the_peaks() -> None:
    made = quiet(stars(rate=2.0))
    step = 1.0 / 48
    long = 2459005.0 + (np.arange(480) + 0.5) * step
    short = 2459005.0 + (np.arange(480 * 200) + 0.5) * step / 200
    soft = FlareStar().light(made, Moments(long, np.array([0, 480]), step), "Kepler") - 1
    sharp = FlareStar().light(made, Moments(short, np.array([0, len(short)])), "Kepler") - 1
    np.testing.assert_allclose(soft, sharp.reshape(480, 200).mean(axis=1), atol=2e-4)
    assert soft.max() < sharp.max()


def test_flares_are_blue() -> None:
    made = quiet(stars(rate=2.0))
    seen = Moments(np.linspace(2459010.0, 2459020.0, 3000), np.array([0, 3000]))
    blue, red = (FlareStar().light(made, seen, b) - 1 for b in ("g", "TESS"))
    hot = [float(surface_ratio(9500.0, made["temperature"], b)[0]) for b in ("g", "TESS")]
    at = red > 1e-3
    np.testing.assert_allclose(blue[at] / red[at], hot[0] / hot[1], rtol=1e-6)
    assert hot[0] > 2 * hot[1]


def test_between_flares_it_is_a_spotted_star() -> None:
    made = stars(n=30, rate=1e-9)
    time = np.tile(np.linspace(*SPAN, 300), 30)
    flux = FlareStar().light(made, Moments(time, np.arange(31) * 300), "V").reshape(30, 300)
    assert (flux <= 1.0).all()
    assert (np.ptp(flux, axis=1) > 0.003).sum() > 25
