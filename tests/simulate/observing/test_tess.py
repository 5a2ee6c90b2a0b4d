"""TESS: points, gaps, noise and bits, against the stated laws and real light curves."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import goodricke
from goodricke import ragged
from goodricke.lightcurves import Measurements, assemble
from goodricke.simulate.observing.observatory import Visits
from goodricke.simulate.observing.tess import Tess, Tess2min, Tess10min, Tess20s, Tess30min
from goodricke.surveys.spacecraft import TESS_BITS, TESS_DEFAULT

pytest.importorskip("numba")


def constants(survey: Tess, magnitude: float, n: int, seed: int = 0) -> tuple[Visits, Measurements]:
    rng = np.random.default_rng(seed)
    visits = survey.visits(n, rng)
    names = np.array([f"TIC {k}" for k in range(n)])
    return visits, survey.measure(names, visits, np.full(len(visits.time), magnitude), rng)


def fast_scatter(flux: np.ndarray) -> float:
    return float(1.4826 * np.median(np.abs(np.diff(flux))) / np.sqrt(2.0))


@pytest.mark.parametrize(
    ("cls", "step", "n"), [(Tess20s, 20, 1), (Tess2min, 120, 3), (Tess10min, 600, 20), (Tess30min, 1800, 40)]
)
def test_cadence_points_and_gaps(cls: type[Tess], step: float, n: int) -> None:
    survey = cls()
    visits, measured = constants(survey, 10.0, n)
    star = ragged.segment_ids(visits.offsets)
    gap = np.diff(visits.time)[star[1:] == star[:-1]]
    assert (gap > 0).all()
    assert np.median(gap) * 86400.0 == pytest.approx(step, rel=2e-4)  # the Earth's speed is 1e-4 of that of light
    long = gap[(gap > 0.1) & (gap < 5.0)]
    assert long.min() > 0.8
    assert long.max() < 1.6
    per_sector = 24.9 * 86400.0 / step
    count = np.diff(visits.offsets)
    assert count.min() > 0.97 * per_sector
    assert count.max() < 1.03 * per_sector * survey.most_sectors
    assert visits.time.min() > survey.span[0] - 0.01
    assert visits.time.max() < survey.span[1] + 0.01
    assert measured.kind == "flux"
    assert measured.bands == ("TESS",)
    assert str(measured.frame) == "BTJD"
    assert measured.meta["exposure_s"].tolist() == [step] * n


def test_fast_light_curves_are_kept_apart() -> None:
    assert Tess20s().variant == "20s"
    assert Tess2min().variant == ""


@pytest.mark.parametrize("magnitude", [8.0, 11.0, 14.0])
def test_constant_stars_scatter_as_the_formula_says(magnitude: float) -> None:
    survey = Tess2min()
    _, measured = constants(survey, magnitude, 6)
    lcs = assemble(measured, "tess_spoc", TESS_DEFAULT)
    electrons = 10.0 ** (0.4 * (20.44 - magnitude))
    rest = 2000.0 * 10.0 ** (0.1 * (16.0 - magnitude))
    stated = np.sqrt((1.09 * electrons + rest) / (0.792 * 120.0)) / electrons
    found = [fast_scatter(lcs[k].flux) for k in range(len(lcs))]
    assert np.median(found) == pytest.approx(
        stated, rel=0.04
    )  # scattered light adds a little, red noise nearly nothing
    ratio = [np.median(lcs[k].flux_err) / fast_scatter(lcs[k].flux) for k in range(len(lcs))]
    assert np.median(ratio) == pytest.approx(1.02, abs=0.12)
    np.testing.assert_allclose(lcs.ref_mag[:, 0], magnitude, atol=0.01)


def test_an_hour_is_as_precise_as_published() -> None:
    """Stassun et al. 2018 fit the precision in an hour with a polynomial: 212 ppm at Tmag 10.09, 1.4 per cent at 16."""
    detector = Tess2min().detector
    for magnitude, ppm in ((10.09, 212.0), (16.0, 13950.0)):
        mean = np.array([magnitude])
        flux = detector.flux(mean)
        hour = detector.deviation(flux, detector.aperture(mean)) / flux / np.sqrt(30.0)
        assert 1e6 * hour[0] == pytest.approx(ppm, rel=0.1)


def test_bits_are_those_of_the_reader() -> None:
    survey = Tess30min()
    visits, measured = constants(survey, 12.0, 300)
    bits = measured.quality
    assert bits is not None
    value = measured.value
    dumped = (bits & TESS_BITS["desaturation"]) != 0
    assert np.isnan(value[dumped]).all()
    assert np.isfinite(value[bits == 0]).all()
    sectors = len(visits.time) / 1200.0
    assert 8.0 < np.count_nonzero(dumped) / sectors < 20.0  # 16 in the real sector 2
    hit = (bits & TESS_BITS["impulsive_outlier"]) != 0
    assert np.count_nonzero(hit) / sectors == pytest.approx(6.0, rel=0.15)
    predicted, strong = ((bits & TESS_BITS[name]) != 0 for name in ("straylight_predicted", "straylight"))
    assert (predicted[strong]).all()
    assert 0.0 < np.mean(predicted) < 0.05
    excluded = np.mean((bits & TESS_BITS["manual_exclude"]) != 0)
    assert excluded == pytest.approx(survey.lost, abs=0.02)


def test_scattered_light_raises_noise_and_error_before_the_end_of_an_orbit() -> None:
    survey = Tess30min()
    visits, measured = constants(survey, 13.0, 200)
    last = np.append(np.diff(visits.time) > 0.5, False)
    first = np.append(True, np.diff(visits.time) > 0.5)
    assert measured.error is not None
    assert np.median(measured.error[last]) > 1.2 * np.median(measured.error[first])


def test_the_same_seed_gives_the_same_bytes() -> None:
    one, two, other = (constants(Tess30min(), 11.0, 5, seed)[1] for seed in (3, 3, 4))
    for name in ("time", "value", "error", "quality"):
        assert getattr(one, name).tobytes() == getattr(two, name).tobytes()
    assert one.value.tobytes() != other.value.tobytes()


def test_variable_stars_keep_their_variation() -> None:
    survey = Tess30min()
    rng = np.random.default_rng(0)
    visits = survey.visits(1, rng)
    magnitude = 9.0 + 0.5 * np.sin(2.0 * np.pi * visits.time / 0.7)
    measured = survey.measure(np.array(["TIC 1"]), visits, magnitude, rng)
    good = measured.quality == 0
    back = 20.44 - 2.5 * np.log10(measured.value[good])
    assert np.median(np.abs(back - magnitude[good])) < 1e-3


@pytest.mark.parametrize(
    ("cls", "pattern", "magnitude"),
    [
        (Tess2min, "tess_spoc_2min/tess2018206045859-s0001-0000000092873799-0120-s_lc.fits", 10.236),
        (Tess30min, "tess_spoc_ffi_hlsp/hlsp_tess-spoc_tess_phot_0000000038846515-s0002_tess_v1_lc.fits", 10.316),
    ],
)
def test_real_stars_have_as_many_points_and_as_much_noise(
    cls: type[Tess], pattern: str, magnitude: float, shared_data: Path
) -> None:
    real = goodricke.read(shared_data / "raw" / pattern)
    survey = cls()
    _, measured = constants(survey, magnitude, 12, 1)
    lcs = assemble(measured, survey.survey, TESS_DEFAULT)
    one = lcs[0]
    inside = one.time < one.time[0] + 27.0
    # Sectors last 25.5 to 27.9 days; the pipelines' errors differ from the sky's mean by their star's own background.
    assert np.count_nonzero(inside) == pytest.approx(real.n_points, rel=0.1)
    scatter = np.median([fast_scatter(lcs[k].flux) for k in range(len(lcs))])
    assert scatter == pytest.approx(fast_scatter(real.flux), rel=0.15)
    assert np.median(lcs.flux_err) == pytest.approx(float(np.median(real.flux_err)), rel=0.2)
