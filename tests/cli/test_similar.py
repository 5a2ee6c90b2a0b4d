from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import goodricke as gr
from goodricke.cli.main import main
from goodricke.lightcurves import concatenate
from goodricke.line.neighbours import nearest
from goodricke.output.reading_tables import read_table
from line import seer
from line.made import bad_stars, good_stars, star


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Light curves, one more light curve, a model, and the table."""
    folder = tmp_path_factory.mktemp("similar")
    seer.bundle(folder)
    stars = concatenate([good_stars(), bad_stars()["few"][0]])
    gr.write(replace(stars, survey=np.array(["made"] * 6)), folder / "lcs.parquet")
    gr.write(star("EW", 0.5, "mine", 77), folder / "mine.parquet")
    words = ["embed", str(folder / "lcs.parquet"), "-o", str(folder / "stars.parquet"), "-q"]
    assert main([*words, "--model", str(folder / "seer-1")]) == 1  # one star fails
    return folder


@pytest.fixture(autouse=True)
def _alone(room: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for file in room.glob("*.parquet"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GOODRICKE_CONFIG", raising=False)
    monkeypatch.setenv("GOODRICKE_MODELS", str(room))


def test_a_star_of_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["similar", "stars.parquet", "good 3", "--k", "2", "-o", "out.csv"]) == 0
    rows = read_table("out.csv").to_pylist()
    expected = nearest(pq.read_table("stars.parquet"), pq.read_table("stars.parquet").slice(3, 1), k=2).to_pylist()
    assert [row["object_id"] for row in rows] == [row["object_id"] for row in expected]
    assert [row["rank"] for row in rows] == [1, 2]
    assert rows[0]["distance"] == pytest.approx(expected[0]["distance"])
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["like", "rank", "distance", "star", "survey", "class", "period/d", "ra", "dec"]
    assert lines[1].startswith("good 3 ")
    assert lines[1].split()[2:4] == ["1", f"{rows[0]['distance']:.4g}"]
    assert lines[-1] == "wrote out.csv"


def test_files_are_embedded_with_the_model_of_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["similar", "stars.parquet", "mine.parquet", "good 4", "-q", "-o", "out.parquet", "--jobs", "1"]) == 0
    assert capsys.readouterr().out == ""
    found = pq.read_table("out.parquet")
    assert found["query_id"].to_pylist() == ["good 4"] * 4 + ["mine"] * 5
    assert found.schema.metadata[b"model"] == b"seer-1"
    assert found.schema.metadata[b"command"].startswith(b"goodricke ")
    # A file of a star that is in the table: the star itself is left out, as when it is named.
    gr.write(gr.read("lcs.parquet")[["good 1"]], "again.parquet")
    assert main(["similar", "stars.parquet", "again.parquet", "-q", "-o", "a.csv"]) == 0
    assert main(["similar", "stars.parquet", "good 1", "-q", "-o", "b.csv"]) == 0
    one, other = (read_table(name).to_pylist() for name in ("a.csv", "b.csv"))
    assert [row["object_id"] for row in one] == [row["object_id"] for row in other]
    assert "good 1" not in [row["object_id"] for row in one]


def test_stars_without_embedding_are_rows_with_the_reason(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["similar", "stars.parquet", "few", "good 0", "--k", "1"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].split()[:3] == ["few", "-", "-"]
    assert "8 points are too few for a period: 20 is the least" in lines[1]
    assert lines[2].startswith("good 0")


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["stars.parquet", "GOOD"], 2, "'GOOD' is neither a star of stars.parquet nor a file; did you mean 'good 0'"),
        (["stars.parquet", "nobody"], 2, "nor a file; names are compared letter for letter"),
        (["stars.parquet", "good 0", "-o", "x.doc"], 2, "chooses no format"),
        (["stars.parquet", "good 0", "-o", "away/x.csv"], 2, "the folder away does not exist"),
        (["stars.parquet", "good 0", "--plot", "d"], 2, "--plot and --curves belong together"),
        (["stars.parquet", "good 0", "--curves", "lcs.parquet"], 2, "--plot and --curves belong together"),
        (["stars.parquet", "good 0", "--k", "0"], 2, "0 is not in the range"),
        (["away.parquet", "good 0"], 3, "there is no such file; make it with goodricke embed"),
        (["bad.parquet", "good 0"], 3, "this is no Parquet table"),
        (["lcs.parquet", "good 0"], 2, "a table of embeddings has a column embedding"),
        (["nameless.parquet", "mine.parquet"], 4, "does not say which model made it"),
        (["gone.parquet", "mine.parquet"], 4, "no model is called 'gone-7'"),
        (["other.parquet", "mine.parquet"], 2, "embeddings of different models cannot be compared"),
    ],
)
def test_what_cannot_be_done(words: list[str], code: int, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    table = pq.read_table("stars.parquet")
    Path("bad.parquet").write_text("nothing")
    pq.write_table(table.replace_schema_metadata(None), "nameless.parquet")
    pq.write_table(table.replace_schema_metadata({**table.schema.metadata, b"model": b"gone-7"}), "gone.parquet")
    pq.write_table(table.replace_schema_metadata({**table.schema.metadata, b"model_sha256": b"0"}), "other.parquet")
    assert main(["similar", *words]) == code
    assert said in " ".join(capsys.readouterr().err.split())


def test_a_file_that_cannot_be_read_among_names(capsys: pytest.CaptureFixture[str]) -> None:
    Path("bad.csv").write_text("nothing")
    assert main(["similar", "stars.parquet", "bad.csv"]) == 3
    assert main(["similar", "stars.parquet", "good 0", "bad.csv", "--k", "1"]) == 1
    assert "good 0" in capsys.readouterr().out


def test_the_model_of_a_table_can_be_named(room: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GOODRICKE_MODELS")
    assert main(["similar", "stars.parquet", "mine.parquet", "-q", "-o", "a.csv"]) == 4
    assert main(["similar", "stars.parquet", "mine.parquet", "-q", "-o", "a.csv", "--model", str(room / "seer-1")]) == 0


def test_sheets(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("matplotlib")
    # The table knows a star whose light curve is not at hand.
    table = pq.read_table("stars.parquet")
    absent = table.slice(1, 1).set_column(0, "object_id", pa.array(["absent"]))
    pq.write_table(pa.concat_tables([table, absent]), "more.parquet")
    words = ["similar", "more.parquet", "good 1", "few", "mine.parquet", "-o", "a.csv", "-q"]
    assert main([*words, "--curves", "lcs.parquet", "--plot", "sheets"]) == 1
    files = ["00000_good_1.png", "00001_few.png", "00002_mine.png"]
    assert sorted(path.name for path in Path("sheets").iterdir()) == [*files, "index.html"]
    assert all(Path("sheets", name).read_bytes().startswith(b"\x89PNG") for name in files)
    page = Path("sheets", "index.html").read_text()
    assert all(name in page for name in files)
    assert capsys.readouterr().out.split() == [f"sheets/{name}" for name in [*files, "index.html"]]
