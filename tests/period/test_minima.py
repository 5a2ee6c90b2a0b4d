from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest

import goodricke as gr
from goodricke.period.minima import Minima, minima
from goodricke.period.periods import levelled
from period import made

STARS, POINTS = 100, 450
KINDS = ("EA", "EB", "EW", "RRAB")


def curve(kind: str, phase: made.Floats, depth: float, second: float, apart: float) -> made.Floats:
    """Light of a star; minimum of the eclipsing ones at phase 0, level or maximum 1 for them."""
    x = 2 * np.pi * phase
    if kind == "EA":
        return 1.0 - made.eclipse(phase, 0.0, depth, 0.12) - made.eclipse(phase, apart, depth * second, 0.12)
    if kind == "EB":
        eclipses = made.eclipse(phase, 0.0, 0.6 * depth, 0.36) + made.eclipse(phase, 0.5, 0.6 * depth * second, 0.36)
        return 1.0 - 0.1 * depth * (1.0 + np.cos(2 * x)) - eclipses
    if kind == "EW":
        return 1.0 - 0.25 * depth * (1.0 + np.cos(2 * x)) - 0.1 * depth * (1.0 + np.cos(x))
    # Fourier parameters of an RR Lyrae star (Simon & Lee 1981).
    terms = zip((1.0, 0.48, 0.34, 0.22, 0.12), (0.0, 2.4, 5.0, 1.4, 4.0), strict=True)
    return 10 ** (-0.4 * depth * sum(a * np.sin((k + 1) * x + p) for k, (a, p) in enumerate(terms)))


@pytest.fixture(scope="module", params=KINDS)
def pulls(request: pytest.FixtureRequest) -> dict[str, made.Floats]:
    """(value - truth) / error of many simulated stars of one kind, and some of the measures themselves."""
    kind, rng = request.param, np.random.default_rng(11)
    period, start = 10 ** rng.uniform(-0.5, 0.8, STARS), 2_451_000.0 + rng.uniform(0, 5, STARS)
    depth, second, apart = rng.uniform(0.25, 0.6, STARS), rng.uniform(0.3, 0.9, STARS), rng.uniform(0.42, 0.58, STARS)
    noise = 10 ** rng.uniform(-2.2, -1.4, STARS)
    time, flux, level = [], [], np.empty(STARS)
    for i in range(STARS):
        time.append(2_450_000.0 + made.nights(rng, POINTS, 2700.0))
        light = curve(kind, ((time[i] - start[i]) / period[i]) % 1.0, depth[i], second[i], apart[i])
        flux.append(light + rng.normal(0.0, noise[i], POINTS))
        level[i] = np.median(flux[i])  # the reader divides by it
    lcs = gr.LightCurves.from_arrays(
        np.concatenate(time), flux=np.concatenate(flux), err=np.repeat(noise, POINTS),
        object_id=np.repeat([f"{i:03d}" for i in range(STARS)], POINTS),
    )  # fmt: skip
    # As good a period and epoch as a search gives.
    rough = period * (1.0 + rng.normal(0.0, 0.01, STARS) * period / 2700.0)
    found = minima(lcs, levelled(lcs), rough, start + rng.uniform(-0.1, 0.1, STARS) * period)
    fine = np.linspace(0.0, 1.0, 8001)[:-1]
    dense = np.stack([curve(kind, fine, *numbers) for numbers in zip(depth, second, apart, strict=True)])
    top, bottom = dense.max(axis=1), dense.min(axis=1)
    cycles = (found.epoch - start) / period
    at_max = (found.epoch_max - start) / period - fine[np.argmax(dense, axis=1)]
    return {
        "kind": np.array([kind]),
        "n": np.isfinite(found.epoch).sum(keepdims=True),
        "period": (found.period - period) / found.period_error,
        "epoch": (cycles - np.round(cycles)) * period / found.epoch_error,
        "epoch_max": (at_max - np.round(at_max)) * period / found.epoch_max_error,
        "depth": (found.depth - (top - bottom) / top) / found.depth_error,
        "depth_ratio": found.depth / ((top - bottom) / top),
        "second_depth": (found.second_depth - depth * second) / found.second_depth_error,
        "second_phase": (found.second_phase - np.where(kind == "EA", apart, 0.5)) / found.second_phase_error,
        "level": (found.level - top / level) / found.level_error,
        "width": found.width / (0.12 * np.sqrt(1.0 - 0.5 ** (1 / 0.7))),
        "contact": found.contact_width / 0.12,
        "excess": found.excess,
        "off_middle": np.abs(found.epoch - np.array([t.mean() for t in time])) / period,
    }


def centre_and_spread(pull: made.Floats) -> tuple[float, float]:
    low, middle, high = np.quantile(pull[np.isfinite(pull)], [0.16, 0.5, 0.84])
    return float(middle), float(0.5 * (high - low))


def test_period_pulls(pulls: dict[str, made.Floats]) -> None:
    middle, spread = centre_and_spread(pulls["period"])
    assert abs(middle) < 0.3  # 100 stars tell the median to 0.13
    assert 0.6 < spread < 1.6  # 100 stars tell it to 0.1


def test_epoch_pulls(pulls: dict[str, made.Floats]) -> None:
    middle, spread = centre_and_spread(pulls["epoch_max" if pulls["kind"][0] == "RRAB" else "epoch"])
    assert abs(middle) < 0.3
    assert 0.6 < spread < 1.6  # 100 stars tell it to 0.1
    assert (pulls["off_middle"] <= 0.51).all()


def test_depths_are_unbiased(pulls: dict[str, made.Floats]) -> None:
    middle, spread = centre_and_spread(pulls["depth"])
    # The light between the eclipses of an EB is curved, and whether its top or its mean is the level is a matter of 1%.
    assert abs(middle) < (1.1 if pulls["kind"][0] == "EB" else 0.4)
    assert spread < 1.5
    assert np.median(pulls["depth_ratio"]) == pytest.approx(1.0, abs=0.015)


def test_secondary_minima(pulls: dict[str, made.Floats]) -> None:
    found = np.isfinite(pulls["second_phase"]).mean()
    if pulls["kind"][0] == "RRAB":
        assert found < 0.1
        return
    assert found > 0.95
    middle, spread = centre_and_spread(pulls["second_phase"])
    assert abs(middle) < 0.4
    assert 0.6 < spread < 1.5


def test_measures_of_separate_eclipses(pulls: dict[str, made.Floats]) -> None:
    if pulls["kind"][0] != "EA":
        pytest.skip("only narrow eclipses have known contacts")
    for name in ("second_depth", "level"):
        middle, spread = centre_and_spread(pulls[name])
        assert abs(middle) < 0.4
        assert 0.6 < spread < 1.4
    assert np.median(pulls["width"]) == pytest.approx(1.0, abs=0.03)
    assert np.median(pulls["contact"]) == pytest.approx(1.05, abs=0.1)
    assert np.isnan(pulls["epoch_max"]).all()
    assert np.median(pulls["excess"]) == pytest.approx(1.2, abs=0.25)  # the edges are infinitely steep


def table(star: Minima) -> dict[str, made.Floats]:
    return {field.name: getattr(star, field.name) for field in fields(star)}


def test_a_batch_is_its_stars() -> None:
    one, two = made.star("EA", 2.37, 1), made.star("EW", 0.37, 2)
    both = gr.LightCurves.from_arrays(
        np.concatenate([one.time, two.time]), flux=np.concatenate([one.flux, two.flux]),
        err=np.concatenate([one.flux_err, two.flux_err]), object_id=np.repeat(["a", "b"], [300, 300]),
    )  # fmt: skip
    period = np.array([2.37, 0.37])
    whole = table(minima(both, levelled(both), period, np.zeros(2)))
    for k, star in enumerate((one, two)):
        single = table(minima(star, levelled(star), period[k : k + 1], np.zeros(1)))
        for name, column in whole.items():
            np.testing.assert_allclose(single[name][0], column[k], rtol=1e-6, atol=1e-9, err_msg=name)
    assert len(minima(both, levelled(both), period, np.zeros(2))) == 2


def test_bands_at_different_levels_and_another_unit_change_nothing() -> None:
    star = made.star("EA", 2.37)
    found = minima(star, levelled(star), np.array([2.37]), np.array([np.nan]))
    bright = gr.LightCurves.from_arrays(
        star.time, flux=star.flux.astype(float) * np.where(np.arange(300) % 2, 50.0, 200.0),
        err=star.flux_err.astype(float) * np.where(np.arange(300) % 2, 50.0, 200.0), band=np.tile(["g", "r"], 150),
    )  # fmt: skip
    same = minima(bright, levelled(bright), np.array([2.37]), np.array([np.nan]))
    assert same.epoch[0] == pytest.approx(found.epoch[0], abs=3 * found.epoch_error[0])
    assert same.depth[0] == pytest.approx(found.depth[0], abs=2 * found.depth_error[0])


def test_stars_without_a_period_or_points_are_nan() -> None:
    star = made.star("EA", 2.37)
    short = star.keep_points(np.arange(300) < 10)
    for lcs, period in ((star, np.nan), (star, -1.0), (short, 2.37)):
        found = minima(lcs, levelled(lcs), np.array([period]), np.array([0.0]))
        assert all(np.isnan(column).all() for column in table(found).values())
    empty = gr.LightCurves.empty()
    assert len(minima(empty, np.empty(0), np.empty(0), np.empty(0))) == 0


def test_stars_without_scatter_or_with_gaps_do_not_stop_the_others() -> None:
    star = made.star("EA", 2.37)
    # Half of the cycle unseen, no scatter at all, and both.
    seen = star.keep_points((star.time / 2.37 % 1.0) < 0.5)
    for lcs in (seen, replace(star, flux=np.ones(300)), replace(seen, flux=np.ones(seen.n_points))):
        found = minima(lcs, levelled(lcs), np.array([2.37]), np.array([0.0]))
        assert len(found) == 1
        assert not found.depth[0] > 1.0
    exact = replace(star, flux=np.cos(2 * np.pi * star.time / 2.37))
    assert np.isfinite(minima(exact, levelled(exact), np.array([2.37]), np.array([0.0])).epoch[0])


def test_a_difference_has_no_fraction_of_light() -> None:
    star = replace(made.star("EA", 2.37), difference=np.array([True]))
    found = minima(star, levelled(star), np.array([2.37]), np.array([0.0]))
    assert np.isnan(found.depth[0])
    assert np.isnan(found.second_depth[0])
    assert found.depth_flux[0] == pytest.approx(0.45, abs=0.03)
    assert found.second_depth_flux[0] == pytest.approx(0.15, abs=0.03)


def test_a_constant_star_has_no_significant_measures() -> None:
    star = made.star("CONST", 1.0)
    found = minima(star, levelled(star), np.array([0.7654]), np.array([0.0]))
    assert found.depth[0] < 6 * found.depth_error[0]
    assert found.period_error[0] > 1e-5
