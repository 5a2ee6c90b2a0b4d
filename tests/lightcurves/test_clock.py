"""What times mean, from names and sizes: the conventions are those of the surveys' own documents."""

from __future__ import annotations

import numpy as np
import pytest

from goodricke.lightcurves.clock import guess_frames, named_frame, plain


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("BTJD", ("barycentre", "tdb", 2457000.0)),
        ("bkjd", ("barycentre", "tdb", 2454833.0)),
        ("HMJD", ("heliocentre", "utc", 2400000.5)),
        ("HJD - 2450000", ("heliocentre", "utc", 2450000.0)),
        ("BJD - 2457000, days", ("barycentre", "tdb", 2457000.0)),
        ("bjd_tdb", ("barycentre", "tdb", None)),
        ("MJD_TAI", ("observer", "tai", 2400000.5)),
        ("obsmjd", ("observer", "unknown", 2400000.5)),
        ("midpointMjdTai", ("observer", "tai", 2400000.5)),
        ("JD", ("observer", "unknown", None)),
        ("JD-2400000.5", ("observer", "unknown", 2400000.5)),
        ("time", None),
        ("adjd", None),
    ],
)
def test_names_that_state_a_clock(name: str, expected: object) -> None:
    assert named_frame(name) == expected


@pytest.mark.parametrize(
    ("name", "time", "band", "star", "expected"),
    [
        ("time", 2458000.1, "V", "a", "JD"),
        ("time", 58000.1, "V", "a", "MJD"),
        ("time", 1325.3, "TESS", "TIC 1", "BTJD"),
        ("time", 131.5, "Kepler", "KIC 1", "BKJD"),
        ("time", 54953.5, "Kepler", "KIC 1", "BJD_TDB-2400000"),
        ("time", 5260.6, "I", "OGLE-LMC-CEP-0002", "HJD_UTC-2450000"),
        ("time", 5260.6, "I", "a", "TIME"),
        ("time", 290.3, "R", "EROS", "TIME"),
        ("HJD", 5260.6, "V", "a", "HJD_UTC-2450000"),
        ("HJD", 55260.6, "V", "a", "HJD_UTC-2400000"),
        ("HJD", 2455260.6, "V", "a", "HJD_UTC"),
        ("MJD", 2455260.6, "V", "a", "JD"),  # the values cannot lie
        ("BJD", 2000.5, "TESS", "TIC 1", "BTJD"),
        ("mjd", 58000.1, "V", "a", "MJD"),
    ],
)
def test_frames_from_sizes(name: str, time: float, band: str, star: str, expected: str) -> None:
    index, frames, _ = guess_frames(name, np.array([time]), [band], [star])
    assert str(frames[index[0]]) == expected


def test_units_of_fits_state_the_clock() -> None:
    _, frames, said = guess_frames("TIME", np.array([1325.0]), ["unknown"], ["a"], "BJD - 2457000, days")
    assert [str(frame) for frame in frames] == ["BTJD"]
    assert not said


def test_stars_of_one_table_may_differ() -> None:
    first = np.array([1325.0, np.nan, 2458000.0, 1330.0])
    index, frames, said = guess_frames("time", first, ["TESS", "TESS", "V", "TESS"], list("abcd"))
    assert [str(frames[k]) for k in index] == ["BTJD", "BTJD", "JD", "BTJD"]
    assert len(said) == 2


def test_what_a_name_states_is_not_called_a_guess() -> None:
    assert guess_frames("mjd", np.array([58000.0]), ["V"], ["a"])[2] == ()
    assert "taken as MJD" in guess_frames("time", np.array([58000.0]), ["V"], ["a"])[2][0]
    assert "unknown" in guess_frames("time", np.array([3.0]), ["V"], ["a"])[2][0]


def test_plain_names() -> None:
    assert plain("  E_Vmag (mag) ") == "e_vmag_mag"
