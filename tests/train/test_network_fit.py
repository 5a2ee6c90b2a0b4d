"""Which stars a network learns from, which it is stopped by, and what it is taught; whole runs with networks."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
import torch
from scipy.special import log_softmax

from goodricke.errors import OptionError
from goodricke.evaluate.splits import folds_of
from goodricke.line import classify, load_model
from goodricke.models import load_bundle
from goodricke.models.average import Average
from goodricke.networks.bigru import BiGRUSettings
from goodricke.networks.folds import Seen
from goodricke.period import find_periods
from goodricke.represent.folds import Points
from goodricke.represent.sequences import Sequences
from goodricke.train import classifier, loop, network_fit
from goodricke.train.config import Config, Member
from goodricke.train.loop import LoopSettings
from goodricke.train.material import Material
from goodricke.train.network_fit import HELD_OUT, fit_network, held_out, settings_of
from line.made import good_stars
from train.made import SETS, TREES, config, small_folder, table, trained

CLASSES = ("EA", "EW", "RRAB")


def material(stars: int = 40, copies: int = 3) -> Material:
    """Random walks as sequences; every star stands there several times, the copies after all the others."""
    rng = np.random.default_rng(0)
    n = stars * copies
    lengths = rng.integers(8, 20, n)
    raw = Sequences(
        rng.uniform(size=(lengths.sum(), 3)).astype(np.float32),
        np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
    )
    number = np.tile(np.arange(stars), copies)
    examples = table(
        values=rng.normal(size=(n, 4)).astype(np.float32), names=("a", "b", "c", "d"),
        allowed=np.eye(3, dtype=bool)[number % 3], object_id=np.array([f"star {k}" for k in number]),
        survey=np.where(np.arange(n) < stars, "asas3_acvs", "crts_sss"),
        kind=np.where(np.arange(n) < stars, "whole", "thinned"),
    )  # fmt: skip
    return Material("sequences", {"name": "sequences", "steps": 12}, examples, None, raw, np.full(n, -1))


def names(whole: Material, rows: np.ndarray) -> set[str]:
    return set(whole.examples.object_id[rows].tolist())


# Settings ------------------------------------------------------------------------------------------------------------


def test_settings_from_a_recipe() -> None:
    found = settings_of(BiGRUSettings, {"units": [4, 3, 2], "dropout": 0, "batch_norm": False}, "the network")
    assert (found.units, found.dropout, found.batch_norm) == ((4, 3, 2), 0, False)
    assert found.directions == BiGRUSettings().directions


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"unit": [3]}, r"setting 'unit' of the network is not known; did you mean 'units'\?"),
        ({"zzz": 1}, "setting 'zzz' of the network is not known; there are units, directions"),
        ({"units": 3}, "setting units = 3 of the network is not a tuple"),
        ({"dropout": "much"}, "setting dropout = 'much' of the network is not a float"),
        ({"dropout": True}, "setting dropout = True of the network is not a float"),
        ({"dense": 0.5}, r"setting dense = 0\.5 of the network is not a int"),
        ({"dense": True}, "setting dense = True of the network is not a int"),
        ({"batch_norm": 1}, "setting batch_norm = 1 of the network is not a bool"),
    ],
)
def test_settings_that_are_none(given: dict[str, Any], says: str) -> None:
    with pytest.raises(OptionError, match=says):
        settings_of(BiGRUSettings, given, "the network")


# Who learns, who judges ----------------------------------------------------------------------------------------------


def test_a_tenth_of_the_stars_is_held_out_with_all_their_copies() -> None:
    whole = material()
    seen = np.arange(120) % 40 >= 8  # the first eight stars are the test
    for seed in range(5):
        stop = held_out(whole, seen, seed)
        assert not (stop & ~seen).any()
        assert len(names(whole, stop)) == int(32 * HELD_OUT) == 3
        assert stop.sum() == 9
        assert not names(whole, stop) & names(whole, seen & ~stop)
    chosen = {frozenset(names(whole, held_out(whole, seen, seed))) for seed in range(5)}
    assert len(chosen) > 1
    np.testing.assert_array_equal(held_out(whole, seen, 3), held_out(whole, seen, 3))


def test_the_choice_does_not_hang_on_the_spelling_of_names() -> None:
    whole = material()
    other = whole.examples.some(np.arange(120))
    other.object_id[:] = [f"x{(7 * int(name.split()[1])) % 40}" for name in whole.examples.object_id]
    seen = np.ones(120, dtype=bool)
    renamed = Material("sequences", whole.about, other, None, whole.raw, whole.morphology)
    np.testing.assert_array_equal(held_out(renamed, seen, 2), held_out(whole, seen, 2))


def test_one_star_at_least_is_held_out() -> None:
    assert held_out(material(4), np.ones(12, dtype=bool), 0).sum() == 3


def spied(monkeypatch: pytest.MonkeyPatch, folder: Path, whole: Material, seen: np.ndarray, network: str) -> list[Any]:
    """What the loop was given, without training."""
    calls: list[Any] = []

    def fit(*given: Any) -> list[Any]:
        calls.append(given)
        return []

    monkeypatch.setattr(loop, "fit", fit)
    target = whole.examples.allowed.astype(np.float32)
    small = {"units": [4], "directions": [1]} if network == "bigru" else {}
    fit_network(whole, seen, target, CLASSES, network, small, {"epochs": 1}, {}, folder, 5, say=lambda _: None)
    return calls


def test_no_star_is_on_two_sides(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    whole = material()
    seen = np.arange(120) % 40 >= 8
    ((_, stars, others, *rest),) = spied(monkeypatch, tmp_path, whole, seen, "bigru")
    learn, judge = stars.rows, others.rows
    assert sorted([*learn, *judge]) == np.flatnonzero(seen).tolist()
    test = names(whole, ~seen)
    assert not names(whole, learn) & names(whole, judge)
    assert not (names(whole, learn) | names(whole, judge)) & test
    np.testing.assert_array_equal(stars.target, whole.examples.allowed[learn])
    np.testing.assert_array_equal(others.target, whole.examples.allowed[judge])
    assert rest[2] == 5


def test_scales_are_those_of_the_stars_that_teach(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Stars to judge by have other numbers by far; not one quantile knows of it."""
    whole = material(80)
    seen = np.arange(240) % 80 >= 8
    stop = held_out(whole, seen, 5)
    whole.examples.values[stop | ~seen] += 1000.0
    lengths = np.full(240, 12)
    points = Points(
        np.tile(np.arange(12.0), 240), np.random.default_rng(1).normal(size=12 * 240), np.ones(12 * 240),
        np.concatenate([[0], np.cumsum(lengths)]),
    )  # fmt: skip
    steps = Material("steps", {"name": "steps", "steps": 12}, whole.examples, points, None, whole.morphology)
    ((module, *_),) = spied(monkeypatch, tmp_path, steps, seen, "quick")
    assert module.feature_scores.known.all()
    assert module.feature_scores.knot.max() < 10


# What folds are taught -----------------------------------------------------------------------------------------------


def test_the_loss_of_folds_is_the_sum_of_its_heads() -> None:
    rng = np.random.default_rng(0)
    n, c = 30, 6
    logits, morphology = rng.normal(size=(n, 3)), rng.normal(size=(n, 7))
    attention = log_softmax(rng.normal(size=(n, c)), axis=1)
    attention[0, 2] = -9999.0  # the right candidate was lost on the way
    right, level = rng.integers(-1, c + 2, n), rng.integers(-1, 7, n)  # some are beyond those that it looks at
    right[0] = 2
    target = np.eye(3)[rng.integers(0, 3, n)]
    known, shaped = (right >= 0) & (right < c), level >= 0
    plain = -log_softmax(logits, axis=1)[target > 0].mean()
    looked = -np.maximum(attention[known, right[known]], -10.0).mean()
    shape = -log_softmax(morphology, axis=1)[shaped, level[shaped]].mean()
    given = Seen(*(torch.tensor(one, dtype=torch.float32) for one in (logits, morphology, attention, logits)))
    loss = network_fit._loss(target.astype(np.float32), LoopSettings())

    def found(right: np.ndarray, level: np.ndarray) -> float:
        targets = {"target": torch.tensor(target, dtype=torch.float32)}
        return float(loss(given, {**targets, "right": torch.tensor(right), "morphology": torch.tensor(level)}))

    assert found(right, level) == pytest.approx(plain + 0.2 * looked + 0.5 * shape, rel=1e-5)
    nobody = np.full(n, -1)
    assert found(nobody, nobody) == pytest.approx(plain, rel=1e-5)
    assert found(right, nobody) == pytest.approx(plain + 0.2 * looked, rel=1e-5)


# Whole runs ----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_folder(tmp_path_factory)


@pytest.fixture(scope="module")
def runs(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Bundles of both networks, small, after an epoch or two."""
    place = tmp_path_factory.mktemp("networks")
    small = {"raw_widths": [6, 8], "hidden": 16}
    quick = Member("network", "quick", small, {"epochs": 2, "batch": 16, "learning_rate": 0.01})
    folds = Member(
        "network", "folds", {**small, "widths": [6, 8], "embedding": 12, "candidates": 4},
        {"epochs": 1, "batch": 16, "schedule": "cycle", "average": 0.5, "class_weights": "inverse"},
    )  # fmt: skip
    trained(recipe_of("quickly", (quick,)), folder / "sets", folder / "cache", place)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(classifier, "best_shares", lambda *_: [0.4, 0.6])  # after one epoch it may not be worth one
        both = (Member("boosted_trees", settings=TREES), folds)
        trained(recipe_of("both", both), folder / "sets", folder / "cache", place)
    return place


def recipe_of(name: str, members: tuple[Member, ...]) -> Config:
    """One fold is enough: what folds are there for is tested with trees."""
    more = {"period": "none", "groups": ("log_n", "moments")} if name == "quickly" else {}
    return config(members, name=name, steps=24, protocol="single", **more)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["quickly-1", "both-1"])
def test_the_bundle_loads_and_classifies(runs: Path, name: str) -> None:
    model = load_model(runs / name)
    assert model.classes_ == ("CONST", "EA", "EW", "RRAB")
    stars = good_stars()
    rows = classify(stars, model)
    np.testing.assert_allclose(rows.probabilities.sum(axis=1), 1.0, atol=1e-6)
    alone = classify(stars[2:3], model)
    np.testing.assert_allclose(alone.probabilities[0], rows.probabilities[2], atol=1e-5)
    card = (runs / name / "card.md").read_text()
    assert "goodricke train small.toml" in card


@pytest.mark.slow
def test_the_parts_of_the_average_are_what_they_were(runs: Path) -> None:
    bundle = load_bundle(runs / "both-1")
    manifest = bundle.manifest
    assert manifest["metrics"]["members alone"].keys() == {"boosted_trees", "folds"}
    assert [one["family"] for one in manifest["settings"]["members"]] == ["boosted_trees", "onnx"]
    np.testing.assert_allclose(bundle.arrays["share"], [0.4, 0.6])
    assert set(bundle.extras) == {"embedding", "attention", "morphology"}
    assert manifest["representation"]["name"] == "folds"
    assert manifest["representation"]["steps"] == 24
    model = load_model(runs / "both-1")
    stars = good_stars()
    inputs = model.inputs(stars, find_periods(stars))
    found = bundle.outputs(inputs, ["embedding", "attention", "morphology"])
    assert {name: one.shape for name, one in found.items()} == {
        "embedding": (5, 16), "attention": (5, 4), "morphology": (5, 7),
    }  # fmt: skip
    # The mean of log probabilities, as the two members give them.
    assert isinstance(bundle.predictor, Average)
    logs = [
        log_softmax(one.logits({name: inputs[name] for name in own}), axis=1)
        for one, own in zip(bundle.predictor.members, bundle.predictor.inputs, strict=True)
    ]
    np.testing.assert_allclose(bundle.logits(inputs), 0.4 * logs[0] + 0.6 * logs[1], atol=1e-5)


@pytest.mark.slow
def test_the_folder_of_the_run(runs: Path) -> None:
    for name in ("quickly-1", "both-1"):
        run = runs / f"{name}-run"
        assert len(list(run.glob("*/history.jsonl"))) == len(list(run.glob("*/learning.png"))) == 1
        assert json.loads((run / "config.json").read_text())["recipe"]["name"] == name[:-2]
        assert json.loads((run / "metrics.json").read_text()).keys() >= {"calibration", "prediction sets"}


@pytest.mark.slow
def test_a_single_fold_is_judged_by_the_stars_of_the_first(runs: Path) -> None:
    stars = {f"{name}-{k}" for name, counts in SETS.items() for k in range(sum(counts.values()))}
    first = {name for name, fold in zip(stars, folds_of(list(stars), 5), strict=True) if fold == 0}
    for name in ("quickly-1", "both-1"):
        judged = set(pq.read_table(runs / f"{name}-unseen.parquet")["object_id"].to_pylist())
        assert 5 < len(judged) <= len(first)
        assert judged <= first


@pytest.mark.slow
def test_a_run_with_networks_that_was_killed_gives_the_same_bytes(
    runs: Path, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = {"raw_widths": [6, 8], "hidden": 16}
    quick = Member("network", "quick", small, {"epochs": 2, "batch": 16, "learning_rate": 0.01})
    shutil.copytree(folder / "cache", tmp_path / "cache", ignore=shutil.ignore_patterns("logits-*"))
    real = loop.save_checkpoint

    def save(*given: Any) -> None:
        real(*given)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(loop, "save_checkpoint", save)
        with pytest.raises(KeyboardInterrupt):
            trained(recipe_of("quickly", (quick,)), folder / "sets", tmp_path / "cache", tmp_path)
    said: list[str] = []
    trained(recipe_of("quickly", (quick,)), folder / "sets", tmp_path / "cache", tmp_path, said)
    assert any("going on after epoch 1" in line for line in said)
    for path in (runs / "quickly-1").iterdir():
        assert (tmp_path / "quickly-1" / path.name).read_bytes() == path.read_bytes(), path.name
