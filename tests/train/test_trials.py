from __future__ import annotations

import csv
import math
from dataclasses import replace
from pathlib import Path

import pytest

from goodricke.train.config import load_config
from goodricke.train.space import space_of
from goodricke.train.trials import About, Trial, write_trials

CONFIG = load_config("bigru")
SPACE = space_of({"steps": [100, 200], "settings": {"units": [[8, 8, 8], [4, 4, 4]]}}, "r")
ABOUT = About(CONFIG, SPACE, "goodricke search bigru --data X", 900, 100, 130)


def trial(number: int, state: str = "complete", loss: float = 0.5, accuracy: float = 0.8, reason: str = "") -> Trial:
    values = {"steps": 100 * (1 + number % 2), "settings.units": [[8, 8, 8], [4, 4, 4]][number % 2]}
    return Trial(number, state, loss, values, accuracy, 3, 5, 12.5, reason)


def test_all_trials_stand_in_the_table(tmp_path: Path) -> None:
    trials = [trial(0), trial(1, "pruned", 1.5), trial(2, "fail", math.nan, math.nan, 'it broke, "so"')]
    write_trials(tmp_path, trials, ABOUT)
    rows = list(csv.DictReader((tmp_path / "trials.csv").read_text().splitlines()))
    assert [row["state"] for row in rows] == ["complete", "pruned", "fail"]
    assert rows[0] == {
        "trial": "0", "state": "complete", "held_out_loss": "0.5", "held_out_accuracy": "0.8", "best_epoch": "3",
        "epochs": "5", "seconds": "12.5", "steps": "100", "settings.units": "[8, 8, 8]", "reason": "",
    }  # fmt: skip
    assert (rows[2]["held_out_loss"], rows[2]["reason"]) == ("", 'it broke, "so"')


def test_the_best_ten_and_the_best(tmp_path: Path) -> None:
    trials = [trial(k, loss=2.0 - 0.1 * k, accuracy=0.5 + 0.02 * k) for k in range(13)]
    trials[11] = replace(trials[11], state="pruned", loss=0.0)  # what was not run to its end is not the best
    write_trials(tmp_path, trials, ABOUT)
    text = (tmp_path / "trials.md").read_text()
    rows = [line.split(" | ") for line in text.splitlines() if line.startswith("| ") and "rank" not in line]
    assert [int(row[1]) for row in rows] == [12, 10, 9, 8, 7, 6, 5, 4, 3, 2]
    assert rows[0][2:4] == ["0.7400", "0.8000"]
    assert "Trials: 12 complete, 1 ended early, 0 failed. 900 stars teach, 100 others" in text
    assert "standard error of the best accuracy is 0.044" in text  # the root of 0.74 x 0.26 / 100
    assert "| rank | trial | accuracy | loss | best epoch | epochs | seconds | steps | units |" in text
    best = load_config(tmp_path / "best.toml")
    assert best.steps == 100
    assert best.members[0].settings["units"] == (8, 8, 8) or best.members[0].settings["units"] == [8, 8, 8]
    assert best.members[0].training == CONFIG.members[0].training
    assert (tmp_path / "best.toml").read_text().startswith("# Trial 12 of: goodricke search bigru --data X\n")
    assert not (tmp_path / "trials.png").exists()


def test_without_a_complete_trial_there_is_no_best(tmp_path: Path) -> None:
    write_trials(tmp_path, [trial(0, "fail", math.nan, math.nan)], ABOUT, picture=True)
    assert [path.name for path in tmp_path.iterdir()] == ["trials.csv"]


def test_a_picture_when_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_trials(tmp_path, [trial(0), trial(1)], ABOUT, picture=True)
    assert (tmp_path / "trials.png").read_bytes()[:4] == b"\x89PNG"
    from goodricke.errors import MissingDependency
    from goodricke.train import trials

    def missing(*_: object) -> None:
        raise MissingDependency("matplotlib", "plot")

    monkeypatch.setattr(trials, "draw_trials", missing)
    write_trials(tmp_path, [trial(0), trial(1)], ABOUT, picture=True)
    assert "goodricke[plot]" in (tmp_path / "pictures.txt").read_text()
