"""Objects shaped like lightkurve's, made from astropy parts: lightkurve itself cannot stand beside pandas 3."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from astropy import units
from astropy.table import MaskedColumn, Table
from astropy.time import Time, TimeFromEpoch
from astropy.timeseries import TimeSeries
from astropy.utils.masked import Masked

from goodricke.errors import DataError
from goodricke.lightcurves.timeseries import has_times, light_curve_of, table_of


class TimeBTJD(TimeFromEpoch):  # lightkurve registers these two formats in the same way
    name = "btjd"
    unit = 1.0
    epoch_val = 2457000
    epoch_val2 = None
    epoch_scale = "tdb"
    epoch_format = "jd"


class TimeBKJD(TimeFromEpoch):
    name = "bkjd"
    unit = 1.0
    epoch_val = 2454833
    epoch_val2 = None
    epoch_scale = "tdb"
    epoch_format = "jd"


class LightCurve(TimeSeries):
    """lightkurve's class, as far as we need it: columns are attributes, too."""

    def __getattr__(self, name: str) -> Any:
        if name in ("flux", "flux_err") and name in self.colnames:
            return self[name]
        raise AttributeError(name)


BTJD = np.array([1325.296726, 1325.298115, 1325.2995])
META = {"TICID": 29779873, "MISSION": "TESS", "AUTHOR": "SPOC", "RA": 120.5, "DEC": -30.25, "LABEL": "TIC 29779873"}


def lightkurve_like(**meta: Any) -> LightCurve:
    flux = np.array([100.0, 102.0, 98.0]) * units.electron / units.s
    series = LightCurve(
        time=Time(BTJD, format="btjd", scale="tdb"),
        data={"flux": flux, "flux_err": flux * 0.01, "sap_flux": flux * 2, "sap_flux_err": flux * 0.03},
    )
    series.meta.update({**META, **meta})
    return series


def test_a_lightkurve_object() -> None:
    thing = lightkurve_like()
    assert has_times(thing)
    lcs = light_curve_of(thing, {})
    assert (lcs.object_id[0], lcs.survey[0], lcs.bands, str(lcs.frames[0])) == (
        "TIC 29779873",
        "tess_spoc",
        ("TESS",),
        "BTJD",
    )
    # Two doubles of a Time hold more than the one they came from: rounding is that of the smaller number.
    np.testing.assert_allclose(lcs.time, BTJD, atol=1e-12, rtol=0)
    np.testing.assert_allclose(lcs.flux, [1.0, 1.02, 0.98], rtol=1e-6)
    np.testing.assert_allclose(lcs.flux_err, [0.01, 0.0102, 0.0098], rtol=1e-6)
    assert (lcs.ra[0], lcs.dec[0], lcs.ref_flux[0, 0]) == (120.5, -30.25, 100.0)


def test_another_flux_brings_its_error() -> None:
    lcs = light_curve_of(lightkurve_like(), {"flux": "sap_flux"})
    assert lcs.ref_flux[0, 0] == 200.0
    np.testing.assert_allclose(lcs.flux_err, 0.03 / 2 * lcs.flux, rtol=1e-6)
    with pytest.raises(DataError, match="no 'raw_flux'"):
        light_curve_of(lightkurve_like(), {"flux": "raw_flux"})
    with pytest.raises(DataError, match="only flux and err"):
        light_curve_of(lightkurve_like(), {"time": "x"})


@pytest.mark.parametrize(
    ("meta", "name", "survey", "band"),
    [
        (
            {"TICID": None, "KEPLERID": 11442793, "MISSION": "Kepler", "AUTHOR": "Kepler"},
            "KIC 11442793",
            "kepler",
            "Kepler",
        ),
        ({"TICID": None, "KEPLERID": 201912552, "MISSION": "K2", "AUTHOR": "K2"}, "EPIC 201912552", "k2", "Kepler"),
        ({"TICID": None, "AUTHOR": "me", "MISSION": "", "LABEL": "Algol"}, "Algol", "arrays", "unknown"),
        ({"AUTHOR": "QLP"}, "TIC 29779873", "tess_qlp", "TESS"),
    ],
)
def test_names_and_missions(meta: dict[str, Any], name: str, survey: str, band: str) -> None:
    lcs = light_curve_of(lightkurve_like(**meta), {})
    assert (lcs.object_id[0], lcs.survey[0], lcs.bands) == (name, survey, (band,))


def test_lightkurve_1_with_plain_arrays() -> None:
    thing = SimpleNamespace(
        time=np.array([131.5, 131.6]), flux=np.array([1.0, np.nan]), flux_err=np.array([np.nan, np.nan]),
        time_format="bkjd", label="KIC 1", mission="Kepler", meta={},
    )  # fmt: skip
    lcs = light_curve_of(thing, {})
    assert (str(lcs.frames[0]), lcs.object_id[0], lcs.n_points) == ("BKJD", "KIC 1", 1)
    assert lcs.meta["error_estimated"].all()


def test_masked_times_and_fluxes_are_left_out() -> None:
    thing = lightkurve_like()
    masked = SimpleNamespace(
        time=Time(Masked(BTJD, mask=[True, False, False]), format="btjd", scale="tdb"),
        flux=Masked(thing["flux"], mask=[False, False, True]), flux_err=None, meta=META,
    )  # fmt: skip
    assert light_curve_of(masked, {}).time.tolist() == pytest.approx([BTJD[1]], abs=1e-12)


def test_a_bkjd_time_keeps_its_zero_point() -> None:
    thing = SimpleNamespace(time=Time([131.5], format="bkjd", scale="tdb"), flux=np.ones(1), meta={})
    lcs = light_curve_of(thing, {})
    assert (str(lcs.frames[0]), lcs.time.tolist()) == ("BKJD", [131.5])


def test_tables_with_units_masks_and_times() -> None:
    table = Table(
        {
            "when": Time([58000.25, 58001.5], format="mjd", scale="tai"),
            "flux": MaskedColumn([1.0, 2.0], mask=[False, True], unit="nJy"),
            "band": MaskedColumn(["g", "r"], mask=[False, True]),
            "image": np.zeros((2, 3, 4)),
        }
    )
    rows, frame, name = table_of(table)
    assert rows.column_names == ["when", "flux", "band"]
    assert (str(frame), name) == ("MJD_TAI", "star")
    assert rows["when"].to_pylist() == [58000.25, 58001.5]
    assert np.isnan(rows["flux"].to_pylist()[1])
    assert rows["band"].to_pylist() == ["g", ""]
    assert rows.schema.field("flux").metadata == {b"unit": b"nJy"}


def test_mappings_may_repeat_a_word() -> None:
    rows, frame, _ = table_of({"time": [1.0, 2.0], "mag": np.array([1, 2], ">f4"), "object_id": "Algol"})
    assert rows["object_id"].to_pylist() == ["Algol", "Algol"]
    assert frame is None
