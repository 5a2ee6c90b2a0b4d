"""MACHO: header cards, one band a file, archives."""

from __future__ import annotations

import tarfile
from pathlib import Path

import numpy as np
import pytest

import goodricke as gr
from goodricke.surveys import recognise
from goodricke.surveys.source import Source
from samples import DEC, RA, star
from samples import macho as sample


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    return sample.write(tmp_path)


def test_recognised(files: list[Path]) -> None:
    assert {recognise(Source(str(path), path=path)).name for path in files} == {"macho"}


def test_one_band(files: list[Path]) -> None:
    made = star(start_jd=2449000.5, mag=-6.0)
    one = gr.read(files[0])[0]
    assert one.object_id == "MACHO 1.3444.9001"
    assert (one.ra, one.dec) == pytest.approx((RA, DEC), abs=1e-4)  # hours of right ascension in the file
    assert (str(one.time_frame), one.bands) == ("MJD_UTC", ("B",))
    np.testing.assert_allclose(one.time + 2400000.5, made.jd, atol=1e-8)
    np.testing.assert_allclose(one.mag, made.mag, atol=2e-6)


def test_point_without_error(files: list[Path]) -> None:
    one = gr.read(files[1])[0]
    assert (len(one), one.dropped) == (59, {"error": 1})


def test_archive_of_both_bands(files: list[Path], tmp_path: Path) -> None:
    archive = tmp_path / "lc_MADE.tar.bz2"
    with tarfile.open(archive, "w:bz2") as tar:
        for path in files:
            tar.add(path, arcname=path.name)
    lcs = gr.read(archive)
    assert lcs.object_id.tolist() == ["MACHO 1.3444.9001"]
    assert lcs[0].ref_mag["R"] - lcs[0].ref_mag["B"] == pytest.approx(-0.3, abs=1e-6)


def test_file_without_errors(tmp_path: Path) -> None:
    path = tmp_path / "MADE.mjd"
    path.write_text("#Field Tile Seq RA(hour) Dec(deg)\n#1 2 3 x -69\n#MJD Mag\n" + "48823.5 -6.0\n48824.5 -6.1\n")
    lcs = gr.read(path)
    assert lcs.object_id.tolist() == ["MACHO 1.2.3"]
    assert lcs.meta["error_estimated"].tolist() == [True]
    assert np.isnan(lcs.ra[0])
    assert lcs.bands == ("unknown",)


def test_file_without_names_of_columns(files: list[Path], tmp_path: Path) -> None:
    path = tmp_path / "MADE_cut.mjd"
    path.write_text(files[0].read_text().replace("#MJD Mag Err\n", ""))
    assert gr.read(path).n_points == 60


def test_real_archive(shared_data: Path) -> None:
    one = gr.read(shared_data / "raw" / "macho" / "lc_1.3444.614.tar.bz2")[0]
    assert one.object_id == "MACHO 1.3444.614"
    assert (one.ra, one.dec) == pytest.approx((15 * 5.02878, -69.171))
    # med_Mag of the header of the B file
    assert one.ref_mag["B"] == pytest.approx(-5.962, abs=2e-3)
    assert (len(one.select_band("B")), len(one.select_band("R"))) == (1235, 722)
