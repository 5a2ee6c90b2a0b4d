"""Whole simulations: the same stars whatever else is asked, truth beside what was seen."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

pytest.importorskip("numba")

from goodricke.errors import MissingDependency, OptionError
from goodricke.lightcurves import assemble
from goodricke.simulate.sky import Simulation, blocks, simulate_block, simulate_sky

MIX = {"contact": 2.0, "rrab": 1.0, "constant": 1.0}


def same(a: pa.Table, b: pa.Table) -> bool:
    return a.to_pylist() == b.to_pylist() or all(
        (x == y) or (x != x and y != y)
        for one, two in zip(a.to_pylist(), b.to_pylist(), strict=True)
        for x, y in zip(one.values(), two.values(), strict=True)
    )


def test_the_same_seed_gives_the_same_stars_and_another_seed_others() -> None:
    asked = Simulation(survey="asas3", n=12, seed=4, shares=MIX)
    one, two = simulate_block(asked, range(12)), simulate_block(asked, range(12))
    assert np.array_equal(one.light_curves.flux, two.light_curves.flux)
    assert same(one.truth, two.truth)
    other = simulate_block(Simulation(survey="asas3", n=12, seed=5, shares=MIX), range(12))
    assert not np.array_equal(one.light_curves.flux[:100], other.light_curves.flux[:100])


def test_the_first_stars_are_the_same_however_many_are_asked_for() -> None:
    few, many = (Simulation(survey="asas3", n=n, seed=1, shares={"constant": 1.0}) for n in (500, 700))
    assert [len(part) for part in many.blocks()] == [500, 200]
    first = next(iter(blocks(many)))
    assert np.array_equal(first.light_curves.flux, simulate_block(few, range(500)).light_curves.flux)


def test_truth_stands_beside_what_was_seen() -> None:
    made = simulate_block(Simulation(survey="asas3", n=40, seed=2, shares=MIX), range(40))
    truth = made.truth.to_pydict()
    assert truth["object_id"] == made.light_curves.object_id.tolist()
    assert truth["n_points"] == made.light_curves.lengths.tolist()
    for kind, label, period, q in zip(truth["kind"], truth["label"], truth["period_days"], truth["q"], strict=True):
        if kind == "contact":
            assert label in ("EW", "ELL")
            assert 0.1 < period < 3
            assert 0 < q <= 1
        else:
            assert label == {"rrab": "RRAB", "constant": "CONST"}[kind]
            assert (period is None) == (kind == "constant")
            assert q is None  # a column of another kind
    reference = made.light_curves.ref_mag[:, 0]
    faint = np.array(truth["mag"])
    constant = np.array(truth["kind"]) == "constant"
    # A constant star's median magnitude is its mean one, to the survey's zero-point and noise.
    assert np.abs(reference - faint)[constant] == pytest.approx(0.0, abs=0.05)


def test_a_binary_is_faintest_at_its_epoch() -> None:
    made = simulate_block(Simulation(survey="asas3", n=30, seed=3, shares={"contact": 1.0}), range(30))
    for row, star in zip(made.truth.to_pylist(), made.light_curves, strict=True):
        if row["amplitude"] < 0.3 or row["snr"] < 8:
            continue
        phase = (star.time + star.time_frame.zero_jd - row["epoch"]) / row["period_days"]
        near = np.abs(phase - np.round(phase)) < 0.04
        quarter = np.abs(np.abs(phase - np.round(phase)) - 0.25) < 0.04
        assert np.median(star.flux[near]) < np.median(star.flux[quarter])


def test_several_blocks_are_one_sky() -> None:
    made = simulate_sky("contact", "asas3", 3, seed=1)
    assert len(made.light_curves) == len(made.truth) == len(made.measured.object_id) == 3
    again = assemble(made.measured, "asas3_acvs")
    assert again.n_points >= made.light_curves.n_points


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"n": 0}, "at least 1"),
        ({"seed": -1}, "negative"),
        ({"survey": "asas4"}, "did you mean 'asas3'"),
        ({"population": "contakt"}, "did you mean 'contact'"),
        ({"shares": {"contakt": 1.0}}, "did you mean 'contact'"),
        ({"shares": {"contact": -1.0}}, "positive number"),
        ({"shares": {"contact": float("nan")}}, "positive number"),
    ],
)
def test_what_cannot_be_is_said_at_once(wrong: dict[str, object], says: str) -> None:
    with pytest.raises(OptionError, match=says):
        Simulation(**wrong)  # type: ignore[arg-type]


def test_one_event_falls_into_the_weeks_that_a_space_telescope_looks() -> None:
    made = simulate_block(Simulation(survey="tess_30min", n=30, seed=1, shares={"microlensing": 1.0}), range(30))
    lcs, epoch = made.light_curves, np.array(made.truth.column("epoch").to_pylist())
    zero = lcs[0].time_frame.zero_jd
    first, last = lcs.time[lcs.offsets[:-1]] + zero, lcs.time[lcs.offsets[1:] - 1] + zero
    length = last - first
    assert (epoch > first - 0.2 * length).all()
    assert (epoch < last + 0.2 * length).all()
    inside = (epoch > first) & (epoch < last)
    assert 0.6 < inside.mean() <= 1.0  # 1 / 1.2 of them, a hundredth of 30 stars either way


def test_trouble_is_that_of_the_survey() -> None:
    for survey, kind in (("asas3", "ground_junk"), ("tess_30min", "space_junk")):
        made = simulate_block(Simulation(survey=survey, n=4, seed=1, shares={"junk": 1.0}), range(4))
        assert set(made.truth.column("kind").to_pylist()) == {kind}


def test_without_numba_the_remedy_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "numba", None)
    with pytest.raises(MissingDependency, match=r"goodricke\[simulate\]"):
        Simulation()
