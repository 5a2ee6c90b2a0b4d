"""Stars taken one by one out of a batch."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from goodricke.errors import DataError
from goodricke.lightcurves import Measurements
from goodricke.simulate.files.single import number_of, stars_of
from goodricke.timeframes import UNKNOWN, TimeFrame

FRAME = TimeFrame.parse("HJD_UTC-2450000")
BATCH = Measurements(
    object_id=np.array(["b", "empty", "a"]),
    time=np.array([5.0, 4.0, 3.0, 2.0]),
    value=np.array([11.0, 12.0, np.nan, 14.0], dtype=np.float32),
    error=np.array([0.1, np.inf, 0.3, 0.4]),
    kind="mag",
    frame=FRAME,
    star=np.array([2, 0, 2, 0]),
    band=np.array([1, 0, 0, 1], dtype=np.int8),
    bands=("V", "I"),
)


def test_points_are_in_order_of_time_and_none_is_lost() -> None:
    b, empty, a = stars_of(BATCH, "mag", FRAME, "x")
    assert (b.object_id, empty.object_id, a.object_id) == ("b", "empty", "a")
    np.testing.assert_array_equal(b.jd, [2450002.0, 2450004.0])
    np.testing.assert_array_equal(b.value, [14.0, 12.0])
    assert b.band.tolist() == ["I", "V"]
    assert b.seen.tolist() == [True, False], "an infinite error is no measurement"
    assert len(empty.jd) == 0
    assert a.seen.tolist() == [False, True]
    assert a.quality.tolist() == [0, 0]
    assert np.isnan(a.ra)
    assert a.some(a.seen).value.tolist() == [11.0]


def test_one_star_needs_no_index_and_limits_are_not_seen() -> None:
    alone = replace(
        BATCH, object_id=np.array(["s"]), star=None, band=None, error=None, limit=np.ones(4, bool), ra=np.array([10.0]),
        dec=np.array([-3.0]), quality=np.array([1, 0, 2, 0]),
    )  # fmt: skip
    (star,) = stars_of(alone, "mag", FRAME, "x")
    assert star.band.tolist() == ["V"] * 4
    assert not star.seen.any()
    assert star.quality.tolist() == [0, 2, 0, 1]
    assert (star.ra, star.dec) == (10.0, -3.0)


@pytest.mark.parametrize("frame", [TimeFrame.parse("BJD_TDB"), TimeFrame.parse("HJD_TDB-2450000"), UNKNOWN])
def test_another_clock_or_place_is_refused(frame: TimeFrame) -> None:
    with pytest.raises(DataError, match=r"files of OGLE hold mag at times in HJD_UTC-2450000"):
        list(stars_of(replace(BATCH, frame=frame), "mag", FRAME, "OGLE"))


def test_numbers_of_names() -> None:
    assert number_of("TIC 38846515") == 38846515
    assert number_of("sim-12-000000034") == 12000000034
    assert 0 < number_of("Mira") != number_of("Algol") > 0
    assert number_of(f"sim-{10**18}-000000001") < 2**63, "fits into the integers of FITS and Parquet"
    assert number_of("") == 0
