"""What a simulation's TOML file or option says, checked to the last key."""

from __future__ import annotations

import tomllib
from dataclasses import fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from goodricke.errors import OptionError
from goodricke.simulate.sky import Simulation

__all__ = ["load_simulation", "parsed_shares"]

_TYPES: dict[str, tuple[type, str]] = {
    "population": (str, "a name"),
    "survey": (str, "a name"),
    "n": (int, "a whole number"),
    "seed": (int, "a whole number"),
    "shares": (dict, "a table of kinds and their shares"),
}


def load_simulation(path: Path) -> dict[str, Any]:
    """Read the settings of a simulation from a TOML file.

    Raises
    ------
    OptionError
        When the file is not there or not TOML, or a key is unknown or of another type.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "a.toml"
    >>> _ = path.write_text('population = "contact"\\nn = 10\\n')
    >>> load_simulation(path)
    {'population': 'contact', 'n': 10}
    """
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise OptionError(f"{path}: cannot be read ({error.strerror}); name a TOML file, or give options") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise OptionError(f"{path} is not a TOML file: {error}") from error
    known = [field.name for field in fields(Simulation)]
    for key, value in found.items():
        if key not in known:
            near = get_close_matches(key, known, 1)
            raise OptionError(
                f"{path}: {key!r} is not known{f'; did you mean {near[0]!r}' if near else ''}? "
                f"The keys are {', '.join(known)}"
            )
        wanted, words = _TYPES[key]
        if not isinstance(value, wanted) or isinstance(value, bool):
            raise OptionError(f"{path}: {key} = {value!r} should be {words}")
    return found


def parsed_shares(text: str) -> dict[str, float]:
    """Shares written as KIND=P,...

    Raises
    ------
    OptionError
        When the text is not of that form.

    Examples
    --------
    >>> parsed_shares("contact=1, constant=9")
    {'contact': 1.0, 'constant': 9.0}
    """
    shares = {}
    for part in text.split(","):
        name, _, share = part.partition("=")
        try:
            shares[name.strip()] = float(share)
        except ValueError:
            raise OptionError(f"{part.strip()!r} is not KIND=SHARE; write for example contact=1,constant=9") from None
    return shares
