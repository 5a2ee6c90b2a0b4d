"""Where a star's groups of spots are at a time, and how large: they are born, drift with the latitude, and fade."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from goodricke.simulate.compiled import Floats, Ints
from goodricke.simulate.kinds.brightness import limb_coefficients, surface_ratio
from goodricke.simulate.kinds.chance import normals, uniforms
from goodricke.simulate.kinds.spots import caps_light
from goodricke.simulate.stars import Columns, Moments

__all__ = ["GROUPS", "covered_light", "spot_contrast", "spotted_light"]

GROUPS = 3
"""Groups of spots on a star, each replaced by another when it has faded."""

_LATITUDE, _LONGITUDE, _SIZE, _BIRTH, _WANDER = range(5)
# Radians by which the next group of spots comes up away from the last: active longitudes.
_SPREAD = 0.25
# Sines of the lowest and highest latitude of spots; the pole in view is the northern one.
_LOWEST, _HIGHEST = 0.3, 0.97


def _runs(star: Ints, generation: Ints) -> tuple[Ints, Ints]:
    """Where each stretch of one star and one generation begins, and how long it is."""
    changes = (np.diff(star) != 0) | (np.diff(generation) != 0)
    first = np.concatenate([[0], np.flatnonzero(changes) + 1]) if len(star) else np.zeros(0, np.int64)
    return first, np.diff(np.append(first, len(star)))


def _latitude(seed: Ints, group: int, generation: ArrayLike) -> Floats:
    """Even in its sine: the same number of spots on every part of the surface."""
    return np.asarray(np.arcsin(_LOWEST + (_HIGHEST - _LOWEST) * uniforms(seed, _LATITUDE, group, generation)))


def _group(stars: Columns, moments: Moments, group: int) -> tuple[Floats, Floats]:
    """Cosine (M,) of the angle between the group and the line of sight, and its cover over that of the first group."""
    star, elapsed = moments.star, moments.time - np.repeat(stars["epoch"], np.diff(moments.offsets))
    life = stars["spot_life_days"]
    lasting = np.isinf(life)
    # Generation 0 of group 0 is in the middle of its life, and in front, at the star's epoch.
    born = np.full(len(life), 0.5) if group == 0 else uniforms(stars["seed"], _BIRTH, group)
    age = np.where(lasting[star], 0.5, elapsed / life[star] + born[star])
    generation = np.floor(age).astype(np.int64)
    first, length = _runs(star, generation)
    who, when = star[first], generation[first]
    seed = stars["seed"][who]
    latitude = _latitude(seed, group, when)
    home = np.zeros(len(who)) if group == 0 else 2.0 * np.pi * uniforms(seed, _LONGITUDE, group)
    away = np.where((when == 0) & (group == 0), 0.0, _SPREAD * normals(seed, _WANDER, group, when))
    # The period is that of the first group's latitude; others turn faster nearer to the equator.
    own = np.sin(latitude) ** 2 - np.sin(_latitude(seed, 0, 0)) ** 2
    middle = np.where(lasting[who], 0.0, (when + 0.5 - born[who]) * np.where(lasting[who], 1.0, life[who]))
    faster = np.where(lasting[who], 0.0, -stars["shear"][who] * own)
    turn = 2.0 * np.pi / stars["period_days"][who]
    start = home + away - turn * faster * middle
    tilt = np.deg2rad(stars["inclination_deg"][who])
    angle = np.repeat(start, length) + np.repeat(turn * (1.0 + faster), length) * elapsed
    cosine = np.repeat(np.cos(tilt) * np.sin(latitude), length)
    cosine += np.repeat(np.sin(tilt) * np.cos(latitude), length) * np.cos(angle)
    share = np.ones(len(life)) if group == 0 else 0.15 + 0.45 * uniforms(stars["seed"], _SIZE, group)
    cover = share[star] * np.sin(np.pi * (age - generation)) ** 2
    return cosine, cover


def covered_light(stars: Columns, moments: Moments, band: str) -> Floats:
    """Part (M,) of the light of spotless stars that comes from where spots are, were the first group all covered."""
    first, second = limb_coefficients(stars["temperature"], band)
    cosine, cover = np.empty((GROUPS, len(moments.time))), np.empty((GROUPS, len(moments.time)))
    for group in range(GROUPS):
        cosine[group], cover[group] = _group(stars, moments, group)
    light = np.empty(len(moments.time))
    # A linear law that darkens the disc about as much.
    caps_light(cosine, cover, np.deg2rad(stars["spot_radius_deg"]), first + 0.6 * second, moments.offsets, light)
    return light


def spot_contrast(stars: Columns, band: str) -> Floats:
    """Part (N,) of the light missing in a spot; negative where spots are bright."""
    return 1.0 - surface_ratio(stars["spot_temperature"], stars["temperature"], band)


def spotted_light(stars: Columns, moments: Moments, band: str) -> Floats:
    """Flux (M,) of spotted stars over that of the same stars without spots.

    Parameters
    ----------
    stars : Columns
        ``seed``, ``epoch``, ``period_days`` (rotation at the latitude of the first group), ``temperature``,
        ``spot_temperature``, ``inclination_deg``, ``spot_radius_deg`` (of the groups), ``spot_cover`` (part of the
        first group that is spots, at its height), ``spot_life_days`` (infinite: spots that stay), ``shear`` (rotation
        is slower by this part at the pole).
    moments : Moments
        When they are looked at.
    band : str
        One of ``BANDS``.
    """
    lost = (spot_contrast(stars, band) * stars["spot_cover"])[moments.star] * covered_light(stars, moments, band)
    # Groups that overlap count twice: a floor keeps the light positive.
    return np.asarray(np.maximum(1.0 - lost, 0.05))
