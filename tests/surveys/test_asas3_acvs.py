"""ASAS-3 native text: datasets, apertures, grades. The files are made from the public description of the format."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import goodricke as gr
from goodricke.errors import ReadError
from goodricke.surveys import FileStatus, recognise
from goodricke.surveys.asas3_acvs import aperture_for
from goodricke.surveys.options import ReadOptions
from goodricke.surveys.reading import light_curves_of
from goodricke.surveys.source import Source
from samples import DEC, RA, star
from samples import asas3_acvs as sample


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    return sample.write(tmp_path)


def read(text: str) -> gr.LightCurves:
    batches = list(light_curves_of(Source("made.dat", data=text.encode()), ReadOptions()))
    return gr.LightCurves.empty() if not batches else batches[0]


def test_recognised(files: list[Path]) -> None:
    assert {recognise(Source(str(path), path=path)).name for path in files} == {"asas3_acvs"}


def test_datasets_of_one_star(files: list[Path]) -> None:
    report: list[FileStatus] = []
    lcs = gr.read(files[0], report=report)
    one = lcs[0]
    assert len(lcs) == 1
    assert one.object_id == "100100-2030.0"
    assert (one.ra, one.dec) == pytest.approx((RA, DEC), abs=1e-5)
    assert str(one.time_frame) == "HJD_UTC-2450000"
    assert one.bands == ("V",)
    assert one.dropped == {"limit": 2, "quality": 2}
    assert report[0].notes == ["aperture MAG_1"]  # V = 11.4
    first, second = (star(start_jd=2452500.0, mag=11.4, seed=seed) for seed in (1, 2))
    kept = np.delete(np.arange(60), [sample.UNMEASURED, sample.WORST])
    jd = np.concatenate([first.jd[kept], second.jd[kept]])
    order = np.argsort(jd)
    np.testing.assert_allclose(one.time + 2450000.0, jd[order], atol=1e-8)
    np.testing.assert_allclose(one.mag, np.concatenate([first.mag[kept], second.mag[kept]])[order], atol=2e-6)
    np.testing.assert_allclose(one.mag_err, np.concatenate([first.err[kept], second.err[kept]])[order], rtol=1e-4)


def test_two_stars_and_another_order_of_apertures(files: list[Path]) -> None:
    lcs = gr.read(files[1])
    assert lcs.object_id.tolist() == ["100100-2030.0", "100104-2030.0"]
    assert lcs.meta["aperture"].tolist() == [1, 0]
    made = star(start_jd=2452500.0, mag=13.0, seed=3)
    kept = np.delete(np.arange(60), [sample.UNMEASURED, sample.WORST])
    np.testing.assert_allclose(lcs[1].mag, made.mag[kept] - 0.01, atol=2e-6)  # MAG_0 stands second in this dataset


def test_grades(files: list[Path]) -> None:
    assert gr.read(files[0], quality="none")[0].dropped == {"limit": 2}
    hard = gr.read(files[0], quality="hard")[0]
    assert hard.dropped["quality"] == 60  # half of the rows are B, one of each dataset is D


@pytest.mark.parametrize(("magnitude", "k"), [(14, 0), (12, 0), (11.99, 1), (11, 1), (10, 2), (9, 3), (8, 4), (5, 4)])
def test_aperture(magnitude: float, k: int) -> None:
    assert aperture_for(magnitude) == k
    assert aperture_for(float("nan")) == 0


def test_damage() -> None:
    text = sample.dataset(1, "100100-2030.0", RA, DEC, seed=1)
    lines = text.splitlines(keepends=True)
    cut = "".join(lines[:-1]) + lines[-1][:30]
    assert read(cut).lengths.tolist() == [57]
    overflown = "".join(lines[:-1]) + lines[-1].replace(lines[-1].split()[2], "*****")
    assert read(overflown)[0].dropped["not_finite"] == 1
    assert read(text.replace("A 20002", "? 20002"))[0].dropped == {"limit": 1, "quality": 1}
    assert read(text.replace(" HJD ", " JD "))[0].dropped == {"limit": 1, "quality": 1}  # the usual columns are taken
    with pytest.raises(ReadError, match="no column MAG_3"):
        read(text.replace("MAG_3", "MAG_7"))
    with pytest.raises(ReadError, match="no measurements"):
        read("".join(line for line in lines if line.startswith("#")) + "1 2 3\n")


def test_position_in_the_header_may_be_missing() -> None:
    text = sample.dataset(1, "100100-2030.0", RA, DEC, seed=1).replace("#cra=", "#x=").replace("#cdec=", "#y=")
    lcs = read(text)
    assert np.isnan(lcs.ra[0])
    assert lcs.n_points == 58
