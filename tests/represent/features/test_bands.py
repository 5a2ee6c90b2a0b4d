from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import goodricke as gr
from goodricke.represent.features import features
from goodricke.represent.features.curves import signed_log
from represent import made

NAMES = ("colour", "log_colour_base", "log_amplitude_ratio", "colour_scatter", "band_correlation", "band_stetson_i")


def coloured() -> gr.LightCurves:
    """V and I in turn, 0.01 d apart; the amplitude in V is 1.5 times that in I, and V - I is 0.8."""
    rng = np.random.default_rng(5)
    time = np.sort(rng.choice(np.arange(500.0), 100, replace=False))
    time = np.sort(np.r_[time, time + 0.01])
    band = np.array(["V", "I"] * 100)
    wave = np.sin(2 * np.pi * time / 6.3) * np.where(band == "V", 0.15, 0.10)
    lcs = made.star("a", time, 1 + wave, 0.01, band)
    mag = np.array([[15.8 if name == "V" else 15.0 for name in lcs.bands]])
    return replace(lcs, ref_mag=mag)


def test_by_hand() -> None:
    lcs = coloured()
    found = {name: made.value(lcs, name) for name in NAMES}
    assert found["colour"] == pytest.approx(0.8, rel=1e-6)
    assert found["log_colour_base"] == pytest.approx(np.log10(800 / 550), rel=1e-5)
    # both bands see the same phases to 1/600 of a cycle
    assert found["log_amplitude_ratio"] == pytest.approx(np.log10(1.5), abs=0.01)
    one, other = ((lcs.flux[lcs.band == k] - lcs.flux[lcs.band == k].mean()).astype(float) for k in (0, 1))
    everything = np.r_[one, other]
    assert found["colour_scatter"] == pytest.approx(np.sqrt(np.mean((one - other) ** 2)) / everything.std(), rel=1e-4)
    assert found["band_correlation"] == pytest.approx(np.corrcoef(one, other)[0, 1], rel=1e-4)
    assert found["band_stetson_i"] == pytest.approx(signed_log(np.mean(one * other) / 1e-4), rel=1e-4)


def test_one_band_has_no_colour() -> None:
    alone = made.uneven()
    mixed = features(gr.concatenate([alone, coloured()]), names=list(NAMES)).values
    assert np.isnan(mixed[:-1]).all()
    assert np.isfinite(mixed[-1]).all()
    assert np.isnan(features(alone, names=list(NAMES)).values).all()


def test_unknown_bands_and_bands_far_apart_in_time_say_nothing() -> None:
    lcs = coloured()
    assert np.isnan(made.value(replace(lcs, bands=("here", "there")), "colour"))
    spread = replace(lcs, time=np.arange(200.0))
    assert np.isnan(made.value(spread, "band_correlation"))
    assert np.isfinite(made.value(spread, "log_amplitude_ratio"))
