"""Light curves and spectra are told apart by content."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from goodricke import examples
from goodricke.cli.console import Console
from goodricke.cli.kinds import kind_of, of_one_kind
from goodricke.line import load_model
from goodricke.surveys.source import Source

CURVE = examples.path("ztf_rrab.csv")
SPECTRUM = examples.spectra("spec-made-single-coadd.fits.gz")


@pytest.fixture
def console() -> Console:
    return Console(False, "text")


def test_every_example_is_of_its_kind() -> None:
    for path in Path(examples.path()).iterdir():
        assert kind_of(Source(str(path), path=path)) == "light curves", path.name
    for path in Path(examples.spectra()).iterdir():
        assert kind_of(Source(str(path), path=path)) == "spectra", path.name


@pytest.mark.parametrize("content", [b"", b"hello", b"<html><title>no</title>", b"\x89PNG\r\n", b"a,b\n1,2\n3,4\n"])
def test_what_is_neither(content: bytes) -> None:
    assert kind_of(Source("odd", data=content)) is None


def test_one_kind_alone_is_left_as_it_is(console: Console, capsys: pytest.CaptureFixture[str]) -> None:
    assert of_one_kind((SPECTRUM,), None, "", console) == ("spectra", (SPECTRUM,))
    assert of_one_kind((examples.spectra(),), None, "", console)[0] == "spectra"
    assert of_one_kind((CURVE,), None, "", console) == ("light curves", (CURVE,))
    assert of_one_kind(("nowhere.fits",), None, "", console) == ("light curves", ("nowhere.fits",))
    assert not capsys.readouterr().err


def test_a_survey_decides_without_a_look(console: Console) -> None:
    assert of_one_kind((CURVE,), None, "lamost", console)[0] == "spectra"
    assert of_one_kind((SPECTRUM,), None, "ztf_irsa", console)[0] == "light curves"
    # Both kinds have a row of this name.
    assert of_one_kind(("-",), None, "generic", console)[0] == "light curves"


def test_of_both_kinds_light_curves_are_taken_unless_the_model_is_of_spectra(
    console: Console, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    for file in (CURVE, SPECTRUM):
        shutil.copy(file, tmp_path)
    pattern = str(tmp_path / "*")
    kind, paths = of_one_kind((pattern,), None, "", console)
    assert (kind, [Path(path).name for path in paths]) == ("light curves", ["ztf_rrab.csv"])
    assert f"goodricke classify '{pattern}' --model spectra-binary" in capsys.readouterr().err
    # Files of a folder are sorted by its reader.
    assert of_one_kind((str(tmp_path),), load_model("quick"), "", console) == ("light curves", (str(tmp_path),))
    assert "1 of the files is spectra" in capsys.readouterr().err
    (tmp_path / "README").write_text("nothing of either kind")
    assert of_one_kind((str(tmp_path),), None, "", console)[0] == "light curves"


def test_a_folder_of_spectra_with_a_list_of_stars_is_one_of_spectra(console: Console, tmp_path: Path) -> None:
    shutil.copy(SPECTRUM, tmp_path)
    (tmp_path / "planets.csv").write_text("pl_name,hostname,ra,dec\nX b,X,150.3,30.15\nY b,Y,10.0,10.0\n")
    assert of_one_kind((str(tmp_path),), None, "", console)[0] == "spectra"
