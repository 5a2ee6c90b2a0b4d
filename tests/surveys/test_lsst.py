"""LSST Parquet, flat and nested: fluxes in nJy against the magnitudes that made them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

import goodricke as gr
from goodricke.errors import ReadError
from goodricke.surveys import ReadOptions, lsst
from goodricke.surveys.source import Source
from samples import RA, star
from samples import lsst as samples

TOTAL = (
    "DiaSource",
    "ForcedSource",
    "nested_objectForcedSource",
    "nested_list_of_structs",
    "nested_two_kinds",
    "nested_mags",
)


@pytest.mark.parametrize("name", TOTAL)
def test_total_fluxes_give_the_magnitudes(name: str, tmp_path: Path) -> None:
    samples.write(tmp_path)
    lcs, made = gr.read(tmp_path / f"MADE_{name}.parquet"), star(mag=20.0)
    keep = np.arange(len(made.jd)) != (-1 if name == "nested_mags" else samples.FLAGGED)
    for one in lcs:
        np.testing.assert_array_equal(one.time, made.jd[keep] - 2400000.5)
        np.testing.assert_allclose(one.mag, made.mag[keep], atol=1e-6)
        np.testing.assert_allclose(one.flux_err / one.flux, 0.01, rtol=0.09 if name == "nested_mags" else 1e-5)
        assert (str(one.time_frame), set(one.bands)) == ("MJD_TAI", {"g", "r"})
        assert not one.batch.difference[0]
    if "nested" in name:
        assert len(lcs) == 2
        assert (lcs.ra == RA).all()


def test_difference_fluxes_are_said_to_be_that(tmp_path: Path) -> None:
    samples.write(tmp_path)
    one = gr.read(tmp_path / "MADE_DiaSource_difference_only.parquet")[0]
    assert one.batch.difference[0]
    keep = np.arange(60) != samples.FLAGGED
    expected = samples.points()["difference"][keep]
    np.testing.assert_allclose(one.flux * one.batch.ref_flux[0, one.batch.band], expected, rtol=1e-5, atol=1e-3)
    assert (one.flux < 0).any()


def test_which_points_were_read_is_said(tmp_path: Path) -> None:
    samples.write(tmp_path)
    report: list[object] = []
    gr.read(tmp_path / "MADE_nested_two_kinds.parquet", report=report)  # type: ignore[arg-type]
    assert "diaObjectForcedSource" in report[0].notes[0]  # type: ignore[attr-defined]


def test_pieces_give_the_same_as_the_whole(tmp_path: Path) -> None:
    samples.write(tmp_path)
    for name in ("nested_objectForcedSource", "ForcedSource"):
        path = tmp_path / f"MADE_{name}.parquet"
        source = Source(str(path), path=path)
        parts = list(lsst.read(source, ReadOptions(batch_points=20)))
        assert sum(len(part.time) for part in parts) == sum(len(p.time) for p in lsst.read(source, ReadOptions()))


def test_words_drop_more_and_more() -> None:
    columns = {"midpointMjdTai": pa.array([60000.0] * 4), "psfFlux": pa.array([1.0] * 4),
               "psfFluxErr": pa.array([0.1] * 4), "psfFlux_flag": pa.array([True, False, False, None]),
               "pixelFlags_suspectCenter": pa.array([False, True, False, None]),
               "isDipole": pa.array([False, False, True, None])}  # fmt: skip
    (found,) = lsst.photometry(columns, np.zeros(4, dtype=np.int64), ["a"])
    assert found.quality is not None
    dropped = {
        word: np.flatnonzero(found.quality & lsst.QUALITY.mask(word)).tolist()
        for word in ("default", "hard", "hardest")
    }
    assert dropped == {"default": [0], "hard": [0, 1], "hardest": [0, 1, 2]}


def test_odd_times_are_doubted() -> None:
    columns = {"midpointMjdTai": pa.array([1.48e9]), "psfFlux": pa.array([1.0])}
    (found,) = lsst.photometry(columns, np.zeros(1, dtype=np.int64), ["a"])
    assert "are they real" in found.notes[0]
    assert found.error is None


def test_a_catalogue_of_objects_is_not_recognised(tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    path = tmp_path / "objects.parquet"
    pq.write_table(pa.table({"objectId": [1], "coord_ra": [1.0], "g_psfFlux": [3.0]}), path)
    assert not lsst.recognises(Source(str(path), path=path))
    with pytest.raises(ReadError, match="no photometry"):
        gr.read(path, survey="lsst")
