"""Spool: finished parts of a run, on disk beside the output, so that a killed run can be resumed.

A part is a Parquet file, renamed into place when whole, then named in a journal of JSON lines together with the files
it holds. What the journal does not name does not count. A large file that comes in several parts counts only when the
journal says that the file is done.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from goodricke.errors import OptionError, WriteError
from goodricke.lightcurves import LightCurves, concatenate
from goodricke.output import write
from goodricke.output.atomic import whole_file
from goodricke.surveys import FileStatus

__all__ = ["Spool"]


class Spool:
    """Parts and journal of one run.

    Parameters
    ----------
    folder : Path
        Where; made when the first part is kept.
    fingerprint : str
        Says how the run reads; a run with other options does not resume this one.
    resume : bool
        Take up what lies there; otherwise it is cleared.
    """

    def __init__(self, folder: Path, fingerprint: str, resume: bool) -> None:
        self.folder = folder
        self.statuses: list[FileStatus] = []
        self.parts: list[Path] = []
        self._journal = folder / "journal.jsonl"
        self._fingerprint = fingerprint
        self._next = 0
        if folder.exists():
            if resume:
                self._take_up()
            else:
                self.clear()

    @property
    def done(self) -> set[str]:
        """Names of the files that need not be read again."""
        return {status.path for status in self.statuses}

    def _take_up(self) -> None:
        if not self._journal.exists():
            self.clear()
            return
        entries = []
        for line in self._journal.read_text().splitlines():
            try:
                entries.append(json.loads(line))
            except ValueError:
                break  # the line that the kill cut short
        if not entries or entries[0].get("fingerprint") != self._fingerprint:
            raise OptionError(
                f"{self.folder} holds an unfinished run with other paths or options; run the old command with "
                "--resume, or this one without"
            )
        for entry in entries[1:]:
            self.statuses += [FileStatus(**status) for status in entry["files"]]
        done = self.done
        # Pieces of a file that was not finished are forgotten here for good: it will be read again, and once it is
        # done an old entry would count its points twice.
        counted = [entry for entry in entries[1:] if not entry["piece_of"] or entry["piece_of"] in done]
        with whole_file(self._journal) as temporary:
            temporary.write_text("".join(json.dumps(entry) + "\n" for entry in [entries[0], *counted]))
        self.parts = [self.folder / entry["part"] for entry in counted if entry["part"]]
        if not all(part.exists() for part in self.parts):
            self.clear()  # somebody removed parts: what is left cannot be trusted
            return
        named = {part.name for part in self.parts}
        for file in self.folder.glob("*.parquet"):
            self._next = max(self._next, int(file.stem.split("-")[1]) + 1)
            if file.name not in named:
                file.unlink()

    def keep(self, batches: Sequence[LightCurves], files: Sequence[FileStatus], piece_of: str = "") -> None:
        """Store a part and the files that it completes; `piece_of` names a file that goes on in later parts."""
        self._open_journal()
        name = ""
        if batches:
            name = f"part-{self._next:06d}.parquet"
            self._next += 1
            write(concatenate(batches), self.folder / name)
            self.parts.append(self.folder / name)
        self._append({"part": name, "piece_of": piece_of, "files": [asdict(status) for status in files]})
        self.statuses += files

    def _open_journal(self) -> None:
        if self._journal.exists():
            return
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise WriteError(
                f"{self.folder}: cannot be made ({error.strerror}); choose another place for -o"
            ) from error
        self._append({"fingerprint": self._fingerprint})

    def _append(self, entry: dict[str, Any]) -> None:
        with self._journal.open("a") as file:
            file.write(json.dumps(entry) + "\n")
            file.flush()
            os.fsync(file.fileno())

    def clear(self) -> None:
        """Remove everything; the journal first, so that a kill in between leaves nothing that it names."""
        self._journal.unlink(missing_ok=True)
        shutil.rmtree(self.folder, ignore_errors=True)
        self.parts, self.statuses = [], []
