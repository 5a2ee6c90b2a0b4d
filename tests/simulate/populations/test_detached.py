"""Detached binaries: what they follow from, and well-studied ones beside them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from goodricke.simulate.populations.columns import sphere_depths
from goodricke.simulate.populations.detached import CIRCULAR_DAYS, ROUNDING, Detached, draw_pairs, pseudosynchronous
from goodricke.simulate.populations.geometry import lobe
from goodricke.simulate.stars import Columns

SPAN = (2455000.0, 2456000.0)
N = 20_000


@pytest.fixture(scope="module")
def stars() -> Columns:
    return Detached().draw(N, np.random.default_rng(0), SPAN)


def test_periods_are_even_in_the_logarithm_with_a_tail(stars: Columns) -> None:
    days = stars["period_days"]
    short = days < 30.0
    assert short.mean() == pytest.approx(0.85, abs=0.01)
    counts = np.histogram(np.log10(days[short]), np.linspace(np.log10(0.5), np.log10(30.0), 6))[0]
    assert np.allclose(counts / short.sum(), 0.2, atol=0.015)  # five standard errors
    assert 250.0 < days.max() <= 300.0
    assert (days > 30).sum() > 2.5 * (days > 100).sum() > 0


def test_all_eclipse_deeply_enough_and_none_overflows(stars: Columns) -> None:
    assert (np.maximum(*sphere_depths(stars)) > 0.01).all()
    near = 1.0 - stars["eccentricity"]
    assert (stars["radius1"] < 0.9 * near * lobe(stars["q"])).all()
    assert (stars["radius2"] < 0.9 * near * lobe(1.0 / stars["q"])).all()


def test_masses_span_the_sky_and_mass_ratios_are_wide(stars: Columns) -> None:
    # Medians of DEBCat: 1.52 suns and q 0.93, chosen for accuracy; q here is even from 0.1, and short periods hold
    # small stars.
    assert np.median(stars["mass1"]) == pytest.approx(1.45, abs=0.1)
    assert ((stars["q"] >= 0.1) & (stars["q"] <= 1.0)).all()
    assert (stars["mass2"] >= 0.0999).all()
    assert np.median(stars["q"]) == pytest.approx(0.57, abs=0.04)
    quick = stars["period_days"] < 0.8
    assert np.median(stars["mass1"][quick]) < np.median(stars["mass1"][~quick])


def test_orbits_are_round_where_tides_are_strong(stars: Columns) -> None:
    e = stars["eccentricity"]
    assert (e[stars["period_days"] <= CIRCULAR_DAYS] == 0).all()
    assert (e[np.maximum(stars["radius1"], stars["radius2"]) >= ROUNDING] == 0).all()
    envelope = 1.0 - (CIRCULAR_DAYS / np.maximum(stars["period_days"], CIRCULAR_DAYS)) ** (2.0 / 3.0)
    assert (e <= envelope + 1e-12).all()
    assert 0.1 < np.median(e[stars["period_days"] > 10.0]) < 0.4
    assert (stars["spin1"][e == 0] == 1.0).all()
    assert (stars["spin1"][e > 0.1] > 1.0).all()


def test_hotter_stars_are_brighter_in_most_pairs_and_some_have_a_giant(stars: Columns) -> None:
    assert (stars["temperature1"] > stars["temperature2"]).mean() > 0.8
    big = stars["radius1"] * stars["semi_major_axis"] > 5.0
    light = stars["mass1"] < 2.5
    assert 0.01 < (big & light).mean() < 0.1
    assert np.median(stars["temperature1"][big & light & (stars["mass1"] < 2.0)]) < 6000.0


def test_both_stars_of_a_pair_are_of_one_age() -> None:
    rng = np.random.default_rng(1)
    mass = np.full(2000, 1.5)
    pair = draw_pairs(mass, mass.copy(), 0.0, rng)
    twins = np.corrcoef(np.log(pair["radius1"]), np.log(pair["radius2"]))[0, 1]
    assert twins > 0.9  # 3% scatter each beside a range of 70% with age


def test_pseudosynchronous_rotation_is_that_at_periastron() -> None:
    # To second order 1 + 6 e^2 (Hut 1981), and never above the angular speed at periastron.
    e = np.array([0.01, 0.3, 0.6])
    found = pseudosynchronous(e)
    assert found[0] == pytest.approx(1.0 + 6e-4, abs=1e-5)
    assert (found < np.sqrt(1.0 + e) / (1.0 - e) ** 1.5).all()


def test_sizes_cover_those_of_well_studied_binaries(shared_data: Path, stars: Columns) -> None:
    rows = (shared_data / "reference" / "debcat_2021.dat").read_text().splitlines()[1:]
    table = np.array([[float(word) for word in row.split()[3:]] for row in rows])
    days, mass, radii = table[:, 0], 10 ** table[:, [3, 5]].sum(axis=1), 10 ** table[:, [7, 9]].sum(axis=1)
    mass = (10 ** table[:, [3, 5]]).sum(axis=1)
    radii = (10 ** table[:, [7, 9]]).sum(axis=1)
    known = radii / (4.2083 * np.cbrt(mass * days**2))
    ours = stars["radius1"] + stars["radius2"]
    # The same stars' sum of radii over the axis at like periods: medians within a third (they are twins, ours are not).
    for low, high in ((0.5, 1.5), (1.5, 4.0), (4.0, 15.0)):
        theirs = np.median(known[(days > low) & (days < high)])
        some = (stars["period_days"] > low) & (stars["period_days"] < high)
        assert np.median(ours[some]) == pytest.approx(theirs, rel=0.35)
