"""Reading for commands that hold all stars in memory: failures are said, the rest goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from goodricke.cli.console import Console

if TYPE_CHECKING:
    from goodricke.lightcurves import LightCurves
    from goodricke.surveys import ReadOptions

__all__ = ["read_all"]


def read_all(paths: tuple[str, ...], options: ReadOptions, console: Console) -> tuple[LightCurves, bool]:
    """All stars (none when nothing could be read), and whether a file failed."""
    from goodricke.lightcurves import concatenate
    from goodricke.surveys import FileStatus, scan
    from goodricke.surveys.merge import merge

    report: list[FileStatus] = []
    batches = list(scan(paths, options, report))
    failed = [status for status in report if status.status == "failed"]
    for status in failed:
        console.say("error", status.reason, path=status.path)
    skipped = [status for status in report if status.status == "skipped"]
    if skipped and not failed and not any(map(len, batches)):
        console.say("error", f"no light curve was found: {skipped[0].reason}", path=skipped[0].path)
    return merge(batches) if options.merge else concatenate(batches), bool(failed)
