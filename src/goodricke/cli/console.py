"""What a command says while it works: progress and log lines, on stderr."""

from __future__ import annotations

import json
import sys
from types import TracebackType
from typing import Any, Self

import click

__all__ = ["Console"]


class Console:
    """Log lines and a progress bar on stderr.

    Parameters
    ----------
    quiet : bool
        Only errors are said.
    log_format : {"text", "json"}
        Sentences for people, or one JSON object per line.
    """

    def __init__(self, quiet: bool, log_format: str) -> None:
        self.quiet = quiet
        self.json = log_format == "json"
        self._bar: Any = None

    def progress(self, total: int | None, what: str) -> Self:
        """Start a bar; shown only on a terminal."""
        if not self.quiet and not self.json and sys.stderr.isatty():
            from tqdm import tqdm

            self._bar = tqdm(total=total, unit=what, file=sys.stderr, dynamic_ncols=True, leave=False)
        return self

    def step(self, n: int = 1) -> None:
        """Move the bar."""
        if self._bar is not None:
            self._bar.update(n)

    def say(self, level: str, message: str, **fields: Any) -> None:
        """One log line: ``info``, ``warning`` or ``error``."""
        if self.quiet and level != "error":
            return
        if self.json:
            text = json.dumps({"level": level, "message": message, **fields})
        else:
            text = message if level == "info" else f"{level}: {message}"
        if self._bar is not None:
            self._bar.write(text, file=sys.stderr)
        else:
            click.echo(text, err=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.close()
            self._bar = None
