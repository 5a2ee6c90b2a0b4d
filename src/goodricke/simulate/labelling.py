"""Labels of simulated binaries: by geometry, by physics and by the look of the curve without noise."""

from __future__ import annotations

import numpy as np

from goodricke.simulate.binary.curves import light_curves
from goodricke.simulate.eclipses import curve_labels, eclipse_labels, label_physics
from goodricke.simulate.populations.binaries import systems_of
from goodricke.simulate.stars import Columns

__all__ = ["labelled"]

_PHASES = np.arange(200) / 200 - 0.5
_ROUND = 1e-4


def labelled(stars: Columns, band: str) -> Columns:
    """The columns of binaries with those of their labels: ``label`` is that of the physics.

    Parameters
    ----------
    stars : dict
        What a ``Binary`` drew.
    band : str
        One of ``BANDS``, in which depths and shapes are measured.

    Returns
    -------
    dict
        The same columns; ``label``, ``label_shape``, ``morphology``, ``total`` and the others of
        ``goodricke.simulate.eclipses``.

    Examples
    --------
    >>> from goodricke.simulate.populations.contact import ContactTotal
    >>> stars = ContactTotal().draw(2, np.random.default_rng(0), (2455000.0, 2456000.0))
    >>> found = labelled(stars, "V")
    >>> found["label"].tolist(), found["total"].tolist()
    (['EW', 'EW'], [True, True])
    """
    systems = systems_of(stars, band)
    geometry = eclipse_labels(systems)
    flux, _ = light_curves(systems, _PHASES, band, spheres=_ROUND)
    curve = curve_labels(_PHASES + 0.5, np.roll(flux, len(_PHASES) // 2, axis=1))
    physics = label_physics(systems, geometry | curve)
    return {**stars, "label": physics.pop("label_physics"), **curve, **geometry, **physics}
