"""A map of the whole sky in equal areas, right ascension growing to the left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["galactic_plane", "on_the_sky", "sky_axes"]

Floats = NDArray[np.float64]

# The north pole of the Galaxy and the longitude of the celestial pole (ICRS, Hipparcos catalogue, vol. 1, 1.5.3).
_GALACTIC_POLE_RA, _GALACTIC_POLE_DEC, _NODE = np.radians([192.85948, 27.12825, 32.93192])


def sky_axes(figure: Figure, cell: Any = 111) -> Any:
    """Mollweide axes with hours, a grid and the plane of the Galaxy as a grey line."""
    axes = figure.add_subplot(cell, projection="mollweide")
    plane = on_the_sky(*galactic_plane())
    order = np.argsort(plane[0])
    axes.plot(plane[0][order], plane[1][order], color="#BBBBBB", linewidth=1.0, zorder=0)
    axes.set_xticks(np.radians(np.arange(-150, 151, 30)), [f"{(-k) % 24}h" for k in range(-10, 11, 2)], fontsize=8)
    axes.tick_params(axis="y", labelsize=8)
    axes.grid(color="#E4E4E4", linewidth=0.6)
    axes.set_axisbelow(False)
    for hour in axes.get_xticklabels():
        hour.set(bbox={"boxstyle": "round,pad=0.1", "facecolor": "white", "edgecolor": "none", "alpha": 0.8})
    return axes


def on_the_sky(ra: Floats, dec: Floats) -> tuple[Floats, Floats]:
    """Radians on the map, right ascension growing to the left, 0 h in the middle."""
    return -np.radians((ra + 180.0) % 360.0 - 180.0), np.radians(dec)


def galactic_plane() -> tuple[Floats, Floats]:
    """Right ascension and declination, degrees, of points on the Galaxy's plane (361,)."""
    along = np.radians(np.linspace(0.0, 360.0, 361)) - _NODE
    sin_dec = np.cos(_GALACTIC_POLE_DEC) * np.sin(along)
    ra = np.arctan2(np.cos(along), -np.sin(_GALACTIC_POLE_DEC) * np.sin(along)) + _GALACTIC_POLE_RA
    return np.degrees(ra) % 360.0, np.degrees(np.arcsin(sin_dec))
