"""The table of what is searched: what it may say, and that values come back as they went in."""

from __future__ import annotations

from typing import Any

import numpy as np
import optuna
import pytest

from goodricke.errors import OptionError
from goodricke.train.config import load_config, shipped_configs
from goodricke.train.space import Parameter, space_of

TABLE: dict[str, Any] = {
    "steps": {"low": 100, "high": 500, "step": 100},
    "settings": {
        "units": [[8, 6], [4, 4]], "batch_norm": [True, False], "dropout": {"low": 0.0, "high": 0.4, "step": 0.05},
    },
    "training": {"batch": [512, 256], "learning_rate": {"low": 1e-4, "high": 1e-2, "log": True}},
    "augmentation": {"noise": {"low": 0, "high": 1.0}},
}  # fmt: skip


def test_the_names_are_those_of_the_recipe() -> None:
    found = {one.name: one for one in space_of(TABLE, "r")}
    assert list(found) == [
        "steps", "settings.units", "settings.batch_norm", "settings.dropout", "training.batch",
        "training.learning_rate", "augmentation.noise",
    ]  # fmt: skip
    assert found["settings.units"].choices == ([8, 6], [4, 4])
    assert found["steps"].whole
    assert not found["augmentation.noise"].whole  # one bound has a point
    assert found["training.learning_rate"].log
    assert found["settings.units"].ends() == ([8, 6], [4, 4])
    assert found["steps"].ends() == (100, 500)
    assert space_of({}, "r") == ()


def test_what_is_drawn_is_a_value_of_the_recipe() -> None:
    space = space_of(TABLE, "r")
    study = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=0))
    seen: dict[str, list[Any]] = {one.name: [] for one in space}
    for _ in range(300):
        drawn = study.ask({one.name: one.distribution() for one in space})
        for one in space:
            value = one.value(drawn.params[one.name])
            seen[one.name].append(value)
            assert one.drawn(value) is not None
            if one.choices or one.step:
                assert one.drawn(value) == pytest.approx(drawn.params[one.name], abs=1e-12)
    assert set(seen["steps"]) == {100, 200, 300, 400, 500}
    assert {type(one) for one in seen["steps"]} == {int}
    assert sorted(map(str, {tuple(one) for one in seen["settings.units"]})) == ["(4, 4)", "(8, 6)"]
    assert set(seen["settings.batch_norm"]) == {True, False}
    assert set(seen["settings.dropout"]) == {0.0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4}  # not 0.15000000000000002
    rate = np.log10(seen["training.learning_rate"])
    assert -4 <= rate.min() < -3.9
    assert -2.1 < rate.max() <= -2
    assert rate.mean() == pytest.approx(-3, abs=3 * 2 / np.sqrt(12 * 300))  # even in the logarithm


@pytest.mark.parametrize(
    ("parameter", "value", "drawn"),
    [
        (Parameter("settings.units", ([8, 6], [4, 4])), (8, 6), "[8, 6]"),
        (Parameter("settings.units", ([8, 6], [4, 4])), (8, 4), None),
        (Parameter("settings.dense", (0, 16)), 0, 0),
        (Parameter("settings.dense", (0, 16)), False, None),
        (Parameter("settings.batch_norm", (True, False)), False, False),
        (Parameter("settings.batch_norm", (True, False)), 0, None),
        (Parameter("steps", low=100, high=500, step=100), 200, 200),
        (Parameter("steps", low=100, high=500, step=100), 250, None),
        (Parameter("steps", low=100, high=500, step=100), 600, None),
        (Parameter("settings.dropout", low=0.0, high=0.4, step=0.05), 0.15, 0.15),
        (Parameter("settings.dropout", low=0.0, high=0.4), "much", None),
        (Parameter("settings.dropout", low=0.0, high=1.0), True, None),
    ],
)
def test_values_of_a_recipe_that_lie_in_the_space(parameter: Parameter, value: Any, drawn: Any) -> None:
    found = parameter.drawn(value)
    assert found == drawn
    assert type(found) is type(drawn)


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ({"step": [1]}, r"r: key 'step' of \[search\] is not known; did you mean 'steps'\?"),
        ({"setings": {}}, "did you mean 'settings'"),
        ({"zzz": {}}, "key 'zzz' .* there are steps and the tables settings, training, augmentation"),
        ({"settings": [1, 2]}, "key 'settings' of"),
        ({"steps": []}, r"\[search\] steps = \[\] is neither a list of values nor"),
        ({"steps": 100}, "steps = 100 is neither"),
        ({"steps": [100, 100]}, "must be a list of values, each once"),
        ({"steps": [100, 0.5]}, "steps must be whole numbers from 1"),
        ({"steps": {"low": 0, "high": 10}}, "steps must be whole numbers from 1"),
        ({"steps": {"low": 1.5, "high": 10}}, "steps must be whole numbers from 1"),
        ({"settings": {"a": {"low": 1}}}, r"settings\.a has low; it wants low and high"),
        ({"settings": {"a": {"low": 1, "high": 2, "stp": 1}}}, "has low, high, stp; it wants low and high"),
        ({"settings": {"a": {"low": 2, "high": 1}}}, "are no bounds"),
        ({"settings": {"a": {"low": 1, "high": 1}}}, "are no bounds"),
        ({"settings": {"a": {"low": "1", "high": 2}}}, "are no bounds"),
        ({"settings": {"a": {"low": False, "high": True}}}, "are no bounds"),
        ({"settings": {"a": {"low": 1, "high": 2, "step": 0}}}, "are no bounds"),
        ({"settings": {"a": {"low": 1, "high": 2, "log": 1}}}, "are no bounds"),
        ({"settings": {"a": {"low": 0.0, "high": 2.0, "log": True}}}, "are no bounds"),
        ({"settings": {"a": {"low": 1, "high": 2, "step": 1, "log": True}}}, "are no bounds"),
        ({"settings": {"a": [{"b": 1}]}}, "must be a list of values"),
        ({"training": {"class_weights": ["none", "seed"]}}, "cannot be searched: losses with unlike weights"),
        ({"training": {"epochs": [1, 2]}}, "cannot be searched: the number of epochs is an option of the search"),
    ],
)
def test_tables_that_say_nothing(table: dict[str, Any], says: str) -> None:
    with pytest.raises(OptionError, match=says):
        space_of(table, "r")


def test_the_recipe_of_the_seed_searches_its_table() -> None:
    found = {one.name: one for one in space_of(load_config("bigru").search, "bigru")}
    assert set(found) == {
        "steps", "settings.units", "settings.directions", "settings.dense", "settings.activation",
        "settings.initialiser", "settings.dropout", "settings.batch_norm", "training.batch", "training.learning_rate",
    }  # fmt: skip
    assert (found["steps"].low, found["steps"].high, found["steps"].step) == (100, 1500, 100)
    dropout = found["settings.dropout"]
    assert (dropout.low, dropout.high, dropout.step) == (0.0, 0.4, 0.05)
    assert set(found["training.batch"].choices) == {512, 256, 128}
    assert {unit for units in found["settings.units"].choices for unit in units} == {128, 64, 32, 16}
    assert len(found["settings.initialiser"].choices) == 6
    assert [name for name in shipped_configs() if load_config(name).search] == ["bigru"]
