"""ZTF light curves of IRSA, made and real."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from goodricke.lightcurves import Measurements
from goodricke.surveys import ztf_irsa
from goodricke.surveys.options import ReadOptions
from goodricke.surveys.source import Source
from samples import DEC, star
from samples import ztf_irsa as sample


def measured(source: Source) -> Measurements:
    assert ztf_irsa.recognises(source)
    return next(ztf_irsa.read(source, ReadOptions()))


def from_rows(rows: list[dict[str, str]]) -> Measurements:
    lines = [",".join(rows[0]), *(",".join(row.values()) for row in rows)]
    return measured(Source("lc.csv", data="\n".join(lines).encode()))


@pytest.fixture
def made(tmp_path: Path) -> list[Source]:
    return [Source(str(path), path=path) for path in sample.write(tmp_path)]


@pytest.mark.parametrize("k", [0, 1])
def test_objects_of_one_place_are_one_star(made: list[Source], k: int) -> None:
    m, s = measured(made[k]), star()
    np.testing.assert_array_equal(m.value, s.mag)
    np.testing.assert_array_equal(m.time, s.jd)
    assert (m.object_id.tolist(), m.bands, str(m.frame)) == ([f"ZTF {sample.OID_G}"], ("g", "r"), "HJD_UTC")
    assert m.quality is not None
    assert m.quality[[0, 4, 9]].tolist() == [0, 32768, 2]
    assert ztf_irsa.QUALITY.mask("default") == 32768


def test_objects_far_apart_are_several_stars(made: list[Source]) -> None:
    m = measured(made[2])
    assert m.object_id.tolist() == ["ZTF 767103400060298", "ZTF 767103400060305"]
    assert m.star is not None
    assert m.star.tolist() == [*[0] * 60, *[1] * 60]
    assert m.dec is not None
    np.testing.assert_allclose(m.dec, [DEC, DEC + 10 / 3600], atol=1e-7)
    assert "2 stars" in m.notes[0]


def test_the_name_does_not_depend_on_the_order_of_rows() -> None:
    assert from_rows(sample.rows()[::-1]).object_id.tolist() == [f"ZTF {sample.OID_G}"]


def test_mjd_stands_in_for_hjd() -> None:
    m = from_rows([{name: word for name, word in row.items() if name != "hjd"} for row in sample.rows()])
    assert str(m.frame) == "MJD_UTC"
    np.testing.assert_allclose(m.time + 2400000.5, star().jd + 0.001, atol=1e-8)


def test_without_positions_every_object_stands_alone() -> None:
    m = from_rows([{name: word for name, word in row.items() if name not in ("ra", "dec")} for row in sample.rows()])
    assert m.object_id.tolist() == [f"ZTF {sample.OID_G}", f"ZTF {sample.OID_R}"]
    assert m.ra is not None
    assert np.isnan(m.ra).all()


def test_real_file(shared_data: Path) -> None:
    path = next((shared_data / "raw" / "ztf_irsa_csv").iterdir())
    m = measured(Source(str(path), path=path))
    with path.open() as file:
        rows = list(csv.DictReader(file))
    np.testing.assert_array_equal(m.time, [float(row["hjd"]) for row in rows])
    np.testing.assert_array_equal(m.value, [float(row["mag"]) for row in rows])
    assert [m.bands[k] for k in m.band] == [row["filtercode"][1:] for row in rows]
    assert m.object_id.tolist() == ["ZTF 767103400060298"]
