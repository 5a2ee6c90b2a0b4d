"""File after file, whatever they hold: what is read of each, what became of it, batches of what was read."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Literal, Protocol, TypeVar

from goodricke.errors import OptionError, ReadError, ReadWarning, UnknownFormat
from goodricke.surveys.paths import Entry, expand
from goodricke.surveys.source import Source

__all__ = ["PathLike", "Status", "each_file", "in_batches", "paths_and_objects", "tell_failures"]

PathLike = str | os.PathLike[str]


class Status(Protocol):
    """What became of one file: a row of the report."""

    path: str
    survey: str
    status: Literal["ok", "failed", "skipped"]
    reason: str

    @property
    def kept(self) -> str:
        """What was read of it so far, such as ``"12 stars"``; empty when nothing was."""


S = TypeVar("S", bound=Status)
T = TypeVar("T")
B = TypeVar("B")


def each_file(
    paths: Sequence[PathLike],
    begun: Callable[[str], S],
    read: Callable[[Source, S], Iterator[T]],
    skip: Callable[[str], bool] = lambda name: False,
) -> Iterator[tuple[S, T | None]]:
    """Yield what is read of every file with its status as it comes, then the status with None when the file is done.

    Parameters
    ----------
    paths : sequence of paths
        Files, folders, globs, archives, ``-``.
    begun : callable
        Name -> the status of a file that nothing is known of.
    read : callable
        Source, status -> what the file holds. A ReadError is told in the status, and the next file follows.
    skip : callable
        Files whose name it says yes to are passed over (resuming).
    """
    for entry in expand(paths):
        if skip(entry.name):
            continue
        status = begun(entry.name)
        for one in _guarded(entry, status, read):
            yield status, one
        yield status, None


def _guarded(entry: Entry, status: S, read: Callable[[Source, S], Iterator[T]]) -> Iterator[T]:
    """What is read of an entry; a failure goes into `status`."""
    try:
        if entry.error is not None or entry.source is None:
            raise entry.error or ReadError("nothing to read", "", entry.name)
        yield from read(entry.source, status)
    except UnknownFormat as error:
        status.status, status.reason = ("skipped" if entry.found else "failed"), str(error)
    except ReadError as error:
        status.status, status.reason = "failed", str(error)
        if status.kept:
            status.reason += f" (the {status.kept} before that point are kept)"


def in_batches(
    pieces: Iterable[tuple[S, T | None]],
    size: Callable[[T], int],
    most: int,
    joined: Callable[[list[T]], B],
    report: list[S] | None = None,
    on_file: Callable[[S], None] | None = None,
) -> Iterator[B]:
    """Yield what ``each_file`` gives, joined into batches.

    Parameters
    ----------
    pieces : iterable
        Of ``each_file``.
    size : callable
        Of a piece.
    most : int
        A batch is full when its pieces add up to this.
    joined : callable
        Makes a batch of pieces.
    report : list, optional
        Receives the status of every file that is done.
    on_file : callable, optional
        Called with it (progress).
    """
    held: list[T] = []
    total = 0
    for status, piece in pieces:
        if piece is None:
            if report is not None:
                report.append(status)
            if on_file is not None:
                on_file(status)
            continue
        held.append(piece)
        total += size(piece)
        if total >= most:
            yield joined(held)
            held, total = [], 0
    if held:
        yield joined(held)


def paths_and_objects(things: Sequence[Any]) -> tuple[list[PathLike], list[Any]]:
    """Tell paths, and lists of paths, from objects of other libraries.

    Raises
    ------
    OptionError
        If there is nothing.

    Examples
    --------
    >>> paths_and_objects(["a.csv", ["b.csv", "c.csv"], {"time": [1.0]}])
    (['a.csv', 'b.csv', 'c.csv'], [{'time': [1.0]}])
    """
    if not things:
        raise OptionError("nothing to read: name a file, a folder or a pattern")
    paths: list[PathLike] = []
    objects = []
    for thing in things:
        if isinstance(thing, list | tuple) and all(isinstance(item, str | os.PathLike) for item in thing):
            paths.extend(thing)
        elif isinstance(thing, str | os.PathLike):
            paths.append(thing)
        else:
            objects.append(thing)
    return paths, objects


def tell_failures(rows: Sequence[Status], some: bool, warn: bool) -> None:
    """Say which files failed, from within the function that a user calls.

    Parameters
    ----------
    rows : sequence of Status
        Of all files.
    some : bool
        Something was read all the same, of files or of objects.
    warn : bool
        The user has not asked for a report.

    Raises
    ------
    ReadError
        If files failed and nothing was read.
    """
    failed = [row for row in rows if row.status == "failed"]
    if failed and not some:
        more = f" (and {len(failed) - 1} more files failed)" if len(failed) > 1 else ""
        raise ReadError(failed[0].reason + more)
    if failed and warn:
        warnings.warn(
            f"{len(failed)} of {len(rows)} files could not be read: {failed[0].reason}"
            + (" ..." if len(failed) > 1 else "")
            + " Pass report=[] to get a row for each.",
            ReadWarning,
            stacklevel=3,  # the line of the user, who called read
        )
