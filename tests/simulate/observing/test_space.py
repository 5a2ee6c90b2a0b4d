"""Even cadences at the barycentre, noise of counted electrons, drifts."""

from __future__ import annotations

import numpy as np
import pytest

from goodricke.simulate.observing.space import Detector, Drift, cadences, few, impulses, rising, steps, unit_vectors
from goodricke.timeframes import TimeFrame, to_bjd

DRIFT = Drift(red=1e-3, red_share=0.0, red_days=0.5, step=0.0, ramp=0.0, ramp_days=0.5, spread=0.0)


def test_a_cadence_is_even_on_the_spacecraft_and_not_at_the_barycentre() -> None:
    """Astropy gives the same times, but for the way of the Sun round the barycentre (5 s) and the fit."""
    ra, dec = np.array([10.0, 200.0]), np.array([-5.0, 70.0])
    first = np.array([2458325.0, 2458340.0, 2458400.0])
    time, offsets = cadences(np.array([0, 0, 1]), first, first + 13.0, 0.25, ra, dec)
    assert offsets.tolist() == [0, 104, 156]
    clock = (first[:, None] + 0.25 * (np.arange(52) + 0.5)).ravel()
    star = np.repeat([0, 1], [104, 52])
    exact = to_bjd(clock, TimeFrame("tdb", "observer", 0.0), ra[star], dec[star])
    assert np.abs(time - exact).max() * 86400.0 < 8.0
    assert np.abs(time - clock).max() * 86400.0 > 200.0  # there was something to correct


def test_a_spell_without_length_has_no_points() -> None:
    none = cadences(np.array([0]), np.array([2458000.0]), np.array([2458000.0]), 0.1, np.zeros(2), np.zeros(2))
    assert len(none[0]) == 0
    assert none[1].tolist() == [0, 0, 0]


def test_photons_alone_follow_the_square_root_of_their_number() -> None:
    photons = Detector(zero_point=20.0, collecting=100.0, excess=1.0, background=0.0, reference=10.0)
    flux = photons.flux(np.array([10.0]))
    assert flux[0] == pytest.approx(1e4)
    assert photons.deviation(flux, photons.aperture(np.array([10.0])))[0] == pytest.approx(10.0)  # 1e6 electrons: 1000
    sky = Detector(zero_point=20.0, collecting=100.0, excess=0.0, background=400.0, reference=10.0)
    assert sky.deviation(flux, sky.aperture(np.array([10.0])))[0] == pytest.approx(2.0)
    assert sky.aperture(np.array([0.0]))[0] == pytest.approx(4000.0)  # ten magnitudes: ten times the pixels


def test_steps_are_one_number_per_piece_of_a_star() -> None:
    star = np.repeat([0, 1, 2], [1000, 1000, 4])
    piece = np.concatenate([np.arange(2000) // 4, [499, 499, 500, 500]])
    level = steps(star, piece, np.array([1.0, 3.0, 0.0]), np.random.default_rng(0))
    assert (np.ptp(level[:2000].reshape(-1, 4), axis=1) == 0).all()
    assert len(np.unique(level[:2000])) == 500
    assert level[:1000].std() == pytest.approx(1.0, rel=0.2)  # of 250 numbers
    assert level[1000:2000].std() == pytest.approx(3.0, rel=0.2)
    assert (level[2000:] == 0).all()
    assert len(steps(np.zeros(0, np.int64), np.zeros(0, np.int64), np.ones(1), np.random.default_rng(0))) == 0


def test_red_noise_has_its_size_and_its_memory() -> None:
    time = np.arange(40_000) * 0.1
    star = np.zeros(len(time), dtype=np.int64)
    size = DRIFT.sizes(np.array([0.0]), np.random.default_rng(0))
    assert size[0] == pytest.approx(1e-3)
    change = DRIFT.draw(time, star, star, star, time + 100.0, size, np.random.default_rng(1))
    assert change.std() == pytest.approx(1e-3, rel=0.1)  # 4,000 independent numbers
    after = np.corrcoef(change[:-5], change[5:])[0, 1]
    assert after == pytest.approx(np.exp(-1.0), abs=0.06)  # half a day is the memory


def test_a_ramp_decays() -> None:
    ramp = Drift(red=1.0, red_share=0.0, red_days=1.0, step=0.0, ramp=1.0, ramp_days=0.5, spread=0.0)
    n = 4000
    age = np.tile([0.0, 0.5, 5.0], n)
    star = np.repeat(np.arange(n), 3)
    quiet = np.full(n, 1e-300) * 1.0
    assert np.ptp(ramp.draw(age, star, star, star, age, quiet, np.random.default_rng(0))) < 1e-290
    change = ramp.draw(age, star, star, star, age, np.ones(n), np.random.default_rng(0)).reshape(n, 3)
    # Red noise of variance 1, and the ramp's 1, exp(-2) and nothing.
    np.testing.assert_allclose(change.var(axis=0), [2.0, 1.0 + np.exp(-2.0), 1.0], rtol=0.1)


def test_drifts_grow_with_the_noise_of_faint_stars() -> None:
    law = Drift(red=1e-4, red_share=0.5, red_days=1.0, step=0.0, ramp=0.0, ramp_days=1.0, spread=0.0)
    np.testing.assert_allclose(law.sizes(np.array([0.0, 0.02]), np.random.default_rng(0)), [1e-4, 0.01], rtol=1e-3)


def test_a_few_points_are_hit_and_most_of_them_upwards() -> None:
    hit, size = impulses(1_000_000, 0.01, np.random.default_rng(0))
    assert len(hit) == pytest.approx(9950, abs=300)  # 10,000 less those drawn twice
    assert np.abs(size).min() >= 4.0
    assert np.mean(size > 0) == pytest.approx(0.8, abs=0.02)
    assert (np.diff(hit) > 0).all()
    assert len(few(0, 0.5, np.random.default_rng(0))) == 0


def test_magnitudes_rise_as_told() -> None:
    magnitude = rising(100_000, 8.0, 14.0, 0.3, np.random.default_rng(0))
    assert magnitude.min() >= 8.0
    assert magnitude.max() <= 14.0
    ratio = np.count_nonzero(magnitude > 13.0) / np.count_nonzero((magnitude > 12.0) & (magnitude < 13.0))
    assert ratio == pytest.approx(10.0**0.3, rel=0.03)


def test_unit_vectors_point_there() -> None:
    np.testing.assert_allclose(
        unit_vectors(np.array([0.0, 90.0, 5.0]), np.array([0.0, 0.0, 90.0])), np.eye(3), atol=1e-15
    )
