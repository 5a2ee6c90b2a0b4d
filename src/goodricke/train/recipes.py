"""Recipes changed, and written as TOML files, which ``load_config`` reads back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, replace
from typing import Any

from goodricke.train.config import Config

__all__ = ["recipe_text", "with_values"]


def with_values(config: Config, values: Mapping[str, Any]) -> Config:
    """The recipe with these values in place, by the names of ``goodricke.train.space.Parameter``.

    Parameters
    ----------
    config : Config
        With one member.
    values : mapping
        Such as ``steps`` or ``settings.dropout``.

    Examples
    --------
    >>> from goodricke.train.config import load_config
    >>> changed = with_values(load_config("bigru"), {"steps": 300, "settings.dropout": 0.1})
    >>> changed.steps, changed.members[0].settings["dropout"]
    (300, 0.1)
    """
    (member,) = config.members
    for name, value in values.items():
        table, _, key = name.partition(".")
        change: dict[str, Any] = {table: {**getattr(member, table), key: value}} if key else {name: value}
        if key:
            member = replace(member, **change)
        else:
            config = replace(config, **change)
    return replace(config, members=(member,))


def recipe_text(config: Config) -> str:
    """TOML without what is as it would be anyway.

    Parameters
    ----------
    config : Config
        The recipe; its ``[search]`` is left out.

    Examples
    --------
    >>> from goodricke.train.config import load_config
    >>> print(recipe_text(load_config("bigru")).splitlines()[0])
    name = "bigru"
    """
    lines = _lines(config, ("examples", "members", "search"))
    lines += ["", "[examples]", *_lines(config.examples, ())]
    for member in config.members:
        lines += ["", "[[members]]", *_lines(member, ())]
    return "\n".join(lines) + "\n"


def _lines(made: Any, without: tuple[str, ...]) -> list[str]:
    return [
        f"{one.name} = {_value(getattr(made, one.name))}"
        for one in fields(made)
        if one.name not in without and getattr(made, one.name) != _default(one)
    ]


def _default(one: Field[Any]) -> Any:
    return one.default_factory() if one.default_factory is not MISSING else one.default


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return f"{{ {', '.join(f'{key} = {_value(inner)}' for key, inner in value.items())} }}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(_value(inner) for inner in value)}]"
    if isinstance(value, bool):
        return str(value).lower()
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)
