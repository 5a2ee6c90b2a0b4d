"""The LSST table."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

import goodricke as gr
from goodricke.simulate.files.table import write_files
from goodricke.surveys.lsst import QUALITY
from simulate.files.test_table import FORMATS, N, made


def test_a_batch_is_one_table_with_a_row_a_point(tmp_path: Path) -> None:
    measured = made(FORMATS["lsst"])
    (path,) = write_files(measured, "lsst", tmp_path)
    table = pq.read_table(path)
    assert table.num_rows == 2 * N
    assert len(np.unique(table["forcedSourceId"])) == 2 * N
    # A limit and a missing value of each star are null.
    assert table["psfFlux"].null_count == table["psfFluxErr"].null_count == 4


def test_every_flag_that_the_table_has_comes_back(tmp_path: Path) -> None:
    names = ("psf_failed", "edge", "bad", "saturated", "suspect", "cosmic_ray")
    measured = made(FORMATS["lsst"])
    quality = np.zeros(2 * N, np.int64)
    for k, name in enumerate(names):
        quality[k] = QUALITY.bits[name]
    paths = write_files(replace(measured, quality=quality), "lsst", tmp_path)
    for name in names:
        lcs = gr.read([str(path) for path in paths], quality=QUALITY.bits[name])
        assert sum(lc.dropped.get("quality", 0) for lc in lcs) == 1, name


def test_nobody_is_no_file(tmp_path: Path) -> None:
    measured = made(FORMATS["lsst"])
    empty = {
        name: getattr(measured, name)[:0] for name in ("time", "value", "error", "star", "band", "limit", "quality")
    }
    nobody = replace(measured, object_id=measured.object_id[:0], ra=None, dec=None, **empty)
    assert write_files(nobody, "lsst", tmp_path) == []
