from __future__ import annotations

import numpy as np
import pytest

from decide.made import sample
from goodricke.decide.cuts import fit_thresholds
from goodricke.decide.intervals import clopper_pearson
from goodricke.errors import DataError

CLASSES = ("EA", "EB", "EW")


@pytest.fixture(scope="module")
def held():
    return sample(6000, [0.5, 0.3, 0.2], 0)


@pytest.mark.parametrize("labelled", [True, False])
def test_rows_are_counts_by_brute_force(held, labelled) -> None:
    table = fit_thresholds(held.posterior, held.target, CLASSES, labelled)
    for k, name in enumerate(CLASSES):
        rows = table.rows(name)
        assert (np.diff(rows["threshold"]) > 0).all()
        assert (np.diff(rows["completeness"]) <= 0).all()
        for place, cut in enumerate(rows["threshold"]):
            taken = held.posterior[:, k] >= cut
            if labelled:
                taken &= held.posterior.argmax(axis=1) == k
            right = int((taken & (held.target == k)).sum())
            assert rows["purity"][place] == pytest.approx(right / taken.sum())
            assert rows["completeness"][place] == pytest.approx(right / (held.target == k).sum())
            low, high = map(float, clopper_pearson(right, int(taken.sum())))
            assert (rows["purity_low"][place], rows["purity_high"][place]) == pytest.approx((low, high))


def test_rows_of_one_star_share_its_vote(held) -> None:
    one = fit_thresholds(held.posterior[:500], held.target[:500], CLASSES)
    thrice = fit_thresholds(
        np.repeat(held.posterior[:500], 3, axis=0), np.repeat(held.target[:500], 3), CLASSES,
        stars=np.repeat(np.arange(500), 3),
    )  # fmt: skip
    assert thrice.stars == one.stars
    at, where = one.rows("EA"), thrice.rows("EA")
    same = np.isin(where["threshold"], at["threshold"])
    assert same.sum() > 20
    again = np.isin(at["threshold"], where["threshold"])
    np.testing.assert_allclose(where["purity_low"][same], at["purity_low"][again], atol=1e-4)


def test_what_is_refused(held) -> None:
    with pytest.raises(DataError, match="3 names of classes; there are 2"):
        fit_thresholds(held.posterior, held.target, ("EA", "EB"))
    with pytest.raises(DataError, match="no star"):
        fit_thresholds(np.empty((0, 3)), np.empty(0, dtype=int), CLASSES)
