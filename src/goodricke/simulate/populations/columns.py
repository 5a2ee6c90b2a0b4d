"""What the columns of binaries mean: systems for the physics, radii, depths of round stars."""

from __future__ import annotations

import numpy as np

from goodricke.simulate.binary.systems import Systems
from goodricke.simulate.compiled import Floats
from goodricke.simulate.populations.geometry import depths, lobe, separations
from goodricke.simulate.populations.spotted import spots_of
from goodricke.simulate.populations.surfaces import limb
from goodricke.simulate.stars import Columns

__all__ = ["round_radii", "sphere_depths", "systems_of"]

_FIELDS = (
    "q", "inclination", "fillout", "radius1", "radius2", "temperature1", "temperature2", "eccentricity", "periastron",
    "third_light", "gravity1", "gravity2", "albedo1", "albedo2", "spin1", "spin2",
)  # fmt: skip


def systems_of(stars: Columns, band: str = "V") -> Systems:
    """Binaries with the columns of a ``Binary``, their limb darkening by temperature and band.

    Examples
    --------
    >>> from goodricke.simulate.populations.contact import Contact
    >>> stars = Contact().draw(3, np.random.default_rng(0), (2455000.0, 2456000.0))
    >>> len(systems_of(stars, "I"))
    3
    """
    return Systems(
        **{name: stars[name] for name in _FIELDS if name in stars},  # type: ignore[arg-type]
        limb1=limb(stars["temperature1"], band),
        limb2=limb(stars["temperature2"], band),
        spots=spots_of(stars),
    )


def round_radii(stars: Columns) -> tuple[Floats, Floats]:
    """Radii in semi-major axes; that of the lobe where a star fills it or is half of a contact envelope."""
    q = stars["q"]
    first = np.where(np.isinf(stars["radius1"]), lobe(q), stars["radius1"])
    return first, np.where(np.isinf(stars["radius2"]), lobe(1.0 / q), stars["radius2"])


def sphere_depths(stars: Columns) -> tuple[Floats, Floats]:
    """Magnitudes lost in V at both conjunctions, as if the stars were round."""
    return depths(
        stars["inclination"],
        round_radii(stars),
        (stars["temperature1"], stars["temperature2"]),
        separations(stars["eccentricity"], stars["periastron"]),
        stars["third_light"],
    )
