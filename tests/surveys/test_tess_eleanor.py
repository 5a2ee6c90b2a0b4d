"""eleanor. The columns are compared with astropy's in test_spacecraft.py."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits

from goodricke.surveys.reading import read
from goodricke.surveys.source import Source
from goodricke.surveys.tess_eleanor import recognises
from samples import DEC, RA, star, tess_eleanor


@pytest.fixture
def made(tmp_path: Path) -> list[Path]:
    return tess_eleanor.write(tmp_path)


def test_lite_and_full_give_the_same_star(made: list[Path]) -> None:
    seen = star()
    for path in made:
        lcs = read(path, survey="tess_eleanor")
        np.testing.assert_allclose(lcs.time, seen.jd[2:] - 2457000.0, rtol=0, atol=1e-9)
        np.testing.assert_allclose(lcs.flux, seen.flux[2:] / np.median(seen.flux[2:]), rtol=1e-7)  # one float32
        assert lcs.ref_mag[0, 0] == pytest.approx(np.median(seen.mag[2:]), abs=1e-3)


def test_eleanors_cards_and_not_those_of_the_cut_out(made: list[Path]) -> None:
    lcs = read(made[0], survey="tess_eleanor")
    assert lcs.object_id.tolist() == ["TIC 261136679"]
    assert (lcs.ra[0], lcs.dec[0]) == (RA, DEC)
    assert (lcs.meta["tess_mag"][0], lcs.meta["exposure_s"][0]) == (13.0, 1800.0)
    assert str(lcs.frames[0]) == "BTJD"


def test_quality(made: list[Path]) -> None:
    assert read(made[0], survey="tess_eleanor", quality="none").n_points == 60
    assert read(made[0], survey="tess_eleanor", quality=128).n_points == 59
    assert read(made[0], survey="tess_eleanor").n_points == 58


def test_other_fluxes(made: list[Path]) -> None:
    raw = read(made[0], survey="tess_eleanor", columns={"flux": "RAW_FLUX"})
    assert raw.ref_flux[0, 0] == pytest.approx(1.01 * read(made[0], survey="tess_eleanor").ref_flux[0, 0], rel=1e-12)


def test_the_table_is_found_behind_others(made: list[Path]) -> None:
    with fits.open(made[0]) as hdus:
        fits.HDUList([hdus[0], hdus[2], hdus[1]]).writeto(made[0].parent / "turned.fits")
    assert recognises(Source("x", path=made[0].parent / "turned.fits"))
    assert read(made[0].parent / "turned.fits", survey="tess_eleanor").n_points == 58


def test_real_file(shared_data: Path) -> None:
    (path,) = (shared_data / "raw" / "tess_eleanor").iterdir()
    lcs = read(path, survey="tess_eleanor")
    assert lcs.object_id.tolist() == ["TIC 261136679"]
    assert lcs.n_points == 86  # 14 of 100 carry bit 8
    assert lcs.ra[0] == pytest.approx(84.29118799)
