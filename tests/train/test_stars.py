"""Stars as the loop sees them: what augmentation changes, how often, by how much, and of whom."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np
import pytest

from goodricke.lightcurves import concatenate
from goodricke.represent.folds import BINS, magnitudes
from goodricke.represent.sequences import sequences
from goodricke.train.material import Material
from goodricke.train.stars import Augmentation, MaterialStars, right_candidate
from period import made
from train.made import table

CLASSES = ("EA", "EW", "RRAB", "CONST")
NOTHING = {one.name: type(one.default)(0) for one in fields(Augmentation)}
KINDS = [("EA", 2.1), ("EW", 0.5), ("RRAB", 0.6), ("CONST", 1.0)] * 3
STARS = concatenate([made.star(kind, days, k, n=60 + 7 * k) for k, (kind, days) in enumerate(KINDS)])
N = len(KINDS)


def material(name: str, **changed: Any) -> Material:
    """Twelve stars; the right candidate is the first of nine of them and the third of one, and one has none."""
    rng = np.random.default_rng(0)
    truth = np.array([days for _, days in KINDS])
    tried = 1.0 / truth[:, None] * np.array([1.0, 0.5, 2.0, 1.3, 0.7, 3.1, 0.21, 0.11])
    tried[3::4] *= 1.7
    tried[0] = tried[0, [1, 3, 0, 2, 4, 5, 6, 7]]
    tried[5, 4:] = np.nan
    strengths = rng.normal(size=(N, 8, 46)).astype(np.float32)
    strengths[5, 4:] = np.nan
    first = STARS.offsets[:-1]
    columns = {
        "values": rng.normal(size=(N, 30)).astype(np.float32), "names": tuple(f"f{k}" for k in range(30)),
        "allowed": np.eye(4, dtype=bool)[np.arange(N) % 4], "tried": tried, "strengths": strengths,
        "truth": np.where(np.arange(N) % 4 == 3, np.nan, truth), "period": 1.0 / tried[:, 0],
        "span": STARS.time[STARS.offsets[1:] - 1] - STARS.time[first], "n_points": STARS.lengths,
    }  # fmt: skip
    examples = table(**{**columns, **changed})
    about = {"steps": 40, "names": list(examples.names)}
    raw = sequences(STARS) if name == "sequences" else None
    return Material(name, about, examples, magnitudes(STARS) if raw is None else None, raw, np.arange(N) % 7 - 1)


def stars(name: str, rows: np.ndarray | None = None, **augmentation: float) -> MaterialStars:
    whole = material(name)
    rows = np.arange(N) if rows is None else rows
    target = whole.examples.allowed[rows].astype(np.float32)
    return MaterialStars(whole, rows, target, CLASSES, Augmentation(**{**NOTHING, **augmentation}))


def same(one: Any, other: Any) -> bool:
    assert one.keys() == other.keys()
    return all(np.array_equal(one[name], other[name], equal_nan=True) for name in one)


ALL = np.arange(N)


@pytest.mark.parametrize("name", ["folds", "steps", "sequences"])
def test_with_all_shares_0_nothing_is_changed(name: str) -> None:
    seen = stars(name)
    plain, shaken = seen.batch(ALL, None), seen.batch(ALL, np.random.default_rng(0))
    assert same(plain, shaken)


def test_a_fold_is_turned_by_some_bins() -> None:
    """Nobody knows where the faintest bin begins."""
    seen = stars("folds", turn=2)
    plain, shaken = seen.batch(ALL, None)["folds"], seen.batch(ALL, np.random.default_rng(0))["folds"]
    turns = [[by for by in range(-3, 4) if np.array_equal(shaken[k], np.roll(plain[k], by, axis=-1))] for k in range(N)]
    assert {one[0] for one in turns} == {-2, -1, 0, 1, 2}


@pytest.mark.parametrize("name", ["folds", "steps", "sequences"])
def test_the_same_chance_gives_the_same_batch(name: str) -> None:
    seen = MaterialStars(material(name), ALL, np.eye(4, dtype=np.float32)[ALL % 4], CLASSES, Augmentation())
    one, two, other = (seen.batch(ALL, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert same(one, two)
    assert same(one, other) == (name == "sequences")  # which are fed as they are
    # And leaves no trace in the material.
    fresh = MaterialStars(material(name), ALL, seen.target, CLASSES, Augmentation())
    assert same(seen.batch(ALL, None), fresh.batch(ALL, None))


def test_rows_are_those_of_the_chosen_stars() -> None:
    some = np.array([7, 2, 5])
    few = stars("folds", some)
    assert same(few.batch(np.array([1, 2]), None), stars("folds").batch(np.array([2, 5]), None))
    targets = few.targets(np.array([1, 2]))
    np.testing.assert_array_equal(targets["target"], np.eye(4)[[2, 1]])
    np.testing.assert_array_equal(targets["morphology"], [1, 4])
    np.testing.assert_array_equal(targets["right"], right_candidate(few.material, np.array([2, 5])))
    assert set(stars("steps").targets(ALL)) == {"target"}
    assert len(few.lengths) == 3


# The right candidate -----------------------------------------------------------------------------------------------


def test_which_candidate_is_the_catalogues() -> None:
    found = right_candidate(material("folds"), ALL)
    assert found.tolist() == [2, 0, 0, -1, 0, 0, 0, -1, 0, 0, 0, -1]
    tried = material("folds").examples.tried.copy()
    tried[1] *= 1.0019
    tried[2] *= 1.0021
    assert right_candidate(material("folds", tried=tried), ALL)[[1, 2]].tolist() == [0, -1]


def test_the_first_candidate_is_folded_as_the_line_would() -> None:
    """The line sharpens the period that it believes; where that is right, training folds there too."""
    whole = material("folds")
    period = whole.examples.period * 1.0005
    sharp = material("folds", period=period)
    seen = MaterialStars(sharp, ALL, np.eye(4, dtype=np.float32)[ALL % 4], CLASSES, Augmentation(**NOTHING))
    near = right_candidate(sharp, ALL) == 0
    np.testing.assert_allclose(seen.tried[near, 0], 1.0 / period[near])
    np.testing.assert_array_equal(seen.tried[~near], sharp.examples.tried[~near])
    np.testing.assert_array_equal(seen.tried[:, 1:], sharp.examples.tried[:, 1:])
    np.testing.assert_array_equal(sharp.examples.tried, whole.examples.tried)  # which nobody wrote to
    np.testing.assert_array_equal(seen.batch(ALL, None)["folds"], sharp.inputs(ALL, tried=seen.tried)["folds"])


# Changes -----------------------------------------------------------------------------------------------------------


def test_mirrored_are_those_that_look_alike_backwards() -> None:
    plain = stars("folds").batch(ALL, None)["folds"]
    found = stars("folds", mirror=1.0).batch(ALL, np.random.default_rng(0))["folds"]

    def turned_to(k: int, backwards: bool) -> bool:
        fold = np.roll(plain[k][..., ::-1], 1, axis=-1) if backwards else plain[k]
        return any(np.array_equal(found[k], np.roll(fold, by, axis=-1)) for by in (-1, 0, 1))

    for k in range(N):
        pulsates = k % 4 == 2
        assert turned_to(k, not pulsates), k
        assert not turned_to(k, pulsates), k
    # Backwards, the faintest bin stays where it is.
    level = np.roll(plain[1, 0, 0][::-1], 1)
    assert level.argmax() == plain[1, 0, 0].argmax() == 0


def test_a_class_among_several_is_enough_to_keep_the_direction() -> None:
    whole = material("folds")
    target = np.array([[1, 0, 0, 1], [1, 0, 1, 0]] * 6, dtype=np.float32)
    seen = MaterialStars(whole, ALL, target, CLASSES, Augmentation())
    assert seen.two_way.tolist() == [True, False] * 6


def test_alone_comes_the_right_candidate_and_nothing_is_known_of_it() -> None:
    seen = stars("folds", given=1.0)
    found = seen.batch(ALL, np.random.default_rng(0))
    for k in range(N):
        if seen.right[k] == 0:
            assert found["folds"][k, 0].any()
            assert not found["folds"][k, 1:].any()
            assert np.isnan(found["strengths"][k]).all()
        else:
            np.testing.assert_array_equal(found["strengths"][k], seen.material.examples.strengths[k])
            assert found["folds"][k, 1].any()


def test_features_are_forgotten_at_their_share() -> None:
    seen = stars("steps", forget=0.3)
    rng = np.random.default_rng(0)
    lost = np.mean([np.isnan(seen.batch(ALL, rng)["features"]) for _ in range(40)])
    assert lost == pytest.approx(0.3, abs=3 * np.sqrt(0.21 / (40 * N * 30)))
    assert not np.isnan(seen.material.examples.values).any()


def test_candidates_are_jittered_by_a_share_of_their_width() -> None:
    seen, seen_tried = stars("folds", jitter=0.03), []
    inputs = seen.material.inputs

    def spy(rows: Any, points: Any = None, tried: Any = None) -> Any:
        seen_tried.append(tried)
        return inputs(rows, points, tried)

    object.__setattr__(seen.material, "inputs", spy)
    rng = np.random.default_rng(0)
    for _ in range(50):
        seen.batch(ALL, rng)
    off = (np.array(seen_tried) - seen.tried) * seen.span[:, None]
    assert np.nanstd(off) == pytest.approx(0.03, rel=0.05)
    assert np.isnan(off[:, 5, 4:]).all()  # what is missing stays so


@pytest.mark.parametrize("times", [60])
def test_points_are_lost_and_half_of_the_stars_lose_the_last(times: int) -> None:
    seen = stars("steps", fewer=1.0)
    assert seen.material.points is not None
    rng = np.random.default_rng(0)
    shares, beginnings = [], []
    for _ in range(times):
        points = seen._points(ALL, rng)
        for k in range(N):
            time = points.time[points.offsets[k] : points.offsets[k + 1]]
            whole = seen.material.points.time[seen.material.points.offsets[k] : seen.material.points.offsets[k + 1]]
            assert set(time.tolist()) <= set(whole.tolist())
            assert time[0] == whole[0]
            shares.append(len(time) / len(whole))
            beginnings.append(np.array_equal(time, whole[: len(time)]))
    assert np.mean(shares) == pytest.approx(0.7, abs=0.02)
    assert min(shares) > 0.2  # of 60 points, two in five, give or take three standard deviations
    assert np.mean(beginnings) == pytest.approx(0.5, abs=3 * np.sqrt(0.25 / (times * N)))


def test_a_share_of_the_stars_keeps_all() -> None:
    seen = stars("steps", fewer=0.25)
    assert seen.material.points is not None
    rng = np.random.default_rng(0)
    full = [np.diff(seen._points(ALL, rng).offsets) == STARS.lengths for _ in range(100)]
    assert np.mean(full) == pytest.approx(0.75, abs=0.05)


def test_noise_is_added_with_its_error() -> None:
    seen = stars("steps", noise=1.0)
    own = seen.material.points
    assert own is not None
    rng = np.random.default_rng(0)
    added, grown = [], []
    for _ in range(60):
        points = seen._points(ALL, rng)
        np.testing.assert_array_equal(points.time, own.time)
        extra = 1.0 / points.weight - 1.0 / own.weight
        added.append((points.mag - own.mag) / np.sqrt(np.maximum(extra, 1e-30)))
        grown.append(extra * own.weight)
    # Standard normal in units of what was added to the error, which is as large as the error at most.
    assert np.std(added) == pytest.approx(1.0, abs=0.02)
    assert np.min(grown) >= -1e-12
    assert np.max(grown) <= 1.0 + 1e-12
    assert np.mean(np.sqrt(np.maximum(grown, 0))) == pytest.approx(0.5, abs=0.05)


def test_of_a_short_star_a_point_is_left() -> None:
    short = magnitudes(STARS).some(np.arange(3)).keep(np.isin(np.arange(int(STARS.offsets[3])), STARS.offsets[:3]))
    whole = material("steps")
    few = Material("steps", whole.about, whole.examples.some(np.arange(3)), short, None, np.full(3, -1))
    seen = MaterialStars(few, np.arange(3), np.eye(4, dtype=np.float32)[:3], CLASSES, Augmentation())
    rng = np.random.default_rng(0)
    for _ in range(30):
        given = seen.batch(np.arange(3), rng)["steps"]
        assert (given[:, :, 4].sum(axis=1) == 1).all()


def test_folds_have_all_their_bins_after_all_changes() -> None:
    seen = MaterialStars(material("folds"), ALL, np.eye(4, dtype=np.float32)[ALL % 4], CLASSES, Augmentation())
    rng = np.random.default_rng(0)
    for _ in range(10):
        given = seen.batch(ALL, rng)
        assert given["folds"].shape == (N, 8, 3, BINS)
        assert np.isfinite(given["folds"]).all()
        assert {name: array.dtype.name for name, array in given.items()} == dict.fromkeys(given, "float32")
