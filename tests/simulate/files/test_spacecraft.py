"""Files of Kepler and TESS: their names, how stars are split over them, and what the headers say."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits

import goodricke as gr
from goodricke.lightcurves import Measurements
from goodricke.simulate.files.single import stars_of
from goodricke.simulate.files.spacecraft import Cadence, cadence_of
from goodricke.simulate.files.table import write_files
from goodricke.timeframes import TimeFrame

BTJD, BKJD = TimeFrame.parse("BTJD"), TimeFrame.parse("BKJD")


def star(name: str, time: np.ndarray, frame: TimeFrame = BTJD) -> Measurements:
    """One star that brightens by a tenth from the first point to the last."""
    band = "TESS" if frame == BTJD else "Kepler"
    flux = np.linspace(1000.0, 1100.0, len(time))
    return Measurements(
        object_id=np.array([name]), time=time, value=flux, error=flux * 1e-3, kind="flux", frame=frame, bands=(band,),
        quality=np.zeros(len(time), np.int32), ra=np.array([290.1]), dec=np.array([55.2]),
    )  # fmt: skip


def test_names_of_target_files(tmp_path: Path) -> None:
    (slow,) = write_files(star("TIC 117544915", 1326.0 + np.arange(50) / 720.0), "tess_2min", tmp_path)
    assert slow.name == "tess2018206045859-s0001-0000000117544915-0120-s_lc.fits", "as the real one is called"
    (fast,) = write_files(star("sim-5-000000003", 2040.0 + np.arange(50) / 4320.0), "tess_20s", tmp_path)
    assert fast.name == "tess2020186164531-s0027-0000005000000003-0189-a_fast-lc.fits"
    (image,) = write_files(star("TIC 38846515", 1355.0 + np.arange(50) / 48.0), "tess_30min", tmp_path)
    assert image.name == "hlsp_tess-spoc_tess_phot_0000000038846515-s0002_tess_v1_lc.fits", "as the real one is called"
    times = 260.3 + np.arange(50) * 0.0204336
    (long,) = write_files(star("KIC 11442793", times, BKJD), "kepler", tmp_path)
    assert long.name == "kplr011442793-2009350155506_llc.fits", "as the real one is called"


def test_a_star_of_the_catalogue_keeps_its_number_and_others_their_name(tmp_path: Path) -> None:
    time = 1326.0 + np.arange(50) / 720.0
    for name, number in (("TIC 117544915", 117544915), ("sim-5-000000003", None)):
        (path,) = write_files(star(name, time), "tess_2min", tmp_path)
        assert gr.read(str(path)).object_id.tolist() == [name]
        header = fits.getheader(path, 0)
        assert header["OBJECT"] == name
        assert (header["TICID"] == number) if number else header["TICID"] is None
        # 1050 electrons per second: 20.44 - 2.5 lg 1050.
        assert header["TESSMAG"] == pytest.approx(12.887, abs=1e-3)
        assert header["SIMDATA"] is True


def test_sectors_are_files_and_one_star_again(tmp_path: Path) -> None:
    orbits = 1683.4 + np.array([0.0, 13.7, 28.0, 41.7])[:, None] + np.arange(0.0, 12.0, 1 / 48.0)
    measured = star("TIC 9", orbits.ravel())
    paths = write_files(measured, "tess_30min", tmp_path)
    assert [re.search(r"s(\d{4})_tess", path.name)[1] for path in paths] == ["0014", "0015"]
    assert [fits.getheader(path, 0)["SECTOR"] for path in paths] == [14, 15]
    (lc,) = gr.read([str(path) for path in paths])
    np.testing.assert_allclose(lc.time, orbits.ravel(), rtol=0, atol=1e-9)
    # Each file is brought to its own median: the second half does not stand 5 per cent above the first.
    halves = lc.flux[: len(lc.flux) // 2], lc.flux[len(lc.flux) // 2 :]
    assert [float(np.median(half)) for half in halves] == pytest.approx([1.0, 1.0], abs=1e-4)


def test_quarters_are_files(tmp_path: Path) -> None:
    time = np.concatenate([np.arange(start, start + 3.0, 0.0204336) for start in (260.3, 352.5, 1560.0)])
    paths = write_files(star("KIC 5", time, BKJD), "kepler", tmp_path)
    assert [fits.getheader(path, 0)["QUARTER"] for path in paths] == [3, 4, 17]
    lcs = gr.read([str(path) for path in paths])
    assert (lcs.object_id.tolist(), lcs.n_points) == (["KIC 5"], len(time))


@pytest.mark.parametrize("survey", ["tess_2min", "kepler"])
def test_a_dark_star_without_a_place(survey: str, tmp_path: Path) -> None:
    frame = BKJD if survey == "kepler" else BTJD
    dark = replace(
        star("sim-1-000000001", 1400.0 + np.arange(3) / 720.0, frame), value=np.full(3, np.nan), ra=None, dec=None
    )
    (path,) = write_files(dark, survey, tmp_path)
    header = fits.getheader(path, 0)
    for name in ("RA_OBJ", "DEC_OBJ", "KEPMAG" if survey == "kepler" else "TESSMAG"):
        assert header[name] is None
    assert np.isnan(fits.getdata(path, 1)["PDCSAP_FLUX"]).all()


def test_a_star_without_points_has_no_file(tmp_path: Path) -> None:
    nobody = replace(star("TIC 1", np.zeros(0)), star=np.zeros(0, np.int64))
    assert write_files(nobody, "tess_2min", tmp_path) == []
    assert write_files(replace(nobody, frame=BKJD), "kepler", tmp_path) == []


def test_the_cadence_is_the_nearest_one() -> None:
    choices = tuple(Cadence(frames, 1.98, 0.02) for frames in (10, 60, 900))
    for seconds, frames in ((20.0, 10), (121.0, 60), (1795.0, 900), (5000.0, 900)):
        (one,) = stars_of(star("s", np.arange(9) * seconds / 86400.0), "flux", BTJD, "TESS")
        assert cadence_of(one, choices).frames == frames
    (alone,) = stars_of(star("s", np.array([1400.0])), "flux", BTJD, "TESS")
    assert cadence_of(alone, choices) == choices[0]
