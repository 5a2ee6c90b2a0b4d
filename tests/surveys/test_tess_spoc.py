"""TESS SPOC, 2 min and 20 s. The columns are compared with astropy's in test_spacecraft.py."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits

from goodricke.surveys.reading import FileStatus, read, scan
from goodricke.surveys.source import Source
from goodricke.surveys.tess_spoc import cadence, is_spoc, recognises
from goodricke.timeframes import TimeFrame
from samples import star, tess_spoc


@pytest.fixture
def made(tmp_path: Path) -> list[Path]:
    return tess_spoc.write(tmp_path)


def test_flux_is_that_of_the_star(made: list[Path]) -> None:
    lcs = read(made[0], survey="tess_spoc")
    seen = star()
    # The sample lost its first three points: no time, no flux, a flag.
    np.testing.assert_allclose(lcs.time, seen.jd[3:] - 2457000.0, rtol=0, atol=1e-9)
    np.testing.assert_allclose(lcs.flux, seen.flux[3:] / np.median(seen.flux[3:]), rtol=3e-7)  # float32 twice
    np.testing.assert_allclose(lcs.flux_err / lcs.flux, seen.err[3:] * np.log(10) / 2.5, rtol=3e-7)
    assert lcs.ref_mag[0, 0] == pytest.approx(np.median(seen.mag[3:]), abs=1e-3)
    assert lcs[0].dropped == {"quality": 1, "not_finite": 2}


def test_what_the_header_tells(made: list[Path]) -> None:
    lcs = read(made[0], survey="tess_spoc")
    assert lcs.object_id.tolist() == ["TIC 261136679"]
    assert lcs.bands == ("TESS",)
    assert lcs.frames == (TimeFrame("tdb", "barycentre", 2457000.0),)
    assert lcs.survey.tolist() == ["tess_spoc"]
    assert (lcs.meta["exposure_s"][0], lcs.meta["tess_mag"][0]) == (120.0, 13.0)


@pytest.mark.parametrize(
    ("value", "expected"), [(None, np.nan), ("8.1", 8.1), ("", np.nan), (9, 9.0), ("faint", np.nan)]
)
def test_catalogue_cards_may_be_text_or_empty(made: list[Path], value: object, expected: float) -> None:
    with fits.open(made[0], mode="update") as hdus:
        hdus[0].header["TESSMAG"] = hdus[0].header["TEFF"] = value
    assert read(made[0], survey="tess_spoc").meta["tess_mag"][0] == pytest.approx(expected, nan_ok=True)


def test_sectors_unite_and_cadences_stay_apart(made: list[Path]) -> None:
    lcs = read(made[:3], survey="tess_spoc")
    assert lcs.survey.tolist() == ["tess_spoc", "tess_spoc/20s"]
    assert lcs.lengths.tolist() == [114, 57]
    assert lcs.meta["exposure_s"].tolist() == [120.0, 20.0]


def test_packed_is_the_same(made: list[Path]) -> None:
    plain, packed = read(made[0], survey="tess_spoc"), read(made[3], survey="tess_spoc")
    np.testing.assert_array_equal(plain.flux, packed.flux)
    content = made[3].read_bytes()
    rows: list[FileStatus] = []
    made[3].write_bytes(content[: len(content) // 2])
    assert list(scan(made[3], report=rows)) == []
    assert "compressed file is cut short" in rows[0].reason


def test_cadence_splits_targets_from_images(made: list[Path]) -> None:
    for seconds, mine in ((20, True), (120, True), (158, False), (200, False), (600, False), (1800, False)):
        with fits.open(made[0], mode="update") as hdus:
            hdus[1].header["TIMEDEL"] = seconds / 86400
        source = Source("x", path=made[0])
        assert is_spoc(source)
        assert cadence(source) == seconds
        assert recognises(source) is mine


def test_not_fooled_by_a_missing_column(made: list[Path]) -> None:
    with fits.open(made[0], mode="update") as hdus:
        hdus[1].header["TTYPE8"] = "FLUX"
    assert not recognises(Source("x", path=made[0]))


def test_real_points_kept(shared_data: Path) -> None:
    folder = shared_data / "raw" / "tess_spoc_2min"
    # Points without any flag, counted with astropy; a few of them have no flux.
    for number, unflagged in ((92873799, 18090), (117544915, 18096)):
        (path,) = folder.glob(f"*{number}*")
        lcs = read(path, survey="tess_spoc")
        assert lcs.object_id[0] == f"TIC {number}"
        assert unflagged - 100 < lcs.n_points <= unflagged
        assert lcs.n_points + sum(lcs[0].dropped.values()) == 20076
