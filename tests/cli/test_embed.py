from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

import goodricke as gr
from goodricke.cli.main import main
from goodricke.lightcurves import concatenate
from goodricke.line.embed import embed
from line import seer
from line.made import bad_stars, good_stars


@pytest.fixture(autouse=True)
def _alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GOODRICKE_CONFIG", raising=False)


@pytest.fixture
def model(tmp_path: Path) -> str:
    return str(seer.bundle(tmp_path))


def test_files_to_a_table(model: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    gr.write(good_stars(), "lcs.parquet")
    words = ["embed", "lcs.parquet", "-o", "stars.parquet", "--model", model]
    monkeypatch.setattr("sys.argv", ["goodricke", *words])
    assert main(words) == 0
    said = capsys.readouterr()
    assert said.out.splitlines() == ["5 of 5 stars in 6 numbers each, by seer-1", "wrote stars.parquet"]
    assert said.err == ""
    table = pq.read_table("stars.parquet")
    expected = embed(gr.read("lcs.parquet"), model)
    assert table.drop_columns(["embedding"]).equals(expected.drop_columns(["embedding"]))
    for one, other in zip(table["embedding"].to_pylist(), expected["embedding"].to_pylist(), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-5)
    stored = table.schema.metadata
    assert stored[b"command"].decode() == f"goodricke embed lcs.parquet -o stars.parquet --model {model}"
    assert stored[b"model"] == b"seer-1"
    assert table.schema.field("embedding").metadata[b"description"].startswith(b"Place of the star")
    assert pq.ParquetFile("stars.parquet").metadata.row_group(0).column(11).encodings[-1] == "BYTE_STREAM_SPLIT"


def test_a_star_that_fails_is_exit_1(model: str, capsys: pytest.CaptureFixture[str]) -> None:
    gr.write(concatenate([good_stars(), bad_stars()["few"][0]]), "lcs.parquet")
    assert main(["embed", "lcs.parquet", "-o", "stars.parquet", "--model", model]) == 1
    assert capsys.readouterr().out.splitlines()[:2] == [
        "5 of 6 stars in 6 numbers each, by seer-1",
        "1 failed: see the column reason",
    ]
    assert main(["embed", "lcs.parquet", "-o", "stars.parquet", "--model", model, "-q"]) == 1
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["-o", "stars.csv"], 2, "stars.csv: lists of numbers are written to Parquet alone"),
        (["-o", "away/stars.parquet"], 2, "the folder away does not exist"),
        ([], 2, "Missing option '--output'"),
        (["-o", "stars.parquet", "--model", "variables-with-period-1"], 4, "gives no embedding"),
        (["-o", "stars.parquet", "--model", "nobody"], 4, "no model is called 'nobody'"),
    ],
)
def test_refused_before_anything_is_read(
    words: list[str], code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["embed", "nothing.csv", *words]) == code
    assert said in " ".join(capsys.readouterr().err.split())
    assert not Path("stars.parquet").exists()


def test_nothing_to_read(model: str) -> None:
    Path("bad.csv").write_text("nothing")
    assert main(["embed", "bad.csv", "-o", "stars.parquet", "--model", model]) == 3
