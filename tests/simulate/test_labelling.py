"""Labels joined to the parameters of binaries."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("numba")

from goodricke.simulate.kinds.table import kind
from goodricke.simulate.labelling import light_and_labels
from goodricke.simulate.populations.binaries import Binary
from goodricke.simulate.stars import Columns, Moments

SPAN = (2455000.0, 2457000.0)


def labelled(name: str, n: int, seed: int) -> tuple[Columns, Columns]:
    made = kind(name)
    assert isinstance(made, Binary)
    stars = made.draw(n, np.random.default_rng(seed), SPAN)
    return stars, light_and_labels(made, stars, Moments(np.empty(0), np.zeros(n + 1, np.int64)), "V")[1]


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
    stars, found = labelled(name, 30, 0)
    assert set(found["label"]) <= labels
    assert set(stars) <= set(found)
    assert (found["amplitude"] > 0).all()


def test_total_eclipses_are_flat_and_total() -> None:
    _, found = labelled("contact_total", 20, 1)
    assert found["total"].all()
    assert (found["totality_width"] > 0).all()
    assert (found["total_margin_deg"] > 0).all()
    assert not labelled("contact_partial", 20, 1)[1]["total"].any()


def test_the_depth_of_the_first_eclipse_is_where_star_1_is_behind() -> None:
    stars, found = labelled("detached", 40, 2)
    deep = (np.abs(found["depth_1"] - found["depth_2"]) > 0.05) & (stars["eccentricity"] == 0)
    hot = stars["temperature1"] > stars["temperature2"]
    # In a circular orbit equal areas are hidden in both eclipses, so the hotter star makes the deeper one.
    assert ((found["depth_1"] > found["depth_2"]) == hot)[deep].all()


def test_light_is_the_same_with_labels_and_without_whatever_the_exposure() -> None:
    made = kind("contact")
    assert isinstance(made, Binary)
    stars = made.draw(5, np.random.default_rng(3), SPAN)
    time = np.sort(np.random.default_rng(4).uniform(*SPAN, (5, 30)), axis=1).ravel()
    offsets = np.array([0, 30, 60, 60, 120, 150])
    labels = []
    for exposure in (0.0, 0.02):
        moments = Moments(time, offsets, exposure)
        light, columns = light_and_labels(made, stars, moments, "V")
        # Few points are worked out one by one, many are interpolated: a millimagnitude between them.
        assert light == pytest.approx(made.light(stars, moments, "V"), rel=1e-3)
        labels.append(columns["amplitude"])
    # Labels are of the curve at an instant, however long a survey exposes.
    assert np.array_equal(labels[0], labels[1])
