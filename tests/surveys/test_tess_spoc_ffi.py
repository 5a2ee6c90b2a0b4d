"""TESS-SPOC from full-frame images. The columns are compared with astropy's in test_spacecraft.py."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from goodricke.surveys import tess_spoc
from goodricke.surveys.reading import read
from goodricke.surveys.source import Source
from goodricke.surveys.tess_spoc_ffi import recognises
from samples import star, tess_spoc_ffi


def test_all_three_cadences(tmp_path: Path) -> None:
    paths = tess_spoc_ffi.write(tmp_path)
    for k, (path, (seconds, start)) in enumerate(zip(paths, tess_spoc_ffi.CADENCES.values(), strict=True)):
        source, seen = Source(str(path), path=path), star(start_jd=start, seed=k)
        assert recognises(source)
        assert not tess_spoc.recognises(source)
        lcs = read(path, survey="tess_spoc_ffi")
        assert lcs.meta["exposure_s"].tolist() == [seconds]
        np.testing.assert_allclose(lcs.time, seen.jd[3:] - 2457000.0, rtol=0, atol=1e-9)
        np.testing.assert_allclose(lcs.flux, seen.flux[3:] / np.median(seen.flux[3:]), rtol=3e-7)  # float32 twice


def test_cadences_of_one_star_unite(tmp_path: Path) -> None:
    lcs = read(tess_spoc_ffi.write(tmp_path), survey="tess_spoc_ffi")
    assert lcs.object_id.tolist() == ["TIC 261136679"]
    assert lcs.lengths.tolist() == [3 * 57]
    assert (np.diff(lcs.time) > 0).all()


def test_real_file(shared_data: Path) -> None:
    (path,) = (shared_data / "raw" / "tess_spoc_ffi_hlsp").iterdir()
    lcs = read(path, survey="tess_spoc_ffi")
    assert lcs.object_id.tolist() == ["TIC 38846515"]
    assert lcs.meta["exposure_s"][0] == 1800.0
    # 1189 of the 1315 points carry no flag.
    assert 1150 < lcs.n_points <= 1189
    assert abs(np.median(np.diff(lcs.time)) * 86400.0 - 1800.0) < 1.0
