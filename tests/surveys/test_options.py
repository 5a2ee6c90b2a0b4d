from __future__ import annotations

import pytest

from goodricke.errors import OptionError
from goodricke.surveys.options import Quality, ReadOptions

BITS = Quality({"a": 1, "b": 2, "c": 4}, default=1, hard=3, hardest=7)


@pytest.mark.parametrize(
    ("choice", "mask"), [("none", 0), ("default", 1), ("hard", 3), ("hardest", 7), (5, 5), ("6", 6), (0, 0)]
)
def test_words_and_masks(choice: str | int, mask: int) -> None:
    assert BITS.mask(choice) == mask


@pytest.mark.parametrize("choice", ["best", "", -1, "1.5"])
def test_unknown_quality_names_the_words(choice: str | int) -> None:
    with pytest.raises(OptionError, match="none, default, hard, hardest"):
        BITS.mask(choice)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"columns": {"tiem": "HJD"}}, "tiem"),
        ({"columns": {"mag": "m", "flux": "f"}}, "both"),
        ({"quality": "best"}, "quality 'best'"),
        ({"batch_points": 0}, "at least 1"),
    ],
)
def test_wrong_options_are_refused(wrong: dict, says: str) -> None:
    with pytest.raises(OptionError, match=says):
        ReadOptions(**wrong)
