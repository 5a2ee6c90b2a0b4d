"""What every row of the table of representations must keep."""

from __future__ import annotations

import numpy as np
import pytest

from goodricke.errors import ModelError
from goodricke.lightcurves import concatenate
from goodricke.period import Periods, find_periods
from goodricke.period.search import MOST_TRIED, STRENGTHS
from goodricke.represent.features import features
from goodricke.represent.folds import BINS, folded, magnitudes
from goodricke.represent.table import REPRESENTATIONS, representation
from period import made

ABOUT = {"names": ["skew", "log_n"], "steps": 40}
STARS = concatenate([made.star("EA", 2.1, 1, n=60), made.star("EW", 0.5, 2, n=35), made.star("RRAB", 0.6, 3, n=90)])


@pytest.fixture(scope="module")
def periods() -> Periods:
    return find_periods(STARS)


def shapes(name: str) -> dict[str, tuple[tuple[int, ...], str]]:
    c, s, k = MOST_TRIED, ABOUT["steps"], len(ABOUT["names"])
    return {
        "features": {"features": ((3, k), "float32")},
        "folds": {
            "folds": ((3, c, 3, BINS), "float32"), "strengths": ((3, c, STRENGTHS), "float32"),
            "steps": ((3, s, 5), "float32"), "features": ((3, k), "float32"),
        },
        "steps": {"steps": ((3, s, 5), "float32"), "features": ((3, k), "float32")},
        "sequences": {"sequence": ((3, s, 3), "float32"), "lengths": ((3,), "int64")},
    }[name]  # fmt: skip


@pytest.mark.parametrize("name", REPRESENTATIONS)
def test_shapes_and_types(name: str, periods: Periods) -> None:
    row = representation(name)
    given = row.make(STARS, periods if row.needs_periods else None, ABOUT)
    assert {key: (array.shape, str(array.dtype)) for key, array in given.items()} == shapes(name)
    assert set(row.settings) <= set(ABOUT)


@pytest.mark.parametrize("name", REPRESENTATIONS)
def test_a_star_is_the_same_alone(name: str, periods: Periods) -> None:
    row = representation(name)
    given = row.make(STARS, periods if row.needs_periods else None, ABOUT)
    alone = row.make(STARS[1:2], periods[1:2] if row.needs_periods else None, ABOUT)
    for key, array in alone.items():
        whole = given[key][1:2]
        if key == "sequence":  # as long as the longest of the batch
            assert not whole[:, array.shape[1] :].any()
            whole = whole[:, : array.shape[1]]
        np.testing.assert_array_equal(array, whole, err_msg=key)


@pytest.mark.parametrize("name", REPRESENTATIONS)
def test_no_stars(name: str, periods: Periods) -> None:
    row = representation(name)
    given = row.make(STARS[:0], periods[:0] if row.needs_periods else None, ABOUT)
    assert all(len(array) == 0 for array in given.values())


def test_folds_are_made_of_what_the_periods_say(periods: Periods) -> None:
    given = representation("folds").make(STARS, periods, ABOUT)
    np.testing.assert_array_equal(given["folds"], folded(magnitudes(STARS), periods.tried))
    np.testing.assert_array_equal(given["strengths"], periods.strengths)
    table = features(STARS, periods, tuple(ABOUT["names"]))
    np.testing.assert_array_equal(given["features"], table.values)


def test_only_the_seed_keeps_what_others_throw_away() -> None:
    """Errors beyond three of their standard deviations go, and nothing for its magnitude."""
    assert representation("sequences").cleaning.error_factor == 1.0
    others = {representation(name).cleaning for name in REPRESENTATIONS if name != "sequences"}
    assert len(others) == 1


def test_a_name_that_is_none() -> None:
    with pytest.raises(ModelError, match=r"representation 'fold' is not known; did you mean 'folds'\? A newer"):
        representation("fold")
    with pytest.raises(ModelError, match="there are features, folds, steps, sequences"):
        representation("image")
    for name in (None, 3, ["folds"]):
        with pytest.raises(ModelError, match="is not known"):
            representation(name)
