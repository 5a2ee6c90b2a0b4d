from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import goodricke as gr
from goodricke.cli.main import main
from goodricke.lightcurves import concatenate
from goodricke.output.columns import meaning_of
from goodricke.output.reading_tables import read_table
from goodricke.period import periods
from line.made import bad_stars, good_stars


@pytest.fixture(autouse=True)
def stars(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """``stars.parquet``: an EA, an EW, and one that fails."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GOODRICKE_CONFIG", raising=False)
    lcs = concatenate([good_stars()[:2], bad_stars()["few"][0]])
    gr.write(lcs.with_meta(period_days=np.array([2.1, 0.5, 1.0])), "stars.parquet")


def test_a_sentence_and_a_picture_per_star(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["classify", "stars.parquet", "--explain", "--plot", "pages", "-o", "classes.parquet"]) == 1
    said = capsys.readouterr().out
    table = read_table("classes.parquet")
    first, second, failed = table["explained"].to_pylist()
    assert "of what speaks for EA is in the" in first
    assert second
    assert failed is None
    assert f"good 0: {first}" in said
    assert "few: 8 points are too few for a period" in said
    assert meaning_of(table.schema.field("explained")).says.startswith("Which part of the light curve")
    assert table.column_names.index("explained") == table.column_names.index("status") - 1
    pictures = sorted(path.name for path in Path("pages").glob("*_explained.png"))
    assert pictures == ["00000_good_0_explained.png", "00001_good_1_explained.png"]
    assert "pages/00000_good_0_explained.png" in said
    assert Path("pages/00000_good_0.png").exists()


@pytest.mark.parametrize("more", [["--explain"], ["--explain-class", "EB"], ["--explain", "--plot", "pages"]])
def test_periods_are_searched_once(more: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    searched: list[int] = []
    search = periods.search
    monkeypatch.setattr(periods, "search", lambda time, *rest: (searched.append(len(time)), search(time, *rest))[1])
    assert main(["classify", "stars.parquet", "-q", "-o", "c.csv", *more]) == 1
    assert searched == [90, 90]  # of the third star none is searched
    assert all(read_table("c.csv")["explained"].to_pylist()[:2])


@pytest.mark.parametrize("suffix", ["csv", "ecsv", "fits", "xml"])
def test_every_format(suffix: str) -> None:
    words = ["classify", "stars.parquet", "--explain", "-q", "-o", f"c.{suffix}", "--period", "period_days"]
    assert main(words) == 1
    assert "speaks for EA" in read_table(f"c.{suffix}")["explained"].to_pylist()[0]


def test_another_class(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["classify", "stars.parquet", "--explain-class", "EW"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert any(line.startswith("good 0: ") and "EW" in line for line in lines)


def test_without_it_nothing_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["classify", "stars.parquet", "-o", "c.csv"]) == 1
    assert "explained" not in read_table("c.csv").column_names
    assert "speaks" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--explain-class", "SN"], "knows no class 'SN' to explain"),
        (["--explain", "--as-of", "3"], "leave out --as-of"),
    ],
)
def test_wishes_that_are_refused(words: list[str], says: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["classify", "stars.parquet", *words]) == 2
    assert says in capsys.readouterr().err
