"""goodricke classify on spectra: files of all kinds in, tables by spectrum and by star out."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch", reason="the model is exported from torch")

from goodricke import examples
from goodricke.cli.main import main
from goodricke.output.reading_tables import read_table
from line.spectra import spectral_model


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(spectral_model.bundle(tmp_path_factory.mktemp("bundles")))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The example spectra in the working directory, as ``spectra/``."""
    shutil.copytree(examples.spectra(), tmp_path / "spectra")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_folder_becomes_two_tables(folder: Path, judge: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["classify", "spectra", "--model", judge, "-o", "out.ecsv"]) == 0
    said = capsys.readouterr().out
    spectra, stars = read_table("out.ecsv"), read_table("out-stars.ecsv")
    assert spectra.num_rows == 6
    assert stars.num_rows == 5
    assert stars.schema.metadata[b"model"] == b"judge-1"
    moving = next(row for row in stars.to_pylist() if row["n_epochs"] == 2)
    assert moving["object_id"] == "LAMOST J100136.00+301200.0"
    assert moving["rv_difference"] == pytest.approx(69.9, abs=0.5)
    # Velocities that differ by 70 km/s speak for a binary, but one of the two may be wrong.
    assert moving["rv_log_ratio"] > 1
    odds, alone = (moving[name] / (1 - moving[name]) for name in ("prob_BINARY", "prob_spectra"))
    assert np.log(odds / alone) == pytest.approx(moving["rv_log_ratio"], rel=1e-3)
    assert "5 of 6 spectra have an answer" in said
    assert "of 4 stars (5 spectra) at p > 0.5" in said
    assert "1 abstained:\n  1 x a signal-to-noise ratio of 2.1" in said
    assert "wrote out.ecsv\nwrote out-stars.ecsv" in said


def test_notes_and_paths_are_in_the_table(folder: Path, judge: str) -> None:
    text = "wave,flux\n" + "".join(f"{w},{1 + 0.001 * (w % 7)}\n" for w in range(3800, 7400))
    Path("odd.csv").write_text(text)
    assert main(["classify", "odd.csv", "--model", judge, "-o", "out.csv", "-q"]) == 0
    row = read_table("out.csv").to_pylist()[0]
    assert row["path"] == "odd.csv"
    assert row["status"] == "abstained"
    assert "the file gives no errors" in row["notes"]
    assert "no velocity is known" in row["notes"]


def test_globs_archives_and_several_processes(folder: Path, judge: str, capsys: pytest.CaptureFixture[str]) -> None:
    with zipfile.ZipFile("all.zip", "w") as archive:
        for path in sorted(Path("spectra").iterdir()):
            archive.write(path)
    for paths in (["spectra/*single*", "spectra/*epoch*"], ["all.zip"]):
        assert main(["classify", *paths, "--model", judge, "--jobs", "2", "-o", "out.parquet"]) == 0
        rows = read_table("out.parquet").to_pylist()
        assert len(rows) == (3 if len(paths) == 2 else 6)
        assert all(row["path"].endswith(".fits.gz") for row in rows)
    assert "::" in rows[0]["path"]


def test_damaged_files_are_rows_and_the_exit_code_says_so(
    folder: Path, judge: str, capsys: pytest.CaptureFixture[str]
) -> None:
    good = Path("spectra/spec-made-single-coadd.fits.gz").read_bytes()
    Path("spectra/cut.fits.gz").write_bytes(good[: len(good) // 2])
    assert main(["classify", "spectra", "--model", judge, "-o", "out.csv"]) == 1
    rows = {row["object_id"]: row for row in read_table("out.csv").to_pylist()}
    assert rows["cut.fits.gz"]["status"] == "failed"
    assert rows["cut.fits.gz"]["reason"]
    assert read_table("out-stars.csv").num_rows == 5
    assert "cut.fits.gz" in capsys.readouterr().err
    Path("only.fits").write_bytes(b"SIMPLE  = nothing")
    assert main(["classify", "only.fits", "--model", judge]) == 3


def test_priors_and_purity(folder: Path, judge: str, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["classify", "spectra", "--model", judge, "-q", "-o"]
    assert main([*command, "a.csv"]) == 0
    assert main([*command, "b.csv", "--prior", "1:9"]) == 0
    assert main([*command, "c.csv", "--purity", "0.9999"]) == 0
    plain, rare, pure = (read_table(f"{name}.csv").to_pylist() for name in "abc")
    for one, two in zip(plain, rare, strict=True):
        if np.isfinite(one["prob_BINARY"]):
            odds, moved = (p / (1 - p) for p in (one["prob_BINARY"], two["prob_BINARY"]))
            assert moved == pytest.approx(odds / 9, rel=1e-3)
    assert {row["status"] for row in pure} == {"abstained"}
    # Spectra that are too unsure alone are evidence of the star all the same.
    stars = read_table("c-stars.csv").to_pylist()
    assert [star["n_answers"] for star in stars].count(0) == 1


def test_explanations_and_pictures(folder: Path, judge: str, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("matplotlib")
    paths = ["spectra/spec-made-single-coadd.fits.gz", "spectra/spec-made-too-faint.fits.gz"]
    command = ["classify", *paths, "--model", judge, "--explain", "--plot", "pictures", "-o", "out.csv"]
    assert main(command) == 0
    said = capsys.readouterr()
    rows = read_table("out.csv").to_pylist()
    assert "most speaks for a binary: " in rows[0]["explained"]
    assert not rows[1]["explained"]
    assert rows[0]["explained"] in said.out
    names = {path.name for path in Path("pictures").iterdir()}
    assert {"probabilities.png", "sky.png"} <= names
    assert sum(name.startswith("0000") for name in names) == 2
    assert "not drawn: distances: no parallax" in said.err
    assert all(f"pictures/{name}" in said.out for name in names)


def test_hosts_are_matched(folder: Path, judge: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("hosts.csv").write_text("pl_name,hostname,ra,dec\nX b,X,150.3,30.15\nX c,X,150.3,30.15\nY b,Y,10.0,10.0\n")
    assert main(["classify", "spectra", "--model", judge, "--hosts", "hosts.csv", "-o", "out.csv"]) == 0
    rows = read_table("out-hosts.csv").to_pylist()
    assert [(row["host_name"], row["host_planets"], row["host_n_planets"]) for row in rows] == [("X", "X b, X c", 2)]
    assert "hosts of planets: " in capsys.readouterr().out
    assert main(["classify", "spectra", "--model", judge, "--hosts", "none.csv"]) == 3


def test_selections(folder: Path, judge: str) -> None:
    assert main(["classify", "spectra", "--model", judge, "--selection", "jing2025", "-o", "out.csv", "-q"]) == 0
    assert {row["status"] for row in read_table("out.csv").to_pylist()} == {"ok", "abstained"}


def test_every_spectrum_a_star_of_its_own(folder: Path, judge: str) -> None:
    assert main(["classify", "spectra", "--model", judge, "--separate", "-o", "out.csv", "-q"]) == 0
    assert read_table("out-stars.csv").num_rows == 6


def test_options_of_the_other_kind_are_refused(folder: Path, judge: str, capsys: pytest.CaptureFixture[str]) -> None:
    for more in (
        ["--period", "2.5"], ["--as-of", "12"], ["--band", "V"], ["--time-frame", "BTJD"], ["--explain-class", "EA"],
        ["--estimate-priors"], ["--quality", "hard"],
    ):  # fmt: skip
        assert main(["classify", "spectra", "--model", judge, *more]) == 2
        assert f"{more[0]} means nothing for spectra" in capsys.readouterr().err
    for more in (["--wavelengths", "air"], ["--hosts", "x.csv"], ["--selection", "jing2025"]):
        assert main(["classify", examples.path("crts_rrc.csv"), *more]) == 2
        assert f"{more[0]} means nothing for light curves" in capsys.readouterr().err
    assert main(["classify", "spectra", "--model", judge, "--wavelengths", "airy"]) == 2
    assert main(["classify", "spectra", "--model", judge, "--prior", "2:-1"]) == 2


def test_wavelengths_and_columns_of_ones_own(folder: Path, judge: str) -> None:
    text = "lam,F\n" + "".join(f"{w / 10},{1 + 0.01 * (w % 5)}\n" for w in range(3800, 7400))
    Path("mine.txt").write_text(text)
    command = ["classify", "mine.txt", "--model", judge, "--columns", "wave=lam,flux=F", "--wavelengths", "air nm"]
    assert main([*command, "-o", "out.csv", "-q"]) == 0
    assert "nanometres" not in read_table("out.csv").to_pylist()[0]["reason"]


def test_files_of_both_kinds(folder: Path, judge: str, capsys: pytest.CaptureFixture[str]) -> None:
    curve = examples.path("crts_rrc.csv")
    single = "spectra/spec-made-single-coadd.fits.gz"
    assert main(["classify", single, curve, "--model", "quick", "-o", "curves.csv"]) == 0
    said = capsys.readouterr()
    assert "1 of the files is spectra and was left; to classify them: goodricke classify" in said.err
    assert "--model spectra-binary" in said.err
    assert read_table("curves.csv").num_rows == 1
    assert main(["classify", single, curve, "--model", judge, "-o", "spectra.csv"]) == 0
    assert "1 of the files is light curves and was left" in capsys.readouterr().err
    assert read_table("spectra.csv").num_rows == 1
    shutil.copy(curve, "spectra/curve.csv")
    assert main(["classify", "spectra", "--model", judge, "-o", "all.csv"]) == 0
    assert read_table("all.csv").num_rows == 6
    for path, model in ((curve, judge), ("spectra/spec-made-too-faint.fits.gz", "quick")):
        assert main(["classify", path, "--model", model]) == 2
        assert "looks at" in capsys.readouterr().err
    (folder / "only").mkdir()
    shutil.copy(examples.spectra("spec-made-single-coadd.fits.gz"), "only")
    assert main(["period", "only"]) == 3
    assert "no light curve was found: " in capsys.readouterr().err


def test_spectra_go_to_the_model_of_spectra_by_themselves(
    folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    shelf = tmp_path_factory.mktemp("shelf")
    spectral_model.bundle(shelf, name="spectra-binary")
    (shelf / "spectra-binary-1").rename(shelf / "spectra-binary-99")
    monkeypatch.setenv("GOODRICKE_MODELS", str(shelf))
    assert main(["classify", "spectra", "-o", "out.csv", "-q"]) == 0
    assert read_table("out.csv").to_pylist()[0]["model"] == "spectra-binary-1"


def test_surveys_lists_layouts_of_spectra(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["surveys"]) == 0
    listed = capsys.readouterr().out
    assert "\nspectra:\nlamost " in listed
    assert main(["surveys", "desi"]) == 0
    assert "comes as: fits" in capsys.readouterr().out
