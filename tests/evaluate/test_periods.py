from __future__ import annotations

import numpy as np
import pytest

from goodricke.evaluate.periods import VERDICTS, period_tables, verdicts
from goodricke.evaluate.resampling import wilson


def test_every_way_to_be_wrong() -> None:
    true = 0.7
    f0, sidereal = 1 / true, 1.00273790935
    cases = {
        "right": [true, true * 1.0019, true * 0.9981],
        "half": [true / 2, true / 2 * 1.0019],
        "double": [true * 2],
        "alias": [1 / (f0 + 1), 1 / (f0 - 1), 1 / (f0 + 2), 1 / abs(f0 - 2), 1 / (f0 + 2 * sidereal), 1 / (2 * f0 - 1)],
        "other": [true * 1.003, true * 3, 123.0],
        "none": [np.nan, -1.0, np.inf],
    }
    assert set(cases) == set(VERDICTS)
    for word, periods in cases.items():
        assert verdicts(np.array(periods), np.full(len(periods), true)).tolist() == [word] * len(periods), word


def test_tables_count_every_star_once_per_cut() -> None:
    rng = np.random.default_rng(0)
    n = 600
    true = rng.uniform(0.3, 5, n)
    found = np.where(rng.random(n) < 0.8, true, true / 2)
    group = np.array(["EA", "EW", "ECL"])[rng.integers(0, 3, n)]
    by = {"mag": rng.uniform(9, 15, n), "n_points": rng.integers(10, 500, n).astype(float)}
    tables = period_tables(found, true, group, by, alternatives=(2 * found)[:, None])
    for words in ([], ["mag"], ["n_points"], ["mag", "n_points"]):
        rows = [row for row in tables["rows"] if list(row["ranges"]) == words and row["class"] != "all"]
        assert sum(row["n"] for row in rows) == n
        shares = [sum(row[key] for key in ("right", "half", "double", "alias", "other", "none")) for row in rows]
        np.testing.assert_allclose(shares, 1.0)
    whole = tables["rows"][0]
    right = np.abs(found / true - 1) < 0.002
    assert whole["right"] == pytest.approx(right.mean())
    assert (whole["right_low"], whole["right_high"]) == pytest.approx([float(end) for end in wilson(right.sum(), n)])
    assert whole["listed"] == 1.0  # where it is half, the alternative is twice it
    cell = next(row for row in tables["rows"] if len(row["ranges"]) == 2)
    low, high = cell["ranges"]["mag"]
    few, many = cell["ranges"]["n_points"]
    here = (by["mag"] >= low) & (by["mag"] <= high) & (by["n_points"] >= few) & (by["n_points"] <= many)
    assert cell["n"] == (here & (group == cell["class"])).sum()


def test_stars_without_a_magnitude_are_in_no_cell() -> None:
    by = {"mag": np.r_[np.full(50, np.nan), np.linspace(9, 12, 50)]}
    tables = period_tables(np.ones(100), np.ones(100), np.full(100, "EA"), by)
    assert [row["n"] for row in tables["rows"] if not row["ranges"]] == [100, 100]
    assert sum(row["n"] for row in tables["rows"] if row["ranges"]) == 50
