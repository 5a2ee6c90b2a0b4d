"""Several templates in one class."""

from dataclasses import replace

import numpy as np
import pytest

from goodricke.simulate.kinds.cepheids import FUNDAMENTAL, OVERTONE
from goodricke.simulate.kinds.families import Family

pytest.importorskip("numba")


def test_every_star_gets_the_series_of_its_template() -> None:
    family = Family(F=FUNDAMENTAL, O=replace(OVERTONE))
    members = np.array(["O", "F", "O", "F", "F"])
    stars = family.draw(members, np.random.default_rng(0))
    made = family.series(members, stars)
    for name, template in family.templates.items():
        mine = members == name
        part = template.series({column: values[mine] for column, values in stars.items()})
        orders = part.cosine.shape[1]
        assert np.array_equal(made.cosine[mine, :orders], part.cosine)
        assert np.array_equal(made.sine[mine, :orders], part.sine)
        assert not made.cosine[mine, orders:].any()
