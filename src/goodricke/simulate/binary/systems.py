"""Parameters of many binaries as arrays, and what makes one unphysical."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import ArrayLike, NDArray

from goodricke.errors import OptionError
from goodricke.simulate.binary.limb import LimbLaw, law_code
from goodricke.simulate.compiled import Floats, Ints

__all__ = ["REASONS", "Spots", "Systems", "reasons_against"]

REASONS = (
    "",
    "star 1 is larger than its Roche lobe at periastron",
    "star 2 is larger than its Roche lobe at periastron",
    "the light of the stars is not a positive number",
    "a parameter is missing or not finite",
    "mass ratio outside 0.001 ... 1000",
    "inclination outside 0 ... 180 degrees",
    "fill-out outside 0 ... 1",
    "a radius is not positive",
    "a contact envelope needs a circular orbit and synchronous spins",
    "eccentricity outside 0 ... 0.95",
    "temperature outside 1000 ... 150000 K",
    "third light outside 0 ... 1",
    "limb darkening leaves some of the disc with no light",
    "albedo outside 0 ... 1, or a spin or spot radius or spot factor that is not positive",
    "beaming of half the light or more, or a light time outside 0 ... 0.1 periods",
)
"""What a flag means; 0 is a good curve."""

_ALONE = ("q", "inclination", "fillout", "eccentricity", "periastron", "third_light")
_TOGETHER = ("beaming1", "beaming2", "light_time")
_PAIRS = ("radius", "temperature", "gravity", "albedo", "spin")


@dataclass(frozen=True)
class Spots:
    """Round spots, any number on any star of any system: arrays of one length, one entry per spot."""

    system: ArrayLike
    """Row of the system."""
    star: ArrayLike
    """1 or 2."""
    colatitude: ArrayLike
    """Degrees from the spin axis, for both stars the axis towards +z."""
    longitude: ArrayLike
    """Degrees from the direction of the companion, in the sense of the orbit."""
    radius: ArrayLike
    """Angular radius, degrees."""
    factor: ArrayLike
    """Temperature over that of the surface without spot: below 1 cool, above 1 hot."""


@dataclass(frozen=True)
class Systems:
    """N binaries: every field is an array (N,) or one number for all.

    A finite ``fillout`` makes a contact binary, and the radii are ignored; NaN makes two separate stars. An infinite
    radius makes a star fill its lobe.

    Examples
    --------
    >>> len(Systems(q=[0.3, 0.5], inclination=80.0, fillout=[0.2, np.nan], radius1=0.2, radius2=np.inf))
    2
    """

    q: ArrayLike = 1.0
    """Mass of star 2 over star 1; star 1 is eclipsed at phase 0."""
    inclination: ArrayLike = 90.0
    """Degrees; 90 is edge on."""
    fillout: ArrayLike = np.nan
    """(W - W_L1) / (W_outer - W_L1), 0 ... 1; NaN: not in contact."""
    radius1: ArrayLike = np.inf
    """Radius of the sphere of star 1's volume, in semi-major axes; infinite: fills its lobe at all times."""
    radius2: ArrayLike = np.inf
    """The same for star 2."""
    temperature1: ArrayLike = 6000.0
    """Effective temperature, kelvin: that of the luminosity over the surface, without spots and reflection."""
    temperature2: ArrayLike = 6000.0
    """The same for star 2."""
    eccentricity: ArrayLike = 0.0
    """0 ... 0.95"""
    periastron: ArrayLike = 90.0
    """Argument of periastron of star 1, degrees; star 1's superior conjunction is at true anomaly 90 - this."""
    third_light: ArrayLike = 0.0
    """Share of the mean light (over all directions) that does not come from the two stars."""
    gravity1: ArrayLike = 0.32
    """Exponent b of T^4 ~ g^b: 1 radiative, 0.32 convective."""
    gravity2: ArrayLike = 0.32
    """The same for star 2."""
    albedo1: ArrayLike = 0.0
    """Part of the companion's light that star 1 sends out again; 0 leaves reflection out."""
    albedo2: ArrayLike = 0.0
    """The same for star 2."""
    spin1: ArrayLike = 1.0
    """Rotation over mean orbital motion."""
    spin2: ArrayLike = 1.0
    """The same for star 2."""
    limb1: ArrayLike = (0.4, 0.2)
    """(2,) or (N, 2) coefficients of star 1's limb darkening."""
    limb2: ArrayLike = (0.4, 0.2)
    """The same for star 2."""
    beaming1: ArrayLike = 0.0
    """Part of star 1's light by which motion brightens and dims it: B K / c (Loeb & Gaudi 2003, ApJ 588, L117)."""
    beaming2: ArrayLike = 0.0
    """The same for star 2."""
    light_time: ArrayLike = 0.0
    """Time that light takes across the semi-major axis, in periods; 0 leaves the delay of light out."""
    limb_bolometric: ArrayLike = 0.5
    """Linear limb darkening of the light that warms the companion."""
    limb_law: LimbLaw = "quadratic"
    """One law for all systems."""
    spots: Spots | None = None
    """Spots of all systems."""

    def __len__(self) -> int:
        return int(self.numbers().shape[0])

    def numbers(self) -> Floats:
        """(N, 25) numbers in the order of the kernels, angles in radians.

        Raises
        ------
        OptionError
            When the fields do not have one common length.
        """
        columns = [np.asarray(getattr(self, name), float) for name in _ALONE]
        for star in ("1", "2"):
            columns += [np.asarray(getattr(self, name + star), float) for name in _PAIRS]
            limb = np.asarray(getattr(self, "limb" + star), float)
            if limb.shape[-1:] != (2,):
                raise OptionError(f"limb{star} has shape {limb.shape}; give two coefficients, the second 0 if linear")
            columns += [limb[..., 0], limb[..., 1], np.asarray(self.limb_bolometric, float)]
        columns += [np.asarray(getattr(self, name), float) for name in _TOGETHER]
        try:
            table = np.stack(np.broadcast_arrays(*[np.atleast_1d(column) for column in columns]), axis=1)
        except ValueError as error:
            seen = sorted({column.shape for column in columns})
            raise OptionError(f"parameters of different lengths: {seen}; give one number or N of them") from error
        if table.ndim != 2:
            raise OptionError(f"parameters have shape {table[:, 0].shape}; give one number or N of them")
        table[:, 1] = np.radians(table[:, 1])
        table[:, 4] = np.radians(table[:, 4])
        return np.ascontiguousarray(table)

    def spot_table(self, n: int) -> tuple[Floats, Ints]:
        """(S, 5) spots sorted by system, angles in radians, and offsets (n + 1,).

        Raises
        ------
        OptionError
            When a spot is on a star or system that is not there.
        """
        if self.spots is None:
            return np.empty((0, 5)), np.zeros(n + 1, np.int64)
        names = [field.name for field in fields(self.spots)]
        table = np.stack(
            np.broadcast_arrays(*[np.atleast_1d(np.asarray(getattr(self.spots, name), float)) for name in names]),
            axis=1,
        )
        system = table[:, 0].astype(np.int64)
        if ((system < 0) | (system >= n)).any() or not np.isin(table[:, 1], (1.0, 2.0)).all():
            raise OptionError(f"a spot is on a system outside 0 ... {n - 1} or on a star that is neither 1 nor 2")
        order = np.argsort(system, kind="stable")
        offsets = np.concatenate([[0], np.cumsum(np.bincount(system, minlength=n))]).astype(np.int64)
        spots = table[order, 1:]
        spots[:, 1:4] = np.radians(spots[:, 1:4])
        return np.ascontiguousarray(spots), offsets


def _limb_fails(table: Floats, law: LimbLaw) -> NDArray[np.bool_]:
    """Whether intensity falls below 0 on the disc or the exponent of power-2 is not positive."""
    from goodricke.simulate.binary.limb import darkening

    code = law_code(law)
    bad = np.zeros(len(table), bool)
    for a, b in ((11, 12), (19, 20)):
        if code == 3:
            bad |= (table[:, b] <= 0) | (table[:, a] > 1)
            continue
        pairs, where = np.unique(table[:, (a, b)], axis=0, return_inverse=True)
        least = np.array([min(darkening(code, u, v, m) for m in (0.0, 0.05, 0.2, 0.5, 0.8)) for u, v in pairs])
        bad |= (least < 0)[where.ravel()]
    return bad


def reasons_against(table: Floats, spots: Floats, offsets: Ints, law: LimbLaw) -> NDArray[np.int8]:
    """(N,) index into ``REASONS`` of the first rule that a row of ``Systems.numbers`` breaks, 0 for none."""
    contact = ~np.isnan(table[:, 2])
    needed = np.delete(table, [2, 6, 14], axis=1)
    radii = table[:, (6, 14)]
    spins = table[:, (10, 18)]
    system = np.repeat(np.arange(len(table)), np.diff(offsets))
    spot_bad = np.zeros(len(table), bool)
    spot_bad[system[~(np.isfinite(spots).all(axis=1) & (spots[:, 3] > 0) & (spots[:, 4] > 0))]] = True
    rules = (
        (4, ~np.isfinite(needed).all(axis=1) | (~contact & np.isnan(radii).any(axis=1))),
        (5, (table[:, 0] < 1e-3) | (table[:, 0] > 1e3)),
        (6, (table[:, 1] < 0) | (table[:, 1] > np.pi + 1e-12)),
        (7, contact & ((table[:, 2] < 0) | (table[:, 2] > 1))),
        (8, ~contact & (radii <= 0).any(axis=1)),
        (9, contact & ((table[:, 3] != 0) | (spins != 1).any(axis=1))),
        (10, (table[:, 3] < 0) | (table[:, 3] > 0.95)),
        (11, (table[:, (7, 15)] < 1000).any(axis=1) | (table[:, (7, 15)] > 150_000).any(axis=1)),
        (12, (table[:, 5] < 0) | (table[:, 5] >= 1)),
        (13, _limb_fails(table, law)),
        (14, ((table[:, (9, 17)] < 0) | (table[:, (9, 17)] > 1)).any(axis=1) | (spins <= 0).any(axis=1) | spot_bad),
        (15, (np.abs(table[:, (22, 23)]) >= 0.5).any(axis=1) | (table[:, 24] < 0) | (table[:, 24] > 0.1)),
    )
    flags = np.zeros(len(table), np.int8)
    for code, broken in rules:
        flags[(flags == 0) & broken] = code
    return flags
