"""The parts of the ladder that figures hang on: areas, thresholds, tables. The rungs themselves take minutes."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from evaluate.made_spectra import auc, from_emulator
from goodricke.decide import Calibration

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture(scope="module")
def rungs():
    sys.path.insert(0, str(BENCHMARKS))
    try:
        yield importlib.import_module("spectra_rungs")
    finally:
        sys.path.remove(str(BENCHMARKS))


@pytest.fixture(scope="module")
def pages(rungs):
    return importlib.import_module("spectra_pages")


def test_area_is_that_of_ranks_and_its_interval_that_of_stars(rungs):
    rng = np.random.default_rng(1)
    star = np.repeat(np.arange(40), 25).astype(str)
    binary = rng.random(1000) < 0.5
    score = 0.8 * binary + rng.normal(size=1000) + np.repeat(rng.normal(size=40), 25)
    value, samples = rungs.area(score, binary, star)
    assert value == pytest.approx(auc(score, binary))
    low, high = rungs.ends(samples)
    assert low < value < high
    part = np.where(np.arange(1000) < 300, score, np.nan)  # of a method that looked at the first few
    assert rungs.area(part, binary, star)[0] == pytest.approx(auc(score[:300], binary[:300]))


def test_odds_at_a_probability_undo_the_calibration(rungs):
    kind = Calibration("vector", 2, slope=(0.5, 0.5), intercept=(0.0, 0.7))
    bundle = SimpleNamespace(manifest={"calibration": kind.to_dict()})
    for p in (0.5, 0.8):
        odds = rungs.odds_at(bundle, p)
        assert kind.apply(np.array([[0.0, odds]]))[0, 1] == pytest.approx(p, abs=0.005)


def test_a_cell_of_the_first_rung(rungs):
    """The fit of two stars, and the ideal discriminant beside its bound, on a few hundred spectra."""
    source = from_emulator()
    settings = rungs.Settings(Path(), {}, 400, 60, 1)
    at = rungs.conditions(rungs.DWARF, 0.8, 0.0, source.emulator, source.residues)
    best = rungs.ideal(at.left, at.variance(50.0), at.scatter, at.free)
    found = rungs._t0_cell(settings, source, source, "gaussian", 0.8, 0.0, 50.0, best.weights)
    rows = {row["method"]: row for row in rungs.areas(found, q=0.8)}
    assert rows[rungs.IDEAL]["n"] == 400
    assert rows[rungs.IDEAL]["auc"] == pytest.approx(best.auc, abs=0.03)
    assert rows[rungs.FIT]["n"] == 60
    assert rows[rungs.FIT]["auc"] > 0.75


def test_pages_of_figures(pages, rungs, tmp_path):
    rng = np.random.default_rng(0)

    def row(**about):
        value = float(rng.uniform(0.6, 0.9))
        return about | {"auc": value, "ends": [value - 0.05, value + 0.05], "n": 10, "stars": 4}

    methods = ("model-1", rungs.FIT)
    t0 = [
        row(line=line, q=q, snr=snr, method=name, bound=0.9, photosphere=0.89, left=0.5, scatter=1.0, scaled=0.85,
            **{"labels known": 0.901})
        for line in ("gaussian", "held out") for q in rungs.RATIOS for snr in rungs.LEVELS for name in methods
    ]  # fmt: skip
    t2 = [
        row(kind=kind, snr=snr, dv=dv, method=name)
        for kind in ("twin", "pair") for snr in (30.0, 50.0) for dv in (0.0, 150.0) for name in methods
    ]  # fmt: skip
    asked = {"models": ["model-1"], "n": 10, "fits": 5, "seeds": 1}
    found = {"T0": {"cells": t0, "means": [r for r in t0 if r["q"] == 0.7]}, "T2": t2}
    found["settings"] = dict.fromkeys(("T0", "T2"), asked)
    said = pages.markdown(found, (rungs.FIT, rungs.IDEAL))
    assert "## T0" in said
    assert "## T2" in said
    assert "| 10 | 0.900 | 0.890 | 0.850 | 0.76 |" in said
    pages.draw(found, tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"spectra_ladder_snr.png", "spectra_ladder_dv.png"}
