from __future__ import annotations

import bz2
import gzip
import lzma
import os
from pathlib import Path

import pytest

from goodricke.errors import ReadError
from goodricke.surveys.source import HEAD_BYTES, Source, decode

TEXT = b"time,mag,err\n1,10,0.1\n2,11,0.1\n"


@pytest.mark.parametrize("pack", [bytes, gzip.compress, bz2.compress, lzma.compress])
def test_packed_content_is_unpacked(pack, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(pack(TEXT))
    for source in (Source("a", path=path), Source("a", data=pack(TEXT))):
        assert source.compressed is (pack is not bytes)
        assert source.data == TEXT
        assert source.head == TEXT
        assert source.container == "text"


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_packed_content_cut_short_is_refused(pack) -> None:
    whole = pack(os.urandom(5000))
    with pytest.raises(ReadError, match=r"x\.gz: the compressed file is cut short or damaged .* download it again"):
        Source("x.gz", data=whole[:-40]).data  # noqa: B018


@pytest.mark.parametrize(
    ("content", "container"),
    [
        (b"", "empty"), (b"  \n\n", "empty"), (b"SIMPLE  =   T", "fits"), (b"PAR1xxxx", "parquet"),
        (b"Obj\x01", "avro"), (b"<?xml version='1.0'?>", "xml"), (b"\xef\xbb\xbf<VOTABLE>", "xml"),
        (b"  <!DOCTYPE HTML>", "html"),
        (b"<div><html>", "html"), (b'[{"a":1}]', "json"), (b"1 2 3\n", "text"), (b"\x00\x01\x02" * 30, "binary"),
        ("Größe,Zeit\n".encode("latin-1"), "text"),
    ],
)  # fmt: skip
def test_container_follows_from_the_first_bytes(content: bytes, container: str) -> None:
    assert Source("x", data=content).container == container


def test_files_that_cannot_be_opened(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="no such file"):
        Source("gone", path=tmp_path / "gone").head  # noqa: B018
    with pytest.raises(ReadError, match="this is a folder"):
        Source("dir", path=tmp_path).head  # noqa: B018


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_read_permission_names_the_remedy(tmp_path: Path) -> None:
    path = tmp_path / "secret.csv"
    path.write_bytes(TEXT)
    path.chmod(0)
    with pytest.raises(ReadError, match="no permission to read the file; try: chmod"):
        Source(str(path), path=path).head  # noqa: B018


def test_permission_error_is_explained_whoever_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(*args: object, **kwargs: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", denied)
    with pytest.raises(ReadError, match="no permission to read the file; try: chmod"):
        Source("secret.csv", path=tmp_path / "secret.csv").head  # noqa: B018


def test_lines_leave_out_the_one_that_the_head_cuts() -> None:
    content = b"x" * 99 + b"\n"
    lines = Source("x", data=content * 2000).lines
    assert len(lines) == HEAD_BYTES // 100
    assert set(map(len, lines)) == {99}


def test_text_that_is_not_utf8_loses_nothing() -> None:
    assert decode("Größe".encode("latin-1") + b" and more") == "Größe and more"
    assert decode("Größe".encode()) == "Größe"
    # A character cut in two at the very end is no reason to change the encoding.
    assert decode("µ Cephei µ".encode()[:-1]) == "µ Cephei "


@pytest.mark.parametrize(
    ("name", "stem"),
    [("a/b/OGLE-1.dat", "OGLE-1"), ("x.tar::in/star.csv.gz", "star"), (".hidden", ".hidden"), ("noend", "noend")],
)
def test_stem(name: str, stem: str) -> None:
    assert Source(name, data=b"x").stem == stem


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_spreadsheet_text_in_utf16_is_read(encoding: str) -> None:
    mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")
    source = Source("x.txt", data=mark + TEXT.decode().encode(encoding))
    assert (source.head, source.data, source.container) == (TEXT, TEXT, "text")


def test_a_file_past_the_limit_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.csv"
    with path.open("wb") as file:
        file.truncate(5 << 30)  # sparse: takes no room
    with pytest.raises(ReadError, match=r"5\.0 GB.*convert it to Parquet"):
        Source("huge.csv", path=path).data  # noqa: B018


def test_a_source_is_a_path_or_data() -> None:
    with pytest.raises(ValueError, match="path or data"):
        Source("x")


def test_damaged_parquet_is_a_read_error() -> None:
    with pytest.raises(ReadError, match="Parquet file is damaged"):
        Source("x.parquet", data=b"PAR1" + b"\0" * 100).schema  # noqa: B018
