"""OGLE: star and band from the path, both time zeros, and look-alikes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import goodricke as gr
from goodricke.surveys import FileStatus, ogle, recognise
from goodricke.surveys.source import Source
from samples import ogle as sample
from samples import star


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    return sample.write(tmp_path)


def test_recognised(files: list[Path]) -> None:
    assert {recognise(Source(str(path), path=path)).name for path in files} == {"ogle"}


def test_bands_of_a_star_unite(files: list[Path]) -> None:
    made = star(start_jd=2455500.0, mag=17.0)
    lcs = gr.read(files[:2])
    assert lcs.object_id.tolist() == ["OGLE-LMC-ECL-90001"]
    one = lcs[0]
    assert set(one.bands) == {"I", "V"}
    assert str(one.time_frame) == "HJD_UTC-2450000"
    red = one.select_band("I")
    np.testing.assert_allclose(red.time + 2450000.0, made.jd, atol=1e-8)
    np.testing.assert_allclose(red.mag, made.mag, atol=2e-6)
    np.testing.assert_allclose(red.mag_err, made.err, rtol=1e-5)
    np.testing.assert_allclose(one.select_band("V").mag, made.mag[::6] + 1, atol=2e-6)


def test_band_is_assumed_with_a_note(files: list[Path]) -> None:
    report: list[FileStatus] = []
    one = gr.read(files[2], report=report)[0]
    assert (one.object_id, one.bands) == ("OGLE-BLG-ECL-990001", ("I",))
    assert "tells no band" in report[0].notes[0]


def test_early_warning_system_has_full_dates(files: list[Path]) -> None:
    one = gr.read(files[3])[0]
    assert str(one.time_frame) == "HJD_UTC"
    np.testing.assert_array_equal(one.time, star(start_jd=2455500.0).jd)


@pytest.mark.parametrize(
    ("path", "name", "band"),
    [
        ("phot/V/OGLE-SMC-T2CEP-01.dat", "OGLE-SMC-T2CEP-01", "V"),
        ("phot.tar.gz::phot/I/OGLE-BLG-RRLYR-00001.dat", "OGLE-BLG-RRLYR-00001", "I"),
        ("OGLE4_V_OGLE-LMC-CEP-0002.dat", "OGLE-LMC-CEP-0002", "V"),
        ("ogle-gd-ecl-00031.i.dat", "OGLE-GD-ECL-00031", "I"),
        ("OGLE-2015-BLG-0966/phot.dat", "OGLE-2015-BLG-0966", ""),
        ("OGLE_LMC_CEP_0002_V.dat", "OGLE-LMC-CEP-0002", "V"),
        ("C:\\data\\I\\star.dat", "", "I"),
        ("visual/star.dat", "", ""),
    ],
)
def test_names(path: str, name: str, band: str) -> None:
    assert (ogle.star_of(path), ogle.band_of(path)) == (name, band)


@pytest.mark.parametrize(
    ("name", "row", "yes"),
    [
        ("OGLE-LMC-CEP-0002.dat", "{0:.4f} 15.1 0.01", True),  # its name is enough for a looser style
        ("OGLE-LMC-CEP-0002.dat", "245{0:.4f} 15.1 0.01", True),
        ("OGLE-LMC-CEP-0002.dat", "{0:.4f} 99.999 9.999", True),
        ("OGLE-LMC-CEP-0002.dat", "5{0:.4f} 15.1 0.01", False),  # MJD
        ("OGLE-LMC-CEP-0002.dat", "{0:.4f} 15.1", False),
        ("OGLE-LMC-CEP-0002.dat", "{0:.4f},15.1,0.01", False),
        ("star.dat", "{0:.5f} 15.123 0.010", True),
        ("star.dat", "{0:.4f} 15.1 0.01", False),
        ("star.dat", "{0:.5f} 1015.123 0.010", False),  # fluxes
        ("star.dat", "245{0:.5f} 15.123 0.010", False),  # full dates without seeing and sky: anybody's
        ("star.dat", "{0:.5f} 15.123 0.010 A", False),
    ],
)
def test_look_alikes(name: str, row: str, yes: bool) -> None:
    text = "".join(row.format(5000.12345 + k) + "\n" for k in range(20))
    assert ogle.recognises(Source(name, data=text.encode())) == yes


def test_real_files(shared_data: Path) -> None:
    folder = shared_data / "raw" / "ogle_dat"
    lcs = gr.read(folder)
    assert lcs.object_id.tolist() == [
        "OGLE-BLG-ECL-001923", "OGLE-GD-ECL-00031", "OGLE-GD-ECL-00062", "OGLE-LMC-CEP-0002",
    ]  # fmt: skip
    cepheid = lcs[3]
    for band in ("I", "V"):
        table = np.loadtxt(folder / f"OGLE4_{band}_OGLE-LMC-CEP-0002.dat")
        np.testing.assert_array_equal(cepheid.select_band(band).time, table[:, 0])
        np.testing.assert_allclose(cepheid.select_band(band).mag, table[:, 1], atol=3e-6)
