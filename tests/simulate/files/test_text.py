"""Files of text: what stands where, by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import goodricke as gr
from goodricke.lightcurves import Measurements
from goodricke.simulate.files.table import write_files
from goodricke.timeframes import TimeFrame


def star(name: str, frame: str, bands: tuple[str, ...], **columns: object) -> Measurements:
    """Three points of one star in the first band, and one in the last."""
    given = {
        "time": 2455000.123456789 + np.arange(4.0) - TimeFrame.parse(frame).zero_jd,
        "value": np.array([12.0, 12.5, 13.0, 13.5]), "error": np.array([0.01, 0.02, 0.03, 0.04]), "kind": "mag",
        "ra": np.array([150.25]), "dec": np.array([-20.5]), "quality": np.zeros(4, np.int64),
    }  # fmt: skip
    band = np.array([0, 0, 0, len(bands) - 1], dtype=np.int8)
    return Measurements(
        object_id=np.array([name]), frame=TimeFrame.parse(frame), bands=bands, band=band, **{**given, **columns}
    )


def test_asas3_grades_and_apertures(tmp_path: Path) -> None:
    measured = star("sim 1", "HJD_UTC-2450000", ("V",), quality=np.array([0, 1, 3, 6]))
    (path,) = write_files(measured, "asas3", tmp_path)
    lines = path.read_text().splitlines()
    assert "#desig= sim_1" in lines
    assert "#cra=  10.016667" in lines
    assert "#cdec= -20.500000" in lines
    rows = [line.split() for line in lines if not line.startswith("#")]
    assert rows[0] == ["5000.12346", *["12.000"] * 5, *["0.010"] * 5, "A", "0"]
    assert [row[-2] for row in rows] == ["A", "B", "C", "D"], "the worst of several"


def test_asassn_limits_fluxes_and_dates(tmp_path: Path) -> None:
    limit = np.array([False, True, False, False])
    value = np.array([12.0, 17.25, np.nan, 16.4])
    (path,) = write_files(star("s", "HJD_UTC", ("V", "g"), value=value, limit=limit), "asassn", tmp_path)
    rows = [line.split(",") for line in path.read_text().splitlines()[1:]]
    # 1 mJy is 16.4 mag; 4.4 mag brighter is 10^1.76 = 57.544 times as much.
    assert rows[0][5:] == ["12.000", "0.010", "57.544", "0.530", "V"]
    assert rows[1][4:] == ["17.250", ">17.250", "99.990", "99.990", "99.990", "V"]
    assert rows[2][5:] == ["99.990", "99.990", "99.990", "99.990", "V"]
    assert rows[3][5:8] == ["16.400", "0.040", "1.000"]
    assert [row[2][1].islower() for row in rows] == [True] * 4
    # JD 2455000.5 is 2009-06-18 at 0 h; light comes some minutes early or late.
    day = float(rows[0][1].removeprefix("2009-06-17"))
    assert day == pytest.approx(0.6235, abs=0.006)
    assert day != pytest.approx(0.62346, abs=1e-4)


def test_asassn_v2_magnitudes_limits_and_the_first_line(tmp_path: Path) -> None:
    measured = star(
        "12702", "JD_UTC", ("V", "g"), kind="flux", value=np.array([100.0, 1.0, -0.5, 1.0]), error=np.full(4, 0.1),
        zero_point=[16.5, 16.4], limit=np.array([False, True, False, False]), quality=np.array([0, 0, 0, 1]),
    )  # fmt: skip
    (path,) = write_files(measured, "asassn", tmp_path)
    lines = path.read_text().splitlines()
    assert lines[0] == '# "asas_sn_id":12702,"ra_deg":150.25,"dec_deg":-20.5'
    rows = [line.split(",") for line in lines[2:]]
    # 100 mJy are 5 mag brighter than 1 mJy, 0.1 in 100 is 1.0857 mmag, five errors are 0.5 mJy.
    assert rows[0][1:6] == ["100", "0.1", "11.50000", "0.00109", "17.253"]
    assert [row[3:5] for row in rows[1:3]] == [["17.25257", "99.99000"]] * 2
    assert rows[3][3:5] == ["16.40000", "0.10857"]
    assert [row[8:] for row in rows] == [["G", "V"], ["G", "V"], ["G", "V"], ["B", "g"]]
    (lc,) = gr.read(str(path))
    assert (lc.object_id, lc.ra, len(lc.time)) == ("12702", 150.25, 1)
    unknown = star("s", "JD_UTC", ("V",), kind="flux", ra=None, dec=None)
    assert write_files(unknown, "asassn", tmp_path)[0].read_text().startswith('# "asas_sn_id":"s"\njd,')


def test_ogle_files_by_name_and_by_folder(tmp_path: Path) -> None:
    frame, bands = "HJD_UTC-2450000", ("I", "V")
    paths = write_files(star("OGLE-LMC-ECL-90001", frame, bands), "ogle", tmp_path)
    assert [path.name for path in paths] == ["OGLE-LMC-ECL-90001_I.dat", "OGLE-LMC-ECL-90001_V.dat"]
    assert paths[0].read_text().splitlines()[0] == "5000.12346 12.000 0.010"
    assert paths[1].read_text() == "5003.12346 13.500 0.040\n"
    paths = write_files(star("sim-1-000000002", frame, bands), "ogle", tmp_path)
    assert [path.relative_to(tmp_path).as_posix() for path in paths] == [
        "I/sim-1-000000002.dat", "V/sim-1-000000002.dat",
    ]  # fmt: skip
    assert gr.read(str(tmp_path)).object_id.tolist() == ["OGLE-LMC-ECL-90001", "sim-1-000000002"]


def test_crts_numbers_flags_and_blends(tmp_path: Path) -> None:
    measured = star("1121081014342", "MJD_UTC", ("V_CSS",), quality=np.array([0, 256, 4, 260]))
    (path,) = write_files(measured, "crts", tmp_path)
    assert path.name == "1121081014342.csv"
    rows = [line.split(",") for line in path.read_text().splitlines()[1:]]
    assert rows[0] == ["1121081014342", "12.000000", "0.010000", "150.25000", "-20.50000", "54999.6234568", "0", "0"]
    assert [row[6:] for row in rows] == [["0", "0"], ["0", "1"], ["4", "0"], ["4", "1"]]


def test_ztf_objects_and_clocks(tmp_path: Path) -> None:
    from astropy.coordinates import EarthLocation, SkyCoord
    from astropy.time import Time

    (path,) = write_files(star("ZTF 77", "HJD_UTC", ("r", "i")), "ztf", tmp_path)
    rows = [line.split(",") for line in path.read_text().splitlines()[1:]]
    assert [row[0] for row in rows] == ["599200000000077"] * 3 + ["599300000000077"]
    assert [row[7] for row in rows] == ["zr", "zr", "zr", "zi"]
    seen = Time(
        float(rows[0][3]), format="mjd", scale="utc", location=EarthLocation.from_geodetic(-116.86, 33.36, 1700.0)
    )
    light = seen.light_travel_time(SkyCoord(150.25, -20.5, unit="deg"), kind="heliocentric")
    # The telescope is not at the centre of the Earth: 21 ms at most.
    assert (seen + light).utc.jd == pytest.approx(float(rows[0][2]), abs=0.2 / 86400.0)


def test_gaia_transits_and_magnitudes(tmp_path: Path) -> None:
    time = 2457000.0 + np.array([0.0, 0.0004, 0.0739, 20.0]) - 2455197.5
    measured = star(
        "Gaia DR3 5853498713190525696", "GAIA_TCB", ("G", "RP"), kind="flux", time=time, quality=np.array([0, 1, 2, 3]),
        value=np.array([1e4, 1e2, -5.0, np.nan]), error=np.full(4, 2.0),
    )  # fmt: skip
    (path,) = write_files(measured, "gaia", tmp_path)
    assert path.name == "EPOCH_PHOTOMETRY-Gaia DR3 5853498713190525696.csv"
    rows = [line.split(",") for line in path.read_text().splitlines()[1:]]
    assert [row[1] for row in rows] == ["0", "0", "1", "2"]
    # 25.6874 - 10 and - 5: a flux of 10^4 and 10^2.
    assert [row[4] for row in rows] == ["15.687400", "20.687400", "", ""]
    assert rows[0][5:8] == ["10000", "2", "5000"]
    assert rows[3][5:8] == ["", "", ""]
    assert [row[8:10] for row in rows] == [["false", "false"], ["true", "false"], ["false", "true"], ["true", "true"]]
