"""Whose stars a teacher learns from, what it says of which, and what a pupil makes of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.special import log_softmax, softmax

from goodricke.errors import OptionError
from goodricke.represent.folds import Points
from goodricke.train import classical
from goodricke.train.config import Member
from goodricke.train.examples import Examples
from goodricke.train.material import Material
from goodricke.train.members import Workshop
from goodricke.train.task import Task
from goodricke.train.teacher import Teacher, matched, softened
from train.made import table, workshop

pytest.importorskip("sklearn", reason="training needs the [train] extra")

CLASSES = ("EA", "EW", "RRAB")


# What is taught ------------------------------------------------------------------------------------------------------


def test_certain_and_ambiguous_stars_and_strangers() -> None:
    rng = np.random.default_rng(0)
    n = 60
    allowed = np.eye(4, dtype=bool)[rng.integers(0, 4, n)]
    allowed[20:40] |= np.roll(allowed[20:40], 1, axis=1)
    logits = 3.0 * rng.normal(size=(n, 4))
    logits[::5] = np.nan
    found = softened(allowed, logits, 0.3)
    assert found.dtype == np.float32
    p = softmax(logits, axis=1)
    for k in range(n):
        if k % 5 == 0:
            wanted = allowed[k].astype(float)  # the loss asks of an ambiguous row of ones only that it is one of them
        elif allowed[k].sum() == 1:
            wanted = 0.7 * allowed[k] + 0.3 * p[k]
        else:
            wanted = p[k] * allowed[k] / (p[k] * allowed[k]).sum()
        np.testing.assert_allclose(found[k], wanted, atol=1e-6)
    known = np.arange(n) % 5 != 0
    np.testing.assert_allclose(found[known].sum(axis=1), 1.0, atol=1e-6)
    np.testing.assert_allclose(softened(allowed, logits, 1.0)[:20][known[:20]], p[:20][known[:20]], atol=1e-6)


def test_a_teacher_that_rules_out_all_that_a_star_may_be() -> None:
    """No number is lost where its probabilities are nothing, and of two that are next to nothing one is likelier."""
    allowed = np.array([[True, True, False], [True, True, False], [True, False, False]])
    logits = np.array([[-np.inf, -np.inf, 0.0], [-2000.0, -2001.0, 0.0], [-np.inf, -np.inf, 0.0]])
    found = softened(allowed, logits, 0.25)
    np.testing.assert_allclose(found[0], [0.5, 0.5, 0.0])
    np.testing.assert_allclose(found[1, :2], softmax([1.0, 0.0]), atol=1e-6)
    np.testing.assert_allclose(found[2], [0.75, 0.0, 0.25])
    np.testing.assert_allclose(softened(allowed, logits - 1e6, 0.25), found, atol=1e-6)  # not all models normalise


# Whose stars ---------------------------------------------------------------------------------------------------------


def stars(part: np.ndarray, place: np.ndarray) -> Examples:
    """Known by where they stand."""
    return table(
        values=np.zeros((len(part), 1), dtype=np.float32), names=("a",), allowed=np.ones((len(part), 1), dtype=bool),
        part=part, place=place, kind=np.where(part % 2 == 0, "whole", "thinned"),
        object_id=np.array([f"star {p // 2}/{k}" for p, k in zip(part, place, strict=True)]),
    )  # fmt: skip


def test_rows_are_matched_by_part_and_place() -> None:
    rng = np.random.default_rng(1)
    part, place = (one.ravel() for one in np.meshgrid(np.arange(4), np.arange(30)))
    mine, others = rng.permutation(120)[:90], rng.permutation(120)[:80]
    pupil, teacher = stars(part[mine], place[mine]), stars(part[others], place[others])
    where = {number: row for row, number in enumerate(others.tolist())}
    assert matched(pupil, teacher).tolist() == [where.get(number, -1) for number in mine.tolist()]
    assert matched(pupil, pupil).tolist() == list(range(90))


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("object_id", "star 3 of part 1 has object_id other for the teacher and star 0/3 for its pupil; give both"),
        ("kind", "star 3 of part 1 has kind other for the teacher and thinned for its pupil"),
        ("survey", "star 3 of part 1 has survey other for the teacher and asas3_acvs for its pupil"),
    ],
)
def test_other_stars_in_the_same_places_are_refused(name: str, says: str) -> None:
    pupil = stars(np.ones(5, dtype=np.int64), np.arange(5))
    column = getattr(pupil, name).astype("U20")
    column[3] = "other"
    with pytest.raises(OptionError, match=says):
        matched(pupil, replace(pupil, **{name: column}))


def test_a_teacher_without_a_star_of_the_pupil_is_refused() -> None:
    pupil, none = (stars(np.full(n, k), np.arange(n)) for n, k in ((5, 0), (3, 2)))
    for teacher in (none, none.some(np.arange(0))):
        with pytest.raises(OptionError, match=r"the teacher has none of the 5 stars of its pupil"):
            matched(pupil, teacher)


def test_a_teacher_learns_from_the_seen_stars_of_its_pupil_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither from those that test the pupil, nor from those that only the teacher has."""
    whole = blobs(200)
    own = np.random.default_rng(3).permutation(200)[:150]  # the teacher's stars, in an order of their own
    shop = workshop(whole.some(own), tmp_path)
    learned: list[set[bytes]] = []
    real = classical.fit

    def fit(family: str, values: np.ndarray, *rest: object, **more: object) -> classical.Fitted:
        learned.append({row.tobytes() for row in values.astype(np.float32)})
        return real(family, values, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(classical, "fit", fit)
    pupil = whole.some(np.arange(0, 160))
    teacher = Teacher(Member("naive_bayes"), shop, matched(pupil.examples, shop.task.examples))
    seen = np.arange(160) % 5 != 2
    found = teacher.logits(seen, "test")
    common = seen & np.isin(np.arange(160), own)
    assert learned == [{row.tobytes() for row in pupil.examples.values[common]}]
    assert (~np.isnan(found)).all(axis=1).tolist() == common.tolist()
    assert np.isnan(found).any(axis=1).tolist() == (~common).tolist()
    # What it says is said of the right star.
    fitted = real("naive_bayes", pupil.examples.values[common], pupil.target[common], 3)
    wanted = fitted.predictor().logits({"features": pupil.examples.values[common]})
    np.testing.assert_allclose(log_softmax(found[common], axis=1), log_softmax(wanted, axis=1), atol=1e-4)
    teacher.logits(seen, "again")
    assert len(learned) == 1  # from the cache


# What comes of it ----------------------------------------------------------------------------------------------------


def blobs(n: int, wrong: float = 0.0) -> Task:
    """Three classes around three corners, of four numbers; a share of the labels is drawn by lot."""
    rng = np.random.default_rng(5)
    target = rng.integers(0, 3, n)
    values = rng.normal(size=(n, 4)) + 1.5 * np.eye(3, 4)[target]
    lots = rng.random(n) < wrong
    told = np.where(lots, rng.integers(0, 3, n), target)
    allowed = np.eye(3, dtype=bool)[told]
    examples = table(values=values.astype(np.float32), names=("a", "b", "c", "d"), allowed=allowed)
    return Task(examples, CLASSES, allowed)


def seen_as_steps(task: Task, folder: Path, teachers: dict[str, Teacher]) -> Workshop:
    """Raw points that tell nothing, and the features."""
    n = len(task.examples)
    rng = np.random.default_rng(6)
    points = Points(
        np.tile(np.arange(12.0), n), rng.normal(size=12 * n), np.ones(12 * n), 12 * np.arange(n + 1, dtype=np.int64)
    )
    material = Material("steps", {"name": "steps", "steps": 12}, task.examples, points, None, np.full(n, -1))
    return Workshop(task, material, folder, folder / "runs", 1, lambda _: None, teachers)


@pytest.mark.slow
def test_a_pupil_comes_closer_to_its_teacher_than_one_without(tmp_path: Path) -> None:
    """Mean divergence from what the teacher says of stars that neither has seen; half the labels are wrong."""
    task = blobs(1200, wrong=0.5)
    seen = np.arange(1200) % 3 != 0
    shop = workshop(task, tmp_path)
    member = Member("naive_bayes")
    teacher = Teacher(member, shop, np.arange(1200))
    said = log_softmax(shop.logits(member, seen, ~seen, "test"), axis=1)
    pupils = seen_as_steps(task, tmp_path, {"wise": teacher})
    alone = Member(
        "network", "quick", {"raw_widths": [4], "hidden": 16, "dropout": 0.0},
        {"epochs": 8, "batch": 64, "learning_rate": 0.01, "schedule": "cycle", "stop": 8},
        {"forget": 0.0},
    )  # fmt: skip

    def divergence(member: Member) -> float:
        own = log_softmax(pupils.logits(member, seen, ~seen, "test"), axis=1)
        return float((np.exp(said) * (said - own)).sum(axis=1).mean())

    taught = replace(alone, teacher="wise")
    by_labels, half, whole = (divergence(one) for one in (alone, taught, replace(taught, teacher_share=1.0)))
    assert whole < half < by_labels
    assert whole < 0.5 * by_labels
