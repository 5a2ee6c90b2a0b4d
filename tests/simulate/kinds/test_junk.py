"""Junk is constant but for the troubles that its columns name."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("numba")

from goodricke.simulate.kinds.junk import GroundJunk, Junk, SpaceJunk
from goodricke.simulate.kinds.troubles import TROUBLES
from goodricke.simulate.stars import Moments

SPAN = (2459000.0, 2459400.0)
TIME = np.linspace(*SPAN, 300)


@pytest.mark.parametrize("kind", [Junk, GroundJunk, SpaceJunk])
def test_stars_have_the_troubles_of_their_kind(kind: type[Junk]) -> None:
    made = kind().draw(2000, np.random.default_rng(1), SPAN)
    assert set(made["junk_type"]) == set(kind.types) <= set(TROUBLES)
    assert np.isnan(made["period_days"]).all()
    assert (made["second_junk_type"] != "").mean() == pytest.approx(0.4, abs=0.05)
    assert np.log10(made["trouble_size"]).mean() == pytest.approx(kind.size[0], abs=0.04)


def test_light_is_one_and_the_troubles() -> None:
    made = Junk().draw(50, np.random.default_rng(2), SPAN)
    moments = Moments(np.tile(TIME, 50), np.arange(51) * 300)
    flux = Junk().light(made, moments, "V").reshape(50, 300)
    for i in range(50):
        single = {name: column[i : i + 1] for name, column in made.items()}
        alone = Moments(TIME, np.array([0, 300]))
        expected = 1 + made["trouble_size"][i] * TROUBLES[str(made["junk_type"][i])](single, alone)
        if made["second_junk_type"][i]:
            expected += 0.5 * made["trouble_size"][i] * TROUBLES[str(made["second_junk_type"][i])](single, alone)
        np.testing.assert_allclose(flux[i], np.maximum(expected, 0), atol=1e-12)


def test_ground_junk_is_as_large_as_in_the_worst_real_stars() -> None:
    made = GroundJunk().draw(2000, np.random.default_rng(3), SPAN)
    # benchmarks/fit_others.py: 99% of ASAS-3 stars have waves with the day or the Moon below 0.028, of CRTS 0.041 mag.
    assert 0.015 < np.median(made["trouble_size"]) < 0.041
