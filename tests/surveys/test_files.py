from __future__ import annotations

import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from goodricke.errors import OptionError, ReadError, ReadWarning, UnknownFormat
from goodricke.surveys import FileStatus
from goodricke.surveys.files import each_file, in_batches, paths_and_objects, tell_failures
from goodricke.surveys.source import Source


def numbers(source: Source, status: FileStatus) -> Iterator[int]:
    """The whole numbers of a file, until something else comes."""
    for word in " ".join(source.lines).split():
        if word == "poem":
            raise UnknownFormat("this is a poem", "", source.name)
        if not word.isdigit():
            raise ReadError(f"{word!r} is no number", "", source.name)
        status.n_stars += 1
        status.n_points += 1
        yield int(word)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in {"a": "1 2 3", "b": "4 five 6", "c": "poem", "d": "7"}.items():
        (tmp_path / f"{name}.txt").write_text(text)
    return tmp_path


def test_what_was_read_before_a_failure_is_kept_and_counted(folder: Path) -> None:
    found = list(each_file([folder], FileStatus, numbers))
    assert [one for _, one in found] == [1, 2, 3, None, 4, None, None, 7, None]
    done = {Path(status.path).stem: status for status, one in found if one is None}
    assert {name: status.status for name, status in done.items()} == {
        "a": "ok", "b": "failed", "c": "skipped", "d": "ok",
    }  # fmt: skip
    assert done["b"].reason == f"{folder / 'b.txt'}: 'five' is no number (the 1 stars before that point are kept)"
    # A file that the user names is no by-catch of a folder.
    assert [status.status for status, _ in each_file([folder / "c.txt"], FileStatus, numbers)] == ["failed"]
    ((absent, _),) = each_file([folder / "gone"], FileStatus, numbers)
    assert "no such file" in absent.reason


def test_files_that_are_passed_over_have_no_status(folder: Path) -> None:
    found = each_file([folder], FileStatus, numbers, lambda name: not name.endswith("d.txt"))
    assert [one for _, one in found] == [7, None]


def test_batches_go_across_files(folder: Path) -> None:
    report: list[FileStatus] = []
    seen: list[FileStatus] = []
    found = in_batches(each_file([folder], FileStatus, numbers), lambda one: one, 5, list, report, seen.append)
    assert next(found) == [1, 2, 3]
    assert report == []  # the batch was full before the file was done
    assert list(found) == [[4, 7]]
    assert [row.status for row in report] == ["ok", "failed", "skipped", "ok"]
    assert seen == report


def test_nothing_is_an_error() -> None:
    with pytest.raises(OptionError, match="nothing to read"):
        paths_and_objects([])
    assert paths_and_objects([Path("a"), ["b", 1]]) == ([Path("a")], [["b", 1]])


def test_failures_are_an_error_when_nothing_is_left() -> None:
    bad = [FileStatus("a", status="failed", reason="a: no"), FileStatus("b", status="failed", reason="b: no")]
    with pytest.raises(ReadError, match=r"a: no \(and 1 more files failed\)"):
        tell_failures(bad, some=False, warn=True)
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        _called_by_a_user([FileStatus("c"), *bad], warn=False)
        _called_by_a_user([FileStatus("c")], warn=True)
        assert said == []
        _called_by_a_user([FileStatus("c"), *bad], warn=True)
    (one,) = said
    assert one.category is ReadWarning
    assert str(one.message).startswith("2 of 3 files could not be read: a: no ... Pass report=[]")
    assert one.filename == __file__


def _called_by_a_user(rows: list[FileStatus], warn: bool) -> None:
    tell_failures(rows, some=True, warn=warn)
