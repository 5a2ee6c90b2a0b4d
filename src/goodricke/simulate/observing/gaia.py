"""Gaia DR3 epoch photometry: transits of two fields of view, each in G, BP and RP, along a scanning law.

Spin, precession and basic angle are those of Gaia Collaboration (Prusti et al.) 2016 (A&A 595, A1, section 5.2), but
not the phases at which they began: the transits of a star are as many and as spaced as the true ones, at other times.
Errors are sums of photons and background, with the zero points of Riello et al. 2021 (A&A 649, A3); there is no real
epoch photometry among the samples to fit them to.
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from goodricke import ragged
from goodricke.lightcurves import Measurements
from goodricke.simulate.compiled import Floats, Ints, kernel
from goodricke.simulate.observing.footprint import stars_between
from goodricke.simulate.observing.observatory import Observatory, Visits
from goodricke.simulate.observing.sky import sun
from goodricke.simulate.observing.space import ECLIPTIC_POLE, Detector, impulses, rising, unit_vectors
from goodricke.timeframes import TimeFrame

__all__ = ["Gaia"]

_SWEEP = 0.045  # radians: the scanned circle moves by no more in half a day
_MOST = 1000  # transits of a star for which there is room; none has half as many
_REJECTED, _UNLIKELY = 1, 2  # bits of the reader: by photometry, by variability


def _sunward(jd: Floats) -> Floats:
    """Direction (K, 3) of the Sun."""
    ra, dec = sun(jd)
    return unit_vectors(np.degrees(ra), np.degrees(dec))


@kernel
def _passages(
    stars: Floats, frames: Floats, day: Floats, spin: float, apart: float, half_width: float
) -> tuple[Ints, Floats]:
    """Star and time of every transit; a parabola through three days stands for the way of the scanned circle."""
    most = _MOST * stars.shape[0]
    owner, time = np.empty(most, np.int64), np.empty(most)
    n = 0
    for i in range(stars.shape[0]):
        x, y, z = stars[i]
        begin = n
        before, now = 0.0, frames[0, 0, 0] * x + frames[0, 0, 1] * y + frames[0, 0, 2] * z
        for k in range(day.size - 1):
            after = frames[k + 1, 0, 0] * x + frames[k + 1, 0, 1] * y + frames[k + 1, 0, 2] * z
            if k > 0 and abs(now) < half_width + _SWEEP:
                along = frames[k, 1, 0] * x + frames[k, 1, 1] * y + frames[k, 1, 2] * z
                across = frames[k, 2, 0] * x + frames[k, 2, 1] * y + frames[k, 2, 2] * z
                turn = np.arctan2(across, along) / (2.0 * np.pi) - day[k] / spin
                for field in range(2):
                    first = turn + field * apart
                    first -= np.floor(first)
                    for step in range(-2, 2):  # the four turns from half a day before
                        wait = (first + step) * spin
                        off = now + 0.5 * wait * (after - before + wait * (after - 2.0 * now + before))
                        if abs(off) < half_width and n < most:
                            at = n
                            while at > begin and time[at - 1] > day[k] + wait:
                                time[at] = time[at - 1]
                                at -= 1
                            time[at], owner[n] = day[k] + wait, i
                            n += 1
            before, now = now, after
    return owner[:n], time[:n]


class Gaia(Observatory):
    """34 months of transits, as DR3 gives them for its variable stars."""

    survey = "gaia"
    bands = ("G", "BP", "RP")
    filters = ("G", "g", "I")
    exposure = 39.8 / 86400.0
    """Nine CCDs of 4.42 s in G; one in BP and in RP."""
    frame = TimeFrame("tcb", "barycentre", 2455197.5)
    span = (2456863.9375, 2457901.86389)
    """25 July 2014, 10:30, to 28 May 2017, 8:44: DR3."""

    spin_days: ClassVar[float] = 0.25
    precession_days: ClassVar[float] = 62.97
    aspect: ClassVar[float] = 45.0
    """Degrees from the spin axis to the Sun."""
    basic_angle: ClassVar[float] = 106.5
    """Degrees between the fields of view."""
    half_width: ClassVar[float] = 0.345
    """Half of the height of a field of view, degrees: seven rows of CCDs."""
    kept: ClassVar[float] = 0.86
    """Part of the transits that are downlinked and published: a mean of 41 a star over the whole sky."""
    outages: ClassVar[int] = 12
    """Decontaminations, refocusing and resets in the 34 months, of up to 12 days."""
    delays: ClassVar[tuple[float, float, float]] = (0.0, 24.0, 29.0)
    """Seconds by which BP and RP follow the middle of G on the focal plane."""
    missing: ClassVar[float] = 0.06
    """Part of the transits without BP and RP."""
    detectors: ClassVar[tuple[Detector, ...]] = (
        Detector(25.6874, collecting=39.8, excess=1.1, background=450.0, reference=15.0),
        Detector(25.3385, collecting=4.42, excess=1.2, background=2300.0, reference=15.0),
        Detector(24.7479, collecting=4.42, excess=1.2, background=2300.0, reference=15.0),
    )
    """Background of stray light and reading noise in windows of 12 and of 60 samples."""
    floors: ClassVar[tuple[float, float, float]] = (0.0018, 0.004, 0.004)
    """Relative errors that no number of photons lowers: calibration."""
    misjudged: ClassVar[tuple[float, float, float]] = (0.25, 0.05, 0.05)
    """Standard deviation of the logarithm of written error over noise: in G it comes from the scatter of nine CCDs
    and is uncertain by a quarter."""
    rejected: ClassVar[tuple[float, float, float]] = (0.0, 0.015, 0.015)
    unlikely: ClassVar[tuple[float, float, float]] = (0.010, 0.020, 0.020)
    """Part of the points that are rejected by photometry and by the variability analysis."""
    faults: ClassVar[float] = 0.004
    """Part of the points that are off and not rejected."""
    limits, slope = (9.0, 20.3), 0.18
    """G from and to, and how fast the number of stars rises."""

    def visits(self, n: int, rng: np.random.Generator) -> Visits:
        """Choose `n` places and the transits of each; times of the three bands follow each other."""
        ra, dec = stars_between(n, rng, (-90.0, 90.0), 20.0)
        star, time = self.transits(ra, dec)
        good = (rng.random(len(time)) < self.kept) & ~self._out(time)
        star, time = star[good], time[good]
        has = np.ones((len(time), 3), dtype=bool)
        has[:, 1:] = rng.random((len(time), 1)) >= self.missing
        at = time[:, None] + np.array(self.delays) / 86400.0
        band = np.broadcast_to(np.arange(3, dtype=np.int8), has.shape)
        return Visits(at[has], band[has], ragged.offsets_from_ids(np.repeat(star, has.sum(axis=1)), n), ra, dec)

    def transits(self, ra: Floats, dec: Floats) -> tuple[Ints, Floats]:
        """Return star and Julian date (T,) of every transit of either field, in order.

        The great circle that is scanned sweeps over a star in a day or two, several times a year; while it is within
        reach, each field of view passes once a turn.
        """
        day = np.arange(self.span[0] - 1.0, self.span[1] + 2.0)
        axis, aspect = self.axis(day), np.radians(self.aspect)
        side = (_sunward(day) - np.cos(aspect) * axis) / np.sin(aspect)
        frames = np.stack([axis, side, np.cross(axis, side)], axis=1)
        star, time = _passages(
            unit_vectors(ra, dec), frames, day, self.spin_days, self.basic_angle / 360.0, np.radians(self.half_width)
        )
        inside = (time > self.span[0]) & (time < self.span[1])
        return star[inside], time[inside]

    def axis(self, jd: Floats) -> Floats:
        """Direction (K, 3) of the spin axis: ``aspect`` from the Sun and going round it."""
        towards = _sunward(jd)
        turn = 2.0 * np.pi * (jd - self.span[0]) / self.precession_days
        sideways = np.cos(turn)[:, None] * np.cross(ECLIPTIC_POLE, towards) + np.sin(turn)[:, None] * ECLIPTIC_POLE
        aspect = np.radians(self.aspect)
        return np.asarray(np.cos(aspect) * towards + np.sin(aspect) * sideways)

    def _out(self, time: Floats) -> NDArray[np.bool_]:
        """Whether Gaia did not observe (M,); the same in every simulation."""
        rng = np.random.default_rng(2014)
        begin = np.sort(rng.uniform(*self.span, self.outages))
        end = begin + 12.0 * rng.random(self.outages) ** 2
        last = np.searchsorted(begin, time) - 1
        return np.asarray((last >= 0) & (time < end[last]))

    def magnitudes(self, n: int, rng: np.random.Generator) -> Floats:
        """G, more of them the fainter."""
        return rising(n, *self.limits, self.slope, rng)

    def deviation(self, magnitude: Floats, band: int) -> Floats:
        """Standard deviation (M,) of single transits in electrons per second."""
        detector = self.detectors[band]
        flux = detector.flux(magnitude)
        return np.asarray(np.hypot(detector.deviation(flux, np.full(1, detector.background)), self.floors[band] * flux))

    def measure(
        self, object_id: NDArray[np.str_], visits: Visits, magnitude: Floats, rng: np.random.Generator
    ) -> Measurements:
        """Write fluxes in electrons per second; rejected points stay in and are marked."""
        m = len(magnitude)
        flux, error, quality = np.empty(m), np.empty(m), np.zeros(m, dtype=np.int64)
        for code, detector in enumerate(self.detectors):
            rows = np.flatnonzero(visits.band == code)
            sigma = self.deviation(magnitude[rows], code)
            value = detector.flux(magnitude[rows]) + sigma * rng.standard_normal(len(rows))
            for share, bit in ((self.faults, 0), (self.rejected[code], _REJECTED), (self.unlikely[code], _UNLIKELY)):
                hit, size = impulses(len(rows), share, rng)
                value[hit] += size * sigma[hit]
                quality[rows[hit]] |= bit
            flux[rows] = value
            error[rows] = sigma * np.exp(self.misjudged[code] * rng.standard_normal(len(rows)))
        return Measurements(
            object_id=object_id,
            time=visits.time - self.frame.zero_jd,
            value=flux,
            error=error,
            kind="flux",
            frame=self.frame,
            star=ragged.segment_ids(visits.offsets),
            band=visits.band,
            bands=self.bands,
            quality=quality,
            zero_point=[detector.zero_point for detector in self.detectors],
            ra=visits.ra,
            dec=visits.dec,
        )
