from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import goodricke as gr
from goodricke.errors import OptionError, ReadError, ReadWarning
from goodricke.examples import path as example
from goodricke.surveys import FileStatus, ReadOptions, scan
from goodricke.surveys.reading import light_curves_of
from goodricke.surveys.source import Source

GOOD = "HJD,UT Date,Camera,FWHM,Limit,mag,mag_err,flux(mJy),flux_err,Filter\n" + "".join(
    f"{2457000 + k}.5,x,ba,1,15,{12 + 0.01 * k:.2f},0.01,1,1,V\n" for k in range(20)
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "good.csv").write_text(GOOD)
    (tmp_path / "page.csv").write_text("<html><title>Sorry</title></html>")
    (tmp_path / "empty.csv").write_text("")
    (tmp_path / "notes.txt").write_text("buy milk\nand bread\n")
    return tmp_path


def test_one_bad_file_is_an_error_that_names_it(folder: Path) -> None:
    with pytest.raises(ReadError, match=r"page\.csv: this is a web page, not data"):
        gr.read(folder / "page.csv")
    with pytest.raises(ReadError, match="no such file"):
        gr.read(folder / "gone.csv")


def test_of_many_the_good_ones_come_and_the_bad_ones_are_told(folder: Path) -> None:
    with pytest.warns(ReadWarning, match=r"2 of 4 files could not be read: .*empty\.csv"):
        lcs = gr.read(folder)
    assert lcs.object_id.tolist() == ["good"]
    report: list[FileStatus] = []
    assert len(gr.read(folder, report=report)) == 1
    assert {Path(row.path).name: row.status for row in report} == {
        "empty.csv": "failed", "good.csv": "ok", "notes.txt": "skipped", "page.csv": "failed",
    }  # fmt: skip
    assert report[1].as_row()["n_points"] == 20
    # The same file named by the user, not found in a folder, is a failure.
    report.clear()
    with pytest.raises(ReadError, match="no survey recognises"):
        gr.read(folder / "notes.txt", report=report)
    assert report[0].status == "failed"


def test_all_bad_is_an_error(folder: Path) -> None:
    with pytest.raises(ReadError, match=r"page\.csv.*and 1 more files failed"):
        gr.read(folder / "page.csv", folder / "empty.csv")


def test_nothing_named() -> None:
    with pytest.raises(OptionError, match="nothing to read"):
        gr.read()


def test_sectors_merge_or_stay_apart_on_request() -> None:
    together, apart = gr.read(example("*.fits")), gr.read(example("*.fits"), merge=False)
    assert (len(together), len(apart)) == (1, 2)
    assert together.object_id[0] == "TIC 9999999"
    assert together.n_points == apart.n_points
    # Stitched: the two sectors differ by 1% in level, and both medians are 1.
    for half in apart:
        inside = np.isin(together.time, half.time)
        assert np.median(together.flux[inside]) == pytest.approx(1.0, abs=1e-4)


def test_quality_words_and_masks_reach_the_reader() -> None:
    words = ("none", "default", "hard", "hardest", 512, 8192)
    kept = {word: gr.read(example("*.fits"), quality=word).n_points for word in words}
    # 512 is one of the bits that drop a point by default; nothing has 8192.
    assert kept[8192] == kept["none"] > kept[512] >= kept["default"] >= kept["hard"] >= kept["hardest"]


def test_bands_time_frame_and_survey_options() -> None:
    lcs = gr.read(example("ztf*.csv"), bands=["g"])
    assert lcs.bands == ("g",)
    with pytest.raises(ReadError, match="none of the bands Y is here"):
        gr.read(example("ztf*.csv"), bands=["Y"])
    assert str(gr.read(example("*.dat"), time_frame="JD_UTC-2450000").time_frame(0)) == "JD_UTC-2450000"
    with pytest.raises(ReadError, match="a text file cannot be kepler"):
        gr.read(example("*.dat"), survey="kepler")


def test_scan_holds_a_bounded_batch() -> None:
    sizes = [batch.n_points for batch in scan(example(), ReadOptions(batch_points=300))]
    assert sum(sizes) == gr.read(example()).n_points
    assert len(sizes) > 4


def test_two_stars_in_one_file_are_suspected() -> None:
    rows = "".join(f"{2457000 + k}.5,x,ba,1,15,{m},0.01,1,1,V\n" for k in range(20) for m in (12.0, 14.0))
    status = FileStatus("mixed.csv")
    source = Source("mixed.csv", data=(GOOD.splitlines()[0] + "\n" + rows).encode())
    (lcs,) = light_curves_of(source, ReadOptions(), status)
    assert lcs.n_points == 40
    assert any("two stars mixed" in note for note in status.notes)


def test_one_point_is_noted() -> None:
    status = FileStatus("one.csv")
    list(light_curves_of(Source("one.csv", data="\n".join(GOOD.splitlines()[:2]).encode()), ReadOptions(), status))
    assert any("single point" in note for note in status.notes)


def test_objects_are_read_too() -> None:
    lcs = gr.read(example("*.dat"))
    assert len(gr.read(lcs, example("*.dat"))) == 1
    assert gr.read(lcs.to_arrow()).n_points == lcs.n_points
