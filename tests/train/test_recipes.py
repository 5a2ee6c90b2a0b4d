from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from goodricke.train.config import load_config, shipped_configs
from goodricke.train.recipes import recipe_text, with_values


@pytest.mark.parametrize("name", sorted(shipped_configs()))
def test_what_is_written_is_read_back(name: str, tmp_path: Path) -> None:
    config = load_config(name)
    (tmp_path / "again.toml").write_text(recipe_text(config))
    assert load_config(tmp_path / "again.toml") == replace(config, search={})


def test_words_with_quotes_and_other_letters(tmp_path: Path) -> None:
    config = replace(load_config("bigru"), says='Ein "Stern",\n\\ größer als 1\u2033.', search={})
    (tmp_path / "again.toml").write_text(recipe_text(config), encoding="utf-8")
    assert load_config(tmp_path / "again.toml") == config


def test_what_is_as_it_would_be_anyway_is_not_written() -> None:
    text = recipe_text(load_config("variables-with-period"))
    assert "protocol" not in text
    assert "augmentation" not in text
    assert 'period = "given"' in text


def test_values_in_their_places() -> None:
    config = load_config("bigru")
    values = {
        "steps": 700,
        "settings.units": [16, 16, 16],
        "settings.dense": 32,
        "training.batch": 256,
        "augmentation.noise": 0.1,
    }
    changed = with_values(config, values)
    (before,), (after,) = config.members, changed.members
    assert changed.steps == 700
    assert after.settings == {**before.settings, "units": [16, 16, 16], "dense": 32}
    assert after.training == {**before.training, "batch": 256}
    assert after.augmentation == {"noise": 0.1}
    assert (after.seed, changed.examples, changed.search) == (before.seed, config.examples, config.search)
    assert before.settings["units"] == [128, 64, 64]
    assert with_values(config, {}) == config
