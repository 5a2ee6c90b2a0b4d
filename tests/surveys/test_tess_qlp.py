"""QLP. The columns are compared with astropy's in test_spacecraft.py."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits

from goodricke.surveys.reading import read
from goodricke.surveys.source import Source
from goodricke.surveys.tess_qlp import recognises
from samples import star, tess_qlp


@pytest.fixture
def made(tmp_path: Path) -> list[Path]:
    return tess_qlp.write(tmp_path)


def test_the_dips_of_a_binary_survive(made: list[Path]) -> None:
    seen = star(start_jd=2458354.0, seed=1)
    whole = seen.flux[2:] / np.median(seen.flux[2:])
    np.testing.assert_allclose(read(made[0], survey="tess_qlp").flux, whole, rtol=3e-7)  # float32 twice
    # The detrended flux of the sample is ten times shallower, and it comes when asked for.
    flat = read(made[0], survey="tess_qlp", columns={"flux": "KSPSAP_FLUX"})
    assert np.ptp(flat.flux) == pytest.approx(0.1 * np.ptp(whole), rel=0.1)


def test_systematics_removed_where_there_is_one(made: list[Path]) -> None:
    seen = star(start_jd=2459825.0, seed=2)
    simple = seen.flux / np.median(seen.flux)
    removed = 1.0 + 0.99 * (simple - 1.0)
    np.testing.assert_allclose(read(made[1], survey="tess_qlp").flux, removed[2:] / np.median(removed[2:]), rtol=3e-7)
    # Empty in the third file: the simple flux stands in.
    np.testing.assert_allclose(read(made[2], survey="tess_qlp").flux, simple[2:] / np.median(simple[2:]), rtol=3e-7)


def test_own_low_quality_bits_of_both_eras(made: list[Path]) -> None:
    for path in made:
        assert read(path, survey="tess_qlp").n_points == 58
        assert read(path, survey="tess_qlp", quality="none").n_points == 60
        assert read(path, survey="tess_qlp", quality=32).n_points == 59


def test_header(made: list[Path]) -> None:
    lcs = read(made, survey="tess_qlp")
    assert lcs.object_id.tolist() == ["TIC 261136679"]
    assert str(lcs.frames[0]) == "BTJD"
    assert lcs.lengths.tolist() == [2 * 58 + 58]
    assert read(made[0], survey="tess_qlp").ref_mag[0, 0] == pytest.approx(13.0, abs=0.01)


def test_without_errors_they_are_estimated(made: list[Path]) -> None:
    with fits.open(made[0], mode="update") as hdus:
        hdus[1].header["TTYPE5"] = "SOMETHING"
    lcs = read(made[0], survey="tess_qlp")
    assert lcs.meta["error_estimated"].tolist() == [True]
    assert (lcs.flux_err > 0).all()


def test_spoc_columns_are_not_ours(made: list[Path]) -> None:
    with fits.open(made[0], mode="update") as hdus:
        hdus[1].header["TTYPE8"] = "PDCSAP_FLUX"
    assert not recognises(Source("x", path=made[0]))


def test_real_file(shared_data: Path) -> None:
    (path,) = (shared_data / "raw" / "tess_qlp").iterdir()
    lcs = read(path, survey="tess_qlp")
    assert lcs.object_id.tolist() == ["TIC 38846515"]
    # 1026 points without flags, 202 with QLP's bit 13 alone, 17 with bit 6 too; counted with astropy.
    assert lcs.n_points == 1026
    assert read(path, survey="tess_qlp", quality=17087).n_points == 1026 + 202
    assert read(path, survey="tess_qlp", quality="none").n_points == 1245
