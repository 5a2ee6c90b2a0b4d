"""Kepler: quarters, noise and bits, against the stated law and a real star."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

import goodricke
from goodricke import ragged
from goodricke.lightcurves import Measurements, assemble
from goodricke.simulate.observing.kepler import Kepler
from goodricke.simulate.observing.observatory import Visits
from goodricke.surveys.spacecraft import KEPLER_QUALITY

pytest.importorskip("numba")

BITS, MASK = KEPLER_QUALITY.bits, KEPLER_QUALITY.default


def constants(magnitude: float, n: int, seed: int = 0) -> tuple[Visits, Measurements]:
    rng = np.random.default_rng(seed)
    visits = Kepler().visits(n, rng)
    names = np.array([f"KIC {k}" for k in range(n)])
    return visits, Kepler().measure(names, visits, np.full(len(visits.time), magnitude), rng)


def fast_scatter(flux: np.ndarray) -> float:
    return float(1.4826 * np.median(np.abs(np.diff(flux))) / np.sqrt(2.0))


def test_four_quarters_of_even_cadence_with_gaps() -> None:
    visits, measured = constants(12.0, 30)
    star = ragged.segment_ids(visits.offsets)
    gap = np.diff(visits.time)[star[1:] == star[:-1]]
    assert np.median(gap) * 1440.0 == pytest.approx(29.4244, rel=2e-4)
    assert gap.min() > 0.0204
    count = np.diff(visits.offsets)
    assert count.min() > 12_000
    assert count.max() < 18_500
    holes = np.count_nonzero(gap > 0.5) / 30
    assert 10.0 < holes < 15.0  # three between quarters, two in each, and safe modes
    away = np.hypot((visits.ra - 290.667) * np.cos(np.radians(visits.dec)), visits.dec - 44.5)
    assert away.max() < 6.3
    assert measured.bands == ("Kepler",)
    assert str(measured.frame) == "BKJD"
    assert measured.meta["exposure_s"][0] == 1765.5


def test_quarters_are_those_of_the_mission() -> None:
    spells, bounds = Kepler().spells()
    assert len(bounds) == 18
    first, last = spells[bounds[:-1], 0] - 2454833.0, spells[bounds[1:] - 1, 1] - 2454833.0
    assert first[2] == pytest.approx(260.2, abs=0.05)
    assert last[2] == pytest.approx(349.5, abs=0.05)
    assert (spells[:, 1] > spells[:, 0]).all()
    assert (spells[1:, 0] >= spells[:-1, 1]).all()


@pytest.mark.parametrize("magnitude", [10.0, 13.0, 15.5])
def test_constant_stars_scatter_as_the_formula_says(magnitude: float) -> None:
    _, measured = constants(magnitude, 8)
    lcs = assemble(measured, "kepler", MASK)
    electrons = 10.0 ** (0.4 * (25.3 - magnitude))
    rest = 33000.0 * 10.0 ** (0.1 * (13.8 - magnitude))
    stated = np.sqrt((electrons + rest) / (270 * 6.02)) / electrons
    red = np.hypot(4e-5, 0.4 * stated) * np.sqrt(1.0 - np.exp(-29.4244 / 1440.0))  # what a memory of a day forgets
    fast = np.median([fast_scatter(lcs[k].flux) for k in range(8)])
    assert fast == pytest.approx(np.hypot(stated, red), rel=0.03)
    assert np.median(lcs.flux_err) == pytest.approx(np.exp(-0.07) * stated, rel=0.06)
    # What drifts is left of the same order as the noise of one point, not more.
    slow = np.median([1.4826 * np.median(np.abs(lcs[k].flux - 1.0)) for k in range(8)])
    assert slow < 1.6 * np.hypot(stated, np.hypot(4e-5, 3e-5))  # red noise, and levels of quarters


def test_a_twelfth_magnitude_star_is_as_precise_as_published() -> None:
    """Gilliland et al. 2011 (ApJS 197, 6): photons and reading leave some 17 ppm in 6.5 h at Kp 12."""
    detector = Kepler().detector
    flux = detector.flux(np.array([12.0]))
    ppm = 1e6 * detector.deviation(flux, detector.aperture(np.array([12.0])))[0] / flux[0] / np.sqrt(6.5 / 0.4904)
    assert ppm == pytest.approx(17.0, rel=0.15)


def test_bits_are_those_of_the_reader() -> None:
    visits, measured = constants(12.0, 30)
    bits = measured.quality
    assert bits is not None
    share = {name: np.mean((bits & bit) != 0) for name, bit in BITS.items()}
    assert share["aperture_cosmic"] == pytest.approx(0.02, rel=0.05)
    assert share["desaturation"] == pytest.approx(29.4244 / 1440.0 / 2.98, rel=0.05)
    missing = np.isnan(measured.value)
    gone = (bits & (BITS["desaturation"] | BITS["detector_anomaly"])) != 0
    np.testing.assert_array_equal(missing, gone)
    lcs = assemble(measured, "kepler", MASK)
    assert lcs.n_points == len(visits.time) - np.count_nonzero(gone)


def test_the_same_seed_gives_the_same_bytes() -> None:
    one, two, other = (constants(12.0, 2, seed)[1] for seed in (3, 3, 4))
    for name in ("time", "value", "error", "quality"):
        assert getattr(one, name).tobytes() == getattr(two, name).tobytes()
    assert one.value.tobytes() != other.value.tobytes()


def test_a_real_quarter_has_as_many_points_and_as_much_noise(shared_data: Path) -> None:
    real = goodricke.read(shared_data / "raw" / "kepler_llc" / "kplr011442793-2009350155506_llc.fits")
    _, measured = constants(13.804, 20)
    lcs = assemble(measured, "kepler", MASK)
    days = float(np.ptp(real.time))
    first = [np.count_nonzero(lcs[k].time < lcs[k].time[0] + days) for k in range(20)]
    assert np.median(first) == pytest.approx(real.n_points, rel=0.06)
    scatter = np.median([fast_scatter(lcs[k].flux) for k in range(20)])
    assert scatter == pytest.approx(fast_scatter(real.flux), rel=0.15)
    assert np.median(lcs.flux_err) == pytest.approx(float(np.median(real.flux_err)), rel=0.15)


def test_real_gaps_are_as_long_and_as_many(shared_data: Path) -> None:
    """The first 400 days of a star with short gaps left in: per quarter, and their median."""
    table = pq.read_table(shared_data / "lightcurves" / "space_small_obs.parquet").to_pandas()
    time = np.sort(table[table.object_id == "KIC 7108883"].time.to_numpy())
    real = np.diff(time)
    visits, _ = constants(12.0, 30)
    star = ragged.segment_ids(visits.offsets)
    made = np.diff(visits.time)[star[1:] == star[:-1]]
    per_day = [np.count_nonzero(gap > 0.5) / gap.sum() for gap in (real, made)]
    assert per_day[1] == pytest.approx(per_day[0], rel=0.35)  # 12 gaps in 400 days: a third is one standard deviation
    assert np.median(made[made > 0.5]) == pytest.approx(np.median(real[real > 0.5]), rel=0.25)
