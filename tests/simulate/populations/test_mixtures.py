"""Named populations: known kinds, right shares, balance."""

from __future__ import annotations

import numpy as np
import pytest

from goodricke.errors import OptionError
from goodricke.simulate.kinds.table import KINDS, kind
from goodricke.simulate.populations.mixtures import POPULATIONS, Population, kinds_of, population


@pytest.mark.parametrize("name", POPULATIONS)
def test_a_population_mixes_known_kinds_and_says_what_it_is(name: str) -> None:
    one = population(name)
    assert one.name == name
    assert len(one.meaning) > 10
    assert set(one.shares) <= set(KINDS)
    assert all(share > 0 for share in one.shares.values())


def test_kinds_come_in_their_shares_to_a_star_and_in_no_order() -> None:
    mixed = Population("own", "three", {"contact": 1.0, "constant": 2.0, "junk": 0.001})
    chosen = kinds_of(mixed, 900, np.random.default_rng(0))
    assert chosen.shape == (900,)
    assert abs(int((chosen == "contact").sum()) - 300) <= 1
    assert abs(int((chosen == "constant").sum()) - 600) <= 1
    assert 0 < (chosen[:300] == "contact").sum() < 300
    assert len(kinds_of(mixed, 0, np.random.default_rng(0))) == 0


def test_rare_kinds_come_as_often_as_they_should_in_small_blocks() -> None:
    rare = Population("own", "rare", {"contact": 1.0, "constant": 99.0})
    rng = np.random.default_rng(1)
    found = sum((kinds_of(rare, 10, rng) == "contact").sum() for _ in range(2000))
    assert abs(found - 200) < 60  # four standard errors


def test_total_and_partial_are_balanced() -> None:
    chosen = kinds_of(population("total_partial"), 1000, np.random.default_rng(2))
    assert (chosen == "contact_total").sum() == 500


def test_the_training_population_has_every_label_equally_often() -> None:
    count: dict[str, float] = {}
    for name, share in population("balanced").shares.items():
        label = kind(name).label
        count[label] = count.get(label, 0.0) + share
    assert len(count) >= 12
    assert len(set(count.values())) == 1


def test_the_sky_is_mostly_constant() -> None:
    shares = population("sky").shares
    whole = sum(shares.values())
    assert shares["constant"] / whole == pytest.approx(0.90, abs=0.005)
    assert shares["junk"] / whole == pytest.approx(0.06, abs=0.005)


def test_a_wrong_name_is_told_the_nearest() -> None:
    with pytest.raises(OptionError, match="did you mean 'total_partial'"):
        population("total_partail")
    with pytest.raises(OptionError, match="There are contact"):
        population("xyz")
