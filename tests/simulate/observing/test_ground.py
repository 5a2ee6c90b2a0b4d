"""What every survey from the ground must keep: the Sun down, the star up, the same bytes for a seed, honest faults."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from astropy import units as u
from astropy.coordinates import AltAz, EarthLocation, SkyCoord, get_sun
from astropy.time import Time
from astropy.utils import iers

from goodricke import ragged
from goodricke.lightcurves import assemble
from goodricke.simulate import BANDS
from goodricke.simulate.observing.asas3 import Asas3
from goodricke.simulate.observing.asassn import Asassn, AsassnV
from goodricke.simulate.observing.crts import Crts
from goodricke.simulate.observing.ground import GroundSurvey
from goodricke.simulate.observing.noise import ErrorLaw
from goodricke.simulate.observing.observatory import Visits
from goodricke.simulate.observing.ogle import Ogle
from goodricke.simulate.observing.photometry import Faults, Photometry
from goodricke.simulate.observing.ztf import Ztf
from goodricke.surveys.table import SURVEYS

ALL = [Asas3, Asassn, AsassnV, Crts, Ogle, Ztf]
HONEST = Faults(
    by_star=0.0, frames=0.0, follows=0.0, uneven=0.0, memory=(), outliers=0.0, outliers_by_star=0.0, outlier_size=0.0,
    outlier_spread=0.0, outlier_fainter=0.5,
)  # fmt: skip
LAW = ErrorLaw(0.02, 0.0, 0.0, 15.0)


class Plain(Crts):
    """A survey without faults."""

    faults = HONEST
    photometry = (Photometry(LAW, LAW, limit=99.0, saturation=0.0),)


def _observe(survey: GroundSurvey, n: int, seed: int, magnitude: float):
    rng = np.random.default_rng(seed)
    visits = survey.visits(n, rng)
    names = np.array([f"star {k}" for k in range(n)])
    return visits, survey.measure(names, visits, np.full(len(visits.time), magnitude), rng)


@pytest.mark.parametrize("survey", ALL)
def test_the_sun_is_down_and_the_star_is_up(survey: type[GroundSurvey]) -> None:
    iers.conf.auto_download = False
    visits = survey().visits(4, np.random.default_rng(8))
    chosen = np.random.default_rng(0).permutation(len(visits.time))[:250]
    star = ragged.segment_ids(visits.offsets)[chosen]
    place = SkyCoord(visits.ra[star] * u.deg, visits.dec[star] * u.deg)
    centre = EarthLocation.from_geocentric(0, 0, 0, unit="m")
    stamp = Time(visits.time[chosen], format="jd", scale="utc", location=centre)
    if survey.frame.place == "heliocentre":
        stamp = stamp - stamp.light_travel_time(place, kind="heliocentric", ephemeris="builtin")
    seen = np.zeros(len(chosen), dtype=bool)
    for programme in survey.programmes:
        site = programme.site
        horizon = AltAz(obstime=stamp, location=EarthLocation.from_geodetic(site.longitude, site.latitude))
        dark = get_sun(stamp).transform_to(horizon).alt.deg < site.twilight + 0.6
        high = place.transform_to(horizon).alt.deg > site.lowest - 0.6
        seen |= dark & high & (visits.band[chosen] == programme.band)
    # 0.6 degrees: refraction, precession, the Sun's motion in a night, and the length of a group of exposures.
    assert seen.all()


@pytest.mark.parametrize("survey", ALL)
def test_the_same_seed_gives_the_same_bytes(survey: type[GroundSurvey]) -> None:
    columns = ("time", "value", "error", "star", "band", "quality", "limit")
    first, again, other = (_observe(survey(), 6, seed, 14.0)[1] for seed in (1, 1, 2))
    for name in columns:
        one, two = getattr(first, name), getattr(again, name)
        assert (one is None and two is None) or one.tobytes() == two.tobytes()
    assert first.time.tobytes() != other.time.tobytes()


@pytest.mark.parametrize("survey", ALL)
def test_the_measurements_assemble(survey: type[GroundSurvey]) -> None:
    visits, measured = _observe(survey(), 12, 3, 13.5)
    assert (np.diff(visits.time)[np.diff(ragged.segment_ids(visits.offsets)) == 0] >= 0.0).all()
    assert (visits.time >= survey.span[0] - 0.01).all()
    assert (visits.time <= survey.span[1] + 0.01).all()
    assert survey.survey in {row.name for row in SURVEYS}
    assert set(survey.filters) <= set(BANDS)
    lcs = assemble(measured, survey.survey)
    assert len(lcs) == 12
    assert lcs.bands == survey.bands
    assert str(lcs.frames[0]) == str(survey.frame)
    points = np.diff(lcs.offsets)
    assert np.median(points) > 50
    level = lcs.ref_mag[points > 100, 0]
    assert np.nanmax(np.abs(level - 13.5)) < 0.1


@pytest.mark.parametrize("survey", ALL)
@pytest.mark.parametrize("n", [0, 1])
def test_few_stars_are_no_trouble(survey: type[GroundSurvey], n: int) -> None:
    visits, measured = _observe(survey(), n, 5, 15.0)
    assert len(visits.offsets) == n + 1
    assert len(measured.object_id) == n
    assert len(survey().magnitudes(n, np.random.default_rng(0))) == n


@pytest.mark.parametrize("factor", [0.5, 1.0, 2.0])
def test_the_chi_square_of_a_constant_star_tells_how_wrong_the_errors_are(factor: float) -> None:
    class Believer(Plain):
        photometry = (Photometry(LAW, ErrorLaw(0.02 * factor, 0.0, 0.0, 15.0), limit=99.0, saturation=0.0),)

    _, measured = _observe(Believer(), 200, 1, 15.0)
    z = (measured.value - 15.0) / measured.error
    # The magnitude is normal in flux: for 0.02 mag the variance differs by a part in a thousand.
    assert np.mean(z**2) == pytest.approx(1.0 / factor**2, rel=0.02)
    believer = replace(HONEST, belief=0.3)
    error = _observe(type("Uneven", (Believer,), {"faults": believer})(), 300, 2, 15.0)[1]
    median = [np.median(error.error[error.star == k]) for k in range(300)]
    assert np.std(np.log(median)) == pytest.approx(0.3, rel=0.15)


def test_red_noise_of_the_survey_has_its_share_and_its_days() -> None:
    class Red(Plain):
        faults = replace(HONEST, memory=((0.6, 0.2),))

    _, measured = _observe(Red(), 400, 2, 15.0)
    z = (measured.value - 15.0) / 0.02
    same = np.diff(measured.star) == 0
    lag = np.diff(measured.time)[same]
    half = 0.5 * (np.diff(z)[same]) ** 2
    near, far = lag < 0.02, lag > 5.0
    # Structure function of white noise and a damped random walk: 1 - share exp(-lag / days).
    assert half[near].mean() == pytest.approx(np.mean(1.0 - 0.6 * np.exp(-lag[near] / 0.2)), rel=0.04)
    assert half[far].mean() == pytest.approx(1.0, rel=0.04)


def test_errors_that_follow_the_frames_are_honest_and_others_are_not() -> None:
    scatter = {}
    for follows in (0.0, 1.0):

        class Frames(Plain):
            faults = replace(HONEST, frames=0.5, follows=follows)

        _, measured = _observe(Frames(), 100, 4, 15.0)
        worse = measured.error > 0.03
        z = (measured.value - 15.0) / measured.error
        scatter[follows] = (z[worse].std(), z[~worse].std())
    assert scatter[1.0] == pytest.approx((1.0, 1.0), abs=0.05)
    assert scatter[0.0][0] < 0.6 < scatter[0.0][1]


def test_faint_points_are_lost_and_bright_ones_burn_out() -> None:
    class Shallow(Plain):
        photometry = (Photometry(LAW, LAW, limit=16.0, saturation=12.0, limit_width=0.05),)
        faults = replace(HONEST, bleeding=0.1)

    visits, bright = _observe(Shallow(), 20, 5, 9.9)
    assert len(bright.time) == 0
    assert len(_observe(Shallow(), 20, 5, 16.5)[1].time) < 0.001 * len(visits.time)
    assert 0.4 < len(_observe(Shallow(), 20, 5, 16.0)[1].time) / len(visits.time) < 0.6
    saturated = _observe(Shallow(), 20, 5, 11.0)[1]
    assert saturated.value.std() == pytest.approx(0.12, rel=0.05)  # 0.02 and 0.1 more for the magnitude above


def test_asassn_marks_limits_where_others_lose_points() -> None:
    visits, measured = _observe(Asassn(), 10, 6, 17.6)
    assert len(measured.time) == len(visits.time)
    assert measured.limit.mean() > 0.5
    assert (measured.error[measured.limit] == 99.99).all()
    # A limit is five standard deviations: the error that the law has at that magnitude is a fifth, within its spread.
    limit = np.median(measured.value[measured.limit & (measured.band == 1)])
    law = Asassn.photometry[1].written
    assert law(np.array([limit]))[0] == pytest.approx(0.2, rel=0.15)
    assert assemble(measured, "asassn_v1").dropped.sum() == measured.limit.sum()


def test_written_numbers_have_the_steps_of_the_files() -> None:
    _, measured = _observe(Asas3(), 3, 7, 12.0)
    assert (np.round(measured.time, 5) == measured.time).all()
    assert (np.round(measured.value, 3) == measured.value).all()
    assert set(np.unique(measured.quality)) <= {0, 1}
    assert set(np.unique(_observe(Crts(), 3, 7, 15.0)[1].quality)) <= {0, 256}
    assert set(np.unique(_observe(Ztf(), 3, 7, 17.0)[1].quality)) == {0, 32768}


def test_a_star_in_two_fields_comes_twice_as_often() -> None:
    class Double(Plain):
        programmes = (replace(Crts.programmes[0], overlap=1.0),)

    single, double = (s.visits(300, np.random.default_rng(9)) for s in (Plain(), Double()))
    assert len(double.time) / len(single.time) == pytest.approx(2.0, rel=0.1)
    assert isinstance(double, Visits)
