"""Settings of a simulation from files and options."""

from pathlib import Path

import pytest

from goodricke.errors import OptionError
from goodricke.simulate.configuration import load_simulation, parsed_shares


def test_a_file_says_what_to_simulate(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('survey = "crts"\nn = 20\nseed = 3\n[shares]\nrrab = 1\nconstant = 2.5\n')
    assert load_simulation(path) == {"survey": "crts", "n": 20, "seed": 3, "shares": {"rrab": 1, "constant": 2.5}}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("number = 3", "'number' is not known"),
        ("sed = 3", "did you mean 'seed'"),
        ('n = "many"', "should be a whole number"),
        ("n = true", "should be a whole number"),
        ("shares = 3", "should be a table"),
        ("n = = 3", "not a TOML file"),
        ("\udcff", "not a TOML file"),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "bad.toml"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(OptionError, match=says):
        load_simulation(path)


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(OptionError, match="cannot be read"):
        load_simulation(tmp_path / "none.toml")


@pytest.mark.parametrize("text", ["contact", "contact=", "contact=a", "=1,,"])
def test_shares_must_be_shares(text: str) -> None:
    with pytest.raises(OptionError, match="is not KIND=SHARE"):
        parsed_shares(text)
