from __future__ import annotations

import hashlib
import json
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from evaluate.made import tables
from goodricke.cli.evaluate import evaluate
from goodricke.errors import DataError, OptionError, ReadError
from goodricke.output.tables import write_table


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tables")
    made = tables(300)
    write_table(made["model"], folder / "model.fits")
    write_table(made["other"], folder / "other.ecsv")
    write_table(made["truth"], folder / "truth.csv")
    return folder


def run(*words: str) -> Result:
    return CliRunner().invoke(evaluate, list(words), standalone_mode=False)


def test_a_report_of_two_models(files: Path, tmp_path: Path) -> None:
    said = str(files / "model.fits")
    found = run(said, str(files / "truth.csv"), "--beside", f"forest={files / 'other.ecsv'}",
                "--by", "mag, period_days",
                "--bootstrap", "50", "-o", str(tmp_path / "out"))  # fmt: skip
    assert found.exception is None, found.exception
    assert found.return_value == 0
    assert "synthetic-1" in found.stdout
    assert "275 stars compared" in found.stdout
    assert "model.fits: 300 rows" in found.stderr
    report = json.loads((tmp_path / "out" / "report.json").read_text())
    about = report["about"]
    assert about["given"] == ["synthetic-1", "forest"]
    assert about["files"]["predictions"]["sha256"] == hashlib.sha256((files / "model.fits").read_bytes()).hexdigest()
    assert {role: f["rows"] for role, f in about["files"].items()} == {"predictions": 300, "forest": 300, "truth": 300}
    assert list(report["models"]["forest"]["breakdown"]) == ["mag", "period_days"]
    assert about["seed"] == 0
    assert about["goodricke"]


@pytest.fixture
def no_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reports without pictures, which take most of the time and are tested beside their drawing."""
    monkeypatch.setattr("goodricke.output.report.pictures", lambda report: {})


@pytest.mark.usefixtures("no_pictures")
def test_the_command_in_the_report_makes_it_again(files: Path, tmp_path: Path) -> None:
    words = (str(files / "model.fits"), str(files / "truth.csv"), "--view", "eclipsing", "--bootstrap", "20", "-q")
    run(*words, "--label", "label_mapped", "--seed", "3", "-o", str(tmp_path / "a"))
    first = (tmp_path / "a" / "report.json").read_bytes()
    command = json.loads(first)["about"]["command"]
    again = run(*shlex.split(command)[2:], "-o", str(tmp_path / "b"), "-q")
    assert again.stdout == ""
    assert (tmp_path / "b" / "report.json").read_bytes() == first
    assert (tmp_path / "b" / "report.html").read_bytes() == (tmp_path / "a" / "report.html").read_bytes()


@pytest.mark.usefixtures("no_pictures")
def test_notes_become_warnings(tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text("object_id,prob_EA,prob_EW\na,0.5,0.1\nb,0.2,0.8\n")
    (tmp_path / "t.csv").write_text("object_id,label\na,EA\nb,EW\n")
    found = run(str(tmp_path / "p.csv"), str(tmp_path / "t.csv"), "--bootstrap", "0", "-o", str(tmp_path / "o"))
    assert "warning: p: 1 rows have probabilities that do not add up to 1" in found.stderr
    assert found.return_value == 0


@pytest.mark.parametrize(
    ("words", "error", "says"),
    [
        (("--view", "5class"), OptionError, "there are leaves, 4class"),
        (("--catalogue", "nosuch"), OptionError, "acvs"),
        (("--by", "snr"), OptionError, "there are period_days"),
        (
            ("--label", "klass"),
            DataError,
            "the truth has no column 'klass'; it has object_id, label_mapped, period_days",
        ),
        (("--beside", "forest"), Exception, "give NAME=FILE"),
        (("--beside", "truth=x"), Exception, "the name 'truth' is taken"),
        (("--beside", "a=none.csv"), ReadError, "no such file"),
    ],
)
def test_errors_say_what_there_is(words: tuple[str, ...], error: type, says: str, files: Path, tmp_path: Path) -> None:
    found = run(
        str(files / "model.fits"), str(files / "truth.csv"), *words, "-o", str(tmp_path / "o"), "--bootstrap", "5"
    )
    assert isinstance(found.exception, error)
    assert says in str(found.exception)
    assert not (tmp_path / "o").exists()


def test_two_models_of_one_name(files: Path, tmp_path: Path) -> None:
    found = run(str(files / "model.fits"), str(files / "truth.csv"), "--name", "x", "--beside",
                f"x={files / 'other.ecsv'}", "-o", str(tmp_path))  # fmt: skip
    assert "two models are called 'x'" in str(found.exception)


def test_help_has_an_example() -> None:
    assert "goodricke evaluate classes.parquet truth.csv" in (evaluate.epilog or "")
