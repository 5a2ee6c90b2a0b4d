"""Delta Scuti stars."""

from pathlib import Path

import numpy as np
import pytest

from goodricke.simulate.kinds.delta_scuti import DeltaScuti
from goodricke.simulate.stars import Moments
from simulate.kinds.folds import made_measures, one_cycle, real_measures, real_stars

pytest.importorskip("numba")

SPAN = (2453500.0, 2456000.0)


def test_large_ones_are_those_of_real_stars(shared_data: Path) -> None:
    seen = real_stars(shared_data, "crts_sss", "9:delta Scuti", 124, 16.0)
    # Times of this survey are not those of the Sun's centre: up to 0.006 d off, a twentieth of a cycle and more.
    # That flattens the harmonics, so only the range and the phase of the second are compared.
    real = real_measures(seen, 150)
    stars = DeltaScuti().draw(400, np.random.default_rng(0), SPAN)
    high = {name: values[stars["modes"] == 1] for name, values in stars.items()}
    made = made_measures(DeltaScuti(), high, 0.03)
    assert np.median(made[:, 0]) == pytest.approx(np.median(real[:, 0]), rel=0.25)
    assert np.median(made[:, 2]) == pytest.approx(np.median(real[:, 2]), abs=0.07)
    assert np.median(high["period_days"]) == pytest.approx(
        seen.groupby("object_id").period_days.first().median(), rel=0.1
    )


def test_single_and_double_ones_are_brightest_at_the_epoch() -> None:
    kind = DeltaScuti()
    stars = kind.draw(400, np.random.default_rng(1), SPAN)
    phase, flux = one_cycle(kind, stars)
    top = np.abs(phase[flux.argmax(axis=1)])
    assert top[stars["modes"] == 1].max() < 0.005
    assert top[stars["modes"] == 2].max() < 0.06
    ratio = stars["overtone_days"] / stars["period_days"]
    assert ((ratio[stars["modes"] == 2] > 0.76) & (ratio[stars["modes"] == 2] < 0.79)).all()


def test_many_modes_are_as_many_lines_in_the_spectrum() -> None:
    kind = DeltaScuti()
    stars = kind.draw(400, np.random.default_rng(2), SPAN)
    one = {name: values[np.flatnonzero(stars["modes"] == 6)[:1]] for name, values in stars.items()}
    # Sines only: the shape of the strongest mode is another matter.
    time = np.arange(0.0, 400.0, 0.003) + SPAN[0]
    mag = -2.5 * np.log10(kind.light(one, Moments(time, np.array([0, len(time)])), "V"))
    power = np.abs(np.fft.rfft(mag * np.hanning(len(mag)))) * 4.0 / len(mag)
    rate = np.fft.rfftfreq(len(mag), 0.003)
    base = 1.0 / one["period_days"][0]
    inside = (rate > 0.35 * base) & (rate < 2.1 * base)
    peak = power[1:-1][(inside[1:-1]) & (power[1:-1] > power[:-2]) & (power[1:-1] > power[2:])]
    strong = (peak > 0.03 * one["amplitude_mag"][0]).sum()
    # Six modes, and the second harmonic of the first; two may lie on each other.
    assert 5 <= strong <= 7
