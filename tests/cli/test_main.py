from __future__ import annotations

import io
import json
import shutil
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
import pytest

import goodricke as gr
from goodricke.cli.main import main
from goodricke.examples import path as example
from goodricke.output.reading_tables import read_table


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    for file in Path(example()).iterdir():
        if file.suffix in (".csv", ".dat", ".txt", ".fits"):
            shutil.copy(file, folder)
    return folder


def test_read_writes_and_sums_up(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "o.parquet"
    assert main(["read", str(data), "-o", str(out), "--report", str(tmp_path / "r.csv")]) == 0
    said = capsys.readouterr().out
    assert "8 files: 8 read" in said
    assert f"wrote {out}" in said
    for word in ("tess_spoc_ffi", "quality", "limit", "7 stars", "time span"):
        assert word in said
    assert pq.read_metadata(out).num_rows == 7
    report = pacsv.read_csv(tmp_path / "r.csv")
    assert report.num_rows == 8
    assert sum(report["n_points"].to_pylist()) == gr.read(out).n_points


def test_without_output_the_stars_are_listed(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["read", str(data)]) == 0
    assert "TIC 9999999" in capsys.readouterr().out


def test_a_bad_file_among_good_ones_is_exit_1(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (data / "cut.fits").write_bytes((data / "tess_eccentric_binary_s0014.fits").read_bytes()[:9000])
    out = tmp_path / "o.parquet"
    assert main(["read", str(data), "-o", str(out), "--log-format", "json"]) == 1
    said = capsys.readouterr()
    assert "1 failed" in said.out
    errors = [json.loads(line) for line in said.err.splitlines() if '"error"' in line]
    assert errors[0]["path"].endswith("cut.fits")
    assert "cut short" in errors[0]["message"]
    assert pq.read_metadata(out).num_rows == 7


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["read", "gone.csv"], 3, "no such file"),
        (["read"], 2, "Missing argument"),
        (["raed"], 2, "Did you mean 'read'"),
        (["read", "x.csv", "--quality", "best"], 2, "quality 'best' is not known"),
        (["read", "x.csv", "--columns", "tiem=HJD"], 2, "tiem"),
        (["read", "x.csv", "--columns", "time"], 2, "NAME=COLUMN"),
        (["read", "x.csv", "--time-frame", "noon"], 2, "no time frame is called 'noon'"),
        (["read", "x.csv", "-o", "x.doc"], 2, "chooses no format"),
        (["read", "x.csv", "--survey", "asasn"], 2, "no survey is called"),
        (["surveys", "tes_spoc"], 2, "did you mean tess_spoc"),
        (["plot", "gone.csv"], 3, "no such file"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_wrong_use_is_explained(arguments: list[str], code: int, says: str, capsys, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == code
    said = capsys.readouterr()
    assert says in said.err + said.out
    assert "Traceback" not in said.err


def test_output_folder_that_is_missing_is_said(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["read", str(data / "crts_rrc.csv"), "-o", str(data / "no" / "o.csv")]) == 2
    assert "does not exist" in capsys.readouterr().err


def test_standard_input_and_output(data: Path, monkeypatch, capfdbinary) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO((data / "crts_rrc.csv").read_bytes())))
    assert main(["read", "-", "-o", "-", "--quiet"]) == 0
    said = capfdbinary.readouterr()
    assert said.out.splitlines()[0].startswith(b'"object_id"')
    assert len(said.out.splitlines()) == 241
    assert said.err == b""


def test_dry_run_reads_nothing(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (data / "bad.csv").write_text("")
    assert main(["read", str(data), "--dry-run"]) == 1
    said = capsys.readouterr().out
    assert "tess_spoc_ffi" in said
    assert "the file is empty" in said
    assert main(["read", str(data / "bad.csv"), "--dry-run"]) == 3


def test_interruption_is_130(data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    import goodricke.batch

    def interrupted(*args: object, **kwargs: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(goodricke.batch, "gather", interrupted)
    assert main(["read", str(data)]) == 130
    assert "--resume" in capsys.readouterr().err


def test_cleaning_is_counted(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = data / "glitch.dat"
    rows = (data / "OGLE-BLG-ECL-999999_I.dat").read_text().splitlines()
    path.write_text("\n".join([*rows, rows[0].split()[0] + " 17.000 0.900"]) + "\n")
    assert main(["read", str(path), "--clean"]) == 0
    assert "cleaning removed" in capsys.readouterr().out


def test_surveys_lists_all_and_explains_one(capsys: pytest.CaptureFixture[str]) -> None:
    from goodricke.surveys import SURVEYS
    from goodricke.surveys.spectra import SPECTRA

    assert main(["surveys"]) == 0
    listed = [line for line in capsys.readouterr().out.splitlines() if line and not line.endswith(":")]
    assert [line.split()[0] for line in listed] == [row.name for row in (*SURVEYS, *SPECTRA)]
    assert main(["surveys", "tess_spoc"]) == 0
    said = capsys.readouterr().out
    assert "impulsive_outlier" in said
    assert "dropped by default, hard, hardest" in said


def test_plot_draws_one_png_per_star_or_a_sheet(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plot", str(data), "-o", str(tmp_path / "p"), "--limit", "2"]) == 0
    assert len(list((tmp_path / "p").glob("*.png"))) == 2
    assert "only the first were drawn" in capsys.readouterr().err
    assert main(["plot", str(data), "-o", str(tmp_path / "s"), "--sheet"]) == 0
    assert (tmp_path / "s" / "sheet.png").exists()


def test_period_prints_and_writes_a_row_per_star(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (data / "few.dat").write_text("5260.12345 15.000 0.010\n5261.12345 15.100 0.010\n5262.12345 15.000 0.010\n")
    stars = [str(data / name) for name in ("OGLE-BLG-ECL-999999_I.dat", "few.dat")]
    assert main(["period", *stars, "-o", str(tmp_path / "p.csv")]) == 1
    said = capsys.readouterr().out
    assert "1 of 2 stars have a period" in said
    assert "3 points are too few" in said
    table = pacsv.read_csv(tmp_path / "p.csv")
    assert table["status"].to_pylist() == ["ok", "failed"]
    # The example is a contact binary of 0.39126 d; its period or a relative of it is among the first two.
    found = np.array([table["period_days"][0].as_py(), table["period_days_2"][0].as_py()])
    assert np.abs(np.outer(found, [1.0, 2.0]) / 0.39126 - 1.0).min() < 1e-3
    assert main(["period", stars[0], "--shortest", "2", "--longest", "1"]) == 2
    capsys.readouterr()
    assert main(["period", stars[0], "--boxes", "-o", str(tmp_path / "p.fits")]) == 0
    made = {key.decode(): value.decode() for key, value in read_table(tmp_path / "p.fits").schema.metadata.items()}
    assert sorted(made) == ["command", "goodricke_version", "period_chooser_sha256"]
    assert len(made["period_chooser_sha256"]) == 64


def test_version_and_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert gr.__version__ in capsys.readouterr().out
    assert main(["--help"]) == 0
    assert "130 interrupted" in capsys.readouterr().out
