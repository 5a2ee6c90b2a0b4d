from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest

import goodricke as gr
from goodricke import examples
from goodricke.cli.main import main
from goodricke.output.reading_tables import read_table
from line.made import bad_stars, good_stars

DOCUMENT = Path(__file__).parents[2] / "docs" / "early.md"


@pytest.fixture(autouse=True)
def _alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GOODRICKE_CONFIG", raising=False)


@pytest.fixture
def stars(tmp_path: Path) -> str:
    """Two stars of 90 points whose times count from nothing known."""
    gr.write(good_stars()[:2], tmp_path / "stars.parquet")
    return str(tmp_path / "stars.parquet")


def rows(path: str) -> list[dict[str, object]]:
    return read_table(path).to_pylist()  # type: ignore[no-any-return]


def test_a_row_per_star_and_moment(stars: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["classify", stars, "--as-of", "30p,60p", "--as-of", "90p", "-o", "e.csv"]) == 0
    found = rows("e.csv")
    assert [row["object_id"] for row in found] == ["good 0"] * 3 + ["good 1"] * 3
    assert [row["n_points"] for row in found] == [30, 60, 90] * 2
    times = good_stars()[0].time
    assert [row["as_of"] for row in found[:3]] == pytest.approx(times[[29, 59, 89]], abs=1e-9)
    assert found[2]["label"] == "EA"
    said = capsys.readouterr()
    assert said.out.splitlines()[-1] == "wrote e.csv"
    assert "2 stars at 6 moments; the last label stood from" in said.out
    assert said.err == ""


def test_as_many_moments_as_are_asked_for(stars: str) -> None:
    assert main(["classify", stars, "--as-of", "4", "-q", "-o", "e.parquet"]) == 0
    assert [row["n_points"] for row in rows("e.parquet")] == [20, 33, 55, 90] * 2
    import pyarrow.parquet as pq

    assert b"command" in pq.read_schema("e.parquet").metadata


def test_dates_are_looked_up_in_each_frame(capsys: pytest.CaptureFixture[str]) -> None:
    paths = [examples.path("ztf_rrab.csv"), examples.path("crts_rrc.csv")]
    assert main(["classify", *paths, "--as-of", "2012-01-01", "--as-of", "2022-01-01", "-q", "-o", "e.ecsv"]) == 0
    found = {(str(row["object_id"])[:3], row["as_of"]): row for row in rows("e.ecsv")}
    assert set(found) == {("ZTF", 2455927.5), ("ZTF", 2459580.5), ("100", 55927.0), ("100", 59580.0)}
    assert found["ZTF", 2455927.5]["reason"] == "0 points are too few for a period: 20 is the least"
    before = gr.read(paths[0])[0].time < 2459580.5
    assert found["ZTF", 2459580.5]["n_points"] == pytest.approx(before.sum(), abs=3)  # a few may be clipped


def test_failing_early_is_no_failure_but_failing_at_last_is(stars: str) -> None:
    assert main(["classify", stars, "--as-of", "5p,90p", "-q", "-o", "e.csv"]) == 0
    assert [row["status"] for row in rows("e.csv")][::2] == ["failed", "failed"]
    assert main(["classify", stars, "--as-of", "91p", "-q", "-o", "e.csv"]) == 1
    assert rows("e.csv")[0]["reason"] == "90 points, and 91 were asked for"


def test_pictures(stars: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["classify", stars, "--as-of", "3", "--plot", "early", "-o", "e.csv"]) == 0
    files = sorted(path.name for path in Path("early").iterdir())
    assert files == ["00000_good_0_early.png", "00001_good_1_early.png"]
    assert str(Path("early") / files[0]) in capsys.readouterr().out
    assert (Path("early") / files[0]).read_bytes().startswith(b"\x89PNG")


def test_a_star_that_cannot_be_drawn_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    from goodricke.lightcurves import concatenate

    gr.write(concatenate([bad_stars()["no points"][0], bad_stars()["few"][0]]), "bad.parquet")
    assert main(["classify", "bad.parquet", "--as-of", "3", "--plot", "early", "-o", "e.csv"]) == 1
    assert "not drawn: no points has no points at the moments asked for" in capsys.readouterr().err
    assert [path.name for path in Path("early").iterdir()] == ["00001_few_early.png"]


def test_periods_and_shares_may_be_given(stars: str) -> None:
    words = ["--period", "2.1", "--prior", "EW=0.5", "--purity", "0.9"]
    assert main(["classify", stars, "--as-of", "40p,90p", *words, "-q", "-o", "e.csv"]) == 0
    assert {row["period_days"] for row in rows("e.csv")} == {2.1}


def test_moments_from_a_file_of_options(stars: str) -> None:
    Path("goodricke.toml").write_text('[classify]\nas-of = ["30p", "90p"]\noutput = "c.csv"\nquiet = true\n')
    assert main(["classify", stars]) == 0
    assert [row["n_points"] for row in rows("c.csv")] == [30, 90] * 2


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--as-of", "soon"], "'soon' says no moment; write 12 (so many moments)"),
        (["--as-of", "58849"], "write 58849d for a time in days"),
        (["--as-of", "2021-02-30"], "is not a date"),
        (["--as-of", ","], "no moment is given"),
        (["--as-of", "2021-02-03"], "what its times count from is unknown"),
        (["--as-of", "12", "--estimate-priors"], "later points too; give --prior beside --as-of"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_use_is_exit_2(
    words: list[str], says: str, stars: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise AssertionError("a period was searched before the mistake was said")

    monkeypatch.setattr("goodricke.period.periods.search", refused)
    assert main(["classify", stars, *words, "-o", "e.csv"]) == 2
    assert says in capsys.readouterr().err
    assert not Path("e.csv").exists()


def test_the_document_runs() -> None:
    for file in Path(examples.path()).iterdir():
        shutil.copy(file, ".")
    commands = [line.strip() for line in DOCUMENT.read_text().splitlines() if line.startswith("    goodricke ")]
    assert commands
    for line in commands:
        assert main(shlex.split(line)[1:]) == 0, line
    assert len(list(Path("early").glob("*_early.png"))) == 1
    code = re.findall(r"```python\n(.*?)```", DOCUMENT.read_text(), re.S)
    assert code
    for block in code:
        exec(compile(block, str(DOCUMENT), "exec"), {})
