"""Be stars: outbursts up and slowly down, redder, and of the size of real ones."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

pytest.importorskip("numba")

from goodricke.simulate.kinds.be_star import BeStar
from goodricke.simulate.stars import Columns, Moments

SPAN = (2450500.0, 2451800.0)


def still(n: int) -> Columns:
    made = BeStar().draw(n, np.random.default_rng(1), SPAN)
    return {**made, "wander_mag": np.zeros(n)}


def test_outbursts_rise_faster_than_they_fall() -> None:
    n, time = 60, np.arange(*SPAN, 0.5)
    flux = BeStar().light(still(n), Moments(np.tile(time, n), np.arange(n + 1) * len(time)), "I").reshape(n, -1)
    assert flux.min() >= 1.0
    steps = np.diff(np.log(flux), axis=1)
    assert np.median((steps > 1e-9).mean(axis=1)) < 0.45


def test_light_is_continuous_where_outbursts_are_counted_anew() -> None:
    made = still(1)
    edge = made["walk_start"][0] + made["burst_days"][0] * np.arange(-5, 6)
    time = np.sort(np.concatenate([edge - 1e-6, edge + 1e-6]))
    flux = BeStar().light(made, Moments(time, np.array([0, len(time)])), "I")
    # The oldest outburst leaves the sum when it has drained for at least three of the shortest intervals.
    np.testing.assert_allclose(flux[::2], flux[1::2], atol=0.01)


def test_red_swings_more() -> None:
    seen = Moments(np.linspace(*SPAN, 200), np.array([0, 200]))
    blue, red = (np.log(BeStar().light(still(1), seen, b)) for b in ("B", "I"))
    np.testing.assert_allclose(blue, red * (436 / 798) ** 0.5, atol=1e-12)


def test_real_be_stars_vary_as_much(shared_data: Path) -> None:
    folder = shared_data / "lightcurves"
    table = pq.read_table(folder / "ogle2_misc_small_obs.parquet").to_pandas()
    labels = pq.read_table(folder / "ogle2_misc_small_labels.parquet").to_pandas()
    stars = table[table.object_id.isin(labels.object_id[labels.label_mapped == "BE"])].groupby(["object_id", "band"])
    real = [np.subtract(*np.percentile(s.mag, [95, 5])) for _, s in stars if len(s) > 50]
    n, time = 300, np.arange(*SPAN, 3.0)
    made = BeStar().draw(n, np.random.default_rng(2), SPAN)
    flux = BeStar().light(made, Moments(np.tile(time, n), np.arange(n + 1) * len(time)), "I").reshape(n, -1)
    ours = np.ptp(np.percentile(-2.5 * np.log10(flux), [5, 95], axis=1), axis=0)
    # 18 stars with a spread of a factor of two.
    assert 0.5 < np.median(ours) / np.median(real) < 2.0
