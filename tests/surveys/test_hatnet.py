"""HAT light curves, made and real."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest

from goodricke.errors import ReadError
from goodricke.surveys import hatnet
from goodricke.surveys.options import ReadOptions
from goodricke.surveys.source import Source
from samples import DEC, RA, star
from samples import hatnet as sample


def measured(source: Source, **columns: str):
    return next(hatnet.read(source, ReadOptions(columns=columns)))


@pytest.fixture
def made(tmp_path: Path) -> list[Source]:
    return [Source(str(path), path=path) for path in sample.write(tmp_path)]


def test_trend_filtered_magnitudes_of_the_best_aperture(made: list[Source]) -> None:
    m, s = measured(made[0]), star()
    known = np.arange(60) != 3
    np.testing.assert_allclose(m.value[known], s.mag[known], atol=6e-6)  # five decimals are written
    assert np.isnan(m.value[3])
    np.testing.assert_allclose(m.error, s.err, atol=6e-6)
    np.testing.assert_allclose(m.time, s.jd, atol=6e-8)
    assert (m.object_id[0], m.bands, str(m.frame)) == (sample.OBJECT, ("r",), "BJD_TDB")
    assert (m.ra[0], m.dec[0]) == (RA, DEC)
    assert m.quality.tolist() == [1 if k == 7 else 0 for k in range(60)]
    assert "atf_001" in m.notes[0]


def test_without_trend_filter_and_best_aperture_the_quietest_epd_column_is_read(made: list[Source]) -> None:
    m = measured(made[1])
    assert "aep_001" in m.notes[0]
    np.testing.assert_allclose(m.value, star().mag + 0.1, atol=6e-6)


def test_lcc_format_with_image_subtraction(made: list[Source]) -> None:
    m = measured(made[2])
    assert "itf_001" in m.notes[0]
    np.testing.assert_allclose(m.value, star().mag, atol=6e-6)
    assert (m.object_id[0], m.bands, m.ra[0], m.dec[0]) == (sample.OBJECT, ("filter 4",), RA, DEC)


def test_columns_overrule_and_the_error_follows(made: list[Source]) -> None:
    m = measured(made[0], mag="aim_000", time="rjd")
    noise = np.random.default_rng(3).normal(0, 0.05, 60)
    np.testing.assert_allclose(m.value, star().mag + 1.3 + noise, atol=6e-6)
    np.testing.assert_allclose(m.error, star().err, atol=6e-6)
    assert str(m.frame) == "JD_UTC-2400000"
    with pytest.raises(ReadError, match=r"no column 'aim_009'; the file has rjd"):
        measured(made[0], mag="aim_009")


def test_cut_short_before_the_rows() -> None:
    with pytest.raises(ReadError, match="no LIGHTCURVE mark"):
        measured(Source("s", data=b"# OBJECT\n# objectid = HAT-1\n# COLUMNS\n# 000 - rjd - time\n"))
    with pytest.raises(ReadError, match="names no columns"):
        measured(Source("s", data=b"# OBJECT\n# LIGHTCURVE\n1,2\n"))


def test_every_stage_empty() -> None:
    header = "# OBJECT\n# objectid = HAT-1\n# ra = None\n# lcbestaperture = {broken\n# COLUMNS\n# 000 - rjd - t\n"
    text = header + "# 001 - aim_000 - m\n# LIGHTCURVE\n55103.5,nan\n"
    with pytest.raises(ReadError, match="no column holds magnitudes"):
        measured(Source("s", data=text.encode()))
    m = measured(Source("s", data=text.replace(",nan", ",12.5").encode()))
    assert (m.value.tolist(), m.error, str(m.frame), m.bands) == ([12.5], None, "JD_UTC-2400000", ("unknown",))
    assert np.isnan(m.ra[0])
    with pytest.raises(ReadError, match="do not follow the header"):
        measured(Source("s", data=text.replace(",nan", ",bright").encode()))


def test_rows_of_another_width_are_counted(made: list[Source]) -> None:
    cut = Source("s", data=made[1].data[:-20])
    m = measured(cut)
    assert len(m.time) == 59
    assert "1 rows are incomplete" in m.notes[1]


def test_real_file(shared_data: Path) -> None:
    path = next((shared_data / "raw" / "hat_csv").glob("*.csv.gz"))
    source = Source(str(path), path=path)
    assert hatnet.recognises(source)
    m = measured(source)
    text = gzip.decompress(path.read_bytes()).decode().split("# LIGHTCURVE\n")[1]
    rows = np.genfromtxt(text.splitlines(), delimiter=",", usecols=(1, 23, 33))
    np.testing.assert_array_equal(m.time, rows[:, 0])
    np.testing.assert_array_equal(m.error, rows[:, 1])
    np.testing.assert_array_equal(m.value, rows[:, 2])
    letters = [line.split(",")[24] for line in text.splitlines()]
    assert int((m.quality == 1).sum()) == letters.count("X") == 3
    assert (m.object_id[0], m.bands) == ("HAT-579-0051858", ("r",))
