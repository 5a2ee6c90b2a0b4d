"""There and back: nested-pandas, astropy and pandas, and objects that others make."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from astropy.table import Table
from astropy.time import Time
from astropy.timeseries import TimeSeries

from goodricke import LightCurves, concatenate
from goodricke.errors import DataError
from goodricke.lightcurves.exchange import from_object, to_nested, to_table, to_timeseries

# nested-pandas 0.7 uses an argument that pandas 3.1 deprecates, in its own query and set_index.
nested_pandas_warns = pytest.mark.filterwarnings("ignore:The inplace keyword")


def batch() -> LightCurves:
    """Two bands of one star, one band of another, and a difference curve without magnitudes."""
    rng = np.random.default_rng(4)
    time = np.sort(rng.uniform(2458000, 2458100, 8))
    return concatenate(
        [
            LightCurves.from_arrays(time, mag=rng.normal(12, 0.1, 8), err=np.full(8, 0.01), object_id="two",
                                    band=["V", "I"] * 4, time_frame="HJD_UTC", ra=10.0, dec=-5.0),
            LightCurves.from_arrays(time - 2457000, flux=rng.normal(100, 1, 8), err=np.ones(8), object_id="TIC 1",
                                    band="TESS", time_frame="BTJD", zero_point=20.44),
            LightCurves.from_arrays(time[:5], flux=rng.normal(-3, 1, 5), err=np.ones(5), object_id="below", band="V",
                                    time_frame="MJD_UTC"),
        ]
    )  # fmt: skip


def same(a: LightCurves, b: LightCurves) -> None:
    """Everything equal; bands may be numbered otherwise."""
    for name in ("object_id", "survey", "offsets", "time", "flux", "flux_err", "ra", "dec", "difference", "dropped"):
        np.testing.assert_array_equal(getattr(a, name), getattr(b, name), err_msg=name)
    assert [star.band.tolist() for star in a] == [star.band.tolist() for star in b]
    assert [star.ref_mag for star in a] == [star.ref_mag for star in b]
    assert [str(star.time_frame) for star in a] == [str(star.time_frame) for star in b]
    assert set(a.meta) == set(b.meta)


@nested_pandas_warns
def test_nested_frame_and_back() -> None:
    lcs = batch()
    frame = to_nested(lcs)
    assert len(frame) == 3
    assert list(frame["lc"].iloc[0].columns) == ["time", "flux", "flux_err", "band"]
    assert frame["lc"].iloc[1]["flux"].tolist() == lcs[1].flux.tolist()
    assert frame["lc.band"].tolist() == [name for star in lcs for name in star.band]
    same(from_object(frame), lcs)
    # What nested-pandas is for: a query over points, by its own engine.
    bright = frame.query("lc.flux > 1")
    assert len(bright["lc.flux"]) == int((lcs.flux > 1).sum())


@nested_pandas_warns
def test_nested_frame_after_a_cut_of_points() -> None:
    lcs = batch()
    cut = from_object(to_nested(lcs).query("lc.band == 'V'"))
    assert [len(star) for star in cut] == [4, 0, 5]
    np.testing.assert_array_equal(cut.time, lcs.time[np.array(lcs.bands)[lcs.band] == "V"])


@nested_pandas_warns
def test_a_nested_frame_of_somebody_else() -> None:
    import nested_pandas as npd

    frame = npd.NestedFrame({"id": [7, 8], "ra": [1.0, 2.0], "dec": [3.0, 4.0]})
    sources = pd.DataFrame(
        {"id": [7, 7, 8], "mjd": [58000.0, 58001.0, 58002.0], "mag": [12.0, 12.5, 13.0], "band": ["g", "g", "r"]}
    )
    frame = frame.set_index("id").join_nested(sources.set_index("id"), "lc")
    lcs = from_object(frame)
    assert lcs.object_id.tolist() == ["7", "8"]
    assert lcs["7"].mag.tolist() == pytest.approx([12.0, 12.5])
    assert (lcs["8"].ra, lcs["8"].bands, str(lcs["8"].time_frame)) == (2.0, ("r",), "MJD")


def test_table_has_units_and_comes_back() -> None:
    lcs = batch()
    table = to_table(lcs)
    assert {name: str(table[name].unit) for name in ("time", "mag", "ra")} == {"time": "d", "mag": "mag", "ra": "deg"}
    assert len(table) == lcs.n_points
    np.testing.assert_array_equal(table["flux"], lcs.flux)
    np.testing.assert_allclose(np.asarray(table["mag"])[:8], lcs[0].mag, rtol=1e-12)
    back = from_object(table)
    assert sorted(back.object_id) == sorted(lcs.object_id)
    for star in lcs:
        again = back[star.object_id]
        np.testing.assert_array_equal(again.time, star.time)
        assert str(again.time_frame) == str(star.time_frame)
        # Magnitudes are written in double precision and the flux is single: half a unit in its last place.
        np.testing.assert_allclose(again.flux, star.flux, rtol=3e-7)
        assert bool(again.batch.difference[0]) == bool(star.batch.difference[0])


def test_timeseries_and_back() -> None:
    lcs = batch()
    series = to_timeseries(lcs, 1)
    assert series.time.scale == "tdb"
    np.testing.assert_allclose(series.time.jd, lcs[1].time + 2457000.0, rtol=0, atol=1e-9)
    back = from_object(series)
    assert (back.object_id[0], str(back.frames[0])) == ("TIC 1", "BTJD")
    # Times are split into two doubles and joined again: 1e-11 d is a microsecond.
    np.testing.assert_allclose(back.time, lcs[1].time, rtol=0, atol=1e-11)
    np.testing.assert_array_equal(back.flux, lcs[1].flux)
    with pytest.raises(DataError, match="zero point"):
        to_timeseries(LightCurves.from_arrays([1.0, 2.0], flux=[1.0, 1.0]))


def test_timeseries_of_astropy() -> None:
    series = TimeSeries(time=Time(["2019-03-01T00:00:00", "2019-03-02T12:00:00"]), data={"mag": [10.0, 10.5]})
    lcs = from_object(series)
    np.testing.assert_allclose(lcs.time, series.time.jd, rtol=0, atol=1e-9)
    assert str(lcs.frames[0]) == "JD_UTC"


LONG = {
    "object_id": ["a", "b", "a"],
    "hjd": [2458001.0, 2458000.0, 2458000.0],
    "Vmag": [12.5, 13.0, 12.0],
    "e_Vmag": [0.1] * 3,
}


@pytest.mark.parametrize(
    "thing",
    [
        LONG,
        pa.table(LONG),
        pa.table(LONG).to_batches()[0],
        pd.DataFrame(LONG),
        pd.DataFrame(LONG).set_index("object_id"),
        Table(LONG),
        {name: np.array(values) for name, values in LONG.items()},
    ],
    ids=["dict", "arrow", "batch", "pandas", "indexed", "astropy", "arrays"],
)
def test_long_tables_of_every_library(thing: Any) -> None:
    lcs = from_object(thing)
    assert lcs.object_id.tolist() == ["a", "b"]
    assert lcs["a"].mag.tolist() == pytest.approx([12.0, 12.5])
    assert (str(lcs.frames[0]), lcs.bands) == ("HJD_UTC", ("V",))


def test_columns_can_be_chosen() -> None:
    lcs = LightCurves.from_object({"x": [1.0, 2.0], "y": [5.0, 6.0], "z": [0.1, 0.1]}, time="x", flux="y", err="z")
    assert lcs.ref_flux[0, 0] == 5.5
    assert lcs.flux_err[0] == np.float32(0.1 / 5.5)


def test_our_own_layout_and_objects() -> None:
    lcs = batch()
    same(from_object(lcs.to_arrow()), lcs)
    same(from_object(lcs.to_arrow().to_pandas()), lcs)
    assert from_object(lcs) is lcs
    assert from_object(lcs[1]).object_id.tolist() == ["TIC 1"]
    same(from_object([lcs[0], lcs[1:]]), lcs)


def test_a_collection_of_light_curves() -> None:
    stars = [
        SimpleNamespace(time=Time([58000.0 + k], format="mjd"), flux=np.ones(1), meta={"TICID": k, "MISSION": "TESS"})
        for k in range(3)
    ]
    assert from_object(stars).object_id.tolist() == ["TIC 0", "TIC 1", "TIC 2"]
    assert from_object(iter(stars)).bands == ("TESS",)


@pytest.mark.parametrize(
    "thing", [7, "x", None, np.zeros(3), {"a": [1.0]}, {"time": [1.0, 2.0], "mag": [1.0]}, pd.DataFrame()]
)
def test_what_is_no_light_curve(thing: Any) -> None:
    with pytest.raises(DataError, match="cannot be taken"):
        from_object(thing)
