"""LSST alerts: history, forced photometry, limits, and objects of the solar system."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import fastavro
import numpy as np
import pytest

import goodricke as gr
from goodricke.errors import ReadError
from goodricke.surveys import lsst_alert
from goodricke.surveys.source import Source
from samples import DEC, RA, star
from samples import lsst_alert as samples


def written(path: Path, alerts: list[dict[str, Any]]) -> Path:
    with path.open("wb") as file:
        fastavro.writer(file, samples.SCHEMA, alerts)
    return path


def test_the_star_of_an_alert(tmp_path: Path) -> None:
    one, made = gr.read(samples.write(tmp_path)[0])[0], star(mag=19.0)
    assert (one.object_id, one.ra, one.dec, str(one.time_frame)) == ("55", RA, DEC, "MJD_TAI")
    # 30 detections, one of them flagged; 10 forced points of other visits, and one of a visit that is there already.
    assert len(one) == 39
    assert one.dropped == {"limit": 1, "quality": 1}
    seen = np.isin(one.time, made.jd[:30] - 2400000.5)
    expected = np.delete(made.mag[:30], 2)
    np.testing.assert_allclose(one.mag[seen], expected, atol=1e-6)
    np.testing.assert_allclose(one.mag[~seen], made.mag[:10], atol=1e-6)


def test_many_alerts_in_a_file(tmp_path: Path) -> None:
    lcs = gr.read(samples.write(tmp_path)[1])
    assert sorted(lcs.object_id) == ["55", "56"]
    assert len(lcs["55"]) == 39
    assert not lcs["55"].batch.difference[0]
    assert lcs["56"].batch.difference[0]


def test_moving_objects_only(tmp_path: Path) -> None:
    row = {**samples.sources(3)[0], "diaObjectId": None}
    with pytest.raises(ReadError, match="all 2 alerts are of objects of the solar system"):
        gr.read(written(tmp_path / "x.avro", [samples.alert([row], None)] * 2))
    with pytest.raises(ReadError, match="holds no alert"):
        gr.read(written(tmp_path / "x.avro", []))


def test_the_bytes_of_the_stream_are_not_recognised(tmp_path: Path) -> None:
    """Without its schema a packet cannot be decoded."""
    content = samples.write(tmp_path)[0].read_bytes()
    with pytest.raises(ReadError, match="no survey recognises"):
        gr.read(_saved(tmp_path / "wire", b"\x00\x00\x00\x02\xbc" + content[3000:5000]))


def _saved(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def test_the_fake_alert_of_the_schema(shared_data: Path) -> None:
    """Its times are nonsense and its diaSource has no object; the diaObject beside it has a number."""
    path = next((shared_data / "raw" / "lsst_alert_avro_FAKE").iterdir())
    assert lsst_alert.recognises(Source(str(path), path=path))
    report: list[Any] = []
    lcs = gr.read(path, report=report)
    assert lcs.object_id.tolist() == ["281323062375219201"]
    assert lcs.difference.all()
    assert "are they real" in " ".join(report[0].notes)
