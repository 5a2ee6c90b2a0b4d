"""Kepler. The columns are compared with astropy's in test_spacecraft.py."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits

from goodricke.surveys.kepler import is_k2, is_kepler, recognises
from goodricke.surveys.reading import read
from goodricke.surveys.source import Source
from samples import kepler, star


@pytest.fixture
def made(tmp_path: Path) -> list[Path]:
    return kepler.write(tmp_path)


def test_flux_is_that_of_the_star(made: list[Path]) -> None:
    lcs, seen = read(made[0], survey="kepler"), star(start_jd=2455100.0)
    np.testing.assert_allclose(lcs.time, seen.jd[3:] - 2454833.0, rtol=0, atol=1e-9)
    np.testing.assert_allclose(lcs.flux, seen.flux[3:] / np.median(seen.flux[3:]), rtol=3e-7)  # float32 twice
    assert lcs.ref_mag[0, 0] == pytest.approx(np.median(seen.mag[3:]), abs=1e-3)
    assert (str(lcs.frames[0]), lcs.bands) == ("BKJD", ("Kepler",))
    assert lcs.object_id.tolist() == ["KIC 11442793"]
    assert (lcs.meta["exposure_s"][0], lcs.meta["kepler_mag"][0]) == (1765.5, 13.0)


def test_kinds_stay_apart(made: list[Path]) -> None:
    lcs = read(made, survey="kepler")
    assert lcs.survey.tolist() == ["kepler", "kepler/short", "kepler/custom"]
    assert lcs.lengths.tolist() == [57, 57, 60]


def test_short_cadence_is_also_seen_from_the_time_between_points(made: list[Path]) -> None:
    with fits.open(made[1], mode="update") as hdus:
        del hdus[0].header["OBSMODE"]
    assert read(made[1], survey="kepler").survey.tolist() == ["kepler/short"]


def test_the_mission_decides(made: list[Path]) -> None:
    for card, value in (("MISSION", "K2"), ("CAMPAIGN", 3)):
        kepler.write(made[0].parent)
        with fits.open(made[0], mode="update") as hdus:
            hdus[0].header[card] = value
        source = Source("x", path=made[0])
        assert (is_kepler(source), is_k2(source), recognises(source)) == (True, True, False)


def test_pixels_are_no_light_curve(made: list[Path]) -> None:
    with fits.open(made[2], mode="update") as hdus:
        hdus[1].name = "TARGETTABLES"
    assert not recognises(Source("x", path=made[2]))


def test_real_quarters_unite(shared_data: Path) -> None:
    paths = sorted((shared_data / "raw" / "kepler_llc").iterdir())
    parts = [read(path, survey="kepler") for path in paths]
    lcs = read(paths, survey="kepler")
    assert lcs.object_id.tolist() == ["KIC 11442793"]
    assert lcs.n_points == sum(part.n_points for part in parts)
    assert 4000 < parts[0].n_points < 4370
    assert 950 < parts[1].n_points < 1021
    assert (np.diff(lcs.time) > 0).all()
    # Every quarter is brought to its own median: KIC 11442793 (Kepler-90) is constant to a few parts in a thousand.
    assert np.std(lcs.flux) < 0.005
