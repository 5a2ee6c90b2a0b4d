"""Which folder a name means."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from goodricke.errors import ModelError
from goodricke.models import find, list_bundles, load_bundle
from models.made import saved


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GOODRICKE_MODELS", str(tmp_path))
    for name, version in (("eclipses", "1"), ("eclipses", "1.10"), ("eclipses", "1.9"), ("eclipses-deep", "2")):
        saved(tmp_path, "boosted_trees", name=name, version=version)
    (tmp_path / "older-3").mkdir()
    (tmp_path / "older-3" / "manifest.json").write_text('{"name": "older-3"}')
    (tmp_path / "not-a-bundle").mkdir()
    (tmp_path / "empty-1").mkdir()
    return tmp_path


def test_all_bundles_newest_first_and_older_layouts_left_out(shelf: Path) -> None:
    ours = [folder.name for folder in list_bundles() if folder.parent == shelf]
    assert ours == ["eclipses-1.10", "eclipses-1.9", "eclipses-1", "eclipses-deep-2"]
    assert not any(folder.name.startswith("period-chooser") for folder in list_bundles())


def test_what_ships_can_be_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GOODRICKE_MODELS", raising=False)
    for folder in list_bundles():
        assert load_bundle(folder).name in folder.name
        assert find(folder.name) == folder


def test_a_damaged_manifest_is_listed_so_that_it_can_be_refused_aloud(shelf: Path) -> None:
    (shelf / "eclipses-1" / "manifest.json").write_text("{")
    (shelf / "eclipses-deep-2" / "manifest.json").write_text("3")
    assert {folder.name for folder in list_bundles()} >= {"eclipses-1", "eclipses-deep-2"}


def test_find(shelf: Path) -> None:
    assert find("eclipses") == shelf / "eclipses-1.10"
    assert find("eclipses-1.9") == shelf / "eclipses-1.9"
    assert find("eclipses-deep") == shelf / "eclipses-deep-2"
    assert find(shelf / "eclipses-1") == shelf / "eclipses-1"
    assert find(str(shelf / "eclipses-1")) == shelf / "eclipses-1"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("eclipse", "no model is called 'eclipse'; did you mean eclipses"),
        ("zzz", "there are .*eclipses.* Folders of more can be named in GOODRICKE_MODELS"),
        ("older", "no model is called 'older'"),
        ("a\0b", "no model is called"),
        ("x" * 5000, "no model is called"),
    ],
)
def test_unknown(shelf: Path, name: str, words: str) -> None:
    with pytest.raises(ModelError, match=words):
        find(name)


def test_a_folder_that_is_no_bundle(shelf: Path) -> None:
    with pytest.raises(ModelError, match=r"is no bundle: it has no manifest\.json"):
        find(shelf / "empty-1")


def test_the_first_folder_wins_and_absent_ones_do_not_matter(
    shelf: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path_factory.mktemp("other")
    saved(other, "mlp", name="eclipses", version="1.10")
    monkeypatch.setenv("GOODRICKE_MODELS", os.pathsep.join([str(other), "/nowhere", str(shelf), ""]))
    assert find("eclipses") == other / "eclipses-1.10"
    monkeypatch.setenv("GOODRICKE_MODELS", os.pathsep.join([str(shelf), str(other)]))
    assert find("eclipses") == shelf / "eclipses-1.10"
