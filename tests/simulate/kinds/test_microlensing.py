"""Lensed stars against Paczynski's formula and limits, and the real events of OGLE-II."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from scipy.optimize import brentq

from goodricke.simulate.kinds.microlensing import Microlensing, magnification
from goodricke.simulate.stars import Columns, Moments

SPAN = (2450500.0, 2451800.0)


def one(**changes: float) -> Columns:
    made: dict[str, float] = {
        "epoch": 0.0, "temperature": 5000.0, "einstein_days": 20.0, "impact": 0.5, "source_share": 1.0,
        "blend_temperature": 5000.0,
    }  # fmt: skip
    return {k: np.array([v]) for k, v in {**made, **changes}.items()}


def light(stars: Columns, *times: float, band: str = "V") -> np.ndarray:
    return Microlensing().light(stars, Moments(np.array(times), np.array([0, len(times)])), band)


def test_two_images_add_up() -> None:
    # The lens equation by hand: images at (u +- sqrt(u^2 + 4)) / 2, each magnified by 1 / |1 - x^-4|.
    for u in (0.05, 0.7, 2.0):
        images = [(u + s * np.sqrt(u * u + 4)) / 2 for s in (1, -1)]
        assert magnification(np.array([u]))[0] == pytest.approx(sum(1 / abs(1 - x**-4) for x in images), rel=1e-9)


def test_width_follows_the_einstein_time() -> None:
    made = one(impact=0.1)
    top = light(made, 0.0)[0]
    half = brentq(lambda t: light(made, t)[0] - (1 + top) / 2, 0.0, 50.0)
    assert light(made, -half)[0] == pytest.approx((1 + top) / 2)
    assert light(one(impact=0.1, einstein_days=40.0), 2 * half)[0] == pytest.approx((1 + top) / 2)
    assert light(made, 5000.0)[0] == pytest.approx(1.0, abs=1e-6)


def test_a_blend_takes_its_share_and_its_colour() -> None:
    full, half = light(one(), 0.0)[0], light(one(source_share=0.5), 0.0)[0]
    assert half - 1 == pytest.approx(0.5 * (full - 1))
    red_blend = one(source_share=0.5, temperature=7000.0, blend_temperature=4000.0)
    assert light(red_blend, 0.0, band="B")[0] > light(red_blend, 0.0)[0] > light(red_blend, 0.0, band="I")[0]


def test_events_have_the_times_of_real_ones(shared_data: Path) -> None:
    table = pq.read_table(shared_data / "lightcurves" / "ogle2_misc_small_obs.parquet").to_pandas()
    labels = pq.read_table(shared_data / "lightcurves" / "ogle2_misc_small_labels.parquet").to_pandas()
    names = labels.object_id[labels.label_mapped == "TRANSIENT"]

    def brighter(time: np.ndarray, flux: np.ndarray) -> float:
        """Days from the maximum that are usual for points above half of it, three points smoothed."""
        smooth = np.median(np.stack([flux[:-2], flux[1:-1], flux[2:]]), axis=0)
        high = smooth > 1.0 + 0.5 * (smooth.max() - 1.0)
        return float(np.median(np.abs(time[1:-1][high] - time[1:-1][np.argmax(smooth)])))

    real, times = [], []
    for name, star in table[table.object_id.isin(names)].groupby("object_id"):
        star = star[star.band == star.band.mode()[0]]
        flux = 10 ** (-0.4 * (star.mag - star.mag.median())).to_numpy()
        assert len(flux) > 20, name
        if np.sort(flux)[-3] > 1.5:
            real.append(brighter(star.time.to_numpy(), flux))
            times.append(star.time.to_numpy())
    made = Microlensing().draw(len(times), np.random.default_rng(5), SPAN)
    inside = [np.random.default_rng(4).choice(t[5:-5]) for t in times]
    made = {**made, "epoch": np.array(inside)}
    offsets = np.concatenate([[0], np.cumsum([len(t) for t in times])])
    flux = Microlensing().light(made, Moments(np.concatenate(times), offsets), "I")
    parts = [(t, flux[a:b]) for t, a, b in zip(times, offsets[:-1], offsets[1:], strict=True)]
    ours = [brighter(t, f) for t, f in parts if np.sort(f)[-3] > 1.5]
    # Some 100 events each with a spread of a factor of 2.5: the medians agree to a factor of 1.6.
    assert len(ours) > 60
    assert 1 / 1.6 < np.median(ours) / np.median(real) < 1.6
