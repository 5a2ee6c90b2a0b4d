from __future__ import annotations

from collections.abc import Iterator

import pytest

from goodricke.errors import DataError, OptionError, ReadError, UnknownFormat
from goodricke.surveys.refusals import MALFORMED, check_container, check_data, read_errors
from goodricke.surveys.source import Source
from goodricke.surveys.table import find

FILE = Source("star.dat", data=b"1 2 3\n4 5 6\n")


def told(error: BaseException) -> ReadError:
    """What comes of an error while the file is read."""
    with pytest.raises(ReadError) as caught, read_errors(FILE, lambda: "ogle layout", "look at it"):
        raise error
    return caught.value


@pytest.mark.parametrize("kind", [*MALFORMED, DataError])
def test_what_parsers_raise_becomes_an_error_that_names_the_file(kind: type[Exception]) -> None:
    error = kind("two\nlines")
    found = told(error)
    assert str(found).startswith(f"star.dat: the content does not follow the ogle layout ({kind.__name__}: ")
    assert found.__cause__ is error
    assert found.remedy == "look at it"
    assert "lines" not in str(found).replace("two\\nlines", "")


def test_our_own_errors_keep_their_kind_and_their_file() -> None:
    assert str(told(ReadError("cut short", "again"))) == "star.dat: cut short; again"
    assert isinstance(told(UnknownFormat("a poem")), UnknownFormat)
    assert told(ReadError("cut short", "", "other.dat")).path == "other.dat"
    with pytest.raises(OptionError, match="no such word"), read_errors(FILE, lambda: "", ""):
        raise OptionError("no such word")
    with pytest.raises(KeyboardInterrupt), read_errors(FILE, lambda: "", ""):
        raise KeyboardInterrupt


def test_a_reader_can_be_left_in_the_middle() -> None:
    def stream() -> Iterator[int]:
        with read_errors(FILE, lambda: "", ""):
            yield from range(5)

    started = stream()
    assert next(started) == 0
    started.close()


def test_what_is_no_data() -> None:
    with pytest.raises(ReadError, match=r"a\.fits: the file is empty \(0 bytes\)"):
        check_data(Source("a.fits", data=b""), "")
    with pytest.raises(ReadError, match=r"web page, not data \('<title>Sorry</title>'\); log in"):
        check_data(Source("a.fits", data=b"<html>\n<title>Sorry</title>\n</html>"), "log in")
    check_data(FILE, "")


def test_a_container_that_a_format_does_not_come_in() -> None:
    with pytest.raises(ReadError, match=r"a text file cannot be alerce, which comes as parquet or json; leave it"):
        check_container(FILE, find("alerce"), "leave it")
    check_container(FILE, find("ogle"), "")
