"""Labels of simulated binaries: by geometry, by physics and by the look of the curve without noise."""

from __future__ import annotations

import numpy as np

from goodricke.simulate.compiled import Floats
from goodricke.simulate.eclipses import curve_labels, eclipse_labels, label_physics
from goodricke.simulate.populations.binaries import Binary, systems_of
from goodricke.simulate.stars import Columns, Moments

__all__ = ["labelled", "light_and_labels"]

_PHASES = np.arange(200) / 200 - 0.5
_LONG = 0.004
"""Days of an exposure that would change depths by more than a part in a hundred (a quarter of an hour in a day)."""


def light_and_labels(made: Binary, stars: Columns, moments: Moments, band: str) -> tuple[Floats, Columns]:
    """Flux (M,) of binaries at those moments, and their columns with labels; see ``labelled``.

    The curve that is labelled is worked out together with the light where exposures are short, since the cost of a
    curve hardly depends on the number of its points.
    """
    if moments.exposure > _LONG:
        nowhere = Moments(np.empty(0), np.zeros(len(moments.offsets), np.int64))
        _, columns = light_and_labels(made, stars, nowhere, band)
        return made.light(stars, moments, band), columns
    n = len(moments.offsets) - 1
    offsets = moments.offsets + len(_PHASES) * np.arange(n + 1)
    last = offsets[1:, None] - len(_PHASES) + np.arange(len(_PHASES))  # of every star the last points are the curve
    asked = np.ones(offsets[-1], bool)
    asked[last] = False
    time = np.empty(offsets[-1])
    time[asked] = moments.time
    time[last] = stars["conjunction"][:, None] + stars["period_days"][:, None] * _PHASES
    light = made.light(stars, Moments(time, offsets, moments.exposure), band)
    return light[asked], labelled(stars, light[last], band)


def labelled(stars: Columns, curves: Floats, band: str = "V") -> Columns:
    """The columns of binaries with those of their labels: ``label`` is that of the physics.

    Parameters
    ----------
    stars : dict
        What a ``Binary`` drew.
    curves : numpy.ndarray, (N, 200)
        Their flux at equal steps of phase from -0.5 on, 0 at ``conjunction``.
    band : str
        One of ``BANDS``, that of the curves.

    Returns
    -------
    dict
        The same columns; ``label``, ``label_shape``, ``morphology``, ``total`` and the others of
        ``goodricke.simulate.eclipses``.

    Examples
    --------
    >>> from goodricke.simulate.populations.contact import ContactTotal
    >>> stars = ContactTotal().draw(2, np.random.default_rng(0), (2455000.0, 2456000.0))
    >>> nowhere = Moments(np.empty(0), np.zeros(3, np.int64))
    >>> _, found = light_and_labels(ContactTotal(), stars, nowhere, "V")
    >>> found["label"].tolist(), found["total"].tolist()
    (['EW', 'EW'], [True, True])
    """
    systems = systems_of(stars, band)
    geometry = eclipse_labels(systems)
    curve = curve_labels(_PHASES + 0.5, np.roll(curves, len(_PHASES) // 2, axis=1))
    physics = label_physics(systems, geometry | curve)
    return {**stars, "label": physics.pop("label_physics"), **curve, **geometry, **physics}
