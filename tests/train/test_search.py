"""The search on made stars: who judges, what a killed search does, and what is refused before it begins."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from goodricke.errors import DataError, ModelError, OptionError
from goodricke.evaluate.splits import folds_of
from goodricke.train import search as room
from goodricke.train.config import Config, Member, load_config
from goodricke.train.network_fit import fit_network
from goodricke.train.search import SearchOptions, search
from goodricke.train.task import Task
from train.made import config, table, workshop, write_sets

MEMBER = Member("network", "bigru", {"units": [6, 4], "directions": [2, 1]}, {"epochs": 2, "batch": 16, "patience": 1})
SPACE: dict[str, Any] = {
    "steps": {"low": 10, "high": 30, "step": 10},
    "settings": {"units": [[6, 4], [4, 3]], "batch_norm": [True, False]},
    "training": {"learning_rate": {"low": 1e-3, "high": 1e-1, "log": True}},
}
OPTIONS = SearchOptions(trials=4)


def recipe(**changed: Any) -> Config:
    made = config((MEMBER,), name="tiny", steps=20, period="none", groups=(), protocol="single", constant=0.0)
    return replace(made, **{"search": SPACE, **changed})


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("search")
    write_sets(place / "sets", {"asas3_acvs": {"EA": 24, "EW": 24, "ECL": 6}, "crts_sss": {"RRAB": 24}})
    (place / "cache").mkdir()
    return place


def searched(
    folder: Path, output: Path, made: Config | None = None, options: SearchOptions = OPTIONS,
    say: Callable[[str], None] = lambda _: None,
) -> Config:  # fmt: skip
    made = replace(made or recipe(), examples=replace((made or recipe()).examples, sets=("asas3_acvs", "crts_sss")))
    return search(made, folder / "sets", folder / "cache", output, "goodricke search tiny.toml", options, 1, say)


def rows(output: Path) -> list[dict[str, str]]:
    """The table without what hangs on the machine."""
    found = list(csv.DictReader((output / "trials.csv").read_text().splitlines()))
    return [{key: value for key, value in row.items() if key != "seconds"} for row in found]


@pytest.fixture(scope="module")
def whole(folder: Path) -> Path:
    """An unbroken search."""
    searched(folder, folder / "whole")
    return folder / "whole"


def test_the_best_trial_becomes_a_recipe(folder: Path, whole: Path) -> None:
    table = rows(whole)
    assert [row["trial"] for row in table] == ["0", "1", "2", "3"]
    assert {row["state"] for row in table} == {"complete"}  # none is ended before five are complete
    # The first is the recipe itself, but for the learning rate it lies in the space.
    assert (table[0]["steps"], table[0]["settings.units"], table[0]["training.learning_rate"]) == (
        "20",
        "[6, 4]",
        "0.001",
    )
    best = min(table, key=lambda row: float(row["held_out_loss"]))
    found = load_config(whole / "best.toml")
    assert found.steps == int(best["steps"])
    (member,) = found.members
    assert list(member.settings["units"]) == json.loads(best["settings.units"])
    assert member.settings["batch_norm"] == json.loads(best["settings.batch_norm"])
    assert member.training == {**MEMBER.training, "learning_rate": float(best["training.learning_rate"])}
    assert searched(folder, whole) == replace(found, search=SPACE)  # again: nothing is left to do
    assert rows(whole) == table
    assert sorted(path.name for path in whole.iterdir()) == [
        "best.toml", "study.jsonl", "trials", "trials.csv", "trials.md", "trials.png",
    ]  # fmt: skip


def test_figures_are_those_of_the_histories(whole: Path) -> None:
    for row, place in zip(rows(whole), sorted((whole / "trials").iterdir()), strict=True):
        history = [json.loads(line) for line in (place / "history.jsonl").read_text().splitlines()]
        best = min(history, key=lambda one: one["held_out_loss"])
        assert float(row["held_out_loss"]) == pytest.approx(best["held_out_loss"], rel=1e-5)
        assert float(row["held_out_accuracy"]) == pytest.approx(best["held_out_accuracy"], rel=1e-5)
        assert (row["best_epoch"], row["epochs"]) == (str(best["number"]), str(len(history)))
        assert not (place / "checkpoint.safetensors").exists()  # which is large, and of no more use


def spied(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What every fit was given."""
    calls: list[dict[str, Any]] = []

    def fit(
        material: Any, seen: Any, target: Any, classes: Any, network: Any, settings: Any, training: Any, *more: Any
    ) -> Any:
        names = material.examples.object_id
        calls.append(
            {"seen": set(names[seen].tolist()), "all": set(names.tolist()), "steps": material.about["steps"],
             "lengths": material.lengths, "settings": settings, "training": training, "seed": more[2]}
        )  # fmt: skip
        return fit_network(material, seen, target, classes, network, settings, training, *more)

    monkeypatch.setattr(room, "fit_network", fit)
    return calls


def test_no_star_of_the_test_teaches_or_judges(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = spied(monkeypatch)
    searched(folder, tmp_path / "out", options=replace(OPTIONS, trials=2, epochs=1))
    for call in calls:
        names = sorted(call["all"])
        fold = dict(zip(names, folds_of(names, 5).tolist(), strict=True))
        assert {fold[name] for name in call["seen"]} == {1, 2, 3, 4}
        assert call["seen"] == {name for name in names if fold[name] != 0}
        assert call["training"]["epochs"] == 1
    assert len({call["seed"] for call in calls}) == 1  # so the same stars are held out
    # What was asked for of the epochs is not the best recipe's.
    assert load_config(tmp_path / "out" / "best.toml").members[0].training["epochs"] == 2


def test_what_is_drawn_is_what_is_trained(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = spied(monkeypatch)
    searched(folder, tmp_path / "out", options=replace(OPTIONS, epochs=1))
    for row, call in zip(rows(tmp_path / "out"), calls, strict=True):
        assert call["steps"] == int(row["steps"])
        assert call["lengths"].max() == int(row["steps"])
        assert call["settings"]["units"] == json.loads(row["settings.units"])
        assert call["settings"]["directions"] == [2, 1]
        assert call["training"]["learning_rate"] == float(row["training.learning_rate"])
    assert len({call["steps"] for call in calls}) > 1


def test_of_some_of_the_stars(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = spied(monkeypatch)
    for seed in (0, 0, 1):
        place = tmp_path / str(len(calls))
        searched(folder, place, options=SearchOptions(trials=1, most=20, epochs=1, seed=seed))
        assert "18 stars teach, 2 others" in (place / "trials.md").read_text()
    assert [len(call["seen"]) for call in calls] == [20, 20, 20]
    assert calls[0]["seen"] == calls[1]["seen"] != calls[2]["seen"]


@pytest.mark.parametrize("word", ["trial 1: epoch 1", "trial 1: bigru", "trial 2: complete"])
def test_a_killed_search_goes_on_where_it_was(word: str, folder: Path, whole: Path, tmp_path: Path) -> None:
    def killed(text: str) -> None:
        if text.startswith(word):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        searched(folder, tmp_path / "out", say=killed)
    said: list[str] = []
    searched(folder, tmp_path / "out", say=said.append)
    assert rows(tmp_path / "out") == rows(whole)
    assert (tmp_path / "out" / "best.toml").read_text() == (whole / "best.toml").read_text()
    assert not any(line.startswith("trial 0") for line in said)
    if "epoch 1" in word:
        assert "trial 1: going on after epoch 1" in said
        assert not any(line.startswith("trial 1: epoch 1") for line in said)


def test_when_time_is_up(folder: Path, whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(
        DataError, match="no trial is complete, time was up before the first was done; the same command"
    ):
        searched(folder, tmp_path / "out", options=replace(OPTIONS, minutes=1e-9))
    clock = [0.0]
    monkeypatch.setattr(room.time, "monotonic", lambda: clock[0])

    said: list[str] = []

    def ticking(text: str) -> None:
        said.append(text)
        clock[0] += 40.0 * text.startswith("trial 1: epoch 1")

    searched(folder, tmp_path / "out", options=replace(OPTIONS, minutes=0.5), say=ticking)
    assert said[-1] == "time is up; the trial goes on when the search does"
    assert rows(tmp_path / "out") == rows(whole)[:1]
    searched(folder, tmp_path / "out")
    assert rows(tmp_path / "out") == rows(whole)


def test_a_trial_that_fails_is_a_row_with_the_reason(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = iter(range(9))

    def fit(*given: Any) -> Any:
        place: Path = given[8]
        place.mkdir(parents=True)
        k = next(number)
        if k == 0:
            raise ModelError("the graph misses the network by 1")
        loss = math.nan if k == 1 else 1.0 / k
        row = {"number": 1, "held_out_loss": loss, "held_out_accuracy": 0.5, "seconds": 1.0}
        (place / "history.jsonl").write_text(json.dumps(row) + "\n")

    monkeypatch.setattr(room, "fit_network", fit)
    with pytest.raises(DataError, match="no trial is complete, the last of 2 failed: the loss is not finite"):
        searched(folder, tmp_path / "out", options=SearchOptions(trials=2))
    searched(folder, tmp_path / "out")
    table = rows(tmp_path / "out")
    assert [row["state"] for row in table] == ["fail", "fail", "complete", "complete"]
    assert [row["reason"] for row in table[:2]] == ["the graph misses the network by 1", "the loss is not finite"]
    assert "2 failed" in (tmp_path / "out" / "trials.md").read_text()


def test_a_trial_that_does_worse_than_most_is_ended(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = iter(range(9))

    def fit(*given: Any) -> Any:
        place, heard = given[8], given[11]
        place.mkdir(parents=True)
        k, text = next(number), ""
        for epoch in range(1, 11):
            loss = 2.0 / epoch + (k == 6)
            row = {"number": epoch, "held_out_loss": loss, "held_out_accuracy": 0.5, "seconds": 1.0}
            text += json.dumps(row) + "\n"
            (place / "history.jsonl").write_text(text)
            heard(f"epoch {epoch}")

    monkeypatch.setattr(room, "fit_network", fit)
    searched(folder, tmp_path / "out", options=SearchOptions(trials=8, epochs=10))
    table = rows(tmp_path / "out")
    assert [row["state"] for row in table] == ["complete"] * 6 + ["pruned", "complete"]
    assert table[6]["epochs"] == "2"
    assert float(table[6]["held_out_loss"]) == 2.0


def test_another_search_in_the_same_folder(folder: Path, whole: Path) -> None:
    for change in ({"most": 30}, {"epochs": 3}, {"seed": 1}):
        with pytest.raises(OptionError, match=r"has another search .*name another folder"):
            searched(folder, whole, options=replace(OPTIONS, **change))
    with pytest.raises(OptionError, match="has another search"):
        searched(folder, whole, recipe(search={"steps": [10, 20]}))


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ({}, r"the recipe tiny has no table \[search\]"),
        ({"settings": {"unitz": [[6, 4]]}}, "setting 'unitz' of the network bigru is not known; did you mean 'units'"),
        ({"settings": {"dropout": ["much"]}}, "dropout = 'much' of the network bigru is not a float"),
        ({"settings": {"activation": ["tanh", "rleu"]}}, "activation = 'rleu' of the network bigru is none"),
        ({"settings": {"units": [[6, 4], [6, 4, 3]]}}, r"directions = \[2, 1\] of the network bigru: 1 or 2 for each"),
        ({"settings": {"dropout": {"low": 0.0, "high": 1.5}}}, r"settings\.dropout: 1\.5 makes no network bigru"),
        ({"training": {"batch": [16, 1]}}, r"training\.batch: 1 is nothing to train with"),
        ({"training": {"schedule": ["plateau", "cosine"]}}, r"training\.schedule: 'cosine' is nothing to train with"),
        ({"training": {"lr": [0.1]}}, "setting 'lr' of the training is not known"),
        ({"augmentation": {"nois": [0.1]}}, "setting 'nois' of the augmentation is not known; did you mean 'noise'"),
    ],
)  # fmt: skip
def test_mistakes_are_said_before_any_star_is_read(table: dict[str, Any], says: str, tmp_path: Path) -> None:
    with pytest.raises(OptionError, match=says):
        search(recipe(search=table), tmp_path / "none", tmp_path / "none", tmp_path / "out", "goodricke search")
    assert not (tmp_path / "out").exists()


def test_some_stars_bring_all_that_was_made_of_them(tmp_path: Path) -> None:
    names = np.array([f"star {k % 30}" for k in range(90)])
    examples = table(
        values=np.zeros((90, 1), dtype=np.float32), names=("a",), allowed=np.zeros((90, 2), dtype=bool),
        object_id=names, fold=np.arange(90) % 30 % 5,
    )  # fmt: skip
    made = workshop(Task(examples, ("EA", "EW"), examples.allowed), tmp_path)
    seen = room._some_stars(made, SearchOptions(most=10))
    assert len(set(names[seen])) == 10
    assert seen.sum() == 30
    assert (examples.fold[seen] != 0).all()
    assert room._some_stars(made, SearchOptions()).sum() == 72
