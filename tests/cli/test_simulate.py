"""The command, as it is typed."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("numba")

import goodricke as gr
from goodricke.cli.main import main
from goodricke.output.reading_tables import read_table


def test_stars_and_truth_are_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "sims.parquet"
    assert main(["simulate", "--share", "rotator=1,constant=1", "--survey", "asas3", "-n", "6", "-o", str(target)]) == 0
    said = capsys.readouterr().out
    assert "6 stars as asas3 sees them" in said
    assert len(gr.read(target)) == len(read_table(tmp_path / "sims_truth.parquet")) == 6


def test_a_file_of_settings_and_options_before_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    recipe = tmp_path / "a.toml"
    recipe.write_text('survey = "asas3"\nn = 3\nseed = 5\n[shares]\nconstant = 1\n')
    target = tmp_path / "sims.csv"
    assert main(["simulate", str(recipe), "-n", "2", "-o", str(target), "--truth", str(tmp_path / "t.csv")]) == 0
    assert "sim-5-000000001" in target.read_text()
    assert "sim-5-000000002" not in target.read_text()
    assert "2 stars" in capsys.readouterr().out


def test_everything_that_can_be_asked_for_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulate", "--list"]) == 0
    said = capsys.readouterr().out
    for word in ("total_partial", "semi_detached", "tess_20s"):
        assert word in said


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--population", "contact"], "-o FILE"),
        (["--population", "contact", "--share", "rrab=1", "-o", "a.parquet"], "exclude each other"),
        (["--survey", "asasn", "-o", "a.parquet"], "did you mean 'asassn'"),
        (["--population", "contact", "-o", "a.doc"], ".doc"),
        (["--population", "contact", "-o", "nowhere/a.parquet"], "does not exist"),
        (["missing.toml", "-o", "a.parquet"], "cannot be read"),
    ],
)
def test_a_mistake_is_said_before_any_work(
    arguments: list[str], says: str, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["simulate", *arguments]) == 2
    assert says in capsys.readouterr().err


def test_simulated_stars_go_through_the_whole_line(tmp_path: Path) -> None:
    """Simulate, classify, evaluate: each takes what the one before it wrote."""
    sims, classes = tmp_path / "sims.parquet", tmp_path / "classes.parquet"
    assert main(["simulate", "--population", "contact", "--survey", "asas3", "-n", "8", "-o", str(sims), "-q"]) == 0
    assert main(["classify", str(sims), "-o", str(classes), "-q"]) == 0
    report = tmp_path / "report"
    assert main(["evaluate", str(classes), str(tmp_path / "sims_truth.parquet"), "-o", str(report),
                 "--bootstrap", "20", "-q"]) == 0  # fmt: skip
    assert (report / "report.json").exists()
