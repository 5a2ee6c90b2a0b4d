"""Everything goodricke raises on purpose.

::

    GoodrickeError
    ├── ReadError            a file, or one star of it, could not be read
    │   └── UnknownFormat    nothing recognises the file
    ├── DataError            arrays given to us break a rule of the data objects
    ├── OptionError          an argument or option has a value we do not accept
    ├── ModelError           a model is not there, or its bundle is refused
    ├── WriteError           an output could not be written
    └── MissingDependency    an optional package is needed; the message has the install line

Readers raise ``ReadError`` and nothing else, whatever the bytes. Constructors of data objects raise
``DataError``. A wrong word or number from the user is an ``OptionError``. Every message says what was wrong,
what was seen, and what to do next.
"""

from __future__ import annotations

__all__ = [
    "DataError",
    "GoodrickeError",
    "MissingDependency",
    "ModelError",
    "OptionError",
    "ReadError",
    "ReadWarning",
    "UnknownFormat",
    "WriteError",
]


class GoodrickeError(Exception):
    """Base of all errors of this package: ``except GoodrickeError`` catches what we foresaw."""


class ReadError(GoodrickeError):
    """A file could not be read.

    Parameters
    ----------
    seen : str
        What was wrong and what was seen, in a few words.
    remedy : str
        What the user can do about it.
    path : str
        The file; filled in by the caller that knows it (see ``at``).

    Examples
    --------
    >>> print(ReadError("the file is empty (0 bytes)", "download it again").at("star.fits"))
    star.fits: the file is empty (0 bytes); download it again
    """

    def __init__(self, seen: str, remedy: str = "", path: str = "") -> None:
        self.seen, self.remedy, self.path = seen, remedy, path
        super().__init__(seen, remedy, path)

    def __str__(self) -> str:
        said = f"{self.seen}; {self.remedy}" if self.remedy else self.seen
        return f"{self.path}: {said}" if self.path else said

    def at(self, path: str) -> ReadError:
        """Return the same error naming `path`, unless it names a file already."""
        return self if self.path else type(self)(self.seen, self.remedy, path)


class UnknownFormat(ReadError):
    """No survey row recognises the file."""


class DataError(GoodrickeError, ValueError):
    """Arrays or tables that break a rule of ``LightCurves`` and its relatives."""


class OptionError(GoodrickeError, ValueError):
    """A value that a user gave us and that we do not accept."""


class ModelError(GoodrickeError):
    """No model of that name, or a bundle whose files are not what its manifest promises."""


class WriteError(GoodrickeError, OSError):
    """An output file could not be written."""


class MissingDependency(GoodrickeError, ImportError):
    """An optional package is not installed.

    Examples
    --------
    >>> print(MissingDependency("matplotlib", "plot"))
    this needs matplotlib, which is not installed: pip install 'goodricke[plot]'
    """

    def __init__(self, package: str, extra: str) -> None:
        self.package, self.extra = package, extra
        super().__init__(f"this needs {package}, which is not installed: pip install 'goodricke[{extra}]'")

    def __reduce__(self) -> tuple[type[MissingDependency], tuple[str, str]]:
        return type(self), (self.package, self.extra)  # so that it comes back from a worker process


class ReadWarning(UserWarning):
    """Some of many files could not be read, or a column was guessed."""
