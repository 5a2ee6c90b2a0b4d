"""Our own Parquet: what was written comes back to the last bit, in batches, with options."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

import goodricke as gr
from goodricke.errors import ReadError
from goodricke.surveys import ReadOptions, goodricke
from goodricke.surveys.reading import light_curves_of
from goodricke.surveys.source import Source
from samples import goodricke as samples


@pytest.mark.parametrize("k", [0, 1])
def test_nothing_changes_on_the_way(k: int, tmp_path: Path) -> None:
    lcs, back = samples.batch(), gr.read(samples.write(tmp_path)[k])
    for name in ("object_id", "survey", "offsets", "time", "flux", "flux_err", "ra", "dec", "difference", "dropped"):
        np.testing.assert_array_equal(getattr(back, name), getattr(lcs, name), err_msg=name)
    assert [one.ref_mag for one in back] == [one.ref_mag for one in lcs]
    assert [one.band.tolist() for one in back] == [one.band.tolist() for one in lcs]
    if k:
        np.testing.assert_array_equal(back.meta["period_days"], [1.0, 2.0, np.nan])


def test_batches_follow_the_points_asked_for(tmp_path: Path) -> None:
    plain = samples.write(tmp_path)[0]
    source = Source(str(plain), path=plain)
    assert [len(lcs) for lcs in goodricke.read(source, ReadOptions(batch_points=70))] == [1, 1, 1]
    assert [len(lcs) for lcs in goodricke.read(source, ReadOptions())] == [3]


def test_options(tmp_path: Path) -> None:
    plain = samples.write(tmp_path)[0]
    lcs = gr.read(plain, time_frame="BTJD", bands=["V"])
    assert {str(one.time_frame) for one in lcs} == {"BTJD"}
    assert lcs.bands == ("V",)
    assert lcs.lengths.tolist() == [60, 0, 0]


def test_a_damaged_layout_is_a_read_error(tmp_path: Path) -> None:
    table = samples.batch().to_arrow()
    bad = table.set_column(table.column_names.index("band"), "band", table["flux"])
    pq.write_table(bad, tmp_path / "bad.parquet")
    with pytest.raises(ReadError, match=r"bad\.parquet.*indices into bands"):
        gr.read(tmp_path / "bad.parquet")


def test_a_flat_table_is_not_ours(tmp_path: Path) -> None:
    table = samples.batch().to_arrow().drop_columns(["time"]).append_column("time", [[1.0, 2.0, 3.0]])
    pq.write_table(table, tmp_path / "flat.parquet")
    assert not goodricke.recognises(Source("flat.parquet", path=tmp_path / "flat.parquet"))


def test_the_report_counts(tmp_path: Path) -> None:
    plain = samples.write(tmp_path)[0]
    status = gr.surveys.FileStatus("x")
    list(light_curves_of(Source(str(plain), path=plain), ReadOptions(), status))
    assert (status.survey, status.n_stars, status.n_points) == ("goodricke", 3, 240)
