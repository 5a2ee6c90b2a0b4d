"""Cepheids against those of OGLE-IV, and those of type II."""

from pathlib import Path

import numpy as np
import pytest

from goodricke.simulate.kinds.cepheids import AnomalousCepheid, Cepheid, Type2Cepheid
from goodricke.simulate.stars import Moments
from simulate.kinds.folds import made_measures, one_cycle, real_measures, real_stars

pytest.importorskip("numba")

SPAN = (2453500.0, 2456000.0)
LEVELS = [0.16, 0.5, 0.84]


def test_fundamental_shapes_are_those_of_real_stars(shared_data: Path) -> None:
    real = real_measures(real_stars(shared_data, "ogle4_lmc_cep", "CEP:F", 400, 99.0, "V"), 100)
    stars = Cepheid().draw(500, np.random.default_rng(0), SPAN)
    only = {name: values[stars["cepheid_mode"] == "F"] for name, values in stars.items()}
    made = made_measures(Cepheid(), only, 0.01)
    off = np.abs(np.quantile(made, LEVELS, axis=0) - np.quantile(real, LEVELS, axis=0))
    assert len(real) > 100
    # Range, R21, phi21, R31, rise: a third to a half of the width of each distribution.
    assert (off < [0.08, 0.05, 0.03, 0.05, 0.05]).all(), off.round(3)


def test_hertzsprung_progression() -> None:
    kind = Cepheid()
    stars = kind.draw(4000, np.random.default_rng(1), SPAN)
    stars = {name: values[stars["cepheid_mode"] == "F"] for name, values in stars.items()}
    made = made_measures(kind, stars, 0.0, points=60)
    median = []
    for low, high in ((3.0, 4.0), (6.5, 8.0), (9.0, 11.0)):
        median.append(np.median(made[(stars["period_days"] > low) & (stars["period_days"] < high), 1]))
    # R21 falls to its least near 10 days (Simon & Lee 1981, ApJ 248, 291), and phi21 grows up to there.
    assert median[0] > median[1] > median[2]
    short, long = ((stars["period_days"] > a) & (stars["period_days"] < b) for a, b in ((2.5, 3.5), (6.5, 8.0)))
    assert np.median(made[long, 2]) > np.median(made[short, 2]) + 0.03


def test_modes_have_their_ratios() -> None:
    stars = Cepheid().draw(5000, np.random.default_rng(2), SPAN)
    ratio = stars["second_days"] / stars["period_days"]
    mode = stars["cepheid_mode"]
    assert ((ratio[mode == "F/1O"] > 0.69) & (ratio[mode == "F/1O"] < 0.76)).all()
    assert ((ratio[mode == "1O/2O"] > 0.79) & (ratio[mode == "1O/2O"] < 0.82)).all()
    assert np.isinf(ratio[(mode == "F") | (mode == "1O")]).all()
    assert (mode == "F").mean() == pytest.approx(0.6, abs=0.03)


def test_anomalous_shapes_are_those_of_real_stars(shared_data: Path) -> None:
    real = real_measures(real_stars(shared_data, "crts_sss", "10:ACep", 127, 16.5), 150)
    kind = AnomalousCepheid()
    made = made_measures(kind, kind.draw(300, np.random.default_rng(3), SPAN), 0.03)
    off = np.abs(np.quantile(made, LEVELS, axis=0) - np.quantile(real, LEVELS, axis=0))
    # Some 80 stars: a half of the width of each distribution.
    assert (off < [0.15, 0.08, 0.06, 0.08, 0.08]).all(), off.round(3)


def test_rv_tauri_stars_have_deep_and_shallow_minima_in_turn() -> None:
    kind = Type2Cepheid()
    stars = kind.draw(300, np.random.default_rng(4), SPAN)
    tauri = {name: values[stars["type2_type"] == "RV_TAU"] for name, values in stars.items()}
    tauri["wander"] = np.zeros_like(tauri["wander"])
    phase, flux = one_cycle(kind, tauri)
    mag = -2.5 * np.log10(flux)
    half = len(phase) // 2
    deep, shallow = mag[:, half:].max(axis=1), mag[:, :half].max(axis=1)
    # The deep one follows the epoch; the difference is what the column says, within the slopes at the minima.
    assert (deep > shallow).all()
    assert deep - shallow == pytest.approx(tauri["alternation"] * tauri["amplitude_mag"], rel=0.35, abs=0.02)
    # Both halves have a maximum.
    assert (mag[:, half - 30 : half + 30].min(axis=1) < mag.mean(axis=1)).all()


def test_stars_that_wander_differ_from_cycle_to_cycle() -> None:
    kind = Type2Cepheid()
    stars = kind.draw(100, np.random.default_rng(5), SPAN)
    turns = np.arange(40 * 64) / 64
    time = stars["epoch"][:, None] + turns * stars["period_days"][:, None]
    flux = kind.light(stars, Moments(time.ravel(), np.arange(101) * len(turns)), "V").reshape(100, 40, 64)
    change = np.ptp(flux, axis=1).max(axis=1)
    wanders = stars["type2_type"] != "BL_HER"
    # Julian dates of double precision are good to 5e-10 d.
    assert change[~wanders].max() < 1e-6
    assert np.median(change[wanders]) > 0.05
