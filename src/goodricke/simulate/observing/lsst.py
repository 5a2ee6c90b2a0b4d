"""LSST: ten years of the wide-fast-deep survey in six filters, as ForcedSource tables will give it.

Visits come in pairs half an hour apart, most of them through two filters; u and g are kept for dark nights. Depths,
errors and numbers of visits are those of Ivezic et al. 2019 (ApJ 873, 111); there is no real light curve of the survey
among the samples to fit anything to.
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from goodricke import ragged
from goodricke.lightcurves import Measurements
from goodricke.simulate.compiled import Floats, Ints
from goodricke.simulate.observing.footprint import stars_between
from goodricke.simulate.observing.nights import Nights, Site, clear_nights, nights
from goodricke.simulate.observing.observatory import Observatory, Visits
from goodricke.simulate.observing.sky import moonlight
from goodricke.simulate.observing.space import impulses, rising
from goodricke.surveys.lsst import QUALITY, ZERO_POINT
from goodricke.timeframes import TimeFrame

__all__ = ["Lsst"]

# Pairs of filters (indices into rugizy) and how many pairs of them a star gets in dark and in bright nights. Their sum
# over both is u 56, g 80, r 184, i 184, z 160, y 160 visits.
_PAIRS = np.array([(1, 2), (1, 0), (2, 0), (0, 3), (3, 4), (4, 5), (5, 5)], dtype=np.int8)
_DARK = np.array([28.0, 28.0, 52.0, 48.0, 14.0, 14.0, 6.0])
_BRIGHT = np.array([0.0, 0.0, 0.0, 56.0, 66.0, 66.0, 34.0])
_YEAR = 365.2422


class Lsst(Observatory):
    """Wide-fast-deep fields."""

    survey = "lsst"
    bands = ("r", "u", "g", "i", "z", "y")
    filters = ("r", "u", "g", "i", "z", "y")
    exposure = 30.0 / 86400.0
    frame = TimeFrame("tai", "observer", 2400000.5)
    span = (2460980.0, 2464632.5)
    """Ten years from November 2025."""
    block = 400

    site: ClassVar[Site] = Site(longitude=-70.7494, latitude=-30.2446, twilight=-12.0, clear=9.0, cloudy=3.0)
    """Cerro Pachon, clear in three nights of four."""
    declinations: ClassVar[tuple[float, float]] = (-62.0, 2.0)
    """Of the wide-fast-deep area, and the least Galactic latitude of its stars."""
    least_latitude: ClassVar[float] = 10.0
    season: ClassVar[float] = 85.0
    """Days before and after opposition to the Sun in which a star is visited."""
    dark_moon: ClassVar[float] = 0.4
    """Lit part of the Moon's disc below which a night is dark."""
    pair_minutes: ClassVar[tuple[float, float]] = (33.0, 6.0)
    """Between the visits of a pair: mean and standard deviation."""
    rolling: ClassVar[float] = 0.5
    """From the second year to the ninth, half of the sky gets this much more in one year and less in the next."""

    depth: ClassVar[Floats] = np.array([24.7, 23.9, 25.0, 24.0, 23.3, 22.1])
    """Magnitude at five standard deviations (Ivezic et al. 2019, table 2)."""
    depth_spread: ClassVar[float] = 0.2
    """Standard deviation of it: seeing and airmass."""
    depth_lost: ClassVar[Floats] = np.array([0.35, 1.0, 0.8, 0.2, 0.1, 0.05])
    """Magnitudes that a full moon takes away; an estimate."""
    gamma: ClassVar[Floats] = np.array([0.039, 0.038, 0.039, 0.039, 0.039, 0.039])
    systematic: ClassVar[float] = 0.005
    """Errors that no light lowers (ibid., section 3.2)."""
    saturation: ClassVar[Floats] = np.array([16.5, 15.4, 16.4, 16.5, 16.0, 14.6])
    """Magnitude at which the middle of an image is full: those of the LSST Science Book (2009, table 3.1) for 15 s,
    0.75 fainter."""
    ab: ClassVar[Floats] = np.array([0.0, 0.75, -0.24, 0.21, 0.38, 0.39])
    """AB minus Vega magnitudes, less those of r (Blanton & Roweis 2007 for ugriz, AJ 133, 734)."""
    flagged: ClassVar[tuple[tuple[str, float], ...]] = (
        ("edge", 0.002), ("cosmic_ray", 0.003), ("streak", 0.004), ("suspect", 0.002),
    )  # fmt: skip
    """Faults of images and how often they strike; the point is off and has the bit."""
    faults: ClassVar[float] = 0.002
    """Part of the points that are off and have no bit."""
    limits, slope = (16.0, 24.0), 0.15
    """r from and to, and how fast the number of stars rises."""

    def visits(self, n: int, rng: np.random.Generator) -> Visits:
        """Choose `n` places and the visits of each."""
        ra, dec = stars_between(n, rng, self.declinations, 30.0, self.least_latitude)
        calendar = nights(self.site, *self.span)
        clear = clear_nights(len(calendar.middle), self.site.clear, self.site.cloudy, np.random.default_rng(2025))
        star, night = self._nights(ra, calendar, clear, rng)
        half = calendar.half[night]
        begin = (2.0 * rng.random(len(night)) - 1.0) * 0.7 * half
        east = np.radians(ra)[star] - calendar.sidereal[night]
        begin += np.clip(
            (east - 2.0 * np.pi * np.round(east / (2.0 * np.pi))) / (2.0 * np.pi), -0.3 * half, 0.25 * half
        )
        wait = (self.pair_minutes[0] + self.pair_minutes[1] * rng.standard_normal(len(night))) / 1440.0
        first = calendar.middle[night] + begin
        dark = calendar.moon[night] < self.dark_moon
        pair = np.empty(len(night), dtype=np.int64)
        for which, weight in ((dark, _DARK), (~dark, _BRIGHT)):
            rows = np.flatnonzero(which)
            pair[rows] = np.searchsorted(np.cumsum(weight)[:-1] / weight.sum(), rng.random(len(rows)), side="right")
        band = _PAIRS[pair]
        swap = rng.random(len(night)) < 0.5
        band = np.where(swap[:, None], band[:, ::-1], band)
        time = np.stack([first, first + np.maximum(wait, 0.01)], axis=1)
        return Visits(time.ravel(), band.ravel(), ragged.offsets_from_ids(np.repeat(star, 2), n), ra, dec)

    def _nights(
        self, ra: Floats, calendar: Nights, clear: NDArray[np.bool_], rng: np.random.Generator
    ) -> tuple[Ints, Ints]:
        """Star and night of every pair, in order."""
        n, seasons, days = len(ra), int((self.span[1] - self.span[0]) / _YEAR) + 2, int(2.0 * self.season)
        chance = float((_DARK + _BRIGHT).sum()) / (len(clear) * days / _YEAR * clear.mean())
        draws = rng.random(n * seasons * days, dtype=np.float32)
        hit = np.flatnonzero(draws < (1.0 + self.rolling) * chance)
        which, day = np.divmod(hit, days)
        star, season = np.divmod(which, seasons)
        opposition = np.mod((np.radians(ra) - calendar.sidereal[0]) / (2.0 * np.pi), 1.0) * _YEAR
        night = (opposition[star] + _YEAR * season - self.season + day).astype(np.int64) - int(_YEAR)
        side = (rng.random(n) < 0.5)[star] ^ (season % 2 == 0)
        pace = np.where(
            (season > 1) & (season < seasons - 2), np.where(side, 1.0 + self.rolling, 1.0 - self.rolling), 1.0
        )
        keep = (night >= 0) & (night < len(clear)) & (draws[hit] < chance * pace)
        keep &= clear[np.clip(night, 0, len(clear) - 1)]
        return star[keep], night[keep]

    def _moon(self, time: Floats) -> Floats:
        """Lit part of the Moon's disc (M,), once a day."""
        first = float(np.floor(time.min())) if len(time) else 0.0
        daily = moonlight(first + np.arange((time.max() - first) + 1.0 if len(time) else 1.0) + 0.5)
        return np.asarray(daily[(time - first).astype(np.int64)])

    def magnitudes(self, n: int, rng: np.random.Generator) -> Floats:
        """AB magnitudes in r, more of them the fainter."""
        return rising(n, *self.limits, self.slope, rng)

    def deviation(self, flux: Floats, depth: Floats, gamma: Floats) -> Floats:
        """Standard deviation (M,) in nJy: Ivezic et al. 2019, equations 4 and 5, for errors as parts of the flux."""
        limit = np.exp(0.4 * np.log(10.0) * (ZERO_POINT - depth))
        return np.asarray(np.sqrt((0.04 - gamma) * limit * flux + gamma * limit**2 + (self.systematic * flux) ** 2))

    def measure(
        self, object_id: NDArray[np.str_], visits: Visits, magnitude: Floats, rng: np.random.Generator
    ) -> Measurements:
        """Write fluxes in nJy, also negative ones; saturated points are marked and cut off."""
        depth = self.depth[visits.band] + self.depth_spread * rng.standard_normal(len(magnitude))
        depth -= self.depth_lost[visits.band] * self._moon(visits.time) ** 2
        ab = magnitude + self.ab[visits.band]
        flux = np.exp(0.4 * np.log(10.0) * (ZERO_POINT - ab))
        sigma = self.deviation(flux, depth, self.gamma[visits.band])
        quality = np.zeros(len(flux), dtype=np.int64)
        value = flux + sigma * rng.standard_normal(len(flux))
        for name, share in (*self.flagged, ("", self.faults)):
            hit, size = impulses(len(flux), share, rng)
            value[hit] += size * sigma[hit]
            quality[hit] |= QUALITY.bits.get(name, 0)
        full = np.flatnonzero(ab < self.saturation[visits.band])
        quality[full] |= QUALITY.bits["saturated"]
        value[full] = np.exp(0.4 * np.log(10.0) * (ZERO_POINT - self.saturation[visits.band[full]]))
        return Measurements(
            object_id=object_id,
            time=visits.time - self.frame.zero_jd,
            value=value,
            error=sigma,
            kind="flux",
            frame=self.frame,
            star=ragged.segment_ids(visits.offsets),
            band=visits.band,
            bands=self.bands,
            quality=quality,
            zero_point=ZERO_POINT,
            ra=visits.ra,
            dec=visits.dec,
        )
