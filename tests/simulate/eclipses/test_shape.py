"""Depths, widths and classes of curves whose answers are known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from goodricke.errors import OptionError
from goodricke.simulate.eclipses import curve_labels

PHASE = np.arange(400) / 400


def trapezium(phase: np.ndarray, at: float, width: float, flat: float) -> np.ndarray:
    """1 within `flat` of the middle of an eclipse, 0 outside `width`, straight between."""
    away = np.abs((phase - at + 0.5) % 1 - 0.5)
    return np.clip((0.5 * width - away) / (0.5 * (width - flat)), 0, 1)


def from_magnitudes(mag: np.ndarray) -> np.ndarray:
    return 10 ** (-0.4 * mag)


def test_straight_eclipses_have_the_depths_and_widths_they_were_made_with() -> None:
    mag = np.stack(
        [
            0.8 * trapezium(PHASE, 0.0, 0.12, 0.04) + 0.3 * trapezium(PHASE, second, 0.08, 0.0)
            for second in (0.5, 0.23, 0.81)
        ]
    )
    labels = curve_labels(PHASE, 3.7 * from_magnitudes(mag))
    step = 1 / PHASE.size  # contacts are found on the slopes between points
    assert labels["depth_1"] == pytest.approx(0.8)
    assert labels["depth_2"] == pytest.approx(0.3)
    assert labels["amplitude"] == pytest.approx(0.8)
    assert labels["eclipsed_light"] == pytest.approx(1 - 10**-0.32)
    assert labels["width_1"] == pytest.approx(0.12, abs=2 * step)
    assert labels["width_2"] == pytest.approx(0.08, abs=2 * step)
    assert labels["secondary_phase"] == pytest.approx([0.5, 0.23, 0.81], abs=1e-3)
    # Half widths are 0.08 and 0.04: widths and half widths over those of a cosine, weighted by depth.
    expected = (0.8 * (0.12 / 0.468 + 0.08 / 0.25) + 0.3 * (0.08 / 0.468 + 0.04 / 0.25)) / 1.1 / 2
    assert labels["fullness"] == pytest.approx(expected, rel=0.04)
    assert set(labels["label_shape"]) == {"EA"}
    assert (labels["morphology"] < 0.5).all()


def test_waves_are_ellipsoidal_and_scallops_are_contact_binaries() -> None:
    wave = from_magnitudes(0.04 * (1 + np.cos(4 * np.pi * PHASE)))
    scallop = from_magnitudes(0.7 * np.abs(np.cos(2 * np.pi * PHASE)) ** 3)
    unlike = from_magnitudes(np.abs(np.cos(2 * np.pi * PHASE)) ** 3 * (0.6 + 0.3 * np.cos(2 * np.pi * PHASE)))
    labels = curve_labels(PHASE, np.stack([wave, scallop, unlike, np.ones(PHASE.size)]))
    assert labels["label_shape"].tolist() == ["ELL", "EW", "EB", "ELL"]
    assert labels["fullness"][0] == pytest.approx(1.0, abs=0.01)
    assert labels["morphology"][0] > 0.8
    assert 0.7 < labels["morphology"][1] < 0.8
    assert labels["depth_1"].tolist() == pytest.approx([0.08, 0.7, 0.9, 0.0])
    assert np.isnan(labels["width_1"][3])
    assert np.isnan(labels["secondary_phase"][3])


def test_morphology_grows_as_eclipses_widen_and_tides_rise() -> None:
    width = np.linspace(0.02, 0.45, 30)
    mag = np.stack([0.5 * (trapezium(PHASE, 0.0, w, 0.0) + trapezium(PHASE, 0.5, w, 0.0)) for w in width])
    rise = np.diff(curve_labels(PHASE, from_magnitudes(mag))["morphology"])
    assert (rise > 0).all()
    part = np.linspace(0, 1, 20)[:, None]
    eclipses = trapezium(PHASE, 0.0, 0.1, 0.0) + trapezium(PHASE, 0.5, 0.1, 0.0)
    mixed = curve_labels(
        PHASE, from_magnitudes((1 - part) * 0.5 * eclipses + part * 0.25 * (1 + np.cos(4 * np.pi * PHASE)))
    )
    assert mixed["morphology"][0] < 0.5
    assert mixed["morphology"][-1] > 0.8
    # Near a sine the contacts that are left are no longer the steepest place, and the width jumps to the wave's.
    assert (np.diff(mixed["morphology"]) > -1e-3).all()


def test_a_planet_has_one_eclipse() -> None:
    labels = curve_labels(PHASE, from_magnitudes(0.01 * trapezium(PHASE, 0.0, 0.05, 0.03)))
    assert labels["depth_2"][0] == 0.0
    assert np.isnan([labels["width_2"][0], labels["secondary_phase"][0]]).all()
    assert labels["label_shape"][0] == "EA"


def test_any_first_phase_and_order_will_do() -> None:
    flux = from_magnitudes(0.8 * trapezium(PHASE, 0.0, 0.12, 0.04) + 0.3 * trapezium(PHASE, 0.4, 0.08, 0.0))
    plain = curve_labels(PHASE, flux)
    for turned in (np.roll(PHASE, 137), (PHASE + 0.5) % 1 - 0.5, PHASE - 1e-12):
        own = curve_labels(turned, flux[np.searchsorted(PHASE, turned % 1 - 1e-9) % 400])
        for name in plain:
            assert own[name].tolist() == pytest.approx(plain[name].tolist(), abs=1e-6)


def test_what_is_not_a_curve_is_none() -> None:
    flux = np.ones((4, PHASE.size))
    flux[0, 3], flux[1], flux[2, 7] = np.nan, 0.0, np.inf
    labels = curve_labels(PHASE, flux)
    assert labels["label_shape"].tolist() == ["none", "none", "none", "ELL"]
    for name in ("depth_1", "amplitude", "morphology", "fullness", "eclipsed_light"):
        assert np.isnan(labels[name]).tolist() == [True, True, True, False]
    dark = np.ones(PHASE.size)
    dark[:10] = 0.0  # a system of which nothing is seen in totality
    assert curve_labels(PHASE, dark)["amplitude"][0] == pytest.approx(30.0)


def test_phases_that_are_not_a_regular_cycle_are_refused() -> None:
    with pytest.raises(OptionError, match="equal steps"):
        curve_labels(np.linspace(0, 1, 201), np.ones((1, 201)))
    with pytest.raises(OptionError, match="give \\(P,\\)"):
        curve_labels(PHASE, np.ones((1, 10)))
    with pytest.raises(OptionError, match="20 phases"):
        curve_labels([0.0, 0.5], np.ones((1, 2)))


def test_phoebe_s_curves_look_like_what_they_are(shared_data: Path) -> None:
    import pyarrow.parquet as pq

    table = pq.read_table(shared_data / "reference" / "phoebe_reference.parquet").to_pydict()
    system, phase = np.array(table["system_id"]), np.array(table["phase"])
    rows = pq.read_table(shared_data / "reference" / "phoebe_systems.parquet").to_pylist()
    flux = []
    for row in rows:
        mine = (system == row["system_id"]) & (phase < 0.4999)
        flux.append(np.array(table["flux"])[mine])
    labels = curve_labels(phase[mine], np.array(flux))
    kind = np.array([row["morphology"] for row in rows])
    shape, morphology = labels["label_shape"], labels["morphology"]
    assert (shape[kind == "contact"] == "EW").all()
    assert np.isin(shape[kind == "semi-detached"], ["EA", "EB"]).all()
    # Of 19 detached stars one shows no eclipse, two graze (tides outdo eclipses), three have a giant (wide eclipses).
    assert (shape[kind == "detached"] == "EA").sum() >= 13
    assert morphology[kind == "contact"].min() > 0.7
    assert np.median(morphology[kind == "detached"]) < 0.45 < np.median(morphology[kind == "semi-detached"]) < 0.7
    # Spots lower the level, so a depth is compared with the range of the curve where the minimum lies.
    deepest = np.maximum(labels["depth_1"], labels["depth_2"])
    assert deepest == pytest.approx([-2.5 * np.log10(f.min() / f.max()) for f in flux], abs=1e-9)
    # Eccentric orbits, from the geometry of the orbit: D19 0.7148, D21 0.2182, D24 0.4276.
    named = {row["system_id"]: phase for row, phase in zip(rows, labels["secondary_phase"], strict=True)}
    assert [named[name] for name in ("D19", "D21", "D24")] == pytest.approx([0.7148, 0.2182, 0.4276], abs=0.005)
