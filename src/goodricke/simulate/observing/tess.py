"""TESS: sectors of two orbits, at 20 s and 2 min for chosen stars and at 10 and 30 min in full-frame images.

The numbers are from fits to light curves of SPOC (two stars at 2 min in sector 1, one at 2 min and 30 min in sector 2,
pi Mensae) unless another source is named. Where the pipeline's flux is missing (momentum dumps, strong scattered
light) so it is here. Sectors of a star come already brought to one level, as ``goodricke.read`` joins them.
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from goodricke.simulate.compiled import Floats, Ints
from goodricke.simulate.observing.footprint import stars_between
from goodricke.simulate.observing.noise import red_noise
from goodricke.simulate.observing.observatory import Visits
from goodricke.simulate.observing.sectors import (
    MOST_ORBITS,
    ORBIT,
    START,
    footprint,
    orbit_lengths,
    orbits,
    sector_span,
)
from goodricke.simulate.observing.space import Detector, Drift, cadences
from goodricke.simulate.observing.spacecraft import Circumstances, Spacecraft
from goodricke.surveys.spacecraft import BTJD, TESS_BITS, TESS_ZERO_POINT

__all__ = ["Tess", "Tess2min", "Tess10min", "Tess20s", "Tess30min"]

_DAY = 86400.0


class Tess(Spacecraft):
    """What the four cadences share."""

    bands = ("TESS",)
    filters = ("TESS",)
    frame = BTJD
    blank = TESS_BITS["desaturation"] | TESS_BITS["manual_exclude"]
    impulse_bit = TESS_BITS["impulsive_outlier"]
    magnitude_name = "tess_mag"

    sectors: ClassVar[tuple[int, int]]
    """First and last."""
    most_sectors: ClassVar[int]
    """Of a star: a choice that bounds the number of points, not TESS's."""
    kept: ClassVar[float] = 0.792
    """Part of the time whose light is kept: 1.98 s of 2 s, and 8 of 10 after the cosmic rays are taken out on board
    (TESS Instrument Handbook, Vanderspek et al. 2018)."""

    excess, background, background_at = 1.09, 2000.0, 16.0
    """Fit to the errors at Tmag 5.1, 8.4, 10.2 (within 4 per cent) and to Stassun et al. 2018 (AJ 156, 102) at 16."""
    drift: ClassVar[Drift] = Drift(
        red=1.0e-4, red_share=0.4, red_days=0.4, step=5.0e-5, ramp=1.5e-4, ramp_days=0.4, spread=0.5
    )
    """Excess of the scatter over that from point to point: 1.7e-4 at Tmag 10.3 (30 min)."""
    misjudged: ClassVar[tuple[float, float]] = (0.02, 0.06)
    """Point-to-point scatter over written error of five stars: 0.92 to 1.00, and 1.23."""
    dump_days: ClassVar[tuple[float, float]] = (2.5, 3.125)
    """Between momentum dumps, to sector 5 and later (data release notes of sectors 1 and 6)."""
    dump_length: ClassVar[float] = 0.0104
    """Days; an exposure has the bit if any part of it falls in: 8.5 of 2 min and 1.6 of 30 min a dump are seen."""
    glow_spread, glow_days = 1.2, 0.5
    """Scattered light before the end of an orbit: logarithmic spread between stars of its greatest background over the
    usual one, and days over which it rises (sector 1: background 3 times the usual one on the last day)."""
    lost, lost_minutes = 0.04, 7.0
    """Part of the time that is excluded by hand, and how long at once: 0.06 at 2 min in sector 1, 0.04 in sector 2."""
    shaken, shake_days = 0.15, 2.0
    """Part of the orbits with a spell of bad pointing, and its length (sector 1: days 17 to 19)."""
    shake: ClassVar[float] = 6.0
    """Noise of bad pointing over red noise."""
    shake_memory: ClassVar[float] = 0.08
    """Days that it remembers."""
    impulses_per_sector: ClassVar[float] = 6.0
    """Points with the bit of an impulsive outlier: 4, 7 and 7 seen."""

    @property
    def detector(self) -> Detector:
        """Noise of this cadence."""
        return Detector(TESS_ZERO_POINT, self.kept * self.seconds, self.excess, self.background, self.background_at)

    @property
    def impulse_share(self) -> float:
        """A number per sector, whatever the cadence."""
        return self.impulses_per_sector * self.seconds / _DAY / 25.0

    def visits(self, n: int, rng: np.random.Generator) -> Visits:
        """Choose `n` stars that at least one sector sees, and up to ``most_sectors`` of their sectors."""
        ra, dec, seen = self._field(n, rng)
        rank = np.argsort(np.argsort(np.where(seen, rng.random(seen.shape), 2.0), axis=1), axis=1)
        star, sector = np.nonzero(seen & (rank < self.most_sectors))
        orbit = 2 * (np.repeat(sector, 2) + self.sectors[0] - 1) + np.tile([0, 1], len(sector))
        first = START + ORBIT * orbit
        last = first + orbit_lengths()[orbit]
        time, offsets = cadences(np.repeat(star, 2), first, last, self.seconds / _DAY, ra, dec)
        return Visits(time, np.zeros(len(time), np.int8), offsets, ra, dec)

    def _field(self, n: int, rng: np.random.Generator) -> tuple[Floats, Floats, NDArray[np.bool_]]:
        """Places (N,) and the sectors (N, S) that see them, at least one each."""
        numbers = np.arange(self.sectors[0], self.sectors[1] + 1)
        places = np.zeros((2, 0))
        while places.shape[1] < n:
            more = np.stack(stars_between(2 * n + 16, rng, (-90.0, 90.0), 25.0))
            places = np.append(places, more[:, footprint(numbers, *more).any(axis=1)], axis=1)
        ra, dec = places[:, :n].copy()
        return ra, dec, footprint(numbers, ra, dec)

    def circumstances(self, time: Floats, star: Ints, n: int, rng: np.random.Generator) -> Circumstances:
        """Orbits, scattered light before their ends, spells of bad pointing, momentum dumps."""
        orbit, age = orbits(time)
        left = np.maximum(orbit_lengths()[orbit] - age, 0.0)
        glow = np.exp(self.glow_spread * rng.standard_normal(n))[star] * np.exp(left / -self.glow_days)
        shaken = self._shaken(time, star, orbit, age, n, rng)
        return Circumstances(orbit, orbit, age, glow, shaken, self._bits(time, orbit, age, glow))

    def _shaken(self, time: Floats, star: Ints, orbit: Ints, age: Floats, n: int, rng: np.random.Generator) -> Floats:
        """Noise of the bad pointing of some orbits, the same ones in every simulation."""
        calendar = np.random.default_rng(1343)
        begin = calendar.uniform(0.0, ORBIT - self.shake_days, MOST_ORBITS)
        begin[calendar.random(MOST_ORBITS) > self.shaken] = np.inf
        since = age - begin[orbit]
        rows = np.flatnonzero((since > 0.0) & (since < self.shake_days))
        noise = red_noise(time[rows], star[rows], np.full(n, self.shake_memory), rng)
        much = self.shake * np.exp(self.drift.spread * rng.standard_normal(n))
        shaken = np.zeros(len(time))
        shaken[rows] = much[star[rows]] * noise * np.sin(np.pi * since[rows] / self.shake_days)
        return shaken

    def _bits(self, time: Floats, orbit: Ints, age: Floats, glow: Floats) -> NDArray[np.int32]:
        """Quality (M,): dumps, minutes excluded, scattered light by how much it outshines the usual background."""
        every = np.where(orbit < 10, *self.dump_days)
        exposure = self.seconds / _DAY
        dumped = ((age + 0.5 * exposure) % every < self.dump_length + exposure) & (age > 0.5 * every)
        bits = np.where(dumped, TESS_BITS["desaturation"], 0).astype(np.int32)
        lost = np.random.default_rng(128).random(1 << 14) < self.lost
        minute = ((time - START) * (1440.0 / self.lost_minutes)).astype(np.int64)
        bits[lost[minute % len(lost)]] |= TESS_BITS["manual_exclude"]
        bright = np.flatnonzero(glow > 2.0)
        for least, name in ((2.0, "straylight_predicted"), (6.0, "straylight"), (15.0, "manual_exclude")):
            bits[bright[glow[bright] > least]] |= TESS_BITS[name]
        return bits


class Tess20s(Tess):
    """20-s light curves of chosen bright stars, without the removal of cosmic rays on board."""

    survey = "tess_spoc"
    variant = "20s"
    seconds, exposure = 20.0, 20.0 / _DAY
    kept = 0.99
    sectors = (27, 69)
    span = sector_span(*sectors)
    most_sectors = 1
    limits, slope = (6.0, 13.0), 0.15
    spikes = 5.0e-4
    block = 16


class Tess2min(Tess):
    """2-min light curves of chosen stars."""

    survey = "tess_spoc"
    seconds, exposure = 120.0, 120.0 / _DAY
    sectors = (1, 69)
    span = sector_span(*sectors)
    most_sectors = 2
    limits, slope = (6.0, 15.0), 0.15
    block = 64


class Tess10min(Tess):
    """Light curves from the full-frame images of the first extension."""

    survey = "tess_spoc_ffi"
    seconds, exposure = 600.0, 600.0 / _DAY
    sectors = (27, 55)
    span = sector_span(*sectors)
    most_sectors = 6
    limits, slope = (7.0, 14.0), 0.35
    block = 200


class Tess30min(Tess):
    """Light curves from the full-frame images of the first two years."""

    survey = "tess_spoc_ffi"
    seconds, exposure = 1800.0, 1800.0 / _DAY
    sectors = (1, 26)
    span = sector_span(*sectors)
    most_sectors = 13
    limits, slope = (7.0, 14.0), 0.35
