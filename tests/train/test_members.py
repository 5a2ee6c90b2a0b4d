"""Shares of members, and what their cache hangs on."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from goodricke.train import members
from goodricke.train.config import Member
from goodricke.train.material import Material
from goodricke.train.members import Workshop, best_shares
from goodricke.train.task import SURE_ENOUGH, Task
from goodricke.train.teacher import Teacher
from train.made import table, workshop

CLASSES = ("EA", "EW", "RRAB")


def task(n: int = 3000, ambiguous: float = 0.0, seed: int = 0) -> tuple[Task, np.ndarray]:
    rng = np.random.default_rng(seed)
    target = rng.integers(0, 3, n)
    allowed = np.eye(3, dtype=bool)[target]
    doubtful = (rng.random(n) < ambiguous) & (target < 2)
    allowed[doubtful, :2] = True
    values = rng.normal(size=(n, 2)).astype(np.float32)
    examples = table(values=values, names=("a", "b"), allowed=allowed)
    return Task(examples, CLASSES, allowed), target


def told(target: np.ndarray, noise: float, seed: int) -> np.ndarray:
    """Logits of a model that sees the class through noise, and knows how much there is."""
    rng = np.random.default_rng(seed)
    seen = np.eye(3)[target] + noise * rng.normal(size=(len(target), 3))
    return seen / noise**2


# Shares --------------------------------------------------------------------------------------------------------------


def test_a_useless_member_gets_nothing() -> None:
    whole, target = task()
    good, nonsense = told(target, 0.7, 1), 3.0 * np.random.default_rng(2).normal(size=(3000, 3))
    assert best_shares(whole, [good, nonsense]) == [1.0, 0.0]
    assert best_shares(whole, [nonsense, good]) == [0.0, 1.0]
    assert best_shares(whole, [good, nonsense, told(target, 0.7, 3)])[1] == 0.0


def test_members_that_know_as_much_share_alike() -> None:
    """Two looks through the same noise, each worth half: more than either alone."""
    whole, target = task(20_000)
    one, other = told(target, 1.5, 1), told(target, 1.5, 2)
    # Logits that are averaged know half as much as they may: give them twice, to see the shares alone.
    shares = best_shares(whole, [2 * one, 2 * other])
    assert shares == pytest.approx([0.5, 0.5], abs=0.051)
    assert sum(shares) == pytest.approx(1.0)


def test_the_better_one_gets_more_and_one_is_all() -> None:
    whole, target = task(10_000)
    first, second = best_shares(whole, [1.5 * told(target, 1.0, 1), 1.5 * told(target, 2.0, 2)])
    assert first > 0.55 > second > 0.0
    assert best_shares(whole, [told(target, 1.0, 1)]) == [1.0]


def test_shares_are_those_of_the_least_loss_on_the_grid() -> None:
    whole, target = task(500, ambiguous=0.4)
    logits = [told(target, 1.0, 1), 0.3 * told(target, 1.0, 2)]

    def loss(share: float) -> float:
        logs = [one - np.log(np.exp(one).sum(axis=1, keepdims=True)) for one in logits]
        p = np.exp((1 - share) * logs[0] + share * logs[1])
        p /= p.sum(axis=1, keepdims=True)
        return float(-np.log((p * whole.allowed).sum(axis=1)).mean())

    grid = [k / 20 for k in range(21)]
    assert best_shares(whole, logits)[1] == pytest.approx(min(grid, key=loss))


# The cache -----------------------------------------------------------------------------------------------------------


def network_shop(folder: Path, **changed: object) -> Workshop:
    whole, _ = task(40)
    about = {"name": "steps", "steps": 20}
    material = Material("steps", about, whole.examples, None, None, np.full(40, -1))
    return Workshop(whole, replace(material, **changed), folder, folder / "runs", 1, print)  # type: ignore[arg-type]


def test_a_member_is_known_by_all_that_it_hangs_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = np.arange(40) % 5 != 0
    network, trees = Member("network", "quick"), Member("boosted_trees")
    shop = network_shop(tmp_path)
    keys = [shop._key(network, seen), shop._key(trees, seen)]
    assert shop._key(network, seen) == keys[0]
    keys.append(shop._key(network, ~seen))
    changes = {"settings": {"hidden": 9}, "training": {"epochs": 3}, "augmentation": {"noise": 0.1}, "seed": 1}
    keys += [shop._key(replace(network, **{key: value}), seen) for key, value in changes.items()]
    for change in ({"about": {"name": "steps", "steps": 21}}, {"morphology": np.zeros(40, dtype=np.int64)}):
        other = network_shop(tmp_path, **change)
        keys.append(other._key(network, seen))
        # What trees do not see does not concern them.
        assert other._key(trees, seen) == keys[1]
    values = shop.task.examples.some(np.arange(40))
    values.values[0, 0] += 1
    changed = Workshop(Task(values, CLASSES, shop.task.allowed), shop.material, tmp_path, tmp_path, 1, print)
    keys += [changed._key(network, seen), changed._key(trees, seen)]
    monkeypatch.setattr(members, "_code", lambda name: f"newer {name}")
    keys += [shop._key(network, seen), shop._key(trees, seen)]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("member", [Member("network", "quick", {"hidden": 9}), Member("knn", seed=3)])
def test_members_without_a_teacher_are_known_as_they_were_before_there_were_any(member: Member, tmp_path: Path) -> None:
    """Checkpoints and logits of weeks hang on it."""
    shop, seen = network_shop(tmp_path), np.arange(40) % 5 != 0
    told = {
        "family": member.family, "network": member.network, "settings": member.settings, "training": {},
        "augmentation": {}, "seed": member.seed,
    }  # fmt: skip
    digest = hashlib.sha256(json.dumps(told).encode())
    digest.update(repr((CLASSES, ("a", "b"), members._FIRST, SURE_ENOUGH)).encode())
    examples = shop.task.examples
    arrays = [examples.values, shop.task.allowed, seen]
    if member.network:
        arrays += [examples.tried, examples.strengths, examples.truth, shop.material.morphology]
        digest.update(json.dumps(shop.material.about).encode())
    digest.update(members._code(member.network).encode())
    for array in arrays:
        digest.update(array.tobytes())
    assert shop._key(member, seen) == digest.hexdigest()[:16]
    assert shop._key(replace(member, teacher_share=0.3), seen) == shop._key(member, seen)  # nobody's share


def test_a_pupil_is_known_by_its_teacher(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen, everybody = np.arange(40) % 5 != 0, np.arange(40)
    shop = network_shop(tmp_path)
    pupil = Member("network", "quick", teacher="wise")

    def key(member: Member, teacher: Member, rows: np.ndarray = everybody, name: str = "wise") -> str:
        taught = replace(shop, teachers={name: Teacher(teacher, network_shop(tmp_path), rows)})
        return taught._key(replace(member, teacher=name), seen)

    wise = Member("boosted_trees")
    keys = [shop._key(replace(pupil, teacher=""), seen), key(pupil, wise)]
    assert key(pupil, wise, name="elsewhere/wise.toml") == keys[1]  # who teaches matters, not what the file is called
    keys.append(key(replace(pupil, teacher_share=0.4), wise))
    keys.append(key(pupil, replace(wise, seed=1)))
    keys.append(key(pupil, wise, np.where(everybody == 7, -1, everybody)))
    keys.append(key(pupil, wise, everybody[::-1].copy()))
    monkeypatch.setattr(members, "_code_of_teaching", lambda: b"newer")
    keys.append(key(pupil, wise))
    assert len(set(keys)) == len(keys)


def test_the_code_of_a_network_is_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    assert len({members._code(name) for name in ("", "quick", "folds", "bigru")}) == 4


def test_logits_come_from_the_cache(tmp_path: Path) -> None:
    whole, target = task(200)
    whole.examples.values[:, 0] = target  # easily told
    said: list[str] = []
    shop = workshop(whole, tmp_path, said)
    test = np.arange(200) % 5 == 0
    member = Member("naive_bayes")
    first = shop.logits(member, ~test, test, "fold 0")
    assert first.shape == (40, 3)
    assert np.mean(first.argmax(axis=1) == target[test]) > 0.95
    np.testing.assert_array_equal(shop.logits(member, ~test, test, "fold 0"), first)
    assert said == ["fitting: naive_bayes, fold 0"]
    other = shop.logits(member, ~test, ~test, "the others")
    assert other.shape == (160, 3)
    assert len(said) == 2


def test_stars_are_asked_for_in_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole, _ = task(50)
    shop = workshop(whole, tmp_path)
    fitted = shop.fitted(Member("naive_bayes"), np.ones(50, dtype=bool), "all")
    rows = np.array([3, 1, 44, 44])
    np.testing.assert_array_equal(shop.asked(fitted, rows), shop.asked(fitted, np.arange(50))[rows])
