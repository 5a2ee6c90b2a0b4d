"""ZTF bulk Parquet: made files value by value, and the real sample against pyarrow."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import goodricke as gr
from goodricke.errors import ReadError
from goodricke.surveys import ReadOptions, ztf_parquet
from goodricke.surveys.reading import light_curves_of
from goodricke.surveys.source import Source
from samples import DEC, RA, star
from samples import ztf_parquet as samples


def test_values_are_those_that_were_written(tmp_path: Path) -> None:
    _, doubles = samples.write(tmp_path)
    lcs, made = gr.read(doubles), star()
    assert lcs.object_id.tolist() == ["ZTF 202116200000001", "ZTF 202216200000002"]
    keep = np.arange(len(made.jd)) != samples.BAD
    for k, (band, shift) in enumerate((("g", 0.0), ("r", -0.5))):
        one = lcs[k]
        assert one.bands == (band,)
        np.testing.assert_array_equal(one.time, made.jd[keep] - 2400000.5)
        np.testing.assert_allclose(one.mag, made.mag[keep] + shift, atol=3e-6)  # magnitudes are stored in float32
        np.testing.assert_allclose(one.mag_err, made.err[keep], rtol=1e-5)
        assert one.dropped == {"quality": 1}
        assert (str(one.time_frame), round(one.ra, 5), round(one.dec, 5)) == ("HMJD_UTC", RA, DEC)


def test_quality_none_keeps_the_bad_epoch(tmp_path: Path) -> None:
    lcs = gr.read(samples.write(tmp_path)[1], quality="none")
    assert lcs.lengths.tolist() == [60, 60]


def test_single_precision_times_are_noted(tmp_path: Path) -> None:
    report: list[gr.surveys.FileStatus] = []  # type: ignore[name-defined]
    gr.read(samples.write(tmp_path)[0], report=report)
    assert "6 minutes" in report[0].notes[0]


def test_pieces_give_the_same_as_the_whole(tmp_path: Path) -> None:
    path = samples.write(tmp_path)[1]
    pieces = list(light_curves_of(Source(str(path), path=path), ReadOptions(batch_points=60)))
    assert len(pieces) == 2
    np.testing.assert_array_equal(gr.concatenate(pieces).flux, gr.read(path).flux)


def test_other_filters_are_refused(tmp_path: Path) -> None:
    table = pq.read_table(samples.write(tmp_path)[1])
    odd = table.set_column(table.column_names.index("filterid"), "filterid", pa.array([1, 4], pa.uint8()))
    pq.write_table(odd, tmp_path / "odd.parquet")
    with pytest.raises(ReadError, match="ZTF has 1, 2 and 3"):
        gr.read(tmp_path / "odd.parquet")


def test_real_sample(shared_data: Path) -> None:
    path = shared_data / "raw" / "ztf_dr_parquet" / "ztf_dr5_bulk_some_lc.parquet"
    table = pq.read_table(path)
    lcs = gr.read(path)
    assert ztf_parquet.recognises(Source(str(path), path=path))
    assert len(lcs) == len(table)
    flags = table["catflags"].combine_chunks()
    bad = np.asarray(flags.flatten()) & 32768 > 0
    assert int(lcs.dropped.sum()) == int(bad.sum()) == 2302
    k = 17
    row = table.slice(k, 1).to_pylist()[0]
    good = [m for m, flag in zip(row["mag"], row["catflags"], strict=True) if not flag & 32768]
    np.testing.assert_allclose(np.sort(lcs[k].mag), np.sort(good), atol=3e-6)
