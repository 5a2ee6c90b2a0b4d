"""ASAS-SN Sky Patrol v2: fluxes, non-detections, bands, many stars."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

import goodricke as gr
from goodricke.surveys import recognise
from goodricke.surveys.asassn_v2 import band_of_camera
from goodricke.surveys.options import ReadOptions
from goodricke.surveys.reading import light_curves_of
from goodricke.surveys.source import Source
from samples import DEC, RA, star
from samples import asassn_v2 as sample


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    return {path.stem.partition("skypatrol_")[2]: path for path in sample.write(tmp_path)}


def test_recognised(files: dict[str, Path]) -> None:
    assert {recognise(Source(str(path), path=path)).name for path in files.values()} == {"asassn_v2"}


def test_old_form(files: dict[str, Path]) -> None:
    made = star()
    lcs = gr.read(files["v2_old"])
    one = lcs[0]
    kept = np.delete(np.arange(len(made.jd)), sample.LIMIT)
    assert one.object_id == "9001"
    assert str(one.time_frame) == "JD_UTC"
    assert (one.ra, one.dec) == (RA, DEC)
    assert one.meta["gaia_id"] == "5211052415435948544"
    assert one.meta["name"] == "MADE Star"
    assert one.dropped == {"limit": 1}
    np.testing.assert_array_equal(one.time, made.jd[kept])  # the file is in reverse order
    np.testing.assert_array_equal(one.band, np.where(kept % 2, "V", "g"))
    np.testing.assert_allclose(one.mag, made.mag[kept], atol=2e-6)  # 16.4 is the magnitude of 1 mJy
    np.testing.assert_allclose(one.mag_err, made.err[kept], rtol=1e-3)


def test_two_stars_with_bands_and_quality(files: dict[str, Path]) -> None:
    lcs = gr.read(files["v2_two_stars"])
    assert lcs.object_id.tolist() == ["661427547161", "9002"]
    assert [one.dropped for one in lcs] == [{"limit": 2, "quality": 2}] * 2
    assert [one.bands for one in lcs] == [("g", "V")] * 2
    assert gr.read(files["v2_two_stars"], quality="none")[0].dropped == {"limit": 2}


def test_web_form(files: dict[str, Path]) -> None:
    one = gr.read(files["v2_web"])[0]
    assert one.object_id == "MADE_skypatrol_v2_web"
    assert set(one.bands) == {"V", "g"}
    assert one.dropped == {"limit": 1, "quality": 1}


@pytest.mark.parametrize(
    ("comment", "name"),
    [
        ('# "asas_sn_id":17,"name":"a\n', "17"),  # cut: no longer JSON
        ("# ASAS-SN ID: 18\n", "18"),
        ("", "made"),
    ],
)
def test_name_from_the_comment(comment: str, name: str) -> None:
    text = comment + "jd,flux,flux_err,mag,mag_err,limit,fwhm,camera\n2458000.5,10.0,0.1,13.9,0.01,17.0,1.5,bi\n"
    lcs = next(light_curves_of(Source("made.csv", data=text.encode()), ReadOptions()))
    assert lcs.object_id.tolist() == [name]


def test_zero_point_comes_from_the_file() -> None:
    """V magnitudes are not AB: the file's own magnitudes win over 16.4."""
    rows = "".join(f"{2458000.5 + k},10.0,0.1,13.96,0.01,17.0,1.5,bc,1\n" for k in range(5))
    text = "jd,flux,flux_err,mag,mag_err,limit,fwhm,cam,asas_sn_id\n" + rows
    lcs = next(light_curves_of(Source("made.csv", data=text.encode()), ReadOptions()))
    assert lcs[0].ref_mag["V"] == pytest.approx(13.96)


def test_cameras() -> None:
    assert band_of_camera(pa.array(["ba", "bh", "bi", "bA", "bH", "bz", ""])).tolist() == list("VVggggV")


def test_real_file(shared_data: Path) -> None:
    path = shared_data / "raw" / "asassn_skypatrol_v2_csv" / "vx_men_skypatrol_v2.csv"
    table = np.genfromtxt(path, delimiter=",", skip_header=2, usecols=range(5))
    table = table[np.argsort(table[:, 0])]
    one = gr.read(path)[0]
    assert (one.object_id, one.meta["name"], one.bands) == ("12702", "VX Men", ("g",))
    np.testing.assert_array_equal(one.time, table[:, 0])
    # The service computed magnitudes from these fluxes with 16.4, so they must come back.
    np.testing.assert_allclose(one.mag, table[:, 3], atol=1e-5)
    np.testing.assert_allclose(one.mag_err, table[:, 4], rtol=2e-3)  # it takes 2.5 / ln 10 to be 1.0869
