"""Points and a guess to Measurements: dates, types, missing errors, frames, fluxes beside magnitudes."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from astropy.time import Time

from goodricke.errors import ReadError
from goodricke.lightcurves import Measurements, assemble
from goodricke.lightcurves.guess import guess_columns
from goodricke.lightcurves.layout import columns_of, points_of_rows
from goodricke.lightcurves.tables import measured, numbers, subset
from goodricke.timeframes import TimeFrame


def parts(**columns: Any) -> list[Measurements]:
    table = pa.table(columns)
    guess = guess_columns(columns_of(table.schema))
    return list(measured(points_of_rows(table, guess, "file"), guess))


@pytest.mark.parametrize(
    "dates",
    [
        ["2019-03-01T12:34:56.789", "2019-03-02T00:00:00"],
        ["2019-03-01 12:34:56.789Z", "2019-03-02 00:00"],
        [dt.datetime(2019, 3, 1, 12, 34, 56, 789000), dt.datetime(2019, 3, 2)],  # noqa: DTZ001 (astronomers' UTC)
    ],
)
def test_dates_become_julian_dates(dates: list[Any]) -> None:
    (found,) = parts(date=dates, mag=[10.0, 11.0])
    expected = Time(["2019-03-01T12:34:56.789", "2019-03-02T00:00:00"], scale="utc").jd
    np.testing.assert_allclose(found.time, expected, atol=1e-9, rtol=0)  # 0.1 ms: doubles of this size hold no more
    assert str(found.frame) == "JD_UTC"
    assert "Julian dates" in found.notes[-1]


def test_days_with_a_fraction_and_plain_days() -> None:
    (found,) = parts(date=["2012-01-20.2954027", "2012-01-21"], mag=[10.0, 11.0])
    start = Time("2012-01-20", scale="utc").jd
    np.testing.assert_allclose(found.time, [start + 0.2954027, start + 1], atol=1e-9, rtol=0)
    (day,) = parts(date=pa.array([dt.date(2012, 1, 20)]), mag=[10.0])
    assert day.time[0] == start


def test_text_that_is_no_date_says_what_to_do() -> None:
    with pytest.raises(ReadError, match=r"text such as 'noon'.*JD"):
        parts(time=["noon", "later"], mag=[10.0, 11.0])


def test_seconds_are_refused() -> None:
    field = pa.field("time", pa.float64(), metadata={"unit": "s"})
    table = pa.table([pa.array([1.0]), pa.array([10.0])], schema=pa.schema([field, pa.field("mag", pa.float64())]))
    guess = guess_columns(columns_of(table.schema))
    with pytest.raises(ReadError, match="are in 's'"):
        list(measured(points_of_rows(table, guess, "x"), guess))


@pytest.mark.parametrize(
    ("array", "expected"),
    [
        (pa.array([1, None, 3]), [1, np.nan, 3]),
        (pa.array([1.5, None], pa.float32()), [1.5, np.nan]),
        (pa.array(["1.5", " 2 ", None]), [1.5, 2, np.nan]),
        (pa.array([True, False, None]), [1, 0, np.nan]),
        (pa.array([1, 2], pa.uint64()), [1, 2]),
        (pa.array([1.25, 2]).cast(pa.decimal128(6, 2)), [1.25, 2]),
        (pa.array([4.0, 4.0, 5.0]).dictionary_encode(), [4, 4, 5]),
        (pa.nulls(2), [np.nan, np.nan]),
    ],
)
def test_numbers_of_every_type(array: pa.Array, expected: list[float]) -> None:
    found = numbers(array, "x")
    assert found.dtype.kind == "f"
    np.testing.assert_array_equal(found, expected)


def test_other_types_are_refused() -> None:
    with pytest.raises(ReadError, match="'x' is list"):
        numbers(pa.array([[1.0]]), "x")


def test_frames_of_a_table_split_its_stars() -> None:
    found = parts(
        object_id=["a", "b", "a", "c"], band=["TESS", "V", "TESS", "V"], time=[1325.0, 2458000.0, 1326.0, 2458001.0],
        flux=[1.0, 2.0, 1.1, 5.0],
    )  # fmt: skip
    assert {str(part.frame): part.object_id.tolist() for part in found} == {"BTJD": ["a"], "JD": ["b", "c"]}
    assert [part.time.tolist() for part in found if part.object_id[0] == "a"] == [[1325.0, 1326.0]]


def test_a_column_of_frames_decides() -> None:
    found = parts(object_id=["a", "b"], time=[1.0, 2.0], time_frame=["BTJD", "HJD_UTC"], mag=[1.0, 2.0])
    assert {part.object_id[0]: str(part.frame) for part in found} == {"a": "BTJD", "b": "HJD_UTC"}


def test_stars_without_magnitudes_are_read_from_their_fluxes() -> None:
    """What goodricke writes as csv: a difference curve has no magnitudes, and its negative fluxes survive."""
    found = parts(
        object_id=["a", "a", "b", "b"], mjd=[58000.0, 58001.0] * 2, flux=[1.0, 0.9, -3.0, 2.0], flux_err=[0.1] * 4,
        mag=[12.0, 12.1, None, None], mag_err=[0.1, 0.1, None, None],
    )  # fmt: skip
    kinds = {part.object_id[0]: part for part in found}
    assert {name: part.kind for name, part in kinds.items()} == {"a": "mag", "b": "flux"}
    assert kinds["b"].value.tolist() == [-3.0, 2.0]
    assert assemble(kinds["b"], "x").difference.tolist() == [True]


def test_units_give_zero_points() -> None:
    field = pa.field("flux", pa.float64(), metadata={"unit": "nJy"})
    table = pa.table([pa.array([58000.0]), pa.array([1e4])], schema=pa.schema([pa.field("mjd", pa.float64()), field]))
    guess = guess_columns(columns_of(table.schema))
    (found,) = measured(points_of_rows(table, guess, "x"), guess, frame=TimeFrame.parse("MJD_TAI"))
    assert assemble(found, "x").ref_mag[0, 0] == pytest.approx(31.4 - 10, abs=1e-3)
    assert str(found.frame) == "MJD_TAI"


def test_the_band_may_stand_in_the_name_of_the_magnitude() -> None:
    assert parts(HJD=[2458000.0], Vmag=[10.0])[0].bands == ("V",)
    assert parts(HJD=[2458000.0], mag=[10.0])[0].bands == ("unknown",)


def test_too_many_bands() -> None:
    with pytest.raises(ReadError, match="200 different bands"):
        parts(time=np.arange(200.0), mag=np.arange(200.0), band=[str(k) for k in range(200)])


def test_subset_keeps_the_stars_in_order() -> None:
    whole = Measurements(
        object_id=np.array(["a", "b", "c"]), time=np.arange(5.0), value=np.arange(5.0), error=None, kind="mag",
        star=np.array([2, 0, 1, 2, 0]), ra=np.array([1.0, 2.0, 3.0]), limit=np.arange(5) == 0,
        meta={"n": np.array([7, 8, 9])},
    )  # fmt: skip
    part = subset(whole, np.array([True, False, True]))
    assert part.object_id.tolist() == ["a", "c"]
    assert part.star is not None
    assert part.star.tolist() == [1, 0, 1, 0]
    assert part.time.tolist() == [0.0, 1.0, 3.0, 4.0]
    assert part.ra is not None
    assert (part.ra.tolist(), part.meta["n"].tolist()) == ([1.0, 3.0], [7, 9])
