"""Each trouble shows what it is named for."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("numba")

from goodricke.simulate.kinds.troubles import TROUBLES
from goodricke.simulate.stars import Columns, Moments

START = 2459000.0


def stars(n: int) -> Columns:
    return {"seed": np.arange(n) + 5, "trouble_size": np.ones(n), "trouble_start": np.full(n, START)}


def change(name: str, time: np.ndarray, n: int = 40) -> np.ndarray:
    moments = Moments(np.tile(time, n), np.arange(n + 1) * len(time))
    return TROUBLES[name](stars(n), moments).reshape(n, -1)


def power(values: np.ndarray, time: np.ndarray, frequency: float) -> np.ndarray:
    left = values - values.mean(axis=1, keepdims=True)
    return np.abs(left @ np.exp(-2j * np.pi * frequency * time)) / len(time)


@pytest.mark.parametrize("name", list(TROUBLES))
def test_size_is_of_the_order_of_one(name: str) -> None:
    made = change(name, START + np.arange(0, 400, 0.083))
    assert np.isfinite(made).all()
    # Rare troubles count by their worst hundredth.
    assert 0.3 < np.median(np.quantile(np.abs(made), 0.99, axis=1)) < 12


def test_days_and_moons_come_back() -> None:
    time = START + np.arange(0, 300, 0.09)
    daily = change("daily_trend", time)
    assert (np.maximum(power(daily, time, 1.0), power(daily, time, 1.0027379)) > 5 * power(daily, time, 1.37)).all()
    moon = change("moonlight", time)
    assert (power(moon, time, 1 / 29.530588) > 5 * power(moon, time, 1 / 21.0)).all()
    # Full Moon of 2020 June 5, 19:12 UT: JD 2459006.3.
    assert np.abs(moon[:, np.argmin(np.abs(time - 2459006.3))]).mean() > 1.0
    assert np.abs(moon[:, np.argmin(np.abs(time - 2459021.0))]).max() < 0.05


def test_orbits_are_those_of_tess() -> None:
    # Sector 27 began at JD 2459036.28; its second orbit 13.67 days later.
    time = 2459036.3 + np.arange(0, 13.3, 0.02)
    for name in ("ramp", "scattered_light"):
        made = np.abs(change(name, time))
        assert made[:, :10].mean() > 5 * made[:, 300:360].mean()


def test_jumps_hold_their_level() -> None:
    time = START + np.arange(0, 1000, 0.5)
    steps = np.abs(np.diff(change("jumps", time, 60), axis=1))
    # Stretches are at least 4 days long: at most one step in eight is a jump.
    assert (np.quantile(steps, 0.85, axis=1) < 0.5).all()
    assert np.median(steps.max(axis=1)) > 1.0


def test_dumps_come_every_few_days_and_pass() -> None:
    time = START + np.arange(0, 27, 1 / 144)
    made = change("momentum_dumps", time)
    low = made < -1.7
    assert 0.005 < low.mean() < 0.1
    first = [np.flatnonzero(np.diff(row.astype(int)) == 1) / 144 for row in low]
    apart = np.concatenate([np.diff(f)[np.diff(f) > 1] for f in first])
    assert 2.3 < np.median(apart) < 5.2


def test_bad_nights_are_bad_as_a_whole_and_dark() -> None:
    time = (START + 0.6 + np.arange(200)[:, None] + np.arange(4) * 0.02).ravel()
    made = change("bad_nights", time, 100).reshape(100, 200, 4)
    bad = (made != 0).any(axis=2)
    assert 0.04 < bad.mean() < 0.22
    whole = (made[bad] != 0).all(axis=1).mean()
    # A night of the star's own clock may end between two looks.
    assert whole > 0.85
    assert made[bad].mean() < -1.0


def test_spikes_are_single() -> None:
    made = change("spikes", START + np.arange(5000) / 144.0)
    struck = made != 0
    assert 0.003 < struck.mean() < 0.06
    both = (struck[:, 1:] & struck[:, :-1]).mean()
    assert both < 2.5 * struck.mean() ** 2 + 1e-3


def test_focus_wanders_slowly() -> None:
    made = change("focus_drift", START + np.arange(0, 2000, 0.5), 60)
    assert np.median(np.abs(np.diff(made, axis=1))) < 0.2 * np.median(made.std(axis=1))
