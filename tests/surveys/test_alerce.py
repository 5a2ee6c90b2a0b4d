"""ALeRCE: the same star from Parquet and from three kinds of JSON, and the real sample."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

import goodricke as gr
from goodricke.errors import ReadError
from goodricke.surveys import alerce
from goodricke.surveys.source import Source
from samples import RA, star
from samples import alerce as samples


@pytest.mark.parametrize("k", [0, 1, 2, 3], ids=["parquet", "json", "list", "newer"])
def test_the_star_in_every_form(k: int, tmp_path: Path) -> None:
    one, made = gr.read(samples.write(tmp_path)[k])[samples.OID], star(mag=13.8)
    good = np.arange(len(made.jd)) != 5  # the dubious point
    np.testing.assert_allclose(one.time, made.jd[good] - 2400000.5, rtol=0, atol=1e-9)
    np.testing.assert_allclose(one.mag, made.mag[good], atol=2e-6)
    np.testing.assert_allclose(one.mag_err, made.err[good], rtol=1e-5)
    assert (str(one.time_frame), one.bands, one.ra) == ("MJD_UTC", ("g", "r"), RA)
    assert one.dropped == {"quality": 1, **({"limit": 3} if k == 1 else {})}


@pytest.mark.parametrize("k", [0, 2, 3])
def test_the_transient_stays_a_difference(k: int, tmp_path: Path) -> None:
    lcs = gr.read(samples.write(tmp_path)[k])
    assert lcs.difference.tolist() == [False, True]
    assert len(lcs[samples.TRANSIENT]) == 12
    assert (lcs[samples.TRANSIENT].flux > 0).all()


def read_json(content: Any, name: str = "x.json") -> gr.LightCurves:
    source = Source(name, data=json.dumps(content).encode())
    assert alerce.recognises(source)
    return gr.concatenate([gr.lightcurves.assemble(m, "alerce") for m in alerce.read(source, gr.surveys.ReadOptions())])


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ({"detections": [], "non_detections": []}, "no detection in this answer"),
        (
            {"detections": [], "non_detections": [{"mjd": 1.0, "fid": 1, "diffmaglim": 20.0}]},
            "1 non-detections and no detection",
        ),
        ({"detections": [{"mjd": 58000.0, "fid": 1}]}, "no isdiffpos, magpsf, sigmapsf"),
        ({"detections": [{**samples.newer(samples.detections()[0]), "fid": "z"}]}, "fid holds 'z'"),
    ],
)
def test_answers_without_a_light_curve(content: Any, says: str) -> None:
    with pytest.raises(ReadError, match=says):
        read_json(content)


def test_deep_and_broken_json_are_read_errors() -> None:
    for data in (b'{"detections": ' + b"[" * 100_000, b'{"detections": [{"mjd": 1.0, "fid": 1}'):
        with pytest.raises(ReadError, match="damaged or cut short"):
            list(alerce.read(Source("x.json", data=data), gr.surveys.ReadOptions()))


def test_other_json_is_not_recognised() -> None:
    for data in (b"{}", b'{"type": "FeatureCollection"}', b'[{"mjd": 1}]', b"[1, 2]"):
        assert not alerce.recognises(Source("x.json", data=data))


def test_the_object_is_found_in_the_name_of_the_file() -> None:
    rows = [{k: v for k, v in row.items() if k != "oid"} for row in samples.detections()[:5]]
    assert read_json(rows, "lc_ZTF20abcdefg_all.json").object_id.tolist() == ["ZTF20abcdefg"]


def test_real_detections(shared_data: Path) -> None:
    folder = shared_data / "raw" / "alerce_parquet"
    table = pq.read_table(folder / "detections_sample.parquet").to_pandas(ignore_metadata=True)
    lcs = gr.read(folder / "detections_sample.parquet")
    assert len(lcs) == table.oid.nunique() == 10
    assert not lcs.difference.any()
    assert int(lcs.dropped.sum()) == int((table.dubious | ~table.corrected).sum())
    mine = table[(table.oid == lcs.object_id[0]) & (table.fid == 2)].sort_values("mjd", kind="stable")
    one = lcs[0].select_band("r")
    np.testing.assert_allclose(one.time, mine.mjd, rtol=0, atol=1e-9)
    np.testing.assert_allclose(one.mag, mine.magpsf_corr, atol=2e-6)
    np.testing.assert_allclose(one.mag_err, mine.sigmapsf_corr_ext, rtol=1e-5)


def test_real_non_detections_and_objects(shared_data: Path) -> None:
    folder = shared_data / "raw" / "alerce_parquet"
    with pytest.raises(ReadError, match="non-detections only"):
        gr.read(folder / "non_detections_sample.parquet")
    path = folder / "object_info_sample.parquet"
    assert not alerce.recognises(Source(str(path), path=path))
