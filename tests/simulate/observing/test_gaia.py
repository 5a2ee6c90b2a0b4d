"""Gaia: the scanning law, errors and flags, against published numbers: there is no real epoch photometry here."""

from __future__ import annotations

import numpy as np
import pytest

from goodricke import ragged
from goodricke.lightcurves import Measurements, assemble
from goodricke.simulate.observing.gaia import Gaia
from goodricke.simulate.observing.observatory import Visits
from goodricke.simulate.observing.sky import sun
from goodricke.simulate.observing.space import ECLIPTIC_POLE, unit_vectors
from goodricke.surveys import gaia


def constants(magnitude: float, n: int, seed: int = 0) -> tuple[Visits, Measurements]:
    rng = np.random.default_rng(seed)
    visits = Gaia().visits(n, rng)
    names = np.array([f"Gaia DR3 {k}" for k in range(n)])
    return visits, Gaia().measure(names, visits, np.full(len(visits.time), magnitude), rng)


def isotropic(n: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(5)
    return rng.uniform(0.0, 360.0, n), np.degrees(np.arcsin(rng.uniform(-1.0, 1.0, n)))


def test_the_spin_axis_keeps_its_angle_to_the_sun_and_goes_round_it() -> None:
    survey = Gaia()
    day = survey.span[0] + np.arange(0.0, 500.0, 0.5)
    axis = survey.axis(day)
    np.testing.assert_allclose(np.linalg.norm(axis, axis=1), 1.0, rtol=1e-6)
    ra, dec = sun(day)
    towards = unit_vectors(np.degrees(ra), np.degrees(dec))
    np.testing.assert_allclose((axis * towards).sum(axis=1), np.cos(np.radians(45.0)), rtol=1e-6)
    height = axis @ ECLIPTIC_POLE
    turns = np.count_nonzero(np.diff(np.sign(height)) > 0)
    assert turns in (7, 8)  # 500 / 62.97


def test_transits_of_a_star_are_those_of_the_law() -> None:
    """Every transit is near the scanned circle, and every passage of the circle has transits, found by brute force."""
    survey = Gaia()
    ra, dec = isotropic(60)
    star, time = survey.transits(ra, dec)
    direction = unit_vectors(ra, dec)
    off = np.degrees(np.arcsin((survey.axis(time) * direction[star]).sum(axis=1)))
    assert np.abs(off).max() < survey.half_width + 0.005  # a parabola stands for the way of the circle in a day
    fine = np.arange(survey.span[0], survey.span[1], survey.spin_days / 50.0)
    height = np.degrees(np.arcsin(survey.axis(fine) @ direction.T))
    # Each of two fields sees a star once in a turn: twice the days within reach, over the days of a turn.
    expected = 2.0 * np.mean(np.abs(height) < survey.half_width, axis=0) * (survey.span[1] - survey.span[0]) / 0.25
    count = np.bincount(star, minlength=60)
    assert count.sum() == pytest.approx(expected.sum(), rel=0.05)
    # A passage that is within reach for 1.3 turns has one transit or two: half a transit for each of some 20 passages.
    assert np.abs(count - expected).max() < 10.0
    assert np.corrcoef(count, expected)[0, 1] > 0.97


def test_number_of_transits_over_the_sky() -> None:
    """About 40 on the mean for DR3, and most of them 45 degrees from the ecliptic (Gaia Collaboration 2016)."""
    survey = Gaia()
    ra, dec = isotropic(4000)
    star, _ = survey.transits(ra, dec)
    count = np.bincount(star, minlength=4000) * survey.kept
    latitude = np.abs(np.degrees(np.arcsin(unit_vectors(ra, dec) @ ECLIPTIC_POLE)))
    assert 37.0 < count.mean() < 46.0
    belt = count[(latitude > 42.0) & (latitude < 48.0)].mean()
    assert belt > 1.8 * count[latitude < 20.0].mean()
    assert belt > 1.4 * count[latitude > 70.0].mean()


def test_fields_follow_each_other_and_bands_share_transits() -> None:
    visits, measured = constants(14.0, 100)
    star = ragged.segment_ids(visits.offsets)
    assert (np.diff(visits.time)[star[1:] == star[:-1]] > 0).all()
    g = visits.band == 0
    gap = np.diff(visits.time[g])[np.diff(star[g]) == 0] * 1440.0
    one_field = np.mean(np.abs(gap - 106.5) < 0.5) + np.mean(np.abs(gap - 253.5) < 0.5)
    assert one_field > 0.3
    assert np.mean(gap > 5 * 1440.0) > 0.15
    counts = np.bincount(visits.band, minlength=3)
    assert counts[1] == counts[2]
    assert counts[1] / counts[0] == pytest.approx(0.94, abs=0.02)
    lag = (visits.time[visits.band == 1][:, None] - visits.time[g][None, :]) * 86400.0
    assert (np.abs(lag - 24.0).min(axis=1) < 0.01).all()
    assert measured.bands == ("G", "BP", "RP")
    assert str(measured.frame) == "GAIA_TCB"
    assert 1600.0 < measured.time.min() < measured.time.max() < 2710.0


@pytest.mark.parametrize("magnitude", [11.0, 15.0, 19.0])
def test_constant_stars_scatter_as_the_formula_says(magnitude: float) -> None:
    _, measured = constants(magnitude, 150)
    lcs = assemble(measured, "gaia", gaia.QUALITY.default)
    survey = Gaia()
    for band in range(3):
        detector = survey.detectors[band]
        electrons = detector.flux(np.array([magnitude]))[0]
        parts = (detector.excess * electrons + detector.background) / detector.collecting / electrons**2
        stated = np.sqrt(parts + survey.floors[band] ** 2)
        flux = lcs.flux[lcs.band == band]
        assert 1.4826 * np.median(np.abs(flux - 1.0)) == pytest.approx(stated, rel=0.05)
        assert np.median(lcs.flux_err[lcs.band == band]) == pytest.approx(stated, rel=0.05)
        np.testing.assert_allclose(np.median(lcs.ref_mag[:, band]), magnitude, atol=0.02)


def test_errors_are_of_the_published_size() -> None:
    """Transits in G reach 2 mmag for bright stars and some 20 at the limit; BP and RP are several times worse."""
    survey = Gaia()

    def mmag(magnitude: float, band: int) -> float:
        sigma = survey.deviation(np.array([magnitude]), band)[0]
        return float(1085.7 * sigma / survey.detectors[band].flux(np.array([magnitude]))[0])

    assert 1.0 < mmag(12.0, 0) < 3.0
    assert 3.0 < mmag(17.0, 0) < 6.0
    assert 15.0 < mmag(20.0, 0) < 40.0
    assert mmag(17.0, 1) > 3.0 * mmag(17.0, 0)


def test_rejected_points_are_off_and_marked() -> None:
    _, measured = constants(15.0, 300)
    bits = measured.quality
    assert bits is not None
    assert measured.band is not None
    g = measured.band == 0
    assert not (bits[g] & 1).any()  # photometry rejects CCDs of a G transit, not the transit
    assert np.mean((bits[~g] & 1) != 0) == pytest.approx(0.015, abs=0.004)
    assert np.mean((bits & 2) != 0) == pytest.approx(0.016, abs=0.004)
    level = np.median(measured.value[g])
    off = np.abs(measured.value[g] - level)
    assert np.median(off[(bits[g] & 2) != 0]) > 4.0 * np.median(off)


def test_the_same_seed_gives_the_same_bytes() -> None:
    one, two, other = (constants(15.0, 20, seed)[1] for seed in (3, 3, 4))
    for name in ("time", "value", "error", "quality", "band"):
        assert getattr(one, name).tobytes() == getattr(two, name).tobytes()
    assert one.value.tobytes() != other.value.tobytes()


def test_magnitudes_are_within_reach() -> None:
    drawn = Gaia().magnitudes(1000, np.random.default_rng(0))
    assert drawn.min() > 9.0
    assert drawn.max() < 20.3
