from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from goodricke.decide import Calibration, calibration_error, fit
from goodricke.labels import LEAVES
from goodricke.train import figures
from goodricke.train.classifier import Task
from goodricke.train.figures import calibrated_elsewhere, figures_of, predictions_of, unseen_table
from train.made import table

CLASSES = ("CONST", "EA", "EB", "EW", "RRAB")


@pytest.fixture(autouse=True)
def _few_resamples(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(figures, "_RESAMPLES", 10)


def made(n: int = 600, right: float = 0.8, seed: int = 0) -> tuple[Task, np.ndarray]:
    """Stars of five classes, and logits of a model that is right so often, and sure of itself; every tenth is EB/EW."""
    rng = np.random.default_rng(seed)
    target = rng.integers(1, 5, n)
    allowed = np.zeros((n, 5), dtype=bool)
    allowed[np.arange(n), target] = True
    doubtful = (np.arange(n) % 10 == 0) & np.isin(target, (2, 3))
    allowed[np.ix_(doubtful, [2, 3])] = True
    said = np.where(rng.random(n) < right, target, rng.integers(1, 5, n))
    logits = rng.normal(0, 0.3, (n, 5))
    logits[np.arange(n), said] += 6.0
    kind = np.where(np.arange(n) < n * 5 // 6, "whole", "thinned")
    examples = table(
        values=np.zeros((n, 1), dtype=np.float32), names=("a",),
        allowed=np.array([[leaf in np.array(CLASSES)[row] for leaf in LEAVES] for row in allowed]),
        survey=np.where(np.arange(n) % 4 == 0, "crts_sss", "asas3_acvs"), kind=kind,
        span=np.full(n, 900.0), period=np.linspace(0.3, 3.0, n),
    )  # fmt: skip
    return Task(examples, CLASSES, allowed), logits


@pytest.fixture(scope="module")
def task_and_logits() -> tuple[Task, np.ndarray]:
    return made()


def test_every_fold_is_calibrated_by_the_others(
    task_and_logits: tuple[Task, np.ndarray], monkeypatch: pytest.MonkeyPatch
) -> None:
    task, logits = task_and_logits
    marked = logits.copy()
    marked[:, 0] = np.arange(len(logits)) * 1e-6  # the number of the star
    seen: list[set[int]] = []

    def spy(values: Any, *rest: Any, **more: Any) -> Calibration:
        seen.append(set(np.round(np.asarray(values)[:, 0] * 1e6).astype(int).tolist()))
        return fit(values, *rest, **more)

    monkeypatch.setattr(figures, "fit_calibration", spy)
    calibrated_elsewhere(task, marked, Calibration("temperature", 5, slope=(1.0,)))
    assert len(seen) == 5
    for k, stars in enumerate(seen):
        assert {star % 5 for star in stars} == {0, 1, 2, 3, 4} - {k}


def test_calibration_tames_a_model_that_is_too_sure(task_and_logits: tuple[Task, np.ndarray]) -> None:
    task, logits = task_and_logits
    p = calibrated_elsewhere(task, logits, Calibration("temperature", 5, slope=(1.0,)))
    np.testing.assert_allclose(p.sum(axis=1), 1.0)
    certain = task.certain
    told = calibration_error(p[certain], task.target[certain])
    # Right in 0.8 + 0.2 / 4 of the cases, and at 6 too sure by far.
    assert p.max(axis=1).mean() == pytest.approx(0.85, abs=0.05)
    assert told < 0.06


def test_figures_by_survey_and_view(task_and_logits: tuple[Task, np.ndarray]) -> None:
    task, logits = task_and_logits
    there = task.examples.survey == "crts_sss"
    found = figures_of(task, logits, fit(logits, task.target, kind="temperature"), {"crts_sss": logits[there]}, {})
    titles = ("asas3_acvs", "crts_sss", "all surveys, fewer points", "crts_sss, by a model that never saw the survey")
    assert {*found} == {"calibration", "prediction sets", *titles, *(f"{title}: classes" for title in titles)}
    sets = found["prediction sets"]
    assert sets["coverage"] == pytest.approx(0.95, abs=3 * np.sqrt(0.95 * 0.05 / len(logits)))  # of a binomial draw
    assert 1.0 <= sets["mean size"] <= 5.0
    whole = (task.examples.survey == "asas3_acvs") & (task.examples.kind == "whole")
    four = found["asas3_acvs"]["4class"]
    assert four["stars"] == (whole & task.certain).sum()
    right = np.mean(logits[whole & task.certain].argmax(axis=1) == task.target[whole & task.certain])
    assert four["accuracy"]["value"] == pytest.approx(right, abs=1e-9)
    assert four["accuracy"]["low"] <= right <= four["accuracy"]["high"]
    groups = np.bincount(task.target[whole & task.certain], minlength=5)
    # A guess that is always the commonest class.
    assert four["majority"] == pytest.approx(groups.max() / groups.sum(), abs=1e-9)
    # EB/EW is an eclipsing binary, whichever it is: the stars that are left open count in that view.
    assert found["asas3_acvs"]["eclipsing"]["stars"] == whole.sum() > four["stars"]
    stars = {name: row["stars"] for name, row in found["asas3_acvs: classes"].items()}
    for k, name in enumerate(CLASSES[1:4], start=1):
        assert stars[f"{name} (4class)"] == groups[k]
    assert "OTHER (eclipsing)" not in stars


def test_recall_is_that_of_the_class() -> None:
    task, logits = made(right=1.0)
    wrong = (task.target == 1) & task.certain & (np.arange(600) % 3 == 0)
    logits[wrong, 1] -= 12.0  # EA are missed
    found = figures_of(task, logits, Calibration("none", 5), {}, {"none": 0.5, "temperature": 0.4})
    rows = found["asas3_acvs: classes"]
    mine = (task.examples.survey == "asas3_acvs") & (task.examples.kind == "whole") & (task.target == 1) & task.certain
    assert rows["EA (4class)"]["recall"]["value"] == pytest.approx(1 - np.mean(wrong[mine]), abs=1e-9)
    assert rows["EW (4class)"]["recall"]["value"] == 1.0
    assert found["calibration"]["kind"] == "none"
    assert found["calibration"]["log loss before"] == found["calibration"]["log loss after"] == 0.5


def test_small_sets_are_not_told(task_and_logits: tuple[Task, np.ndarray]) -> None:
    task, logits = task_and_logits
    few = np.arange(len(logits)) < 120
    small = Task(task.examples.some(few), task.classes, task.allowed[few])
    found = figures_of(small, logits[few], Calibration("none", 5), {}, {})
    assert "crts_sss" not in found  # 30 stars
    assert [*found] == ["calibration", "prediction sets"]


def test_tables_for_evaluation(task_and_logits: tuple[Task, np.ndarray]) -> None:
    task, logits = task_and_logits
    rows = np.arange(len(logits)) < 30
    p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    said, truth = predictions_of(task, p, rows)
    assert said["object_id"].to_pylist() == truth["object_id"].to_pylist() == [f"star {k}" for k in range(30)]
    np.testing.assert_array_equal(said["prob_EW"].to_numpy(), p[:30, 3])
    np.testing.assert_array_equal(said["period_days"].to_numpy(), task.examples.period[:30])
    for k, word in enumerate(truth["label"].to_pylist()):
        assert word == "/".join(name for name, may in zip(CLASSES, task.allowed[k], strict=True) if may)
    assert "EB/EW" in truth["label"].to_pylist()
    whole = unseen_table(task, logits, Calibration("temperature", 5, slope=(1.0,)))
    assert whole.num_rows == (task.examples.kind == "whole").sum()
    fair = calibrated_elsewhere(task, logits, Calibration("temperature", 5, slope=(1.0,)))
    np.testing.assert_array_equal(whole["prob_EA"].to_numpy(), fair[: whole.num_rows, 1])
    assert whole["truth"][:30].to_pylist() == truth["label"].to_pylist()


def test_noise_in_place_of_light_has_a_table_of_its_own(task_and_logits: tuple[Task, np.ndarray]) -> None:
    task, logits = made(right=1.0)
    constant = np.where(task.examples.kind == "thinned", "constant", task.examples.kind)
    allowed, logits = task.allowed.copy(), logits.copy()
    flat = constant == "constant"
    allowed[flat] = [True, False, False, False, False]
    logits[flat, 0] += 20.0
    other = Task(replace(task.examples, kind=constant), CLASSES, allowed)
    found = figures_of(other, logits, Calibration("none", 5), {}, {})
    row = found["all surveys, noise in place of light"]["eclipsing"]
    assert row["stars"] == flat.sum()
    assert row["accuracy"]["value"] == pytest.approx(1.0)
