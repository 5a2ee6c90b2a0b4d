"""Flat tables of observations: types, orders, pieces and frames, and the real sets against pandas."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import goodricke as gr
from goodricke.errors import ReadError
from goodricke.surveys import ReadOptions, observations
from goodricke.surveys.merge import merge
from goodricke.surveys.reading import light_curves_of
from goodricke.surveys.source import Source
from samples import observations as samples
from samples import star

MAGNITUDES = ("plain", "groups", "dictionary", "by_time_integer_ids", "hats_source", "observations")


@pytest.mark.parametrize("name", MAGNITUDES)
def test_both_stars_come_back(name: str, tmp_path: Path) -> None:
    made = star()
    for path in samples.write(tmp_path):
        if path.stem == f"MADE_{name}":
            lcs = gr.read(path)
            assert len(lcs) == 2
            for one, band, shift in zip(lcs, "VI", (0.0, -0.5), strict=True):
                assert (one.bands, str(one.time_frame)) == ((band,), "MJD")
                np.testing.assert_allclose(one.time, made.jd - 2400000.5, rtol=0, atol=1e-9)
                np.testing.assert_allclose(one.mag, made.mag + shift, atol=3e-6)  # stored in float32


def test_frames_positions_and_holes_in_the_table(tmp_path: Path) -> None:
    samples.write(tmp_path)
    lcs = gr.read(tmp_path / "MADE_flux_and_frame.parquet")
    assert {str(one.time_frame) for one in lcs} == {"BTJD"}
    assert (lcs.ra == 150.25).all()
    assert int(lcs.dropped.sum()) == 1


@pytest.mark.parametrize("points", [1, 20, 55, 1000])
def test_pieces_give_the_same_as_the_whole(points: int, tmp_path: Path) -> None:
    samples.write(tmp_path)
    for name in ("groups", "by_time_integer_ids"):
        path = tmp_path / f"MADE_{name}.parquet"
        pieces = list(light_curves_of(Source(str(path), path=path), ReadOptions(batch_points=points)))
        whole, joined = gr.read(path), merge(pieces)
        assert joined.object_id.tolist() == whole.object_id.tolist()
        np.testing.assert_array_equal(joined.time, whole.time)
        # Pieces of a star are brought to one scale through float32: two roundings.
        np.testing.assert_allclose(joined.flux, whole.flux, rtol=3e-7)


def test_a_star_at_the_seam_of_pieces_is_whole(tmp_path: Path) -> None:
    samples.write(tmp_path)
    path = tmp_path / "MADE_groups.parquet"
    pieces = list(light_curves_of(Source(str(path), path=path), ReadOptions(batch_points=40)))
    assert [len(lcs) for lcs in pieces] == [1, 1]


def test_a_star_without_errors_gets_estimated_ones(tmp_path: Path) -> None:
    table = samples.table()
    err = pa.array(np.where(np.arange(120) < 60, np.nan, 0.01).astype("f4"))
    pq.write_table(table.set_column(4, "err", err), tmp_path / "x.parquet")
    lcs = gr.read(tmp_path / "x.parquet")
    assert lcs.meta["error_estimated"].tolist() == [True, False]
    assert lcs.lengths.tolist() == [60, 60]


@pytest.mark.parametrize(
    ("column", "values", "says"),
    [("mag", ["faint"] * 120, "text such as 'faint'"), ("time", [[1.0]] * 120, "no column could be taken for time")],
)
def test_wrong_types_are_explained(column: str, values: list[object], says: str, tmp_path: Path) -> None:
    table = samples.table()
    pq.write_table(table.set_column(table.column_names.index(column), column, pa.array(values)), tmp_path / "x.parquet")
    with pytest.raises(ReadError, match=says):
        gr.read(tmp_path / "x.parquet", survey="observations", columns={"mag": "mag"})


def test_columns_may_be_named(tmp_path: Path) -> None:
    table = samples.table().append_column("flag", pa.array([7] + [0] * 119))
    pq.write_table(table, tmp_path / "x.parquet")
    report: list[gr.surveys.FileStatus] = []  # type: ignore[name-defined]
    lcs = gr.read(tmp_path / "x.parquet", columns={"quality": "flag", "object_id": "band"}, report=report)
    assert report[0].survey == "observations"
    assert (lcs.object_id.tolist(), lcs[0].dropped) == (["V", "I"], {"quality": 1})
    assert gr.read(tmp_path / "x.parquet", columns={"quality": "flag"}, quality="none").n_points == 120


def test_labels_are_not_observations(shared_data: Path) -> None:
    path = shared_data / "lightcurves" / "crts_sss_labels.parquet"
    assert not observations.recognises(Source(str(path), path=path))


def test_a_real_set_of_millions(shared_data: Path) -> None:
    path = shared_data / "lightcurves" / "crts_sss_obs.parquet"
    start = time.process_time()
    lcs = gr.read(path)
    assert time.process_time() - start < 15.0  # 1 s alone on a core; the margin is for shared machines
    assert (len(lcs), lcs.n_points, str(lcs.frames[0])) == (17122, 3839573, "MJD")
    table = pq.read_table(path).to_pandas()
    one = table[table.object_id == lcs.object_id[4321]].sort_values("time")
    np.testing.assert_array_equal(lcs[4321].time, one.time)
    np.testing.assert_allclose(lcs[4321].mag, one.mag, atol=3e-6)


@pytest.mark.parametrize(
    ("name", "frames"),
    [
        ("asas3_acvs", {"JD"}),
        ("ogle4_lmc_cep", {"HJD_UTC-2450000"}),
        ("eros1_ramp", {"TIME"}),
        ("space_small", {"BTJD", "BJD_TDB-2400000"}),
        ("ztf_bts_snia", {"MJD"}),
    ],
)
def test_frames_of_the_real_sets(name: str, frames: set[str], shared_data: Path) -> None:
    lcs = gr.read(shared_data / "lightcurves" / f"{name}_obs.parquet")
    assert {str(frame) for frame in lcs.frames} == frames
    assert not lcs.dropped.any()
