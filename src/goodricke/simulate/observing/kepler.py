"""Kepler long cadence: quarters with monthly downlinks, safe modes and a quarter of a turn between them.

Where the pipeline's flux is missing (momentum dumps, detector anomalies) so it is here. Quarters of a star come already
brought to one level, as ``goodricke.read`` joins them; what PDC leaves of the jump between them remains.
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from goodricke import ragged
from goodricke.simulate.compiled import Floats, Ints
from goodricke.simulate.observing.observatory import Visits
from goodricke.simulate.observing.space import Detector, Drift, cadences, few
from goodricke.simulate.observing.spacecraft import Circumstances, Spacecraft
from goodricke.surveys.spacecraft import BKJD, KEPLER_QUALITY, KEPLER_ZERO_POINT

__all__ = ["Kepler"]

_DAY = 86400.0
_BITS = KEPLER_QUALITY.bits
# First and last day of quarters 1 to 17 in BKJD: Kepler Data Characteristics Handbook (KSCI-19040).
_QUARTERS = np.array([
    (131.5, 165.0), (169.8, 258.5), (260.2, 349.5), (352.4, 442.2), (443.5, 538.2), (539.5, 629.3), (630.2, 719.6),
    (735.4, 802.4), (808.5, 906.0), (906.9, 1000.3), (1001.2, 1098.4), (1099.4, 1182.1), (1182.7, 1273.1),
    (1274.1, 1371.4), (1373.5, 1471.2), (1472.1, 1558.0), (1559.2, 1591.1),
]) + BKJD.zero_jd  # fmt: skip


class Kepler(Spacecraft):
    """Light curves of ``quarters`` neighbouring quarters, 17 of which Kepler observed."""

    survey = "kepler"
    bands = ("Kepler",)
    filters = ("Kepler",)
    seconds = 29.4244 * 60.0
    """From exposure to exposure: the spacing of five light curves on the spacecraft's clock."""
    exposure = seconds / _DAY
    frame = BKJD
    span = (float(_QUARTERS[0, 0]), float(_QUARTERS[-1, 1]))
    block = 100
    blank = _BITS["desaturation"] | _BITS["detector_anomaly"]
    impulse_bit = _BITS["impulsive_outlier"]
    magnitude_name = "kepler_mag"

    quarters: ClassVar[int] = 4
    """Of a star: a choice that keeps it at some 17,000 points; Kepler has 17 of most."""
    centre: ClassVar[tuple[float, float]] = (290.667, 44.5)
    """Of the field (Koch et al. 2010, ApJ 713, L79)."""
    radius: ClassVar[float] = 6.2
    """Degrees; a circle stands for the square of the detectors."""

    detector = Detector(KEPLER_ZERO_POINT, collecting=270 * 6.02, excess=1.0, background=33000.0, reference=13.8)
    """270 integrations of 6.02 s; the background is fitted to the errors of KIC 11442793 in quarters 3 and 4."""
    drift = Drift(red=4.0e-5, red_share=0.4, red_days=1.0, step=3.0e-5, ramp=8.0e-5, ramp_days=0.7, spread=0.5)
    """The scatter of KIC 11442793 is 1.4 and 1.8 times that from point to point, most of it spots; it steps and ramps
    by less than its noise at monthly gaps. Levels change by quarter."""
    misjudged = (-0.07, 0.05)
    """Written error over point-to-point scatter: 0.91 and 0.95 seen."""
    downlink: ClassVar[tuple[float, float]] = (0.8, 1.0)
    """Days lost at each third of a quarter, seen in six light curves."""
    safe_share, safe_days = 0.4, (1.0, 5.0)
    """Part of the quarters with a safe mode or an upset of the pointing, and days lost by one."""
    dump_days: ClassVar[float] = 2.98
    """Between momentum dumps."""
    marks: ClassVar[tuple[tuple[str, float], ...]] = (
        ("aperture_cosmic", 0.020), ("collateral_cosmic", 0.034), ("zero_crossing", 0.013),
        ("rolling_band_mask", 0.002),
    )  # fmt: skip
    """Bits that do no harm, and part of the points that have them in quarter 3."""
    lost: ClassVar[float] = 0.003
    """Part of the points without flux for a detector anomaly or a flash of dust."""
    impulse_share, spikes = 7.0e-4, 1.0e-4
    """Part of the points that are off, with the bit of an impulsive outlier (3 of 4,134) and without."""
    limits, slope = (9.0, 16.0), 0.30
    """Kp from and to, and how fast the number of stars rises: the targets thin out beyond 16 (Batalha et al. 2010)."""

    def visits(self, n: int, rng: np.random.Generator) -> Visits:
        """Choose `n` places in the field and neighbouring quarters of each."""
        ra, dec = self._field(n, rng)
        first = rng.integers(0, len(_QUARTERS) - self.quarters + 1, n)
        spells, bounds = self.spells()
        quarter = first[:, None] + np.arange(self.quarters)
        index, offsets = ragged.take(bounds, quarter.ravel())
        star = np.repeat(np.arange(n), np.add.reduceat(np.diff(offsets), np.arange(0, quarter.size, self.quarters)))
        time, offsets = cadences(star, spells[index, 0], spells[index, 1], self.exposure, ra, dec)
        return Visits(time, np.zeros(len(time), np.int8), offsets, ra, dec)

    def _field(self, n: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
        away, angle = self.radius * np.sqrt(rng.random(n)), 2.0 * np.pi * rng.random(n)
        dec = self.centre[1] + away * np.sin(angle)
        return self.centre[0] + away * np.cos(angle) / np.cos(np.radians(dec)), dec

    def spells(self) -> tuple[Floats, Ints]:
        """Julian dates (W, 2) of unbroken observation and where each quarter begins; the same in every simulation."""
        rng = np.random.default_rng(2009)
        spells, number = [], []
        for first, last in _QUARTERS:
            thirds = first + (last - first) * np.array([1.0, 2.0]) / 3.0 if last - first > 50.0 else np.zeros(0)
            holes = [(at, at + rng.uniform(*self.downlink)) for at in thirds]
            if rng.random() < self.safe_share:
                begin = first + (last - first) * (np.floor(3.0 * rng.random()) + rng.uniform(0.2, 0.8)) / 3.0
                holes.append((begin, begin + rng.uniform(*self.safe_days)))
            edges = [first, *(edge for hole in sorted(holes) for edge in hole), last]
            spells += list(zip(edges[::2], edges[1::2], strict=True))
            number.append(len(edges) // 2)
        return np.array(spells), ragged.offsets_from_lengths(np.array(number))

    def circumstances(self, time: Floats, star: Ints, n: int, rng: np.random.Generator) -> Circumstances:
        """Quarters, what lies between two gaps, and momentum dumps."""
        spells, bounds = self.spells()
        spell = np.clip(np.searchsorted(spells[:, 0] - 0.01, time, side="right") - 1, 0, None)  # light: 8 minutes
        quarter = np.searchsorted(bounds, spell, side="right")
        return Circumstances(quarter, spell, time - spells[spell, 0], 0.0, 0.0, self._bits(time, rng))

    def _bits(self, time: Floats, rng: np.random.Generator) -> NDArray[np.int32]:
        """Quality (M,)."""
        since = (time - _QUARTERS[0, 0] - 1.0) % self.dump_days
        bits = np.where(since < self.exposure, _BITS["desaturation"] | _BITS["no_fine_point"], 0).astype(np.int32)
        for name, share in (*self.marks, ("detector_anomaly", self.lost)):
            bits[few(len(time), share, rng)] |= _BITS[name]
        return bits
