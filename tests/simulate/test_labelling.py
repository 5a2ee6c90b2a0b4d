"""Labels joined to the parameters of binaries."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("numba")

from goodricke.simulate.kinds.table import kind
from goodricke.simulate.labelling import labelled

SPAN = (2455000.0, 2457000.0)


@pytest.mark.parametrize(
    ("name", "labels"),
    [
        ("contact", {"EW", "ELL"}),
        ("semi_detached", {"EB", "ELL"}),
        ("detached", {"EA", "EB", "ELL"}),
        ("ellipsoidal", {"ELL"}),
    ],
)
def test_a_kind_has_the_classes_of_its_physics(name: str, labels: set[str]) -> None:
    stars = kind(name).draw(30, np.random.default_rng(0), SPAN)
    found = labelled(stars, "V")
    assert set(found["label"]) <= labels
    assert set(stars) <= set(found)
    assert (found["amplitude"] > 0).all()


def test_total_eclipses_are_flat_and_total() -> None:
    found = labelled(kind("contact_total").draw(20, np.random.default_rng(1), SPAN), "V")
    assert found["total"].all()
    assert (found["totality_width"] > 0).all()
    assert (found["total_margin_deg"] > 0).all()
    assert not labelled(kind("contact_partial").draw(20, np.random.default_rng(1), SPAN), "V")["total"].any()


def test_the_depth_of_the_first_eclipse_is_where_star_1_is_behind() -> None:
    stars = kind("detached").draw(40, np.random.default_rng(2), SPAN)
    found = labelled(stars, "V")
    deep = (np.abs(found["depth_1"] - found["depth_2"]) > 0.05) & (stars["eccentricity"] == 0)
    hot = stars["temperature1"] > stars["temperature2"]
    # In a circular orbit equal areas are hidden in both eclipses, so the hotter star makes the deeper one.
    assert ((found["depth_1"] > found["depth_2"]) == hot)[deep].all()
