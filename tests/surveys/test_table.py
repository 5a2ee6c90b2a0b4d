from __future__ import annotations

import sys
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest

from goodricke.errors import OptionError, UnknownFormat
from goodricke.lightcurves import Measurements
from goodricke.surveys import read, table
from goodricke.surveys.options import NO_FLAGS
from goodricke.surveys.source import Source


def test_names_are_unique_and_generic_is_last() -> None:
    names = [row.name for row in table.SURVEYS]
    assert len(set(names)) == len(names)
    assert names[-1] == "generic"


def test_find_suggests_the_nearest_name() -> None:
    assert table.find("tess_spoc/20s").name == "tess_spoc"
    with pytest.raises(OptionError, match="did you mean asassn_v1"):
        table.find("asasn_v1")


def test_unknown_file_is_shown_by_its_first_words() -> None:
    with pytest.raises(
        UnknownFormat, match=r"poem\.txt: no survey recognises this text file \(it begins with 'Twinkle"
    ):
        table.recognise(Source("poem.txt", data=b"Twinkle twinkle little star\nhow I wonder\n"))


@pytest.fixture
def plugin(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """A survey from another package, as an entry point gives it."""
    module = ModuleType("theirs")

    def recognises(source: Source) -> bool:
        return source.lines[0] == "THEIRS"

    def read_theirs(source: Source, options: object) -> object:
        yield Measurements(np.array(["t"]), np.arange(3.0), np.ones(3), np.full(3, 0.1), "flux")

    module.__dict__.update(
        QUALITY=NO_FLAGS, STITCH=False, CONTAINERS=("text",), TITLE="theirs", recognises=recognises, read=read_theirs
    )
    monkeypatch.setitem(sys.modules, "theirs", module)
    point = SimpleNamespace(name="theirs", value="theirs", load=lambda: module)
    monkeypatch.setattr(table.metadata, "entry_points", lambda group: [point] if group == table.GROUP else [])
    table.rows.cache_clear()
    yield module
    table.rows.cache_clear()


def test_surveys_of_other_packages_come_in_by_entry_point(plugin: ModuleType, tmp_path) -> None:
    assert table.rows()[-2].name == "theirs"
    path = tmp_path / "x"
    path.write_text("THEIRS\n1 2 3\n")
    assert read(path).survey.tolist() == ["theirs"]


def test_a_name_that_is_taken_is_refused(plugin: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    point = SimpleNamespace(name="ogle", value="theirs", load=lambda: plugin)
    monkeypatch.setattr(table.metadata, "entry_points", lambda group: [point])
    table.rows.cache_clear()
    with pytest.raises(OptionError, match="exists already"):
        table.rows()
