"""Rotators against the catalogue's stars, and what a star is asked to be."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("numba")

import pyarrow.parquet as pq
from scipy import stats

from goodricke.simulate.kinds.rotators import Rotator, spot_temperature
from goodricke.simulate.kinds.spot_groups import spotted_light
from goodricke.simulate.stars import Moments

SPAN = (2453600.0, 2456500.0)


def test_spots_are_cooler_by_the_published_amounts() -> None:
    # 3.58e-5 T^2 + 0.249 T - 808 by hand.
    np.testing.assert_allclose(4000.0 - spot_temperature(np.array([4000.0])), [572.8 + 996.0 - 808.0])
    assert 2500.0 - spot_temperature(np.array([2500.0]))[0] == 200.0


def test_stars_vary_as_much_as_their_column_says() -> None:
    made = Rotator().draw(300, np.random.default_rng(2), SPAN)
    phases = np.linspace(-0.5, 0.5, 200)
    time = made["epoch"][:, None] + phases * made["period_days"][:, None]
    flux = spotted_light(made, Moments(time.ravel(), np.arange(301) * 200), "V").reshape(300, 200)
    swing = 2.5 * np.log10(flux.max(axis=1) / flux.min(axis=1))
    # The column is of 32 phases.
    np.testing.assert_allclose(swing, made["amplitude_mag"], rtol=0.08, atol=0.003)
    assert (made["spot_cover"] <= 1.0).all()
    assert (made["epoch"] >= SPAN[0]).all()
    assert (made["epoch"] <= SPAN[1]).all()


def test_a_quarter_is_peculiar_hot_and_steady() -> None:
    made = Rotator().draw(4000, np.random.default_rng(3), SPAN)
    odd = made["rotator_type"] == "peculiar"
    # 4,000 throws of a quarter: a spread of 0.007.
    assert odd.mean() == pytest.approx(0.25, abs=0.03)
    assert np.isinf(made["spot_life_days"][odd]).all()
    assert np.isfinite(made["spot_life_days"][~odd]).all()
    assert (made["spot_temperature"][odd] > made["temperature"][odd]).all()
    assert (made["spot_temperature"][~odd] < made["temperature"][~odd]).all()
    few = {name: column[odd] for name, column in made.items()}
    time = np.linspace(0.0, 1.0, 20) * few["period_days"][:, None] + few["epoch"][:, None]
    offsets = np.arange(odd.sum() + 1) * 20
    first = Rotator().light(few, Moments(time.ravel(), offsets), "V")
    later = Rotator().light(few, Moments((time + 100 * few["period_days"][:, None]).ravel(), offsets), "V")
    np.testing.assert_allclose(first, later, atol=1e-7)


def test_active_stars_have_the_periods_and_amplitudes_of_crts(shared_data: Path) -> None:
    table = pq.read_table(shared_data / "lightcurves" / "crts_sss_labels.parquet")
    real = np.array(table["label_mapped"].to_pylist()) == "ROT"
    amplitude = np.array(table["vamp"].to_pylist(), dtype=float)[real]
    made = Rotator().draw(3000, np.random.default_rng(4), SPAN)
    active = made["rotator_type"] == "active"
    # At the epoch a star swings more than in seven years together: a factor of 1.4 between the medians at most.
    ratio = np.median(made["amplitude_mag"][active]) / np.median(amplitude)
    assert 1.0 < ratio < 1.5
    spread = np.log10(made["amplitude_mag"][active]).std() / np.log10(amplitude).std()
    assert 0.7 < spread < 1.4
    period = np.array(table["period_days"].to_pylist(), dtype=float)[real]
    # The crowd of short periods and the tail: where both have their periods below and above half a day.
    assert np.median(period) < 0.5
    assert np.quantile(made["period_days"][active], 0.4) < 0.5
    long, made_long = np.log10(period[period > 1]), np.log10(made["period_days"][active & (made["period_days"] > 1)])
    assert stats.ks_2samp(long, made_long).statistic < 0.25
