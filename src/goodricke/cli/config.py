"""Options from a file and from the environment: file < environment < flag, for every option of every command.

The file is TOML, with one table per command and the names of its options without the dashes::

    [read]
    quality = "hard"
    band = ["V", "g"]

    [classify]
    model = "variables"
    purity = 0.95

It is ``--config FILE``, else ``$GOODRICKE_CONFIG``, else ``goodricke.toml`` in the working directory if there is one. A
variable of the environment is called ``GOODRICKE_<COMMAND>_<OPTION>``, such as ``GOODRICKE_CLASSIFY_PURITY``. A name
that no command or option has, and a value of the wrong kind, is an error: a setting is never passed over in silence.
"""

from __future__ import annotations

import copy
import os
import tomllib
from collections.abc import Collection, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import click

from goodricke.errors import OptionError

__all__ = ["DEFAULT_FILE", "PREFIX", "checked", "config_path", "configured", "load_config", "settings_for"]

DEFAULT_FILE = "goodricke.toml"
PREFIX = "GOODRICKE"
_FITTING: dict[type, tuple[type, ...]] = {bool: (bool,), int: (int,), float: (int, float), str: (str, int, float)}
_KINDS: dict[type, str] = {bool: "true or false", int: "a whole number", float: "a number", str: "text"}


def config_path(given: str | None) -> Path | None:
    """The configuration file that counts, None when there is none.

    Raises
    ------
    OptionError
        If a file was named, by flag or environment, that does not exist.
    """
    for source, name in (("--config", given), (f"${PREFIX}_CONFIG", os.environ.get(f"{PREFIX}_CONFIG"))):
        if name:
            if not Path(name).is_file():
                raise OptionError(f"{source} {name}: there is no such file; write it, or leave {source} out")
            return Path(name)
    default = Path(DEFAULT_FILE)
    return default if default.is_file() else None


def load_config(path: str | os.PathLike[str] | None) -> dict[str, Any]:
    """What a TOML file says; nothing for None.

    Raises
    ------
    OptionError
        If it cannot be read or is not TOML; the message has the line.
    """
    if path is None:
        return {}
    try:
        return tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise OptionError(f"{path}: cannot be read ({error})") from error
    except tomllib.TOMLDecodeError as error:
        raise OptionError(f"{path}: this is not TOML ({error})") from error


def checked(config: Mapping[str, Any], commands: Collection[str], path: object = DEFAULT_FILE) -> dict[str, Any]:
    """The configuration, every key of which is a table with the name of a command.

    >>> checked({"raed": {}}, ["read", "plot"])
    Traceback (most recent call last):
        ...
    goodricke.errors.OptionError: goodricke.toml: [raed] is no command; did you mean [read]? There are read, plot
    """
    for name, table in config.items():
        if name not in commands:
            said = f"[{name}] is no command" if isinstance(table, Mapping) else f"{name} stands in no table"
            raise OptionError(f"{path}: {said}; {_suggestion(name, commands, '[{}]')}")
        if not isinstance(table, Mapping):
            raise OptionError(f"{path}: {name} = {table!r} should be a table; write [{name}] and its options below it")
    return dict(config)


def settings_for(command: click.Command, table: Mapping[str, Any], where: str) -> dict[str, Any]:
    """The settings of one command by click's names of its parameters (a ``default_map``), checked.

    Parameters
    ----------
    command : click.Command
        Whose options they are.
    table : mapping
        Name of an option, with - or _, to its value.
    where : str
        Such as ``goodricke.toml: [read]``, for the messages.

    Raises
    ------
    OptionError
        For an unknown option or a value of the wrong kind.
    """
    options = _options(command)
    found = {}
    for key, value in table.items():
        option = options.get(key.replace("_", "-"))
        if option is None:
            raise OptionError(f"{where} {key}: there is no such option; {_suggestion(key.replace('_', '-'), options)}")
        found[str(option.name)] = _value(option, value, f"{where} {key} = {_toml(value)}")
    return found


def configured(command: click.Command, name: str, commands: Collection[str]) -> click.Command:
    """A copy of a command that takes ``--config``, and whose options listen to the file and the environment.

    Parameters
    ----------
    command : click.Command
        As it was written; it is not changed.
    name : str
        What it is called on the command line.
    commands : collection of str
        All commands, whose tables may stand in the file.
    """
    prefix = f"{PREFIX}_{name.upper().replace('-', '_')}_"
    changed = copy.copy(command)
    changed.params = [copy.copy(parameter) for parameter in command.params]
    for key, option in _options(changed).items():
        option.envvar = [*(option.envvar or []), prefix + key.upper().replace("-", "_")]

    def load(ctx: click.Context, _: click.Parameter, given: str | None) -> None:
        if ctx.resilient_parsing:
            return
        _check_environment(prefix, changed)
        path = config_path(given or ctx.find_root().params.get("config_file"))
        config = checked(load_config(path), commands, path)
        ctx.default_map = settings_for(changed, config.get(name, {}), f"{path}: [{name}]")

    changed.params.append(
        click.Option(
            ["--config", "config_file"],
            metavar="FILE",
            is_eager=True,  # the other options look their defaults up after this one
            expose_value=False,
            callback=load,
            help=f"Options from this TOML file, table [{name}]; else ${PREFIX}_CONFIG, else ./{DEFAULT_FILE}.",
        )
    )
    return changed


def _options(command: click.Command) -> dict[str, click.Option]:
    """Every name that an option goes by, long and without the dashes, to the option."""
    return {
        name.removeprefix("--"): parameter
        for parameter in command.params
        if isinstance(parameter, click.Option) and parameter.name != "config_file"
        for name in parameter.opts
        if name.startswith("--")
    }


def _check_environment(prefix: str, command: click.Command) -> None:
    known = [name for option in _options(command).values() for name in option.envvar or []]
    for name in sorted(os.environ):
        if name.startswith(prefix) and name not in known:
            raise OptionError(f"the environment variable {name} sets no option; {_suggestion(name, known)}")


def _value(option: click.Option, value: Any, said: str) -> Any:
    if option.multiple or option.nargs != 1:
        values = value if isinstance(value, list) else [value]
        return [_single(option, one, said) for one in values]
    return _single(option, value, said)


def _single(option: click.Option, value: Any, said: str) -> Any:
    kind = _kind(option)
    if not isinstance(value, _FITTING[kind]) or (isinstance(value, bool) and kind is not bool):
        raise OptionError(f"{said}: this option takes {_KINDS[kind]}")
    if kind is bool:
        return value
    text = str(value) if kind is str else value
    try:
        option.type.convert(text, option, None)
    except click.BadParameter as error:
        raise OptionError(f"{said}: {error.message}") from error
    return text


def _kind(option: click.Option) -> type:
    if option.is_flag:
        return bool
    if isinstance(option.type, click.types.IntParamType):
        return int
    return float if isinstance(option.type, click.types.FloatParamType) else str


def _toml(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else f'"{value}"' if isinstance(value, str) else str(value)


def _suggestion(seen: str, known: Collection[str], form: str = "{}") -> str:
    near = get_close_matches(seen, known, n=1)
    there = f"here are {', '.join(known)}" if known else "here are none"
    return f"did you mean {form.format(near[0])}? T{there}" if near else f"t{there}"
