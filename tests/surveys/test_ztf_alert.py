"""ZTF alerts: total flux by hand, signs, limits, duplicates, forced photometry, and the real packets."""

from __future__ import annotations

from pathlib import Path

import fastavro
import numpy as np
import pytest

import goodricke as gr
from goodricke.errors import ReadError
from goodricke.surveys import ztf_alert
from goodricke.surveys.source import Source
from samples import DEC, RA, star
from samples import ztf_alert as samples


def test_the_total_flux_is_that_of_the_star(tmp_path: Path) -> None:
    """The samples hide magnitudes below and above the reference in difference fluxes of both signs."""
    one, made = gr.read(samples.write(tmp_path)[0])[0], star(mag=13.8)
    assert {row["isdiffpos"] for row in samples.rows()} == {"t", "f"}
    assert (one.object_id, one.bands, len(one)) == ("ZTF18aaaaaaa", ("g", "r"), 60)
    np.testing.assert_array_equal(one.time, made.jd)
    np.testing.assert_allclose(one.mag, made.mag, atol=1e-5)  # magpsf and magnr are stored in float32
    np.testing.assert_allclose(one.mag_err, made.err, rtol=1e-4)
    assert one.dropped == {"limit": 4}
    assert (str(one.time_frame), one.ra, one.dec) == ("JD_UTC", RA, DEC)
    assert not one.batch.difference[0]


def test_alerts_that_repeat_their_history_count_once(tmp_path: Path) -> None:
    lcs = gr.read(samples.write(tmp_path)[1])
    assert len(lcs["ZTF18aaaaaaa"]) == 60
    assert lcs["ZTF18aaaaaaa"].dropped == {"limit": 4}


def test_a_transient_stays_a_difference(tmp_path: Path) -> None:
    other = gr.read(samples.write(tmp_path)[1])["ZTF18bbbbbbb"]
    assert other.batch.difference[0]
    rows = samples.rows()[:6]
    expected = np.array([10 ** (-0.4 * (row["magpsf"] - 25.0)) for row in rows])
    scale = other.batch.ref_flux[0, other.batch.band]
    np.testing.assert_allclose(other.flux * scale, expected, rtol=1e-5)


def test_forced_photometry_joins_the_detections(tmp_path: Path) -> None:
    one = gr.read(samples.write(tmp_path)[2])[0]
    # 20 detections and 15 forced points, one of them with a status of failure; the 16th is an image seen already.
    assert len(one) == 34
    assert one.dropped == {"limit": 4, "quality": 1}
    made = star(mag=13.8)
    later = np.isin(one.time, made.jd[1:15] + 1)
    np.testing.assert_allclose(one.mag[later], made.mag[1:15], atol=1e-4)  # forcediffimflux is stored in float32


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["t", "f"], [1, -1]),
        (["1", "0"], [1, -1]),
        ([1, -1], [1, -1]),
        ([1.0, -1.0], [1, -1]),
        ([True, False], [1, -1]),
    ],
)
def test_spellings_of_the_sign(words: list[object], expected: list[int]) -> None:
    assert ztf_alert.signs(words).tolist() == expected
    assert np.isnan(ztf_alert.signs([None, "?"])).all()


def test_quality_words(tmp_path: Path) -> None:
    rows = samples.rows()[:6]
    rows[0].update(nbad=2)
    rows[1].update(rb=0.3)
    rows[2].update(drb=0.1)
    rows[3].update(elong=2.0, fwhm=9.0)
    path = tmp_path / "x.avro"
    with path.open("wb") as file:
        fastavro.writer(file, samples.schema("3.3"), [samples.alert("ZTF1", rows, [])])
    kept = {word: gr.read(path, quality=word).n_points for word in ("none", "default", "hard", "hardest")}
    assert kept == {"none": 6, "default": 5, "hard": 2, "hardest": 2}
    assert gr.read(path, quality=ztf_alert.QUALITY.bits["low_rb"]).n_points == 5


def test_a_point_without_reference_in_a_star_with_one(tmp_path: Path) -> None:
    rows = samples.rows()[:6]
    rows[2].update(magnr=-999.0)
    path = tmp_path / "x.avro"
    with path.open("wb") as file:
        fastavro.writer(file, samples.schema("3.3"), [samples.alert("ZTF1", rows, [])])
    one = gr.read(path)[0]
    assert (len(one), one.dropped) == (5, {"quality": 1})


def test_no_alert_and_a_strange_filter(tmp_path: Path) -> None:
    path = tmp_path / "x.avro"
    for alerts, says in (
        ([], "no alert"),
        ([samples.alert("Z", [{**samples.rows()[0], "fid": 7}], [])], "ZTF has 1, 2 and 3"),
    ):
        with path.open("wb") as file:
            fastavro.writer(file, samples.schema("3.3"), alerts)
        with pytest.raises(ReadError, match=says):
            gr.read(path)


def test_real_packets(shared_data: Path) -> None:
    path = shared_data / "raw" / "ztf_alert_avro" / "2019_01_10_739260766315010006.avro"
    assert ztf_alert.recognises(Source(str(path), path=path))
    with path.open("rb") as file:
        packet = next(iter(fastavro.reader(file)))
    one = gr.read(path, quality="none")[0]
    assert one.object_id == packet["objectId"] == "ZTF17aaacxxf"
    row = packet["candidate"]  # a negative difference: the star is fainter than in the reference
    assert row["isdiffpos"] == "f"
    expected = -2.5 * np.log10(10 ** (-0.4 * row["magnr"]) - 10 ** (-0.4 * row["magpsf"]))
    assert one.mag[one.time == row["jd"]][0] == pytest.approx(expected, abs=1e-6)
    seen = [r for r in packet["prv_candidates"] if r["candid"] is not None]
    assert one.dropped["limit"] == len(packet["prv_candidates"]) - len(seen)
