"""RR Lyrae stars against those of the Catalina survey, and the stars in two modes."""

from pathlib import Path

import numpy as np
import pytest

from goodricke.simulate.kinds.rr_lyrae import RRab, RRc, RRd
from goodricke.simulate.stars import Kind, Moments
from simulate.kinds.folds import made_measures, one_cycle, real_measures, real_stars

pytest.importorskip("numba")

SPAN = (2453500.0, 2456000.0)
LEVELS = [0.16, 0.5, 0.84]


@pytest.mark.parametrize(
    ("kind", "label", "tolerance"),
    [
        # Range, R21, phi21, R31, rise: a third to a half of the width of each distribution.
        (RRab(), "1:RRab", [0.12, 0.07, 0.04, 0.08, 0.05]),
        (RRc(), "2:RRc", [0.05, 0.05, 0.06, 0.04, 0.06]),
    ],
    ids=["ab", "c"],
)
def test_shapes_are_those_of_real_stars(shared_data: Path, kind: Kind, label: str, tolerance: list[float]) -> None:
    real = real_measures(real_stars(shared_data, "crts_sss", label, 200, 15.5), 150)
    stars = kind.draw(300, np.random.default_rng(0), SPAN)
    made = made_measures(kind, stars, 0.03)
    assert len(real) > 100
    off = np.abs(np.quantile(made, LEVELS, axis=0) - np.quantile(real, LEVELS, axis=0))
    assert (off < tolerance).all(), off.round(3)


def test_some_stars_have_the_blazhko_effect_and_keep_their_epoch() -> None:
    kind = RRab()
    stars = kind.draw(400, np.random.default_rng(1), SPAN)
    has = stars["blazhko_size"] > 0
    assert has.mean() == pytest.approx(0.4, abs=0.08)
    tops = []
    for cycle in range(0, 400, 10):
        shifted = {**stars, "epoch": stars["epoch"] + cycle * stars["period_days"]}
        tops.append(kind.light(stars, Moments(shifted["epoch"], np.arange(401)), "V"))
    change = np.ptp(tops, axis=0)
    # The quiet ones change only by their periods' slow change.
    assert change[~has].max() < 1e-3
    assert np.median(change[has]) > 0.03


def test_two_modes_have_petersens_ratio_and_both_are_in_the_light() -> None:
    kind = RRd()
    stars = kind.draw(100, np.random.default_rng(2), SPAN)
    ratio = stars["period_days"] / stars["fundamental_days"]
    assert ratio.min() >= 0.742
    assert ratio.max() <= 0.748
    assert np.corrcoef(stars["period_days"], ratio)[0, 1] > 0.5
    time = np.arange(0.0, 200.0, 0.02) + SPAN[0]
    one = {name: values[:1] for name, values in stars.items()}
    mag = -2.5 * np.log10(kind.light(one, Moments(time, np.array([0, len(time)])), "V"))
    window = np.hanning(len(time))

    def size(period: float) -> float:
        return float(2.0 * np.abs((mag * window * np.exp(-2j * np.pi * time / period)).sum()) / window.sum())

    share = size(one["fundamental_days"][0]) / (0.5 * one["amplitude_mag"][0])
    assert share == pytest.approx(one["fundamental_share"][0], rel=0.02)
    assert size(one["period_days"][0]) > 0.8 * 0.5 * one["amplitude_mag"][0]


def test_red_light_varies_less() -> None:
    stars = RRc().draw(20, np.random.default_rng(3), SPAN)
    ratio = [np.ptp(-2.5 * np.log10(one_cycle(RRc(), stars, band)[1]), axis=1) for band in "IV"]
    assert ratio[0] / ratio[1] == pytest.approx(0.63, rel=1e-3)
