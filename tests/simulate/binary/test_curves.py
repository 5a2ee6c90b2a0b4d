"""Light curves against rays traced through the exact potential, symmetries, limits, and PHOEBE's curves."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("numba")

from goodricke.errors import MissingDependency, OptionError
from goodricke.simulate import REASONS, Grid, Spots, Systems, light_curve, light_curves, radial_velocities
from goodricke.simulate.roche.lobes import contact_level, lobe_level
from simulate.rays import uniform_flux

PHASES = np.linspace(-0.5, 0.5, 41)
CONTACT = Systems(q=0.35, inclination=80.0, fillout=0.3, temperature1=6000.0, temperature2=5800.0)
APART = Systems(q=0.6, inclination=85.0, radius1=0.25, radius2=0.2, temperature1=7000.0, temperature2=5000.0)
EVERY = Grid(20, 20, 24)  # every phase is worked out, none interpolated


def mmag(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    ratio = -2500 * np.log10(a / b)
    return ratio - np.median(ratio)


@pytest.mark.parametrize(("q", "fillout", "inclination"), [(0.3, 0.5, 82.0), (0.8, 0.1, 60.0)])
def test_a_contact_binary_of_even_brightness_agrees_with_rays(q: float, fillout: float, inclination: float) -> None:
    level = contact_level(q, fillout)
    split = lobe_level(q, 1.0, 1.0)[0]
    phases = np.array([0.0, 0.07, 0.16, 0.25, 0.46])
    limb = (0.5, 0.0)
    binary = Systems(q=q, inclination=inclination, fillout=fillout, gravity1=0.0, gravity2=0.0, limb1=limb, limb2=limb)
    ours = light_curve(binary, phases, grid="fine")
    angles, tilt = 2 * np.pi * phases, np.radians(inclination)
    rays = np.array([uniform_flux(angle, tilt, q, level, level, split, 0.5) for angle in angles])
    # 200 rays across 3.1: some 200 of them at the edge, each half in on average, leave 1.5e-3 of the area.
    assert np.abs(ours / ours.mean() / (rays / rays.mean()) - 1).max() < 4e-3


def test_a_lobe_filling_star_eclipsed_by_a_small_one_agrees_with_rays() -> None:
    from goodricke.simulate.roche.lobes import set_star
    from goodricke.simulate.roche.surface import BODY, LEVEL, fejer

    q, body = 0.4, np.zeros(BODY)
    set_star(body, q, 1.0, 1.0, 0.2, *fejer(32), 32)
    split, level2 = lobe_level(q, 1.0, 1.0)
    phases = np.array([0.0, 0.1, 0.25, 0.46])
    limb = (0.5, 0.0)
    binary = Systems(q=q, inclination=84.0, radius1=0.2, radius2=np.inf, gravity1=0, gravity2=0, limb1=limb, limb2=limb)
    ours = light_curve(binary, phases, grid="fine")
    tilt = np.radians(84.0)
    rays = np.array([uniform_flux(2 * np.pi * p, tilt, q, body[LEVEL], level2, split, 0.5) for p in phases])
    assert np.abs(ours / ours.mean() / (rays / rays.mean()) - 1).max() < 4e-3


@pytest.mark.parametrize("system", [CONTACT, APART])
def test_exchange_of_the_stars_moves_the_curve_by_half_a_cycle(system: Systems) -> None:
    q = 1 / float(system.q)  # type: ignore[arg-type]
    other = replace(
        system,
        q=q,
        radius1=system.radius2,
        radius2=system.radius1,
        temperature1=system.temperature2,
        temperature2=system.temperature1,
    )
    # Off quadrature by a little: there rounding decides which star is in front.
    same = light_curve(system, PHASES + 0.003, grid=EVERY)
    assert light_curve(other, PHASES + 0.503, grid=EVERY) == pytest.approx(same, rel=1e-6)


def test_without_spots_the_curve_is_its_own_mirror_image_and_so_is_one_seen_from_below() -> None:
    spots = Spots(0, 1, 70.0, 120.0, 20.0, 1.0)  # as hot as the rest: every phase is worked out
    flux = light_curve(replace(CONTACT, spots=spots), PHASES, grid=EVERY)
    assert flux == pytest.approx(flux[::-1], rel=1e-6)
    assert flux == pytest.approx(light_curve(CONTACT, PHASES, grid=EVERY), rel=1e-6)
    assert light_curve(replace(CONTACT, inclination=100.0), PHASES, grid=EVERY) == pytest.approx(flux, rel=1e-6)


def test_the_error_falls_with_the_cells() -> None:
    best = light_curve(CONTACT, PHASES, grid=Grid(100, 80, 96))
    error = [mmag(light_curve(CONTACT, PHASES, grid=Grid(n, n, 48)), best).std() for n in (12, 24, 48)]
    assert error[1] < 0.5 * error[0]
    assert error[2] < 0.5 * error[1]
    assert mmag(light_curve(CONTACT, PHASES), best).std() < 1.0
    assert mmag(light_curve(CONTACT, PHASES, grid="fine"), best).std() < 0.3


def test_the_mean_over_all_directions_is_one() -> None:
    cosines, weights = np.polynomial.legendre.leggauss(12)
    phases = np.arange(48) / 48
    inclination = np.degrees(np.arccos(cosines))
    flux, _ = light_curves(Systems(q=0.6, inclination=inclination, radius1=0.28, radius2=0.2), phases, spheres=0)
    lost = (weights * flux.mean(axis=1)).sum() / 2
    apart = replace(CONTACT, fillout=np.nan, radius1=0.01, radius2=0.01)
    assert light_curve(replace(apart, inclination=10.0), PHASES) == pytest.approx(1.0, abs=1e-3)
    assert 0.9 < lost < 1.0  # what the companion hides is missing


def test_curves_do_not_depend_on_the_number_of_threads_or_the_company() -> None:
    many = replace(CONTACT, q=np.linspace(0.1, 1.0, 8), fillout=np.linspace(0, 1, 8), albedo1=0.5, albedo2=0.5)
    one, _ = light_curves(many, PHASES, threads=1)
    two, _ = light_curves(many, PHASES, threads=2)
    assert np.array_equal(one, two)
    alone, _ = light_curves(replace(many, q=many.q[3], fillout=many.fillout[3]), PHASES)  # type: ignore[index]
    assert np.array_equal(alone[0], one[3])


def test_phases_of_each_system_s_own() -> None:
    both = replace(CONTACT, q=[0.3, 0.5])
    own = np.stack([PHASES, PHASES + 0.13])
    flux, _ = light_curves(both, own)
    assert flux[1] == pytest.approx(light_curve(replace(CONTACT, q=0.5), own[1]), rel=1e-6)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"q": -1.0}, "mass ratio"),
        ({"q": np.nan}, "missing"),
        ({"inclination": 200.0}, "inclination"),
        ({"fillout": 1.2}, "fill-out"),
        ({"fillout": np.nan, "radius1": 0.7}, "star 1 is larger"),
        ({"fillout": np.nan, "radius1": 0.1, "radius2": 0.5}, "star 2 is larger"),
        ({"fillout": np.nan, "radius1": -0.1}, "radius"),
        ({"eccentricity": 0.1}, "circular"),
        ({"fillout": np.nan, "eccentricity": 0.99}, "eccentricity"),
        ({"temperature2": 10.0}, "temperature"),
        ({"third_light": 1.0}, "third light"),
        ({"limb1": (1.2, 0.3)}, "limb darkening"),
        ({"albedo1": 2.0}, "albedo"),
    ],
)
def test_the_impossible_is_a_flag_and_the_rest_goes_on(change: dict[str, object], reason: str) -> None:
    flux, flags = light_curves(replace(CONTACT, **change), PHASES)
    assert np.isnan(flux).all()
    assert reason in REASONS[flags[0]]
    with pytest.raises(OptionError, match=reason):
        light_curve(replace(CONTACT, **change), PHASES)


def test_one_bad_system_does_not_spoil_its_neighbour() -> None:
    flux, flags = light_curves(replace(CONTACT, q=[0.3, -1.0, 0.3]), PHASES)
    assert list(flags != 0) == [False, True, False]
    assert np.array_equal(flux[0], flux[2])


def test_extremes_give_finite_curves() -> None:
    rng = np.random.default_rng(5)
    n = 60
    wild = Systems(
        q=10 ** rng.uniform(-1.5, 1.5, n),
        inclination=rng.uniform(0, 180, n),
        fillout=np.where(np.arange(n) % 2, rng.choice([0.0, 1e-6, 0.01, 0.5, 0.999, 1.0], n), np.nan),
        radius1=rng.choice([1e-3, 0.05, 0.2, np.inf], n),
        radius2=rng.choice([1e-3, 0.05, 0.1, np.inf], n),
        temperature2=rng.uniform(2000, 40000, n),
        albedo1=1.0,
        albedo2=1.0,
    )
    flux, flags = light_curves(wild, PHASES, grid=Grid(10, 8, 16))
    assert (np.isfinite(flux).all(axis=1) == (flags == 0)).all()
    assert (flags == 0).mean() > 0.7
    assert (flux[flags == 0] >= 0).all()


def test_third_light_dilutes() -> None:
    plain, mixed = light_curve(APART, PHASES), light_curve(replace(APART, third_light=0.25), PHASES)
    assert mixed == pytest.approx(0.25 + 0.75 * plain, rel=1e-12)


def test_a_spot_dims_where_it_faces_us_by_the_light_of_its_disc() -> None:
    # A small black-ish spot at the middle of a round star's disc: the light lost is its projected area.
    star = Systems(q=1.0, inclination=90.0, radius1=0.05, radius2=0.001, temperature2=1000.0, limb1=(0.0, 0.0))
    spots = Spots(0, 1, 90.0, 90.0, 25.0, 0.2)  # longitude 90 faces us a quarter before or after conjunction
    flux = light_curve(replace(star, spots=spots), [0.25, 0.75], grid="fine")
    lost = 1 - flux / light_curve(star, [0.25, 0.75], grid="fine")
    assert max(lost) == pytest.approx(np.sin(np.radians(25.0)) ** 2, abs=0.004)
    assert min(lost) == pytest.approx(0.0, abs=1e-6)


def test_reflection_brightens_the_side_that_faces_the_companion() -> None:
    hot = replace(APART, temperature1=20000.0, temperature2=5000.0, inclination=60.0)
    plain = light_curve(hot, [0.0, 0.5])
    warmed = light_curve(replace(hot, albedo2=1.0), [0.0, 0.5])
    gained = warmed / plain - 1
    assert gained[1] > 10 * gained[0] >= 0


def test_an_eccentric_orbit_has_its_second_eclipse_off_the_middle() -> None:
    phases = np.linspace(0, 1, 401)[:-1]
    orbit = Systems(q=0.8, inclination=90.0, radius1=0.15, radius2=0.12, eccentricity=0.3, periastron=0.0)
    flux = light_curve(orbit, phases)
    second = np.where((phases > 0.25) & (phases < 0.75), flux, np.inf)
    at = phases[second < second.min() + 1e-3].mean()  # the eclipse is total, its bottom flat
    # Between conjunctions with periastron at 0: mean anomalies of true anomalies 90 and 270 degrees.
    e = 0.3
    half = 2 * np.arctan(np.sqrt((1 - e) / (1 + e)))
    mean = half - e * np.sin(half)
    assert at == pytest.approx(1 - mean / np.pi, abs=0.004)


def test_velocities_are_the_derivative_of_the_orbit() -> None:
    one, two = radial_velocities(Systems(q=0.5, inclination=60.0), [0.0, 0.25, 0.5])
    assert one[0] == pytest.approx([0.0, -np.sin(np.pi / 3) / 3, 0.0], abs=1e-12)
    assert two == pytest.approx(-2 * one)


def test_bad_calls_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(OptionError, match="different lengths"):
        light_curves(replace(CONTACT, q=[0.3, 0.4], fillout=[0.1, 0.2, 0.3]), PHASES)
    with pytest.raises(OptionError, match="phases of shape"):
        light_curves(replace(CONTACT, q=[0.3, 0.4]), np.zeros((3, 4)))
    with pytest.raises(OptionError, match="grid"):
        light_curves(CONTACT, PHASES, grid=Grid(8, 9, 8))
    with pytest.raises(OptionError, match="band 'X'"):
        light_curves(CONTACT, PHASES, band="X")
    with pytest.raises(OptionError, match="law"):
        light_curves(replace(CONTACT, limb_law="cubic"), PHASES)  # type: ignore[arg-type]
    with pytest.raises(OptionError, match="a spot is on a system"):
        light_curves(replace(CONTACT, spots=Spots(3, 1, 90, 0, 10, 0.8)), PHASES)
    with pytest.raises(OptionError, match="two coefficients"):
        light_curves(replace(CONTACT, limb1=0.4), PHASES)
    with pytest.raises(OptionError, match="2 systems"):
        light_curve(replace(CONTACT, q=[0.3, 0.4]), PHASES)
    monkeypatch.setitem(__import__("sys").modules, "numba", None)
    with pytest.raises(MissingDependency, match=r"goodricke\[simulate\]"):
        light_curves(CONTACT, PHASES)
