"""EROS-2: two bands, missing measurements, the name in the comments."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import goodricke as gr
from goodricke.errors import ReadError
from goodricke.surveys import recognise
from goodricke.surveys.source import Source
from samples import eros2 as sample
from samples import star


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    return sample.write(tmp_path)


def test_recognised(files: list[Path]) -> None:
    assert {recognise(Source(str(path), path=path)).name for path in files} == {"eros2"}


@pytest.mark.parametrize("k", [0, 1])
def test_both_bands_in_either_order(files: list[Path], k: int) -> None:
    made = star(start_jd=2450300.0, mag=17.0)
    one = gr.read(files[k])[0]
    assert one.object_id == f"lm0010k900{k + 1}"
    assert str(one.time_frame) == "HJD_UTC-2447892.5"
    assert set(one.bands) == {"R_E", "B_E"}
    assert one.dropped == {"limit": 12}
    red, blue = one.select_band("R_E"), one.select_band("B_E")
    np.testing.assert_allclose(red.time + 2447892.5, made.jd, atol=1e-8)
    np.testing.assert_allclose(red.mag, made.mag, atol=2e-6)
    seen = np.arange(60) % sample.MISSING_B != 0
    np.testing.assert_allclose(blue.mag, made.mag[seen] + 0.2, atol=2e-6)
    np.testing.assert_allclose(blue.mag_err, made.err[seen], rtol=1e-5)


def test_without_names_of_columns(files: list[Path], tmp_path: Path) -> None:
    lines = [line for line in files[0].read_text().splitlines() if "date" not in line]
    bare = tmp_path / "bare_MADE.time"
    bare.write_text("\n".join(lines))
    assert gr.read(bare)[0].ref_mag == gr.read(files[0])[0].ref_mag


def test_other_columns(tmp_path: Path) -> None:
    odd = tmp_path / "odd_MADE.time"
    odd.write_text("# erosid lm0010k1\n# date mag\n1.0 17.0\n2.0 17.1\n")
    with pytest.raises(ReadError, match="no column is called MagR"):
        gr.read(odd)


def test_real_file(shared_data: Path) -> None:
    path = shared_data / "raw" / "eros2_time" / "lm0010k3978.time"
    table = np.loadtxt(path)
    one = gr.read(path)[0]
    assert one.object_id == "lm0010k3978"
    for band, column in (("R_E", 1), ("B_E", 3)):
        good = table[:, column] < 90
        np.testing.assert_array_equal(one.select_band(band).time, table[good, 0])
        np.testing.assert_allclose(one.select_band(band).mag, table[good, column], atol=3e-6)
    # The header gives the magnitudes of the template.
    assert one.ref_mag == pytest.approx({"R_E": 16.923, "B_E": 17.097}, abs=0.01)
