"""A row per star in every shape, and the HATS sample against pyarrow."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import goodricke as gr
from goodricke.surveys import ReadOptions, nested
from goodricke.surveys.reading import light_curves_of
from goodricke.surveys.source import Source
from samples import DEC, RA, star
from samples import goodricke as own
from samples import nested as samples
from samples import ztf_parquet as ztf


@pytest.mark.parametrize("name", ["lists", "struct", "struct_null", "structs"])
@pytest.mark.parametrize("points", [1, 10_000])
def test_every_shape_gives_the_same_stars(name: str, points: int, tmp_path: Path) -> None:
    samples.write(tmp_path)
    path, made = tmp_path / f"MADE_{name}.parquet", star()
    lcs = gr.concatenate(list(light_curves_of(Source(str(path), path=path), ReadOptions(batch_points=points))))
    assert lcs.object_id.tolist() == ["11", "12", "13"]
    assert lcs.lengths.tolist() == [60, 0, 60]
    np.testing.assert_array_equal(lcs["11"].time, made.jd - 2400000.5)
    np.testing.assert_allclose(lcs["13"].mag, made.mag - 0.5, atol=1e-6)
    np.testing.assert_allclose(lcs["11"].mag_err, made.err, rtol=1e-6)
    assert lcs["11"].band.tolist() == ["g", "r"] * 30
    assert (lcs["12"].ra, lcs["12"].dec, str(lcs["11"].time_frame)) == (RA, DEC, "MJD")


def test_a_band_may_hold_for_the_whole_star(tmp_path: Path) -> None:
    samples.write(tmp_path)
    lcs = gr.read(tmp_path / "MADE_band_per_star.parquet")
    assert (lcs.object_id.tolist(), lcs.bands) == (["a", "b", "c"], ("V",))
    assert lcs.meta["error_estimated"].all()


def test_what_was_guessed_is_said(tmp_path: Path) -> None:
    samples.write(tmp_path)
    report: list[gr.surveys.FileStatus] = []  # type: ignore[name-defined]
    gr.read(tmp_path / "MADE_struct.parquet", report=report)
    assert "time from 'mjd'" in report[0].notes[0]
    assert "in 'lc'" in report[0].notes[0]


def test_columns_may_be_named(tmp_path: Path) -> None:
    times = [[58000.0, 58001.0]]
    struct = pa.StructArray.from_arrays(
        [pa.array(times), pa.array([[5.0, 6.0]]), pa.array([[0, 1]])], ["when", "much", "bad"]
    )
    pq.write_table(pa.table({"who": ["x"], "points": struct}), tmp_path / "x.parquet")
    lcs = gr.read(tmp_path / "x.parquet", survey="nested",
                  columns={"time": "when", "flux": "much", "object_id": "who", "quality": "bad"})  # fmt: skip
    assert (lcs.object_id.tolist(), lcs.time.tolist(), lcs.ref_flux.tolist()) == (["x"], [58000.0], [[5.0]])


def test_layouts_with_an_owner_are_left_to_it(tmp_path: Path) -> None:
    for path in (*own.write(tmp_path), *ztf.write(tmp_path)):
        assert not nested.recognises(Source(str(path), path=path))


def test_real_hats_partition(shared_data: Path) -> None:
    path = shared_data / "raw" / "hats_parquet_SYNTHETIC" / "hats_small_sky_nested_Npix184.parquet"
    table = pq.read_table(path).to_pylist()
    lcs = gr.read(path)
    assert lcs.object_id.tolist() == [str(row["id"]) for row in table]
    for one, row in zip(lcs, table, strict=True):
        assert (one.ra, one.dec, len(one)) == (row["ra"], row["dec"], len(row["lc"]["mjd"]))
        order = np.argsort(row["lc"]["mjd"], kind="stable")
        np.testing.assert_array_equal(one.time, np.array(row["lc"]["mjd"])[order])
        np.testing.assert_allclose(one.mag, np.array(row["lc"]["mag"])[order], atol=2e-6)
        assert one.band.tolist() == np.array(row["lc"]["band"])[order].tolist()
