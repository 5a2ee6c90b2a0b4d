from __future__ import annotations

import json
import sys
from pathlib import Path
from types import ModuleType

import pytest

from goodricke.cli.models import EXIT_REFUSED, models
from goodricke.errors import OptionError, ReadError


def bundle(folder: Path, name: str, version: str, **manifest: object) -> Path:
    target = folder / f"{name}-{version}"
    target.mkdir()
    (target / "manifest.json").write_text(
        json.dumps({"name": name, "version": version, "family": "forest", "classes": ["EA", "EW"], **manifest})
    )
    (target / "card.md").write_text(f"# {name}\n\nWhat it is.\n")
    (target / "arrays.npz").write_bytes(b"x" * 2_500_000)
    return target


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A room of models in which bundles whose weights are damaged are refused."""
    fake = ModuleType("goodricke.models")

    def load_bundle(folder: Path) -> None:
        if (folder / "arrays.npz").read_bytes()[:1] != b"x":
            raise ReadError("the weights are not those that its manifest names", "install again", str(folder))

    def find(name: str) -> Path:
        found = sorted(tmp_path.glob(f"{name}-*"))
        if not found:
            raise OptionError(f"no model is called {name!r}")
        return found[-1]

    for key, value in (
        ("load_bundle", load_bundle),
        ("find", find),
        ("list_bundles", lambda: sorted(tmp_path.iterdir())),
    ):
        setattr(fake, key, value)
    monkeypatch.setitem(sys.modules, "goodricke.models", fake)
    return tmp_path


def run(*arguments: str) -> int:
    code: int = models.main(list(arguments), standalone_mode=False)
    return code


def test_every_bundle_is_a_row(room: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bundle(room, "variables", "2", metrics={"cv": {"macro_f1": {"value": 0.9512, "low": 0.948, "high": 0.955}}})
    bundle(room, "small", "1", metrics={"accuracy": 0.9}, classes=[f"CLASS{k}" for k in range(12)])
    bundle(room, "plain", "3")
    assert run() == 0
    head, *rows = capsys.readouterr().out.splitlines()
    assert head.split()[:5] == ["name", "version", "family", "classes", "size"]
    assert [row.split()[:3] for row in rows] == [
        ["plain", "3", "forest"],
        ["small", "1", "forest"],
        ["variables", "2", "forest"],
    ]
    assert "2: EA EW" in rows[0]
    assert rows[0].endswith("2.5 MB")
    assert rows[1].endswith("accuracy 0.900")
    assert "12: CLASS0 CLASS1" in rows[1]
    assert "…" in rows[1]
    assert rows[2].endswith("macro F1 0.951 (0.948 to 0.955)")


def test_a_refused_bundle_is_a_row_with_the_reason(room: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bundle(room, "good", "1")
    (bundle(room, "bad", "1") / "arrays.npz").write_bytes(b"damaged")
    assert run() == 0
    rows = capsys.readouterr().out.splitlines()
    assert rows[1].startswith("bad-1")
    assert "refused: " in rows[1]
    assert "the weights are not those that its manifest names" in rows[1]
    assert rows[2].split()[0] == "good"


def test_the_card_of_one(room: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bundle(room, "variables", "1")
    assert run("variables") == 0
    assert capsys.readouterr().out == "# variables\n\nWhat it is.\n"


def test_naming_a_refused_one_is_exit_4(room: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (bundle(room, "bad", "1") / "arrays.npz").write_bytes(b"damaged")
    assert run("bad") == EXIT_REFUSED == 4
    said = capsys.readouterr()
    assert said.out == ""
    assert "refused: " in said.err
    assert "manifest" in said.err


def test_an_unknown_name_is_an_option_error(room: Path) -> None:
    with pytest.raises(OptionError, match="no model is called 'x'"):
        run("x")


def test_no_models_is_said(room: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run() == 0
    assert "no model is installed" in capsys.readouterr().out
