"""Time frames against astropy, against light travel times worked out by hand, and names there and back."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from astropy import units
from astropy.coordinates import EarthLocation, SkyCoord
from astropy.time import Time
from astropy.utils import iers
from hypothesis import given
from hypothesis import strategies as st

from goodricke.errors import DataError, OptionError
from goodricke.timeframes import UNKNOWN, TimeFrame, to_bjd, to_jd

MS = 1e-3 / 86400.0
RESOLUTION = 5e-10  # days: spacing of float64 near JD 2.4 million


@pytest.mark.parametrize(
    ("name", "frame"),
    [
        ("BTJD", TimeFrame("tdb", "barycentre", 2457000.0)),
        ("BKJD", TimeFrame("tdb", "barycentre", 2454833.0)),
        ("MJD", TimeFrame("unknown", "observer", 2400000.5)),
        ("MJD_UTC", TimeFrame("utc", "observer", 2400000.5)),
        ("HMJD", TimeFrame("unknown", "heliocentre", 2400000.5)),
        ("GAIA_TCB", TimeFrame("tcb", "barycentre", 2455197.5)),
        ("HJD_UTC-2450000", TimeFrame("utc", "heliocentre", 2450000.0)),
        ("bjd_tdb", TimeFrame("tdb", "barycentre", 0.0)),
        (" HJD - 2450000 ", TimeFrame("unknown", "heliocentre", 2450000.0)),
        ("TIME", UNKNOWN),
    ],
)
def test_names(name: str, frame: TimeFrame) -> None:
    parsed = TimeFrame.parse(name)
    assert (parsed.scale, parsed.place) == (frame.scale, frame.place)
    assert np.array_equal(parsed.zero_jd, frame.zero_jd, equal_nan=True)


@given(
    st.sampled_from(["tdb", "utc", "tai", "tt", "tcb", "unknown"]),
    st.sampled_from(["barycentre", "heliocentre", "observer", "unknown"]),
    st.one_of(st.sampled_from([0.0, 2400000.5, 2457000.0, 2454833.0]), st.floats(-1e7, 1e7)),
)
def test_every_frame_comes_back_from_its_name(scale: str, place: str, zero_jd: float) -> None:
    frame = TimeFrame(scale, place, zero_jd)  # type: ignore[arg-type]
    again = TimeFrame.parse(str(frame))
    assert again == frame
    assert (again.scale, again.place, again.zero_jd) == (scale, place, zero_jd)


def test_a_zero_point_with_many_digits_is_not_cut() -> None:
    # Ten digits would move the times by 39 s.
    frame = TimeFrame("tdb", "barycentre", 2457000.12345)
    assert TimeFrame.parse(str(frame)).zero_jd == 2457000.12345
    assert frame != TimeFrame("tdb", "barycentre", 2457000.1234)


@pytest.mark.parametrize("text", ["", "XJD", "BJD_ABC", "BJD_TDB-", "BJD_TDB-1.2.3", "JD+5", "BTJD-5"])
def test_a_name_that_means_nothing(text: str) -> None:
    with pytest.raises(OptionError, match="time frame"):
        TimeFrame.parse(text)


def test_scales_and_places_are_checked() -> None:
    with pytest.raises(DataError, match="scales are tdb"):
        TimeFrame("gps", "observer", 0.0)  # type: ignore[arg-type]
    with pytest.raises(DataError, match="places are barycentre"):
        TimeFrame("utc", "moon", 0.0)  # type: ignore[arg-type]


def test_equal_frames_have_equal_hashes_and_compare_with_nothing_else() -> None:
    assert hash(TimeFrame.parse("BTJD")) == hash(TimeFrame("tdb", "barycentre", 2457000.0))
    assert TimeFrame.parse("BTJD") != "BTJD"
    assert TimeFrame("unknown", "unknown", np.nan) == UNKNOWN


def test_to_jd_only_moves_the_zero_point() -> None:
    assert to_jd([59000.25], TimeFrame.parse("MJD")).tolist() == [2459000.75]
    with pytest.raises(DataError, match="--time-frame"):
        to_jd([1.0], UNKNOWN)


def test_barycentric_times_change_their_clock_only() -> None:
    utc = Time([58000.0, 58500.5], format="mjd", scale="utc")
    there = to_bjd(utc.mjd, TimeFrame("utc", "barycentre", 2400000.5), np.nan, np.nan)
    # 37 leap seconds + 32.184 s, and the periodic terms of TDB stay below 2 ms.
    assert np.allclose((there - utc.jd) * 86400.0, 69.184, atol=0.002 + 86400.0 * RESOLUTION)
    tcb = to_bjd([0.0], TimeFrame.parse("GAIA_TCB"), np.nan, np.nan)
    assert abs(tcb[0] - Time(2455197.5, format="jd", scale="tcb").tdb.jd) < RESOLUTION


POSITIONS = [(0.0, 0.0), (266.4, -29.0), (270.0, 66.56), (83.6, 22.0)]


@pytest.mark.parametrize(("ra", "dec"), POSITIONS)
def test_ground_and_heliocentric_times_against_astropy(ra: float, dec: float) -> None:
    star = SkyCoord(ra * units.deg, dec * units.deg)
    centre = EarthLocation.from_geocentric(0.0, 0.0, 0.0, unit="m")
    with warnings.catch_warnings(), iers.conf.set_temp("auto_download", False):
        warnings.simplefilter("ignore")  # polar motion, which does not matter at the centre of the Earth
        utc = Time(2455000.0 + np.linspace(0.0, 2000.0, 40), format="jd", scale="utc", location=centre)
        bjd = (utc.tdb + utc.light_travel_time(star, "barycentric")).jd
        hjd = (utc + utc.light_travel_time(star, "heliocentric")).jd
    # astropy turns with the Earth and aberrates nothing here: both sum epv00 positions, so 0.1 ms is generous.
    assert np.abs(to_bjd(utc.mjd, TimeFrame.parse("MJD_UTC"), ra, dec) - bjd).max() < 0.1 * MS
    # A single iteration from HJD to JD would leave 25 ms.
    assert np.abs(to_bjd(hjd, TimeFrame.parse("HJD_UTC"), ra, dec) - bjd).max() < 0.1 * MS


def test_light_travel_time_by_hand() -> None:
    # At the June solstice the Earth is 1.016 au from the Sun on the side of ecliptic longitude 270 deg: light of a star
    # there reaches it 1.016 * 499 s = 507 s before the Sun, and light of one at the ecliptic pole at the same time.
    solstice = [2458291.0]
    tdb = Time(solstice, format="jd", scale="utc").tdb.jd
    towards = (to_bjd(solstice, TimeFrame.parse("JD_UTC"), 270.0, -23.44) - tdb) * 86400.0
    pole = (to_bjd(solstice, TimeFrame.parse("JD_UTC"), 270.0, 66.56) - tdb) * 86400.0
    assert abs(towards[0] - 507.0) < 6.0  # the Sun is up to 5 light seconds away from the barycentre
    assert abs(pole[0]) < 1.0


def test_many_times_use_the_spline_and_agree_with_few() -> None:
    frame = TimeFrame.parse("MJD_UTC")
    times = np.linspace(58000.0, 58100.0, 2000)
    many = to_bjd(times, frame, 83.6, 22.0)
    few = np.concatenate([to_bjd(part, frame, 83.6, 22.0) for part in np.split(times, 100)])
    assert np.abs(many - few).max() <= 2 * RESOLUTION


def test_one_position_per_point() -> None:
    frame = TimeFrame.parse("MJD_UTC")
    ra, dec = np.array(POSITIONS).T
    times = 58000.0 + np.arange(4.0)
    together = to_bjd(times, frame, ra, dec)
    alone = [to_bjd(times[i : i + 1], frame, ra[i], dec[i])[0] for i in range(4)]
    assert np.abs(together - alone).max() <= RESOLUTION


def test_what_is_needed_is_said() -> None:
    with pytest.raises(DataError, match="position"):
        to_bjd([58000.0], TimeFrame.parse("MJD_UTC"), np.nan, 0.0)
    with pytest.raises(DataError, match="where these times were taken"):
        to_bjd([2450000.0], TimeFrame("utc", "unknown", 0.0), 0.0, 0.0)
    assert to_bjd([], TimeFrame.parse("MJD_UTC"), 0.0, 0.0).shape == (0,)


def test_an_unknown_clock_is_taken_as_utc() -> None:
    times = [58000.0]
    assert np.array_equal(
        to_bjd(times, TimeFrame.parse("MJD"), 1.0, 2.0), to_bjd(times, TimeFrame.parse("MJD_UTC"), 1.0, 2.0)
    )
