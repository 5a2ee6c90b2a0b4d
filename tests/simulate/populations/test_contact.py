"""Contact binaries against the percentiles and correlations of WUMaCat, and against geometry for their eclipses."""

from __future__ import annotations

import numpy as np
import pytest

from goodricke.simulate.populations.contact import (
    Contact,
    ContactPartial,
    ContactTotal,
    eclipse_limit,
    total_limit,
    visible_limit,
)
from goodricke.simulate.stars import Columns

SPAN = (2455000.0, 2456000.0)
N = 20_000
PERCENT = [5, 16, 50, 84, 95]
# WUMaCat (Latkovic, Ceki & Lazarevic 2021), our measurement of 688 systems.
TABLE = {
    "period_days": [0.222, 0.265, 0.352, 0.481, 0.718],
    "q": [0.106, 0.186, 0.387, 0.749, 0.893],
    "fillout": [0.013, 0.081, 0.205, 0.549, 0.801],
    "temperature1": [4404, 4808, 5750, 6606, 7194],
    "ratio": [0.867, 0.950, 1.000, 1.054, 1.091],
    "mass1": [0.67, 0.81, 1.16, 1.68, 2.31],
    "semi_major_axis": [1.57, 1.87, 2.53, 3.41, 4.58],
}
RANKS = {
    ("fillout", "q"): -0.54,
    ("period_days", "q"): -0.35,
    ("period_days", "fillout"): 0.32,
    ("ratio", "period_days"): -0.32,
}


@pytest.fixture(scope="module")
def stars() -> Columns:
    drawn = Contact().draw(N, np.random.default_rng(0), SPAN)
    return {**drawn, "ratio": drawn["temperature2"] / drawn["temperature1"]}


def ranks(values: np.ndarray) -> np.ndarray:
    return values.argsort().argsort()


@pytest.mark.parametrize("name", TABLE)
def test_percentiles_are_those_of_the_catalogue(stars: Columns, name: str) -> None:
    found = np.percentile(stars[name], PERCENT)
    # 20,000 draws know a percentile to 1% of the width of a distribution; the axis follows from Kepler's law, while the
    # catalogue's is of the 441 systems for which one is given.
    width = 0.06 if name == "semi_major_axis" else 0.02
    assert np.abs(found - TABLE[name]).max() < width * (TABLE[name][4] - TABLE[name][0])


@pytest.mark.parametrize("pair", RANKS)
def test_rank_correlations_are_those_of_the_catalogue(stars: Columns, pair: tuple[str, str]) -> None:
    found = np.corrcoef(ranks(stars[pair[0]]), ranks(stars[pair[1]]))[0, 1]
    assert found == pytest.approx(RANKS[pair], abs=0.03)  # four standard errors


def test_temperature_size_and_mass_follow_the_period(stars: Columns) -> None:
    period = stars["period_days"]
    for low, high, kelvin in (
        (0, 0.25, 4540),
        (0.25, 0.3, 5155),
        (0.3, 0.35, 5580),
        (0.35, 0.4, 6050),
        (0.4, 0.5, 6310),
    ):
        assert np.median(stars["temperature1"][(period > low) & (period <= high)]) == pytest.approx(kelvin, rel=0.03)
    slope, level = np.polyfit(np.log10(period), np.log10(stars["semi_major_axis"]), 1)
    assert slope == pytest.approx(0.835, abs=0.04)
    assert 10**level == pytest.approx(5.83, rel=0.04)
    slope, level = np.polyfit(np.log10(period), np.log10(stars["mass1"]), 1)
    assert slope == pytest.approx(0.667, abs=0.06)
    assert 10**level == pytest.approx(2.29, rel=0.05)


def test_types_a_and_w_differ_as_in_the_catalogue(stars: Columns) -> None:
    a = stars["ratio"] < 1.0
    for name, of_a, of_w, tolerance in (
        ("ratio", 0.970, 1.039, 0.005), ("fillout", 0.25, 0.18, 0.03), ("temperature1", 6100, 5480, 200),
        ("period_days", 0.395, 0.323, 0.02),
    ):  # fmt: skip
        assert np.median(stars[name][a]) == pytest.approx(of_a, abs=tolerance)
        assert np.median(stars[name][~a]) == pytest.approx(of_w, abs=tolerance)


def test_spots_and_third_light_are_as_frequent_as_in_the_catalogue(stars: Columns) -> None:
    # A tenth of the stars are too hot for spots.
    assert (stars["spot_count"] > 0).mean() == pytest.approx(0.47, abs=0.03)
    assert (stars["third_light"] > 0).mean() == pytest.approx(0.15, abs=0.01)


def test_orbits_lie_any_way_above_the_visible_limit(stars: Columns) -> None:
    low = visible_limit(stars["q"], stars["fillout"])
    assert (stars["inclination"] >= low - 1e-9).all()
    part = np.cos(np.radians(stars["inclination"])) / np.cos(np.radians(low))
    assert np.allclose(np.quantile(part, [0.25, 0.5, 0.75]), [0.25, 0.5, 0.75], atol=0.015)


def test_published_orbits_have_the_catalogue_s_inclinations() -> None:
    class Published(Contact):
        orbits = "published"

    found = Published().draw(N, np.random.default_rng(1), SPAN)["inclination"]
    assert np.allclose(np.percentile(found, PERCENT), [53.2, 65.0, 78.3, 84.9, 89.0], atol=0.4)


def test_limits_are_those_of_the_geometry() -> None:
    pytest.importorskip("numba")
    from goodricke.simulate.binary.systems import Systems
    from goodricke.simulate.eclipses.geometry import eclipse_labels

    rng = np.random.default_rng(2)
    q, fillout = rng.uniform(0.045, 0.98, 300), rng.random(300)
    exact = eclipse_labels(Systems(q=q, inclination=85.0, fillout=fillout))["total_limit_deg"]
    assert np.abs(total_limit(q, fillout) - exact).max() < 0.05
    # Research by rays on a grid of its own: 77.4 degrees at q = 0.25, fill-out 0.4; 85.2 at 0.6, 0.05.
    assert total_limit(np.array([0.25, 0.6]), np.array([0.4, 0.05])) == pytest.approx([77.4, 85.2], abs=0.15)
    below, above = (
        eclipse_labels(Systems(q=q, inclination=eclipse_limit(q, fillout) + away, fillout=fillout))["eclipse_2"]
        for away in (-2.0, 2.0)
    )
    assert (below == "none").all()
    assert (above != "none").all()


def test_the_visible_limit_is_where_the_light_says() -> None:
    pytest.importorskip("numba")
    from goodricke.simulate.binary.curves import light_curves
    from goodricke.simulate.binary.systems import Systems

    rng = np.random.default_rng(3)
    q, fillout = rng.uniform(0.045, 0.98, 200), rng.random(200)
    flux, _ = light_curves(Systems(q=q, inclination=visible_limit(q, fillout), fillout=fillout), [0.0, 0.25, 0.5])
    amplitude = 2.5 * np.log10(flux[:, 1] / flux[:, [0, 2]].min(axis=1))
    assert np.median(amplitude) == pytest.approx(0.05, abs=0.008)
    assert amplitude.min() > 0.03


@pytest.mark.parametrize(("made", "total"), [(ContactTotal(), True), (ContactPartial(), False)])
def test_conditioned_kinds_have_the_eclipse_that_they_say(made: Contact, total: bool) -> None:
    pytest.importorskip("numba")
    from goodricke.simulate.eclipses.geometry import eclipse_labels
    from goodricke.simulate.populations.binaries import systems_of

    stars = made.draw(1500, np.random.default_rng(4), SPAN)
    labels = eclipse_labels(systems_of(stars))
    assert (labels["total"] == total).all()
    margin = np.abs(labels["total_margin_deg"])
    assert (margin < 5.05).mean() >= 0.5


def test_near_the_limit_total_and_partial_come_from_the_same_envelopes() -> None:
    found = []
    for made in (ContactTotal(), ContactPartial()):
        stars = made.draw(N, np.random.default_rng(5), SPAN)
        limit = total_limit(stars["q"], stars["fillout"])
        near = np.abs(stars["inclination"] - limit) < 1.0
        found.append({name: np.median(stars[name][near]) for name in ("q", "fillout", "period_days")})
    assert found[0]["q"] == pytest.approx(found[1]["q"], abs=0.05)
    assert found[0]["fillout"] == pytest.approx(found[1]["fillout"], abs=0.03)
    assert found[0]["period_days"] == pytest.approx(found[1]["period_days"], abs=0.02)
