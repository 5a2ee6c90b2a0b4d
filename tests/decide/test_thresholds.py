from __future__ import annotations

import json

import numpy as np
import pytest

from decide.made import sample
from goodricke.decide.cuts import fit_thresholds
from goodricke.decide.thresholds import ThresholdTable
from goodricke.errors import OptionError

CLASSES, PRIORS = ("EA", "EB", "EW"), [0.5, 0.3, 0.2]


@pytest.fixture(scope="module")
def held():
    return sample(6000, PRIORS, 0)


def test_the_purity_asked_for_is_met_by_new_stars(held) -> None:
    table = fit_thresholds(held.posterior, held.target, CLASSES)
    new = sample(100_000, PRIORS, 1)
    label = new.posterior.argmax(axis=1)
    for k, name in enumerate(CLASSES):
        cut = table.for_purity(name, 0.95)
        assert cut.reached
        taken = (label == k) & (new.posterior[:, k] >= cut.threshold)
        # The true purity lies in the interval, which has 95% of its own; the new stars add 1% at most.
        assert cut.purity_low - 0.01 < np.mean(new.target[taken] == k) < cut.purity_high + 0.01
        assert cut.completeness_low - 0.01 < taken[new.target == k].mean() < cut.completeness_high + 0.01
        sure = table.for_purity(name, 0.95, sure=True)
        assert sure.purity_low >= 0.95
        assert sure.threshold > cut.threshold


def test_completeness_takes_the_purest_that_is_complete_enough(held) -> None:
    table = fit_thresholds(held.posterior, held.target, CLASSES, labelled=False)
    cut = table.for_completeness("EB", 0.9)
    rows = table.rows("EB")
    after = int(np.searchsorted(rows["threshold"], cut.threshold)) + 1
    assert cut.reached
    assert cut.completeness >= 0.9 > rows["completeness"][after]
    assert table.for_completeness("EB", 1.0).reached
    assert not fit_thresholds(held.posterior, held.target, CLASSES).for_completeness("EB", 1.0).reached


def test_priors_change_the_purity_as_they_should(held) -> None:
    wanted = np.array([0.05, 0.05, 0.9])
    table = fit_thresholds(held.posterior, held.target, CLASSES)
    rare, new = table.rows("EA", wanted), sample(200_000, wanted.tolist(), 2, believed=PRIORS)
    label = new.posterior.argmax(axis=1)
    for place, cut in enumerate(rare["threshold"]):
        taken = (label == 0) & (new.posterior[:, 0] >= cut)
        if taken.sum() < 2000:  # a purity with an error of 0.01 or less
            break
        true = np.mean(new.target[taken] == 0)
        assert rare["purity_low"][place] - 0.02 < true < rare["purity_high"][place] + 0.02
        assert rare["purity_low"][place] <= rare["purity"][place] <= rare["purity_high"][place]
    assert place > 10
    same = table.rows("EA", np.bincount(held.target) / 6000)
    np.testing.assert_allclose(same["purity"], table.rows("EA")["purity"], rtol=1e-12)
    # With the priors of the held-out stars the drawn interval is near to the exact one, which is a little longer.
    np.testing.assert_allclose(same["purity_low"][:20], table.rows("EA")["purity_low"][:20], atol=0.01)
    assert table.for_purity("EA", 0.9, wanted).threshold > table.for_purity("EA", 0.9).threshold


def test_a_purity_that_cannot_be_had_is_said_to_be_so() -> None:
    rng = np.random.default_rng(0)
    p = np.stack([rng.uniform(0.3, 0.7, 2000), np.zeros(2000)], axis=1)
    p[:, 1] = 1 - p[:, 0]
    table = fit_thresholds(p, (rng.random(2000) > p[:, 0]).astype(int), ("EA", "EB"))
    cut = table.for_purity("EA", 0.99)
    assert not cut.reached
    assert cut.purity < 0.99
    assert "EA: not to be had; the nearest is purity 0." in str(cut)
    assert np.isinf(table.cuts_for_purity(0.99)).all()
    assert table.cuts_for_purity(0.4).tolist() == [table.for_purity(name, 0.4).threshold for name in ("EA", "EB")]


def test_few_stars_are_not_trusted() -> None:
    p = [[0.9, 0.1]] * 9 + [[0.2, 0.8]] * 30
    assert not fit_thresholds(p, [0] * 9 + [1] * 30, ("EA", "EB")).for_purity("EA", 0.9).reached
    p, target = [[0.9, 0.1], *p], [0, *[0] * 9, *[1] * 30]
    assert fit_thresholds(p, target, ("EA", "EB")).for_purity("EA", 0.9).reached


def test_json_gives_the_same_bits_and_is_short(held) -> None:
    table = fit_thresholds(held.posterior, held.target, CLASSES)
    text = json.dumps(table.to_dict())
    assert ThresholdTable.from_dict(json.loads(text)) == table
    assert len(text) < 6000
    assert max(map(len, table.cuts)) <= 51


def test_order_of_stars_and_classes_does_not_matter(held) -> None:
    rows, order = np.random.default_rng(0).permutation(6000), np.array([2, 0, 1])
    table = fit_thresholds(held.posterior, held.target, CLASSES)
    assert fit_thresholds(held.posterior[rows], held.target[rows], CLASSES) == table
    turned = fit_thresholds(held.posterior[:, order], np.argsort(order)[held.target], [CLASSES[k] for k in order])
    assert turned.for_purity("EB", 0.9) == table.for_purity("EB", 0.9)


def test_one_star_and_absent_classes() -> None:
    table = fit_thresholds([[0.7, 0.3]], [0], ("EA", "EB"))
    assert not table.for_purity("EA", 0.5).reached
    nothing = table.for_completeness("EB", 0.5)
    assert not nothing.reached
    assert np.isnan(nothing.completeness)
    assert (nothing.completeness_low, nothing.completeness_high) == (0.0, 1.0)
    assert table.rows("EB", [0.5, 0.5])["purity_high"][0] > 0.9
    assert "nan" in str(table.for_purity("EB", 0.5))


def test_what_is_refused(held) -> None:
    table = fit_thresholds(held.posterior, held.target, CLASSES)
    with pytest.raises(OptionError, match="did you mean 'EB'"):
        table.for_purity("EBB", 0.9)
    for wish in (0.0, 95, float("nan")):
        with pytest.raises(OptionError, match="purity lies above 0"):
            table.for_purity("EA", wish)
    with pytest.raises(OptionError, match="completeness lies"):
        table.for_completeness("EA", 2)


def test_a_chosen_cut_is_a_row_of_the_table(held) -> None:
    table = fit_thresholds(held.posterior, held.target, CLASSES)
    for priors in (None, [0.2, 0.2, 0.6]):
        for cut in (table.for_purity("EB", 0.8, priors), table.for_purity("EB", 0.8, priors, sure=True)):
            rows = table.rows("EB", priors)
            place = int(np.flatnonzero(rows["threshold"] == cut.threshold)[0])
            assert cut.reached
            assert all(getattr(cut, name) == values[place] for name, values in rows.items())
