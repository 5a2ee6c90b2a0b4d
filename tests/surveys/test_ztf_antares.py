"""ZTF light curves of ANTARES, made and real."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from goodricke.lightcurves import Measurements
from goodricke.surveys import ztf_antares
from goodricke.surveys.options import ReadOptions
from goodricke.surveys.source import Source
from samples import DEC, RA, star
from samples import ztf_antares as sample


def measured(source: Source) -> Measurements:
    assert ztf_antares.recognises(source)
    return next(ztf_antares.read(source, ReadOptions()))


@pytest.fixture
def made(tmp_path: Path) -> list[Source]:
    return [Source(str(path), path=path) for path in sample.write(tmp_path)]


def test_short_form(made: list[Source]) -> None:
    m, s = measured(made[0]), star()
    np.testing.assert_array_equal(m.value, s.mag)
    np.testing.assert_allclose(m.time + 2400000.5, s.jd, atol=6e-9)
    assert (m.object_id.tolist(), m.bands, str(m.frame)) == (["ZTF99MADE"], ("g", "r"), "MJD_UTC")
    assert [m.bands[k] for k in m.band[:4]] == ["g", "r", "g", "r"]


def test_full_form_has_limits_and_corrected_magnitudes(made: list[Source]) -> None:
    m, s = measured(made[1]), star()
    limits = np.arange(60) % 10 == 0
    np.testing.assert_array_equal(m.limit, limits)
    np.testing.assert_array_equal(m.value[~limits], s.mag[~limits])
    assert (m.ra.tolist(), m.dec.tolist(), m.notes) == ([RA], [DEC], ())


def test_full_form_without_corrected_magnitudes_says_so(made: list[Source]) -> None:
    text = made[1].data.decode().replace("_corrected", "_other")
    m = measured(Source("ZTF99.csv", data=text.encode()))
    assert np.nanmax(m.value) == np.nanmin(m.value) == 17.5
    assert "difference image" in m.notes[0]


def test_full_form_without_survey_numbers() -> None:
    text = "ant_mjd,ant_passband,ant_mag,ant_magerr,ant_maglim\n58600.5,g,17.0,0.1,20\n58601.5,R,,,20.5\n58602.5,g,,,\n"
    m = measured(Source("ZTF99.csv", data=text.encode()))
    assert m.limit.tolist() == [False, True, False]
    assert np.isnan(m.ra[0])


@pytest.mark.parametrize(
    "text",
    [
        "time,mag,magerr,band\n2458600.5,15.0,0.1,g\n",  # JD
        "time,mag,magerr,band\n58600.5,15.0,0.1,V\n",  # not a band of ZTF
        "time,mag,magerr,band,ra\n58600.5,15.0,0.1,g,10\n",  # one column more
        "time,mag,magerr,band\n2019-05-01,15.0,0.1,g\n",  # dates
        "time,mag,magerr,band\n",
    ],
)
def test_look_alikes_are_left_to_others(text: str) -> None:
    assert not ztf_antares.recognises(Source("s.csv", data=text.encode()))


def test_real_file(shared_data: Path) -> None:
    path = next((shared_data / "raw" / "ztf_antares_csv").iterdir())
    m = measured(Source(str(path), path=path))
    rows = [line.split(",") for line in path.read_text().splitlines()[1:]]
    np.testing.assert_array_equal(m.time, [float(row[0]) for row in rows])
    np.testing.assert_array_equal(m.value, [float(row[1]) for row in rows])
    assert [m.bands[k] for k in m.band] == [row[3].replace("R", "r") for row in rows]
    assert m.object_id.tolist() == ["ZTF19aaxqsbn"]
