"""Catalina: csv forms, flags, and the look-alikes of its three columns."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import goodricke as gr
from goodricke.surveys import crts, recognise
from goodricke.surveys.source import Source
from samples import DEC, RA, star
from samples import crts as sample


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    return dict(zip(("short", "long", "many", "rows", "bare"), sample.write(tmp_path), strict=True))


def test_recognised(files: dict[str, Path]) -> None:
    assert {recognise(Source(str(path), path=path)).name for path in files.values()} == {"crts"}


def test_values(files: dict[str, Path]) -> None:
    made = star(start_jd=2454500.5, mag=15.0)
    one = gr.read(files["bare"])[0]
    assert one.object_id == f"{sample.STAR}_MADE"
    assert (str(one.time_frame), one.bands) == ("MJD_UTC", ("V_CSS",))
    np.testing.assert_allclose(one.time + 2400000.5, made.jd, atol=1e-8)
    np.testing.assert_allclose(one.mag, made.mag, atol=2e-6)
    np.testing.assert_allclose(one.mag_err, made.err + 0.04, rtol=1e-5)


@pytest.mark.parametrize("form", ["short", "rows"])
def test_many_stars(files: dict[str, Path], form: str) -> None:
    lcs = gr.read(files[form])
    assert lcs.object_id.tolist() == [sample.STAR, sample.OTHER]
    assert lcs.lengths.tolist() == [60, 60]
    if form == "short":
        assert lcs.ra.tolist() == [RA, RA]
        assert lcs.dec.tolist() == [DEC, DEC]


def test_many_object_search_names_the_star_in_id(files: dict[str, Path]) -> None:
    lcs = gr.read(files["many"])
    assert lcs.object_id.tolist() == [sample.STAR]
    assert lcs.dec.tolist() == [DEC]


def test_flags(files: dict[str, Path]) -> None:
    assert gr.read(files["long"])[0].dropped == {"quality": 1}  # saturated; the blend is kept
    assert gr.read(files["long"], quality="none")[0].dropped == {}
    assert gr.read(files["long"], quality="hard")[0].dropped == {"quality": 2}
    assert gr.read(files["long"], quality=256)[0].dropped == {"quality": 1}


@pytest.mark.parametrize(
    "row",
    [
        "{0:.5f} 13.123 0.05 1.0",  # four columns
        "{0:.3f} 13.123 0.05",  # times to a minute only
        "{0:.5f} 13.123 0.004",  # errors that Catalina does not reach
        "{0:.5f} 133.123 0.05",  # no magnitudes
        "{0:.5f} word 0.05",
        "2454{0:.5f} 13.123 0.05",  # no MJD
    ],
)
def test_look_alikes(row: str) -> None:
    text = "".join(row.format(54000.123456 + k) + "\n" for k in range(20))
    assert not crts.recognises(Source("star.dat", data=text.encode()))


def test_named_tables_of_others() -> None:
    assert not crts.recognises(Source("a.csv", data=b"mjd,mag,magerr,band\n54000.5,13.1,0.05,g\n"))


def test_real_files(shared_data: Path) -> None:
    folder = shared_data / "raw" / "crts_csv"
    table = np.loadtxt(folder / "3037073037512.dat")
    table = table[np.argsort(table[:, 0], kind="stable")]
    bare = gr.read(folder / "3037073037512.dat")[0]
    assert bare.object_id == "3037073037512"
    np.testing.assert_array_equal(bare.time, table[:, 0])
    np.testing.assert_allclose(bare.mag, table[:, 1], atol=3e-6)
    long = np.genfromtxt(folder / "w_uma_1121081014342.csv", delimiter=",", names=True)
    one = gr.read(folder / "w_uma_1121081014342.csv")[0]
    assert one.object_id == "1121081014342"
    assert (one.ra, one.dec) == (240.62018, 20.26575)
    np.testing.assert_array_equal(one.time, np.sort(long["MJD"]))
    assert len(gr.read(folder / "w_uma_1121081014342.csv", quality="hard")) == 1
