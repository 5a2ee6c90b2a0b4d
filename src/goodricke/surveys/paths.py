"""From what a user names (files, folders, globs, archives, ``-``) to Sources, one at a time."""

from __future__ import annotations

import glob
import os
import sys
import tarfile
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from goodricke.errors import ReadError
from goodricke.surveys.source import Source

__all__ = ["Entry", "count_files", "expand"]

_MAX_MEMBERS = 1_000_000
_MAX_DEPTH = 2


@dataclass(frozen=True)
class Entry:
    """A source, or why there is none."""

    name: str
    source: Source | None = None
    error: ReadError | None = None
    found: bool = False
    """Found in a folder or archive, not named by the user: what is no light curve is then skipped, not failed."""


def expand(paths: Sequence[str | os.PathLike[str]]) -> Iterator[Entry]:
    """Yield every file behind `paths`, in the order given; folders and globs are sorted by name.

    Hidden files and the bookkeeping files of HATS catalogues are left out. Members of tar and zip archives come as
    files of their own; nothing is unpacked to disk.
    """
    for path in paths:
        text = os.fspath(path)
        if text == "-":
            yield from _opened(Source("<stdin>", data=sys.stdin.buffer.read()), found=False)
        elif os.path.isdir(text):
            files = _files_below(Path(text))
            if not files:
                yield Entry(text, error=ReadError("the folder holds no files", "check the path", text))
            for file in files:
                yield from _opened(Source(str(file), path=file), found=True)
        elif not os.path.exists(text) and glob.has_magic(text):
            matches = sorted(glob.glob(text, recursive=True))
            if not matches:
                yield Entry(
                    text, error=ReadError("nothing matches this pattern", "check the pattern and its quotes", text)
                )
            for match in matches:
                if os.path.isdir(match):
                    yield from expand([match])
                else:
                    yield from _opened(Source(match, path=Path(match)), found=False)
        else:
            yield from _opened(_single(Path(text), text), found=False)


def _single(path: Path, name: str) -> Source:
    """A file, or a pipe such as ``<(zcat a.gz)``, which can be read only once and so is read at once."""
    return Source(name, data=path.read_bytes()) if path.is_fifo() else Source(name, path=path)


def count_files(paths: Sequence[str | os.PathLike[str]]) -> int | None:
    """How many files ``expand`` will meet, for a progress bar; None when standard input is among them.

    An archive counts as one: its members are not known before it is opened.
    """
    total = 0
    for path in paths:
        text = os.fspath(path)
        if text == "-":
            return None
        if os.path.isdir(text):
            total += len(_files_below(Path(text)))
        elif not os.path.exists(text) and glob.has_magic(text):
            total += len(glob.glob(text, recursive=True))
        else:
            total += 1
    return total


def _files_below(folder: Path) -> list[Path]:
    if (folder / "hats.properties").exists() or ((folder / "properties").exists() and (folder / "dataset").is_dir()):
        folder = folder / "dataset"  # a HATS catalogue: the rest is bookkeeping
    found = []
    for root, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        found += [
            Path(root, name) for name in sorted(files) if not name.startswith((".", "_")) and not name.endswith(".part")
        ]
    return found


def _opened(source: Source, found: bool, depth: int = 0) -> Iterator[Entry]:
    """The source itself, or what is in it when it is an archive."""
    try:
        head = source.head
        if depth < _MAX_DEPTH:
            if head.startswith(b"PK\x03\x04"):
                yield from _zip_members(source, depth)
                return
            if head[257:262] == b"ustar":
                yield from _tar_members(source, depth)
                return
    except ReadError as error:
        yield Entry(source.name, error=error, found=found)
        return
    yield Entry(source.name, source, found=found)


def _tar_members(source: Source, depth: int) -> Iterator[Entry]:
    n = 0
    try:
        with source._open() as raw, tarfile.open(fileobj=raw, mode="r|*") as archive:
            for member in archive:
                if not member.isfile() or _hidden(member.name):
                    continue
                n += 1
                name = f"{source.name}::{member.name}"
                if n > _MAX_MEMBERS or member.size > _limit(source):
                    yield Entry(
                        name,
                        error=ReadError("the archive unpacks to far more than it holds", "unpack it yourself", name),
                    )
                    return
                content = archive.extractfile(member)
                if content is not None:
                    yield from _opened(Source(name, data=content.read()), True, depth + 1)
    except (tarfile.TarError, OSError, EOFError, zlib.error, ValueError) as error:
        cut = ReadError(
            f"the archive is cut short or damaged after {n} files ({error})", "download it again", source.name
        )
        yield Entry(source.name, error=cut)


def _zip_members(source: Source, depth: int) -> Iterator[Entry]:
    try:
        with source._open() as raw, zipfile.ZipFile(raw) as archive:
            for k, info in enumerate(archive.infolist()):
                if info.is_dir() or _hidden(info.filename):
                    continue
                name = f"{source.name}::{info.filename}"
                if k > _MAX_MEMBERS or info.file_size > _limit(source):
                    yield Entry(
                        name,
                        error=ReadError("the archive unpacks to far more than it holds", "unpack it yourself", name),
                    )
                    return
                try:
                    content = archive.read(info)
                except RuntimeError as error:  # zipfile's word for "a password is needed"
                    yield Entry(name, error=ReadError(f"cannot be unpacked ({error})", "unpack it yourself", name))
                    continue
                yield from _opened(Source(name, data=content), True, depth + 1)
    except (zipfile.BadZipFile, OSError, EOFError, zlib.error, NotImplementedError, ValueError) as error:
        cut = ReadError(f"the archive is cut short or damaged ({error})", "download it again", source.name)
        yield Entry(source.name, error=cut)


def _limit(source: Source) -> int:
    return (64 << 20) + 100 * source.size


def _hidden(name: str) -> bool:
    return any(part.startswith((".", "__MACOSX")) for part in name.split("/"))
