"""CDIPS. The columns are compared with astropy's in test_spacecraft.py."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits

from goodricke.errors import ReadError
from goodricke.surveys.options import ReadOptions
from goodricke.surveys.reading import FileStatus, read, scan
from goodricke.timeframes import TimeFrame
from samples import star, tess_cdips


@pytest.fixture
def made(tmp_path: Path) -> list[Path]:
    return tess_cdips.write(tmp_path)


def test_magnitudes_become_flux(made: list[Path]) -> None:
    lcs, seen = read(made[0], survey="tess_cdips"), star()
    np.testing.assert_array_equal(lcs.time, seen.jd[2:])
    np.testing.assert_allclose(lcs.flux, seen.flux[2:] / np.median(seen.flux[2:]), rtol=1e-7)  # one float32
    np.testing.assert_allclose(lcs.flux_err / lcs.flux, seen.err[2:] * np.log(10) / 2.5, rtol=3e-7)
    assert lcs.frames == (TimeFrame("tdb", "barycentre", 0.0),)
    assert lcs.ref_mag[0, 0] == pytest.approx(np.median(seen.mag[2:]), abs=1e-3)


def test_letters(made: list[Path]) -> None:
    # X is bit 1, the unexplained W bit 2; G and 0 are good.
    assert [read(made[0], survey="tess_cdips", quality=mask).n_points for mask in ("none", 1, 2, 3)] == [60, 59, 59, 58]


def test_names(made: list[Path]) -> None:
    assert read(made[0], survey="tess_cdips").object_id.tolist() == ["TIC 261136679"]
    assert read(made[1], survey="tess_cdips").object_id.tolist() == [f"Gaia DR2 {tess_cdips.GAIA}"]


@pytest.mark.parametrize(("name", "factor", "error"), [("PCA1", 0.5, 1), ("TFA3", 0.1, 3), ("irm2", 1.0, 2)])
def test_error_and_letter_follow_the_aperture(made: list[Path], name: str, factor: float, error: int) -> None:
    lcs, seen = read(made[0], survey="tess_cdips", columns={"mag": name}), star()
    dips = -2.5 * np.log10(lcs.flux.astype(float))
    np.testing.assert_allclose(np.ptp(dips), factor * np.ptp(seen.mag[2:]), rtol=1e-5)
    np.testing.assert_allclose(lcs.flux_err / lcs.flux, error * seen.err[2:] * np.log(10) / 2.5, rtol=3e-7)


def test_flux_when_asked_for(made: list[Path]) -> None:
    lcs, seen = read(made[0], survey="tess_cdips", columns={"flux": "IFL2"}), star()
    np.testing.assert_allclose(lcs.flux, seen.flux[2:] / np.median(seen.flux[2:]), rtol=1e-7)
    np.testing.assert_allclose(lcs.flux_err / lcs.flux, seen.err[2:], rtol=3e-7)


def test_a_flag_column_of_numbers_is_refused(made: list[Path]) -> None:
    with pytest.raises(ReadError, match="BJDCORR holds no letters"):
        read(made[0], survey="tess_cdips", columns={"quality": "BJDCORR"})


def test_times_far_from_any_date_are_refused(made: list[Path]) -> None:
    with fits.open(made[0], mode="update") as hdus:
        hdus[1].data["TMID_BJD"] -= 2457000.0
    rows: list[FileStatus] = []
    assert list(scan(made[0], ReadOptions(survey="tess_cdips"), rows)) == []
    assert "60 of 60 times are no dates of TESS" in rows[0].reason
    assert read(made[0], survey="tess_cdips", time_frame="BTJD").n_points == 58


def test_real_file(shared_data: Path) -> None:
    (path,) = (shared_data / "raw" / "tess_cdips").iterdir()
    lcs = read(path, survey="tess_cdips")
    assert lcs.object_id.tolist() == ["TIC 443387847"]
    assert lcs.n_points == 985
    assert 2458468.0 < lcs.time[0] < lcs.time[-1] < 2458490.1
