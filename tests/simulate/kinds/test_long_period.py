"""Miras and semi-regular stars."""

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from goodricke.simulate.kinds.long_period import Mira, SemiRegular
from goodricke.simulate.stars import Kind, Moments
from simulate.kinds.folds import one_cycle

pytest.importorskip("numba")

SPAN = (2453500.0, 2456000.0)


def cycles_of(kind: Kind, n: int, count: int) -> np.ndarray:
    """Magnitudes (N, cycles, 64) of many cycles after the epoch."""
    stars = kind.draw(n, np.random.default_rng(0), SPAN)
    turns = np.arange(64 * count) / 64
    time = stars["epoch"][:, None] + turns * stars["period_days"][:, None]
    flux = kind.light(stars, Moments(time.ravel(), np.arange(n + 1) * 64 * count), "V")
    return -2.5 * np.log10(flux).reshape(n, count, 64)


def test_miras_vary_by_as_much_as_real_ones(shared_data: Path) -> None:
    folder = shared_data / "lightcurves"
    labels = pq.read_table(folder / "asas3_acvs_labels.parquet").to_pandas()
    names = labels[labels.label_original == "MIRA"].object_id.tolist()[::6]
    seen = pq.read_table(folder / "asas3_acvs_obs.parquet", filters=[("object_id", "in", names)]).to_pandas()
    real = seen.groupby("object_id").mag.quantile(0.97) - seen.groupby("object_id").mag.quantile(0.03)
    mag = cycles_of(Mira(), 300, 8).reshape(300, -1)
    made = np.quantile(mag, 0.97, axis=1) - np.quantile(mag, 0.03, axis=1)
    # ASAS loses the minima of the largest, and calls some Miras that vary by half a magnitude.
    assert np.quantile(made, [0.25, 0.5, 0.75]) == pytest.approx(np.quantile(real, [0.25, 0.5, 0.75]), rel=0.25)


def test_cycles_of_miras_differ_as_those_of_catalina() -> None:
    mag = cycles_of(Mira(), 200, 12)
    range_ = np.ptp(mag, axis=2)
    level = mag.mean(axis=2)
    # In CRTS the range of a cycle scatters by 14% (noise included) and its level by 0.18 mag.
    assert 0.07 < np.median(range_.std(axis=1) / range_.mean(axis=1)) < 0.16
    assert 0.08 < np.median(level.std(axis=1)) < 0.20


def test_semi_regular_stars_lose_their_clock_and_miras_keep_theirs() -> None:
    kept = []
    for kind in (Mira(), SemiRegular()):
        mag = cycles_of(kind, 150, 30)
        wave = (mag * np.exp(-2j * np.pi * np.arange(64) / 64)).mean(axis=2)
        whole = np.abs(wave.mean(axis=1)) / np.abs(wave).mean(axis=1)
        kept.append(np.median(whole))
    assert kept[0] > 0.95
    assert kept[1] < 0.92


def test_semi_regular_periods_are_those_of_real_stars(shared_data: Path) -> None:
    labels = pq.read_table(shared_data / "lightcurves" / "crts_sss_labels.parquet").to_pandas()
    real = labels[(labels.label_mapped == "LPV") & (labels.vamp > 0.3) & (labels.vamp < 1.5)].period_days
    made = SemiRegular().draw(2000, np.random.default_rng(1), SPAN)["period_days"]
    assert np.quantile(made, [0.16, 0.5, 0.84]) == pytest.approx(np.quantile(real, [0.16, 0.5, 0.84]), rel=0.2)


def test_first_pulsation_is_brightest_at_the_epoch_when_alone() -> None:
    kind = SemiRegular()
    stars = kind.draw(100, np.random.default_rng(2), SPAN)
    alone = {**stars, "second_share": np.zeros(100), "long_share": np.zeros(100)}
    phase, flux = one_cycle(kind, alone)
    # It walks within a cycle too: a memory of two cycles moves its maximum most.
    near = np.abs((phase[flux.argmax(axis=1)] + 0.5) % 1.0 - 0.5)
    assert np.median(near) < 0.08
    assert (near < 0.25).mean() > 0.7
