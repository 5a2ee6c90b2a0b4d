"""LSST: visits, depths and errors against published numbers: there is no real light curve of it here."""

from __future__ import annotations

import numpy as np
import pytest

from goodricke import ragged
from goodricke.lightcurves import Measurements, assemble
from goodricke.simulate.observing.lsst import Lsst
from goodricke.simulate.observing.observatory import Visits
from goodricke.simulate.observing.sky import moonlight, sun
from goodricke.surveys.lsst import QUALITY

WANTED = {"r": 184, "u": 56, "g": 80, "i": 184, "z": 160, "y": 160}  # Ivezic et al. 2019, table 1


def constants(magnitude: float, n: int, seed: int = 0) -> tuple[Visits, Measurements]:
    rng = np.random.default_rng(seed)
    visits = Lsst().visits(n, rng)
    names = np.array([str(k) for k in range(n)])
    return visits, Lsst().measure(names, visits, np.full(len(visits.time), magnitude), rng)


def test_each_filter_has_its_number_of_visits() -> None:
    visits, measured = constants(20.0, 300)
    found = np.bincount(visits.band, minlength=6) / 300
    # Nights are dark for 0.43 and not 0.45 of the time: a few per cent from one filter to another.
    np.testing.assert_allclose(found, [WANTED[band] for band in measured.bands], rtol=0.08)
    assert np.median(np.diff(visits.offsets)) == pytest.approx(825, rel=0.02)


def test_visits_come_in_pairs_in_seasons_at_night() -> None:
    survey = Lsst()
    visits, _ = constants(20.0, 100)
    star = ragged.segment_ids(visits.offsets)
    gap = np.diff(visits.time)[star[1:] == star[:-1]]
    assert (gap > 0).all()
    short = gap[gap < 0.1]
    assert len(short) == pytest.approx(len(visits.time) / 2, rel=0.01)
    assert np.median(short) * 1440.0 == pytest.approx(33.0, abs=0.5)
    assert 1.5 < np.median(gap[gap > 0.1]) < 4.5
    seasons = np.count_nonzero(gap > 120.0) / 100
    assert 9.0 <= seasons <= 11.0
    ra, _ = sun(visits.time)
    away = np.abs((np.degrees(ra) - visits.ra[star] + 180.0) % 360.0 - 180.0)
    assert away.min() > 85.0  # never near the Sun
    hour = (visits.time + survey.site.longitude / 360.0) % 1.0  # 0.5 is midnight: Julian days begin at noon
    assert np.abs(hour - 0.5).max() < 0.3
    assert visits.time.min() >= survey.span[0]
    assert visits.time.max() <= survey.span[1]
    assert visits.dec.max() < 2.0


def test_u_and_g_are_kept_for_dark_nights() -> None:
    visits, measured = constants(20.0, 50)
    lit = moonlight(visits.time)
    for band in "ug":
        code = measured.bands.index(band)
        assert np.mean(lit[visits.band == code]) < 0.25
    assert np.mean(lit[visits.band == measured.bands.index("y")]) > 0.45


def test_errors_are_those_of_the_paper() -> None:
    """A fifth of the flux at the depth; 5 mmag in quadrature for bright stars (Ivezic et al. 2019, eq. 4 and 5)."""
    survey = Lsst()
    for k, depth in enumerate(survey.depth):
        at = 10.0 ** (0.4 * (31.4 - depth))
        sigma = survey.deviation(np.array([at]), np.array([depth]), survey.gamma[k : k + 1])[0]
        assert sigma / at == pytest.approx(0.2, rel=0.001)
    magnitude = np.array([17.0, 21.0, 23.0])
    x = 10.0 ** (0.4 * (magnitude - 24.7))
    paper = np.sqrt(0.005**2 + (0.04 - 0.039) * x + 0.039 * x**2)
    flux = 10.0 ** (0.4 * (31.4 - magnitude))
    np.testing.assert_allclose(survey.deviation(flux, np.full(3, 24.7), np.full(3, 0.039)) / flux, paper, rtol=1e-12)


@pytest.mark.parametrize("magnitude", [18.0, 21.0, 23.0])
def test_constant_stars_scatter_as_their_errors_say(magnitude: float) -> None:
    _, measured = constants(magnitude, 60)
    assert measured.error is not None
    assert measured.quality is not None
    good = measured.quality == 0
    ab = magnitude + Lsst().ab[measured.band]
    pull = (measured.value - 10.0 ** (0.4 * (31.4 - ab))) / measured.error
    assert 1.4826 * np.median(np.abs(pull[good])) == pytest.approx(1.0, abs=0.02)
    lcs = assemble(measured, "lsst", QUALITY.default)
    np.testing.assert_allclose(np.median(lcs.ref_mag[:, 0]), magnitude, atol=0.02)  # r is the band of the magnitude
    r = lcs.flux[lcs.band == 0]
    x = 10.0 ** (0.4 * (magnitude - 24.55))  # a night of median moon
    assert 1.4826 * np.median(np.abs(r - 1.0)) == pytest.approx(
        np.hypot(0.005, np.sqrt(0.001 * x + 0.039 * x * x)), rel=0.1
    )


def test_bright_stars_are_saturated_and_faint_ones_may_be_negative() -> None:
    _, bright = constants(14.0, 3)
    assert bright.quality is not None
    assert bright.band is not None
    full = (bright.quality & QUALITY.bits["saturated"]) != 0
    assert full[bright.band == 0].all()
    assert assemble(bright, "lsst", QUALITY.default).n_points < len(bright.time)
    ceiling = 10.0 ** (0.4 * (31.4 - Lsst().saturation[0]))
    np.testing.assert_allclose(bright.value[bright.band == 0], ceiling)
    _, faint = constants(26.5, 3)
    assert (faint.value < 0).any()


def test_flags_are_as_many_as_stated() -> None:
    _, measured = constants(20.0, 100)
    assert measured.quality is not None
    for name, share in Lsst().flagged:
        assert np.mean((measured.quality & QUALITY.bits[name]) != 0) == pytest.approx(share, rel=0.2)
    assert str(measured.frame) == "MJD_TAI"
    assert measured.kind == "flux"


def test_the_same_seed_gives_the_same_bytes() -> None:
    one, two, other = (constants(20.0, 10, seed)[1] for seed in (3, 3, 4))
    for name in ("time", "value", "error", "quality", "band"):
        assert getattr(one, name).tobytes() == getattr(two, name).tobytes()
    assert one.value.tobytes() != other.value.tobytes()


def test_no_star_gives_no_points() -> None:
    rng = np.random.default_rng(0)
    visits = Visits(np.zeros(0), np.zeros(0, np.int8), np.zeros(2, np.int64), np.zeros(1), np.zeros(1))
    measured = Lsst().measure(np.array(["a"]), visits, np.zeros(0), rng)
    assert len(measured.value) == 0
    assert Lsst().magnitudes(3, rng).shape == (3,)
