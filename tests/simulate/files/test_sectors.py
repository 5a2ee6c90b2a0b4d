"""Sectors of TESS."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import numpy as np
import pytest

from goodricke.simulate.files.sectors import FILES, sector_of

# First days of sectors as the mission's page of observations lists them (tess.mit.edu/observations).
LISTED = {
    1: "2018-07-25", 2: "2018-08-22", 13: "2019-06-19", 14: "2019-07-18", 26: "2020-06-08", 27: "2020-07-04",
    39: "2021-05-26", 40: "2021-06-24", 42: "2021-08-20", 47: "2021-12-30", 55: "2022-08-05", 56: "2022-09-01",
    60: "2022-12-23", 65: "2023-05-04", 69: "2023-08-25", 70: "2023-09-20",
}  # fmt: skip


def julian(date: str, form: str = "%Y-%m-%d") -> float:
    """Julian date of a date."""
    return (datetime.strptime(date, form).replace(tzinfo=UTC).timestamp()) / 86400.0 + 2440587.5


def test_stamps_are_those_of_the_days_that_the_mission_lists() -> None:
    for sector, date in LISTED.items():
        stamp = julian(FILES[sector - 1].split("-")[0], "%Y%j%H%M%S")
        assert abs(stamp - julian(date) - 0.5) < 1.5, sector


def test_stamps_follow_each_other_by_two_orbits() -> None:
    """Of 13.7 days each; sector 6 began three days late, which the stamp says."""
    assert all(re.fullmatch(r"20[12]\d{10}-0[12]\d\d", name) for name in FILES)
    begin = np.array([julian(name.split("-")[0], "%Y%j%H%M%S") for name in FILES])
    assert ((np.diff(begin) > 21.0) & (np.diff(begin) < 31.0)).all()
    number = [int(name.split("-")[1]) for name in FILES]
    assert (np.diff(number) > 0).all()


@pytest.mark.parametrize(
    ("btjd", "sector"),
    [
        # First and last points of real files: TSTART and TSTOP of 2-min and FFI light curves in the archive.
        (1325.299275, 1), (1353.182363, 1), (1354.126323, 2), (1381.501473, 2),
    ],
)  # fmt: skip
def test_real_files_fall_into_their_sector(btjd: float, sector: int) -> None:
    assert sector_of(np.array([btjd + 2457000.0])).tolist() == [sector]


def test_times_outside_the_table_get_its_ends() -> None:
    assert sector_of(np.array([2450000.0, 2470000.0])).tolist() == [1, 70]
    assert sector_of(np.zeros(0)).tolist() == []


def test_an_orbit_is_never_divided() -> None:
    """The second one here begins two days before sector 15 did and ends ten days after."""
    first, second = 2458695.0 + np.arange(0.0, 12.0, 0.02), 2458708.2 + np.arange(0.0, 12.5, 0.02)
    found = sector_of(np.concatenate([first, second]))
    assert found.tolist() == [14] * len(first) + [15] * len(second)


def test_simulated_orbits_fall_into_the_sectors_that_they_are_meant_for() -> None:
    """Equal orbits, 26 sectors between the beginnings of the first and the 27th, with a day without data in each."""
    sector = np.arange(1, 70)
    for orbit in (0.0, 13.6725):
        begin = 2458325.29 + 27.345 * (sector - 1) + orbit
        jd = np.concatenate([b + np.arange(0.0, 12.4, 0.1) for b in begin])
        np.testing.assert_array_equal(sector_of(jd), np.repeat(sector, 124))
