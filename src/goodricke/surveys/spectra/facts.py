"""What a file that no survey owns says of a star: from header cards, comment lines and columns."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from goodricke.surveys.source import Source
from goodricke.surveys.spectra.cards import Get, coordinates, mjd_of, number, text, velocity_of

__all__ = ["cards_in_comments", "facts"]

_PLACES = [
    ("RA", "DEC"), ("RA_TARG", "DEC_TARG"), ("OBJRA", "OBJDEC"), ("RA_OBJ", "DEC_OBJ"), ("RAOBJ", "DECOBJ"),
    ("RAJ2000", "DEJ2000"), ("TARGET_RA", "TARGET_DEC"), ("PLUG_RA", "PLUG_DEC"), ("RA_DEG", "DEC_DEG"),
]  # fmt: skip
_NO_NAMES = ("spectrum", "object", "science", "target", "star", "unknown", "test", "sky")
_CARD = re.compile(r"\s*([A-Za-z][\w \-]{0,30}?)\s*[=:]\s*(.+?)\s*(?:/.*)?$")


def cards_in_comments(comments: Sequence[str]) -> dict[str, str]:
    """Lines such as ``# RA = 12.5`` as cards, in capital letters.

    >>> cards_in_comments(["object: HD 1", "RA = 12.5 / degrees", "made by hand"])
    {'OBJECT': 'HD 1', 'RA': '12.5'}
    """
    found: dict[str, str] = {}
    for line in comments:
        match = _CARD.match(line)
        if match:
            found.setdefault(match[1].upper().replace(" ", "_").replace("-", "_"), match[2].strip("'\" "))
    return {
        **{name.replace("_", "-"): value for name, value in found.items() if name.startswith(("DATE", "MJD"))},
        **found,
    }


def facts(
    source: Source, get: Get, of_row: Callable[[str], Any] = lambda name: None, row: int | None = None
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Fields per spectrum, and the columns of meta.

    Parameters
    ----------
    source : Source
        The file, which gives names where nothing else does.
    get : callable
        Value of a header card.
    of_row : callable
        Value of one of our names (``star``, ``ra``, ``z``, ...) in a table's row; believed first.
    row : int, optional
        Which spectrum of the file it is, where there are several.
    """

    def known(name: str) -> float:
        return number(of_row, name)

    def word(name: str) -> str:
        return text(of_row, name)

    ra, dec = coordinates(of_row, [("ra", "dec")])
    if not np.isfinite(ra):
        ra, dec = coordinates(get, _PLACES)
    name = text(get, "OBJECT", "OBJNAME", "TARGET", "TARGNAME", "STAR", "DESIG", "NAME")
    stem = source.stem + ("" if row is None else f"-{row + 1}")
    own = word("star") or ("" if row is not None or name.lower() in _NO_NAMES else name)
    z = known("z") if np.isfinite(known("z")) else number(get, "REDSHIFT", "Z")
    velocity, said = known("velocity"), "column"
    if not np.isfinite(velocity):
        velocity, said = number(get, "RV", "VRAD", "RADVEL", "HRV"), "header"
    if not np.isfinite(velocity) and abs(z) < 10:
        velocity, said = velocity_of(z), "c z"
    mjd = known("mjd")
    snr = known("snr") if known("snr") > 0 else number(get, "SNRG", "SN_G", "SNR", "S_N", "SN")
    about = {
        "object_id": own or stem,
        "spectrum_id": word("spectrum") or stem,
        "survey": "generic",
        "ra": ra,
        "dec": dec,
        "mjd": mjd if np.isfinite(mjd) else mjd_of(get),
        "velocity": velocity,
        "snr": snr if snr > 0 else float("nan"),
        "kind": (word("kind") or text(get, "CLASS")).upper(),
        "subclass": word("subclass") or text(get, "SUBCLASS", "SPTYPE", "SP_TYPE", "SPT"),
    }
    meta = {
        "path": source.name,
        "name_from": "star" if own else "file",
        "z": z,
        "velocity_from": said if np.isfinite(velocity) else "",
        "designation": text(get, "DESIG"),
    }
    return about, meta
