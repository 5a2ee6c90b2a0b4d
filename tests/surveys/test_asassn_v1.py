"""ASAS-SN Sky Patrol v1: limits, bands, blank lines, image subtraction."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import goodricke as gr
from goodricke.errors import ReadError
from goodricke.surveys import FileStatus, recognise
from goodricke.surveys.options import ReadOptions
from goodricke.surveys.reading import light_curves_of
from goodricke.surveys.source import Source
from samples import asassn_v1 as sample
from samples import star


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    return {path.stem.partition("MADE_")[2]: path for path in sample.write(tmp_path)}


def test_recognised(files: dict[str, Path]) -> None:
    assert {recognise(Source(str(path), path=path)).name for path in files.values()} == {"asassn_v1"}


def test_old_form(files: dict[str, Path]) -> None:
    made = star()
    kept = np.delete(np.arange(len(made.jd)), sample.LIMITS)
    one = gr.read(files["old"])[0]
    assert one.object_id == "light_curve_MADE_old"
    assert str(one.time_frame) == "HJD_UTC"
    assert one.bands == ("V",)
    assert one.dropped == {"limit": 2}
    np.testing.assert_array_equal(one.time, made.jd[kept])
    np.testing.assert_allclose(one.mag, made.mag[kept], atol=2e-6)  # float32 fluxes
    np.testing.assert_allclose(one.mag_err, made.err[kept], rtol=1e-5)


def test_two_bands(files: dict[str, Path]) -> None:
    one = gr.read(files["two_bands"])[0]
    assert one.bands == ("V", "g")
    assert one.dropped == {"limit": 4}
    assert one.ref_mag["g"] - one.ref_mag["V"] == pytest.approx(0.5, abs=1e-9)
    assert len(one.select_band("g")) == 58


def test_without_a_filter_column_the_camera_tells_the_band() -> None:
    rows = [row for camera in ("ba", "bA", "bi") for row in sample.rows(camera)]
    one = next(iter(_read("\n".join([sample.HEADER, *rows]))))
    assert dict(zip(*np.unique(one.band, return_counts=True), strict=True)) == {"V": 58, "g": 116}


def test_fluxes_without_magnitudes_are_differences(files: dict[str, Path]) -> None:
    report: list[FileStatus] = []
    lcs = gr.read(files["difference"], report=report)
    made = star()
    flux = np.round(20.0 * (made.flux / np.median(made.flux) - 1.0), 3)
    assert lcs.difference[0]
    assert (lcs.flux < 0).any()
    np.testing.assert_allclose(lcs.flux * lcs.ref_flux[0, 0], flux, atol=1e-5)
    assert report[0].notes == ["no magnitudes: fluxes are read as differences"]


def test_a_star_too_faint_for_any_epoch_is_no_difference() -> None:
    rows = [row.replace("99.990,99.990,99.990,99.990", ">15.4,99.990,0.1,0.9") for row in sample.rows("ba")]
    limits = [row for row in rows if ">" in row]
    with pytest.raises(ReadError, match="2 limit"):
        _read("\n".join([sample.HEADER, *limits]))


def test_page_of_a_variable_star(files: dict[str, Path]) -> None:
    one = gr.read(files["variable_page"])[0]
    np.testing.assert_allclose(one.mag, star().mag, atol=2e-6)


def _read(text: str) -> gr.LightCurves:
    return list(light_curves_of(Source("made.csv", data=text.encode()), ReadOptions())).pop()


def test_real_files(shared_data: Path) -> None:
    folder = shared_data / "raw" / "asassn_skypatrol_v1_csv"
    both = gr.read(folder / "asassn_v765cas_EA_skypatrol_v1.csv")[0]
    # Counted with grep: 2809 rows, of which 45 are 99.990 and the rest are 625 V and 2139 g.
    text = (folder / "asassn_v765cas_EA_skypatrol_v1.csv").read_text().splitlines()[1:]
    good = [line.split(",") for line in text if ",99.990," not in line and ">" not in line]
    assert len(both) == len(good)
    assert {band: len(both.select_band(band)) for band in both.bands} == {
        band: sum(row[-1] == band for row in good) for band in ("V", "g")
    }
    assert both.ref_mag["V"] == pytest.approx(np.median([float(row[5]) for row in good if row[-1] == "V"]), abs=1e-3)
    old = gr.read(folder / "light_curve_ab426ded-039a-4c44-8976-ef7fa220899f.csv")[0]
    assert old.bands == ("V",)
    assert (len(old), old.dropped) == (281, {"limit": 1})
