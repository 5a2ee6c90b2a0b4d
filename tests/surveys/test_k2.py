"""K2. The columns are compared with astropy's in test_spacecraft.py."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from goodricke.surveys import kepler
from goodricke.surveys.k2 import recognises
from goodricke.surveys.reading import read
from goodricke.surveys.source import Source
from samples import k2, star


def test_names_are_epic_numbers(tmp_path: Path) -> None:
    paths, seen = k2.write(tmp_path), star(start_jd=2456810.0)
    lcs = read(paths, survey="k2")
    assert lcs.object_id.tolist() == ["EPIC 201367065"] * 3
    assert lcs.survey.tolist() == ["k2", "k2/short", "k2/custom"]
    assert lcs.lengths.tolist() == [57, 57, 60]
    np.testing.assert_allclose(lcs[0].time, seen.jd[3:] - 2454833.0, rtol=0, atol=1e-9)
    np.testing.assert_allclose(lcs[0].flux, seen.flux[3:] / np.median(seen.flux[3:]), rtol=3e-7)  # float32 twice


def test_kepler_does_not_take_them(tmp_path: Path) -> None:
    for path in k2.write(tmp_path):
        source = Source(str(path), path=path)
        assert recognises(source)
        assert not kepler.recognises(source)


def test_real_file_of_lightkurve(shared_data: Path) -> None:
    (path,) = (shared_data / "raw" / "k2").iterdir()
    lcs = read(path, survey="k2")
    assert lcs.object_id.tolist() == ["EPIC 201367065"]
    assert lcs.survey.tolist() == ["k2/custom"]
    assert str(lcs.frames[0]) == "BKJD"
    assert lcs.n_points == 7
