"""The table of observatories: name -> "module:class", imported when asked for. To add one, see ``Observatory``."""

from __future__ import annotations

from difflib import get_close_matches
from importlib import import_module

from goodricke.errors import OptionError
from goodricke.simulate.observing.observatory import Observatory

__all__ = ["OBSERVATORIES", "observatory"]

_HERE = "goodricke.simulate.observing"

OBSERVATORIES: dict[str, str] = {
    "asas3": f"{_HERE}.asas3:Asas3",
    "asassn": f"{_HERE}.asassn:Asassn",
    "asassn_v": f"{_HERE}.asassn:AsassnV",
    "crts": f"{_HERE}.crts:Crts",
    "ogle": f"{_HERE}.ogle:Ogle",
    "ztf": f"{_HERE}.ztf:Ztf",
    "gaia": f"{_HERE}.gaia:Gaia",
    "lsst": f"{_HERE}.lsst:Lsst",
    "kepler": f"{_HERE}.kepler:Kepler",
    "tess_20s": f"{_HERE}.tess:Tess20s",
    "tess_2min": f"{_HERE}.tess:Tess2min",
    "tess_10min": f"{_HERE}.tess:Tess10min",
    "tess_30min": f"{_HERE}.tess:Tess30min",
}
"""Name -> where its class is."""


def observatory(name: str) -> Observatory:
    """Make the observatory of that name.

    Raises
    ------
    OptionError
        When there is none.
    """
    if name not in OBSERVATORIES:
        close = get_close_matches(name, OBSERVATORIES, 1)
        raise OptionError(
            f"no survey can be simulated as {name!r}{f'; did you mean {close[0]!r}' if close else ''}? "
            f"There are {', '.join(OBSERVATORIES)}"
        )
    module, name = OBSERVATORIES[name].split(":")
    made: Observatory = getattr(import_module(module), name)()
    return made
