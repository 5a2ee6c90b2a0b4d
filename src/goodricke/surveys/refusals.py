"""What a file is refused for whatever it should hold, and how what parsers raise becomes a ReadError."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

from goodricke.errors import GoodrickeError, OptionError, ReadError
from goodricke.surveys.source import Source

__all__ = ["MALFORMED", "Format", "check_container", "check_data", "read_errors"]

MALFORMED = (
    ValueError, TypeError, KeyError, IndexError, AttributeError, ArithmeticError, EOFError, OSError, RecursionError,
    MemoryError, AssertionError, StopIteration, SyntaxError,
)  # fmt: skip
"""What parsers (ours, Arrow's, the standard library's, astropy's) raise when a file breaks the rules of its format."""


class Format(Protocol):
    """A row of a table of formats."""

    @property
    def name(self) -> str:
        """What a user calls it."""

    @property
    def containers(self) -> tuple[str, ...]:
        """What it comes in, such as ``fits``."""


def check_data(source: Source, remedy: str) -> None:
    """Refuse an empty file, and a web page that was saved in place of a file.

    Parameters
    ----------
    source : Source
        The file.
    remedy : str
        What to do about the page.

    Raises
    ------
    ReadError
        If it is one of the two.

    Examples
    --------
    >>> check_data(Source("a.csv", data=b"<html><title>Sorry</title></html>"), "ask again")
    Traceback (most recent call last):
    goodricke.errors.ReadError: a.csv: this is a web page, not data ('<html><title>Sorry</title></html>'); ask again
    """
    if source.container == "empty":
        raise ReadError(f"the file is empty ({source.size} bytes)", "download it again", source.name)
    if source.container == "html":
        title = next((line.strip() for line in source.lines if "<title" in line.lower()), source.lines[0].strip())
        raise ReadError(f"this is a web page, not data ({title[:80]!r})", remedy, source.name)


def check_container(source: Source, row: Format, remedy: str) -> None:
    """Refuse a file that cannot be of the format that a user names, by what it comes in.

    Parameters
    ----------
    source : Source
        The file.
    row : Format
        What the user says it is.
    remedy : str
        What to do about it.

    Raises
    ------
    ReadError
        If the format does not come in the file's container.

    Examples
    --------
    >>> from goodricke.surveys.table import find
    >>> check_container(Source("a.csv", data=b"1 2 3"), find("kepler"), "leave --survey out")
    Traceback (most recent call last):
    goodricke.errors.ReadError: a.csv: a text file cannot be kepler, which comes as fits; leave --survey out
    """
    if source.container not in row.containers:
        raise ReadError(
            f"a {source.container} file cannot be {row.name}, which comes as {' or '.join(row.containers)}",
            remedy,
            source.name,
        )


@contextmanager
def read_errors(source: Source, layout: Callable[[], str], remedy: str) -> Iterator[None]:
    """Turn whatever the bytes of a file make a parser raise into a ReadError that names the file.

    Parameters
    ----------
    source : Source
        The file.
    layout : callable
        The layout that it was read as, asked when something is raised: ``"ogle layout"``.
    remedy : str
        What to do about content that breaks the rules of the layout.

    Raises
    ------
    ReadError
        Whatever is wrong with the file.
    OptionError
        As it came: it is about what the user asked for, and not about the file.

    Examples
    --------
    >>> with read_errors(Source("a.dat", data=b"x"), lambda: "ogle layout", "download it again"):
    ...     float("x")
    Traceback (most recent call last):
    goodricke.errors.ReadError: a.dat: the content does not follow the ogle layout (ValueError: could not convert ...
    """
    try:
        yield
    except ReadError as error:
        raise error.at(source.name) from error.__cause__
    except OptionError:
        raise
    except (*MALFORMED, GoodrickeError) as error:
        said = str(error).splitlines()[0][:160] if str(error) else ""
        raise ReadError(
            f"the content does not follow the {layout()} ({type(error).__name__}: {said})", remedy, source.name
        ) from error
