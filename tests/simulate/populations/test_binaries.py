"""What every kind of binary must keep: possible systems, the same stars for a seed, light in time."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("numba")

from goodricke.labels import LEAVES
from goodricke.simulate.binary.curves import Grid, light_curve, light_curves
from goodricke.simulate.binary.systems import Systems
from goodricke.simulate.kinds.table import KINDS, kind
from goodricke.simulate.populations.binaries import Binary, draw_third_light, redrawn, systems_of
from goodricke.simulate.populations.surfaces import limb
from goodricke.simulate.stars import Columns, Moments

SPAN = (2455000.0, 2456000.0)
COARSE = Grid(polar=8, azimuth=8, outline=12)
NAMES = [name for name, place in KINDS.items() if ".populations." in place]


def made(name: str) -> Binary:
    found = kind(name)
    assert isinstance(found, Binary)
    return found


def few(stars: Columns, rows: object) -> Columns:
    return {name: values[rows] for name, values in stars.items()}


@pytest.mark.parametrize("name", NAMES)
def test_all_systems_are_possible(name: str) -> None:
    stars = made(name).draw(600, np.random.default_rng(3), SPAN)
    _, flags = light_curves(systems_of(stars), [0.0, 0.3], grid=COARSE)
    assert (flags == 0).all()


@pytest.mark.parametrize("name", NAMES)
def test_columns_are_whole_and_the_seed_decides(name: str) -> None:
    star = made(name)
    assert star.label in LEAVES
    first, second, other = (star.draw(50, np.random.default_rng(seed), SPAN) for seed in (1, 1, 2))
    assert {"period_days", "epoch", "conjunction", "temperature", "mass1", "spot_count"} <= set(first)
    for column, values in first.items():
        assert values.shape == (50,)
        assert values.tobytes() == second[column].tobytes()
    assert (first["period_days"] != other["period_days"]).any()
    assert ((first["epoch"] >= SPAN[0]) & (first["epoch"] <= SPAN[1])).all()
    assert ((first["temperature"] > 2300) & (first["temperature"] < 45_000)).all()
    assert np.allclose(first["mass2"], first["q"] * first["mass1"])
    year, au = 365.25, 215.03
    kepler = (first["semi_major_axis"] / au) ** 3 / (first["period_days"] / year) ** 2
    assert np.allclose(kepler, first["mass1"] + first["mass2"], rtol=2e-3)


@pytest.mark.parametrize("name", NAMES)
def test_no_stars_are_no_trouble(name: str) -> None:
    stars = made(name).draw(0, np.random.default_rng(0), SPAN)
    assert all(len(values) == 0 for values in stars.values())


@pytest.mark.parametrize("name", ["contact", "detached", "semi_detached"])
def test_the_epoch_is_that_of_the_deeper_minimum(name: str) -> None:
    star = made(name)
    stars = star.draw(300, np.random.default_rng(5), SPAN)
    plain = few(stars, (stars["spot_count"] == 0) & (stars["eccentricity"] < 0.05))
    n = len(plain["epoch"])
    # The epoch, a quarter either side, half a period later; where the orbit is round within 0.02 of a period.
    steps = np.array([-0.25, 0.0, 0.25, 0.5])
    time = (plain["epoch"][:, None] + steps * plain["period_days"][:, None]).ravel()
    flux = star.light(plain, Moments(time, np.arange(n + 1) * 4), "V").reshape(n, 4)
    least, other = flux[:, 1], flux[:, 3]
    assert np.mean(least < flux[:, [0, 2]].min(axis=1)) > 0.98
    deeper = -2.5 * np.log10(least / other)
    assert np.mean(deeper > -2e-3) > 0.9
    # Where the guess fails, minima are nearly of one depth.
    assert np.quantile(deeper, 0.01) > -0.05


def test_light_is_that_of_the_system_at_its_phases() -> None:
    star = made("semi_detached")
    stars = star.draw(3, np.random.default_rng(1), SPAN)
    time = np.sort(2455000.0 + 30.0 * np.random.default_rng(2).random((3, 40)), axis=1)
    seen = star.light(stars, Moments(time.ravel(), np.arange(4) * 40), "I").reshape(3, 40)
    phase = (time - stars["conjunction"][:, None]) / stars["period_days"][:, None]
    direct, _ = light_curves(systems_of(stars, "I"), phase - np.round(phase), "I")
    # The fast setting interpolates between the points that it works out.
    assert np.abs(seen / direct - 1).max() < 3e-3
    assert np.abs(seen.mean() - 1) < 0.3


def test_long_exposures_make_eclipses_shallower() -> None:
    star = made("detached")
    stars = star.draw(40, np.random.default_rng(4), SPAN)
    stars = few(stars, (stars["period_days"] < 3.0) & (stars["spot_count"] == 0))
    n = len(stars["epoch"])
    time, offsets = stars["epoch"], np.arange(n + 1)
    exposure = 0.1
    short = star.light(stars, Moments(time, offsets), "V")
    long = star.light(stars, Moments(time, offsets, exposure), "V")
    # The same by hand: the mean over the exposure.
    parts = (np.arange(41) - 20) / 41 * exposure
    many = star.light(stars, Moments((time[:, None] + parts).ravel(), offsets * 41), "V").reshape(n, 41).mean(axis=1)
    assert (long > short).mean() > 0.9
    # A sum of few nodes over eclipses with sharp edges.
    assert np.abs(long - many).max() < 0.02


def test_systems_are_built_from_the_columns_and_the_band() -> None:
    star = made("contact")
    stars = few(star.draw(30, np.random.default_rng(6), SPAN), slice(0, 30))
    row = int(np.flatnonzero(stars["spot_count"] == 0)[0])
    one = few(stars, slice(row, row + 1))
    by_hand = Systems(
        q=one["q"][0], inclination=one["inclination"][0], fillout=one["fillout"][0],
        temperature1=one["temperature1"][0], temperature2=one["temperature2"][0], third_light=one["third_light"][0],
        gravity1=one["gravity1"][0], gravity2=one["gravity2"][0], albedo1=one["albedo1"][0],
        albedo2=one["albedo2"][0], limb1=limb(one["temperature1"], "V"), limb2=limb(one["temperature2"], "V"),
    )  # fmt: skip
    phases = np.linspace(-0.5, 0.5, 21)
    assert np.allclose(light_curve(by_hand, phases), light_curves(systems_of(one), phases)[0][0])
    blue, red = (np.ptp(light_curves(systems_of(one, band), phases, band)[0][0]) for band in ("B", "I"))
    assert blue > red


def test_only_what_is_not_good_is_drawn_again() -> None:
    rng = np.random.default_rng(0)
    rounds: list[int] = []

    def drawn(rows: np.ndarray) -> tuple[Columns, np.ndarray]:
        rounds.append(len(rows))
        values = rng.random(len(rows))
        return {"row": rows.astype(float), "value": values}, values > 0.5

    made_ = redrawn(200, drawn)
    assert (made_["value"] > 0.5).all()
    assert made_["row"].tolist() == list(range(200))
    assert rounds[0] == 200
    assert 70 < rounds[1] < 130


def test_third_light_is_in_the_share_asked_for() -> None:
    light = draw_third_light(20_000, 0.15, np.random.default_rng(0))
    assert abs((light > 0).mean() - 0.15) < 0.01  # four standard errors
    assert light.max() <= 0.5
    assert light[light > 0].min() >= 0.01


def test_reflection_is_left_out_only_where_it_is_dim_and_the_orbit_eccentric() -> None:
    stars = made("detached").draw(400, np.random.default_rng(8), SPAN)
    off = stars["albedo1"] == 0
    assert 0.1 < off.mean() < 0.6
    assert (stars["eccentricity"][off] > 0).all()
    lit = few(stars, np.flatnonzero(off)[:40])
    lit |= {"albedo1": np.full(40, 0.5), "albedo2": np.full(40, 0.5)}
    phases = np.linspace(-0.5, 0.5, 31)
    pair = [
        light_curves(systems_of(one), phases, spheres=0.0)[0] for one in (few(stars, np.flatnonzero(off)[:40]), lit)
    ]
    ratio = pair[1] / pair[0]
    assert np.median(np.ptp(ratio, axis=1)) < 1e-3
    assert np.ptp(ratio, axis=1).max() < 4e-3
