"""A whole batch in BJD, star by star the same as the conversion of one star."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from goodricke import timeframes
from goodricke.clean import to_bjd
from goodricke.errors import DataError
from goodricke.lightcurves import LightCurves, concatenate


def one(frame: str, start: float, name: str, ra: float = 83.0, dec: float = -5.0) -> LightCurves:
    return LightCurves.from_arrays(
        start + np.arange(20.0), flux=np.ones(20), object_id=name, time_frame=frame, ra=ra, dec=dec
    )


def test_every_star_in_its_own_frame() -> None:
    lcs = concatenate(
        [one("BTJD", 1325.0, "a"), one("HJD_UTC-2450000", 8000.0, "b"), one("MJD_UTC", 58000.0, "c", ra=200.0),
         one("HJD_UTC-2450000", 8100.0, "d", ra=10.0, dec=80.0)]
    )  # fmt: skip
    done = to_bjd(lcs)
    assert [str(frame) for frame in done.frames] == ["BJD_TDB"]
    for before, after in zip(lcs, done, strict=True):
        alone = timeframes.to_bjd(before.time, before.time_frame, before.ra, before.dec)
        # 40 microseconds: float64 at JD 2.4 million
        assert np.allclose(after.time, alone, rtol=0, atol=1e-9)
    assert np.array_equal(done.flux, lcs.flux)
    assert np.array_equal(to_bjd(done).time, done.time)


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (one("MJD_UTC", 58000.0, "no place", ra=np.nan), "no place: the position"),
        (one("TIME", 1.0, "no zero"), "no zero: the zero point"),
        (one("TIME_UTC-2400000", 1.0, "nowhere"), "nowhere: it is not known where"),
    ],
)
def test_the_star_that_cannot_be_converted_is_named(bad: LightCurves, said: str) -> None:
    with pytest.raises(DataError, match=said):
        to_bjd(concatenate([one("BTJD", 1325.0, "a"), one("MJD_UTC", 58000.0, "b"), bad]))


def test_a_star_without_points_needs_no_position() -> None:
    bare = replace(one("MJD_UTC", 58000.0, "b", ra=np.nan).keep_points(np.zeros(20, dtype=bool)))
    assert to_bjd(concatenate([one("MJD_UTC", 58000.0, "a"), bare])).lengths.tolist() == [20, 0]
    assert len(to_bjd(LightCurves.empty())) == 0
