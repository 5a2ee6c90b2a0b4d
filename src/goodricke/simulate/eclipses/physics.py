"""The class of a binary from what it is, whatever its curve looks like."""

from __future__ import annotations

import numpy as np

from goodricke.simulate.binary.systems import Systems
from goodricke.simulate.compiled import Floats
from goodricke.simulate.stars import Columns

__all__ = ["label_physics", "lobe_filling"]

_NEAR = 0.9
_LARGE = 0.1


def lobe_filling(systems: Systems) -> Floats:
    """(N, 2) volume radius of each star over that of its Roche lobe at periastron; 1 for a star in contact.

    Lobes by Eggleton's formula (1983, ApJ 268, 368, eq. 2), good to 1%; spins are taken as synchronous.

    Examples
    --------
    >>> lobe_filling(Systems(q=1.0, radius1=0.19, radius2=np.inf)).round(2).tolist()
    [[0.5, 1.0]]
    """
    table = systems.numbers()
    filling = np.empty((len(table), 2))
    q = np.where(table[:, 0] > 0, table[:, 0], np.nan)
    for star, (at, over) in enumerate(((6, 1.0 / q), (14, q))):
        third = np.cbrt(over)
        lobe = 0.49 * third**2 / (0.6 * third**2 + np.log1p(third))
        filling[:, star] = np.minimum(table[:, at] / (lobe * (1.0 - table[:, 3])), 1.0)
    filling[~np.isnan(table[:, 2])] = 1.0
    return filling


def label_physics(systems: Systems, labels: Columns) -> Columns:
    """Class by what the stars are and what they hide; the first row that fits.

    ===========================================  =====  ======================================================
    what it is                                   class  why
    ===========================================  =====  ======================================================
    impossible                                   none   there is no such binary
    contact, eclipsed or of 0.1 mag or more      EW     W UMa stars are contact binaries
    no eclipse                                   ELL    only the changing shape of the stars is seen
    a star fills 0.9 of its lobe or more         EB     tides change its light all the time; semi-detached is 1
    other                                        EA     round stars give flat light between eclipses
    ===========================================  =====  ======================================================

    Parameters
    ----------
    systems : Systems
        N binaries.
    labels : dict
        What ``eclipse_labels`` found for them. Where it has ``amplitude`` too (of ``curve_labels``), a contact binary
        of 0.1 mag or more is EW without an eclipse: seen from near its pole neither half hides the other.

    Returns
    -------
    dict of numpy.ndarray, (N,)
        ``label_physics``, as in the table, and ``lobe_filling_1``, ``lobe_filling_2``: volume radius of each star over
        that of its lobe at periastron.

    Examples
    --------
    >>> from goodricke.simulate.eclipses import eclipse_labels
    >>> pair = Systems(q=0.5, inclination=[88.0, 20.0], radius1=0.2, radius2=0.1)
    >>> label_physics(pair, eclipse_labels(pair))["label_physics"].tolist()
    ['EA', 'ELL']
    """
    filling = lobe_filling(systems)
    contact = ~np.isnan(systems.numbers()[:, 2])
    dark = (labels["eclipse_1"] == "none") & (labels["eclipse_2"] == "none")
    large = np.nan_to_num(labels.get("amplitude", np.zeros(len(dark)))) >= _LARGE
    rules = [np.isnan(labels["hidden_1"]), contact & (~dark | large), dark, (filling >= _NEAR).any(axis=1)]
    return {
        "label_physics": np.select(rules, ["none", "EW", "ELL", "EB"], "EA"),
        "lobe_filling_1": filling[:, 0],
        "lobe_filling_2": filling[:, 1],
    }
