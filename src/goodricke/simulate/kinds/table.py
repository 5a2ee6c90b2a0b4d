"""The table of kinds: name -> "module:class", imported when asked for. To add one, see ``Kind``."""

from __future__ import annotations

from difflib import get_close_matches
from importlib import import_module

from goodricke.errors import OptionError
from goodricke.simulate.stars import Kind

__all__ = ["KINDS", "kind"]

_HERE = "goodricke.simulate.kinds"

KINDS: dict[str, str] = {
    "contact": "goodricke.simulate.populations.contact:Contact",
    "contact_total": "goodricke.simulate.populations.contact:ContactTotal",
    "contact_partial": "goodricke.simulate.populations.contact:ContactPartial",
    "detached": "goodricke.simulate.populations.detached:Detached",
    "semi_detached": "goodricke.simulate.populations.semi_detached:SemiDetached",
    "ellipsoidal": "goodricke.simulate.populations.ellipsoidal:Ellipsoidal",
    "rrab": f"{_HERE}.rr_lyrae:RRab",
    "rrc": f"{_HERE}.rr_lyrae:RRc",
    "rrd": f"{_HERE}.rr_lyrae:RRd",
    "cepheid": f"{_HERE}.cepheids:Cepheid",
    "type2_cepheid": f"{_HERE}.cepheids:Type2Cepheid",
    "anomalous_cepheid": f"{_HERE}.cepheids:AnomalousCepheid",
    "delta_scuti": f"{_HERE}.delta_scuti:DeltaScuti",
    "mira": f"{_HERE}.long_period:Mira",
    "semi_regular": f"{_HERE}.long_period:SemiRegular",
    "rotator": f"{_HERE}.rotators:Rotator",
    "planet": f"{_HERE}.planets:Planet",
    "flare_star": f"{_HERE}.flares:FlareStar",
    "microlensing": f"{_HERE}.microlensing:Microlensing",
    "supernova": f"{_HERE}.supernovae:Supernova",
    "constant": f"{_HERE}.constants:Constant",
    "quasar": f"{_HERE}.quasar:Quasar",
    "be_star": f"{_HERE}.be_star:BeStar",
    "young_star": f"{_HERE}.young_star:YoungStar",
    "junk": f"{_HERE}.junk:Junk",
    "ground_junk": f"{_HERE}.junk:GroundJunk",
    "space_junk": f"{_HERE}.junk:SpaceJunk",
}
"""Name -> where its class is."""


def kind(name: str) -> Kind:
    """Make the kind of that name.

    Raises
    ------
    OptionError
        When there is none.
    """
    if name not in KINDS:
        close = get_close_matches(name, KINDS, 1)
        raise OptionError(
            f"no kind of star is called {name!r}{f'; did you mean {close[0]!r}' if close else ''}? "
            f"There are {', '.join(KINDS)}"
        )
    module, name = KINDS[name].split(":")
    made: Kind = getattr(import_module(module), name)()
    return made
