"""The figures of a list of binaries and singles, against counting by hand and the paper's formula."""

from __future__ import annotations

import json

import numpy as np
import pyarrow as pa
import pytest

from goodricke.decide.precision import precision_by_counts
from goodricke.errors import DataError, OptionError
from goodricke.evaluate.binary_figures import PUBLISHED, binary_figures
from goodricke.evaluate.binary_list import NAMES, binary_list, class_of_delta


def draws(n: int = 3000):
    rng = np.random.default_rng(2)
    target = (rng.random(n) < 0.1).astype(int)
    p = 1 / (1 + np.exp(-rng.normal(np.where(target, 1.5, -1.5), 1.5)))
    return p, np.array([f"s{k // 2}" for k in range(n)]), target


def test_against_counts():
    p, _, target = draws()
    star = np.arange(len(p))
    found = binary_figures(p, star, target, ratios=(0.5, 1.0), n_draws=200)["test"]
    singles, binaries = p[target == 0], p[target == 1]
    assert found["singles below 0.2"]["value"] == pytest.approx((singles < 0.2).mean())
    assert found["binaries above 0.8"]["value"] == pytest.approx((binaries > 0.8).mean())
    greater = (binaries[:, None] > singles).mean()
    assert found["auc"]["value"] == pytest.approx(greater)
    assert found["auc"]["low"] < greater < found["auc"]["high"]
    for row in found["precision"]:
        hits, false = (binaries >= row["threshold"]).sum(), (singles >= row["threshold"]).sum()
        by_formula = hits / (hits + false * len(binaries) / len(singles) / row["ratio"])
        assert row["value"] == pytest.approx(by_formula)
        assert row["value"] == pytest.approx(
            precision_by_counts(hits, false, len(binaries), len(singles), row["ratio"])
        )
        assert row["low"] < row["value"] < row["high"]


def test_intervals_are_wider_where_spectra_share_stars():
    rng = np.random.default_rng(3)
    target = np.repeat(rng.integers(0, 2, 60), 20)
    p = 1 / (1 + np.exp(-(np.repeat(rng.normal(size=60), 20) + 2.0 * target - 1.0)))
    p = np.clip(p + 0.01 * rng.normal(size=len(p)), 0, 1)
    wide = binary_figures(p, np.repeat(np.arange(60), 20), target, n_draws=200)["test"]["auc"]
    narrow = binary_figures(p, np.arange(1200), target, n_draws=200)["test"]["auc"]
    assert wide["high"] - wide["low"] > 2.5 * (narrow["high"] - narrow["low"])


def test_none_of_few_is_not_surely_none():
    p, target = np.repeat([0.9, 0.1], 20), np.repeat([1, 0], 20)
    found = binary_figures(p, np.arange(40), target, n_draws=50)["test"]
    assert found["false 0.5"]["value"] == 0.0
    assert 0.1 < found["false 0.5"]["high"] < 0.2
    assert found["singles below 0.2"]["low"] < 0.9
    assert all(0.6 < row["low"] < 0.8 for row in found["precision"])


def test_no_answer_counts_nowhere():
    p, star, target = draws(400)
    whole = binary_figures(p, star, target, n_draws=20)["test"]
    more = binary_figures(
        np.append(p, [np.nan] * 9), np.append(star, ["x"] * 9), np.append(target, [1] * 9), n_draws=20
    )
    assert more["test"]["auc"]["value"] == whole["auc"]["value"]
    assert more["counts"]["spectra"] == 409
    assert more["counts"]["with an answer"] == 400


def test_eclipsing_stars_count_once_by_their_highest():
    found = binary_figures(
        [0.2, 0.9, 0.3, np.nan, 0.6], ["a", "a", "b", "c", "d"], [-1] * 5, eclipsing=["EA", "EA", "EA", "EA", "EW"]
    )
    assert found["eclipsing"]["EA"] == pytest.approx({"value": 0.5, "n": 2, "low": 0.0945, "high": 0.9055}, abs=1e-3)
    assert found["eclipsing"]["EW"]["value"] == 1.0
    assert "test" not in found


def test_velocities():
    found = binary_figures(
        [0.9, 0.2, 0.1, 0.7, 0.1], list("abcde"), [-1] * 5, rv_difference=[60, 30, 2, 3, 1], n_visits=[2, 2, 4, 9, 3]
    )["velocity"]
    assert found["moving above 0.5"]["value"] == 0.5
    assert found["constant below 0.5"]["value"] == 0.5  # e has three visits only
    assert found["constant below 0.5"]["n"] == 2


def test_catalogue_and_mass_ratios():
    found = binary_figures(
        [0.9, 0.6, 0.55, 0.1], ["a", "a", "b", "c"], [1, 1, 1, 0], q=[0.72, 0.72, 0.95, np.nan],
        combined=[0.95, 0.95, 0.4, 0.1],
    )  # fmt: skip
    assert found["catalogue"]["spectra"] == {"0.5": 3, "0.8": 1}
    assert found["catalogue"]["stars by the highest"] == {"0.5": 2, "0.8": 1}
    assert found["catalogue"]["stars by all spectra"] == {"0.5": 1, "0.8": 1}
    assert [(row["q"], row["n"]) for row in found["mass_ratio"]] == [([0.7, 0.75], 2), ([0.95, 1.0], 1)]
    json.dumps(found)


def test_stars_called_both_are_counted():
    assert binary_figures([0.1, 0.9], ["a", "a"], [0, 1], n_draws=10)["counts"]["stars called both"] == 1


def test_what_was_published_is_that_of_the_paper():
    assert PUBLISHED["auc"] == 0.949
    assert PUBLISHED["precision 0.8 at 1:2"] == 0.89


# Lists ---------------------------------------------------------------------------------------------------------------


def test_columns_by_their_usual_names():
    table = pa.table({"FileName": ["a.fits"], "Gaia_Source_ID": [7], "Delta_MG": [-0.3], "N_Visits": [4], "Q": [0.8]})
    found = binary_list(table)
    assert (found.file[0], found.star[0], found.target[0], found.n_visits[0], found.q[0]) == ("a.fits", "7", 1, 4, 0.8)


def test_the_class_of_lamost_is_no_label():
    table = pa.table({"path": ["a", "b"], "class": ["STAR", "STAR"], "is_binary": ["true", "no"]})
    assert binary_list(table).target.tolist() == [1, 0]
    table = pa.table({"path": ["a", "b"], "class": ["STAR", "STAR"], "delta_mg": [0.1, -0.7]})
    assert binary_list(table).target.tolist() == [0, -1]


def test_kinds_of_eclipsing_stars_in_a_column_called_class():
    found = binary_list(pa.table({"path": ["a", "b"], "class": ["EA", "ew"]}))
    assert found.eclipsing.tolist() == ["EA", "EW"]
    assert (found.target == -1).all()


def test_words_and_columns_that_are_wrong():
    with pytest.raises(DataError, match="'maybe'"):
        binary_list(pa.table({"path": ["a"], "binary": ["maybe"]}))
    with pytest.raises(OptionError, match="there are path"):
        binary_list(pa.table({"path": ["a"]}), {"wave": "x"})
    with pytest.raises(DataError, match="no column 'x'"):
        binary_list(pa.table({"path": ["a"]}), {"binary": "x"})
    with pytest.raises(DataError, match="no number"):
        binary_list(pa.table({"path": ["a"], "binary": [1], "q": ["large"]}))
    assert set(NAMES) == {
        "path", "obsid", "star", "binary", "delta_mg", "eclipsing", "rv_difference", "n_visits", "q"
    }  # fmt: skip


def test_limits_of_the_recipe():
    assert class_of_delta([0.24, -0.26, -0.49, -0.51, 0.3]).tolist() == [0, 1, 1, -1, -1]
