from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from astropy.time import Time

from goodricke.errors import OptionError
from goodricke.lightcurves import LightCurves, concatenate
from goodricke.line.moments import Moment, moments_of, when


def star(n: int, name: str = "a", frame: str = "MJD_UTC", start: float = 58000.0) -> LightCurves:
    """A point a day."""
    time = start + np.arange(n)
    return LightCurves.from_arrays(time, flux=1 + np.arange(n), err=np.ones(n), object_id=name, time_frame=frame)


@pytest.mark.parametrize(
    ("wanted", "kinds"),
    [
        (12, ["spread"]),
        (np.int64(3), ["spread"]),
        ("12", ["spread"]),
        (12.0, ["time"]),
        ("12.", ["time"]),
        ("12d", ["time"]),
        ("-12.5", ["time"]),
        ("1e3", ["time"]),
        ([12, 13.5], ["time", "time"]),
        (np.array([12, 13]), ["time", "time"]),
        ("100p", ["points"]),
        ("100 points", ["points"]),
        ("1p", ["points"]),
        ("all", ["every"]),
        ("All", ["every"]),
        ("2021-03-01", ["date"]),
        (["100p", "2021-03-01,all", 5], ["points", "date", "every", "time"]),
        (" 100p , 12 ", ["points", "spread"]),
    ],
    ids=str,
)
def test_words(wanted: object, kinds: list[str]) -> None:
    assert [moment.kind for moment in moments_of(wanted)] == kinds  # type: ignore[arg-type]


@pytest.mark.parametrize("word", ["2021-03-01", "2024-02-29", "1999-12-31T23:59:59", "2021-03-01T06:30"])
def test_dates_agree_with_astropy(word: str) -> None:
    (moment,) = moments_of(word)
    assert moment.value == pytest.approx(Time(word, scale="utc").jd, abs=1e-8)


def test_a_date_in_another_zone_is_turned_to_utc() -> None:
    assert moments_of("2021-03-01T02:00+02:00") == moments_of("2021-03-01")


@pytest.mark.parametrize(
    ("wanted", "says"),
    [
        ("58849", "58849 alone is a number of moments, 1 to 200; write 58849d for a time in days"),
        (0, "0 alone is a number of moments"),
        ("0p", "leaves no point"),
        ("soon", "'soon' says no moment; write 12"),
        ("", "no moment is given; write 12"),
        ([], "no moment is given"),
        ("2021-13-01", "'2021-13-01' is not a date (month must be in 1..12)"),
        ("2021-02-30", "is not a date"),
        ("nan", "nan is not a time"),
        ([np.inf], "inf is not a time"),
        (None, "None says no moments"),
        (True, "True says no moments"),
    ],
    ids=str,
)
def test_what_is_no_moment_is_said(wanted: object, says: str) -> None:
    with pytest.raises(OptionError) as caught:
        moments_of(wanted)  # type: ignore[arg-type]
    assert says in str(caught.value)


def test_times_and_dates_are_of_every_star_in_its_own_frame() -> None:
    lcs = concatenate([star(30), star(30, "b", "BTJD", 1000.0), star(30, "c", "HJD_UTC-2450000", 8000.0)])
    found = when(lcs, moments_of("2018-01-01"))
    assert found.star.tolist() == [0, 1, 2]
    np.testing.assert_allclose(found.time, [58119.0, 1119.5, 8119.5])
    assert when(lcs, moments_of([5.0])).time.tolist() == [5.0, 5.0, 5.0]


def test_a_date_among_times_that_count_from_an_unknown_day_is_refused() -> None:
    lcs = concatenate([star(30), star(30, "odd", "TIME")])
    with pytest.raises(OptionError, match=r"odd: what its times count from is unknown.*--time-frame"):
        when(lcs, moments_of("2018-01-01"))
    assert len(when(lcs, moments_of("100.5"))) == 2


def test_points_are_counted_and_those_that_never_came_are_said() -> None:
    found = when(concatenate([star(30), star(60, "b")]), moments_of("30p,40p"))
    assert found.star.tolist() == [0, 0, 1, 1]
    np.testing.assert_array_equal(found.time, [58029.0, np.nan, 58029.0, 58039.0])
    assert found.lacks.tolist() == [0, 40, 0, 0]


@pytest.mark.parametrize(("n", "k"), [(400, 12), (400, 2), (21, 12), (20, 12), (5, 3), (400, 1)])
def test_spread_moments_are_even_in_the_logarithm_from_twenty_points_to_all(n: int, k: int) -> None:
    found = when(star(n), moments_of(k))
    points = found.time - 58000.0 + 1
    assert points[-1] == n
    assert len(np.unique(points)) == len(points) <= k
    if k > 1:
        assert points[0] == min(20, n)
    if n == 400 and k > 1:
        assert len(points) == k
        steps = np.diff(np.log(points))
        assert np.ptp(steps) < 2.0 / 20  # each count is rounded by half a point, of 20 or more


def test_every_point_from_the_twentieth_on() -> None:
    lcs = concatenate([star(25), star(3, "b")])
    found = when(lcs, moments_of("all"))
    assert (found.time - 58000.0 + 1).tolist() == [20, 21, 22, 23, 24, 25, 3]
    assert found.star.tolist() == [0] * 6 + [1]


def test_equal_moments_count_once_and_points_at_one_time_are_one_moment() -> None:
    twice = star(40)
    twice = replace(twice, time=np.repeat(twice.time[:20], 2))
    found = when(twice, moments_of("39p, 40p, 58019d, all"))
    np.testing.assert_array_equal(found.time, 58009.0 + np.arange(11))
    assert len(when(twice, moments_of("50p,50p"))) == 1


def test_a_star_without_points_has_a_moment_that_never_came() -> None:
    none = star(3).keep_points(np.zeros(3, dtype=bool))
    for words in ("12", "all"):
        found = when(none, moments_of(words))
        assert found.star.tolist() == [0]
        assert np.isnan(found.time).all()
        assert found.lacks.tolist() == [0]


def test_no_stars_have_no_moments() -> None:
    for words in ("12", "all", "100p", "5.5", "2020-01-01"):
        assert len(when(LightCurves.empty(), moments_of(words))) == 0
        assert len(when(star(5)[:0], moments_of(words))) == 0


def test_a_moment_is_plain() -> None:
    assert moments_of("7.25d") == (Moment("time", 7.25),)
