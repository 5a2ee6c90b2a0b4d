"""What a search tries: the table ``[search]`` of a recipe, checked.

::

    [search]
    steps = { low = 100, high = 1500, step = 100 }

    [search.settings]
    units = [[128, 64, 64], [64, 64, 64]]

    [search.training]
    learning_rate = { low = 0.0003, high = 0.003, log = true }
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from difflib import get_close_matches
from typing import Any

from goodricke.errors import OptionError

__all__ = ["TABLES", "Parameter", "space_of"]

TABLES = ("settings", "training", "augmentation")
"""Of the network member; ``steps`` of the recipe stands beside them."""

_ALONE = ("steps",)
_NOT = {
    "training.class_weights": "losses with unlike weights cannot be compared",
    "training.epochs": "the number of epochs is an option of the search",
}
_DIGITS = 4


@dataclass(frozen=True)
class Parameter:
    """One key of a recipe and what it may be: one of `choices`, or a number from `low` to `high`."""

    name: str
    """Such as ``steps`` or ``settings.dropout``."""
    choices: tuple[Any, ...] = ()
    """Values; lists too."""
    low: float = 0.0
    high: float = 0.0
    step: float | None = None
    """From one number to the next; None: any number (of whole numbers, every one)."""
    log: bool = False
    """Whether small numbers are looked at as closely as large ones."""

    @property
    def whole(self) -> bool:
        """Whether it takes whole numbers alone."""
        return not self.choices and all(isinstance(one, int) for one in (self.low, self.high, self.step or 1))

    def distribution(self) -> Any:
        """What optuna draws from; lists stand there as text."""
        from optuna import distributions

        if self.choices:
            return distributions.CategoricalDistribution([_plain(one) for one in self.choices])
        if self.whole:
            return distributions.IntDistribution(int(self.low), int(self.high), self.log, int(self.step or 1))
        return distributions.FloatDistribution(self.low, self.high, self.log, self.step)

    def value(self, drawn: Any) -> Any:
        """The value for the recipe of what optuna drew; numbers have four digits.

        >>> Parameter("settings.units", ([8, 4], [4, 4])).value("[4, 4]")
        [4, 4]
        >>> Parameter("training.learning_rate", low=1e-4, high=1e-2, log=True).value(0.00123456)
        0.001235
        """
        if self.choices:
            return next(one for one in self.choices if _plain(one) == drawn)
        return int(drawn) if self.whole else float(f"{drawn:.{_DIGITS}g}")

    def drawn(self, value: Any) -> Any:
        """What optuna would have drawn for a value of the recipe; None where it could not have drawn it."""
        if self.choices:
            plain = _plain(value)
            return next((one for one in map(_plain, self.choices) if one == plain and type(one) is type(plain)), None)
        if not isinstance(value, int | float) or isinstance(value, bool) or not self.low <= value <= self.high:
            return None
        steps = (value - self.low) / (self.step or 1.0)
        return value if not self.step or abs(steps - round(steps)) < 1e-6 else None

    def ends(self) -> tuple[Any, ...]:
        """All choices, or both ends: what a network is tried with before hours are spent."""
        return self.choices or (self.low, self.high)


def space_of(search: Mapping[str, Any], where: str) -> tuple[Parameter, ...]:
    """The parameters of a table ``[search]``.

    Parameters
    ----------
    search : mapping
        As TOML has it.
    where : str
        For the messages.

    Raises
    ------
    OptionError
        For a key that is none, a list without values, or bounds that are no bounds.

    Examples
    --------
    >>> found = space_of({"steps": [100, 200], "settings": {"dropout": {"low": 0.0, "high": 0.4}}}, "recipe")
    >>> [(one.name, one.choices, one.high) for one in found]
    [('steps', (100, 200), 0.0), ('settings.dropout', (), 0.4)]
    """
    named: dict[str, Any] = {}
    for key, value in search.items():
        if key in _ALONE:
            named[key] = value
        elif key in TABLES and isinstance(value, Mapping):
            named |= {f"{key}.{inner}": one for inner, one in value.items()}
        else:
            near = get_close_matches(key, [*_ALONE, *TABLES], n=1)
            hint = f"did you mean {near[0]!r}?" if near and near[0] != key else f"there are {', '.join(_ALONE)} and the"
            raise OptionError(f"{where}: key {key!r} of [search] is not known; {hint} tables {', '.join(TABLES)}")
    found = tuple(_parameter(name, value, f"{where}: [search] {name}") for name, value in named.items())
    for one in found:
        if one.name in _ALONE and not all(type(value) is int and value > 0 for value in one.ends()):
            raise OptionError(f"{where}: [search] {one.name} must be whole numbers from 1")
    return found


def _parameter(name: str, value: Any, where: str) -> Parameter:
    if name in _NOT:
        raise OptionError(f"{where} cannot be searched: {_NOT[name]}")
    if isinstance(value, list) and value:
        if any(isinstance(one, Mapping) for one in value) or len(set(map(_plain, value))) < len(value):
            raise OptionError(f"{where} = {value} must be a list of values, each once")
        return Parameter(name, tuple(value))
    if not isinstance(value, Mapping):
        raise OptionError(f"{where} = {value!r} is neither a list of values nor {{ low = ..., high = ... }}")
    known = [one.name for one in fields(Parameter) if one.name not in ("name", "choices")]
    strange = [key for key in value if key not in known]
    if strange or not {"low", "high"} <= set(value):
        raise OptionError(f"{where} has {', '.join(value) or 'nothing'}; it wants low and high, perhaps step or log")
    found = Parameter(name, **value)
    numbers = [found.low, found.high, 1 if found.step is None else found.step]
    right = all(isinstance(one, int | float) and not isinstance(one, bool) for one in numbers)
    right = right and isinstance(found.log, bool) and found.low < found.high and numbers[2] > 0
    if not right or (found.log and (found.low <= 0 or found.step is not None)):
        raise OptionError(
            f"{where} = {dict(value)} are no bounds: low < high, step > 0, log = true with a positive low and no step"
        )
    return found


def _plain(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, list | tuple) else value
