"""The class tree, its views, and what every catalogue's words mean in it: the one truth about labels.

A model predicts leaves. A view (``4class``: EA, EB, EW and all the rest) adds the probabilities of the leaves of
each of its groups, so levels never contradict each other.

>>> leaf_of("acvs", "ESD")
('EB',)
>>> leaf_of("crts", "EW_EB")
('EB', 'EW')
>>> lineage("EA")
('EA', 'ECLIPSING', 'VARIABLE')
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any

import numpy as np
from numpy.typing import NDArray

from goodricke.errors import OptionError

__all__ = [
    "CATALOGUES", "LEAVES", "MEANINGS", "SPECTRAL", "TREE", "VIEWS", "group_of", "in_view", "leaf_of", "leaves_under",
    "lineage", "parent_of", "view_of",
]  # fmt: skip

TREE: dict[str, str] = {
    "VARIABLE": "",
    "CONST": "",
    "ECLIPSING": "VARIABLE", "EA": "ECLIPSING", "EB": "ECLIPSING", "EW": "ECLIPSING", "ELL": "VARIABLE",
    "PULSATING": "VARIABLE",
    "RRLYR": "PULSATING", "RRAB": "RRLYR", "RRC": "RRLYR", "RRD": "RRLYR",
    "CEPHEID": "PULSATING", "CEP": "CEPHEID", "T2CEP": "CEPHEID", "ACEP": "CEPHEID",
    "DSCT": "PULSATING", "BCEP": "PULSATING", "LPV": "PULSATING",
    "ROT": "VARIABLE",
    "ERUPTIVE": "VARIABLE", "BE": "ERUPTIVE", "YSO": "ERUPTIVE",
    "AGN": "VARIABLE", "TRANSIENT": "VARIABLE",
}  # fmt: skip
"""Every class -> the class that it is a kind of; empty at the top."""

LEAVES: tuple[str, ...] = tuple(name for name in TREE if name not in TREE.values())
"""The classes that a model can predict, in the order of their columns."""

MEANINGS: dict[str, str] = {
    "VARIABLE": "changes its light",
    "CONST": "no variation above the noise, or no shape in it",
    "ECLIPSING": "two stars that eclipse each other",
    "EA": "detached eclipsing binary (Algol): flat between the eclipses",
    "EB": "semi-detached or close eclipsing binary (beta Lyrae): rounded between eclipses of unlike depth",
    "EW": "contact binary (W UMa): always changing, minima of like depth",
    "ELL": "ellipsoidal variable: tidally stretched, no eclipse",
    "PULSATING": "swells and shrinks",
    "RRLYR": "RR Lyrae star",
    "RRAB": "RR Lyrae star in the fundamental mode: steep rise",
    "RRC": "RR Lyrae star in the first overtone: near to a sine",
    "RRD": "RR Lyrae star in two modes",
    "CEPHEID": "Cepheid of any kind",
    "CEP": "classical Cepheid",
    "T2CEP": "type II Cepheid",
    "ACEP": "anomalous Cepheid",
    "DSCT": "delta Scuti star, high amplitude or not",
    "BCEP": "beta Cephei star",
    "LPV": "long-period variable: Mira, semi-regular",
    "ROT": "spotted or chemically peculiar star seen to rotate (BY Dra, RS CVn, ACV)",
    "ERUPTIVE": "outbursts and discs",
    "BE": "Be star",
    "YSO": "young stellar object",
    "AGN": "active galactic nucleus, quasar",
    "TRANSIENT": "one event: supernova, microlensing",
}
"""What every name of the tree means, in words."""

SPECTRAL: dict[str, str] = {
    "SINGLE": "one star, or a companion that leaves nothing in this spectrum",
    "BINARY": "light of two stars on the main sequence",
}
"""Classes of models of spectra. They are no leaves of the tree: an eclipsing binary may be either."""


def parent_of(name: str) -> str:
    """The class that `name` is a kind of; empty for the top.

    >>> parent_of("RRAB")
    'RRLYR'
    """
    return TREE[_known(name)]


def lineage(name: str) -> tuple[str, ...]:
    """`name` and all that stands above it."""
    found = [_known(name)]
    while TREE[found[-1]]:
        found.append(TREE[found[-1]])
    return tuple(found)


def leaves_under(name: str) -> tuple[str, ...]:
    """The leaves that are a kind of `name`, or `name` itself when it is a leaf.

    >>> leaves_under("RRLYR")
    ('RRAB', 'RRC', 'RRD')
    """
    _known(name)
    return tuple(leaf for leaf in LEAVES if name in lineage(leaf))


def _known(name: str) -> str:
    if name not in TREE:
        near = get_close_matches(name.upper(), TREE, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(TREE)}"
        raise OptionError(f"class {name!r} is not in the tree; {hint}")
    return name


def _rest(*groups: str) -> tuple[str, ...]:
    taken = {leaf for group in groups for leaf in leaves_under(group)}
    return tuple(leaf for leaf in LEAVES if leaf not in taken)


VIEWS: dict[str, dict[str, tuple[str, ...]]] = {
    "leaves": {leaf: (leaf,) for leaf in LEAVES},
    "4class": {"EA": ("EA",), "EB": ("EB",), "EW": ("EW",), "VAR": _rest("ECLIPSING")},
    "eclipsing": {"ECLIPSING": leaves_under("ECLIPSING"), "OTHER": _rest("ECLIPSING")},
    "7class": {
        "ECLIPSING": leaves_under("ECLIPSING"),
        "RRLYR": leaves_under("RRLYR"),
        "CEPHEID": leaves_under("CEPHEID"),
        "DSCT": ("DSCT", "BCEP"),
        "LPV": ("LPV",),
        "ROT": ("ROT", "ELL"),
        "OTHER": _rest("ECLIPSING", "RRLYR", "CEPHEID", "DSCT", "BCEP", "LPV", "ROT", "ELL"),
    },
    "variable": {"VARIABLE": leaves_under("VARIABLE"), "CONST": ("CONST",)},
}
"""View -> its groups -> their leaves. Every leaf is in exactly one group of every view."""

_ECL = ("EA", "EB", "EW")
_RR = ("RRAB", "RRC", "RRD")

CATALOGUES: dict[str, dict[str, tuple[str, ...]]] = {
    # The words of label_mapped in the training sets, and everyday ones.
    "": {
        "ECL": _ECL, "EB_EW": ("EB", "EW"), "EW_EB": ("EB", "EW"), "RR": _RR, "NONVAR": ("CONST",),
        "VAR": _rest("ECLIPSING", "CONST"), "MIRA": ("LPV",), "SR": ("LPV",), "QSO": ("AGN",), "SN": ("TRANSIENT",),
    },
    # ASAS-3, Pojmanski 2002; joined words such as EC/ESD are ambiguous.
    "acvs": {
        "EC": ("EW",), "ESD": ("EB",), "ED": ("EA",), "ECL": _ECL, "MIRA": ("LPV",), "ACV": ("ROT",),
        "DCEP-FU": ("CEP",), "DCEP-FO": ("CEP",), "CW": ("T2CEP",), "BCEP": ("BCEP",),
    },
    # Catalina, Drake et al. 2014 and 2017: contact and semi-detached are one class.
    "crts": {"EW_EB": ("EB", "EW"), "EW": ("EB", "EW"), "BLAZHKO": ("RRAB",), "CEP-II": ("T2CEP",), "ACEP": ("ACEP",)},
    # ASAS-SN, Jayasinghe et al. 2018.
    "asassn": {
        "HADS": ("DSCT",), "M": ("LPV",), "SR": ("LPV",), "L": ("LPV",), "SRD": ("LPV",), "CWA": ("T2CEP",),
        "CWB": ("T2CEP",), "RVA": ("T2CEP",), "DCEP": ("CEP",), "DCEPS": ("CEP",), "GCAS": ("BE",), "VAR": LEAVES,
    },
    # OGLE collection of variable stars.
    "ogle": {
        "NC": ("EB", "EW"), "C": ("EW",), "ED": ("EA",), "ESD": ("EB",), "EC": ("EW",), "ELL": ("ELL",),
        "MIRA": ("LPV",), "OSARG": ("LPV",), "SRV": ("LPV",),
    },
    # Gaia DR3 vari_classifier_result, Rimoldini et al. 2023; EB there is any eclipsing binary.
    "gaia": {
        "ECL": _ECL, "EB": _ECL, "RR": _RR, "CEP": ("CEP", "T2CEP", "ACEP"), "RS": ("ROT",), "SOLAR_LIKE": ("ROT",),
        "BE|GCAS|SDOR|WR": ("BE",), "DSCT|GDOR|SXPHE": ("DSCT",),
    },
}  # fmt: skip
"""Catalogue -> its word -> the leaves that it may mean. Leaves and inner names of the tree mean themselves in all."""


def leaf_of(catalogue: str, word: str) -> tuple[str, ...]:
    """The leaves that a catalogue's word may mean; empty when it says nothing about the class.

    Parameters
    ----------
    catalogue : str
        A key of `CATALOGUES`; empty for everyday words.
    word : str
        The label, upper or lower case.

    Examples
    --------
    >>> leaf_of("gaia", "EB"), leaf_of("", "UNLABELLED"), leaf_of("", "rrlyr")
    (('EA', 'EB', 'EW'), (), ('RRAB', 'RRC', 'RRD'))
    """
    if catalogue not in CATALOGUES:
        raise OptionError(f"catalogue {catalogue!r} is not known; there are {', '.join(filter(None, CATALOGUES))}")
    word = word.strip().upper()
    for words in (CATALOGUES[catalogue], CATALOGUES[""]):
        if word in words:
            return words[word]
    return leaves_under(word) if word in TREE else ()


def view_of(name: str) -> dict[str, tuple[str, ...]]:
    """The groups of a view.

    Raises
    ------
    OptionError
        If there is no such view; the message names the views.
    """
    if name not in VIEWS:
        raise OptionError(f"view {name!r} is not known; there are {', '.join(VIEWS)}")
    return VIEWS[name]


def group_of(leaves: Sequence[str], view: str) -> str:
    """The group of a view that holds all these leaves; empty when they are none or in several.

    >>> group_of(("EB", "EW"), "eclipsing"), group_of(("EB", "EW"), "4class")
    ('ECLIPSING', '')
    """
    for group, members in view_of(view).items():
        if leaves and set(leaves) <= set(members):
            return group
    return ""


def in_view(
    probabilities: NDArray[np.floating[Any]], classes: Sequence[str], view: str
) -> tuple[NDArray[np.float64], tuple[str, ...]]:
    """Probabilities of the groups of a view.

    Parameters
    ----------
    probabilities : (N, C)
        Of `classes`.
    classes : C names
        Leaves, or groups of them such as ``VAR`` of the view ``4class``, in the order of the columns.
    view : str
        A key of `VIEWS`.

    Returns
    -------
    probabilities : (N, G)
        Sums over the classes of each group.
    groups : G names
        Those groups that hold at least one of the classes.

    Examples
    --------
    >>> p, groups = in_view(np.array([[0.5, 0.2, 0.3]]), ("EA", "EW", "RRC"), "eclipsing")
    >>> p.round(3), groups
    (array([[0.7, 0.3]]), ('ECLIPSING', 'OTHER'))
    >>> in_view(np.array([[0.6, 0.4]]), ("EA", "VAR"), "4class")[1]
    ('EA', 'VAR')
    """
    found = [group_of(leaf_of("", name), view) for name in classes]
    members = {group: [k for k, name in enumerate(found) if name == group] for group in view_of(view)}
    members = {group: columns for group, columns in members.items() if columns}
    summed = [np.asarray(probabilities, dtype=np.float64)[:, columns].sum(axis=1) for columns in members.values()]
    return np.stack(summed, axis=1), tuple(members)
