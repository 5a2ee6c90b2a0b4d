"""Close pairs without eclipses, by geometry and by their light."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("numba")

from goodricke.simulate.binary.curves import light_curves
from goodricke.simulate.eclipses.geometry import eclipse_labels
from goodricke.simulate.populations.binaries import systems_of
from goodricke.simulate.populations.ellipsoidal import Ellipsoidal
from goodricke.simulate.stars import Columns

SPAN = (2455000.0, 2456000.0)


@pytest.fixture(scope="module")
def stars() -> Columns:
    return Ellipsoidal().draw(1000, np.random.default_rng(0), SPAN)


def test_no_star_is_hidden(stars: Columns) -> None:
    labels = eclipse_labels(systems_of(stars))
    assert (labels["eclipse_1"] == "none").all()
    assert (labels["eclipse_2"] == "none").all()


def test_kinds_of_pairs_are_in_their_shares(stars: Columns) -> None:
    contact = np.isfinite(stars["fillout"])
    filling = ~contact & np.isinf(stars["radius2"])
    assert contact.mean() == pytest.approx(0.4, abs=0.06)  # four standard errors
    assert filling.mean() == pytest.approx(0.3, abs=0.06)


def test_light_waves_twice_a_period_by_enough_to_be_seen(stars: Columns) -> None:
    plain = {name: values[stars["spot_count"] == 0] for name, values in stars.items()}
    flux, _ = light_curves(systems_of(plain), np.arange(16) / 16)
    amplitude = 2.5 * np.log10(flux.max(axis=1) / flux.min(axis=1))
    assert np.quantile(amplitude, 0.02) > 0.012
    assert np.quantile(amplitude, 0.98) < 0.25
    waves = np.abs(np.fft.rfft(flux, axis=1))
    assert np.mean(waves[:, 2] > waves[:, [1, 3]].max(axis=1)) > 0.9


def test_the_epoch_is_at_the_deeper_minimum(stars: Columns) -> None:
    flux, _ = light_curves(systems_of({**stars, "spot_count": np.zeros(1000, np.int64)}), [0.0, 0.5])
    first = stars["conjunction"] == stars["epoch"]
    wrong = first != (flux[:, 0] <= flux[:, 1])
    assert wrong.mean() < 0.04
    # A coarse grid decides; it errs where both are alike.
    assert (np.abs(np.log(flux[wrong, 0] / flux[wrong, 1])) < 0.01).all()
