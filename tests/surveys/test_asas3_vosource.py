"""VOSource xml: tables, bands, frames, and xml that must be refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import goodricke as gr
from goodricke.errors import ReadError
from goodricke.surveys import FileStatus, recognise
from goodricke.surveys.options import ReadOptions
from goodricke.surveys.reading import light_curves_of
from goodricke.surveys.source import Source
from samples import DEC, RA, star
from samples import asas3_vosource as sample


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    return sample.write(tmp_path)


def read(text: str) -> gr.LightCurves:
    return next(light_curves_of(Source("made.xml", data=text.encode()), ReadOptions()))


def test_recognised(files: list[Path]) -> None:
    assert {recognise(Source(str(path), path=path)).name for path in files} == {"asas3_vosource"}


@pytest.mark.parametrize("k", [0, 1])
def test_one_table_or_the_same_twice(files: list[Path], k: int) -> None:
    report: list[FileStatus] = []
    one = gr.read(files[k], report=report)[0]
    made = star(start_jd=2452500.0)
    assert one.object_id == "100100-2030.0"
    assert (one.ra, one.dec) == (RA, DEC)
    assert (str(one.time_frame), one.bands) == ("HJD_UTC", ("V",))
    np.testing.assert_array_equal(one.time, made.jd)
    np.testing.assert_allclose(one.mag, made.mag, atol=2e-6)
    np.testing.assert_allclose(one.mag_err, made.err, rtol=1e-5)
    assert any("same table twice" in note for note in report[0].notes) == (k == 1)


def test_two_bands_and_a_number_for_a_name(files: list[Path]) -> None:
    one = gr.read(files[2])[0]
    assert one.object_id == "9001"
    assert one.ref_mag == pytest.approx({"V": 13.004, "I": 12.304}, abs=1e-6)


def test_two_different_tables_of_one_band_are_both_read() -> None:
    lcs = read(sample.document(sample.table(1) + sample.table(2, offset=0.5)))
    assert (lcs.n_points, lcs.bands) == (120, ("V",))


@pytest.mark.parametrize(
    ("kind", "zero", "frame"),
    [
        ("hjd", "2450000.0", "HJD_UTC-2450000"),
        ("mjd", "0.0", "MJD_UTC"),
        ("bjd", "0", "BJD_UTC"),
        ("odd", "0", "TIME"),
    ],
)
def test_time_frames(kind: str, zero: str, frame: str) -> None:
    text = sample.document(sample.table(1)).replace(">hjd<", f">{kind}<").replace(">0.0<", f">{zero}<")
    assert str(read(text)[0].time_frame) == frame


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (sample.document(sample.table(1))[:2500], "cut short or damaged .*after 2"),
        (sample.document(sample.table(1)).replace("</TR>", "", 1), "cut short or damaged"),
        (sample.document(""), "no table of measurements"),
        (sample.document(sample.table(1).replace("phot.mag", "phot.flux")), "no column with the UCD"),
        ("<VOSOURCE>" + "<a>" * 500, "nested"),
        ('<?xml version="1.0"?><!DOCTYPE VOSOURCE [<!ENTITY a "b">]><VOSOURCE>&a;</VOSOURCE>', "declares entities"),
        (sample.document(sample.table(1)) + " " * (17 << 20), "the xml has 17 MB"),
    ],
)
def test_what_is_refused(text: str, said: str) -> None:
    with pytest.raises(ReadError, match=said):
        read(text)


def test_rows_with_holes() -> None:
    text = sample.document(sample.table(1)).replace("<TD>0.0", "<TD>x", 1).replace("<TR row='9'>", "<TR row='9'/><TR>")
    lcs = read(text)
    assert lcs[0].dropped == {"not_finite": 1, "error": 1}


def test_real_file(shared_data: Path) -> None:
    one = gr.read(shared_data / "raw" / "asas3_vosource_xml" / "157326_two_identical_tables.xml")[0]
    # The file holds 349 rows, twice; the first is (2451900.84892, 11.761, 0.029).
    assert (len(one), one.object_id, one.ra, one.dec) == (349, "132448-0658.8", 201.2, -5.02)
    assert one.time[0] == 2451900.84892
    assert one.mag[0] == pytest.approx(11.761, abs=2e-6)
    assert one.mag_err[0] == pytest.approx(0.029, rel=1e-5)
