"""The exception tree: what catches what, what the messages say, and that errors survive a worker process."""

from __future__ import annotations

import pickle

import pytest

from goodricke import errors
from goodricke.errors import (
    DataError,
    GoodrickeError,
    MissingDependency,
    OptionError,
    ReadError,
    ReadWarning,
    UnknownFormat,
    WriteError,
)


@pytest.mark.parametrize(
    ("kind", "also"),
    [
        (ReadError, GoodrickeError),
        (UnknownFormat, ReadError),
        (DataError, ValueError),
        (OptionError, ValueError),
        (WriteError, OSError),
        (MissingDependency, ImportError),
        (ReadWarning, UserWarning),
    ],
)
def test_tree(kind: type, also: type) -> None:
    assert issubclass(kind, also)
    assert issubclass(kind, GoodrickeError) or kind is ReadWarning


def test_all_lists_every_class_and_the_docstring_draws_it() -> None:
    defined = {name for name, thing in vars(errors).items() if isinstance(thing, type)}
    assert set(errors.__all__) == defined
    assert not [name for name in defined - {"ReadWarning"} if name not in (errors.__doc__ or "")]


def test_read_error_says_file_then_seen_then_remedy() -> None:
    assert str(ReadError("seen")) == "seen"
    assert str(ReadError("seen", "do this")) == "seen; do this"
    assert str(ReadError("seen", "do this", "a.csv")) == "a.csv: seen; do this"


def test_at_names_the_file_once_and_keeps_the_class() -> None:
    error = UnknownFormat("seen", "do this").at("a.csv")
    assert type(error) is UnknownFormat
    assert str(error) == "a.csv: seen; do this"
    assert error.at("archive.zip") is error


@pytest.mark.parametrize(
    "error",
    [ReadError("seen", "do this", "a.csv"), UnknownFormat("x"), DataError("x"), OptionError("x"), WriteError("x"),
     MissingDependency("matplotlib", "plot")],
)  # fmt: skip
def test_errors_come_back_from_a_worker_process(error: Exception) -> None:
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error)
    assert str(again) == str(error)


def test_missing_dependency_has_the_install_line() -> None:
    assert "pip install 'goodricke[plot]'" in str(MissingDependency("matplotlib", "plot"))
