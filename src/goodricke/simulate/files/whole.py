"""Files appear whole or not at all: written under a temporary name in the same folder, then renamed."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from goodricke.errors import WriteError

__all__ = ["write_lines", "write_whole"]


def write_whole(path: Path, content: bytes) -> Path:
    """Write `content` to `path`, whose folder is made where it is missing, and return the path.

    Raises
    ------
    WriteError
        When the folder cannot be written to; nothing is left behind.

    Examples
    --------
    >>> import tempfile
    >>> write_whole(Path(tempfile.mkdtemp()) / "I" / "star.dat", b"1 2 3").read_bytes()
    b'1 2 3'
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_bytes(content)
        os.replace(temporary, path)
    except OSError as error:
        raise WriteError(f"{path}: cannot be written ({error.strerror or error})") from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
    return path


def write_lines(path: Path, lines: list[str]) -> Path:
    """Write lines of text to `path` and return the path."""
    return write_whole(path, ("\n".join(lines) + "\n").encode())
