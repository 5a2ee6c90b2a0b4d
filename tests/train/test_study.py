"""The study: what is drawn hangs on the seed and on what was told, not on how often it was interrupted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from optuna.trial import TrialState

from goodricke.errors import OptionError
from goodricke.train.space import space_of
from goodricke.train.study import begin, open_study, trials_of

SPACE = space_of(
    {"settings": {"a": {"low": 0.0, "high": 1.0}, "b": [[1, 2], [3, 4], [5, 6]]}, "steps": {"low": 1, "high": 9}}, "r"
)


def loss(params: dict[str, Any]) -> float:
    return float((params["settings.a"] - 0.7) ** 2 + (params["settings.b"] != "[3, 4]") + 0.01 * params["steps"])


def run(folder: Path, most: int, stop_at: int = 0, seed: int = 0) -> list[dict[str, Any]]:
    """Parameters of all trials; interrupted before the outcome of one is told."""
    study = open_study(folder, "key", 10)
    for trial in trials_of(study, SPACE, most, seed, lambda: True):
        if trial.number == stop_at > 0:
            break
        study.tell(trial, loss(trial.params))
    return [one.params for one in study.trials]


def test_an_interrupted_search_draws_what_an_unbroken_one_does(tmp_path: Path) -> None:
    for name in ("whole", "broken"):
        (tmp_path / name).mkdir()
    whole = run(tmp_path / "whole", 25)
    for stop in (4, 13, 24):
        assert run(tmp_path / "broken", 25, stop) == whole[: stop + 1]
    assert run(tmp_path / "broken", 25) == whole
    assert len(whole) == 25
    assert run(tmp_path / "broken", 25) == whole  # and nothing more
    assert len(run(tmp_path / "broken", 27)) == 27
    states = {one.state for one in open_study(tmp_path / "broken", "key", 10).trials}
    assert states == {TrialState.COMPLETE}


def test_the_seed_decides_and_what_did_well_is_followed(tmp_path: Path) -> None:
    found = []
    for seed in (0, 0, 1):
        folder = tmp_path / str(len(found))
        folder.mkdir()
        found.append(run(folder, 40, seed=seed))
    assert found[0] == found[1] != found[2]
    early, late = (sum(map(loss, part)) / 10 for part in (found[0][:10], found[0][-10:]))
    assert late < 0.8 * early


def test_the_first_trial_is_what_there_is(tmp_path: Path) -> None:
    study = open_study(tmp_path, "key", 10)
    own = {"settings.a": 0.25, "settings.b": (3, 4), "steps": 5, "training.batch": 9}
    begin(study, SPACE, own)
    begin(study, SPACE, own)
    (first, second) = (
        study.tell(trial, loss(trial.params)).params for trial in trials_of(study, SPACE, 2, 0, lambda: True)
    )
    assert first == {"settings.a": 0.25, "settings.b": "[3, 4]", "steps": 5}
    assert second != first
    begin(study, SPACE, own)
    assert len(study.trials) == 2


def test_what_lies_outside_the_space_is_not_tried(tmp_path: Path) -> None:
    study = open_study(tmp_path, "key", 10)
    begin(study, SPACE, {"settings.a": 0.25, "settings.b": (3, 5), "steps": 5})
    assert not study.trials


def test_nothing_begins_when_somebody_says_stop(tmp_path: Path) -> None:
    study = open_study(tmp_path, "key", 10)
    asked = iter([True, True, False])
    for trial in trials_of(study, SPACE, 9, 0, lambda: next(asked)):
        study.tell(trial, 1.0)
    assert len(study.trials) == 2


def test_another_search_in_the_folder(tmp_path: Path) -> None:
    open_study(tmp_path, "key", 10)
    with pytest.raises(OptionError, match=r"has another search .*; name another folder"):
        open_study(tmp_path, "lock", 10)


def test_a_trial_that_is_worse_than_most_were_by_then_is_ended(tmp_path: Path) -> None:
    study = open_study(tmp_path, "key", 20)
    ended = []
    for trial in trials_of(study, SPACE, 8, 0, lambda: True):
        for epoch in range(1, 21):
            trial.report(1.0 / epoch + (trial.number >= 5), epoch)
            if trial.should_prune():
                ended.append((trial.number, epoch))
                study.tell(trial, state=TrialState.PRUNED)
                break
        else:
            study.tell(trial, 0.05)
    assert ended == [(5, 4), (6, 4), (7, 4)]  # after a fifth of the epochs, and not before five were complete


def test_the_journal_is_lines_of_json(tmp_path: Path) -> None:
    import json

    run(tmp_path, 3)
    lines = (tmp_path / "study.jsonl").read_text().splitlines()
    assert all(isinstance(json.loads(line), dict) for line in lines)
    assert [path.name for path in tmp_path.iterdir()] == ["study.jsonl"]
