from __future__ import annotations

import io
import os
import sys
import tarfile
import threading
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest

from goodricke.surveys.paths import count_files, expand

TEXT = b"5000.1 15.0 0.1\n"


def names(*paths: object) -> list[str]:
    return [entry.name.rsplit("/", 1)[-1] for entry in expand([str(path) for path in paths])]


def test_files_folders_and_globs_are_sorted(tmp_path: Path) -> None:
    for name in ("b.dat", "a.dat", "sub/c.dat", ".hidden", "_metadata", "old.part"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(TEXT)
    assert names(tmp_path) == ["a.dat", "b.dat", "c.dat"]
    assert names(tmp_path / "*.dat") == ["a.dat", "b.dat"]
    assert names(tmp_path / "**" / "*.dat") == ["a.dat", "b.dat", "c.dat"]
    assert names(tmp_path / "b.dat", tmp_path / "a.dat") == ["b.dat", "a.dat"]
    assert count_files([str(tmp_path), str(tmp_path / "*.dat"), str(tmp_path / "a.dat")]) == 6
    assert count_files(["-"]) is None
    found = {entry.name: entry.found for entry in expand([str(tmp_path), str(tmp_path / "a.dat")])}
    assert sum(found.values()) == 2  # what the user named last overrules


def test_a_file_whose_name_looks_like_a_pattern_is_that_file(tmp_path: Path) -> None:
    (tmp_path / "star[1].dat").write_bytes(TEXT)
    assert names(tmp_path / "star[1].dat") == ["star[1].dat"]


def test_nothing_there_is_said(tmp_path: Path) -> None:
    empty, none = expand([str(tmp_path), str(tmp_path / "*.fits")])
    assert "holds no files" in str(empty.error)
    assert "nothing matches" in str(none.error)


def test_hats_catalogue_gives_its_partitions_only(tmp_path: Path) -> None:
    part = tmp_path / "dataset" / "Norder=0" / "Dir=0" / "Npix=1.parquet"
    part.parent.mkdir(parents=True)
    for file in (
        part,
        tmp_path / "hats.properties",
        tmp_path / "partition_info.csv",
        tmp_path / "dataset" / "_metadata",
    ):
        file.write_bytes(TEXT)
    assert names(tmp_path) == ["Npix=1.parquet"]


def tar(path: Path, members: dict[str, bytes], mode: str = "w:gz") -> Path:
    with tarfile.open(path, mode) as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
        link = tarfile.TarInfo("link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    return path


@pytest.mark.parametrize("mode", ["w", "w:gz", "w:bz2", "w:xz"])
def test_tar_members_are_files_and_nothing_touches_the_disk(tmp_path: Path, mode: str) -> None:
    path = tar(tmp_path / "a.tar", {"x/1.dat": TEXT, "../../evil.dat": TEXT, ".hidden": TEXT}, mode)
    entries = list(expand([str(path)]))
    assert [entry.name for entry in entries] == [f"{path}::x/1.dat"]
    assert entries[0].source is not None
    assert entries[0].source.data == TEXT
    assert list(tmp_path.iterdir()) == [path]


def test_zip_members_and_an_archive_inside(tmp_path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("2.dat", TEXT)
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("1.dat", TEXT)
        archive.writestr("inner.zip", inner.getvalue())
        archive.writestr("__MACOSX/1.dat", b"rubbish")
    assert [entry.name for entry in expand([str(path)])] == [f"{path}::1.dat", f"{path}::inner.zip::2.dat"]


def test_zip_bomb_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("big.dat", b"0" * (120 << 20))
    (entry,) = expand([str(path)])
    assert "unpacks to far more" in str(entry.error)


def test_archive_cut_short_gives_what_came_before_and_an_error(tmp_path: Path) -> None:
    path = tar(tmp_path / "a.tar", {f"{k}.dat": TEXT * 1000 for k in range(4)}, "w")
    path.write_bytes(path.read_bytes()[:30_000])
    *good, last = expand([str(path)])
    assert len(good) == 1
    assert "cut short or damaged after 2 files" in str(last.error)
    zipped = tmp_path / "b.zip"
    zipped.write_bytes(b"PK\x03\x04" + b"\0" * 40)
    (broken,) = expand([str(zipped)])
    assert "cut short or damaged" in str(broken.error)


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(TEXT)))
    (entry,) = expand(["-"])
    assert entry.name == "<stdin>"
    assert entry.source is not None
    assert entry.source.data == TEXT


def test_a_pipe_is_read_once(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    threading.Thread(target=pipe.write_bytes, args=(TEXT,)).start()
    (entry,) = expand([str(pipe)])
    assert entry.source is not None
    assert entry.source.head == entry.source.data == TEXT


def test_packed_file_that_is_damaged_is_an_entry_with_an_error(tmp_path: Path) -> None:
    path = tmp_path / "a.csv.gz"
    path.write_bytes(b"\x1f\x8b" + b"\0" * 30)
    (entry,) = expand([str(path)])
    assert entry.source is None
    assert "damaged" in str(entry.error)
