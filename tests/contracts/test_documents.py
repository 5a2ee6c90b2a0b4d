"""README, ARCHITECTURE and the examples say what is true."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import numpy as np
import pytest

import goodricke
from goodricke import examples
from goodricke.cli.main import COMMANDS, main
from goodricke.examples.make import write_examples

ROOT = Path(__file__).parents[2]


def blocks(document: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", (ROOT / document).read_text(), re.S)


def test_paths_in_the_documents_exist() -> None:
    for document in ("ARCHITECTURE.md", "CONTRIBUTING.md", "README.md"):
        text = (ROOT / document).read_text()
        for path in re.findall(
            r"`((?:src|tests|benchmarks|docs|\.ci)/[^`* ]*|[A-Z]+\.md|Makefile|pyproject\.toml)`", text
        ):
            assert (ROOT / path).exists(), f"{document} names {path}"
        for link in re.findall(r"\]\(((?!http)[^)#]+)\)", text):
            assert (ROOT / link).exists(), f"{document} links to {link}"


def test_every_room_stands_in_the_architecture() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text()
    for place in (ROOT / "src" / "goodricke").iterdir():
        if (place.suffix == ".py" or place.is_dir()) and not place.name.startswith("__"):
            assert place.name.removesuffix(".py") in text, f"ARCHITECTURE.md does not mention {place.name}"


def test_readme_commands_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    for file in Path(examples.path()).iterdir():
        if file.suffix in (".csv", ".dat", ".txt", ".fits"):
            shutil.copy(file, tmp_path)
    for file in Path(examples.spectra()).iterdir():
        shutil.copy(file, tmp_path)
    monkeypatch.chdir(tmp_path)
    lines = [
        line[2:] for block in blocks("README.md", "console") for line in block.splitlines() if line.startswith("$ ")
    ]
    commands = [line for line in lines if line.startswith("goodricke ")]
    assert len(commands) >= 4
    for line in commands:
        assert main(shlex.split(line)[1:]) == 0, line
        capfd.readouterr()


def test_readme_python_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for file in Path(examples.path()).iterdir():
        if file.suffix in (".csv", ".dat", ".txt", ".fits"):
            shutil.copy(file, tmp_path)
    monkeypatch.chdir(tmp_path)
    code = blocks("README.md", "python")
    assert code
    for block in code:
        exec(compile(block, "README.md", "exec"), {})


def test_public_names_are_these() -> None:
    assert goodricke.__all__ == sorted(goodricke.__all__)
    for name in goodricke.__all__:
        assert getattr(goodricke, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = goodricke.nonsense  # type: ignore[attr-defined]


def test_commands_can_be_imported_and_have_an_example() -> None:
    from goodricke.cli.main import cli

    for name in COMMANDS:
        command = cli.get_command(None, name)  # type: ignore[arg-type]
        assert command is not None
        assert "goodricke " + name in (command.epilog or ""), f"the help of {name} has no example"


def test_examples_are_what_the_generator_writes(tmp_path: Path) -> None:
    pytest.importorskip("numba")
    written = write_examples(tmp_path)
    assert {path.name for path in written} == {path.name for path in Path(examples.path()).iterdir()}
    for path in written:
        shipped = Path(examples.path(path.name))
        if path.suffix == ".fits":
            # astropy may write other header comments in another version, and another processor may round a float32
            # the other way; the numbers must be the same.
            from astropy.io import fits

            ours, theirs = fits.getdata(path, 1), fits.getdata(shipped, 1)
            assert ours.names == theirs.names
            for name in ours.names:
                np.testing.assert_allclose(ours[name], theirs[name], rtol=2e-7, err_msg=name)
        else:
            # Compiled sums differ in the last bit from processor to processor, and so may the last digit written.
            ours_lines, theirs_lines = path.read_text().splitlines(), shipped.read_text().splitlines()
            assert len(ours_lines) == len(theirs_lines), path.name
            assert all(map(_nearly, ours_lines, theirs_lines)), path.name


def _nearly(ours: str, theirs: str) -> bool:
    """Whether two lines say the same but for the last digit of a number."""
    words = [re.split(r"[,\s]+", line.strip()) for line in (ours, theirs)]
    return len(words[0]) == len(words[1]) and all(map(_same_word, *words))


def _same_word(one: str, two: str) -> bool:
    if one == two:
        return True
    try:
        return bool(np.isclose(float(one), float(two), rtol=1e-4, atol=2e-3))
    except ValueError:
        return False
